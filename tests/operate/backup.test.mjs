/*
 * A backup, and a fresh installation that goes on where the old one was.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { firstAdmin, programs, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { run } from './lib.mjs';

/* Open intervals grow with the time: here it stands still. */
const noon = new Date();
let dir, old, fresh, clinic, anna, boss;
const sheet = { get branch() { return clinic.branch.id; }, month: '2020-03' };
const at = (name) => join(dir, name);
const using = (name) => ['--passphrase-file', at(name)];
const failure = (stack, ...words) => stack.tabelctl(...words).then(
	() => assert.fail(`tabelctl ${words.join(' ')} should fail`), (error) => error.stderr.trim());
const control = (stack, ...words) =>
	run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), ...words]);

before(async () => {
	dir = await mkdtemp(join(tmpdir(), 'backup-'));
	await writeFile(at('passphrase'), 'six brave old owls\n');
	await writeFile(at('wrong'), 'six brave new owls\n');
	old = await startStack({ faketime: noon });
	await old.tabelctl('demo');
	await old.signIn();	/* the demo has its administrator, so he is none yet */
	await old.db(`UPDATE person SET state = 'active' WHERE telegram_id = $1`, [firstAdmin.id]);
	await old.db(`INSERT INTO person_role (person, role)
		SELECT id, 'admin' FROM person WHERE telegram_id = $1`, [firstAdmin.id]);
	clinic = await openClinic(old);
	anna = await clinic.hire({ first_name: '=Анна', last_name: 'О\'Кот "Рыжий"' });
	for (const kind of ['in', 'out'])
		assert.ok((await clinic.mark(anna.token, kind)).status < 300);
	await clinic.must(clinic.admin, 'POST', '/absences',
		{ employee: anna.id, kind: 'sick', from: '2020-03-10', to: '2020-03-12' });
	await clinic.must(clinic.admin, 'POST', '/periods/close', sheet);
	boss = /^password (\S+)$/m.exec((await old.tabelctl('admin', 'boss')).stdout)[1];
});
after(async () => {
	await fresh?.stop();
	await old?.stop();
	await rm(dir, { recursive: true, force: true });
});

/* Everything that a manager can read, page by page. */
async function reports(stack, token) {
	const texts = {};
	const get = async (path) => {
		const { status, body } = await stack.api('GET', path, { token });
		assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
		return body;
	};
	for (const path of ['/reports/events.csv', '/reports/days.csv'])
		texts[path] = await get(path);
	for (const path of ['/events', '/reports/days', '/employees', '/audit', '/notifications'])
		for (let next = '', n = 0; next !== null; n++) {
			const page = await get(`${path}?limit=200${next && `&after=${encodeURIComponent(next)}`}`);
			texts[`${path} ${n}`] = JSON.stringify(page.items);
			next = page.next;
		}
	for (const path of ['/branches', '/positions', '/terminals', '/settings'])
		texts[path] = JSON.stringify(await get(path));
	for (const form of ['t13.pdf', 't13.xlsx', 'p5.pdf', 'p5.xlsx']) {
		const answer = await fetch(`${stack.url}/api/timesheets/${form}?branch=${sheet.branch}&month=${sheet.month}`,
			{ headers: { authorization: `Bearer ${token}` } });
		assert.equal(answer.status, 200);
		texts[form] = Buffer.from(await answer.arrayBuffer()).toString('base64');
	}
	return texts;
}
/* Where two texts part. */
function difference(one, two) {
	let at = 0;
	while (at < one.length && one[at] === two[at])
		at++;
	return `${one.slice(at - 60, at + 60)} | ${two.slice(at - 60, at + 60)}`;
}

/* What the restored copy does itself: seen terminals, messages that wait. */
const still = (stack) => control(stack, 'stop', 'worker');

describe('a backup', () => {
	test('is one file that only its owner reads', async () => {
		await still(old);
		assert.match(await failure(old, 'backup', at('backup'), ...using('none')), /cannot be opened/);
		await old.tabelctl('backup', at('backup'), ...using('passphrase'));
		assert.equal((await stat(at('backup'))).mode & 0o777, 0o600);
		assert.deepEqual((await readdir(dir)).sort(), ['backup', 'passphrase', 'wrong']);
		const { stdout } = await run('tar', ['-tf', at('backup')]);
		assert.equal(stdout, 'manifest\ndatabase\nkeys\n');
		assert.equal(await failure(old, 'backup', at('backup'), ...using('passphrase')), `${at('backup')} is there already.`);
	});

	test('tells nobody a key', async () => {
		const bytes = await readFile(at('backup'));
		const master = (await readFile(join(old.dir, 'master.key'), 'utf8')).trim();
		assert.ok(!bytes.includes(master) && !bytes.includes(Buffer.from(master, 'hex')));
	});

	test('is not poured over an installation that has people', async () => {
		const before = await old.db('SELECT max(id) AS n, count(*) FROM event');
		assert.match(await failure(old, 'restore', at('backup'), ...using('passphrase')), /is not empty: nothing was restored/);
		assert.deepEqual(await old.db('SELECT max(id) AS n, count(*) FROM event'), before);
	});
});

describe('a fresh installation', () => {
	before(async () => {
		fresh = await startStack({ faketime: noon });
	});

	test('refuses what is no backup, and a wrong passphrase, and stays as it was', async () => {
		const before = await fresh.db('SELECT id, wrapped FROM key ORDER BY id');
		assert.match(await failure(fresh, 'restore', at('passphrase'), ...using('passphrase')), /is no backup of Tabel/);
		assert.match(await failure(fresh, 'restore', at('nothing'), ...using('passphrase')), /cannot be opened/);
		assert.equal(await failure(fresh, 'restore', at('backup'), ...using('wrong')),
			'The passphrase is wrong or the backup is damaged.');
		const bytes = await readFile(at('backup'));
		await writeFile(at('half'), bytes.subarray(0, bytes.length / 2));
		assert.notEqual(await failure(fresh, 'restore', at('half'), ...using('passphrase')), '');
		assert.deepEqual(await fresh.db('SELECT id, wrapped FROM key ORDER BY id'), before);
	});

	test('answers the same reports, byte for byte', async () => {
		await still(fresh);
		const there = await reports(old, clinic.admin);
		await fresh.tabelctl('restore', at('backup'), ...using('passphrase'));
		await control(fresh, 'restart', ...programs.map((p) => `${p}:*`));
		/* Tokens of the old one are good in the new one. */
		const here = await reports(fresh, clinic.admin);
		/* The keys' way into the new one is a part of its own audit log. */
		const audit = (texts) => JSON.parse(texts['/audit 0']).filter((row) => row.entity !== 'key');
		assert.deepEqual(audit(here), audit(there).slice(0, audit(here).length));
		for (const texts of [here, there])
			for (const name of Object.keys(texts).filter((n) => n.startsWith('/audit')))
				delete texts[name];
		assert.deepEqual(Object.keys(here), Object.keys(there));
		for (const name of Object.keys(there))
			assert.ok(here[name] === there[name], `${name}: ${difference(here[name], there[name])}`);
		assert.ok(there['/reports/days.csv'].length > 5000);
	});

	test('goes on: sessions, passwords, tablets, codes, and the constraints', async () => {
		const me = await fresh.api('GET', '/me', { token: anna.token });
		assert.deepEqual([me.status, me.body.employee.id], [200, anna.id]);
		const login = await fresh.api('POST', '/auth/login', { body: { username: 'boss', password: boss } });
		assert.equal(login.status, 200);
		const feed = await old.api('GET', '/kiosk/feed', { token: clinic.tablet.key });
		const { now, codes } = feed.body;
		const { code } = codes.find((c) => c.from <= now && now < c.until);
		const claim = await fresh.api('POST', '/claims', { token: anna.token, body: { code } });
		assert.equal(claim.status, 201, JSON.stringify(claim.body));
		const event = await fresh.api('POST', '/events', { token: anna.token, body: { claim: claim.body.id, kind: 'in' } });
		assert.ok(event.status < 300, JSON.stringify(event.body));
		assert.equal(await fresh.db(`SELECT count(*) AS n FROM pg_constraint WHERE conname = 'interval_overlap'`).then((r) => r[0].n), 1);
		await control(fresh, 'start', 'worker');
	});

	test('has the same privileges and the same schema', async () => {
		const describe_ = (stack) => stack.db(`SELECT c.relname, c.relkind, r.rolname AS owner,
				(SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(c.relacl) a) AS acl,
				(SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || attnotnull
					|| coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(attacl) a), ''), ','
					ORDER BY attname) FROM pg_attribute
				  WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
			FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
			WHERE relnamespace = 'public'::regnamespace ORDER BY 1`);
		assert.deepEqual(await describe_(fresh), await describe_(old));
	});
});

test('clean forgets scans without an event, and old messages, as owner', async () => {
	assert.match(await failure(fresh, 'clean', '--older-than', 'x'), /An age is a number/);
	assert.match(await failure(fresh, 'clean', '--older-than', '29d'), /younger than 30 days/);
	await fresh.db('DELETE FROM notification');
	const claim = async (days) => (await fresh.db(`INSERT INTO claim (person, terminal, branch, at, expires_at, pending)
		SELECT $1, $2, $3, date_trunc('second', now() - make_interval(days => $4)), now(), false RETURNING id`,
	[anna.person, clinic.tablet.id, clinic.branch.id, days]))[0].id;
	const [ancient, recent] = [await claim(400), await claim(300)];
	const tap = async (number, days) => (await fresh.db(`INSERT INTO tap (terminal, number, uid, at, offline, received_at, branch,
			time_zone, limit_seconds, state)
		SELECT $1, $2, '04A2B3C4', date_trunc('second', t), false, t, $3, 'UTC', 57600, 'unknown'
		  FROM (SELECT now() - make_interval(days => $4)) x(t) RETURNING id`,
	[clinic.tablet.id, number, clinic.branch.id, days]))[0].id;
	const taps = [await tap('1', 400), await tap('2', 300)];
	await fresh.db(`INSERT INTO notification (chat, key, due_at, dedupe, state, created_at)
		SELECT 1, 'notice.in', now(), s, s, now() - interval '400 days'
		FROM unnest('{sent,failed,blocked,waiting}'::text[]) s`);
	const { stdout } = await fresh.tabelctl('clean', '--older-than', '1y');
	assert.equal(stdout, '1 scans, 1 taps, 3 messages\n');
	assert.deepEqual((await fresh.db('SELECT id FROM claim WHERE id = ANY ($1)', [[ancient, recent]])).map((r) => r.id), [recent]);
	assert.deepEqual((await fresh.db('SELECT id FROM tap')).map((r) => r.id), [taps[1]]);
	assert.deepEqual((await fresh.db('SELECT state FROM notification')).map((r) => r.state), ['waiting']);
	const [row] = await fresh.db(`SELECT actor, new FROM audit WHERE action = 'clean'`);
	assert.deepEqual(row, { actor: 'tabelctl', new: { older_than: '1 years', claims: 1, taps: 1, messages: 3 } });
});

test('a database that was dropped comes back, too', async () => {
	const days = async (stack) => (await stack.api('GET', '/reports/days.csv', { token: clinic.admin })).body;
	const there = await days(old);
	const as = ['-X', '-q', '-h', fresh.socket, '-U', 'postgres', '-d', 'postgres', '-v', 'ON_ERROR_STOP=1'];
	await run('psql', [...as, '-c', 'DROP DATABASE tabel WITH (FORCE)']);
	await run('psql', [...as, '-f', join(fresh.dir, 'sql/roles.sql')]);
	await fresh.tabelctl('restore', at('backup'), ...using('passphrase'));
	assert.equal(await days(fresh), there);
});
