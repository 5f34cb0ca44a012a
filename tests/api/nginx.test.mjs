/* nginx in front of the programs: what it sends where, refuses and adds. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { build, programs, startStack } from '../harness.mjs';

const root = new URL('../../', import.meta.url);

const stack = await startStack();
after(() => stack.stop());

const source = (path) => readFile(new URL(path, root), 'utf8');
const page = (path, headers = {}) => new Promise((resolve, reject) => {
	request(stack.url + path, { headers }, (response) => {
		response.resume();
		response.on('end', () => resolve(response));
	}).on('error', reject).end();
});

function assertProblem(answer, status, code) {
	assert.equal(answer.status, status);
	assert.equal(answer.headers.get('content-type'), 'application/problem+json');
	assert.equal(answer.headers.get('cache-control'), 'no-store');
	assert.equal(answer.body.status, status);
	assert.equal(answer.body.code, code);
	assert.match(answer.body.request_id, /^[0-9a-f]{32}$/);
	assert.equal(answer.headers.get('x-request-id'), answer.body.request_id);
}

test('every route of every program is reached, with and without version', async () => {
	for (const program of programs) {
		const text = execFileSync(`${build}/cgi-bin/${program}`, ['--routes'], { encoding: 'utf8' });
		for (const { method, path } of JSON.parse(text)) {
			const real = path.replaceAll(/\{\w+\}/g, '1');
			for (const prefix of ['', '/v1']) {
				const answer = await stack.api('PATCH', prefix + real);
				assert.equal(answer.status, 405, `${program} ${real}`);
				assert.ok(answer.headers.get('allow').split(', ').includes(method), real);
			}
		}
	}
});

test('what nobody serves is a problem, and so is what only resembles', async () => {
	for (const path of ['/', '/nothing', '/meow', '/eventsfoo', '/auth', '/v1/nothing', '/v2/me'])
		assertProblem(await stack.api('GET', path), 404, 'NO_ROUTE');
});

test('bodies are bounded per address', async () => {
	const body = (n) => JSON.stringify({ init_data: 'x'.repeat(n) });
	for (const path of ['/auth/telegram', '/claims', '/events', '/register'])
		assertProblem(await stack.api('POST', path, { body: body(9000) }), 413, 'BODY_TOO_LARGE');
	assert.notEqual((await stack.api('POST', '/employees', { body: body(9000) })).status, 413);
	assertProblem(await stack.api('POST', '/employees', { body: body(66000) }), 413, 'BODY_TOO_LARGE');
	assertProblem(await stack.api('POST', '/reports/days', { body: '{}' }), 413, 'BODY_TOO_LARGE');
});

test('what is no request is refused as a problem', async () => {
	const raw = (text) => new Promise((resolve, reject) => {
		const socket = connect(new URL(stack.url).port, '127.0.0.1');
		let answer = '';
		socket.on('data', (data) => { answer += data; });
		socket.on('end', () => resolve(answer)).on('error', reject);
		socket.end(text);
	});
	const host = 'Host: x\r\nConnection: close\r\n\r\n';
	for (const text of [
		`GET /${'a'.repeat(20000)} HTTP/1.1\r\n${host}`,
		`GET /api/me HTTP/1.1\r\nX-Long: ${'a'.repeat(20000)}\r\n${host}`,
		`GET /%zz HTTP/1.1\r\n${host}`,
		'GET /api/me HTTP/1.1\r\n\r\n',
	])
		assert.match(await raw(text), /"status":400,"code":"BAD_REQUEST"/);
	assert.match(await raw(`TRACE /api/me HTTP/1.1\r\n${host}`), /"code":"NO_METHOD"/);
});

test('nginx says its problems in the words of faults.def', async () => {
	const faults = await source('lib/base/faults.def');
	const problems = await source('nginx/tabel/problems.conf');
	const ours = [...problems.matchAll(/return\s+(\d+) '(\{.*\})';/g)];
	assert.equal(ours.length, 7);
	for (const [, status, json] of ours) {
		const problem = JSON.parse(json);
		assert.equal(problem.status, Number(status));
		const line = new RegExp(`^FAULT\\(${problem.code},\\s+(\\d+), "(.*)"\\)$`, 'm').exec(faults);
		assert.equal(line[1], status);
		assert.equal(line[2], problem.title);
	}
});

test('the rules of FastCGI and of inherited headers hold in the templates', async () => {
	const names = await readdir(new URL('nginx/tabel', root));
	const texts = await Promise.all(
		[...names.map((name) => `tabel/${name}`), 'nginx.conf.in', 'site.conf.in']
			.map((name) => source(`nginx/${name}`)));
	const all = texts.join('\n').replaceAll(/#.*/g, '');
	assert.doesNotMatch(all, /fastcgi_keep_conn\s+on|non_idempotent|merge_slashes\s+off|\balias\b/);
	assert.doesNotMatch(all, /client_max_body_size\s+0|unsafe-inline|unsafe-eval/);
	assert.match(all, /fastcgi_request_buffering\s+on/);
	for (const [block] of all.matchAll(/\blocation\s[^{};]*\{[^{}]*\}/g))
		if (/add_header/.test(block))
			assert.match(block, /include\s+tabel\/(headers|problem)/, block);
	for (const program of programs)
		assert.equal(all.split(`/${program}.sock" max_fails=0`).length, 3, program);
});

test('pages carry the security headers; only the Mini App may be framed', async () => {
	const ancestors = { '/app/': 'https://web.telegram.org', '/admin/': "'none'", '/kiosk/': "'none'" };
	for (const [path, allowed] of Object.entries(ancestors)) {
		const { statusCode, headers } = await page(path);
		assert.equal(statusCode, 200, path);
		assert.equal(headers['content-type'], 'text/html; charset=utf-8');
		assert.equal(headers['cache-control'], 'no-cache');
		assert.ok(headers.etag);
		assert.equal(headers['x-content-type-options'], 'nosniff');
		assert.equal(headers['referrer-policy'], 'no-referrer');
		assert.match(headers['permissions-policy'], /camera=\(\)/);
		assert.equal(headers.server, 'nginx');
		const policy = headers['content-security-policy'];
		assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
		assert.ok(policy.endsWith(`frame-ancestors ${allowed}`), policy);
	}
	const { headers } = await page('/api/me');
	assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'");
	assert.equal(headers['cache-control'], 'no-store');
	assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('files are compressed beforehand and revalidated', async () => {
	const plain = await page('/i18n/ru.json');
	const packed = await page('/i18n/ru.json', { 'accept-encoding': 'gzip' });
	assert.equal(plain.headers['content-encoding'], undefined);
	assert.equal(packed.headers['content-encoding'], 'gzip');
	assert.equal(packed.headers['content-type'], 'application/json');
	const again = await page('/i18n/ru.json', { 'if-none-match': plain.headers.etag });
	assert.equal(again.statusCode, 304);
	const bridge = await page('/vendor/telegram-web-app.js');
	assert.equal(bridge.statusCode, 200);
	assert.equal(bridge.headers['cache-control'], 'public, max-age=86400');
});

test('addresses of pages', async () => {
	assert.equal((await page('/')).headers.location, '/admin/');
	assert.equal((await page('/app')).headers.location, '/app/');
	for (const path of ['/nothing', '/.git/config', '/app/.htaccess', '/app/nothing/', '/i18n/'])
		assert.equal((await page(path)).statusCode, 404, path);
});

test('a client can neither choose the request id nor set a proxy', async () => {
	const headers = { 'x-request-id': 'chosen', 'x-forwarded-for': '10.1.2.3' };
	const answer = await stack.api('GET', '/system/about', { headers });
	assert.match(answer.headers.get('x-request-id'), /^[0-9a-f]{32}$/);
});

test('the access log has one JSON object per request and no query strings', async () => {
	await stack.api('GET', '/last/of/all?secret=hidden');
	const lines = (await stack.logged('access', /"\/api\/last\/of\/all"/)).trim().split('\n').map((line) => JSON.parse(line));
	assert.equal(lines.at(-1).status, 404);
	assert.doesNotMatch(JSON.stringify(lines), /hidden/);
});

test('too many requests of one address are told to wait', async (t) => {
	const small = await startStack({
		workers: 1, set: { API_RATE: 1, API_BURST: 3, LOGIN_RATE: 1, LOGIN_BURST: 1 },
	});
	t.after(() => small.stop());
	const many = (n, path) => Promise.all(Array.from({ length: n }, () => small.api('GET', path)));
	const logins = await many(6, '/auth/login');
	const refused = logins.filter(({ status }) => status === 429);
	assert.ok(refused.length >= 3, String(refused.length));
	assertProblem(refused[0], 429, 'TOO_MANY_TRIES');
	assert.equal(refused[0].headers.get('retry-after'), '10');
	const polls = await many(12, '/system/about');
	assert.ok(polls.some(({ status }) => status === 429));
});
