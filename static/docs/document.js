/*
 * The OpenAPI document as the pages want it.
 *
 *	api.groups		[{ name, about, operations }]
 *	api.operation(id)	{ id, method, path, what, who, inputs, … }
 *	api.follow(schema)	what a $ref leads to
 *
 * An input is { name, place: 'path' | 'query' | 'header' | 'body' | 'text', required,
 * schema, description }; a member b of an object a is named "a.b".
 */

import { ApiError } from '/shared/api.js';

export async function read_document() {
	const answer = await fetch('/docs/openapi.json').catch(() => {
		throw new ApiError('NETWORK');
	});

	if (!answer.ok)
		throw new ApiError('INTERNAL', answer.status);
	return api_of(await answer.json());
}

function api_of(doc) {
	const follow = (at) => at.$ref ? at.$ref.slice(2).split('/')
		.reduce((o, name) => o[name], doc) : at;
	const operations = Object.entries(doc.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, o]) =>
			operation_of(method.toUpperCase(), path, o, follow)));

	return {
		version: doc.info.version,
		introduction: doc.info.description,
		base: new URL(doc.servers[0].url, location.href).href,
		follow, operations,
		groups: doc.tags.map(({ name, description }) => ({
			name, about: description,
			operations: operations.filter((o) => o.group === name),
		})),
		operation: (id) => operations.find((o) => o.id === id),
	};
}

function operation_of(method, path, o, follow) {
	const inputs = [
		...(o.parameters ?? []).map(follow).map((p) => ({
			name: p.name, place: p.in, required: Boolean(p.required),
			schema: p.schema, description: p.description,
		})),
		...body_inputs(o, follow),
	];

	return {
		id: o.operationId, method, path, what: o.summary,
		who: o['x-who'], may: o.description, group: o.tags[0], inputs,
		reads: Object.keys(o.requestBody?.content ?? {})[0],
		answers: answers_of(o, follow), faults: faults_of(o, follow),
		words: [method, path, o.summary, ...inputs.map((i) => i.name)]
			.join(' ').toLowerCase(),
	};
}

function body_inputs(o, follow) {
	const [[type, { schema: body } = {}] = []] =
		Object.entries(o.requestBody?.content ?? {});

	if (body && type !== 'application/json')
		return [{ name: 'csv', place: 'text', schema: body, required: true }];
	return body ? members(follow(body), '', follow) : [];
}

const members = (schema, prefix, follow) =>
	Object.entries(schema.properties).flatMap(([name, at]) => {
		const inner = follow(at);

		return inner.properties ?
		    members(inner, `${prefix}${name}.`, follow) : [{
			name: prefix + name, place: 'body', schema: inner,
			description: inner.description,
			required: Boolean(schema.required?.includes(name)),
		}];
	});

/* Those that are no problem: [{ status, type, schema, note }]. */
const answers_of = (o, follow) => Object.entries(o.responses)
	.map(([status, at]) => ({ status: Number(status), ...follow(at) }))
	.filter(({ status, content }) => status < 300 ||
		content?.['application/json'])
	.map(({ status, content, description, ...rest }) => {
		const [type] = Object.keys(content ?? {});

		return {
			status, type, schema: content?.[type].schema,
			note: (!content || rest['x-columns']) && description,
		};
	});

const faults_of = (o, follow) => Object.entries(o.responses)
	.flatMap(([status, at]) => (follow(at)['x-faults'] ?? [])
		.map((fault) => ({ status: Number(status), ...fault,
			own: o['x-faults'].includes(fault.code) })));

/* Every word of a search is part of what is said of the operation. */
export function matches(operation, search) {
	return search.toLowerCase().split(/\s+/)
		.every((word) => operation.words.includes(word));
}
