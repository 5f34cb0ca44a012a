/*
 * The OpenAPI document, to hold answers against.
 *
 *	const contract = await readContract();
 *	contract.operations		[{ method, path, operation }]
 *	contract.wrong(method, path, answer)	sentences; none if it is as written
 */
import { readFile } from 'node:fs/promises';
import Ajv from 'ajv/dist/2020.js';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const day = /^\d{4}-\d\d-\d\d$/;

export async function readContract() {
	const document = JSON.parse(await readFile(new URL('../static/docs/openapi.json', import.meta.url), 'utf8'));
	const ajv = new Ajv({ strict: false, allErrors: true, formats: {
		'date-time': (s) => instant.test(s) && !Number.isNaN(Date.parse(s)),
		date: (s) => day.test(s) && !Number.isNaN(Date.parse(s)),
	} });
	const follow = (at) => at.$ref ? at.$ref.slice(2).split('/').reduce((o, name) => o[name], document) : at;
	const validators = new Map();
	ajv.addSchema(document, 'api');

	/* References within the document are references into it. */
	const validatorOf = (schema) => {
		if (!validators.has(schema))
			validators.set(schema, ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'))));
		return validators.get(schema);
	};

	return {
		document, follow,
		operations: Object.entries(document.paths).flatMap(([path, methods]) =>
			Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation }))),

		wrong(method, path, { status, headers, body }) {
			const { responses } = document.paths[path][method.toLowerCase()];
			if (!responses[status])
				return [`${status} is not among ${Object.keys(responses)}: ${JSON.stringify(body)}`];
			const { content } = follow(responses[status]);
			const type = headers.get('content-type')?.split(';')[0];
			const wrong = [];
			if (!headers.get('x-request-id'))
				wrong.push('no X-Request-Id');
			if ([429, 503].includes(status) && content['application/problem+json'] && body.code &&
			    !(Number(headers.get('retry-after')) > 0))
				wrong.push('no Retry-After');
			if (!content)
				return body === '' ? wrong : [...wrong, `a body with ${status}: ${body}`];
			if (!content[type])
				return [...wrong, `${type} is not among ${Object.keys(content)}`];
			const validate = validatorOf(content[type].schema);
			if (!validate(body))
				wrong.push(...validate.errors.map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`),
					JSON.stringify(body));
			return wrong;
		},
	};
}
