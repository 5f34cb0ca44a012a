/* The outbox and the worker that empties it, against the Bot API's stand-in. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { Api } from 'grammy';
import { botToken, startStack } from '../harness.mjs';
import { startTelegram } from '../telegram.mjs';

const run = promisify(execFile);
let telegram, stack, n = 0;

before(async () => {
	telegram = await startTelegram(botToken);
	stack = await startStack({ conf: { TELEGRAM_API_URL: telegram.url } });
	await supervise('stop');	/* each test runs the worker itself */
});
after(async () => {
	await stack?.stop();
	await telegram?.stop();
});
beforeEach(async () => {
	await stack.db('DELETE FROM notification');
	telegram.sent.length = telegram.refusals.length = telegram.failures.length = 0;
	telegram.requests = 0;
});

const supervise = (what) =>
	run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), what, 'worker']);

async function person(more = {}) {
	const columns = { first_name: 'Ольга', telegram_id: 5000000 + ++n, state: 'active', ...more };
	const [row] = await stack.db(
		'INSERT INTO person (first_name, telegram_id, state) VALUES ($1, $2, $3) RETURNING id',
		[columns.first_name, columns.telegram_id, columns.state]);
	return { ...columns, id: row.id };
}

async function notice(to, more = {}) {
	const row = {
		key: 'notice.in', language: 'ru', attempts: 0, age: 0,
		params: { name: 'Белова Анна', time: '08:58', branch: 'Садовая' }, ...more,
	};
	const [made] = await stack.db(`
		INSERT INTO notification (person, chat, key, params, language, due_at, dedupe,
			attempts, created_at)
		VALUES ($1, $2, $3, $4, $5, now() - interval '1 second', $6, $7,
			now() - make_interval(secs => $8))
		RETURNING id`,
	[to.person, to.chat, row.key, row.params, row.language, `test:${++n}`, row.attempts, row.age]);
	return made.id;
}

async function state(id) {
	const [row] = await stack.db(`
		SELECT *, extract(epoch FROM due_at - now())::float8 AS due_in
		  FROM notification WHERE id = $1`, [id]);
	return row;
}

const dueNow = (id) =>
	stack.db("UPDATE notification SET due_at = now() - interval '1 second' WHERE id = $1", [id]);

test('the stand-in is a Bot API to an independent client', async () => {
	const api = new Api(botToken, { apiRoot: telegram.url });
	assert.equal((await api.getMe()).is_bot, true);
	const sent = await api.sendMessage(7, 'a <b>&lt;b&gt;</b>', { parse_mode: 'HTML' });
	assert.equal(sent.text, 'a <b>');

	const refused = (promise, code, description) => assert.rejects(promise, (error) =>
		error.error_code === code && description.test(error.description));
	for (const [html, why] of [
		['<b>x', /Can't find end tag corresponding to start tag "b"/],
		['<b>x</i>', /Unmatched end tag .* expected "<\/b>", found "<\/i>"/],
		['x</b>', /Unexpected end tag/],
		['<h1>x</h1>', /Unsupported start tag "h1"/],
		['<b></b>', /message text is empty/],
		['x'.repeat(4097), /message is too long/],
	])
		await refused(api.sendMessage(7, html, { parse_mode: 'HTML' }), 400, why);
	await refused(api.sendMessage(7, 'x', { colour: 'red' }), 400, /no parameter "colour"/);
	await refused(new Api('1:x', { apiRoot: telegram.url }).getMe(), 401, /^Unauthorized$/);
	await refused(api.sendDice(7, '🎲'), 404, /method not found/);

	telegram.blocked.add(8);
	await refused(api.sendMessage(8, 'x'), 403, /^Forbidden: bot was blocked by the user$/);
	telegram.failNext({ error_code: 429, retry_after: 5 });
	await assert.rejects(api.sendMessage(7, 'x'), (error) => error.parameters.retry_after === 5);
	telegram.failNext({ drop: 'before' });
	await assert.rejects(api.sendMessage(7, 'x'), { name: 'HttpError' });
});

test('a message goes out in the language of who gets it, escaped', async () => {
	const who = await person();
	const ids = [];
	for (const language of ['ru', 'uk', 'en'])
		ids.push(await notice({ chat: -100 - ids.length }, {
			language, params: { name: '<Анна> & "Ко"', time: '08:58', branch: 'Садовая' },
		}));
	const mine = await notice({ person: who.id });
	await stack.worker();

	assert.equal(telegram.sent.length, 4);
	assert.deepEqual(telegram.refusals, []);
	assert.match(telegram.sent[0].text, /приход: <Анна> & "Ко", Садовая/);
	assert.match(telegram.sent[1].text, /прихід: /);
	assert.match(telegram.sent[2].text, /in: /);
	assert.equal(telegram.sent[3].chat_id, who.telegram_id);
	const row = await state(mine);
	assert.equal(row.state, 'sent');
	assert.equal(row.message, telegram.sent[3].message_id);
	assert.ok(row.sent_at);
	assert.equal(row.last_error, null);
	assert.equal((await state(ids[0])).state, 'sent');
});

test('what cannot be sent fails with a reason', async () => {
	const nowhere = await notice({ person: (await person({ telegram_id: null })).id });
	const unknown = await notice({ chat: -200 }, { key: 'notice.unheard_of' });
	await stack.worker();
	assert.equal(telegram.requests, 0);
	const row = await state(nowhere);
	assert.deepEqual([row.state, row.last_error], ['failed', 'no Telegram account']);
	assert.equal((await state(unknown)).state, 'failed');

	const refused = await notice({ chat: -201 });
	telegram.failNext({ error_code: 400 });
	await stack.worker();
	assert.deepEqual([(await state(refused)).state, (await state(refused)).last_error],
		['failed', 'Bad Request: chat not found']);
});

test('who blocked the bot is marked, until a message arrives again', async () => {
	const who = await person();
	const blocked = await notice({ person: who.id });
	const since = async () => (await stack.db(
		'SELECT telegram_blocked_at AS at FROM person WHERE id = $1', [who.id]))[0].at;

	telegram.blocked.add(who.telegram_id);
	await stack.worker();
	assert.equal((await state(blocked)).state, 'blocked');
	assert.ok(await since());

	telegram.blocked.delete(who.telegram_id);
	const later = await notice({ person: who.id });
	await stack.worker();
	assert.equal((await state(later)).state, 'sent');
	assert.equal(await since(), null);
	assert.equal((await state(blocked)).state, 'blocked');
});

test('retry_after pauses the whole queue', async () => {
	const first = await notice({ chat: -300 });
	const second = await notice({ chat: -301 });
	telegram.failNext({ error_code: 429, retry_after: 2 });
	await stack.worker();			/* ends at the pause */
	assert.equal(telegram.requests, 1);
	const row = await state(first);
	assert.equal(row.state, 'waiting');
	assert.ok(row.due_in > 1 && row.due_in <= 3, `due in ${row.due_in}`);
	assert.match(row.last_error, /^Too Many Requests: retry after 2$/);
	assert.equal((await state(second)).attempts, 0);

	/* A worker that stays waits as long as it was told, then sends both. */
	await dueNow(first);
	telegram.failNext({ error_code: 429, retry_after: 2 });
	telegram.requests = 0;
	await supervise('start');
	await telegram.arrived(2);
	await supervise('stop');
	const waited = telegram.sent[0].at - telegram.refusals.at(-1).at;
	assert.ok(waited >= 2000, `${waited} ms`);
	assert.deepEqual(telegram.sent.map((m) => m.chat_id).sort(), [-300, -301]);
});

for (const [name, failure] of Object.entries({
	'a connection that breaks': { drop: 'before' },
	'an answer of 500': { error_code: 500 },
	'the page of some proxy': { html: '<h1>502 Bad Gateway</h1>' },
	'a token that is refused': { error_code: 401 },
}))
	test(`after ${name} it is tried later, and later`, async () => {
		const id = await notice({ chat: -400 - ++n });
		telegram.failNext(failure);
		await stack.worker();
		let row = await state(id);
		assert.equal(row.state, 'waiting');
		assert.equal(row.attempts, 1);
		assert.ok(row.due_in > 2 && row.due_in < 8, `due in ${row.due_in}`);
		assert.ok(row.last_error);
		assert.ok(!row.last_error.includes(botToken));

		await stack.db('UPDATE notification SET attempts = 20 WHERE id = $1', [id]);
		await dueNow(id);
		telegram.failNext(failure);
		await stack.worker();
		row = await state(id);
		assert.ok(row.due_in > 590 && row.due_in < 760, `due in ${row.due_in}`);

		await dueNow(id);
		await stack.worker();
		assert.equal((await state(id)).state, 'sent');
	});

test('after a day of failures it is given up, loudly', async () => {
	const id = await notice({ chat: -500 }, { attempts: 30, age: 25 * 3600 });
	telegram.failNext({ drop: 'before' });
	const { stderr } = await stack.worker();
	assert.equal((await state(id)).state, 'failed');
	assert.match(stderr, new RegExp(`level=error .*Notification ${id} is given up`));
	assert.ok(!stderr.includes(botToken.split(':')[1]));
});

test('a group that became a supergroup is followed', async () => {
	const [branch] = await stack.db(`INSERT INTO branch (name, time_zone, notice, notice_chat)
		VALUES ('Переезд', 'Europe/Moscow', 'all', -600) RETURNING id`);
	const first = await notice({ chat: -600 });
	const second = await notice({ chat: -600 });
	telegram.moved.set(-600, -100600);
	await stack.worker();
	assert.deepEqual(telegram.sent.map((m) => m.chat_id), [-100600, -100600]);
	for (const id of [first, second]) {
		const row = await state(id);
		assert.deepEqual([row.state, row.chat], ['sent', -100600]);
	}
	const [now] = await stack.db('SELECT notice_chat FROM branch WHERE id = $1', [branch.id]);
	assert.equal(now.notice_chat, -100600);
});

test('one chat gets a message a second, others do not wait for it', async () => {
	for (let i = 0; i < 3; i++)
		await notice({ chat: -700 });
	for (let i = 0; i < 5; i++)
		await notice({ chat: -701 - i });
	await stack.worker();
	const times = telegram.sent.filter((m) => m.chat_id === -700).map((m) => m.at);
	assert.equal(times.length, 3);
	assert.ok(times[1] - times[0] >= 990 && times[2] - times[1] >= 990, `${times}`);
	for (const other of telegram.sent.filter((m) => m.chat_id !== -700))
		assert.ok(other.at < times[1]);
});

test('many workers send each message once', async () => {
	for (let i = 0; i < 40; i++)
		await notice({ chat: -800 - i });
	await Promise.all([stack.worker(), stack.worker(), stack.worker()]);
	await stack.worker();
	assert.equal(telegram.sent.length, 40);
	assert.equal(new Set(telegram.sent.map((m) => m.chat_id)).size, 40);
	/* No second of the clock had more than Telegram allows. */
	const times = telegram.sent.map((m) => m.at).sort((a, b) => a - b);
	for (let i = 25; i < times.length; i++)
		assert.ok(times[i] - times[i - 25] >= 900);
});

test('a worker that is killed leaves its message to the next one', async () => {
	const id = await notice({ chat: -900 });
	telegram.failNext({ hang: true });
	const worker = spawn(join(stack.dir, 'bin/worker'), ['--once'],
		{ env: { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf') } });
	await telegram.asked(1);
	worker.kill('SIGKILL');
	await once(worker, 'exit');
	const row = await state(id);
	assert.deepEqual([row.state, row.attempts], ['waiting', 1]);
	assert.ok(row.due_in > 50 && row.due_in <= 60, `due in ${row.due_in}`);

	await stack.worker();
	assert.equal(telegram.sent.length, 0);	/* not before its minute is over */
	await dueNow(id);
	await stack.worker();
	assert.equal((await state(id)).state, 'sent');
	assert.equal(telegram.sent.length, 1);
});

test('SIGTERM ends the worker cleanly', async () => {
	const worker = spawn(join(stack.dir, 'bin/worker'), [],
		{ env: { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf') } });
	await once(worker.stderr, 'data');
	worker.kill('SIGTERM');
	assert.deepEqual(await once(worker, 'exit'), [0, null]);
});
