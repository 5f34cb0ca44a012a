/*
 * How the installation is, its settings, its audit log (X5), its keys (Q12)
 * and its messages.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createDecipheriv, scryptSync } from 'node:crypto';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { programs, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

const run = promisify(execFile);
let stack, clinic, manager;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack);
	manager = await clinic.hire({ first_name: 'Олег', last_name: 'Ткач', phone: '+380501112233' },
		{ manager_of: [clinic.branch.id] });
});
after(() => stack?.stop());

const admin = (method, path, body, headers) =>
	clinic.as(clinic.admin, method, path, body, headers);
const must = (method, path, body) => clinic.must(clinic.admin, method, path, body);
const health = () => stack.api('GET', '/system/health');
const supervise = (...words) =>
	run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), ...words]);

/* Asks again until it is so. */
async function until(what, is) {
	const end = Date.now() + 30000;
	for (;;) {
		const found = await what();
		if (is(found))
			return found;
		assert.ok(Date.now() < end, `it never came: ${JSON.stringify(found)}`);
		await new Promise((done) => setTimeout(done, 100));
	}
}
const check = (answer, name) => answer.body.checks.find((c) => c.name === name);

function fault(answer, status, code, ...fields) {
	assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
	if (fields.length > 0)
		assert.deepEqual(answer.body.errors.map((e) => e.field), fields);
}

/* Prometheus text as { name: [{ labels, value }] }; what is none throws. */
async function metrics() {
	const answer = await stack.api('GET', '/system/metrics');
	assert.equal(answer.status, 200);
	assert.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
	assert.equal(answer.headers.get('content-disposition'), null);
	const found = {}, types = {};
	let group;
	assert.ok(answer.body.endsWith('\n'));
	for (const line of answer.body.slice(0, -1).split('\n')) {
		const type = /^# (?:TYPE ([a-z_]+) (counter|gauge|histogram)|HELP [a-z_]+ .+)$/.exec(line);
		if (line.startsWith('#')) {
			assert.ok(type, line);
			if (type[1]) {
				assert.equal(types[type[1]], undefined, `${type[1]} twice`);
				types[group = type[1]] = type[2];
			}
			continue;
		}
		const sample = /^([a-z_]+)(?:\{((?:[a-z_]+="[^"\\\n]*",?)*)\})? (-?[0-9.]+(?:e[+-]\d+)?)$/.exec(line);
		assert.ok(sample, line);
		const [, name, labels = '', value] = sample;
		assert.equal(name.replace(types[group] === 'histogram' ? /_(bucket|sum|count)$/ : /$^/, ''), group);
		(found[name] ??= []).push({
			labels: Object.fromEntries([...labels.matchAll(/([a-z_]+)="([^"]*)"/g)]
				.map((m) => [m[1], m[2]])),
			value: Number(value),
		});
	}
	return { found, text: answer.body };
}
const sample = ({ found }, name, labels = {}) => found[name]?.find((s) =>
	Object.entries(labels).every(([key, value]) => s.labels[key] === value))?.value;

test('about is for everybody and tells what a page needs at first', async () => {
	const answer = await stack.api('GET', '/system/about');
	assert.equal(answer.status, 200);
	assert.deepEqual(answer.body, {
		organisation: 'Tabel', bot_username: 'tabel_demo_bot', app_name: 'app',
		version: answer.body.version, registration_open: true, language: 'ru',
	});
	assert.match(answer.body.version, /^\d+\.\d+/);
});

describe('health', () => {
	test('is ok when everything runs', async () => {
		const answer = await until(health, (a) => a.body.status === 'ok');
		assert.equal(answer.status, 200);
		assert.deepEqual(answer.body.checks, ['database', 'schema', 'keys', 'worker', 'outbox',
			'terminals'].map((name) => ({ name, ok: true, detail: null })));
	});

	test('is degraded without the worker, and when messages wait', async () => {
		await supervise('stop', 'worker');
		await stack.db('UPDATE job_run SET finished_at = now() - interval \'121 s\' WHERE job = \'heartbeat\'');
		const [{ id }] = await stack.db(`
			INSERT INTO notification (chat, key, due_at, dedupe, created_at)
			VALUES (1, 'notice.in', now() - interval '6 min', 'health', now()) RETURNING id`);
		try {
			const answer = await health();
			assert.equal(answer.status, 200);
			assert.equal(answer.body.status, 'degraded');
			assert.match(check(answer, 'worker').detail, /^The worker was not seen/);
			assert.match(check(answer, 'outbox').detail, /^1 messages wait/);
			assert.equal(check(answer, 'database').ok, true);
		} finally {
			await stack.db('DELETE FROM notification WHERE id = $1', [id]);
			await supervise('start', 'worker');
		}
		await until(health, (a) => a.body.status === 'ok');
	});

	test('mentions terminals that are silent, which is no failure', async () => {
		await stack.db('UPDATE terminal SET last_seen_at = now() - interval \'1 h\'');
		const answer = await health();
		assert.equal(answer.body.status, 'ok');
		assert.deepEqual(check(answer, 'terminals'), { name: 'terminals', ok: true,
			detail: '1 of 1 terminals were not seen for five minutes.' });
		await clinic.feed();
		assert.equal(check(await health(), 'terminals').detail, null);
	});

	test('is down when the schema is older than the programs', async () => {
		const [{ version }] = await stack.db('SELECT max(version) AS version FROM schema_version');
		await stack.db('UPDATE schema_version SET version = 0 WHERE version = $1', [version]);
		try {
			const answer = await health();
			assert.equal(answer.status, 503);
			assert.equal(answer.body.status, 'down');
			assert.match(check(answer, 'schema').detail, /run tabelctl migrate\.$/);
			assert.equal(check(answer, 'worker').ok, false);
		} finally {
			await stack.db('UPDATE schema_version SET version = $1 WHERE version = 0', [version]);
		}
		await stack.db(`INSERT INTO schema_version (version, name, sha256) VALUES (9000, 'later', '')`);
		try {
			const answer = await health();
			assert.equal(answer.body.status, 'ok');
			assert.match(check(answer, 'schema').detail, /newer/);
		} finally {
			await stack.db('DELETE FROM schema_version WHERE version = 9000');
		}
	});

	test('is down when the master key cannot be trusted', async () => {
		const file = stack.conf.MASTER_KEY_FILE;
		await chmod(file, 0o644);
		try {
			const answer = await health();
			assert.equal(answer.status, 503);
			assert.match(check(answer, 'keys').detail, /0600/);
		} finally {
			await chmod(file, 0o600);
		}
		assert.equal((await health()).status, 200);
	});

	test('and metrics answer soon when the database does not', async () => {
		await supervise('stop', 'postgres');
		try {
			const began = Date.now();
			const answer = await health();
			assert.equal(answer.status, 503);
			assert.equal(answer.body.status, 'down');
			assert.deepEqual(check(answer, 'database'),
				{ name: 'database', ok: false, detail: 'The database does not answer.' });
			const told = await metrics();
			assert.equal(sample(told, 'tabel_database_up'), 0);
			assert.ok(sample(told, 'tabel_requests_total', { path: '/system/health' }) > 0);
			assert.ok(Date.now() - began < 5000);
			assert.equal((await stack.api('GET', '/system/about')).status, 200);
		} finally {
			await supervise('start', 'postgres');
		}
		await until(health, (a) => a.status === 200);
	});
});

describe('metrics', () => {
	test('are Prometheus text, count every answer and go on after a restart', async () => {
		const labels = { program: 'system', method: 'GET', path: '/settings', status: '200' };
		const before_ = sample(await metrics(), 'tabel_requests_total', labels) ?? 0;
		for (let i = 0; i < 3; i++)
			await must('GET', '/settings');
		await supervise('restart', 'system:*');
		for (let i = 0; i < 4; i++)
			await must('GET', '/settings');
		const told = await metrics();
		assert.equal(sample(told, 'tabel_requests_total', labels), before_ + 7);
		const name = 'tabel_request_duration_seconds';
		const of = { program: 'system' };
		assert.equal(sample(told, `${name}_bucket`, { ...of, le: '+Inf' }), sample(told, `${name}_count`, of));
		const buckets = told.found[`${name}_bucket`].filter((s) => s.labels.program === 'system');
		assert.deepEqual(buckets.map((s) => s.value), buckets.map((s) => s.value).sort((a, b) => a - b));
		assert.ok(sample(told, `${name}_sum`, of) > 0);
	});

	test('tell of people, shifts, messages, terminals', async () => {
		await clinic.mark((await clinic.hire()).token, 'in');
		const told = await metrics();
		const [{ active }] = await stack.db('SELECT count(*) AS active FROM person WHERE state = \'active\'');
		assert.equal(sample(told, 'tabel_people', { state: 'active' }), active);
		assert.equal(sample(told, 'tabel_people', { state: 'erased' }), 0);
		assert.equal(sample(told, 'tabel_intervals_open'), 1);
		assert.equal(sample(told, 'tabel_terminals_seen'), 1);
		assert.equal(sample(told, 'tabel_notifications', { state: 'waiting' }) >= 0, true);
		assert.equal(sample(told, 'tabel_database_up'), 1);
		assert.equal(sample(told, 'tabel_build_info'), 1);
		assert.doesNotMatch(told.text, /Ткач|Котова|380501112233|90000000\d/);
		const files = (await readdir(stack.conf.RUN_DIR)).filter((f) => f.endsWith('.metrics'));
		assert.deepEqual(files.sort(), programs.map((f) => `${f}.metrics`));
	});
});

describe('settings', () => {
	const setting = async (name) =>
		(await must('GET', '/settings')).items.find((s) => s.name === name);
	const put = (name, value) => admin('PUT', `/settings/${name}`, { value });

	test('are listed with all that a form needs', async () => {
		const { items, next } = await must('GET', '/settings');
		assert.equal(next, null);
		assert.deepEqual(items.map((s) => s.name), items.map((s) => s.name).sort());
		assert.deepEqual(await setting('language'), {
			name: 'language', type: 'choice', value: 'ru', default: 'ru', minimum: null,
			maximum: null, choices: ['ru', 'uk', 'en'],
			sentence: (await setting('language')).sentence,
			version: (await setting('language')).version,
		});
		const { type, minimum, maximum, choices } = await setting('key_rotation_days');
		assert.deepEqual({ type, minimum, maximum, choices },
			{ type: 'int', minimum: 1, maximum: 365, choices: null });

		const first = await must('GET', '/settings?limit=1');
		assert.deepEqual(first.items, [items[0]]);
		const rest = await must('GET', `/settings?limit=200&after=${first.next}`);
		assert.deepEqual(rest, { items: items.slice(1), next: null });
	});

	test('take what is allowed, at once, and nothing else', async () => {
		const good = [['organisation', 'Клініка «Здоров\'я»'], ['organisation', 'Я'.repeat(80)],
			['registration_open', 'off'], ['language', 'uk'], ['key_rotation_days', '365']];
		for (const [name, value] of good) {
			const answer = await put(name, value);
			assert.equal(answer.status, 200, JSON.stringify(answer.body));
			assert.equal(answer.body.value, value);
			assert.deepEqual(await setting(name), answer.body);
		}
		const { body } = await stack.api('GET', '/system/about');
		assert.deepEqual([body.organisation, body.registration_open, body.language],
			['Я'.repeat(80), false, 'uk']);

		for (const [name, value] of [['organisation', ''], ['organisation', 'Я'.repeat(81)],
			['organisation', 'two\nlines'], ['registration_open', 'true'], ['registration_open', ''],
			['language', 'ru|uk'], ['language', 'de'], ['key_rotation_days', '0'],
			['key_rotation_days', '366'], ['key_rotation_days', '-1'], ['key_rotation_days', '1e2'],
			['key_rotation_days', '9'.repeat(30)]])
			fault(await put(name, value), 422, 'BAD_FIELD', 'value');
		fault(await put('no_such', 'x'), 404, 'NOT_FOUND');
		fault(await put('language', 7), 422, 'BAD_FIELD', 'value');
		fault(await admin('PUT', '/settings/language', { value: 'ru', more: 'x' }), 422, 'BAD_FIELD', 'more');
		fault(await admin('PUT', '/settings/language', {}), 422, 'BAD_FIELD', 'value');
	});

	test('are the administrators\' business', async () => {
		for (const [method, path, body] of [['GET', '/settings'], ['GET', '/audit'], ['GET', '/keys'],
			['GET', '/notifications'], ['PUT', '/settings/language', { value: 'ru' }],
			['POST', '/keys/rotate', { purpose: 'seal' }],
			['POST', '/keys/backup', { passphrase: 'correct horse battery' }]]) {
			fault(await clinic.as(manager.token, method, path, body), 403, 'FORBIDDEN');
			fault(await clinic.as(undefined, method, path, body), 401, 'NO_TOKEN');
		}
	});
});

describe('the audit log', () => {
	const audit = async (query) => (await must('GET', `/audit?${query}`)).items;

	test('shows what was and what is, who did it, when and in which request', async () => {
		await must('PUT', '/settings/organisation', { value: 'Старая' });
		const answer = await admin('PUT', '/settings/organisation', { value: 'Новая' });
		const [row] = await audit('entity=setting&entity_id=organisation&limit=1');
		const me = await clinic.me(clinic.admin);
		assert.deepEqual({ ...row, id: 0, at: '' }, {
			id: 0, at: '', actor: `person:${me.person.id}`, actor_name: 'Первая Ада',
			action: 'update', entity: 'setting', entity_id: 'organisation', subject: null,
			old: { value: 'Старая' }, new: { value: 'Новая' },
			request_id: answer.headers.get('x-request-id'),
		});
		assert.match(row.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
		assert.ok(Math.abs(Date.parse(row.at) - Date.now()) < 60000);
	});

	test('has nothing to say about what did not change', async () => {
		const [{ id }] = await audit('entity=setting&limit=1');
		await must('PUT', '/settings/organisation', { value: 'Новая' });
		assert.equal((await audit('entity=setting&limit=1'))[0].id, id);
	});

	test('is read page by page, the newest first, and can be filtered', async () => {
		const all = await audit('limit=200');
		assert.ok(all.length > 10);
		assert.deepEqual(all.map((a) => a.id), all.map((a) => a.id).sort((a, b) => b - a));
		const found = [];
		for (let next = ''; next !== null;) {
			const page = await must('GET', `/audit?limit=7${next && `&after=${next}`}`);
			found.push(...page.items);
			({ next } = page);
		}
		assert.deepEqual(found.slice(0, all.length), all);
		const { actor } = all[0];
		assert.ok((await audit(`actor=${actor}`)).every((a) => a.actor === actor));
		const branches = await audit('entity=branch');
		assert.ok(branches.length > 0 && branches.every((a) => a.entity === 'branch'));
		assert.deepEqual(await audit('actor=person:0'), []);
		fault(await admin('GET', '/audit?after=x'), 422, 'BAD_FIELD', 'after');
	});

	test('names a terminal and a job as actors', async () => {
		await stack.db(`
			INSERT INTO audit (actor, action, entity, entity_id)
			VALUES ($1, 'test', 'nothing', '1'), ('job:prune', 'test', 'nothing', '1'),
				('person:999999', 'test', 'nothing', '1')`, [`terminal:${clinic.tablet.id}`]);
		assert.deepEqual((await audit('entity=nothing')).map((a) => [a.actor, a.actor_name]), [
			['person:999999', null], ['job:prune', null],
			[`terminal:${clinic.tablet.id}`, clinic.tablet.name],
		]);
	});

	test('holds no secret', async () => {
		await must('PUT', `/employees/${manager.id}/login`,
			{ username: 'oleg', password: 'ochen dlinnyj parol 7' });
		await must('POST', '/keys/rotate', { purpose: 'token' });
		const [{ text }] = await stack.db('SELECT string_agg(audit::text, chr(10)) AS text FROM audit');
		const secrets = await stack.db(`
			SELECT password_hash AS s FROM person WHERE password_hash IS NOT NULL
			UNION ALL SELECT key_hash FROM terminal WHERE key_hash IS NOT NULL
			UNION ALL SELECT encode(wrapped, 'hex') FROM key`);
		assert.ok(secrets.length >= 5);
		for (const { s } of secrets)
			assert.ok(!text.includes(s));
		assert.ok(!text.includes('ochen dlinnyj parol'));
		assert.ok(!text.includes(clinic.tablet.key));
	});

	test('cannot be changed by the programs', async () => {
		for (const text of ['UPDATE audit SET actor = \'x\'', 'DELETE FROM audit', 'TRUNCATE audit'])
			await assert.rejects(stack.db(`SET ROLE tabel_app; ${text}`), /permission denied/);
	});
});

describe('keys', () => {
	const keys = async () => (await must('GET', '/keys')).items;
	const active = async (purpose) =>
		(await keys()).filter((k) => k.purpose === purpose && k.retired_at === null);

	test('are listed without themselves', async () => {
		const items = await keys();
		assert.ok(items.length >= 3);
		for (const key of items)
			assert.deepEqual(Object.keys(key), ['id', 'purpose', 'active_from', 'retired_at']);
		const page = await must('GET', '/keys?limit=1');
		assert.deepEqual(page.items, items.slice(0, 1));
		assert.deepEqual((await must('GET', `/keys?limit=1&after=${page.next}`)).items, items.slice(1, 2));
	});

	test('are rotated without any visible effect', async () => {
		const anna = await clinic.hire();
		const code = await clinic.code();
		const [old] = await active('seal');
		const answer = await admin('POST', '/keys/rotate', { purpose: 'seal' });
		assert.equal(answer.status, 200);
		assert.deepEqual([answer.body], await active('seal'));
		assert.notEqual(answer.body.id, old.id);
		assert.ok((await keys()).find((k) => k.id === old.id).retired_at);
		const claim = await clinic.as(anna.token, 'POST', '/claims', { code });
		assert.equal(claim.status, 201, JSON.stringify(claim.body));

		await must('POST', '/keys/rotate', { purpose: 'token' });
		assert.equal((await clinic.me(anna.token)).person.id, anna.person);
	});

	test('are rotated once by a request that is repeated', async () => {
		const again = () => admin('POST', '/keys/rotate', { purpose: 'seal' },
			{ 'idempotency-key': 'rotate-1' });
		const first = await again();
		assert.equal(first.status, 200);
		assert.deepEqual((await again()).body, first.body);
		assert.deepEqual(await active('seal'), [first.body]);
	});

	test('are 255 at most', async () => {
		await stack.db(`INSERT INTO key SELECT id, 'seal', '\\x00', now(), now()
			FROM generate_series(1, 255) AS id ON CONFLICT DO NOTHING`);
		try {
			fault(await admin('POST', '/keys/rotate', { purpose: 'seal' }), 409, 'CONFLICT');
		} finally {
			await stack.db(`DELETE FROM key WHERE wrapped = '\\x00'`);
		}
		assert.equal((await admin('POST', '/keys/rotate', { purpose: 'seal' })).status, 200);
	});

	test('that protect passwords are not rotated', async () => {
		for (const purpose of ['pepper', '', 'all'])
			fault(await admin('POST', '/keys/rotate', { purpose }), 422, 'BAD_FIELD', 'purpose');
	});
});

describe('the backup of the keys', () => {
	const backup = (passphrase) => admin('POST', '/keys/backup', { passphrase });
	const audited = async () => (await must('GET', '/audit?entity=key&entity_id=all')).items;

	test('is a file that opens with its passphrase, and only with it', async () => {
		const passphrase = ' довгий пароль 12 ';
		const answer = await backup(passphrase);
		assert.equal(answer.status, 200);
		assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
		assert.equal(answer.headers.get('content-disposition'), 'attachment; '
			+ `filename="tabel-keys-${new Date().toISOString().slice(0, 10)}.txt"`);
		assert.match(answer.headers.get('cache-control'), /no-store/);

		const found = JSON.parse(open(answer.body, passphrase));
		const kept = await stack.db('SELECT id, purpose FROM key ORDER BY id');
		assert.deepEqual(found.map(({ id, purpose }) => ({ id, purpose })), kept);
		assert.ok(found.every((k) => /^[0-9a-f]{64}$/.test(k.key)));
		assert.throws(() => open(answer.body, passphrase.trim()));
		assert.throws(() => open(answer.body.replace(/created \d/, 'created 3'), passphrase));
	});

	test('is on record, with the keys that were taken along', async () => {
		const before_ = (await audited()).length;
		await backup('correct horse battery');
		const rows = await audited();
		assert.equal(rows.length, before_ + 1);
		const ids = (await stack.db('SELECT id FROM key ORDER BY id')).map((k) => k.id);
		assert.deepEqual([rows[0].action, rows[0].new, rows[0].old], ['backup', { keys: ids }, null]);
		assert.match(rows[0].actor, /^person:/);
		assert.ok(rows[0].request_id);
		assert.ok(!JSON.stringify(rows).includes('horse'));
	});

	test('wants a passphrase of 12 characters at least', async () => {
		const before_ = (await audited()).length;
		for (const wrong of ['', 'short', 'Пароль на 1', 'x'.repeat(201)])
			fault(await backup(wrong), 422, 'BAD_FIELD', 'passphrase');
		fault(await admin('POST', '/keys/backup', {}), 422, 'BAD_FIELD', 'passphrase');
		assert.equal((await audited()).length, before_);
		assert.equal((await backup('Пароль на 12')).status, 200);
	});

	/* What lib/trust/keyring_backup.c describes, by other means. */
	function open(text, passphrase) {
		const head = /^tabel-key-backup 1\ncreated [^\n]+\nsalt ([0-9a-f]{32})\n/.exec(text);
		const sealed = Buffer.from(text.slice(head[0].length).replaceAll('\n', ''), 'base64url');
		const key = scryptSync(passphrase, Buffer.from(head[1], 'hex'), 32,
			{ N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 27 });
		const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
		cipher.setAAD(Buffer.from(head[0]));
		cipher.setAuthTag(sealed.subarray(-16));
		return Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]).toString();
	}
});

test('a message that was given up is tried again, once', async () => {
	await supervise('stop', 'worker');
	const [one, secret, late, press] = (await stack.db(`
		INSERT INTO notification (chat, key, kind, callback, state, attempts, due_at, dedupe, created_at, secret, expires_at)
		SELECT -7, 'notice.in', kind, callback, 'failed', 9, now() - interval '1 day', 'retry ' || n, now(), secret,
		       now() + after
		  FROM (VALUES (1, 'send', NULL, false, NULL::interval), (2, 'send', NULL, true, NULL),
			(3, 'send', NULL, false, '-1 second'), (4, 'answer', 'q', false, NULL)) v (n, kind, callback, secret, after)
		 ORDER BY n RETURNING id`)).map((r) => r.id);
	const retry = (id) => admin('POST', `/notifications/${id}/retry`, {});
	const answers = await Promise.all(Array.from({ length: 8 }, () => retry(one)));
	assert.deepEqual(answers.map((a) => a.status).sort(), [200, 409, 409, 409, 409, 409, 409, 409]);
	const [row] = await stack.db('SELECT state, attempts, due_at <= now() AS due FROM notification WHERE id = $1', [one]);
	assert.deepEqual(row, { state: 'waiting', attempts: 0, due: true });
	for (const id of [secret, late])
		fault(await retry(id), 409, 'CONFLICT');
	for (const id of [press, 999999999])
		fault(await retry(id), 404, 'NOT_FOUND');
	await stack.db("DELETE FROM notification WHERE dedupe LIKE 'retry %'");
	await supervise('start', 'worker');
});

test('messages are listed, the newest first, by their state', async () => {
	await supervise('stop', 'worker');
	await stack.db(`
		INSERT INTO notification (person, chat, key, state, due_at, dedupe, created_at, sent_at, last_error)
		VALUES ($1, NULL, 'notice.in', 'sent', now(), 'list 1', now(), now(), NULL),
		       (NULL, -1001234567890123, 'notice.out', 'failed', now(), 'list 2', now(), NULL, 'Bad Request'),
		       ($1, NULL, 'notice.in', 'blocked', now(), 'list 3', now(), NULL, 'Forbidden')`,
	[manager.person]);
	const list = async (query = '') => (await must('GET', `/notifications?${query}`)).items;
	const [blocked, failed, sent] = await list('limit=3');
	assert.deepEqual([blocked.state, failed.state, sent.state], ['blocked', 'failed', 'sent']);
	assert.deepEqual(Object.keys(sent), ['id', 'to_name', 'chat', 'key', 'state', 'attempts', 'repeats',
		'due_at', 'last_error', 'created_at', 'sent_at', 'retry']);
	assert.deepEqual([sent.retry, failed.retry, blocked.retry], [false, true, true]);
	assert.deepEqual([sent.to_name, sent.chat, failed.to_name, failed.chat, failed.last_error],
		['Ткач Олег', null, null, -1001234567890123, 'Bad Request']);
	assert.deepEqual(await list('state=failed'), [failed]);
	const page = await must('GET', '/notifications?limit=1');
	assert.deepEqual((await must('GET', `/notifications?limit=1&after=${page.next}`)).items, [failed]);
	fault(await admin('GET', '/notifications?state=lost'), 422, 'BAD_FIELD', 'state');
	await supervise('start', 'worker');
});
