/*
 * Every migration on a database that was in use before: upgrade/NNNN.sql is
 * what there may be at version NNNN, put in before the next one comes.
 */
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { startStack } from '../harness.mjs';
import { run } from './lib.mjs';

const sql = fileURLToPath(new URL('../../sql', import.meta.url));
const fixtures = fileURLToPath(new URL('upgrade', import.meta.url));
const database = 'upgraded';
let stack, dir, db, names;

before(async () => {
	stack = await startStack();
	dir = await mkdtemp(join(tmpdir(), 'upgrade-'));
	await mkdir(join(dir, 'migrations'));
	await copyFile(join(sql, 'migrate.sh'), join(dir, 'migrate.sh'));
	await copyFile(join(sql, 'migrations/sums'), join(dir, 'migrations/sums'));
	names = (await readdir(join(sql, 'migrations'))).filter((n) => n.endsWith('.sql')).sort();
	await stack.db(`CREATE DATABASE ${database} OWNER tabel_owner`);
	db = new pg.Client({ host: stack.socket, user: 'postgres', database });
	await db.connect();
});
after(async () => {
	await db?.end();
	await stack?.stop();
	await rm(dir, { recursive: true, force: true });
});

const rows = async (text) => (await db.query(text)).rows;
const migrate = () => run(join(dir, 'migrate.sh'),
	[`host=${stack.socket} user=tabel_migrator dbname=${database}`]);

/* Every table with its columns and rows, as they are now. */
async function everything() {
	const tables = await rows(`SELECT c.relname AS name, (SELECT array_agg(attname::text ORDER BY attnum)
			FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
		FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
		  AND NOT relispartition AND relname <> 'schema_version' ORDER BY 1`);
	const all = new Map();
	for (const { name, columns } of tables)
		all.set(name, { columns, rows: (await rows(`SELECT to_jsonb(t)::text AS row FROM "${name}" t`))
			.map((r) => JSON.parse(r.row)) });
	return all;
}
const project = (row, columns) => JSON.stringify(columns.map((c) => row[c] ?? null));

/* A migration may add columns and rows; nothing that was there goes. */
function assertKept(before, now, name) {
	for (const [table, { columns, rows: old }] of before) {
		assert.ok(now.has(table) || old.length === 0, `${name} drops ${table} with its rows`);
		if (!now.has(table))
			continue;
		const common = columns.filter((c) => now.get(table).columns.includes(c));
		const there = new Set(now.get(table).rows.map((row) => project(row, common)));
		assert.ok(now.get(table).rows.length >= old.length, `${name} loses rows of ${table}`);
		/* Facts stay as they were; other tables may be brought into a new shape. */
		if (['event', 'claim', 'audit'].includes(table))
			for (const row of old)
				assert.ok(there.has(project(row, common)), `${name} changes a fact in ${table}: ${JSON.stringify(row)}`);
	}
}

test('every migration keeps what was there', async () => {
	let before = new Map();
	for (const name of names) {
		const empty = [...before].filter(([, { rows: r }]) => r.length === 0).map(([table]) => table);
		assert.deepEqual(empty.filter((table) => table !== 'import_line'), [], `${name} comes to tables without rows`);
		await copyFile(join(sql, 'migrations', name), join(dir, 'migrations', name));
		assert.match((await migrate()).stdout, new RegExp(`applying ${name.slice(0, -4)}`));
		assertKept(before, await everything(), name);
		const fixture = join(fixtures, `${name.slice(0, 4)}.sql`);
		await readFile(fixture, 'utf8').then((text) => db.query(text), (error) => assert.equal(error.code, 'ENOENT'));
		before = await everything();
	}
});

test('who left and came back is known from the log', async () => {
	assert.deepEqual(await rows(`SELECT employee, to_char(at AT TIME ZONE 'UTC', 'MM-DD HH24:MI:SS') AS at,
		active FROM employee_state ORDER BY id`), [
		{ employee: 2, at: '01-05 08:00:00', active: false }, { employee: 2, at: '01-06 08:00:00', active: true },
		{ employee: 2, at: '01-31 22:30:00', active: false }]);
});

test('once more, nothing happens', async () => {
	const before = await everything();
	assert.equal((await migrate()).stdout, '');
	assert.deepEqual(await everything(), before);
});

test('a text that was applied once and is known still counts', async () => {
	const sums = await readFile(join(sql, 'migrations/sums'), 'utf8');
	const known = [...sums.matchAll(new RegExp(`^([0-9a-f]{64})  ${names[0]}$`, 'gm'))].map((m) => m[1]);
	assert.equal(known.length, 2);
	for (const sum of known.reverse()) {
		await db.query('UPDATE schema_version SET sha256 = $1 WHERE version = 1', [sum]);
		assert.equal((await migrate()).stdout, '');
	}
});

test('the schema is that of a new installation', async () => {
	const shape = `SELECT c.relname, c.relkind, c.relacl::text, pg_get_userbyid(relowner) AS owner,
			(SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, attacl::text,
				pg_get_expr(adbin, adrelid)), E'\\n' ORDER BY attname) FROM pg_attribute a
			  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
			 WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
			(SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), E'\\n' ORDER BY conname)
			   FROM pg_constraint WHERE conrelid = c.oid) AS constraints
		FROM pg_class c WHERE relnamespace = 'public'::regnamespace ORDER BY 1`;
	assert.deepEqual(await rows(shape), await stack.db(shape));
});

test('the programs\' own fold of the upgraded facts is what it was', async () => {
	const derived = () => rows(`SELECT employee, day::text, in_at, out_at, state FROM interval
		WHERE state <> 'open' ORDER BY 1, 3`);
	const meanings = () => rows('SELECT * FROM event_meaning ORDER BY event');
	const days = () => rows(`SELECT employee, day::text, shifts, planned_seconds, worked_seconds, break_seconds,
		late_seconds, early_seconds, night_seconds, overtime_seconds, missing_out, missing_in, unexplained_from,
		holiday, absence, conflict FROM workday ORDER BY 1, 2`);
	const gone = (list) => list.filter((row) => row.day !== '2026-02-06');	/* was running */
	const before = [gone(await derived()), await meanings(), gone(await days())];
	const url = stack.conf.DATABASE_URL.replace('dbname=tabel', `dbname=${database}`);
	await db.query(`GRANT CONNECT ON DATABASE ${database} TO tabel_app`);
	await db.query('DELETE FROM key');	/* of another master key */
	const { stdout } = await run(join(stack.dir, 'bin/tabelctl'), ['rebuild'], { env: { ...process.env,
		TABEL_CONF: join(stack.dir, 'tabel.conf'), DATABASE_URL: url } });
	assert.equal(stdout, '2 employees\n');
	assert.deepEqual([gone(await derived()), await meanings(), gone(await days())], before);
});

test('a database in another encoding is refused', async () => {
	await stack.db(`CREATE DATABASE legacy OWNER tabel_owner TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'`);
	await assert.rejects(run(join(dir, 'migrate.sh'), [`host=${stack.socket} user=tabel_migrator dbname=legacy`]),
		/not in UTF8/);
});

test('a migration that was changed afterwards is refused', async () => {
	await run('sh', ['-c', `echo '-- changed' >>"${join(dir, 'migrations', names[0])}"`]);
	await assert.rejects(migrate(), /was changed after it was applied/);
});
