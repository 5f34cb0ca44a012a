/* What people and Telegram may write that nobody thinks of. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { openChat, texts } from '../chat.mjs';
import { openClinic } from '../clinic.mjs';
import { firstAdmin } from '../harness.mjs';

let chat, stack, clinic, id = 700000;

before(async () => {
	chat = await openChat();
	({ stack } = chat);
	clinic = await openClinic(stack, { name: 'Садовая & <Ко>' });
});
after(() => chat?.stop());
beforeEach(() => {
	for (const list of [chat.telegram.sent, chat.telegram.answers, chat.telegram.refusals])
		list.length = 0;
});
const has = (text, key) => assert.ok(text.startsWith(texts[key].replaceAll(/<[^>]+>/g, '').split('{')[0]), `${key}: ${text}`);
const state = async (chat_) => (await stack.db('SELECT state FROM dialogue WHERE chat = $1', [chat_]))[0]?.state;

describe('a name', () => {
	test('of whatever letters arrives intact', async () => {
		const names = [['Белова\u202e', 'Анна👩‍⚕️'], ['O\u2019Neill\u00a0&', '"Zoe\u0308"'], ['العربية', 'ليلى'], ['李', '小龙'],
			["д'Артаньян", 'Шарль'], ['Ёж-Ежов', '\u200bЁ'], ['x'.repeat(100), 'ы'.repeat(100)], ['name', '%s%n']];
		const first = id + 1;
		for (const [last_name, first_name] of names) {
			const who = ++id;
			for (const words of ['/start', `${last_name} ${first_name}`, '+380671112233', `odd${who}@example.org`])
				await chat.write(who, words);
		}
		await chat.work();
		for (const [i, [last_name, first_name]] of names.entries()) {
			const who = first + i, name = `${last_name} ${first_name}`;
			has(chat.said(who).at(-1), 'bot.registered');
			assert.ok(chat.said(who).at(-1).includes(name));
			assert.ok(chat.said(firstAdmin.id).some((s) => s.includes(name) && s.includes('Садовая & <Ко>')), name);
			const [row] = await stack.db('SELECT last_name, first_name FROM person WHERE telegram_id = $1', [who]);
			assert.deepEqual(row, { last_name, first_name });
		}
	});

	test('that is none is asked for again', async () => {
		const who = ++id;
		await chat.write(who, '/start');
		for (const name of ['\u200b \u200b', '\u3164 \u3164', '👩 🧑', 'Белова', `${'x'.repeat(101)} Анна`, 'Белова\nАнна', ' ', '. .',
			'Белова @anna', 'Белова {x}'])
			has(await chat.talk(who, name), 'bot.wrong.name');
		for (const thing of [{ sticker: { file_id: 'x' } }, { photo: [] }, { text: 5 }, { contact: { user_id: id } }])
			has(await chat.talk(who, thing), 'bot.wrong.name');
		assert.equal(await state(who), 'name');
	});

	test('of the Mini App arrives intact as well', async () => {
		const { token } = await clinic.stranger();
		const name = { last_name: '<b>{branch}</b>&amp;', first_name: '"\u202e\u200d👩‍⚕️' };
		await clinic.must(token, 'POST', '/registrations', { ...name, branch: clinic.branch.id });
		await chat.work();
		assert.ok(chat.last(firstAdmin.id).text.includes(`${name.last_name} ${name.first_name}`));
	});
});

describe('an e-mail address', () => {
	test('has at most 254 characters', async () => {
		const who = ++id, domain = '@example.org', address = (n) => 'e'.repeat(n - domain.length) + domain;
		await chat.talk(who, '/start', 'Белова Анна', '+380671112233');
		for (const wrong of [address(255), 'a@b', 'a b@example.org', '@example.org', 'a@example.org\n', 'a@@example.org', 'a@.org', '<a@example.org>'])
			has(await chat.talk(who, wrong), 'bot.wrong.email');
		has(await chat.talk(who, address(254)), 'bot.registered');
	});
});

describe('what is none of the dialogue', () => {
	test('changes nothing of it', async () => {
		const who = ++id;
		await chat.talk(who, '/start', 'Белова Анна');
		const message = (more) => ({ message_id: 1, date: 1, chat: { id: who, type: 'private' }, from: { id: who, is_bot: false }, ...more });
		const before = chat.telegram.sent.length;
		for (const update of [
			{ edited_message: message({ text: '+380671112233', edit_date: 2 }) },
			{ edited_message: message({ text: '/cancel', edit_date: 2 }) },
			{ channel_post: { ...message({ text: '/cancel' }), from: undefined } },
			{ message: { ...message({ text: '/cancel' }), chat: { id: -100500, type: 'supergroup' } } },
			{ message: { ...message({ text: '/cancel@tabel_demo_bot' }), chat: { id: -100500, type: 'supergroup' } } },
			{ message: { ...message({ text: '/cancel' }), from: { id: who, is_bot: true } } },
			{ message: { ...message({ text: '/who' }), chat: { id: -100500, type: 'supergroup' },
				from: { id: 1087968824, is_bot: true, first_name: 'Group' }, sender_chat: { id: -100500, type: 'supergroup' } } },
			{ message: message({ text: '/cancel@other_bot' }) },
			{ poll: { id: 'x' } }, { something_new: message({ text: '/cancel' }) }, { message: null }, { message: [] }, { callback_query: {} },
			{ callback_query: { id: 5, from: { id: who }, data: 'x' } }, { my_chat_member: { chat: { id: -5 } } },
		])
			await chat.send(update);
		await chat.work();
		assert.equal(chat.telegram.sent.length, before);
		assert.equal(await state(who), 'contact');
		assert.deepEqual(await stack.db("SELECT * FROM bot_update WHERE state <> 'done'"), []);
	});

	test('commands are taken in any case, with our name and with words behind', async () => {
		const told = new Map();
		const tell = async (words, key) => {
			await chat.write(++id, words);
			told.set(id, [words, texts[key]]);
		};
		for (const command of ['/START', '/start@Tabel_Demo_Bot', '/start x y', '/start\nx', '/start@tabel_demo_bot promo'])
			await tell(command, 'bot.ask.name');
		for (const command of ['/Cancel@TABEL_demo_bot now', '/cancel'])
			await tell(command, 'bot.cancel.nothing');
		for (const unknown of ['/', '//', '/nothing', '/start_', '/старт'])
			await tell(unknown, 'bot.unknown');
		await chat.work();
		for (const [who, [words, text]] of told)
			assert.equal(chat.said(who).at(-1), text, words);
	});

	test('presses of any kind are answered', async () => {
		const who = ++id;
		await chat.write(who, '/start');
		for (const data of ['', 'x', 'r:', 'b:1', 'g:99', 'b:99999999999999999999', 's:1:1', 'k:1:1', 'a:1', 'c:1:1', 'm:1:1', 'r:1:c:1:1',
			'b:1\u0000', 'я'.repeat(500), 'x'.repeat(100000)])
			assert.ok(await chat.press(who, undefined, data), JSON.stringify(data).slice(0, 30));
		assert.ok(await chat.press(who, undefined, 'b:1', { message: undefined, inline_message_id: 'x' }));
		assert.ok(await chat.press(who, undefined, undefined, { game_short_name: 'x' }));
		assert.equal(await state(who), 'name');
	});

	test('somebody without any name may register', async () => {
		const who = ++id;
		assert.equal(await chat.talk(who, { text: '/start', from: { first_name: undefined, language_code: undefined } }), texts['bot.ask.name']);
		assert.equal(await chat.talk(who, { text: '/start', from: { first_name: '\u0000', last_name: 5, language_code: '' } }), texts['bot.ask.name']);
	});
});

test('a worker that is killed anywhere in a dialogue says everything once', async () => {
	const people = Array.from({ length: 8 }, () => ++id);
	for (const who of people)
		for (const words of ['/start', 'Белова Анна', '+380671112233', `killed${who}@example.org`])
			await chat.write(who, words);
	const env = { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf') };
	for (let i = 0; i < 25; i++) {
		const worker = spawn(join(stack.dir, 'bin/worker'), [], { env });
		const [{ left }] = await stack.db("SELECT count(*)::int AS left FROM bot_update WHERE state = 'waiting'");
		/* As soon as one more is done, or a message is out. */
		for (let now = left; now === left && left > 0;)
			[{ left: now }] = await stack.db("SELECT count(*)::int AS left FROM bot_update WHERE state = 'waiting'");
		worker.kill('SIGKILL');
		await once(worker, 'exit');
		if (left === 0)
			break;
	}
	await stack.worker();
	for (const who of people) {
		const keys = (await stack.db(`SELECT n.key FROM notification n JOIN person p ON p.id = n.person
			WHERE p.telegram_id = $1 ORDER BY n.id`, [who])).map((r) => r.key);
		assert.deepEqual(keys, ['bot.hello', 'bot.ask.name', 'bot.ask.contact', 'bot.ask.email', 'bot.registered']);
	}
	const [{ n }] = await stack.db(`SELECT count(*)::int AS n FROM registration g JOIN person p ON p.id = g.person
		WHERE p.telegram_id = ANY ($1)`, [people]);
	assert.equal(n, people.length);
});

test('a group that takes the bot back gets what it missed', async () => {
	const branch = await clinic.openBranch({ notice: 'all', notice_chat: -4242 });
	assert.ok(branch.id);
	chat.telegram.blocked.add(-4242);
	await stack.db(`INSERT INTO notification (chat, key, params, due_at, dedupe, created_at)
		VALUES (-4242, 'notice.in', '{}', now() - interval '1 second', 'group', now())`);
	await stack.worker();
	chat.telegram.refusals.length = 0;
	chat.telegram.blocked.clear();
	await chat.send({ my_chat_member: { chat: { id: -4242, type: 'group' }, from: { id: 1 }, date: 1,
		old_chat_member: { status: 'left' }, new_chat_member: { status: 'member' } } });
	await chat.work();
	assert.equal(chat.said(-4242).length, 2);
	assert.ok(chat.said(-4242).includes(texts['bot.group'].replaceAll(/<[^>]+>/g, '').replace('{id}', '-4242')));
	/* An administrator now, who was a member: nothing new. */
	await chat.send({ my_chat_member: { chat: { id: -4242, type: 'group' }, from: { id: 1 }, date: 1,
		old_chat_member: { status: 'member' }, new_chat_member: { status: 'administrator' } } });
	await chat.work();
	assert.equal(chat.said(-4242).length, 2);
});
