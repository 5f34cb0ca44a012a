/* The outbox and the worker that empties it, against the Bot API's stand-in. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
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
	for (const list of [telegram.sent, telegram.refusals, telegram.failures, telegram.answers])
		list.length = 0;
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

/* With more columns than a plain one has. */
async function special(to, columns) {
	const id = await notice(to);
	for (const [name, value] of Object.entries(columns))
		await stack.db(`UPDATE notification SET ${name} = $2 WHERE id = $1`, [id, value]);
	return id;
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

test('the stand-in knows buttons, edits and updates as the real one does', async () => {
	const api = new Api(botToken, { apiRoot: telegram.url });
	const refused = (promise, description) => assert.rejects(promise, (error) =>
		error.error_code >= 400 && description.test(error.description));
	const inline_keyboard = [[{ text: 'a', callback_data: 'x' }]];
	const sent = await api.sendMessage(7, 'x', { reply_markup: { inline_keyboard } });
	assert.deepEqual(sent.reply_markup, { inline_keyboard });
	await api.editMessageText(7, sent.message_id, 'y');
	await refused(api.editMessageText(7, sent.message_id, 'y'), /message is not modified/);
	await refused(api.editMessageText(7, 999999, 'y'), /message to edit not found/);
	await refused(api.sendMessage(7, 'x', { reply_markup: { inline_keyboard: [[{ text: 'a' }]] } }), /unallowed/);
	await refused(api.sendMessage(7, 'x', { reply_markup: { inline_keyboard:
		[[{ text: 'a', callback_data: 'я'.repeat(33) }]] } }), /BUTTON_DATA_INVALID/);
	await refused(api.sendMessage(-7, 'x', { reply_markup: { keyboard:
		[[{ text: 'a', request_contact: true }]] } }), /private chats only/);
	telegram.presses.add('1');
	assert.equal(await api.answerCallbackQuery('1', { text: 'no' }), true);
	await refused(api.answerCallbackQuery('1'), /query is too old/);

	telegram.addUpdate({ update_id: 5 }, { update_id: 6 });
	assert.equal((await api.getUpdates({ offset: 6 })).length, 1);
	await refused(api.setWebhook('http://x.example/'), /HTTPS URL must be provided/);
	await refused(api.setWebhook('https://x.example/', { secret_token: 'a b' }), /unallowed characters/);
	await api.setWebhook('https://x.example/', { secret_token: 'ab' });
	assert.equal((await api.getWebhookInfo()).url, 'https://x.example/');
	await refused(api.getUpdates(), /^Conflict: /);
	await api.deleteWebhook();
	await api.setMyCommands([{ command: 'start', description: 's' }], { language_code: 'uk' });
	await refused(api.setMyCommands([{ command: 'Start', description: 's' }]), /BOT_COMMAND_INVALID/);
	await refused(api.setChatMenuButton({ menu_button: { type: 'web_app', text: 'T',
		web_app: { url: 'http://x.example/' } } }), /Only HTTPS/);
	telegram.updates.length = 0;
});

test('buttons speak the language of who gets them', async () => {
	const buttons = (more) => JSON.stringify(more);
	await special({ chat: -110 }, { language: 'en', buttons: buttons([[
		{ key: 'fault.NOT_FOUND', data: 'a:1' }, { text: '<b>', data: 'b' }]]) });
	await special({ chat: 111 }, { buttons: buttons({ ask: [[{ text: 'Да', contact: true }]] }) });
	await special({ chat: 112 }, { buttons: buttons({ remove: true }) });
	await stack.worker();
	assert.deepEqual(telegram.refusals, []);
	const [inline, ask, remove] = telegram.sent.map((m) => m.reply_markup);
	assert.deepEqual(inline.inline_keyboard[0].map((b) => b.callback_data), ['a:1', 'b']);
	assert.equal(inline.inline_keyboard[0][1].text, '<b>');
	assert.doesNotMatch(inline.inline_keyboard[0][0].text, /[а-я.]{12}/);
	assert.equal(ask.keyboard[0][0].request_contact, true);
	assert.equal(remove.remove_keyboard, true);
});

test('a message is changed once it was sent, and not before', async () => {
	const first = await notice({ chat: 120 });
	await stack.db("UPDATE notification SET due_at = now() + interval '1 hour' WHERE id = $1", [first]);
	const [{ id: edit }] = await stack.db(`INSERT INTO notification (chat, kind, edits, key, params,
		due_at, dedupe, created_at) SELECT chat, 'edit', id, 'notice.out', params,
		now() - interval '1 second', 'edit', now() FROM notification WHERE id = $1 RETURNING id`, [first]);
	await stack.worker();
	assert.deepEqual([telegram.requests, (await state(edit)).state], [0, 'waiting']);
	await dueNow(first);
	await stack.worker();
	assert.match(telegram.sent[0].text, /уход/);
	assert.deepEqual([(await state(first)).state, (await state(edit)).state], ['sent', 'sent']);

	/* To change it into what it is already is no failure. */
	await stack.db("UPDATE notification SET state = 'waiting' WHERE id = $1", [edit]);
	await dueNow(edit);
	await stack.worker();
	assert.equal((await state(edit)).state, 'sent');
});

test('urgent messages overtake, late ones are dropped, secrets are forgotten', async () => {
	for (let i = 0; i < 3; i++)
		await notice({ chat: -130 - i });
	const urgent = await special({ chat: 139 }, { priority: 0, secret: true });
	const late = await special({ chat: 140 }, { expires_at: new Date(Date.now() - 1000) });
	await stack.worker();
	assert.equal(telegram.sent[0].chat_id, 139);
	assert.deepEqual([(await state(urgent)).params, (await state(late)).state], [{}, 'failed']);
	assert.equal((await state(late)).last_error, 'it came too late');
});

test('a press is answered, and a forgotten one is no alarm', async () => {
	telegram.presses.add('77');
	const press = (callback) => stack.db(`INSERT INTO notification (chat, kind, callback, key, due_at, dedupe,
		created_at) VALUES (150, 'answer', $1, 'fault.REGISTRATION_DECIDED', now() - interval '1 second',
		$1, now()) RETURNING id`, [callback]);
	await press('77');
	await press('78');
	const { stderr } = await stack.worker();
	assert.equal(telegram.answers.length, 1);
	assert.ok(telegram.answers[0].text.length > 5);
	assert.doesNotMatch(stderr, /given up/);
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

test('a pause outlives the worker, and so does the pace', async () => {
	const first = await notice({ chat: -310 });
	telegram.failNext({ error_code: 429, retry_after: 3 });
	await stack.worker();
	const second = await notice({ chat: -311 });
	await stack.worker();		/* another one, as cron runs it */
	assert.deepEqual([telegram.requests, (await state(second)).attempts], [1, 0]);
	await dueNow(first);
	for (let i = 0; i < 25; i++)
		await notice({ chat: -312 });
	await stack.db("UPDATE notification SET state = 'sent', sent_at = now() WHERE chat = -312 AND id % 25 < 20");
	const worker = spawn(join(stack.dir, 'bin/worker'), [],
		{ env: { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf') } });
	await telegram.arrived(2);
	worker.kill('SIGTERM');
	await once(worker, 'exit');
	/* Twenty have gone to the third group within this minute. */
	assert.deepEqual(telegram.sent.map((m) => m.chat_id).sort(), [-310, -311]);
});

test('a day of pauses is given up as well', async () => {
	const id = await notice({ chat: -510 }, { attempts: 30, age: 25 * 3600 });
	telegram.failNext({ error_code: 429, retry_after: 1 });
	const { stderr } = await stack.worker();
	assert.equal((await state(id)).state, 'failed');
	assert.match(stderr, new RegExp(`level=error .*Notification ${id} is given up`));
});

test('who missed a message and its change gets both when he is back', async () => {
	const who = await person();
	telegram.blocked.add(who.telegram_id);
	const id = await notice({ person: who.id });
	await stack.worker();
	await stack.db(`INSERT INTO notification (person, kind, edits, key, params, due_at, dedupe, created_at)
		SELECT person, 'edit', id, 'notice.out', params, now() - interval '1 second', 'back', now()
		  FROM notification WHERE id = $1`, [id]);
	const { stderr } = await stack.worker();
	assert.doesNotMatch(stderr, /level=error/, 'the message itself was told');
	telegram.blocked.delete(who.telegram_id);
	await stack.db("UPDATE notification SET state = 'waiting' WHERE id = $1", [id]);
	await dueNow(id);
	await stack.worker();
	assert.equal(telegram.sent.length, 1);
	assert.match(telegram.sent[0].text, /уход/);
	assert.deepEqual(await stack.db('SELECT DISTINCT state FROM notification WHERE person = $1', [who.id]), [{ state: 'sent' }]);
});

test('each documented error has one of four ends', async () => {
	const { errors } = JSON.parse(await readFile(new URL('../vectors/botapi_errors.json', import.meta.url), 'utf8'));
	const ends = { 400: 'failed', 401: 'waiting', 403: 'blocked', 404: 'waiting', 409: 'waiting', 429: 'waiting' };
	for (const { http, body } of errors) {
		if (body.parameters?.migrate_to_chat_id)
			continue;	/* followed, see below */
		await stack.db('DELETE FROM notification');
		const who = await person();
		const id = await notice({ person: who.id });
		telegram.failNext({ error_code: http, description: body.description, retry_after: body.parameters?.retry_after });
		await stack.worker();
		const row = await state(id);
		assert.equal(row.state, ends[http], body.description);
		assert.equal(row.last_error, body.description);
		const [{ blocked }] = await stack.db('SELECT telegram_blocked_at IS NOT NULL AS blocked FROM person WHERE id = $1', [who.id]);
		assert.equal(blocked, http === 403, body.description);
	}
	await stack.db('DELETE FROM notification');
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
	/* Nobody knows whether it had been sent before: that is counted. */
	const repeats = async () => (await stack.db('SELECT id, repeats FROM notification WHERE repeats > 0'));
	assert.deepEqual(await repeats(), [{ id, repeats: 1 }]);
	telegram.failNext({ error_code: 500 });
	const other = await notice({ chat: -901 });
	await stack.worker();
	await dueNow(other);
	await stack.worker();
	assert.equal((await state(other)).state, 'sent');
	assert.deepEqual(await repeats(), [{ id, repeats: 1 }]);
	const metrics = (await stack.api('GET', '/system/metrics')).body;
	assert.match(metrics, /^tabel_notifications_repeats 1$/m);
});

test('killed again and again it loses nothing, and counts what may have gone twice', async () => {
	const ids = [];
	for (let i = 0; i < 40; i++)
		ids.push(await notice({ chat: -2000 - i }));
	const env = { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf') };
	/* Before it is sent, while it is being sent, once it was, and anywhere. */
	const points = [{ drop: 'before' }, { hang: true }, { hang: 'after' }, {}];
	for (let i = 0; i < 20; i++) {
		const worker = spawn(join(stack.dir, 'bin/worker'), [], { env });
		const asked = telegram.requests + 1 + i % 3;
		telegram.failNext(...Array.from({ length: i % 3 }, () => ({})), points[i % points.length]);
		await Promise.race([telegram.asked(asked), once(worker, 'exit')]);
		worker.kill('SIGKILL');
		await once(worker, 'exit');
		telegram.failures.length = 0;
		await stack.db("UPDATE notification SET due_at = now() - interval '1 second', pauses = false WHERE state = 'waiting'");
	}
	await stack.worker();
	const rows = await stack.db('SELECT id, chat, state, repeats FROM notification ORDER BY id');
	assert.deepEqual(rows.map((r) => [r.id, r.state]), ids.map((id) => [id, 'sent']));
	for (const row of rows) {
		const times = telegram.sent.filter((m) => m.chat_id === row.chat).length;
		assert.ok(times >= 1 && times <= 1 + row.repeats, `${row.chat}: ${times} times, ${row.repeats} counted`);
	}
	assert.ok(rows.some((r) => r.repeats > 0));
});

test('SIGTERM ends the worker cleanly', async () => {
	const worker = spawn(join(stack.dir, 'bin/worker'), [],
		{ env: { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf') } });
	await once(worker.stderr, 'data');
	worker.kill('SIGTERM');
	assert.deepEqual(await once(worker, 'exit'), [0, null]);
});
