/* What managers and administrators decide in the chat. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { button, openChat, texts } from '../chat.mjs';
import { openClinic } from '../clinic.mjs';
import { firstAdmin } from '../harness.mjs';

/* Clocks of the clinic: winter in Kyiv, UTC+2. */
const at = (s) => `2026-11-${s.slice(0, 2)}T${s.slice(3)}:00+02:00`;
let chat, stack, clinic, boss, n = 0;

before(async () => {
	chat = await openChat({ faketime: '2026-11-20T15:00:00Z' });
	({ stack } = chat);
	clinic = await openClinic(stack, { name: 'Садовая', notice: 'irregular' });
	boss = await clinic.hire({ first_name: 'Ирина', last_name: 'Главная' }, { manager_of: [clinic.branch.id] });
});
after(() => chat?.stop());
beforeEach(() => {
	for (const list of [chat.telegram.sent, chat.telegram.answers, chat.telegram.refusals, chat.telegram.failures])
		list.length = 0;
});

const hire = (more) => clinic.hire({ first_name: 'Анна', last_name: `Котова${++n}` }, more);
const manual = (who, time, kind, more) => clinic.must(clinic.admin, 'POST', '/events/manual',
	{ employee: who.id, at: at(time), kind, reason: 'Проверка', confirm: true, ...more });
const ask = (who, more) => clinic.must(who.token, 'POST', '/corrections', { reason: 'Забыла', ...more });
const intervals = (who) => stack.db(`SELECT state, to_char(in_at AT TIME ZONE time_zone, 'DD HH24:MI') AS in,
	to_char(out_at AT TIME ZONE time_zone, 'DD HH24:MI') AS out FROM interval WHERE employee = $1 ORDER BY in_at`, [who.id]);
const request = async (id) => (await stack.db('SELECT * FROM correction WHERE id = $1', [id]))[0];
const to = (who, of) => chat.last(who.telegram_id, new RegExp(of.last_name));
const admin = { telegram_id: firstAdmin.id };

test('/help tells the number that the six digits are asked for with (C5)', async () => {
	for (const { telegram_id } of [boss, await hire()])
		assert.match(await chat.talk(telegram_id, '/help'), new RegExp(`: ${telegram_id}$`));
});

describe('a request', () => {
	test('shows what it does to the hours', async () => {
		const anna = await hire();
		await manual(anna, '18 09:00', 'in');
		const asked = await ask(anna, { action: 'add', at: at('18 17:30'), kind: 'out' });
		await chat.work();
		assert.match(to(boss, anna).text, /просит добавить отметку 18\.11 в 17:30, Садовая\. Причина: Забыла\n⏱ 0:00 → 8:30$/);
		assert.equal(await chat.press(boss.telegram_id, to(boss, anna), `c:${asked.id}:1`), undefined);
		assert.deepEqual(await intervals(anna), [{ state: 'closed', in: '18 09:00', out: '18 17:30' }]);
	});

	test('that loses hours is asked back about, and approved all the same (W10)', async () => {
		const anna = await hire();
		await manual(anna, '18 09:00', 'in', { until: at('18 12:20') });
		const [{ id: event }] = await stack.db("SELECT id FROM event WHERE employee = $1 AND kind = 'in'", [anna.id]);
		const asked = await ask(anna, { action: 'void', event });
		await chat.work();
		const message = to(boss, anna);
		assert.match(message.text, /⏱ 3:20 → 0:00$/);
		assert.equal(await chat.press(boss.telegram_id, message, button(message, texts['bot.button.approve'])), undefined);
		assert.match(message.text, /просит убрать отметку.*\n\n⚠ Пропадёт 3 ч 20 мин\.\n⚠ Отметок без пары станет больше: 1\.$/s);
		assert.equal((await request(asked.id)).state, 'pending');
		assert.deepEqual(await intervals(anna), [{ state: 'closed', in: '18 09:00', out: '18 12:20' }], 'nothing is changed yet');

		/* It is no way round the one who may not decide. */
		const other = await clinic.openBranch();
		const stranger = await clinic.hire({}, { manager_of: [other.id] });
		const anyway = button(message, texts['bot.button.anyway']);
		assert.equal(await chat.press(stranger.telegram_id, message, anyway), texts['fault.OTHER_BRANCH']);
		assert.equal(await chat.press(anna.telegram_id, message, anyway), texts['fault.FORBIDDEN']);
		assert.equal(await chat.press(boss.telegram_id, message, anyway), undefined);
		assert.match(message.text, /^✅ .*принято\.\nРешение: Главная Ирина$/s);
		assert.equal((await request(asked.id)).state, 'approved');
		assert.deepEqual(await intervals(anna), []);
		assert.equal(await chat.press(boss.telegram_id, message, anyway), texts['fault.CORRECTION_DECIDED']);
	});

	test('for longer than the limit needs its length confirmed in so many words (W10)', async () => {
		const anna = await hire();
		await manual(anna, '17 08:00', 'in');
		const asked = await ask(anna, { action: 'add', at: at('18 04:30'), kind: 'out' });
		await chat.work();
		const message = to(boss, anna);
		await chat.press(boss.telegram_id, message, `c:${asked.id}:1`);
		assert.match(message.text, /⚠ Смена получится длиной 20 ч 30 мин — больше допустимого\.$/);
		await chat.press(boss.telegram_id, message, button(message, texts['bot.button.anyway']));
		assert.deepEqual(await intervals(anna), [{ state: 'closed', in: '17 08:00', out: '18 04:30' }]);
		assert.match(message.text, /^✅/);
	});

	test('does not take for a reason what is said an hour later', async () => {
		const anna = await hire();
		const asked = await ask(anna, { action: 'add', at: at('18 09:00'), kind: 'in' });
		await chat.work();
		const message = to(boss, anna);
		await chat.press(boss.telegram_id, message, button(message, texts['bot.button.refuse']));
		await stack.db(`UPDATE dialogue SET changed_at = changed_at - interval '1 hour'`);
		assert.equal(await chat.talk(boss.telegram_id, 'Добрый день'), texts['bot.unknown']);
		assert.equal((await request(asked.id)).state, 'pending');
	});

	test('can still be refused after that; a late refusal is told so before a reason is typed', async () => {
		const anna = await hire();
		await manual(anna, '18 09:00', 'in', { until: at('18 12:20') });
		const [{ id: event }] = await stack.db("SELECT id FROM event WHERE employee = $1 AND kind = 'in'", [anna.id]);
		const asked = await ask(anna, { action: 'void', event });
		await chat.work();
		const message = to(boss, anna);
		await chat.press(boss.telegram_id, message, `c:${asked.id}:1`);
		const refuse = button(message, texts['bot.button.refuse']);
		await chat.press(boss.telegram_id, message, refuse);
		assert.equal(await chat.talk(boss.telegram_id, 'Вы\nбыли здесь'), texts['bot.refused']);
		assert.equal((await request(asked.id)).decision, 'Вы были здесь');
		assert.match(message.text, /^✖ /);
		assert.equal(await chat.press(boss.telegram_id, message, refuse), texts['fault.CORRECTION_DECIDED']);
	});

	test('that somebody else decides while a reason is typed ends the dialogue', async () => {
		const anna = await hire();
		const asked = await ask(anna, { action: 'add', at: at('18 09:00'), kind: 'in' });
		await chat.work();
		await chat.press(boss.telegram_id, to(boss, anna), `c:${asked.id}:0`);
		await clinic.must(clinic.admin, 'POST', `/corrections/${asked.id}/reject`, { reason: 'Нет' });
		assert.equal(await chat.talk(boss.telegram_id, 'Поздно'), texts['fault.CORRECTION_DECIDED']);
		assert.equal(await chat.talk(boss.telegram_id, 'Поздно'), texts['bot.unknown']);
	});
});

describe('a shift without an end', () => {
	/* Somebody who came at nine the day before yesterday and never left, as the worker finds him. */
	async function lose(who) {
		await manual(who, '18 09:00', 'in');
		await stack.db("UPDATE interval SET state = 'open' WHERE employee = $1", [who.id]);
		await chat.work();
	}
	async function forgot() {
		const who = await hire();
		await lose(who);
		return { ...who, event: (await stack.db('SELECT in_event FROM interval WHERE employee = $1', [who.id]))[0].in_event };
	}

	test('is told to the manager, who chooses when it ended', async () => {
		const anna = await forgot();
		const message = to(boss, anna);
		assert.match(message.text, /Нет отметки об уходе: Котова.*18\.11 в 09:00/);
		const times = message.reply_markup.inline_keyboard.flat().map((b) => b.text);
		assert.deepEqual(times, ['16:00', '16:30', '17:00', '17:30', '18:00', '18:30', texts['bot.button.other_time']]);
		assert.equal(await chat.press(boss.telegram_id, message, button(message, '17:30')), undefined);
		assert.deepEqual(await intervals(anna), [{ state: 'closed', in: '18 09:00', out: '18 17:30' }]);
		assert.match(message.text, /^✅ Котова.* Анна, Садовая: приход 18\.11 в 09:00, уход в 17:30\.\nРешение: Главная Ирина$/);
		assert.equal(message.reply_markup, undefined);
		const [event] = await stack.db("SELECT source, reason, made_by FROM event WHERE employee = $1 AND kind = 'out'", [anna.id]);
		assert.deepEqual([event.source, event.reason, event.made_by], ['manual', texts['bot.missing.reason'], boss.person]);
		assert.equal(await chat.press(boss.telegram_id, message, `m:${anna.event}:1`), texts['bot.press.settled']);
	});

	test('has the planned end in the middle', async () => {
		const anna = await hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			valid_from: '2026-11-01', cycle_days: 1, shifts: ['0 09:00-19:15'] });
		await lose(anna);
		assert.deepEqual(to(boss, anna).reply_markup.inline_keyboard[0].map((b) => b.text), ['18:15', '18:45', '19:15']);
	});

	test('is listed by /requests; another time is typed', async () => {
		const anna = await forgot();
		await stack.db("DELETE FROM notification WHERE about = 'missing:' || $1", [anna.event]);
		assert.equal(await chat.talk(admin.telegram_id, '/start'), texts['bot.state.admin']);
		await chat.talk(admin.telegram_id, '/requests');
		const message = to(admin, anna);
		assert.match(message.text, /Когда был уход\?$/);
		await chat.press(admin.telegram_id, message, button(message, texts['bot.button.other_time']));
		assert.match(chat.said(admin.telegram_id).at(-1), /Котова.*во сколько был уход/);
		assert.equal(await chat.talk(admin.telegram_id, 'в семь'), texts['bot.wrong.time']);
		assert.equal(await chat.talk(admin.telegram_id, '19:05'), 'Уход записан: 18.11 в 19:05.');
		assert.deepEqual(await intervals(anna), [{ state: 'closed', in: '18 09:00', out: '18 19:05' }]);
		assert.match(message.text, /уход в 19:05\.\nРешение: Первая Ада$/);
	});

	test('whose end makes it too long is asked back about', async () => {
		const anna = await forgot();
		const message = to(boss, anna);
		await chat.press(boss.telegram_id, message, `m:${anna.event}:1`);
		await chat.talk(boss.telegram_id, '03:00');	/* the next night, 18 h */
		const asked = chat.last(boss.telegram_id);
		assert.match(asked.text, /Уход 19\.11 в 03:00\?\n\n⚠ Смена получится длиной 18 ч 00 мин/);
		assert.deepEqual((await intervals(anna)).map((i) => i.state), ['missing_out']);
		await chat.press(boss.telegram_id, asked, button(asked, texts['bot.button.anyway']));
		assert.deepEqual(await intervals(anna), [{ state: 'closed', in: '18 09:00', out: '19 03:00' }]);
		for (const one of [message, asked])
			assert.match(one.text, /^✅ .*уход в 03:00/);
	});

	test('shows everywhere how it ended, whoever and whatever ended it', async () => {
		const second = await clinic.hire({ last_name: 'Вторая' }, { manager_of: [clinic.branch.id] });
		const anna = await forgot(), vera = await forgot();
		await chat.press(second.telegram_id, to(second, anna), button(to(second, anna), '17:00'));
		assert.match(to(boss, anna).text, /^✅ .*Решение: Вторая/s);
		assert.equal(await chat.press(boss.telegram_id, to(boss, anna), `m:${anna.event}:29000000`), texts['bot.press.settled']);
		/* On the pages: the next minute shows it. */
		await manual(vera, '18 16:10', 'out');
		await chat.work();
		for (const who of [boss, second])
			assert.match(to(who, vera).text, /^✅ .*уход в 16:10\.\nРешение: Первая Ада$/);
		await stack.db("DELETE FROM person_role WHERE person = $1", [second.person]);
	});

	test('is none of those without the right, of oneself, or of the employee who asks', async () => {
		const anna = await forgot(), data = `m:${anna.event}:29000000`;
		const other = await clinic.openBranch();
		const stranger = await clinic.hire({}, { manager_of: [other.id] });
		assert.equal(await chat.press(stranger.telegram_id, undefined, data), texts['fault.OTHER_BRANCH']);
		assert.equal(await chat.press(anna.telegram_id, undefined, data), texts['fault.FORBIDDEN']);
		for (const broken of ['m:', 'm:1', `m:${anna.event}:x`, `m:${anna.event}:1:1:1`, 'm:999999:1'])
			assert.ok(await chat.press(boss.telegram_id, undefined, broken), broken);
		assert.equal(await chat.press(boss.telegram_id, undefined, `m:${anna.event}:99999999`), texts['bot.wrong.time']);
		await manual(boss, '18 08:00', 'in');
		await chat.work();
		const [{ in_event }] = await stack.db("SELECT in_event FROM interval WHERE employee = $1", [boss.id]);
		assert.equal(await chat.press(boss.telegram_id, undefined, `m:${in_event}:29000000`), texts['fault.CORRECTION_OWN']);
		await ask(anna, { action: 'add', at: at('18 18:00'), kind: 'out' });
		chat.telegram.sent.length = 0;
		await chat.talk(boss.telegram_id, '/requests');
		assert.match(chat.last(boss.telegram_id, new RegExp(anna.last_name)).text, /просит добавить/);
		assert.equal(chat.said(boss.telegram_id).filter((s) => /Когда был уход/.test(s) && s.includes(anna.last_name)).length, 0);
	});

	test('of a closed month is refused', async () => {
		const anna = await forgot();
		await stack.db("INSERT INTO period (branch, month, state, closed_at, closed_by) VALUES ($1, '2026-11-01', 'closed', now(), $2)",
			[clinic.branch.id, boss.person]);
		assert.equal(await chat.press(boss.telegram_id, to(boss, anna), button(to(boss, anna), '17:30')), texts['fault.PERIOD_CLOSED']);
		await stack.db('DELETE FROM period');
	});
});

describe('/requests', () => {
	test('has the registrations that wait, too, and says if there is more', async () => {
		const late = await clinic.hire({ last_name: 'Новая' });
		for (let i = 0; i < 11; i++) {
			const { token } = await clinic.stranger();
			await clinic.must(token, 'POST', '/registrations', { last_name: `Заявка${i}`, first_name: 'Я', branch: clinic.branch.id });
		}
		await clinic.must(clinic.admin, 'PUT', `/employees/${late.id}`, { last_name: 'Новая', first_name: 'Анна', branch: clinic.branch.id,
			position: clinic.position.id, hired_on: '2020-01-01', telegram_id: late.telegram_id, manager_of: [clinic.branch.id] });
		chat.telegram.sent.length = 0;
		assert.equal(await chat.talk(late.telegram_id, '/requests'), texts['bot.requests.more']);
		const mine = chat.last(late.telegram_id, /Заявка0 /);
		const [{ id }] = await stack.db("SELECT g.id FROM registration g JOIN person p ON p.id = g.person WHERE p.last_name = 'Заявка0'");
		await clinic.must(clinic.admin, 'POST', `/registrations/${id}/confirm`, { branch: clinic.branch.id, position: clinic.position.id });
		await chat.work();
		assert.match(mine.text, /^✅ Заявка0 Я — сотрудник/);
		assert.equal(await chat.press(late.telegram_id, mine, `r:${id}:c:${clinic.branch.id}:${clinic.position.id}`), texts['fault.REGISTRATION_DECIDED']);
		/* The role is gone meanwhile. */
		await stack.db('DELETE FROM person_role WHERE person = $1', [late.person]);
		const other = chat.last(late.telegram_id, /Заявка1 /);
		assert.equal(await chat.press(late.telegram_id, other, button(other, texts['bot.button.confirm'])), texts['fault.FORBIDDEN']);
		assert.equal(await chat.talk(late.telegram_id, '/requests'), texts['fault.FORBIDDEN']);
	});
});

describe('/code', () => {
	let lead;
	before(async () => {
		lead = await clinic.must(clinic.admin, 'POST', '/positions', { name: 'Заведующая', web_access: true });
	});
	const activate = (code, username) => stack.api('POST', '/auth/activate', { body: { code, username, password: 'семь холодных чайников' } });
	const codeIn = (text) => text.match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){2}/)[0];

	test('gives an administrator a code to hand over, and forgets it', async () => {
		const made = await clinic.must(clinic.admin, 'POST', '/employees', { last_name: 'Без<Телеграма>', first_name: 'Ян',
			branch: clinic.branch.id, position: lead.id, hired_on: '2020-01-01', personnel_number: 'Т-77' });
		await hire();
		assert.equal(await chat.talk(boss.telegram_id, '/code'), texts['fault.FORBIDDEN']);
		assert.equal(await chat.talk(admin.telegram_id, '/code'), texts['bot.ask.code']);
		assert.equal(await chat.talk(admin.telegram_id, 'Котова'), texts['bot.code.none'], 'their position has no access');
		await chat.talk(admin.telegram_id, 'т-77');
		const message = chat.last(admin.telegram_id);
		const choice = message.reply_markup.inline_keyboard[0][0];
		assert.match(choice.text, /^Без<Телеграма> Ян · Садовая$/);
		assert.equal(await chat.press(boss.telegram_id, message, choice.callback_data), texts['fault.FORBIDDEN']);
		await chat.press(admin.telegram_id, message, choice.callback_data);
		const code = codeIn(chat.said(admin.telegram_id).at(-1));
		assert.ok(!JSON.stringify(await stack.db('SELECT * FROM notification')).includes(code));
		const answer = await activate(code, 'yan');
		assert.equal(answer.body.person.id, made.person, JSON.stringify(answer.body));
	});

	test('or sends it to whom it is for; the one before is void', async () => {
		const anna = await hire({ position: lead.id });
		await chat.talk(admin.telegram_id, '/code', anna.last_name.toUpperCase());
		const message = chat.last(admin.telegram_id);
		await chat.press(admin.telegram_id, message, message.reply_markup.inline_keyboard[0][0].callback_data);
		await chat.press(admin.telegram_id, message, button(message, texts['bot.button.code_show']));
		const first = codeIn(chat.said(admin.telegram_id).at(-1));
		await chat.press(admin.telegram_id, message, `k:${anna.id}:1`);
		const second = codeIn(chat.said(anna.telegram_id).at(-1));
		assert.equal((await activate(first, 'anna.lead')).body.code, 'ACTIVATION_WRONG');
		assert.equal((await activate(second, 'anna.lead')).status, 200);
		for (const broken of ['k:', 'k:1', 'k:999999:1', 'k:x:1'])
			assert.ok(await chat.press(admin.telegram_id, message, broken), broken);
	});
});
