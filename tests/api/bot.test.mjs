/*
 * The bot, as Telegram drives it: updates come in through the webhook, the
 * worker does what they ask for, the stand-in sees what is said.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { botToken, firstAdmin, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { startTelegram } from '../telegram.mjs';

const run = promisify(execFile);
const secret = 'sesame_0123456789-open';
const texts = JSON.parse(await readFile(new URL('../../static/i18n/ru.json', import.meta.url), 'utf8'));

let telegram, stack, clinic, update_id = 1000, message_id = 5000;

before(async () => {
	telegram = await startTelegram(botToken);
	stack = await startStack({ conf: { TELEGRAM_API_URL: telegram.url, BOT_WEBHOOK_SECRET: secret } });
	await run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), 'stop', 'worker']);
	clinic = await openClinic(stack, { name: 'Садовая' });
});
after(async () => {
	if (process.env.SHOW_LOG) console.log(await stack.log('bot'));
	await stack?.stop();
	await telegram?.stop();
});
beforeEach(async () => {
	await stack.db("DELETE FROM notification WHERE state <> 'sent'");
	for (const list of [telegram.sent, telegram.edits, telegram.answers, telegram.refusals, telegram.failures])
		list.length = 0;
});

const hook = (body, headers = { 'x-telegram-bot-api-secret-token': secret }) =>
	stack.api('POST', '/bot/webhook', { body, headers });
const send = async (update) => {
	const answer = await hook({ update_id: ++update_id, ...update });
	assert.equal(answer.status, 204, JSON.stringify(answer.body));
};
const from = (id, more = {}) => ({ id, is_bot: false, first_name: 'Вера', language_code: 'ru', ...more });
const write = (id, more) => send({ message: { message_id: ++message_id, date: 1, chat: { id, type: 'private' },
	...(typeof more === 'string' ? { text: more } : more), from: from(id, more.from) } });
const press = async (id, message, data, chat = id) => {
	const callback = `q${++update_id}`;
	telegram.presses.add(callback);
	await send({ callback_query: { id: callback, from: from(id), chat_instance: '1', data,
		message: { message_id: message, date: 0, chat: { id: chat, type: 'private' } } } });
};
const said = (chat) => telegram.sent.filter((m) => m.chat_id === chat).map((m) => m.text);
/* Writes, lets the worker run, and gives what was said to him. */
const talk = async (id, ...words) => {
	for (const one of words)
		await write(id, one);
	await stack.worker();
	assert.deepEqual(telegram.refusals, []);
	return said(id).at(-1);
};
const state = async (id) => (await stack.db('SELECT * FROM bot_update WHERE update_id = $1', [id]))[0];
const has = (text, key) => assert.ok(text.startsWith(texts[key].replaceAll(/<[^>]+>/g, '').split('{')[0]), `${key}: ${text}`);

describe('the webhook', () => {
	test('lets nobody in without the secret', async () => {
		for (const headers of [{}, { 'x-telegram-bot-api-secret-token': '' },
			{ 'x-telegram-bot-api-secret-token': `${secret}x` },
			{ 'x-telegram-bot-api-secret-token': secret.slice(1) }]) {
			const answer = await hook({ update_id: 1 }, headers);
			assert.deepEqual([answer.status, answer.body.code], [403, 'FORBIDDEN']);
		}
		assert.equal(await state(1), undefined);
	});

	test('survives what is no update, and keeps each once', async () => {
		const deep = (n) => '['.repeat(n) + ']'.repeat(n);
		for (const body of ['', '[]', 'x', '{"update_id":"a"}', '{}', '{"update_id":-1}', '{"update_id":99999999999999999999}',
			'{"update_id":6,"x":1e999999}', '{"update_id":6,"x":-1.5E-99999}', `{"update_id":6,"x":${'9'.repeat(200000)}}`,
			`{"update_id":6,"x":${deep(100000)}}`, '{"update_id":6,"x":"\\ud800"}'])
			assert.equal((await hook(body)).status, 204, body);
		assert.equal(await state(6), undefined);
		assert.equal((await hook(`{"update_id":7,"message":{"text":"a\\u0000b\\\\u0000"}}`)).status, 204);
		assert.equal((await state(7)).body.message.text, 'a\ufffdb\\u0000');
		await Promise.all(Array.from({ length: 20 }, () => hook({ update_id: 8, message: { chat: { id: 5 } } })));
		assert.equal((await state(8)).chat, 5);
	});

	test('takes every update that is known, and those that are not', async () => {
		const updates = JSON.parse(await readFile(new URL('../vectors/tg_updates.json', import.meta.url), 'utf8'));
		for (const [i, update] of updates.entries())
			assert.equal((await hook({ ...update, update_id: 100 + i })).status, 204);
		await stack.worker();
		const rows = await stack.db('SELECT state, fault FROM bot_update WHERE update_id BETWEEN 100 AND 999');
		assert.equal(rows.length, updates.length);
		assert.deepEqual(rows.filter((r) => r.state !== 'done'), []);
	});

	test('replayed and reordered updates change nothing twice', async () => {
		const id = 610001;
		const updates = ['/start', '/cancel', '/start', 'Лис Вера'].map((text) => ({ update_id: ++update_id,
			message: { message_id: 1, date: 1, chat: { id, type: 'private' }, from: from(id), text } }));
		const replayed = Array.from({ length: 15 }, () => updates).flat().sort(() => Math.random() - 0.5);
		await Promise.all(replayed.map((update) => hook(update)));
		await Promise.all([stack.worker(), stack.worker(), stack.worker()]);
		await stack.worker();
		const texts_ = (await stack.db(`SELECT key FROM notification n JOIN person p ON p.id = n.person
			WHERE p.telegram_id = $1 ORDER BY n.id`, [id])).map((r) => r.key);
		assert.deepEqual(texts_, ['bot.hello', 'bot.ask.name', 'bot.cancelled', 'bot.hello', 'bot.ask.name', 'bot.ask.contact']);
	});
});

describe('registering', () => {
	test('is a few questions; wrong answers are asked again; only the own contact counts', async () => {
		const id = 620001;
		await clinic.openBranch({ name: 'Лесная' });
		has(await talk(id, '/start'), 'bot.ask.name');
		has(await talk(id, 'x'), 'bot.wrong.name');
		has(await talk(id, 'Белова   <Анна>'), 'bot.wrong.name');
		has(await talk(id, "О'Нил Анна & Ко"), 'bot.ask.contact');
		assert.equal(telegram.sent.at(-1).reply_markup.keyboard[0][0].request_contact, true);
		const contact = { phone_number: '79000000001', first_name: 'X' };
		has(await talk(id, { contact: { ...contact, user_id: 5 } }), 'bot.wrong.contact');
		has(await talk(id, { contact }), 'bot.wrong.contact');
		has(await talk(id, 'позже'), 'bot.wrong.phone');
		has(await talk(id, { contact: { ...contact, user_id: id } }), 'bot.ask.email');
		has(await talk(id, 'anna'), 'bot.wrong.email');
		has(await talk(id, 'anna@example.org'), 'bot.ask.branch');
		const question = telegram.sent.at(-1);
		const choice = question.reply_markup.inline_keyboard.flat().find((b) => b.text === 'Садовая');
		await press(id, question.message_id, choice.callback_data);
		await stack.worker();
		has(said(id).at(-1), 'bot.registered');
		assert.match(said(id).at(-1), /О'Нил Анна/);
		const [person] = await stack.db('SELECT * FROM person WHERE telegram_id = $1', [id]);
		assert.deepEqual([person.last_name, person.first_name, person.middle_name, person.phone, person.phone_verified,
			person.email, person.state], ["О'Нил", 'Анна', '& Ко', '+79000000001', true, 'anna@example.org', 'unconfirmed']);
		has(await talk(id, '/start'), 'bot.state.unconfirmed');

		await press(id, question.message_id, choice.callback_data);	/* late */
		await stack.worker();
		assert.equal(telegram.answers.at(-1).text, texts['bot.press.late']);
		has(await talk(id, 'привет'), 'bot.unknown');
	});

	test('/cancel always works, and a restart in the middle loses nothing', async () => {
		const id = 620002;
		await talk(id, '/start', 'Лис Вера');
		has(await talk(id, '/cancel@tabel_demo_bot'), 'bot.cancelled');
		has(await talk(id, '/cancel'), 'bot.cancel.nothing');
		await talk(id, '/start@other_bot');
		has(said(id).at(-1), 'bot.cancel.nothing');
	});

	test('speaks the language of the person', async () => {
		const english = JSON.parse(await readFile(new URL('../../static/i18n/en.json', import.meta.url), 'utf8'));
		assert.equal(await talk(620003, { text: '/start', from: { language_code: 'en-GB' } }), english['bot.ask.name']);
	});
});

/* Somebody whose registration waits, through the bot. */
let n = 0;
async function applicant() {
	const id = 630000 + ++n;
	await talk(id, '/start', `Лис${n} Вера`, '+38 067 111 22 33', `lis${n}@example.org`);
	const question = telegram.sent.at(-1);
	await press(id, question.message_id,
		question.reply_markup.inline_keyboard.flat().find((b) => b.text === 'Садовая').callback_data);
	await stack.worker();
	const [row] = await stack.db(`SELECT g.id FROM registration g JOIN person p ON p.id = g.person
		WHERE p.telegram_id = $1 ORDER BY g.id DESC`, [id]);
	return { telegram_id: id, id: row.id };
}
const ofRegistration = (chat, who) => telegram.sent.findLast((m) => m.chat_id === chat &&
	new RegExp(`Лис${who.telegram_id - 630000} Вера`).test(m.text));
const button = (message, verb) => message.reply_markup.inline_keyboard.flat()
	.find((b) => b.callback_data.split(':')[2] === verb).callback_data;

describe('the admin desk', () => {
	let boss;
	before(async () => {
		boss = await clinic.hire({ first_name: 'Ольга', last_name: 'Старшая' }, { manager_of: [clinic.branch.id] });
		await clinic.must(clinic.admin, 'POST', '/positions', { name: 'Администратор зала' });
	});

	test('a registration is chosen, confirmed, and every message shows it', async () => {
		const vera = await applicant();
		const mine = ofRegistration(boss.telegram_id, vera);
		assert.match(mine.text, /\+380671112233/);
		assert.match(mine.text, /example\.org/);
		await press(boss.telegram_id, mine.message_id, button(mine, 'c'));
		await stack.worker();
		assert.equal(telegram.answers.at(-1).text, texts['bot.press.position']);
		await press(boss.telegram_id, mine.message_id, button(mine, 'p'));
		await stack.worker();
		const choice = mine.reply_markup.inline_keyboard.flat().find((b) => b.text === 'Администратор зала');
		await press(boss.telegram_id, mine.message_id, choice.callback_data);
		await stack.worker();
		assert.match(JSON.stringify(mine.reply_markup), /Администратор зала/);
		const confirm = button(mine, 'c');
		await press(boss.telegram_id, mine.message_id, confirm);
		await stack.worker();
		for (const chat of [boss.telegram_id, firstAdmin.id]) {
			const last = ofRegistration(chat, vera);
			assert.match(last.text, /сотрудник: Садовая, Администратор зала/);
			assert.match(last.text, /Старшая Ольга/);
			assert.equal(last.reply_markup, undefined);
		}
		assert.match(said(vera.telegram_id).at(-1), /подтверждена/);
		has(await talk(vera.telegram_id, '/start'), 'bot.state.active');

		/* Twice, and by another one who is too late. */
		for (const chat of [boss.telegram_id, firstAdmin.id]) {
			await press(chat, ofRegistration(chat, vera).message_id, confirm);
			await stack.worker();
			assert.equal(telegram.answers.at(-1).text, texts['fault.REGISTRATION_DECIDED']);
		}
		const [{ count }] = await stack.db(`SELECT count(*) FROM employee e JOIN person p ON p.id = e.person
			WHERE p.telegram_id = $1`, [vera.telegram_id]);
		assert.equal(count, 1);
	});

	test('many who press at once decide it once', async () => {
		const vera = await applicant();
		const tail = `${clinic.branch.id}:${clinic.position.id}`;
		for (let i = 0; i < 6; i++) {
			const chat = i % 2 ? boss.telegram_id : firstAdmin.id;
			await press(chat, ofRegistration(chat, vera).message_id, `r:${vera.id}:c:${tail}`);
		}
		await Promise.all([stack.worker(), stack.worker(), stack.worker()]);
		await stack.worker();
		assert.equal(telegram.answers.filter((a) => a.text === texts['fault.REGISTRATION_DECIDED']).length, 5);
		assert.equal(said(vera.telegram_id).filter((s) => /подтверждена/.test(s)).length, 1);
	});

	test('a rejection asks why, and tells it', async () => {
		const vera = await applicant();
		const mine = ofRegistration(boss.telegram_id, vera);
		await press(boss.telegram_id, mine.message_id, button(mine, 'n'));
		await stack.worker();
		assert.match(said(boss.telegram_id).at(-1), /причину отказа/);
		await talk(boss.telegram_id, 'Не <наш> человек');
		assert.match(said(vera.telegram_id).at(-1), /Не <наш> человек/);
		assert.match(ofRegistration(firstAdmin.id, vera).text, /отклонена[^]*Не <наш> человек/);
	});

	test('where the position lets it, an administrator gives the code for the pages', async () => {
		const lead = await clinic.must(clinic.admin, 'POST', '/positions', { name: 'Заведующая', web_access: true });
		const vera = await applicant();
		await press(boss.telegram_id, ofRegistration(boss.telegram_id, vera).message_id,
			`r:${vera.id}:c:${clinic.branch.id}:${lead.id}`);
		await stack.worker();
		assert.equal(ofRegistration(boss.telegram_id, vera).reply_markup, undefined);
		const mine = ofRegistration(firstAdmin.id, vera);
		const { callback_data } = mine.reply_markup.inline_keyboard[0][0];
		await press(boss.telegram_id, 1, callback_data);
		await stack.worker();
		assert.equal(telegram.answers.at(-1).text, texts['fault.FORBIDDEN']);
		await press(firstAdmin.id, mine.message_id, callback_data);
		await stack.worker();
		assert.equal(telegram.answers.at(-1).text, texts['bot.press.activation']);
		const code = said(vera.telegram_id).at(-1).match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){2}/)[0];
		const answer = await stack.api('POST', '/auth/activate',
			{ body: { code, username: 'vera.lead', password: 'семь холодных чайников' } });
		assert.equal(answer.status, 200, JSON.stringify(answer.body));
	});

	test('what was decided on the pages shows in the chat', async () => {
		const vera = await applicant();
		await clinic.must(clinic.admin, 'POST', `/registrations/${vera.id}/confirm`,
			{ branch: clinic.branch.id, position: clinic.position.id });
		await stack.worker();
		assert.match(ofRegistration(boss.telegram_id, vera).text, /сотрудник/);
	});

	test('who has no right is told so, and nothing happens', async () => {
		const vera = await applicant();
		const data = `r:${vera.id}:c:${clinic.branch.id}:${clinic.position.id}`;
		const other = await clinic.openBranch();
		const stranger = await clinic.hire({}, { manager_of: [other.id] });
		const nobody = await clinic.hire();
		for (const [chat, key] of [[nobody.telegram_id, 'fault.FORBIDDEN'], [stranger.telegram_id, 'fault.OTHER_BRANCH'],
			[vera.telegram_id, 'fault.FORBIDDEN']]) {
			await press(chat, 1, data);
			await stack.worker();
			assert.equal(telegram.answers.at(-1).text, texts[key]);
		}
		await press(boss.telegram_id, 1, data, -100500);	/* forwarded to a group */
		for (const broken of ['r:', `r:${vera.id}`, `r:${vera.id}:c`, `r:${vera.id}:x:1:1:1`, 'r:x:c:1:1', 'zzz', ''])
			await press(boss.telegram_id, 1, broken);
		await stack.worker();
		const [row] = await stack.db('SELECT state FROM registration WHERE id = $1', [vera.id]);
		assert.equal(row.state, 'pending');
		assert.deepEqual(await stack.db("SELECT * FROM bot_update WHERE state = 'failed' OR state = 'waiting'"), []);
	});

	test('a menu of many turns its pages', async () => {
		await stack.db("INSERT INTO position (name) SELECT 'Должность ' || to_char(i, '000') FROM generate_series(1, 95) i");
		const vera = await applicant();
		const mine = ofRegistration(boss.telegram_id, vera);
		const all = async () => (await stack.db('SELECT name FROM position ORDER BY name COLLATE "und-x-icu"')).map((r) => r.name);
		const rows = () => mine.reply_markup.inline_keyboard;
		const seen = [];
		for (let data = button(mine, 'p'); data;) {
			await press(boss.telegram_id, mine.message_id, data);
			await stack.worker();
			const turns = rows().at(-1);
			seen.push(...rows().slice(0, -1).flat());
			assert.ok(rows().length <= 31);
			data = turns.find((b) => b.text === '›')?.callback_data;
			assert.equal(turns.some((b) => b.text === '‹'), seen.length > 30);
		}
		assert.deepEqual(seen.map((b) => b.text), await all());
		await press(boss.telegram_id, mine.message_id, `${button(mine, 'p')}9999`);	/* there were more */
		await stack.worker();
		assert.equal(rows().flat().at(-2).text, (await all()).at(-1));
		const last = seen.at(-1);
		await press(boss.telegram_id, mine.message_id, last.callback_data);
		await stack.worker();
		assert.match(JSON.stringify(mine.reply_markup), new RegExp(last.text));
		await stack.db("DELETE FROM position WHERE name LIKE 'Должность %'");
	});

	test('/who names who is in, cut at the ends of lines', async () => {
		const nobody = await clinic.hire();
		has(await talk(nobody.telegram_id, '/who'), 'fault.FORBIDDEN');
		const anna = await clinic.hire({ last_name: 'Ко<т>ова' });
		await clinic.mark(anna.token, 'in');
		assert.match(await talk(boss.telegram_id, '/who'), /На работе: 1 из \d+\n🟢 Ко<т>ова Анна, с \d\d:\d\d, Садовая/);
		await stack.db(`WITH p AS (INSERT INTO person (last_name, first_name, state)
			SELECT repeat('Ы', 60) || i, 'Я', 'active' FROM generate_series(1, 120) i RETURNING id),
			e AS (INSERT INTO employee (person, branch, position, hired_on)
			SELECT id, $1, $2, '2026-01-01' FROM p RETURNING id),
			v AS (INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds, recorded_at, source, receipt)
			SELECT id, 'in', date_trunc('second', now()), $1, 'Europe/Kyiv', 57600, now(), 'qr', 'x' FROM e RETURNING *)
			INSERT INTO interval (employee, in_event, in_at, limit_at, branch, time_zone, day, state)
			SELECT employee, id, at, at + interval '16 hours', branch, time_zone, local_day(at, time_zone), 'open' FROM v`,
		[clinic.branch.id, clinic.position.id]);
		telegram.sent.length = 0;
		await talk(boss.telegram_id, '/who');
		const all = said(boss.telegram_id);
		assert.ok(all.length > 2 && all.every((s) => s.length <= 4096), String(all.length));
		assert.equal(all.join('\n').match(/^🟢 .*, Садовая$/gm).length, 121);
	});
});

describe('the office', () => {
	test('/today, /month and /missed say what the pages say', async () => {
		const anna = await clinic.hire({ first_name: 'Анна' });
		await clinic.mark(anna.token, 'in');
		assert.match(await talk(anna.telegram_id, '/today'), /^На работе с \d\d:\d\d, сегодня 0 ч 0\d мин\n🟢 \d\d:\d\d приход, Садовая$/);
		assert.match(await talk(anna.telegram_id, '/month'), /^За месяц 0 ч 0\d мин, дней: 1\n\d\d\.\d\d {2}\d\d:\d\d–… {2}/);
		assert.match(await talk(anna.telegram_id, '/missed'), /Всё на месте/);
		await stack.db(`UPDATE interval SET state = 'missing_out' WHERE employee = $1`, [anna.id]);
		assert.match(await talk(anna.telegram_id, '/missed'), /🟠 \d\d\.\d\d .*нет отметки об уходе, Садовая/);
		await stack.db(`UPDATE interval SET state = 'open' WHERE employee = $1`, [anna.id]);
		has(await talk(640001, '/today'), 'bot.register_first');
		has(await talk(firstAdmin.id, '/today'), 'bot.nobody');
	});

	test('with a schedule they say the plan, and what nobody has explained', async () => {
		const anna = await clinic.hire({ first_name: 'Анна' });
		const [{ today, week }] = await stack.db(`SELECT local_day(now(), 'Europe/Kyiv')::text AS today,
			(local_day(now(), 'Europe/Kyiv') - 7)::text AS week`);
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation', valid_from: week,
			cycle_days: 1, shifts: ['0 00:10-00:20', '0 09:00-18:00'] });
		const told = await talk(anna.telegram_id, '/today');
		assert.match(told, /^Не на работе.*\n📅 По графику 00:10–00:20\n📅 По графику 09:00–18:00$/);
		const planned = (await stack.db(`SELECT sum(planned_seconds)::int AS s FROM workday WHERE employee = $1
			AND to_char(day, 'YYYY-MM') = $2`, [anna.id, today.slice(0, 7)]))[0].s;
		assert.ok((await talk(anna.telegram_id, '/month'))
			.includes(`План месяца: ${Math.floor(planned / 3600)} ч ${String(planned / 60 % 60).padStart(2, '0')} мин`));
		const missed = await talk(anna.telegram_id, '/missed');
		const [, month, day] = week.split('-');
		assert.ok(missed.includes(`🔴 ${day}.${month}  смена без отметок, Садовая`), missed);
		assert.doesNotMatch(missed, /Всё на месте/);
		await clinic.must(clinic.admin, 'POST', '/absences', { employee: anna.id, kind: 'sick', from: week, to: today });
		assert.match(await talk(anna.telegram_id, '/missed'), /Всё на месте/);
	});
});

describe('a forgotten departure', () => {
	let boss;
	before(async () => {
		boss = await clinic.hire({ first_name: 'Ирина', last_name: 'Главная' }, { manager_of: [clinic.branch.id] });
		await stack.db("UPDATE branch SET notice = 'irregular' WHERE id = $1", [clinic.branch.id]);
	});
	after(() => stack.db("UPDATE branch SET notice = 'off' WHERE id = $1", [clinic.branch.id]));

	/* Somebody who has been in for so many hours, and the question to him. */
	async function asked(hours = 13) {
		const who = await clinic.hire({ first_name: 'Анна', last_name: `Забыла${++n}` });
		await clinic.mark(who.token, 'in');
		const [interval] = await stack.db(`WITH v AS (
			UPDATE event SET at = at - make_interval(hours => $2) WHERE employee = $1 RETURNING id, at)
			UPDATE interval i SET in_at = v.at, limit_at = v.at + interval '16 hours', day = local_day(v.at, i.time_zone)
			  FROM v WHERE i.in_event = v.id RETURNING i.in_event AS event,
				to_char((v.at + interval '1 hour') AT TIME ZONE i.time_zone, 'HH24:MI') AS later,
				to_char(v.at AT TIME ZONE i.time_zone, 'HH24:MI') AS came`, [who.id, hours]);
		await stack.worker();
		return { ...who, ...interval, question: telegram.sent.findLast((m) => m.chat_id === who.telegram_id) };
	}
	const requests = (who) => stack.db('SELECT * FROM correction WHERE employee = $1 ORDER BY id', [who.id]);
	const toBoss = (who) => telegram.sent.findLast((m) => m.chat_id === boss.telegram_id && m.text.includes(who.last_name));

	test('is asked about once, and the chosen time becomes a request that is decided in the chat', async () => {
		const anna = await asked();
		const keyboard = anna.question.reply_markup.inline_keyboard;
		assert.match(anna.question.text, new RegExp(`Вы ещё на работе\\? Приход .* ${anna.came}`));
		assert.deepEqual(keyboard.map((row) => row.length), [3, 3, 1, 1]);
		const choice = keyboard[0][1];
		await press(anna.telegram_id, anna.question.message_id, choice.callback_data);
		await stack.worker();
		assert.match(anna.question.text, new RegExp(`Запрос отправлен: уход .* ${choice.text}`));
		assert.equal(anna.question.reply_markup, undefined);
		const [request] = await requests(anna);
		assert.deepEqual([request.action, request.kind, request.state, request.asked_by], ['add', 'out', 'pending', anna.person]);
		assert.equal(Math.floor(new Date(request.at) / 60000), Number(choice.callback_data.split(':')[2]));
		await press(anna.telegram_id, anna.question.message_id, choice.callback_data);
		await stack.worker();
		assert.equal(telegram.answers.at(-1).text, texts['fault.CORRECTION_PENDING']);

		const mine = toBoss(anna), approve = `c:${request.id}:1`;
		assert.equal(mine.reply_markup.inline_keyboard[0][0].callback_data, approve);
		await press(anna.telegram_id, mine.message_id, approve);
		await stack.worker();
		assert.equal(telegram.answers.at(-1).text, texts['fault.FORBIDDEN']);
		await press(boss.telegram_id, mine.message_id, approve);
		await press(boss.telegram_id, mine.message_id, approve);
		await stack.worker();
		assert.equal(telegram.answers.at(-1).text, texts['fault.CORRECTION_DECIDED']);
		assert.match(mine.text, /✅ Забыла.*принято\.\nРешение: Главная Ирина/s);
		assert.equal(mine.reply_markup, undefined);
		assert.match(said(anna.telegram_id).at(-1), /Исправление .* принято/);
		const [closed] = await stack.db('SELECT state, out_at FROM interval WHERE employee = $1', [anna.id]);
		assert.deepEqual([closed.state, closed.out_at], ['closed', request.at]);
		await press(anna.telegram_id, anna.question.message_id, choice.callback_data);
		await stack.worker();
		assert.equal(telegram.answers.at(-1).text, texts['bot.press.late']);
	});

	test('can be told as a time in words, and be refused with a reason', async () => {
		const anna = await asked();
		await press(anna.telegram_id, anna.question.message_id, `s:${anna.event}:1`);
		await stack.worker();
		has(said(anna.telegram_id).at(-1), 'bot.ask.left');
		has(await talk(anna.telegram_id, 'в шесть'), 'bot.wrong.time');
		const [{ later }] = await stack.db(`SELECT to_char((now() + interval '5 minutes') AT TIME ZONE 'Europe/Kyiv', 'HH24:MI') AS later`);
		has(await talk(anna.telegram_id, later), 'bot.wrong.time');
		assert.match(await talk(anna.telegram_id, anna.later), new RegExp(`Запрос отправлен: уход .* ${anna.later}`));
		const [request] = await requests(anna);
		await talk(boss.telegram_id, '/requests');
		assert.match(toBoss(anna).text, /просит добавить отметку/);
		await press(boss.telegram_id, toBoss(anna).message_id, `c:${request.id}:0`);
		await stack.worker();
		has(said(boss.telegram_id).at(-1), 'bot.ask.refusal');
		has(await talk(boss.telegram_id, 'Вы были до <восьми>'), 'bot.refused');
		assert.match(toBoss(anna).text, /✖ Забыла.*Вы были до <восьми>/s);
		assert.match(said(anna.telegram_id).at(-1), /отклонено. Причина: Вы были до <восьми>/);
		assert.equal((await requests(anna))[0].state, 'rejected');
		assert.doesNotMatch(await talk(boss.telegram_id, '/requests'), /Забыла/);
		has(await talk(anna.telegram_id, '/requests'), 'fault.FORBIDDEN');
	});

	test('is none of those who are still there, or of others; nobody is asked too early or twice', async () => {
		const anna = await asked(), early = await asked(9), nobody = await clinic.hire();
		assert.equal(early.question, undefined);
		for (const data of [`s:${anna.event}:0`, `s:${anna.event}:1`, `s:${anna.event}:29000000`]) {
			await press(nobody.telegram_id, 1, data);
			await stack.worker();
			assert.equal(telegram.answers.at(-1).text, texts['bot.press.late'], data);
		}
		await press(anna.telegram_id, anna.question.message_id, `s:${anna.event}:0`);
		await stack.worker();
		has(anna.question.text, 'bot.still.there');
		const [{ count }] = await stack.db(`SELECT count(*)::int FROM notification n WHERE dedupe = $1`, [`still:${anna.event}`]);
		assert.equal(count, 1);
		assert.deepEqual(await requests(anna), []);
	});
});

test('who blocks the bot is marked, and gets what he missed when he comes back', async () => {
	const anna = await clinic.hire({ first_name: 'Анна' });
	const member = (status) => send({ my_chat_member: { chat: { id: anna.telegram_id, type: 'private' },
		from: from(anna.telegram_id), date: 1, old_chat_member: { status: 'member' }, new_chat_member: { status } } });
	const since = async () => (await stack.db('SELECT telegram_blocked_at AS at FROM person WHERE id = $1', [anna.person]))[0].at;
	await member('kicked');
	await stack.worker();
	assert.ok(await since());
	telegram.blocked.add(anna.telegram_id);
	await stack.db(`INSERT INTO notification (person, key, params, due_at, dedupe, created_at)
		VALUES ($1, 'notice.in', '{}', now() - interval '1 second', 'missed', now())`, [anna.person]);
	await stack.worker();
	assert.equal(said(anna.telegram_id).length, 0);
	telegram.blocked.clear();
	telegram.refusals.length = 0;
	await member('member');
	await stack.worker();
	assert.equal(said(anna.telegram_id).length, 1);
	assert.equal(await since(), null);
});

test('a group that moves takes its notices along', async () => {
	const branch = await clinic.openBranch({ notice: 'all', notice_chat: -777 });
	await send({ message: { message_id: 1, date: 1, chat: { id: -777, type: 'group' }, from: from(1), migrate_to_chat_id: -100777 } });
	await stack.worker();
	const [row] = await stack.db('SELECT notice_chat FROM branch WHERE id = $1', [branch.id]);
	assert.equal(row.notice_chat, -100777);
});

test('without a webhook the worker asks, and goes on where it was', async (t) => {
	const polled = await startTelegram(botToken);
	const small = await startStack({ workers: 1, conf: { TELEGRAM_API_URL: polled.url, BOT_MODE: 'polling' } });
	t.after(async () => {
		await small.stop();
		await polled.stop();
	});
	const update = (id, text) => ({ update_id: id, message: { message_id: id, date: 1,
		chat: { id: 650001, type: 'private' }, from: from(650001), text } });
	polled.addUpdate(update(41, '/start'), update(42, 'Лис Вера'));
	await polled.arrived(3);
	assert.equal(polled.sent.at(-1).text, texts['bot.ask.contact']);
	polled.addUpdate(update(43, '/cancel'));
	await polled.arrived(4);
	assert.equal(polled.sent.at(-1).text, texts['bot.cancelled']);
	assert.ok(polled.offsets.includes(43));
	/* Who FIRST_ADMIN_ID names may begin here as well as in the Mini App. */
	polled.addUpdate({ update_id: 87, message: { message_id: 1, date: 1, chat: { id: firstAdmin.id, type: 'private' },
		from: { ...firstAdmin, is_bot: false, language_code: 'ru' }, text: '/start' } });
	await polled.arrived(5);
	assert.equal(polled.sent.at(-1).text, texts['bot.state.admin']);
	await run('supervisorctl', ['-c', join(small.dir, 'etc/supervisord.conf'), 'stop', 'worker']);
	polled.addUpdate(update(88, '/help'));
	let { stderr } = await small.worker();
	await polled.arrived(6);
	assert.equal(polled.offsets.at(-1), 89, stderr);

	/* What is wrong is said, and a pause is kept. */
	const asked = async () => {
		const before = polled.requests;
		const { stderr: told } = await small.worker();
		assert.equal(polled.requests, before + 1);
		return told;
	};
	polled.webhook = { url: 'https://elsewhere.example/' };
	assert.match(await asked(), /gives no updates: Conflict: .*tabelctl bot setup/);
	polled.webhook = { url: '' };
	polled.failNext({ error_code: 401 });
	assert.match(await asked(), /gives no updates: Unauthorized/);
	polled.failNext({ drop: 'before' });
	assert.match(await asked(), /gives no updates: /);
	polled.failNext({ error_code: 429, retry_after: 7 });
	const requests = polled.requests, began = Date.now();
	await run('supervisorctl', ['-c', join(small.dir, 'etc/supervisord.conf'), 'start', 'worker']);
	await polled.asked(requests + 2);
	assert.ok(Date.now() - began >= 7000);
});
