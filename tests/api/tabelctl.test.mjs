/* The operator's program, on the real stack. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { validate } from '@telegram-apps/init-data-node';
import { botToken, startStack } from '../harness.mjs';

const run = promisify(execFile);
let stack;

before(async () => {
	stack = await startStack();
});
after(() => stack?.stop());

/* The sentence that a command fails with. */
async function failure(...words) {
	const error = await stack.tabelctl(...words).then(
		() => assert.fail(`tabelctl ${words.join(' ')} should fail`), (e) => e);
	assert.equal(error.code, /^usage: /.test(error.stderr) ? 2 : 1);
	return error.stderr.trim();
}

const password = (stdout) => /^password (\S+)$/m.exec(stdout)[1];
const login = (username, secret) =>
	stack.api('POST', '/auth/login', { body: { username, password: secret } });
const query = async (text) => (await stack.db(text))[0];

test('commands are listed, wrong ones are answered with a sentence', async () => {
	const { stdout } = await stack.tabelctl('help');
	const names = [...stdout.matchAll(/^([a-z]+)(?: [A-Z[a-z-].*)?$/gm)].map((m) => m[1]);
	assert.deepEqual(names, ['admin', 'backup', 'bot', 'check', 'clean', 'demo', 'help', 'init', 'keys', 'links',
		'migrate', 'rebuild', 'restore', 'settings']);
	assert.equal((await stack.tabelctl('--help')).stdout, stdout);
	for (const name of names) {
		const said = await run(join(stack.dir, 'bin/tabelctl'), [name, '--help'], { env: {} });
		assert.match(said.stdout, new RegExp(`^usage: tabelctl ${name}\\b.*\n\n.*\\.\n$`));
	}
	assert.match(await failure('what'), /lists the commands\.$/);
	assert.match(await failure(), /lists the commands\.$/);
	assert.equal(await failure('admin'), 'usage: tabelctl admin NAME');
	assert.equal(await failure('init', 'now'), 'usage: tabelctl init');
	for (const words of [['bot', 'what'], ['keys', 'what'], ['keys', 'backup'], ['keys', 'list', '--what'], ['clean', 'what', '1y'],
		['backup', '--what'], ['restore', 'one', 'two'], ['migrate', 'one', 'two']])
		assert.match(await failure(...words), new RegExp(`^usage: tabelctl ${words[0]} `));
});

test('settings are printed without their secrets', async () => {
	const { stdout } = await stack.tabelctl('settings');
	assert.match(stdout, /^BOT_TOKEN=\*\*\* {2}# /m);
	assert.match(stdout, /^BOT_USERNAME=tabel_demo_bot {2}# /m);
	assert.ok(!stdout.includes(botToken));
});

test('every wrong setting is named at once', async () => {
	const error = await run(join(stack.dir, 'bin/tabelctl'), ['links'],
		{ env: { PATH: process.env.PATH, TOKEN_MINUTES: 'soon' } }).catch((e) => e);
	assert.equal(error.code, 1);
	for (const name of ['BOT_TOKEN', 'BOT_USERNAME', 'DATABASE_URL', 'TOKEN_MINUTES'])
		assert.match(error.stderr, new RegExp(name));
});

test('init may be repeated', async () => {
	const keys = () => stack.db('SELECT id, purpose FROM key ORDER BY id');
	const before = await keys();
	assert.deepEqual(before.map((key) => key.purpose).sort(), ['pepper', 'seal', 'token']);
	await stack.tabelctl('init');
	assert.deepEqual(await keys(), before);
});

test('an administrator gets a password, and a new one', async () => {
	const first = password((await stack.tabelctl('admin', 'boss')).stdout);
	const session = await login('boss', first);
	assert.equal(session.status, 200);
	assert.ok(session.body.roles.includes('admin'));

	const second = password((await stack.tabelctl('admin', 'boss')).stdout);
	assert.notEqual(second, first);
	assert.equal((await login('boss', first)).status, 401);
	assert.equal((await login('boss', second)).status, 200);
	const old = await stack.api('GET', '/me', { token: session.body.token });
	assert.equal(old.status, 401);
	assert.equal(old.body.code, 'SESSION_ENDED');

	assert.match(await failure('admin', 'two words'), /cannot be a user name/);
	const trace = await query(`SELECT actor, new->>'password_hash' AS hash FROM audit
		WHERE entity = 'person' AND action = 'insert' ORDER BY id DESC LIMIT 1`);
	assert.equal(trace.actor, 'tabelctl');
	assert.match(trace.hash, /^\*.{6}$/);
});

test('check says what is wrong', async () => {
	assert.equal((await stack.tabelctl('check')).stdout, 'All is well.\n');
	const check = (env) => run(join(stack.dir, 'bin/tabelctl'), ['check'],
		{ env: { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf'), ...env } })
		.then(() => assert.fail('all is well'), (error) => error.stderr);
	assert.match(await check({ MASTER_KEY: '0'.repeat(64) }), /belongs to another master key/);
	assert.match(await check({ DATABASE_URL: 'host=/nonexistent' }), /database/);
	assert.match(await check({ BOT_TOKEN: '' }), /BOT_TOKEN/);
	assert.match(await check({ STATIC_DIR: '/nonexistent' }), /^vendor\/telegram-web-app\.js is not in \/nonexistent: /m);
});

test('the demo clinic is three weeks of facts and what follows from them', async () => {
	const { stdout } = await stack.tabelctl('demo');
	assert.match(stdout, /^14 people, [5-9]\d\d scans$/m);
	assert.equal((await login('admin', password(stdout))).status, 200);
	assert.match(await failure('demo'), /for an empty installation/);

	const seen = await query(`SELECT
		(SELECT count(DISTINCT time_zone) FROM branch) AS zones,
		(SELECT count(*) FROM employee) AS employees,
		(SELECT count(*) FROM person_role WHERE role = 'manager') AS managers,
		(SELECT count(*) FROM event WHERE at > now()) AS future,
		(SELECT count(DISTINCT local_day(at, time_zone)) FROM event) AS days,
		(SELECT count(*) FROM event WHERE (claim IS NULL OR terminal IS NULL
			OR source <> 'qr') AND source <> 'correction' OR receipt !~ '^[0-9a-f]{64}$') AS odd,
		(SELECT string_agg(state, ' ' ORDER BY state) FROM correction) AS corrections,
		(SELECT string_agg(state, ' ' ORDER BY state) FROM tap) AS taps,
		(SELECT count(*) FROM event e LEFT JOIN event_meaning m ON m.event = e.id
			WHERE m.kind IS DISTINCT FROM e.kind) AS unexplained,
		(SELECT count(*) FROM event_meaning WHERE effect = 'missing_in') AS missing_in,
		(SELECT count(*) FROM interval WHERE state = 'missing_out'
			OR state = 'open' AND in_at < now() - interval '13 hours') AS missing_out,
		(SELECT count(*) FROM interval i JOIN event e ON e.id = i.in_event
			WHERE i.in_at <> e.at OR e.kind <> 'in') AS not_theirs,
		(SELECT count(*) FROM registration r JOIN claim c ON c.person = r.person
			WHERE r.state = 'pending' AND c.pending) AS waiting,
		(SELECT count(*) FROM notification n WHERE n.key <> 'notice.forgotten'
			AND n.state <> 'sent') AS notices`);
	assert.ok(seen.days >= 20);
	delete seen.days;
	assert.deepEqual(seen, { zones: 2, employees: 14, managers: 2, future: 0, odd: 0,
		unexplained: 0, missing_in: 1, missing_out: 3, corrections: 'approved pending rejected', taps: 'refused unknown unknown', not_theirs: 0, waiting: 1, notices: 0 });
});

test('rebuild derives the same again', async () => {
	const forgotten = `SELECT FROM interval WHERE state = 'open' AND limit_at < now()`;
	do	/* the stack's own worker may be at it */
		await stack.worker();
	while ((await stack.db(forgotten)).length > 0);
	const derived = async () => [
		await stack.db('SELECT * FROM event_meaning ORDER BY event'),
		await stack.db(`SELECT in_event, out_event, in_at, out_at, limit_at, branch, day, state
			FROM interval ORDER BY in_event`),
	];
	const before = await derived();
	assert.ok(before[1].length > 250);
	assert.equal((await stack.tabelctl('rebuild')).stdout, '14 employees\n');
	assert.deepEqual(await derived(), before);
});

async function printedLinks() {
	const { stdout } = await stack.tabelctl('links');
	return {
		stdout,
		codes: [...stdout.matchAll(/pairing code (\d{6})/g)].map((m) => m[1]),
		links: Object.fromEntries([...stdout.matchAll(/^Mini App as an? (\w+).*\n\t(\S+)$/gm)]
			.map((m) => [m[1], m[2]])),
	};
}

const fragmentOf = (link) => new URLSearchParams(new URL(link).hash.slice(1));

test('links are what Telegram would hand over', async () => {
	const { links, codes } = await printedLinks();
	const expected = { employee: ['active', ['employee']],
		manager: ['active', ['employee', 'manager']],
		administrator: ['active', ['employee', 'admin']], stranger: ['unknown', []] };
	assert.deepEqual(Object.keys(links), Object.keys(expected));
	for (const [who, [state, roles]] of Object.entries(expected)) {
		const url = new URL(links[who]);
		assert.equal(`${url.origin}${url.pathname}`, `${stack.url}/app/`);
		const fragment = fragmentOf(links[who]);
		assert.deepEqual([...fragment.keys()], ['tgWebAppData', 'tgWebAppVersion',
			'tgWebAppPlatform', 'tgWebAppThemeParams']);
		const init_data = fragment.get('tgWebAppData');
		validate(init_data, botToken);	/* throws if the signature is wrong */
		const user = JSON.parse(new URLSearchParams(init_data).get('user'));
		assert.ok(user.id > 900_000_000_000 && user.id < 2 ** 52);
		const answer = await stack.api('POST', '/auth/telegram', { body: { init_data } });
		assert.equal(answer.status, 200);
		assert.equal(answer.body.state, state);
		for (const role of roles)
			assert.ok(answer.body.roles.includes(role), `${who}: ${answer.body.roles}`);
	}

	assert.equal(codes.length, 2);
	const paired = await stack.api('POST', '/register', { body: { pairing_code: codes[0] } });
	assert.equal(paired.status, 201);
	assert.equal(paired.body.terminal.name, 'Планшет на Садовой');
	const again = (await printedLinks()).stdout;
	assert.match(again, /"Планшет на Садовой".*, paired already$/m);
	const stale = await stack.api('POST', '/register', { body: { pairing_code: codes[1] } });
	assert.equal(stale.status, 422);
});

test('keys are listed and rotated, but not the pepper', async () => {
	const list = async () => (await stack.tabelctl('keys', 'list')).stdout;
	assert.equal((await list()).match(/\tactive$/gm).length, 3);
	await stack.tabelctl('keys', 'rotate', 'seal');
	const after = await list();
	assert.equal(after.match(/\tactive$/gm).length, 3);
	assert.equal(after.match(/\tseal\t.*\tretired /gm).length, 1);
	assert.match(await failure('keys', 'rotate', 'pepper'), /every password hangs on/);
	assert.match(await failure('keys', 'burn'), /^usage: tabelctl keys list/);
});

test('a backup brings a fresh installation to accept what the old one signed', async (t) => {
	const file = (name) => join(stack.dir, 'tmp', name);
	await writeFile(file('passphrase'), 'correct horse battery\n');
	await writeFile(file('wrong'), 'incorrect horse battery\n');
	await writeFile(file('short'), 'horse\n');
	const using = (name) => ['--passphrase-file', file(name)];
	assert.match(await failure('keys', 'backup', file('keys'), ...using('short')), /at least 12/);
	await stack.tabelctl('keys', 'backup', file('keys'), ...using('passphrase'));
	assert.equal((await stat(file('keys'))).mode & 0o777, 0o600);
	assert.match(await failure('keys', 'backup', file('keys'), ...using('passphrase')),
		/is there already/);

	/* What the old installation signed: a session, a password, a code. */
	const secret = password((await stack.tabelctl('admin', 'boss')).stdout);
	const { links, codes } = await printedLinks();
	const init_data = fragmentOf(links.employee).get('tgWebAppData');
	const { token } = (await stack.api('POST', '/auth/telegram', { body: { init_data } })).body;
	const tablet = (await stack.api('POST', '/register', { body: { pairing_code: codes[0] } })).body;
	const feed = (await stack.api('GET', '/kiosk/feed', { token: tablet.key })).body;

	/* The old data, without the keys, in a new house with a new master key. */
	const fresh = await startStack();
	t.after(() => fresh.stop());
	const tables = `branch, claim, employee, event, notification, one_time_code, person,
		position, session, setting, terminal`;
	await fresh.db(`TRUNCATE ${tables} CASCADE`);
	const dump = join(fresh.dir, 'tmp', 'dump.sql');
	await run('pg_dump', ['-h', stack.socket, '-U', 'postgres', '--data-only',
		'--disable-triggers', '-T', 'key', '-T', 'schema_version', '-T', 'audit',
		'-f', dump, 'tabel']);
	await fresh.db('TRUNCATE job_run, used_code, throttle, idempotency');
	await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', fresh.socket,
		'-U', 'postgres', '-f', dump, 'tabel']);
	const me = () => fresh.api('GET', '/me', { token });
	assert.equal((await me()).status, 401);

	const wrong = await fresh.tabelctl('keys', 'restore', file('keys'), ...using('wrong'))
		.catch((error) => error);
	assert.equal(wrong.stderr, 'The passphrase is wrong or the backup is damaged.\n');
	const text = await readFile(file('keys'), 'utf8');
	await writeFile(file('damaged'), text.slice(0, -20));
	const damaged = await fresh.tabelctl('keys', 'restore', file('damaged'), ...using('passphrase'))
		.catch((error) => error);
	assert.equal(damaged.stderr, wrong.stderr);
	assert.equal((await me()).status, 401);

	await fresh.tabelctl('keys', 'restore', file('keys'), ...using('passphrase'));
	await run('supervisorctl', ['-c', join(fresh.dir, 'etc/supervisord.conf'),
		'restart', 'auth:*', 'events:*']);	/* or wait a minute */
	assert.equal((await me()).status, 200);
	assert.equal((await fresh.api('POST', '/auth/login',
		{ body: { username: 'boss', password: secret } })).status, 200);
	const claim = await fresh.api('POST', '/claims', { token, body: { code: feed.codes[0].code } });
	assert.equal(claim.status, 201);
});
