/*
 * Accounts for the web pages (O2 to O4, C5): another system makes a staff
 * record, a code becomes a user, six digits from the bot sign somebody in.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { botToken, fault, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { startTelegram } from '../telegram.mjs';

const run = promisify(execFile);
let telegram, stack, clinic, doctor, cleaner, site, n = 0;

before(async () => {
	telegram = await startTelegram(botToken);
	stack = await startStack({ conf: { TELEGRAM_API_URL: telegram.url }, set: { LOGIN_RATE: 6000, LOGIN_BURST: 1000 } });
	await run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), 'stop', 'worker']);
	clinic = await openClinic(stack);
	const position = (name, web_access) =>
		clinic.must(clinic.admin, 'POST', '/positions', { name, web_access });
	doctor = await position('Врач', true);
	cleaner = await position('Уборщик', false);
	site = await clinic.must(clinic.admin, 'POST', '/service-tokens', { name: 'ERP', scopes: ['staff'] });
});
after(async () => {
	await stack?.stop();
	await telegram?.stop();
});

const record = (more = {}) => ({ last_name: 'Ким', first_name: 'Ян', email: `kim${++n}@example.org`,
	position: doctor.id, ...more });
const staff = (more, token = site.token, path = '/v1/staff/') =>
	stack.api('POST', path, { token, body: record(more) });
const post = (path, body, more = {}) => stack.api('POST', path, { body, ...more });
const activate = (code, more = {}) =>
	post('/auth/activate', { code, username: `kim.${++n}`, password: 'семь холодных чайников', ...more });
const calm = () => stack.db('DELETE FROM throttle');

describe('POST /staff', () => {
	test('makes a record, and a user only where the position lets it', async () => {
		const plain = await staff({ position: cleaner.id, phone: '+38 067 111-22-33' });
		assert.equal(plain.status, 201);
		assert.deepEqual([plain.body.position_name, plain.body.web_access, plain.body.phone, plain.body.activation_code],
			['Уборщик', false, '+380671112233', undefined]);
		assert.equal(plain.body.branch, clinic.branch.id);
		const email = `refused${++n}@example.org`;
		fault(await staff({ position: cleaner.id, create_user: true, email }), 422, 'WEB_ACCESS_DENIED');
		assert.deepEqual(await stack.db('SELECT id FROM person WHERE email = $1', [email]), [], 'nothing is half done');
		const user = await staff({ create_user: true }, site.token, '/staff');
		assert.match(user.body.activation_code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
		const hours = (Date.parse(user.body.activation_expires_at) - Date.now()) / 3600e3;
		assert.ok(hours > 71.9 && hours <= 72, String(hours));
		assert.equal(user.body.sent, false);
		const dump = JSON.stringify(await stack.db('SELECT * FROM one_time_code')) +
			JSON.stringify(await stack.db('SELECT * FROM idempotency')) + JSON.stringify(await stack.db('SELECT * FROM audit'));
		assert.ok(!dump.includes(user.body.activation_code.replaceAll('-', '')) && !dump.includes(user.body.activation_code));
		const [row] = await stack.db(`SELECT actor FROM audit WHERE entity = 'employee' AND entity_id = $1`, [String(user.body.id)]);
		assert.equal(row.actor, `service:${site.id}`);
	});

	test('names what is wrong', async () => {
		fault(await post('/staff', {}, { token: site.token }), 422, 'BAD_FIELD', 'last_name', 'first_name', 'email', 'position');
		fault(await staff({ email: 'kim' }), 422, 'BAD_FIELD', 'email');
		fault(await staff({ position: 999999 }), 422, 'BAD_FIELD', 'position');
		const one = await staff();
		fault(await staff({ email: one.body.email.toUpperCase() }), 409, 'EMAIL_TAKEN');
		const second = await clinic.openBranch();
		fault(await staff(), 422, 'BAD_FIELD', 'branch');
		await clinic.must(clinic.admin, 'DELETE', `/branches/${second.id}`);
		assert.equal((await staff({}, clinic.admin)).status, 201, 'an administrator may, too');
	});
});

describe('a service token', () => {
	test('is shown once, is kept hashed, and can be revoked', async () => {
		assert.match(site.token, /^ts_[\w-]{43}$/);
		const made = await clinic.must(clinic.admin, 'POST', '/service-tokens', { name: 'Бот', scopes: ['staff'] });
		fault(await clinic.as(clinic.admin, 'POST', '/service-tokens', { name: 'бот', scopes: ['staff'] }), 409, 'SERVICE_NAME_TAKEN');
		fault(await clinic.as(clinic.admin, 'POST', '/service-tokens', { name: 'x', scopes: ['all'] }), 422, 'BAD_FIELD', 'scopes');
		fault(await clinic.as(clinic.admin, 'POST', '/service-tokens', { name: 'x', scopes: [] }), 422, 'BAD_FIELD', 'scopes');
		assert.equal((await staff({}, made.token)).status, 201);
		const list = await clinic.must(clinic.admin, 'GET', '/service-tokens');
		assert.ok(!JSON.stringify(list).includes(made.token.slice(3)));
		const item = list.items.find((x) => x.id === made.id);
		assert.deepEqual([item.scopes, item.revoked_at, item.created_by_name], [['staff'], null, 'Первая Ада']);
		assert.ok(item.last_seen_at);
		assert.ok(!JSON.stringify(await stack.db("SELECT * FROM audit WHERE entity = 'service_token'")).includes(made.token));
		fault(await clinic.as(made.token, 'GET', '/employees'), 403, 'FORBIDDEN');
		/* What a staff record needs, and no more than that. */
		const positions = await clinic.must(made.token, 'GET', '/positions');
		assert.equal(positions.items.find((p) => p.id === doctor.id).web_access, true);
		const branches = await clinic.must(made.token, 'GET', '/branches');
		assert.deepEqual(Object.keys(branches.items[0]).sort(), ['id', 'name', 'time_zone']);
		fault(await clinic.as(made.token, 'POST', '/positions', { name: 'Чужая' }), 403, 'FORBIDDEN');
		fault(await clinic.as(made.token, 'GET', '/me'), 403, 'FORBIDDEN');
		assert.equal((await clinic.as(clinic.admin, 'DELETE', `/service-tokens/${made.id}`)).status, 204);
		fault(await staff({}, made.token), 401, 'BAD_TOKEN');
		fault(await clinic.as(clinic.admin, 'DELETE', '/service-tokens/999999'), 404, 'NOT_FOUND');
	});
});

describe('the first sign-in', () => {
	test('makes a user of a code, once', async () => {
		const { body } = await staff({ create_user: true });
		fault(await activate(body.activation_code, { password: 'short' }), 422, 'BAD_FIELD', 'password');
		fault(await activate(body.activation_code, { username: 'я' }), 422, 'BAD_FIELD', 'username');
		const typed = body.activation_code.toLowerCase().replaceAll('-', ' ');
		const answers = await Promise.all(Array.from({ length: 4 }, () => activate(typed)));
		const won = answers.filter((a) => a.status === 200);
		assert.equal(won.length, 1);
		assert.match(won[0].headers.get('set-cookie'), /^__Host-tabel=.*HttpOnly/);
		assert.equal(won[0].body.person.id, body.person);
		await calm();
		fault(await activate(body.activation_code), 422, 'ACTIVATION_WRONG');
	});

	test('a taken name costs nothing, an old code is void, a late one too', async () => {
		const { body } = await staff({ create_user: true });
		await stack.db("UPDATE person SET username = 'taken.name', password_hash = 'x' WHERE id = (SELECT min(id) FROM person WHERE username IS NULL)");
		fault(await activate(body.activation_code, { username: 'Taken.Name' }), 409, 'USERNAME_TAKEN');
		const again = await clinic.must(site.token, 'POST', `/staff/${body.id}/activation`, {});
		await calm();
		fault(await activate(body.activation_code), 422, 'ACTIVATION_WRONG');
		await stack.db("UPDATE one_time_code SET expires_at = now() - interval '1 second' WHERE purpose = 'activation'");
		fault(await activate(again.activation_code), 422, 'ACTIVATION_WRONG');
		const third = await clinic.must(clinic.admin, 'POST', `/staff/${body.id}/activation`, {});
		const { body: signed } = await activate(third.activation_code, { username: 'kim.last' });
		assert.equal(signed.person.id, body.person);
		assert.equal((await post('/auth/login', { username: 'KIM.last', password: 'семь холодных чайников' })).status, 200);
		fault(await clinic.as(site.token, 'POST', '/staff/999999/activation', {}), 404, 'NOT_FOUND');
	});

	test('who guesses has to wait', async () => {
		await calm();
		const answers = [];
		for (let i = 0; i < 8; i++)
			answers.push(await activate('AAAA-BBBB-CCCC'));
		assert.ok(answers.some((a) => a.body.code === 'TOO_MANY_TRIES' && a.headers.get('retry-after')));
		await calm();
	});

	test('the bot tells the code, and forgets it', async () => {
		const anna = await clinic.hire({}, { position: doctor.id });
		const made = await clinic.must(clinic.admin, 'POST', `/staff/${anna.id}/activation`, { send: true });
		assert.equal(made.sent, true);
		await stack.worker();
		const message = telegram.sent.findLast((m) => m.chat_id === anna.telegram_id);
		assert.ok(message.text.includes(made.activation_code) && message.text.includes('/activate/'));
		const rows = JSON.stringify(await stack.db("SELECT * FROM notification WHERE key = 'message.activation'"));
		assert.ok(!rows.includes(made.activation_code));
		assert.equal((await activate(made.activation_code)).status, 200);
	});
});

describe('six digits from the bot', () => {
	const digits = async (telegram_id) => {
		const before = telegram.sent.length;
		const answer = await post('/auth/code', { telegram_id });
		assert.deepEqual([answer.status, answer.body], [202, { valid_seconds: 300 }]);
		await stack.worker();
		return telegram.sent.slice(before).find((m) => m.chat_id === telegram_id)?.text.match(/\d{6}/)[0];
	};
	const verify = (telegram_id, code) => post('/auth/code/verify', { telegram_id, code });

	test('sign in whoever has them, once', async () => {
		const anna = await clinic.hire();
		const code = await digits(anna.telegram_id);
		const wrong = code === '000000' ? '111111' : '000000';
		fault(await verify(anna.telegram_id, wrong), 401, 'LOGIN_CODE_WRONG');
		const answer = await verify(anna.telegram_id, `${code.slice(0, 3)} ${code.slice(3)}`);
		assert.equal(answer.status, 200, JSON.stringify(answer.body));
		assert.equal(answer.body.person.id, anna.person);
		const cookie = answer.headers.get('set-cookie').split(';')[0];
		assert.equal((await stack.api('GET', '/me', { cookie })).status, 200);
		fault(await verify(anna.telegram_id, code), 401, 'LOGIN_CODE_WRONG');
		const [row] = await stack.db("SELECT kind FROM session WHERE person = $1 ORDER BY created_at DESC", [anna.person]);
		assert.ok(row);
	});

	test('are for nobody else, and a new one ends the old', async () => {
		const anna = await clinic.hire(), vera = await clinic.hire();
		const first = await digits(anna.telegram_id), second = await digits(anna.telegram_id);
		fault(await verify(vera.telegram_id, second), 401, 'LOGIN_CODE_WRONG');
		if (first !== second)
			fault(await verify(anna.telegram_id, first), 401, 'LOGIN_CODE_WRONG');
		assert.equal((await verify(anna.telegram_id, second)).status, 200);
	});

	test('have five tries and five minutes', async () => {
		const anna = await clinic.hire();
		let code = await digits(anna.telegram_id);
		for (let i = 0; i < 5; i++) {
			await calm();
			fault(await verify(anna.telegram_id, code === '000000' ? '111111' : '000000'), 401, 'LOGIN_CODE_WRONG');
		}
		await calm();
		fault(await verify(anna.telegram_id, code), 401, 'LOGIN_CODE_WRONG');
		code = await digits(anna.telegram_id);
		await stack.db("UPDATE one_time_code SET expires_at = now() - interval '1 second' WHERE purpose = 'login'");
		fault(await verify(anna.telegram_id, code), 401, 'LOGIN_CODE_WRONG');
		await calm();
		const answers = [];
		for (let i = 0; i < 6; i++)
			answers.push(await verify(anna.telegram_id, '123456'));
		assert.ok(answers.some((a) => a.body.code === 'TOO_MANY_TRIES'));
	});

	test('strangers and the inactive get the same answer and no message; too many are not sent', async () => {
		const stranger = await clinic.stranger();
		assert.equal(await digits(stranger.telegram_id), undefined);
		assert.equal(await digits(4242424242), undefined);
		const anna = await clinic.hire();
		for (let i = 0; i < 10; i++)
			assert.equal((await post('/auth/code', { telegram_id: anna.telegram_id })).status, 202);
		const [{ count }] = await stack.db("SELECT count(*)::int FROM notification WHERE person = $1 AND key = 'message.login_code'",
			[anna.person]);
		assert.ok(count >= 3 && count < 8, `${count} of 10 were sent`);
	});
});
