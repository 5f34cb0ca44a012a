/*
 * What a person gets of himself, and what is left of him after he has gone:
 * his hours, and nothing that names him.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { botToken, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { startTelegram } from '../telegram.mjs';

const run = promisify(execFile);
let stack, clinic, telegram;

before(async () => {
	telegram = await startTelegram(botToken);
	stack = await startStack({ faketime: '2026-10-20T06:00:00Z',
		conf: { TOKEN_MINUTES: 1440, TELEGRAM_API_URL: telegram.url } });
	await run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), 'stop', 'worker']);
	clinic = await openClinic(stack);
});
after(async () => {
	await stack?.stop();
	await telegram?.stop();
});

/* Somebody of whom there is a row of every kind. */
async function resident(names, more = {}) {
	const who = await clinic.hire(names, more);
	const { id: employee } = who;
	await clinic.mark(who.token, 'in');
	await stack.clock.add(600);
	await clinic.mark(who.token, 'out');
	await clinic.must(clinic.admin, 'POST', '/schedules',
		{ employee, kind: 'weekly', valid_from: '2026-10-05', shifts: ['0 09:00-18:00'] });
	await clinic.must(clinic.admin, 'POST', '/schedule-exceptions',
		{ employee, day: '2026-10-14', shifts: [], reason: `Свадьба: ${names.last_name}` });
	await clinic.must(clinic.admin, 'POST', '/absences',
		{ employee, kind: 'sick', from: '2026-10-07', to: '2026-10-08', note: `${names.last_name}, ${names.middle_name ? 'перелом' : 'грипп'}` });
	await clinic.must(who.token, 'POST', '/me/calendar', {});
	await clinic.must(clinic.admin, 'POST', '/events/manual',
		{ employee, at: '2026-10-19T06:00:00Z', until: '2026-10-19T08:00:00Z',
			kind: 'in', reason: `${names.last_name} без телефона` });
	await clinic.must(who.token, 'POST', '/corrections',
		{ action: 'add', at: '2026-10-19T09:00:00Z', kind: 'out', reason: `${names.last_name}: забыла` });
	await stack.db(`INSERT INTO tap (terminal, number, uid, at, offline, received_at, branch, time_zone, limit_seconds,
			state, employee)
		SELECT $1, $2::text, card_uid, '2026-10-19T06:00:00Z', false, '2026-10-19T06:00:00Z', branch, 'Europe/Kyiv', 57600,
			'dismissed', id FROM employee WHERE id = $2::text::bigint AND card_uid IS NOT NULL`, [clinic.tablet.id, String(employee)]);
	return who;
}

describe('own data', () => {
	let anna;
	const get = (token, kind) => clinic.must(token, 'GET', `/me/data.${kind}`);

	before(async () => {
		anna = await resident({ last_name: '=Котова', first_name: 'Анна "Аня"' },
			{ phone: '+380501112233', personnel_number: '0017', card_uid: '04AABBCC' });
		const login = { username: 'anna.k', password: 'семь холодных чайников' };
		await clinic.must(clinic.admin, 'PUT', `/employees/${anna.id}/login`, login);
	});

	test('as JSON has everything', async () => {
		const data = await get(anna.token, 'json');
		assert.equal(data.made_at, new Date(stack.clock.now()).toISOString().replace('.000', ''));
		assert.deepEqual([data.person.last_name, data.person.phone, data.person.username, data.person.has_password],
			['=Котова', '+380501112233', 'anna.k', true]);
		assert.deepEqual([data.employments[0].personnel_number, data.employments[0].branch_name],
			['0017', clinic.branch.name]);
		assert.deepEqual(data.events.map((e) => e.effect), ['opens', 'closes', 'opens', 'closes']);
		assert.deepEqual(data.intervals.map((i) => i.state), ['closed', 'closed']);
		assert.ok(data.days.some((d) => d.worked_seconds === 600));
		assert.equal(data.schedules[0].shifts.length, 1);
		assert.equal(data.schedule_exceptions.length, 1);
		assert.equal(data.absences[0].note, '=Котова, грипп');
		assert.deepEqual([data.scans.length, data.taps.length, data.corrections.length], [2, 1, 1]);
		assert.equal(data.calendar_link.length, 1);
		assert.ok(data.log.some((l) => l.entity === 'person' && l.action === 'update'));
		assert.deepEqual([data.roles, data.registrations], [[], []]);
		assert.equal(data.sessions[0].kind, 'telegram');
	});

	test('has no secrets', async () => {
		const text = JSON.stringify(await get(anna.token, 'json'));
		const [{ password_hash }] = await stack.db('SELECT password_hash FROM person WHERE id = $1', [anna.person]);
		const secrets = await stack.db('SELECT id AS secret FROM session UNION SELECT hash FROM calendar_link');
		for (const secret of [password_hash, ...secrets.map((s) => s.secret)])
			assert.ok(!text.includes(secret));
	});

	test('as CSV has the same rows, in local time, and is safe in a spreadsheet', async () => {
		const response = await fetch(`${stack.url}/api/me/data.csv?bom=true`,
			{ headers: { authorization: `Bearer ${anna.token}` } });
		assert.match(response.headers.get('content-disposition'), /tabel-data\.csv/);
		const rows = parse(await response.text(), { columns: true, bom: true, record_delimiter: '\r\n' });
		const data = await get(anna.token, 'json');
		for (const [section, items] of Object.entries(data).filter(([name]) => name !== 'made_at'))
			assert.deepEqual(rows.filter((r) => r.section === section).map((r) => JSON.parse(r.item)), [items].flat());
		const [first] = rows.filter((r) => r.section === 'events');
		assert.deepEqual([first.at, first.what, first.place], ['2026-10-19 09:00:00', 'in', clinic.branch.name]);
		assert.equal(rows[0].what, '\'=Котова Анна "Аня"');
	});

	test('is nobody else\'s', async () => {
		const other = await clinic.hire({ last_name: 'Другая' });
		const text = JSON.stringify(await get(other.token, 'json'));
		assert.ok(!text.includes('Котова'));
		const boss = JSON.stringify(await get(clinic.admin, 'json'));
		assert.ok(!boss.includes('Котова'), 'what he did to others names them by number');
		assert.equal((await clinic.as(undefined, 'GET', '/me/data.json')).status, 401);
	});

	test('is a stranger\'s, too, and of somebody who left', async () => {
		const stranger = await clinic.stranger('Прохожий');
		const data = await get(stranger.token, 'json');
		assert.deepEqual([data.person.first_name, data.employments, data.events], ['Прохожий', [], []]);
		const gone = await clinic.hire({ last_name: 'Ушедшая' });
		await stack.db(`UPDATE person SET state = 'inactive' WHERE id = $1`, [gone.person]);
		const { token } = await stack.signIn({ id: gone.telegram_id });
		assert.equal((await get(token, 'json')).person.last_name, 'Ушедшая');
	});
});

/* Everything in the database, as one text. */
async function dump() {
	const { stdout } = await run('pg_dump', ['-h', stack.socket, '-U', 'postgres', '--data-only', '--inserts', 'tabel'],
		{ maxBuffer: 1 << 28 });
	return stdout;
}

describe('erasure', () => {
	const name = { last_name: 'Неповторимова', first_name: 'Евлампия', middle_name: 'Спиридоновна' };
	const traces = ['Неповторимова', 'Евлампия', 'Спиридоновна', '380977654321', '04FEEDBEEF', 'evlampia', 'перелом',
		'51.507351'];
	const months = (n) => stack.db(`INSERT INTO setting VALUES ('erase_months', $1)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [String(n)]);
	const state = async ({ person }) => (await stack.db('SELECT state FROM person WHERE id = $1', [person]))[0].state;
	let eve, boss, telegram_id, before_;

	before(async () => {
		boss = await clinic.hire({ last_name: 'Главная' }, { manager_of: [clinic.branch.id] });
		await stack.db(`UPDATE branch SET notice = 'all' WHERE id = $1`, [clinic.branch.id]);
		eve = await resident(name, { phone: '+380977654321', personnel_number: '0042', card_uid: '04FEEDBEEF' });
		telegram_id = eve.telegram_id;
		await clinic.must(clinic.admin, 'PUT', `/employees/${eve.id}/login`,
			{ username: 'evlampia', password: 'семь холодных чайников' });
		await clinic.as(undefined, 'POST', '/auth/login', { username: 'evlampia', password: 'чужой пароль' });
		await stack.db('UPDATE claim SET latitude = 51.507351, longitude = 0.1 WHERE person = $1', [eve.person]);
		await stack.db(`UPDATE event SET reason = 'Евлампия забыла' WHERE employee = $1`, [eve.id]);
		await clinic.must(clinic.admin, 'PUT', `/employees/${eve.id}`, { ...name, last_name: 'Неповторимова-Тест',
			phone: '+380977654321', branch: clinic.branch.id, position: clinic.position.id, personnel_number: '0042',
			card_uid: '04FEEDBEEF' });
		const registered = await clinic.stranger();
		await clinic.must(registered.token, 'POST', '/registrations', { last_name: 'Отказова', first_name: 'Вера',
			phone: '+380500000009', branch: clinic.branch.id });
		const [{ id }] = await stack.db(`SELECT id FROM registration WHERE state = 'pending'`);
		await clinic.must(clinic.admin, 'POST', `/registrations/${id}/reject`, { reason: 'Отказова не наша' });
		await clinic.must(clinic.admin, 'DELETE', `/employees/${eve.id}`);
		/* PostgreSQL's clock is today's. */
		await stack.db(`UPDATE person SET created_at = '2026-10-01'`);
		before_ = await clinic.must(clinic.admin, 'GET', '/stats/worktime?from=2026-10-01&to=2026-10-31');
		const text = await dump();
		for (const trace of [...traces, String(telegram_id), 'Отказова'])
			assert.ok(text.includes(trace), `${trace} is there before`);
	});

	test('does not come early, and with 0 never', async () => {
		await months(3);
		await stack.clock.set('2027-01-19T12:00:00Z');
		await stack.worker();
		assert.equal(await state(eve), 'inactive');
		await months(0);
		await stack.clock.set('2030-01-19T12:00:00Z');
		await stack.worker();
		assert.equal(await state(eve), 'inactive');
	});

	test('leaves nothing personal in any column of any table', async () => {
		await months(3);
		await stack.clock.set('2027-01-21T12:00:00Z');
		await stack.worker();
		assert.equal(await state(eve), 'erased');
		const text = await dump();
		const found = [...traces, `${telegram_id}`, 'Отказова', '380500000009']
			.filter((trace) => text.toLowerCase().includes(trace.toLowerCase()));
		assert.deepEqual(found, []);
		assert.equal(await state(boss), 'active');
	});

	test('says so in the log, which keeps who changed what, but not from what to what', async () => {
		const log = await stack.db(`SELECT actor, action, old, new FROM audit
			WHERE entity = 'person' AND entity_id = $1 ORDER BY id`, [String(eve.person)]);
		assert.deepEqual(log.at(-1), { actor: 'job:erase', action: 'erase', old: null, new: null });
		const change = log.find((l) => l.old?.last_name && l.actor !== 'job:erase');
		assert.deepEqual([change.old.last_name, change.new.last_name], ['*', '*']);
		const [{ result }] = await stack.db(`SELECT result FROM job_run WHERE job = 'erase' AND result IS NOT NULL`);
		assert.match(result, /people$/);
	});

	test('keeps the hours, by number', async () => {
		const token = (await stack.signIn()).token;
		const now = await clinic.must(token, 'GET', '/stats/worktime?from=2026-10-01&to=2026-10-31');
		const line = (sheet) => sheet.items.find((i) => i.employee === eve.id);
		assert.deepEqual(line(now), { ...line(before_), name: '№ 0042' });
		const events = await clinic.must(token, 'GET', `/events?employee=${eve.id}`);
		assert.equal(events.items.length, 4);
		const [{ n }] = await stack.db('SELECT count(*) AS n FROM workday WHERE employee = $1', [eve.id]);
		assert.ok(n > 0);
	});

	test('is for good: he is not found, changed, or imported again', async () => {
		const { token } = await stack.signIn();
		const found = await clinic.must(token, 'GET', '/employees?state=all&search=0042');
		assert.deepEqual(found.items.map((i) => [i.last_name, i.first_name, i.active]), [['№', '0042', false]]);
		const put = await clinic.as(token, 'PUT', `/employees/${eve.id}`, { ...name, branch: clinic.branch.id,
			position: clinic.position.id });
		assert.equal(put.status, 404);
		const back = await stack.signIn({ id: telegram_id, first_name: 'Снова' });
		assert.equal(back.state, 'unknown');
		const file = await clinic.as(token, 'POST', '/employees.csv', 'personnel_number;hired_on\n0042;2020-01-01\n',
			{ 'content-type': 'text/csv' });
		assert.deepEqual(file.body.items[0].errors.map((e) => e.code), ['erased']);
	});

	test('a program cannot do it to somebody who is here', async () => {
		const client = (text) => run('psql', ['-h', stack.socket, '-U', 'tabel_app', '-d', 'tabel', '-X', '-A', '-t', '-c', text]);
		await assert.rejects(client(`SELECT erase_person(${boss.person})`), /permission denied/);
		await assert.rejects(client(`UPDATE audit SET old = NULL`), /permission denied/);
	});
});
