/*
 * The reference of the API: it is what the programs say of themselves today,
 * and two linters that know nothing of each other find nothing wrong with it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import SwaggerParser from '@apidevtools/swagger-parser';
import { createConfig, lint } from '@redocly/openapi-core';
import { build } from './harness.mjs';

const top = fileURLToPath(new URL('..', import.meta.url));
const file = join(top, 'static/docs/openapi.json');
const kept = readFileSync(file, 'utf8');
const document = JSON.parse(kept);

test('it is what the programs say ("make openapi" writes it)', () => {
	const made = execFileSync(join(top, 'tools/openapi'), [build], { encoding: 'utf8', maxBuffer: 1 << 26 });
	assert.deepEqual(document, JSON.parse(made));
	assert.equal(kept, made);
});

test('Redocly finds nothing to say', async () => {
	const config = await createConfig({ extends: ['recommended-strict'] });
	const problems = await lint({ ref: file, config });
	assert.deepEqual(problems.map((p) => `${p.ruleId}: ${p.message} ${p.location[0]?.pointer}`), []);
});

test('Swagger Parser finds it valid', async () => {
	const { info } = await SwaggerParser.validate(file);
	assert.equal(info.title, 'Tabel');
});

test('every route is in it, with its caller, its faults and its inputs', () => {
	const programs = document.tags.map((tag) => tag.name);
	const routes = programs.flatMap((program) => JSON.parse(
		execFileSync(join(build, 'cgi-bin', program), ['--routes'], { encoding: 'utf8' })));
	const operations = Object.values(document.paths).flatMap(Object.values);
	assert.equal(operations.length, routes.length);
	assert.equal(new Set(operations.map((o) => o.operationId)).size, routes.length);
	for (const route of routes) {
		const operation = document.paths[route.path][route.method.toLowerCase()];
		assert.equal(operation.summary, route.what);
		assert.deepEqual(operation.security.length === 0, route.who === 'ANYONE');
		for (const { code, status } of route.faults) {
			const { $ref } = operation.responses[status];
			const answer = $ref ? document.components.responses[$ref.split('/').at(-1)] : operation.responses[status];
			assert.ok(answer['x-faults'].some((f) => f.code === code), `${route.path}: ${code}`);
		}
		const body = operation.requestBody?.content['application/json']?.schema?.properties ?? {};
		for (const { name } of route.in)
			assert.ok(operation.parameters?.some((p) => p.name === name) ||
				name.split('.').reduce((at, part) => (at?.properties ?? at)?.[part], body), `${route.path}: ${name}`);
	}
});
