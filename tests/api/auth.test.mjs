/*
 * Signing in and out (Q5, T1): Telegram's word, passwords, sessions, and what
 * slows down a guesser, with the programs' clock in our hands.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { botToken, firstAdmin, initData, startStack } from '../harness.mjs';

const noon = '2026-11-20T12:00:00Z';
let stack, clock, admin;
let nextId = 810000000;

before(async () => {
	stack = await startStack({ faketime: noon, workers: 4 });
	clock = stack.clock;
	admin = await stack.makeAdmin();
});
after(() => stack?.stop());

const seconds = () => Math.floor(clock.now() / 1000);
const telegram = (init_data, more = {}) =>
	stack.api('POST', '/auth/telegram', { body: { init_data, ...more } });
const signed = (user, auth_date = seconds()) => initData(user, { auth_date });
const login = (username, password, more = {}) =>
	stack.api('POST', '/auth/login', { body: { username, password }, ...more });
/* The same from another address, as nginx sees it. */
const loginFrom = (localAddress, username, password) => new Promise((done, fail) => {
	const body = JSON.stringify({ username, password });
	const sent = request(`${stack.url}/api/auth/login`, { method: 'POST', localAddress, agent: false,
		headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } });
	sent.on('error', fail);
	sent.on('response', async (answer) => {
		const parts = [];
		for await (const part of answer)
			parts.push(part);
		done({ status: answer.statusCode, headers: { get: (name) => answer.headers[name] ?? null },
			body: JSON.parse(Buffer.concat(parts)) });
	});
	sent.end(body);
});
const me = (more) => stack.api('GET', '/me', more);
const person = async (id) => (await stack.db('SELECT * FROM person WHERE id = $1', [id]))[0];
const sessions = async (id) => (await stack.db(
	'SELECT count(*) FROM session WHERE person = $1 AND revoked_at IS NULL', [id]))[0].count;

/* Somebody with a user name and the password of the first administrator. */
async function employ(username, state = 'active') {
	const [{ id }] = await stack.db(
		`INSERT INTO person (last_name, first_name, state, username, password_hash)
		 SELECT 'Котова', 'Анна', $2, $1, password_hash
		   FROM person WHERE username = 'boss' RETURNING id`, [username, state]);
	return { id, username, password: admin.password };
}

function fault(answer, status, code) {
	assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
	assert.equal(answer.headers.get('set-cookie'), null);
	return answer;
}

function must(answer, status = 200) {
	assert.equal(answer.status, status, JSON.stringify(answer.body));
	return answer;
}

describe('POST /auth/telegram', () => {
	test('a stranger gets a token that says what he is', async () => {
		const id = nextId++;
		const { body } = must(await telegram(signed(
			{ id, first_name: 'Оля', last_name: "О'Нил", language_code: 'uk' })));
		assert.equal(body.state, 'unknown');
		assert.deepEqual(body.roles, []);
		assert.deepEqual(body.person, { id: body.person.id, last_name: "О'Нил",
			first_name: 'Оля', middle_name: '', language: 'uk' });
		assert.equal(body.expires_at, '2026-11-20T13:00:00Z');
		assert.deepEqual(Object.keys(body).sort(),
			['expires_at', 'person', 'roles', 'state', 'token']);
		assert.equal(must(await me({ token: body.token })).body.state, 'unknown');

		const row = await person(body.person.id);
		assert.deepEqual([row.telegram_id, row.state, row.phone], [id, 'new', null]);
		const [session] = await stack.db(
			'SELECT kind, expires_at FROM session WHERE person = $1', [row.id]);
		assert.equal(session.kind, 'telegram');
		assert.equal(session.expires_at.toISOString(), '2026-11-20T13:00:00.000Z');
	});

	test('the language is one of ours, or the setting\'s', async () => {
		const of = async (language_code) => (await telegram(signed(
			{ id: nextId++, language_code }))).body.person.language;
		assert.equal(await of('ru'), 'ru');
		assert.equal(await of('ua'), 'uk');
		assert.equal(await of('EN-gb'), 'en');
		assert.equal(await of('english'), 'ru');
		await stack.db("INSERT INTO setting (name, value) VALUES ('language', 'uk')");
		assert.equal(await of('pt-br'), 'uk');
		assert.equal(await of(undefined), 'uk');
		await stack.db("DELETE FROM setting WHERE name = 'language'");
	});

	test('names follow Telegram until somebody registers', async () => {
		const id = nextId++;
		const first = (await telegram(signed({ id, first_name: 'A', language_code: 'ru' }))).body.person;
		const again = (await telegram(signed({ id, first_name: 'B', last_name: 'C', language_code: 'en' }))).body.person;
		assert.deepEqual(again, { ...first, first_name: 'B', last_name: 'C', language: 'en' });

		await stack.db("UPDATE person SET state = 'unconfirmed' WHERE id = $1", [first.id]);
		const { body } = await telegram(signed({ id, first_name: 'D', language_code: 'uk' }));
		assert.equal(body.state, 'unconfirmed');
		assert.deepEqual(body.person, again);
	});

	test('states and roles as they are', async () => {
		const id = nextId++;
		const { body: { person: { id: key } } } = await telegram(signed({ id }));
		const as = async (state) => {
			await stack.db('UPDATE person SET state = $2 WHERE id = $1', [key, state]);
			const { body } = must(await telegram(signed({ id })));
			return [body.state, body.roles];
		};
		const [{ id: branch }] = await stack.db(
			"INSERT INTO branch (name, time_zone) VALUES ('Центр', 'Europe/Kyiv') RETURNING id");
		assert.deepEqual(await as('active'), ['active', ['employee']]);
		await stack.db("INSERT INTO person_role VALUES ($1, 'manager', $2)", [key, branch]);
		assert.deepEqual(await as('active'), ['active', ['employee', 'manager']]);
		assert.deepEqual(await as('inactive'), ['inactive', []]);
		assert.deepEqual(await as('erased'), ['inactive', []]);
		assert.deepEqual(await as('unconfirmed'), ['unconfirmed', []]);
		await stack.db("UPDATE person_role SET role = 'admin', branch = NULL WHERE person = $1", [key]);
		assert.deepEqual(await as('active'), ['active', ['employee', 'manager', 'admin']]);
		await stack.db('DELETE FROM person_role WHERE person = $1', [key]);
	});

	test('the same initData again is a session of its own', async () => {
		const text = signed({ id: nextId++ });
		const [a, b] = [await telegram(text), await telegram(text)].map((x) => must(x).body);
		assert.equal(a.person.id, b.person.id);
		assert.notEqual(a.token, b.token);
		must(await stack.api('POST', '/auth/logout', { token: a.token }), 204);
		fault(await me({ token: a.token }), 401, 'SESSION_ENDED');
		must(await me({ token: b.token }));
	});

	test('twenty first contacts at once make one person', async () => {
		const text = signed({ id: nextId++ });
		const answers = await Promise.all(Array.from({ length: 20 }, () => telegram(text)));
		const ids = new Set(answers.map((x) => must(x).body.person.id));
		assert.equal(ids.size, 1);
		assert.equal(await sessions([...ids][0]), 20);
	});

	test('a forged one is refused and makes nobody', async () => {
		const id = nextId++;
		const good = signed({ id });
		for (const text of [initData({ id }, { auth_date: seconds(), token: '1:x' }),
			good.replace(/hash=./, 'hash=x'), good.replace(/user=/, 'user=%20'),
			good.replace(/hash=[0-9a-f]+/, ''), 'x', '&', `${good}&a=b`])
			fault(await telegram(text), 401, 'INIT_DATA_FORGED');
		assert.deepEqual(await stack.db('SELECT id FROM person WHERE telegram_id = $1', [id]), []);
	});

	test('it is good for a day, to the second, and not from the future', async () => {
		const id = nextId++;
		must(await telegram(signed({ id }, seconds() - 24 * 3600)));
		fault(await telegram(signed({ id }, seconds() - 24 * 3600 - 1)), 401, 'INIT_DATA_EXPIRED');
		must(await telegram(signed({ id }, seconds() + 60)));
		fault(await telegram(signed({ id }, seconds() + 61)), 401, 'INIT_DATA_EXPIRED');
	});

	test('nothing but what it takes', async () => {
		const post = (body) => stack.api('POST', '/auth/telegram', { body });
		assert.equal(fault(await post({}), 422, 'BAD_FIELD').body.errors[0].field, 'init_data');
		assert.equal(fault(await post({ init_data: signed({ id: nextId++ }), person: 1 }),
			422, 'BAD_FIELD').body.errors[0].field, 'person');
		fault(await post({ init_data: '' }), 422, 'BAD_FIELD');
		fault(await post({ init_data: 'x'.repeat(4097) }), 422, 'BAD_FIELD');
	});

	describe('a phone that Telegram vouches for', () => {
		const contact = (user_id, phone_number, token = botToken) => {
			const fields = { auth_date: String(seconds()),
				contact: JSON.stringify({ user_id, phone_number, first_name: 'Оля' }) };
			const text = Object.keys(fields).sort().map((k) => `${k}=${fields[k]}`).join('\n');
			const secret = createHmac('sha256', 'WebAppData').update(token).digest();
			return new URLSearchParams({ ...fields,
				hash: createHmac('sha256', secret).update(text).digest('hex') }).toString();
		};

		test('is kept until he is confirmed', async () => {
			const id = nextId++;
			const first = must(await telegram(signed({ id }), { contact: contact(id, '380441234567') }));
			const key = first.body.person.id;
			const phone = async () => {
				const row = await person(key);
				return [row.phone, row.phone_verified];
			};
			assert.deepEqual(await phone(), ['+380441234567', true]);
			must(await telegram(signed({ id })));
			assert.deepEqual(await phone(), ['+380441234567', true]);
			await stack.db("UPDATE person SET state = 'unconfirmed' WHERE id = $1", [key]);
			must(await telegram(signed({ id }), { contact: contact(id, '+380447654321') }));
			assert.deepEqual(await phone(), ['+380447654321', true]);
			await stack.db("UPDATE person SET state = 'active' WHERE id = $1", [key]);
			must(await telegram(signed({ id }), { contact: contact(id, '+380440000000') }));
			assert.deepEqual(await phone(), ['+380447654321', true]);
		});

		test('must be his own, and signed', async () => {
			const id = nextId++;
			fault(await telegram(signed({ id }), { contact: contact(id + 1, '380441234567') }),
				401, 'INIT_DATA_FORGED');
			fault(await telegram(signed({ id }), { contact: contact(id, '380441234567', '1:x') }),
				401, 'INIT_DATA_FORGED');
			fault(await telegram(signed({ id }), { contact: signed({ id }) }), 401, 'INIT_DATA_FORGED');
			fault(await telegram(contact(id, '380441234567')), 401, 'INIT_DATA_FORGED');
		});
	});
});

describe('FIRST_ADMIN_ID', () => {
	const user = { ...firstAdmin };

	test('is nobody special while there is an administrator', async () => {
		const { body } = must(await telegram(signed(user)));
		assert.deepEqual([body.state, body.roles], ['unknown', []]);
	});

	test('becomes the first one, once, and the audit log says so', async () => {
		await stack.db("UPDATE person SET state = 'inactive' WHERE username = 'boss'");
		must(await telegram(signed({ id: nextId++ })));
		const answers = await Promise.all([1, 2, 3, 4].map(() => telegram(signed(user))));
		for (const { body } of answers) {
			assert.equal(body.state, 'active');
			assert.deepEqual(body.roles, ['employee', 'manager', 'admin']);
		}
		const { id } = answers[0].body.person;
		assert.deepEqual(await stack.db(
			`SELECT actor, action, entity FROM audit
			  WHERE entity_id = $1 AND (entity = 'person_role' OR new ->> 'state' = 'active')
			  ORDER BY entity`, [String(id)]), [
			{ actor: `person:${id}`, action: 'update', entity: 'person' },
			{ actor: `person:${id}`, action: 'insert', entity: 'person_role' },
		]);

		await stack.db("UPDATE person SET state = 'active' WHERE username = 'boss'");
		await stack.db('DELETE FROM person_role WHERE person = $1', [id]);
		assert.deepEqual((await telegram(signed(user))).body.roles, ['employee']);
	});
});

describe('POST /auth/login', () => {
	test('gives a token, and the same in a cookie that no script can read', async () => {
		const answer = must(await login(admin.username, admin.password));
		const { token, state, roles, expires_at } = answer.body;
		assert.deepEqual([state, roles], ['active', ['employee', 'manager', 'admin']]);
		assert.equal(expires_at, new Date(clock.now() + 3600000).toISOString().replace('.000', ''));
		assert.equal(answer.headers.get('set-cookie'), `__Host-tabel=${token}; ` +
			'Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=3600');
		must(await me({ token }));
		must(await me({ headers: { authorization: `bearer ${token}` } }));
		must(await me({ cookie: `a=b; __Host-tabel=${token}` }));
		const [{ kind }] = await stack.db(
			'SELECT kind FROM session WHERE person = $1', [answer.body.person.id]);
		assert.equal(kind, 'password');
	});

	test('capitals in the user name do not matter', async () => {
		must(await login('BoSS', admin.password));
		must(await login(' boss ', admin.password));
	});

	test('unknown, wrong, inactive and without a password look the same', async () => {
		await employ('idle', 'inactive');
		await employ('waiting', 'unconfirmed');
		const answers = [
			await login('nobody', admin.password), await login('boss', `${admin.password} `),
			await login('idle', admin.password), await login('waiting', admin.password),
			await login("boss' OR '1'='1", admin.password), await login('ъ', admin.password),
		].map((x) => fault(x, 401, 'BAD_CREDENTIALS').body);
		for (const { request_id, ...rest } of answers) {
			assert.ok(request_id);
			const { request_id: _, ...first } = answers[0];
			assert.deepEqual(rest, first);
		}
		await stack.db('DELETE FROM throttle');
	});

	test('fields', async () => {
		const fields = async (body) => fault(await stack.api('POST', '/auth/login', { body }),
			422, 'BAD_FIELD').body.errors.map((x) => x.field);
		assert.deepEqual(await fields({}), ['username', 'password']);
		assert.deepEqual(await fields({ username: '', password: '' }), ['username', 'password']);
		assert.deepEqual(await fields({ username: 'a', password: 'x'.repeat(257) }), ['password']);
		assert.deepEqual(await fields({ username: 'a', password: 'b', state: 'c' }), ['state']);
	});

	test('another site cannot sign a browser in', async () => {
		fault(await login(admin.username, admin.password,
			{ headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'CROSS_SITE');
		must(await login(admin.username, admin.password,
			{ headers: { 'sec-fetch-site': 'same-origin' } }));
	});

	test('a token ends with its time, to the second', async () => {
		await clock.set(noon);
		const { token } = must(await login(admin.username, admin.password)).body;
		await clock.add(3599);
		must(await me({ token }));
		await clock.add(1);
		fault(await me({ token }), 401, 'TOKEN_EXPIRED');
		await clock.set(noon);
	});
});

describe('guessing a password', () => {
	const wait = (answer) => Number(fault(answer, 429, 'TOO_MANY_TRIES').headers.get('retry-after'));
	const known = async () => (await employ(`guessed${nextId++}`)).username;

	for (const kind of ['of somebody', 'of nobody'])
		test(`${kind}: three tries, then 1, 2, 4 ... 900 seconds, never for ever`, async () => {
			const name = kind === 'of nobody' ? `nobody${nextId++}` : await known();
			for (let i = 0; i < 3; i++)
				fault(await login(name, 'wrong password'), 401, 'BAD_CREDENTIALS');
			for (const expected of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
				assert.equal(wait(await login(name, 'wrong password')), expected);
				await clock.add(expected - 1);
				assert.equal(wait(await login(name.toUpperCase(), admin.password)), 1);
				await clock.add(1);
				fault(await login(name, 'wrong password'), 401, 'BAD_CREDENTIALS');
			}
		});

	test('the right password after the wait is taken, and clears what added up', async () => {
		const name = await known();
		for (let i = 0; i < 3; i++)
			fault(await login(name, 'wrong password'), 401, 'BAD_CREDENTIALS');
		assert.equal(wait(await login(name, admin.password)), 1);
		await clock.add(1);
		must(await login(name, admin.password));
		for (let i = 0; i < 3; i++)
			fault(await login(name, 'wrong password'), 401, 'BAD_CREDENTIALS');
		assert.equal(wait(await login(name, admin.password)), 1);
		must(await login(admin.username, admin.password));
	});

	test('of somebody else cannot lock out who has signed in from his own address', async () => {
		const name = await known(), from = '127.0.0.77';
		must(await loginFrom(from, name, admin.password));
		for (let i = 0; i < 30; i++) {
			const answer = await login(name, 'wrong password');
			await clock.add(Number(answer.headers.get('retry-after') ?? 0));
		}
		fault(await login(name, 'wrong password'), 401, 'BAD_CREDENTIALS');
		assert.equal(wait(await login(name, admin.password)), 900);
		must(await loginFrom(from, name, admin.password));
		for (let i = 0; i < 3; i++)
			fault(await loginFrom(from, name, 'wrong password'), 401, 'BAD_CREDENTIALS');
		assert.equal(wait(await loginFrom(from, name, admin.password)), 1);
		assert.deepEqual(await stack.db(`SELECT FROM throttle WHERE key LIKE '%127.0%' OR key LIKE 'known:%' || $1`, [name]), []);
	});

	test('an hour in peace halves what has added up', async () => {
		const name = await known();
		for (let i = 0; i < 7; i++) {
			fault(await login(name, 'wrong password'), 401, 'BAD_CREDENTIALS');
			await clock.add(8);
		}
		assert.equal(wait(await login(name, 'wrong password')), 8);
		await clock.add(3600);
		fault(await login(name, 'wrong password'), 401, 'BAD_CREDENTIALS');
		assert.equal(wait(await login(name, 'wrong password')), 2);
	});

	test('forty at once: three are looked at', async () => {
		const name = await known();
		const answers = await Promise.all(Array.from({ length: 40 },
			(_, i) => login(name, `wrong password ${i}`)));
		const counts = { 401: 0, 429: 0 };
		for (const { status } of answers)
			counts[status]++;
		assert.deepEqual(counts, { 401: 3, 429: 37 });
	});
});

describe('POST /auth/logout', () => {
	test('ends this session, and the cookie', async () => {
		const anna = await employ(`anna${nextId++}`);
		const [a, b] = [must(await login(anna.username, anna.password)).body.token,
			must(await login(anna.username, anna.password)).body.token];
		const answer = must(await stack.api('POST', '/auth/logout', {
			cookie: `__Host-tabel=${a}`, body: {}, headers: { 'sec-fetch-site': 'same-origin' } }), 204);
		assert.equal(answer.body, '');
		assert.equal(answer.headers.get('set-cookie'),
			'__Host-tabel=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0');
		fault(await me({ token: a }), 401, 'SESSION_ENDED');
		fault(await stack.api('POST', '/auth/logout', { token: a }), 401, 'SESSION_ENDED');
		must(await me({ token: b }));
	});

	test('everywhere ends all of the person\'s, and nobody else\'s', async () => {
		const anna = await employ(`anna${nextId++}`);
		const tokens = [];
		for (let i = 0; i < 3; i++)
			tokens.push(must(await login(anna.username, anna.password)).body.token);
		const other = must(await login(admin.username, admin.password)).body.token;
		must(await stack.api('POST', '/auth/logout', { token: tokens[1], body: { everywhere: true } }), 204);
		for (const token of tokens)
			fault(await me({ token }), 401, 'SESSION_ENDED');
		must(await me({ token: other }));
	});

	test('needs a session, and the same site', async () => {
		const nobody = fault(await stack.api('POST', '/auth/logout'), 401, 'NO_TOKEN');
		assert.equal(nobody.headers.get('www-authenticate'), 'Bearer');
		const { token } = must(await login(admin.username, admin.password)).body;
		fault(await stack.api('POST', '/auth/logout', { cookie: `__Host-tabel=${token}`,
			headers: { 'sec-fetch-site': 'cross-site' } }), 403, 'CROSS_SITE');
		must(await me({ token }));
	});
});

describe('POST /auth/password', () => {
	const change = (token, password, new_password) =>
		stack.api('POST', '/auth/password', { token, body: { password, new_password } });
	const fresh = 'kavo-8tin-zz19';
	let anna, token;

	async function begin() {
		anna = await employ(`anna${nextId++}`);
		({ token } = must(await login(anna.username, anna.password)).body);
	}

	test('all sessions end but a new one; the new password counts', async () => {
		await begin();
		const other = must(await login(anna.username, anna.password)).body.token;
		const answer = must(await change(token, anna.password, fresh));
		assert.equal(answer.body.person.id, anna.id);
		assert.match(answer.headers.get('set-cookie'),
			new RegExp(`^__Host-tabel=${answer.body.token}; .*Max-Age=3600$`));
		fault(await me({ token }), 401, 'SESSION_ENDED');
		fault(await me({ token: other }), 401, 'SESSION_ENDED');
		must(await me({ token: answer.body.token }));
		fault(await login(anna.username, anna.password), 401, 'BAD_CREDENTIALS');
		must(await login(anna.username, fresh));
		assert.match((await person(anna.id)).password_hash, /^\$2b\$10\$/);
		const [{ new: logged, actor }] = await stack.db(
			"SELECT new, actor FROM audit WHERE entity = 'person' AND entity_id = $1 ORDER BY id DESC LIMIT 1",
			[String(anna.id)]);
		assert.equal(actor, `person:${anna.id}`);
		assert.match(logged.password_hash, /^\*.{6}$/);
	});

	test('needs the old one; a guesser is slowed down', async () => {
		await begin();
		for (let i = 0; i < 3; i++)
			fault(await change(token, 'wrong password', fresh), 401, 'BAD_CREDENTIALS');
		assert.equal(fault(await change(token, anna.password, fresh), 429, 'TOO_MANY_TRIES')
			.headers.get('retry-after'), '1');
		must(await me({ token }));
		await clock.add(1);
		must(await change(token, anna.password, fresh));
	});

	test('a weak one is refused by name, and costs no try', async () => {
		await begin();
		for (const weak of ['short', 'aaaaaaaaaaaa', '1234567890', `x${anna.username}x`, 'я'.repeat(101)]) {
			const { body } = fault(await change(token, anna.password, weak), 422, 'BAD_FIELD');
			assert.equal(body.errors[0].field, 'new_password');
		}
		must(await me({ token }));
		assert.equal(await sessions(anna.id), 1);
	});

	test('two changes at once: one wins', async () => {
		await begin();
		const other = must(await login(anna.username, anna.password)).body.token;
		const both = await Promise.all([change(token, anna.password, fresh),
			change(other, anna.password, `${fresh}2`)]);
		const won = both.filter((x) => x.status === 200);
		assert.equal(won.length, 1);
		assert.equal(both.find((x) => x.status !== 200).status, 401);
		assert.equal(await sessions(anna.id), 1);
		must(await me({ token: won[0].body.token }));
	});

	test('sign-ins with the old one, meanwhile, do not outlive it', async () => {
		await begin();
		const logins = Promise.all([1, 2, 3].map(() => login(anna.username, anna.password)));
		must(await change(token, anna.password, fresh));
		await logins;
		assert.equal(await sessions(anna.id), 1);
	});

	test('somebody without a password has none to change', async () => {
		const { body } = await telegram(signed({ id: nextId++ }));
		fault(await change(body.token, 'x', fresh), 403, 'NOT_CONFIRMED');
		await stack.db("UPDATE person SET state = 'active' WHERE id = $1", [body.person.id]);
		fault(await change(body.token, 'x', fresh), 401, 'BAD_CREDENTIALS');
	});
});
