/*
 * JSON Schemas: of the fields that a route takes, from its table, and of the
 * columns that a statement gives, from the database.
 */

/* What lib/data/rows.c makes of a type of PostgreSQL. */
const types = {
	16: { type: 'boolean' },
	20: { type: 'integer' }, 21: { type: 'integer' }, 23: { type: 'integer' },
	25: { type: 'string' }, 1043: { type: 'string' },
	700: { type: 'number' }, 701: { type: 'number' },
	1082: { type: 'string', format: 'date' },
	1184: { type: 'string', format: 'date-time' },
	1700: { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$' },
};
const json = [114, 3802];

export const object = (properties, required = Object.keys(properties)) => ({
	type: 'object',
	...required.length && { required },
	additionalProperties: false,
	properties,
});

export function orNull(schema) {
	if (schema.enum)
		return { ...schema, enum: [...schema.enum, null] };
	if (schema.$ref)
		return { anyOf: [schema, { type: 'null' }] };
	return { ...schema, type: [schema.type, 'null'].flat() };
}

/* What the glossary says of a name, here or anywhere. */
const described = (schema, ...texts) => {
	const description = texts.filter(Boolean).join('  ');
	return description ? { ...schema, description } : schema;
};

/* The members of a row: { name: schema }, all of which are always there. */
export const rowSchema = (statement, columns, kept, used) =>
	object(Object.fromEntries(columns.map((column) => {
		let schema = types[column.type];
		if (json.includes(column.type)) {
			schema = kept.columns[`${statement}.${column.name}`] ?? kept.columns[column.name];
			used.add(column.name).add(`${statement}.${column.name}`);
		}
		if (!schema)
			throw new Error(`${statement}.${column.name}: no schema for type ${column.type}`);
		if (column.allowed)
			schema = { enum: column.allowed };
		if (column.nullable)
			schema = orNull(schema);
		return [column.name, described(schema, wordFor(kept, statement, column.name))];
	})));

const wordFor = (kept, of, name) => kept.words[`${of}.${name}`] ?? kept.words[name];

/* A field of a table; in a body, null is as good as absent. */
export function fieldSchema(field, { of, kept, body }) {
	const one = field.of ? bodySchema(field.of, { of, kept, body }) : oneSchema(field);
	let schema = field.list ? { type: 'array', items: one, maxItems: field.list } : one;
	if (field.optional && body)
		schema = orNull(schema);
	if (field.default !== undefined)
		schema = { ...schema, default: field.default };
	return described(schema, wordFor(kept, of, field.name.split('.').at(-1)), field.what);
}

function oneSchema({ type, min, max, in: list, format, optional }) {
	if (list)
		return { enum: list.split('|') };
	if (type === 'integer' || type === 'number')
		return { type, minimum: min, maximum: max };
	if (type !== 'string')
		return { type };
	return {
		type,
		...min > 0 && !optional && { minLength: min },
		...max > 0 && { maxLength: max },
		...['date', 'date-time', 'email'].includes(format) && { format },
	};
}

/* A body: fields named "a.b" are members of an object a. */
export function bodySchema(fields, about) {
	const properties = {}, nested = {};
	for (const field of fields) {
		const [outer, inner] = field.name.split('.');
		if (inner === undefined) {
			properties[outer] = fieldSchema(field, about);
			continue;
		}
		nested[outer] ??= {};
		nested[outer][inner] = field;
		properties[outer] = null;	/* keeps its place */
	}
	for (const [outer, inside] of Object.entries(nested)) {
		const members = Object.entries(inside).map(([name, field]) => [name, fieldSchema(field, about)]);
		const required = Object.keys(inside).filter((name) => !inside[name].optional);
		const schema = object(Object.fromEntries(members), required);
		properties[outer] = required.length ? schema : orNull(schema);
	}
	return object(properties, [
		...fields.filter((f) => !f.optional && !f.name.includes('.')).map((f) => f.name),
		...Object.keys(nested).filter((outer) => Object.values(nested[outer]).some((f) => !f.optional)),
	]);
}
