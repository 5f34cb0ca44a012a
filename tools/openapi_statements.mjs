/*
 * What PostgreSQL says of the statements in sql/: the columns of each, with
 * type, whether they may be null, and the texts that a constraint allows.
 *
 * A column of a table is null if the table says so, or stands on the outer
 * side of a join; one that is worked out is null if the comment of its
 * statement has a line "-- null: name, name".
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';

/* npm's packages lie with the tests. */
const pg = createRequire(new URL('../tests/', import.meta.url))('pg');

/* The protocol's Describe, of which the driver knows no method. */
class Describe {
	constructor(name) {
		this.name = name;
		this.fields = [];
		this.done = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
	}
	submit(connection) {
		connection.describe({ type: 'S', name: this.name }, true);
		connection.sync();
	}
	handleRowDescription(message) { this.fields = message.fields; }
	handleError(error) { this.reject(error); }
	handleReadyForQuery() { this.resolve(this.fields); }
}

/* { program: { statement: { kind, columns: [{ name, type, nullable, allowed }] } } } */
export async function describeStatements(socket) {
	const client = new pg.Client({ host: socket, user: 'tabel_app', database: 'tabel' });
	await client.connect();
	try {
		const tables = await describeTables(client);
		const groups = {};
		for (const file of readdirSync('sql').filter((name) => name.endsWith('.sql')))
			groups[file.replace('.sql', '')] = await describeFile(client, `sql/${file}`, tables);
		return groups;
	} finally {
		await client.end();
	}
}

async function describeFile(client, file, tables) {
	const source = readFileSync(file, 'utf8');
	const headers = [...source.matchAll(/^-- ([a-z_0-9]+)\(.*\) (one|many|none|csv)$/gm)];
	const statements = {};
	if (headers.length === 0)
		return statements;
	await client.query(execFileSync('awk', ['-f', 'sql/embed.awk', '-v', 'out=check', file], { encoding: 'utf8' }));
	for (const [i, { 1: name, 2: kind, index }] of headers.entries()) {
		const text = source.slice(index, headers[i + 1]?.index);
		const query = new Describe(name);
		client.query(query);
		statements[name] = { kind, columns: columnsOf(await query.done, text, tables, `${file}: ${name}`) };
	}
	await client.query('DEALLOCATE ALL');
	return statements;
}

function columnsOf(fields, text, tables, where) {
	const marked = (/^-- null: (.*)$/m.exec(text)?.[1] ?? '').split(/[ ,]+/).filter(Boolean);
	const joined = new Set([...text.matchAll(/\bLEFT JOIN ([a-z_]+)/g)].map((m) => m[1]));
	const plain = new Set([...text.matchAll(/(?<!LEFT )\bJOIN ([a-z_]+)|\bFROM ([a-z_]+)/g)].map((m) => m[1] ?? m[2]));
	const odd = marked.filter((name) => !fields.some((f) => f.name === name));
	if (odd.length > 0)
		throw new Error(`${where} has no column ${odd}`);
	return fields.map((f) => {
		const column = tables.get(`${f.tableID}.${f.columnID}`);
		const outer = column && joined.has(column.table) && !plain.has(column.table);
		return {
			name: f.name, type: f.dataTypeID, allowed: column?.allowed ?? null,
			nullable: marked.includes(f.name) || Boolean(column && (outer || !column.notnull)),
		};
	});
}

/* "oid.number" of each column: its table, NOT NULL, and CHECK (c IN (...)). */
async function describeTables(client) {
	const { rows } = await client.query(`
		SELECT a.attrelid || '.' || a.attnum AS key, c.relname AS table,
		       a.attnotnull AS notnull,
		       (SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
			 WHERE k.conrelid = a.attrelid AND k.contype = 'c'
			   AND k.conkey = ARRAY[a.attnum]
			   AND pg_get_constraintdef(k.oid) LIKE '%= ANY ((ARRAY[%' OR
			       k.conrelid = a.attrelid AND k.contype = 'c'
			   AND k.conkey = ARRAY[a.attnum]
			   AND pg_get_constraintdef(k.oid) LIKE '%= ANY (ARRAY[%') AS rule
		  FROM pg_attribute a
		  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
		 WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0`);
	return new Map(rows.map(({ key, rule, ...column }) =>
		[key, { ...column, allowed: rule && [...rule.matchAll(/'([^']*)'::/g)].map((m) => m[1]) }]));
}
