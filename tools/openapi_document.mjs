/*
 * The OpenAPI document, from what openapi.mjs has collected:
 *
 *	routes		what "--routes" of each program prints
 *	statements	{ group: { name: { kind, columns } } }
 *	kept		cgi-bin/schemas.json: schemas of answers that programs
 *			build by hand, of columns that are JSON, more about
 *			bodies than their fields say, and a glossary
 */
import { bodySchema, fieldSchema, object, rowSchema } from './openapi_schemas.mjs';

const callers = {
	ANYONE: 'Anyone may call it.',
	PERSON: 'For any session, also of somebody who is not confirmed yet.',
	EMPLOYEE: 'For everybody who is active.',
	MANAGER: 'For managers, of their own branches, and administrators.',
	ADMIN: 'For administrators.',
	SERVICE: 'For other systems and administrators.',
	TERMINAL: 'For terminals, with their own key.',
};
const security = ({ who, scope }) => who === 'ANYONE' ? [] :
	who === 'TERMINAL' ? [{ terminal: [] }] :
		[{ token: [] }, { cookie: [] }, ...scope ? [{ service: [] }] : []];
const media = { csv: 'text/csv', json: 'application/json', problem: 'application/problem+json' };

export function documentOf({ version, programs, routes, statements, kept, introduction }) {
	const tools = { schemas: {}, responses: {}, statements, kept, used: new Set() };
	const paths = {};
	for (const route of routes) {
		paths[route.path] ??= {};
		paths[route.path][route.method.toLowerCase()] = operationOf(route, tools);
	}
	keepSchemas(tools);
	return {
		openapi: '3.1.0',
		info: {
			title: 'Tabel', version, summary: 'Attendance by QR codes and cards.',
			description: introduction,
			license: { name: 'MIT', identifier: 'MIT' },
		},
		servers: [
			{ url: '/api', description: 'This installation.' },
			{ url: '/api/v1', description: 'The same, with the version in the address.' },
		],
		tags: programs.map(({ name, about }) => ({ name, description: about })),
		paths,
		components: {
			securitySchemes: {
				token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT',
					description: 'The token of POST /auth/login or POST /auth/telegram.' },
				cookie: { type: 'apiKey', in: 'cookie', name: '__Host-tabel',
					description: 'Set by POST /auth/login; only for pages of the same origin.' },
				service: { type: 'http', scheme: 'bearer',
					description: 'The token of POST /service-tokens: ts_ and 43 characters.' },
				terminal: { type: 'http', scheme: 'bearer',
					description: 'The key of POST /register: tt_ and 43 characters.' },
			},
			parameters: { idempotency_key: {
				name: 'Idempotency-Key', in: 'header',
				description: 'Chosen by the client: the same request with the same key is done once and answered the same.',
				schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
			}, if_match: {
				name: 'If-Match', in: 'header',
				description: 'The version that was seen, in quotes: done only while it is the one that is there.  Without it the last one wins.',
				schema: { type: 'string' }, example: '"0cc175b9c0f1b6a831c399e269772661"',
			} },
			headers: {
				request_id: { description: 'Names the request in the logs.', schema: { type: 'string' } },
				retry_after: { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } },
			},
			schemas: sorted(tools.schemas),
			responses: sorted(tools.responses),
		},
	};
}

const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => a < b ? -1 : 1));

function operationOf(route, tools) {
	const of = `${route.method} ${route.path}`;
	const about = { of, kept: tools.kept };
	const inPath = (field) => route.path.includes(`{${field.name}}`);
	const reads = ['POST', 'PUT'].includes(route.method);
	const inside = route.in.filter((field) => !inPath(field));
	const asks = !reads || route.takes;
	const parameters = [
		...route.in.filter(inPath).map((f) => ({ name: f.name, in: 'path', required: true,
			...split(fieldSchema(f, about)) })),
		...!asks ? [] : inside.map((f) => ({ name: f.name, in: 'query', required: !f.optional,
			...split(fieldSchema(f, about)) })),
		...route.idempotent ? [{ $ref: '#/components/parameters/idempotency_key' }] : [],
		...route.match ? [{ $ref: '#/components/parameters/if_match' }] : [],
	];
	return {
		operationId: `${route.method.toLowerCase()}${route.path.replace(/[^a-z0-9]+/g, '_').replace(/_$/, '')}`,
		tags: [route.program],
		summary: route.what,
		description: callers[route.who] + (route.scope ? ` Service tokens need the scope ${route.scope}.` : ''),
		'x-who': route.who,
		'x-faults': route.faults.filter((f) => f.own).map((f) => f.code),
		security: security(route),
		...parameters.length > 0 && { parameters },
		...route.raw && { requestBody: {
			description: `What the other side sends, of at most ${route.body_max} bytes.`,
			content: { [media.json]: {} },
		} },
		...route.takes && { requestBody: {
			required: true,
			description: `At most ${route.body_max} bytes.`,
			content: { [route.takes]: { schema: { type: 'string' } } },
		} },
		...!asks && inside.length > 0 && { requestBody: {
			required: inside.some((f) => !f.optional),
			description: `At most ${route.body_max} bytes.`,
			content: { [media.json]: { schema: { ...bodySchema(inside, { ...about, body: true }),
				...tools.kept.bodies[of] } } },
		} },
		responses: responses(route, tools),
	};
}

/* A parameter's description stands beside its schema. */
const split = ({ description, ...schema }) => ({ ...description && { description }, schema });

/* ------------------------------------------------------------- answers */

const headers = (more) => ({ 'X-Request-Id': { $ref: '#/components/headers/request_id' }, ...more });

/* One status can be both: health says 503 in its own words. */
function responses(route, tools) {
	const all = replies(route, tools);
	for (const [status, { $ref }] of Object.entries(problems(route, tools))) {
		const fault = tools.responses[$ref.split('/').at(-1)];
		all[status] = all[status] ? { ...fault, ...all[status],
			headers: fault.headers, content: { ...all[status].content, ...fault.content } } : { $ref };
	}
	return all;
}

function replies(route, tools) {
	const { kind, status, also } = route.reply;
	const response = { description: route.what, headers: headers() };
	const content = contents[kind](route, tools, response);
	if (content)
		response.content = content;
	const all = { [status]: response };
	if (also)
		all[also] = response;
	return all;
}

const contents = {
	nothing(route, tools, response) {
		response.description = 'Done; there is nothing to say.';
		return null;
	},
	row: (route, tools) => ({ [media.json]: { schema: row(route, route.reply.of, tools) } }),
	page(route, tools) {
		const { columns } = statement(route, route.reply.of, tools);
		const item = row(route, route.reply.of, tools);
		const items = route.reply.also_of ?
			{ anyOf: [item, row(route, route.reply.also_of, tools)] } : item;
		const cursor = [20, 21, 23].includes(columns[0].type) ? 'integer' : 'string';
		return { [media.json]: { schema: object({
			items: { type: 'array', items },
			next: { type: [cursor, 'null'], description: 'What after takes for the next page; null on the last.' },
		}) } };
	},
	items: (route, tools) => ({ [media.json]: { schema: object({
		now: { type: 'string', format: 'date-time' },
		items: { type: 'array', items: row(route, route.reply.of, tools) },
	}) } }),
	json(route, tools) {
		return { [media.json]: { schema: keptSchema(route.reply.of, tools) } };
	},
	csv(route, tools, response) {
		const columns = statement(route, route.reply.of, tools).columns.flatMap((c) => c.name.split(' '));
		response.description = `RFC 4180, with a header line.  Columns: ${columns.join(', ')}.`;
		response['x-columns'] = columns;
		return { [media.csv]: { schema: { type: 'string' } } };
	},
	file: (route) => ({ [route.reply.of]: { schema: { type: 'string' } } }),
};

/* In the file of the program, or in one that the library brings. */
function statement(route, name, { statements }) {
	const found = statements[route.program][name] ??
		Object.values(statements).map((group) => group[name]).find(Boolean);
	if (!found)
		throw new Error(`${route.path}: no statement ${name}`);
	return found;
}

function row(route, name, tools) {
	tools.schemas[name] ??= rowSchema(name, statement(route, name, tools).columns, tools.kept, tools.used);
	return { $ref: `#/components/schemas/${name}` };
}

function keptSchema(name, tools) {
	if (!tools.kept.schemas[name])
		throw new Error(`cgi-bin/schemas.json has no schema ${name}`);
	if (tools.schemas[name] && tools.schemas[name] !== tools.kept.schemas[name])
		throw new Error(`${name} is a statement and a schema`);
	tools.schemas[name] = tools.kept.schemas[name];
	return { $ref: `#/components/schemas/${name}` };
}

/* Those that the ones in use refer to; there are no others. */
function keepSchemas(tools) {
	for (let before = -1; before !== Object.keys(tools.schemas).length;) {
		before = Object.keys(tools.schemas).length;
		for (const [, name] of JSON.stringify(tools.schemas).matchAll(/#\/components\/schemas\/(\w+)/g))
			if (!tools.schemas[name])
				keptSchema(name, tools);
	}
	const idle = [
		...Object.keys(tools.kept.schemas).filter((name) => !tools.schemas[name]),
		...Object.keys(tools.kept.columns).filter((name) => !tools.used.has(name)),
	];
	if (idle.length > 0)
		throw new Error(`cgi-bin/schemas.json: nothing answers with ${idle}`);
}

/* -------------------------------------------------------------- faults */

/* By status; routes that can fail in the same ways share a component. */
function problems(route, tools) {
	const byStatus = {};
	for (const fault of route.faults)
		(byStatus[fault.status] ??= []).push(fault);
	return Object.fromEntries(Object.entries(byStatus).map(([status, faults]) => {
		const name = `${status}.${faults.map((f) => f.code).join('.')}`;
		tools.responses[name] ??= problem(Number(status), faults, tools);
		return [status, { $ref: `#/components/responses/${name}` }];
	}));
}

function problem(status, faults, tools) {
	keptSchema('problem', tools);
	return {
		description: faults.map((f) => `${f.code}: ${f.title}`).join('  '),
		headers: headers([429, 503].includes(status) && { 'Retry-After': { $ref: '#/components/headers/retry_after' } }),
		content: { [media.problem]: { schema: { allOf: [
			{ $ref: '#/components/schemas/problem' },
			{ properties: { status: { const: status }, code: { enum: faults.map((f) => f.code) } } },
		] } } },
		'x-faults': faults.map(({ code, title }) => ({ code, title })),
	};
}
