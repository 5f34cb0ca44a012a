/* The jobs of the worker besides the outbox: each by what it leaves behind. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { botToken, startStack } from '../harness.mjs';
import { startTelegram } from '../telegram.mjs';

const run = promisify(execFile);
let stack, telegram;

before(async () => {
	telegram = await startTelegram(botToken);
	stack = await startStack({ conf: { TELEGRAM_API_URL: telegram.url } });
	await supervise('stop', 'worker');
});
after(async () => {
	await stack?.stop();
	await telegram?.stop();
});
beforeEach(() => stack.db('DELETE FROM job_run'));

const supervise = (...words) =>
	run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), ...words]);
const one = async (text, values) => (await stack.db(text, values))[0];
const results = async () => Object.fromEntries((await stack.db(
	'SELECT job, result FROM job_run WHERE result IS NOT NULL')).map((r) => [r.job, r.result]));

/* Somebody whose interval began so many hours ago and may last for 16. */
async function openInterval(number, hours) {
	const branch = await one(`INSERT INTO branch (name, time_zone, notice, notice_chat)
		VALUES ($1, 'Asia/Yekaterinburg', 'irregular', $2) RETURNING id`,
	[`Филиал ${number}`, -1000 - number]);
	const position = await one(
		'INSERT INTO position (name) VALUES ($1) RETURNING id', [`Врач ${number}`]);
	const person = await one(`INSERT INTO person (last_name, first_name, state)
		VALUES ('Лис', 'Вера', 'active') RETURNING id`);
	const employee = await one(`INSERT INTO employee (person, branch, position, hired_on)
		VALUES ($1, $2, $3, '2026-01-01') RETURNING id`, [person.id, branch.id, position.id]);
	const event = await one(`INSERT INTO event (employee, kind, at, branch, time_zone,
			limit_seconds, recorded_at, source, receipt)
		VALUES ($1, 'in', date_trunc('second', now() - make_interval(hours => $2)), $3,
			'Asia/Yekaterinburg', 57600, now(), 'qr', 'x')
		RETURNING id, at, to_char(at AT TIME ZONE time_zone, 'HH24:MI') AS local`,
	[employee.id, hours, branch.id]);
	await stack.db(`INSERT INTO event_meaning VALUES ($1, 'in', 'opens')`, [event.id]);
	const interval = await one(`INSERT INTO interval (employee, in_event, in_at, limit_at,
			branch, time_zone, day, state)
		VALUES ($1, $2, $3, $3::timestamptz + interval '16 hours', $4,
			'Asia/Yekaterinburg', local_day($3, 'Asia/Yekaterinburg'), 'open')
		RETURNING id`, [employee.id, event.id, event.at, branch.id]);
	return { ...interval, local: event.local };
}

test('an interval beyond its limit is lost, and told once (W7)', async () => {
	const lost = await openInterval(1, 17);
	const running = await openInterval(2, 15);
	const state = async (interval) =>
		(await one('SELECT state FROM interval WHERE id = $1', [interval.id])).state;
	await stack.worker();
	assert.equal(await state(lost), 'missing_out');
	assert.equal(await state(running), 'open');
	assert.equal((await results()).missing_out, '1 missing out');
	assert.equal(telegram.sent.length, 1);
	assert.equal(telegram.sent[0].chat_id, -1001);
	assert.match(telegram.sent[0].text, new RegExp(`Лис Вера, Филиал 1.*${lost.local}`));

	await stack.db(`UPDATE interval SET state = 'open' WHERE id = $1`, [lost.id]);
	await stack.worker();
	assert.equal(await state(lost), 'missing_out');
	assert.equal(telegram.sent.length, 1);
});

test('what nobody needs any more is pruned, and nothing else', async () => {
	const { id: person } = await one(
		`INSERT INTO person (first_name) VALUES ('Ян') RETURNING id`);
	const fill = async (name, age, days) => {
		await stack.db(`INSERT INTO used_code VALUES (decode(md5($1), 'hex'),
			now() - make_interval(hours => $2))`, [name, age]);
		await stack.db(`INSERT INTO idempotency (owner, key, request, created_at)
			VALUES ('person:1', $1, '', now() - make_interval(hours => 2 * $2))`, [name, age]);
		await stack.db(`INSERT INTO one_time_code (purpose, hash, expires_at)
			VALUES ('pairing', $1, now() - make_interval(hours => $2))`, [name, age]);
		await stack.db(`INSERT INTO throttle VALUES ($1, 3, now() - make_interval(hours => $2),
			now() - make_interval(hours => $2))`, [name, age]);
		await stack.db(`INSERT INTO session VALUES ($1, $2, 'telegram',
			now() - interval '1 year', now() - make_interval(days => $3))`, [name, person, days]);
		await stack.db(`INSERT INTO job_run (job, started_at)
			VALUES ('prune', now() - make_interval(days => 3 * $1))`, [days]);
		for (const state of ['sent', 'waiting'])
			await stack.db(`INSERT INTO notification (chat, key, due_at, dedupe, state, created_at)
				VALUES (1, 'notice.in', now() + interval '1 day', $1, $2, now() - make_interval(days => 3 * $3))`,
			[name + state, state, days]);
	};
	await fill('old', 25, 31);
	await fill('young', 23, 29);
	await stack.worker();
	assert.equal((await results()).prune,
		'1 codes, 1 answers, 1 sessions, 1 secrets, 1 throttles, 1 runs, 1 messages');
	const left = await one(`SELECT (SELECT count(*) FROM used_code) AS codes,
		(SELECT string_agg(key, '') FROM idempotency) AS answers,
		(SELECT string_agg(hash, '') FROM one_time_code) AS secrets,
		(SELECT string_agg(key, '') FROM throttle) AS throttles,
		(SELECT string_agg(id, '') FROM session) AS sessions,
		(SELECT string_agg(dedupe, ' ' ORDER BY id) FROM notification WHERE chat = 1) AS messages`);
	assert.deepEqual(left, { codes: 1, answers: 'young', secrets: 'young',
		throttles: 'young', sessions: 'young', messages: 'oldwaiting youngsent youngwaiting' });
	await stack.db('DELETE FROM notification WHERE chat = 1');
});

const keys = async () => (await stack.db(`SELECT purpose, count(*) AS n,
	count(*) FILTER (WHERE retired_at IS NULL) AS active FROM key GROUP BY 1 ORDER BY 1`))
	.map((row) => `${row.purpose} ${row.active}/${row.n}`).join(', ');

test('keys are rotated by age, by one of many workers', async () => {
	await stack.worker();
	assert.equal(await keys(), 'pepper 1/1, seal 1/1, token 1/1');
	await stack.db(`UPDATE key SET active_from = now() - interval '31 days'`);

	await stack.db(`INSERT INTO setting VALUES ('key_rotation_days', '32')`);
	await stack.worker();
	assert.equal(await keys(), 'pepper 1/1, seal 1/1, token 1/1');

	await stack.db(`DELETE FROM setting`);
	await Promise.all([stack.worker(), stack.worker(), stack.worker(), stack.worker()]);
	assert.equal(await keys(), 'pepper 1/1, seal 1/2, token 1/2');
	assert.equal((await results()).rotate_keys, 'seal rotated, token rotated');
	const audit = await stack.db(`SELECT DISTINCT actor FROM audit
		WHERE entity = 'key' AND at > now() - interval '10 seconds' AND actor LIKE 'job:%'`);
	assert.deepEqual(audit.map((row) => row.actor), ['job:rotate_keys']);

	await stack.db(`UPDATE key SET retired_at = retired_at - interval '3 days'
		WHERE retired_at IS NOT NULL`);
	await stack.worker();
	assert.equal(await keys(), 'pepper 1/1, seal 1/1, token 1/1');
});

test('the heart beats in one row, whoever beats it', async () => {
	await Promise.all([stack.worker(), stack.worker()]);
	await stack.worker();
	const beats = await stack.db(`SELECT finished_at > now() - interval '10 seconds' AS fresh
		FROM job_run WHERE job = 'heartbeat'`);
	assert.deepEqual(beats, [{ fresh: true }]);
});

test('a worker outlives its database', async () => {
	await supervise('start', 'worker');
	await supervise('restart', 'postgres:*').catch(() => supervise('restart', 'postgres'));
	const before = telegram.sent.length;
	await untilAnswers();
	await stack.db(`INSERT INTO notification (chat, key, params, due_at, dedupe, created_at)
		VALUES (-2000, 'notice.in', '{}', now(), 'outlives', now())`);
	await telegram.arrived(before + 1);
	assert.equal(telegram.sent.at(-1).chat_id, -2000);
	await supervise('stop', 'worker');
});

async function untilAnswers() {
	await run('pg_isready', ['-h', stack.socket, '-t', '30']);
	await stack.db('SELECT 1').catch(untilAnswers);
}
