/* Every query of sql/README.md, as the role that it is for. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { startStack } from '../harness.mjs';

const text = await readFile(new URL('../../sql/README.md', import.meta.url), 'utf8');
const queries = [...text.matchAll(/\n([^\n]+)\n\n```sql\n(.*?)```/gs)].map(([, title, sql]) => ({ title, sql }));
let stack, reader;

before(async () => {
	stack = await startStack();
	await stack.tabelctl('demo');
	reader = new pg.Client({ host: stack.socket, user: 'tabel_reader', database: 'tabel' });
	await reader.connect();
});
after(async () => {
	await reader?.end();
	await stack?.stop();
});

test('are found', () => assert.equal(queries.length, text.split('```sql').length - 1));

for (const { title, sql } of queries)
	test(title.replace(/[:.]$/, ''), async () => {
		const { rows } = await reader.query(sql);
		if (/Nothing may come/.test(title))
			assert.deepEqual(rows, []);
		else if (/Who is in|Hours|forgets|Who has|Tablets|keys|large|worker/.test(title))
			assert.ok(rows.length > 0, title);
	});

test('tabel_reader can change nothing and sees no key', async () => {
	await assert.rejects(reader.query(`UPDATE person SET first_name = 'x'`), /read-only transaction/);
	await reader.query('SET default_transaction_read_only = off');
	await assert.rejects(reader.query(`UPDATE person SET first_name = 'x'`), /permission denied/);
	await assert.rejects(reader.query('SELECT wrapped FROM key'), /permission denied/);
});
