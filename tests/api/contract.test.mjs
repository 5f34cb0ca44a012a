/*
 * Every operation of the reference is called, by somebody who may and with
 * what it wants, and then in the wrong ways that the reference itself tells
 * of; each answer must be as written there.  A route without an example
 * fails.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { initData, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { readContract } from '../openapi.mjs';

const contract = await readContract();
const nobody = 999999999, secret = 'contract-of-the-bot';

let stack, clinic, anna, boss, doctor;
const password = 'семь холодных чайников';

before(async () => {
	stack = await startStack({ conf: { BOT_WEBHOOK_SECRET: secret } });
	clinic = await openClinic(stack);
	anna = await clinic.hire();
	doctor = await clinic.must(clinic.admin, 'POST', '/positions', { name: 'Врач с доступом', web_access: true });
	boss = await clinic.hire({ first_name: 'Борис' }, { manager_of: [clinic.branch.id] });
	await clinic.mark(anna.token, 'in');
});
after(() => stack?.stop());

const unique = (what) => `${what} ${Math.random()}`;
const admin = (path = {}, query = {}, body = undefined) => ({ token: clinic.admin, path, query, body });
const person = (more) => ({ last_name: 'Новая', first_name: 'Вера', branch: clinic.branch.id, ...more });

async function registration() {
	const { token } = await clinic.stranger();
	await clinic.scan(token);
	return clinic.must(token, 'POST', '/registrations', person({ phone: '+79000000001' }));
}
async function signedIn() {
	const employee = await clinic.hire();
	const login = { username: `user.${employee.id}`, password };
	await clinic.must(clinic.admin, 'PUT', `/employees/${employee.id}/login`, login);
	return { ...employee, ...login };
}
/* A request to add an out that somebody forgot on a day long ago. */
let days = 0;
async function correction(kind = 'out') {
	const { token } = await clinic.hire();
	const at = new Date(Date.UTC(2024, 0, ++days, 9)).toISOString();
	return { token, ...await clinic.must(token, 'POST', '/corrections', { action: 'add', at, kind, reason: 'Забыла.' }) };
}
const terminal = () => clinic.must(clinic.admin, 'POST', '/terminals',
	{ name: unique('Планшет'), branch: clinic.branch.id });

const service = () => clinic.must(clinic.admin, 'POST', '/service-tokens', { name: unique('Сайт'), scopes: ['staff'] });
let records = 0;
const staff = (more) => person({ email: `staff.${++records}@example.org`, position: doctor.id, ...more });

const today = () => new Date().toISOString().slice(0, 10);
const week = (employee) => ({ employee, kind: 'weekly', valid_from: '2020-03-02', shifts: ['0 09:00-18:00'] });
const rotation = { kind: 'rotation', valid_from: '2020-03-02', cycle_days: 4, shifts: ['0 20:00-08:00', '2 08:00-20:00'] };
const leave = { kind: 'annual_leave', from: '2020-03-16', to: '2020-03-20' };
async function scheduled() {
	const { id } = await clinic.hire();
	return clinic.must(clinic.admin, 'POST', '/schedules', week(id));
}
/* Somebody with a schedule, a day that is not as scheduled and an absence. */
async function planned() {
	const { employee } = await scheduled();
	const day = '2020-03-09';
	const exception = await clinic.must(clinic.admin, 'POST', '/schedule-exceptions',
		{ employee, day, shifts: ['20:00-08:00'] });
	const absence = await clinic.must(clinic.admin, 'POST', '/absences', { ...leave, employee });
	return { employee, day, exception: exception.id, absence: absence.id };
}
let holidays = 0;
const holiday = () => clinic.must(clinic.admin, 'POST', '/holidays', { name: 'Праздник',
	day: new Date(Date.UTC(2020, 6, ++holidays)).toISOString().slice(0, 10) });

/* March 2020 of a branch; one that is closed; a day with overtime. */
const march = (branch = clinic.branch) => ({ branch: branch.id, month: '2020-03' });
async function closed() {
	const branch = await clinic.openBranch();
	await clinic.must(clinic.admin, 'POST', '/periods/close', march(branch));
	return branch;
}
async function overtime(branch = clinic.branch) {
	const { id } = await clinic.hire({}, { branch: branch.id });
	await clinic.must(clinic.admin, 'POST', '/events/manual', { employee: id, at: '2020-03-05T09:00:00Z', kind: 'in',
		until: '2020-03-05T10:00:00Z', reason: 'Без света.' });
	return { employee: id, day: '2020-03-05', seconds: 3600 };
}
const cardUid = () => `04${Math.random().toString(16).slice(2, 12).padEnd(10, '0')}`;
/* A reader, and a card that nobody has. */
async function unknownCard() {
	const { key } = await clinic.hang(clinic.branch, { kind: 'nfc' });
	const uid = cardUid();
	await clinic.must(key, 'POST', '/events/nfc', { id: '1', uid });
	await clinic.must(key, 'POST', '/events/nfc', { taps: [{ id: '2', uid: 'none' }] });
	return { key, uid };
}

/*
 * What succeeds: token, path arguments, query and body; a list of them is
 * called one after the other.
 */
const examples = {
	'POST /auth/login': async () => {
		const { username } = await signedIn();
		return { body: { username, password } };
	},
	'POST /auth/logout': async () => ({ token: (await clinic.hire()).token, body: { everywhere: true } }),
	'POST /auth/password': async () => {
		const { username } = await signedIn();
		const { token } = await clinic.must(undefined, 'POST', '/auth/login', { username, password });
		return { token, body: { password, new_password: 'восемь горячих самоваров' } };
	},
	'POST /auth/activate': async () => {
		const { activation_code: code } = await clinic.must(clinic.admin, 'POST', '/staff', staff({ create_user: true }));
		return { body: { code, username: `first.${code}`, password } };
	},
	'POST /auth/code': () => ({ body: { telegram_id: anna.telegram_id } }),
	'POST /auth/code/verify': async () => {
		const { telegram_id } = boss;
		await clinic.must(undefined, 'POST', '/auth/code', { telegram_id });
		const [{ code }] = await stack.db(`SELECT params->>'code' AS code FROM notification
			WHERE key = 'message.login_code' ORDER BY id DESC LIMIT 1`);
		return { body: { telegram_id, code } };
	},
	'POST /auth/telegram': () => ({ body: { init_data: initData({ id: 700000001 }) } }),

	'POST /bot/webhook': () => ({ headers: { 'x-telegram-bot-api-secret-token': secret },
		body: { update_id: 1, message: { message_id: 1, date: 1, chat: { id: 1, type: 'private' }, text: '/help' } } }),

	'POST /claims': async () => ({ token: anna.token, body: { code: await clinic.code(),
		location: { latitude: 50, longitude: 30, accuracy: 12.5 } } }),
	'GET /events': () => [admin(), admin({}, { limit: 1, kind: 'in', irregular: false, from: '2020-01-01' }),
		{ token: anna.token }],
	'GET /corrections': async () => {
		const { id, token } = await correction();
		await clinic.must(boss.token, 'POST', `/corrections/${id}/reject`, { reason: 'Нет.' });
		return [admin(), { token, query: { own: true, limit: 1 } },
			{ token: boss.token, query: { state: 'pending', branch: clinic.branch.id, from: '2020-01-01' } }];
	},
	'POST /corrections': async () => {
		const { token, id } = await clinic.hire();
		const { body } = await clinic.mark(token, 'in');
		return [{ token, body: { action: 'add', at: '2024-03-01T09:00:00Z', kind: 'in', reason: 'Забыла.' } },
			{ token, body: { action: 'change', event: body.id, at: '2024-03-02T09:00:00+02:00', reason: 'Ошибка.' } },
			{ token: boss.token, body: { action: 'add', employee: id, at: '2024-03-03T09:00:00Z', kind: 'out', reason: 'Забыла.' } }];
	},
	'POST /events/preview': async () => {
		const { token } = await clinic.hire();
		const { body } = await clinic.mark(token, 'in');
		return [{ token, body: { action: 'void', event: body.id } },
			{ token, body: { action: 'add', at: '2024-03-02T09:00:00Z', kind: 'out' } }];
	},
	'GET /corrections/{id}': async () => {
		const { id, token } = await correction();
		return [admin({ id }), { token, path: { id } }];
	},
	'GET /corrections/{id}/effect': async () => {
		const { id, token } = await correction();
		return [admin({ id }, { confirm_long: true, at: '2024-06-01T09:00:00Z' }), { token, path: { id } }];
	},
	'POST /corrections/{id}/approve': async () => [
		admin({ id: (await correction()).id }, {}, { confirm: true }),
		admin({ id: (await correction()).id }, {}, { confirm: true, at: '2024-06-01T09:00:00Z' }),
		{ token: boss.token, path: { id: (await correction('in')).id }, body: { confirm: true, reason: 'Да.' } }],
	'POST /corrections/{id}/reject': async () => admin({ id: (await correction()).id }, {}, { reason: 'Нет.' }),
	'POST /corrections/{id}/withdraw': async () => {
		const { id, token } = await correction();
		return { token, path: { id } };
	},
	'POST /events': async () => {
		const { token } = await clinic.hire();
		const first = await clinic.scan(token);
		const second = await clinic.scan(token);
		const third = await clinic.scan(token);
		return [
			{ token, body: { claim: first.body.id, kind: 'in' } },
			{ token, body: { claim: first.body.id, kind: 'in' } },
			{ token, body: { claim: second.body.id, kind: 'out' } },
			{ token, body: { claim: third.body.id, kind: 'out' } },
		];
	},
	'POST /events/manual': async () => {
		const employee = (await clinic.hire()).id;
		const day = { employee, at: '2024-03-01T09:00:00Z', kind: 'in', until: '2024-03-01T18:00:00Z', reason: 'Без света.' };
		return [admin({}, {}, day), { token: boss.token, body: { ...day, at: '2024-03-02T09:00:00Z', until: null, confirm: true } },
			admin({}, {}, { employee, at: day.until, kind: 'out', reason: 'Ещё раз.', confirm: true })];
	},
	'POST /events/manual/preview': async () => admin({}, {}, { employee: (await clinic.hire()).id,
		at: '2024-03-01T09:00:00Z', kind: 'in', until: '2024-03-02T09:00:00Z', confirm_long: true }),
	'POST /events/nfc': async () => {
		const { key, uid } = await unknownCard();
		const card_uid = cardUid();
		await clinic.hire({}, { card_uid });
		return [
			{ token: key, body: { id: 'a', uid: card_uid } },
			{ token: key, body: { id: 'a', uid: card_uid } },
			{ token: key, body: { id: 'b', uid, at: new Date().toISOString(), kind: 'in' } },
			{ token: key, body: { taps: [{ id: 'c', uid: card_uid, kind: 'out' }, { id: 'd', uid: 'none' },
				{ id: 'e', uid: card_uid, at: '2020-01-01T00:00:00Z' }, { id: 'a', uid }] } },
		];
	},
	'GET /cards/unknown': async () => {
		await unknownCard();
		return [admin(), admin({}, { limit: 1, after: (await unknownCard()).uid.toUpperCase() })];
	},
	'POST /cards/unknown/{uid}/assign': async () => admin({ uid: (await unknownCard()).uid }, {}, { employee: (await clinic.hire()).id }),
	'POST /cards/unknown/{uid}/dismiss': async () => admin({ uid: (await unknownCard()).uid }),
	'GET /taps/refused': async () => {
		await unknownCard();
		return [admin(), admin({}, { limit: 1, after: 1000000 })];
	},
	'POST /taps/refused/dismiss': () => admin({}, {}, { taps: [1, 2] }),
	'GET /taps/waiting': () => admin(),

	'GET /me': async () => {
		const pending = await clinic.stranger();
		await clinic.scan(pending.token);
		await clinic.must(pending.token, 'POST', '/registrations', person());
		return [anna, boss, await clinic.stranger(), pending, { token: clinic.admin }]
			.map(({ token }) => ({ token }));
	},
	'GET /me/calendar': async () => {
		const { token } = await clinic.hire();
		await clinic.must(token, 'POST', '/me/calendar', {});
		return [{ token }, { token: clinic.admin }];
	},
	'POST /me/calendar': () => ({ token: boss.token, body: {} }),
	'DELETE /me/calendar': () => ({ token: boss.token }),
	'GET /calendar/{file}': async () => {
		const { employee } = await planned();
		const [{ telegram_id: id }] = await stack.db(`SELECT telegram_id FROM person p JOIN employee e ON e.person = p.id
			WHERE e.id = $1`, [employee]);
		const { token } = await stack.signIn({ id });
		const { url } = await clinic.must(token, 'POST', '/me/calendar', {});
		return { path: { file: url.split('/').at(-1) } };
	},
	'GET /me/data.csv': () => [{ token: anna.token }, { token: clinic.admin, query: { bom: true } }],
	'GET /me/data.json': () => [{ token: anna.token }, { token: clinic.admin }],
	'GET /presence': () => [{ token: boss.token }, admin({}, { branch: clinic.branch.id })],

	'GET /branches': () => [admin(), { token: anna.token }, { token: boss.token, query: { limit: 1 } }],
	'POST /branches': () => [
		admin({}, {}, { name: unique('Филиал'), time_zone: 'Asia/Almaty' }),
		admin({}, {}, { name: unique('Филиал'), time_zone: 'UTC', networks: ['10.0.0.0/8'], latitude: 50.5,
			longitude: -30, radius_m: 100, place_rule: 'flag', notice: 'all', notice_chat: -1001, active: false }),
	],
	'PUT /branches/{id}': async () => admin({ id: (await clinic.openBranch()).id }, {},
		{ name: unique('Филиал'), time_zone: 'UTC', networks: null }),
	'DELETE /branches/{id}': async () => admin({ id: (await clinic.openBranch()).id }),

	'GET /employees': () => [admin({}, { search: 'Котова', state: 'all', limit: 2 }), { token: boss.token }],
	'POST /employees': () => [
		admin({}, {}, person({ position: clinic.position.id })),
		admin({}, {}, person({ position: clinic.position.id, middle_name: 'Петровна', phone: '+380 50 111-22-33',
			language: 'uk', personnel_number: unique('т'), card_uid: '04:a2:b3:c4', hired_on: '2020-02-29',
			manager_of: [clinic.branch.id], other_branches: [], telegram_id: 700000002 })),
	],
	'GET /employees.csv': () => [admin(), admin({}, { bom: true, state: 'inactive', branch: clinic.branch.id })],
	'POST /employees.csv': () => {
		const csv = (number) => ({ token: clinic.admin, headers: { 'content-type': 'text/csv' },
			body: `personnel_number;full_name;branch;position;left_on\n${number};Новая Вера;${clinic.branch.name};${
				clinic.position.name};\n;;;;2020-02-30\n` });
		const good = csv(unique('т'));
		return [csv(unique('т')), { ...good, body: good.body.split('\n', 2).join('\n'), query: { dry_run: false } }];
	},
	'GET /employees/{id}': () => [admin({ id: anna.id }), { token: boss.token, path: { id: boss.id } }],
	'PUT /employees/{id}': async () => {
		const { id } = await clinic.hire();
		return [admin({ id }, {}, person({ position: clinic.position.id })),
			admin({ id }, {}, person({ position: clinic.position.id, active: false }))];
	},
	'DELETE /employees/{id}': async () => {
		const known = await clinic.hire();
		await clinic.mark(known.token, 'in');
		return [known, await clinic.hire()].map(({ id }) => admin({ id }));
	},
	'PUT /employees/{id}/login': async () => {
		const { id } = await clinic.hire();
		return admin({ id }, {}, { username: `user.${id}`, password });
	},
	'DELETE /employees/{id}/login': async () => admin({ id: (await signedIn()).id }),

	'GET /positions': () => admin(),
	'POST /positions': () => admin({}, {}, { name: unique('Врач'), web_access: true, weekly_minutes: 2160 }),
	'PUT /positions/{id}': () => admin({ id: clinic.position.id }, {}, { name: unique('Врач') }),
	'DELETE /positions/{id}': async () => admin({
		id: (await clinic.must(clinic.admin, 'POST', '/positions', { name: unique('Врач') })).id }),

	'GET /registrations': async () => {
		await registration();
		return ['pending', 'confirmed', 'rejected'].map((state) => admin({}, { state }));
	},
	'POST /registrations': async () => ({ token: (await clinic.stranger()).token,
		body: person({ phone: '+7 900 000-00-01', language: 'en' }) }),
	'POST /registrations/{id}/confirm': async () => ({ token: boss.token, path: { id: (await registration()).id },
		body: { branch: clinic.branch.id, position: clinic.position.id } }),
	'POST /registrations/{id}/reject': async () => admin({ id: (await registration()).id }, {}, { reason: 'Не наш.' }),

	'GET /reports/days': () => [admin(), { token: anna.token, query: { limit: 1, irregular: true } }],
	'GET /reports/days.csv': () => admin({}, { bom: true }),
	'GET /reports/events.csv': () => ({ token: boss.token, query: { from: '2020-01-01', kind: 'in' } }),
	'GET /stats/worktime': async () => {
		await planned();
		return [admin(), admin({}, { by: 'day' }), { token: anna.token, query: { employee: anna.id } },
			{ token: boss.token, query: { branch: clinic.branch.id, by: 'day', from: '2020-01-01' } }];
	},
	'GET /stats/worktime/explain': async () => {
		const { employee, day } = await planned();
		return [admin({}, { employee, day }), admin({}, { employee: boss.id, day: '2020-01-01' }),
			{ token: anna.token, query: { employee: anna.id, day: today() } }];
	},

	'GET /stats/worktime.csv': async () => {
		await planned();
		return [admin(), admin({}, { by: 'day', bom: true }), { token: boss.token, query: { from: '2020-03-01', to: '2020-03-31' } }];
	},

	'GET /periods': () => [admin({}, march()), { token: boss.token, query: march() }],
	'POST /periods/close': async () => admin({}, {}, march(await clinic.openBranch())),
	'POST /periods/reopen': async () => admin({}, {}, { ...march(await closed()), reason: 'Опоздавший больничный' }),
	'GET /overtime': async () => {
		const { day } = await overtime();
		return [admin({}, { branch: clinic.branch.id, month: day.slice(0, 7) }),
			{ token: boss.token, query: { ...march(), state: 'pending', employee: anna.id } }];
	},
	'POST /overtime': async () => [admin({}, {}, { ...await overtime(), approved: true }),
		{ token: boss.token, body: { ...await overtime(), approved: false } }],
	'POST /overtime/month': async () => {
		const branch = await clinic.openBranch();
		const { day } = await overtime(branch);
		return admin({}, {}, { branch: branch.id, month: day.slice(0, 7), pending: 1, approved: true });
	},
	'GET /timesheets': async () => [admin({}, march()), { token: boss.token, query: march() },
		admin({}, { ...march(await closed()), revision: 0 })],
	'GET /timesheets/p5.pdf': () => admin({}, march()),
	'GET /timesheets/p5.xlsx': () => admin({}, march()),
	'GET /timesheets/t13.pdf': async () => admin({}, { ...march(await closed()), revision: 0 }),
	'GET /timesheets/t13.xlsx': () => ({ token: boss.token, query: march() }),

	'GET /schedules': async () => {
		const { employee, day } = await planned();
		return [admin(), admin({}, { limit: 1, employee, day }), { token: boss.token, query: { branch: clinic.branch.id } }];
	},
	'POST /schedules': async () => {
		const [one, other, ...more] = [await clinic.hire(), await clinic.hire(), await clinic.hire(), await clinic.hire()];
		return [{ token: boss.token, body: week(one.id) },
			{ token: boss.token, body: { ...week(), employees: more.map((e) => e.id) } },
			admin({}, {}, { ...rotation, employee: other.id, valid_to: '2030-12-31', anchor: '2019-12-31',
				break_after_minutes: 360, break_minutes: 60, grace_minutes: 0 })];
	},
	'PUT /schedules/{id}': async () => admin({ id: (await scheduled()).id }, {}, rotation),
	'DELETE /schedules/{id}': async () => admin({ id: (await scheduled()).id }),
	'GET /schedule-exceptions': async () => {
		const { employee, day } = await planned();
		return [admin(), { token: boss.token, query: { employee, from: day, to: day, limit: 1 } }];
	},
	'POST /schedule-exceptions': async () => {
		const { employee } = await scheduled();
		return [admin({}, {}, { employee, day: '2020-03-02', shifts: [] }),
			admin({}, {}, { employee, day: '2020-03-02', shifts: ['10:00-14:00', '15:00-02:00'], reason: 'Замена' })];
	},
	'DELETE /schedule-exceptions/{id}': async () => admin({ id: (await planned()).exception }),
	'GET /absences': async () => {
		const { employee } = await planned();
		return [admin(), { token: anna.token }, admin({}, { employee, branch: clinic.branch.id, state: 'approved',
			from: '2020-01-01', to: '2020-12-31', limit: 1 })];
	},
	'POST /absences': async () => [admin({}, {}, { ...leave, employee: (await clinic.hire()).id }),
		{ token: boss.token, body: { ...leave, employee: (await clinic.hire()).id, state: 'requested', note: 'Море' } }],
	'PUT /absences/{id}': async () => admin({ id: (await planned()).absence }, {}, { ...leave, kind: 'sick' }),
	'DELETE /absences/{id}': async () => admin({ id: (await planned()).absence }),
	'GET /holidays': async () => {
		await holiday();
		return [admin(), { token: anna.token, query: { branch: clinic.branch.id, from: '2020-01-01', limit: 1 } }];
	},
	'POST /holidays': () => [admin({}, {}, { day: '2020-05-09', name: 'Праздник' }),
		{ token: boss.token, body: { day: '2020-05-09', name: 'Праздник', branch: clinic.branch.id } }],
	'PUT /holidays/{id}': async () => admin({ id: (await holiday()).id }, {}, { day: '2020-06-01', name: 'Другой' }),
	'DELETE /holidays/{id}': async () => admin({ id: (await holiday()).id }),
	'GET /plan': async () => {
		const { employee } = await planned();
		return [admin({}, { employee, from: '2020-03-01', to: '2020-03-31' }),
			{ token: anna.token, query: { from: '2020-03-01', to: '2020-03-07' } }];
	},

	'GET /system/about': () => ({}),
	'GET /system/health': () => ({}),
	'GET /system/metrics': () => ({}),
	'GET /settings': () => [admin(), admin({}, { limit: 1 })],
	'PUT /settings/{name}': () => [admin({ name: 'organisation' }, {}, { value: 'Клиника' }),
		admin({ name: 'language' }, {}, { value: 'uk' }), admin({ name: 'key_rotation_days' }, {}, { value: '60' })],
	'GET /audit': () => [admin(), admin({}, { limit: 200, entity: 'employee' })],
	'GET /keys': () => admin(),
	'POST /keys/backup': () => admin({}, {}, { passphrase: 'двенадцать стульев' }),
	'POST /keys/rotate': () => admin({}, {}, { purpose: 'seal' }),
	'GET /notifications': () => admin({}, { state: 'waiting' }),
	'POST /notifications/{id}/retry': async () => admin({ id: (await stack.db(`
		INSERT INTO notification (chat, key, state, due_at, dedupe, created_at)
		VALUES (-9, 'message.in', 'failed', now(), 'contract', now()) RETURNING id`))[0].id }),
	'GET /service-tokens': async () => {
		await service();
		return [admin(), admin({}, { limit: 1 })];
	},
	'POST /service-tokens': () => admin({}, {}, { name: unique('Сайт'), scopes: ['staff'] }),
	'DELETE /service-tokens/{id}': async () => admin({ id: (await service()).id }),

	'POST /staff': async () => [admin({}, {}, staff()), admin({}, {}, staff({ create_user: true, phone: '+79000000002' })),
		{ token: (await service()).token, body: staff({ create_user: true, send: true, telegram_id: 5000000001 }) }],
	'POST /staff/{id}/activation': async () => {
		const { id } = await clinic.must(clinic.admin, 'POST', '/staff', staff());
		return [admin({ id }, {}, {}), { ...admin({ id }, {}, { send: true }), token: (await service()).token }];
	},

	'GET /kiosk/feed': () => [{ token: clinic.tablet.key },
		{ token: clinic.tablet.key, query: { held: 0, sequence: 0, offset_ms: -12, echo_after: 0 } }],
	'POST /register': async () => {
		const { id } = await terminal();
		const { pairing_code } = await clinic.must(clinic.admin, 'POST', `/terminals/${id}/pairing`);
		return { body: { pairing_code } };
	},
	'GET /terminals': () => admin(),
	'POST /terminals': () => admin({}, {}, { name: unique('Планшет'), location: 'Вход', branch: clinic.branch.id, kind: 'nfc' }),
	'GET /terminals/{id}': () => admin({ id: clinic.tablet.id }),
	'PUT /terminals/{id}': async () => admin({ id: (await terminal()).id }, {},
		{ name: unique('Планшет'), branch: clinic.branch.id }),
	'DELETE /terminals/{id}': async () => {
		const known = await clinic.hang(clinic.branch);
		await clinic.scan(anna.token, known);
		return [known, await terminal()].map(({ id }) => admin({ id }));
	},
	'POST /terminals/{id}/pairing': async () => admin({ id: (await terminal()).id }),
	'POST /terminals/{id}/revoke': async () => admin({ id: (await terminal()).id }),
};

const filled = (path, values = {}) =>
	path.replace(/\{(.*?)\}/g, (_, name) => encodeURIComponent(values[name] ?? nobody));

async function call({ method, path }, { token, path: values, query = {}, body, headers } = {}) {
	const search = new URLSearchParams(query).toString();
	return stack.api(method, filled(path, values) + (search && `?${search}`), { token, body, headers });
}
function asWritten({ method, path }, answer, status) {
	assert.deepEqual(contract.wrong(method, path, answer), []);
	if (status)
		assert.equal(answer.status, status, JSON.stringify(answer.body));
}

/* The ways in which a value breaks its schema. */
function brokenValues(schema) {
	const types = [schema.type].flat(), broken = [];
	if (schema.enum)
		broken.push('nothing of the kind');
	if (types.includes('integer') || types.includes('number'))
		broken.push('x', schema.minimum - 1, schema.maximum + 1);
	if (types.includes('integer'))
		broken.push(0.5);
	if (types.includes('boolean'))
		broken.push('maybe', 1);
	if (types.includes('array'))
		broken.push({}, [[]], Array(schema.maxItems + 1).fill(schema.items.type === 'integer' ? 1 : '10.0.0.0/8'));
	if (types.includes('object'))
		broken.push({ nonsense: 1 });
	if (types.includes('string') && schema.maxLength)
		broken.push('x'.repeat(schema.maxLength + 1));
	if (schema.minLength)
		broken.push('');
	if (schema.format === 'date')
		broken.push('2026-02-30');
	return broken;
}

const someone = { ANYONE: () => undefined, PERSON: () => boss.token, EMPLOYEE: () => boss.token,
	MANAGER: () => boss.token, ADMIN: () => clinic.admin, SERVICE: () => clinic.admin,
	TERMINAL: () => clinic.tablet.key };

/* Refused before anything is done: last come the examples, which change things. */
for (const each of contract.operations)
	describe(`${each.method} ${each.path}`, () => {
		const { method, path, operation } = each;
		const schema = operation.requestBody?.content['application/json']?.schema;	/* none if it is raw */
		const csv = Boolean(operation.requestBody?.content['text/csv']);
		const may = () => ({ token: someone[operation['x-who']]() });
		const query = (operation.parameters ?? []).filter((p) => p.in === 'query');
		const code = (answer, expected) => assert.equal(answer.body.code, expected, JSON.stringify(answer.body));

		if (operation.security.length > 0)
			test('nobody', async () => {
				const answer = await call(each);
				asWritten(each, answer, 401);
				code(answer, 'NO_TOKEN');
				asWritten(each, await call(each, { token: 'nonsense' }), 401);
				const other = operation['x-who'] === 'TERMINAL' ? boss.token : clinic.tablet.key;
				asWritten(each, await call(each, { token: other }), 403);
			});

		/* What the other side sends is not ours to refuse. */
		if (!schema && !csv && operation.requestBody)
			return;

		test('a member or a parameter that is not listed', async () => {
			const body = ['POST', 'PUT'].includes(method) && !csv ? { nonsense: 1 } : undefined;
			const answer = await call(each, { ...may(), body, query: body ? {} : { nonsense: 1 } });
			asWritten(each, answer, 422);
			assert.ok(answer.body.errors.some((e) => e.field === 'nonsense'), JSON.stringify(answer.body));
		});

		if (query.length > 0)
			test('each parameter beyond its bounds', async () => {
				for (const { name, schema: one } of query)
					for (const value of brokenValues(one)) {
						const answer = await call(each, { ...may(), query: { [name]: value } });
						asWritten(each, answer, 422);
						assert.ok(answer.body.errors.some((e) => e.field === name), `${name}=${value}`);
					}
			});

		if (schema) {
			test('each member wrong, and none', async () => {
				for (const [name, one] of Object.entries(schema.properties))
					for (const value of brokenValues(one)) {
						const answer = await call(each, { ...may(), body: { [name]: value } });
						if (answer.status === 413)	/* longer than any body may be */
							continue;
						asWritten(each, answer, 422);
						assert.ok(answer.body.errors.some((e) => e.field.split('.')[0] === name),
							`${name}: ${JSON.stringify(value)} ${JSON.stringify(answer.body)}`);
					}
				if (schema.required) {
					const answer = await call(each, { ...may(), body: {} });
					asWritten(each, answer, 422);
					const told = new Set(answer.body.errors.map((e) => e.field));
					assert.deepEqual(schema.required.filter((name) => !told.has(name)), []);
				}
			});

			test('no JSON, or not said to be', async () => {
				asWritten(each, await call(each, { ...may(), body: '{"a":01}' }), 400);
				asWritten(each, await call(each, { ...may(), body: '{}', headers: { 'content-type': 'text/plain' } }), 415);
				asWritten(each, await call(each, { ...may(), body: '[]' }), 422);
			});
		}
	});

describe('done as it should be', () => {
	for (const each of contract.operations)
		test(`${each.method} ${each.path}`, async () => {
			const example = examples[`${each.method} ${each.path}`];
			assert.ok(example, 'add an example of a call that succeeds');
			const statuses = Object.keys(each.operation.responses).filter((s) => s < 300).map(Number);
			for (const request of [await example()].flat()) {
				const answer = await call(each, request);
				assert.ok(statuses.includes(answer.status), `${answer.status} ${JSON.stringify(answer.body)}`);
				asWritten(each, answer);
				const columns = contract.follow(each.operation.responses[answer.status])['x-columns'];
				if (columns)
					assert.equal(answer.body.split('\r\n')[0].replace('\ufeff', '').replaceAll('"', ''), columns.join());
			}
		});

	test('there is no example of what does not exist', () => assert.deepEqual(Object.keys(examples)
		.filter((name) => !contract.operations.some((o) => `${o.method} ${o.path}` === name)), []));
});

describe('faults of their own', () => {
	const fails = async (method, path, request, status, code) => {
		const answer = await call({ method, path }, request);
		assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
		asWritten({ method, path }, answer);
		return answer;
	};

	test('of signing in', async () => {
		await fails('POST', '/auth/login', { body: { username: 'nobody', password } }, 401, 'BAD_CREDENTIALS');
		let answer;
		do
			answer = await call({ method: 'POST', path: '/auth/login' }, { body: { username: 'guesser', password } });
		while (answer.status === 401);
		asWritten({ method: 'POST', path: '/auth/login' }, answer, 429);
		await fails('POST', '/auth/telegram', { body: { init_data: initData({ id: 1 }, { token: '1:other' }) } },
			401, 'INIT_DATA_FORGED');
	});

	test('of codes of the bot', async () => {
		const body = { telegram_id: boss.telegram_id, code: '000000' };
		await fails('POST', '/auth/code/verify', { body }, 401, 'LOGIN_CODE_WRONG');
		await fails('POST', '/auth/activate', { body: { code: 'AAAA-BBBB-CCCC', username: 'some.body', password } },
			422, 'ACTIVATION_WRONG');
		await fails('POST', '/bot/webhook', { body: { update_id: 2 } }, 403, 'FORBIDDEN');
	});

	test('of staff records and tokens', async () => {
		const { email } = await clinic.must(clinic.admin, 'POST', '/staff', staff());
		await fails('POST', '/staff', admin({}, {}, staff({ email })), 409, 'EMAIL_TAKEN');
		const guard = await clinic.must(clinic.admin, 'POST', '/positions', { name: unique('Охрана'), web_access: false });
		await fails('POST', '/staff', admin({}, {}, staff({ position: guard.id, create_user: true })), 422, 'WEB_ACCESS_DENIED');
		const { name } = await service();
		await fails('POST', '/service-tokens', admin({}, {}, { name, scopes: ['staff'] }), 409, 'SERVICE_NAME_TAKEN');
	});

	test('of scanning', async () => {
		const tablet = await clinic.hang(clinic.branch);
		const { token } = await clinic.hire();
		const code = await clinic.code(tablet);
		await fails('POST', '/claims', { token, body: { code: 'A'.repeat(60) } }, 422, 'CODE_FORGED');
		await clinic.must(token, 'POST', '/claims', { code });
		await fails('POST', '/claims', { token, body: { code } }, 409, 'CODE_USED');
		await fails('POST', '/events', { token, body: { claim: nobody, kind: 'in' } }, 404, 'NOT_FOUND');
		const next = await clinic.code(tablet);
		await clinic.must(clinic.admin, 'POST', `/terminals/${tablet.id}/revoke`);
		await fails('POST', '/claims', { token, body: { code: next } }, 410, 'CODE_REVOKED');
		await fails('GET', '/kiosk/feed', { token: tablet.key }, 401, 'TERMINAL_REVOKED');
	});

	test('of cards', async () => {
		const { key, uid } = await unknownCard();
		const known = await clinic.hire({}, { card_uid: cardUid() });
		const fail = (body, ...what) => fails('POST', '/events/nfc', { token: key, body }, ...what);
		await fail({ id: '3', uid, at: '2020-01-01T00:00:00Z' }, 422, 'TAP_TOO_OLD');
		await fail({ id: '4', uid, at: '2100-01-01T00:00:00Z' }, 422, 'TAP_TOO_EARLY');
		await fail({ id: '1', uid: known.card_uid }, 409, 'TAP_NUMBER_TAKEN');
		await fail({ id: '7', uid, at: 'noon' }, 422, 'TAP_TIME_WRONG');
		await fail({ id: '8', uid, kind: 'lunch' }, 422, 'TAP_KIND_WRONG');
		await fail({ id: '5', uid: 'none' }, 422, 'CARD_UID_WRONG');
		await stack.db("UPDATE person SET state = 'inactive' WHERE id = $1", [known.person]);
		await fail({ id: '6', uid: known.card_uid }, 403, 'PERSON_INACTIVE');
		await stack.db('UPDATE employee SET card_uid = $1 WHERE id = $2', [uid.toUpperCase(), known.id]);
		await fails('POST', '/cards/unknown/{uid}/assign', admin({ uid }, {}, { employee: anna.id }), 409, 'CARD_UID_TAKEN');
	});

	test('of names that are taken and things in use', async () => {
		const branch = await clinic.openBranch();
		const busy = await clinic.must(clinic.admin, 'POST', '/positions', { name: unique('Врач') });
		await clinic.hire({}, { branch: branch.id, position: busy.id });
		await fails('POST', '/branches', admin({}, {}, { name: branch.name, time_zone: 'UTC' }), 409, 'BRANCH_NAME_TAKEN');
		await fails('DELETE', '/branches/{id}', admin({ id: branch.id }), 409, 'BRANCH_IN_USE');
		await fails('POST', '/positions', admin({}, {}, { name: busy.name }), 409, 'POSITION_NAME_TAKEN');
		await fails('DELETE', '/positions/{id}', admin({ id: busy.id }), 409, 'POSITION_IN_USE');
		const { name } = await terminal();
		await fails('POST', '/terminals', admin({}, {}, { name, branch: branch.id }), 409, 'TERMINAL_NAME_TAKEN');
		await fails('POST', '/register', { body: { pairing_code: '000000' } }, 422, 'PAIRING_WRONG');
	});

	test('of registrations', async () => {
		const { id } = await registration();
		await clinic.must(clinic.admin, 'POST', `/registrations/${id}/reject`, { reason: 'Не наш.' });
		await fails('POST', '/registrations/{id}/reject', admin({ id }, {}, { reason: 'Не наш.' }), 409, 'REGISTRATION_DECIDED');
		const again = await clinic.stranger();
		await clinic.must(again.token, 'POST', '/registrations', person());
		await fails('POST', '/registrations', { token: again.token, body: person() }, 409, 'REGISTRATION_PENDING');
		await fails('POST', '/registrations', { token: boss.token, body: person() }, 409, 'ALREADY_EMPLOYED');
		await fails('GET', '/employees', { token: again.token }, 403, 'NOT_CONFIRMED');
	});

	test('of corrections and entries by hand', async () => {
		const { id, token } = await correction();
		await fails('POST', '/corrections/{id}/approve', admin({ id }, {}, {}), 409, 'CONFIRM_LOSS');
		const { at } = await clinic.must(token, 'GET', `/corrections/${id}`);
		await fails('POST', '/corrections', { token, body: { action: 'add', at, kind: 'out', reason: 'Снова.' } },
			409, 'CORRECTION_PENDING');
		await clinic.must(token, 'POST', `/corrections/${id}/withdraw`);
		await fails('POST', '/corrections/{id}/withdraw', { token, path: { id } }, 409, 'CORRECTION_DECIDED');
		await fails('GET', '/corrections/{id}/effect', { token, path: { id } }, 409, 'CORRECTION_DECIDED');
		const own = await clinic.must(boss.token, 'POST', '/corrections', { action: 'add', at, kind: 'in', reason: 'Я.' });
		await fails('POST', '/corrections/{id}/reject', { token: boss.token, path: { id: own.id }, body: { reason: 'Нет.' } },
			403, 'CORRECTION_OWN');
		const employee = (await clinic.hire()).id;
		const day = { employee, at: '2024-03-01T09:00:00Z', kind: 'in', reason: 'Без света.' };
		await fails('POST', '/events/manual', admin({}, {}, { ...day, until: '2024-03-02T09:00:00Z' }), 409, 'CONFIRM_LONG');
		await fails('POST', '/events/manual', admin({}, {}, day), 409, 'CONFIRM_LOSS');
		await fails('POST', '/events/manual', admin({}, {}, { ...day, at: '2999-01-01T09:00:00Z' }), 422, 'BAD_FIELD');
		const made = await clinic.must(clinic.admin, 'POST', '/events/manual', { ...day, confirm: true });
		const wrong = { action: 'void', event: made.id, employee, reason: 'Не было.' };
		const gone = await clinic.must(boss.token, 'POST', '/corrections', wrong);
		await clinic.must(clinic.admin, 'POST', `/corrections/${gone.id}/approve`);
		await fails('POST', '/corrections', { token: boss.token, body: wrong }, 409, 'EVENT_VOIDED');
	});

	test('of what somebody else has changed', async () => {
		const { id } = await terminal();
		const headers = { 'if-match': '"0"' };
		await fails('DELETE', '/terminals/{id}', { ...admin({ id }), headers }, 412, 'STALE');
	});

	test('of plans', async () => {
		const { employee, day } = await planned();
		const other = await clinic.hire({}, { manager_of: [(await clinic.openBranch()).id] });
		const foreign = { token: other.token, body: week(employee) };
		await fails('POST', '/schedules', foreign, 403, 'OTHER_BRANCH');
		await fails('POST', '/schedules', admin({}, {}, week(employee)), 409, 'SCHEDULE_OVERLAP');
		await fails('POST', '/schedules', admin({}, {}, { ...rotation, employee: anna.id,
			shifts: ['0 20:00-08:00', '1 07:00-09:00'] }), 409, 'SHIFT_OVERLAP');
		await fails('POST', '/schedule-exceptions', admin({}, {}, { employee, day,
			shifts: ['10:00-14:00', '13:00-15:00'] }), 409, 'EXCEPTION_OVERLAP');
		await fails('POST', '/absences', admin({}, {}, { ...leave, employee }), 409, 'ABSENCE_OVERLAP');
		const { day: taken } = await holiday();
		await fails('POST', '/holidays', admin({}, {}, { day: taken, name: 'Ещё' }), 409, 'HOLIDAY_TAKEN');
		await fails('GET', '/plan', { token: anna.token, query: { employee, from: day, to: day } }, 404, 'NOT_FOUND');
		await fails('GET', '/stats/worktime/explain', { token: anna.token, query: { employee, day } }, 404, 'NOT_FOUND');
	});

	test('of a path that names nothing', async () => {
		for (const each of contract.operations.filter((o) => o.path.includes('{'))) {
			const body = each.operation.requestBody && example(each);
			const answer = await call(each, { token: clinic.admin, body });
			asWritten(each, answer, 404);
		}
	});

	test('of a key that was used for something else', async () => {
		const headers = { 'idempotency-key': 'contract' };
		const once = admin({}, {}, { name: unique('Врач') });
		const path = '/positions';
		const first = await call({ method: 'POST', path }, { ...once, headers });
		assert.deepEqual((await call({ method: 'POST', path }, { ...once, headers })).body, first.body);
		await fails('POST', path, { ...admin({}, {}, { name: unique('Врач') }), headers }, 422, 'IDEMPOTENCY_MISMATCH');
	});

	/* A body that is right in itself. */
	const example = ({ path }) => ({
		'/absences/{id}': leave,
		'/branches/{id}': { name: unique('Филиал'), time_zone: 'UTC' },
		'/cards/unknown/{uid}/assign': { employee: anna.id },
		'/corrections/{id}/reject': { reason: 'Нет.' },
		'/employees/{id}': person({ position: clinic.position.id }),
		'/employees/{id}/login': { username: 'nobody.at.all', password },
		'/holidays/{id}': { day: '2020-06-02', name: 'Праздник' },
		'/positions/{id}': { name: unique('Врач') },
		'/registrations/{id}/confirm': { branch: clinic.branch.id, position: clinic.position.id },
		'/registrations/{id}/reject': { reason: 'Не наш.' },
		'/schedules/{id}': rotation,
		'/settings/{name}': { value: '1' },
		'/staff/{id}/activation': { send: false },
		'/terminals/{id}': { name: unique('Планшет'), branch: clinic.branch.id },
	}[path]);
});
