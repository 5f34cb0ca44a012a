/*
 * A request made of what somebody typed: address, headers and body for
 * fetch(), and the same as a command line.
 */

const samples = {
	code: 'AB12…', claim: 4711, branch: 1, position: 1, employee: 1, id: 1,
	name: 'Example', username: 'anna', time_zone: 'Europe/Kyiv',
	last_name: 'Kotova', first_name: 'Anna', pairing_code: '123456',
	networks: '10.0.0.0/8', 'Idempotency-Key': 'import-2026-11-21-1',
	csv: 'personnel_number;last_name;first_name;branch;position\n' +
		'0017;Kotova;Anna;Central;Nurse\n',
	reason: 'Not one of us.', value: 'on', init_data: 'query_id=…&hash=…',
};

/* A value that a reader understands, where nothing was typed. */
export function sample({ name, schema }) {
	const short = name.split('.').at(-1);

	return schema.default ?? schema.enum?.[0] ?? samples[short] ??
	    (schema.format === 'date' ? '2026-11-21' :
	    [schema.type].flat().includes('integer') ?
	    Math.max(schema.minimum ?? 1, 1) : `<${short}>`);
}

/*
 * { path, headers, body } of the values by name; those that are empty are
 * left out, or get a sample if they are required and `example` is set.
 */
export function request_of(operation, values, example = false) {
	const query = new URLSearchParams(), headers = {}, body = {};
	let { path } = operation, plain;

	for (const input of operation.inputs) {
		const text = values[input.name] ?? '';
		const value = text !== '' ? value_of(input.schema, text) :
		    example && input.required ? sample(input) : undefined;

		if (input.place === 'path')
			path = path.replace(`{${input.name}}`,
				encodeURIComponent(value ?? ''));
		else if (value === undefined)
			continue;
		else if (input.place === 'query')
			query.append(input.name, value);
		else if (input.place === 'header')
			headers[input.name] = value;
		else if (input.place === 'text')
			plain = value;
		else
			put(body, input.name, value);
	}
	if (operation.reads)
		headers['Content-Type'] = operation.reads;
	return {
		path: path + (query.size ? `?${query}` : ''), headers,
		body: plain ?? (operation.reads === 'application/json' ?
			JSON.stringify(body) : undefined),
	};
}

/* What is no number stays text, and the server says so. */
function value_of(schema, text) {
	const types = [schema.type].flat();

	if (types.includes('array'))
		return text.split(',').map((one) => value_of(schema.items, one.trim()));
	if (types.includes('integer') || types.includes('number'))
		return text.trim() !== '' && Number.isFinite(Number(text)) ?
		    Number(text) : text;
	if (types.includes('boolean'))
		return text === 'true';
	return text;
}

function put(body, name, value) {
	const [outer, inner] = name.split('.');

	if (inner === undefined)
		body[outer] = value;
	else
		(body[outer] ??= {})[inner] = value;
}

export function curl_of(api, operation, values) {
	const { path, headers, body } = request_of(operation, values, true);
	const secret = operation.who === 'TERMINAL' ? 'TERMINAL_KEY' : 'TOKEN';
	const lines = [
		`curl ${operation.method === 'GET' ? '' :
			`-X ${operation.method} `}${quote(api.base + path)}`,
		operation.who !== 'ANYONE' && `-H "Authorization: Bearer $${secret}"`,
		...Object.entries(headers).map(([name, value]) =>
			`-H ${quote(`${name}: ${value}`)}`),
		body !== undefined && `${operation.reads === 'application/json' ?
			'-d' : '--data-binary'} ${quote(body)}`,
	];

	return lines.filter(Boolean).join(' \\\n  ');
}

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
