/*
 * Tablets (Q1 to Q4): making, pairing and revoking them, and their feed, with
 * the programs' clock in our hands.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import jsqr from 'jsqr';
import { fault, startStack } from '../harness.mjs';

const noon = '2026-11-20T12:00:00Z';
let stack, clock, admin, branch;
let serial = 0;

before(async () => {
	stack = await startStack({ faketime: noon, workers: 4, conf: { TOKEN_MINUTES: 1440 } });
	clock = stack.clock;
	admin = (await stack.signIn()).token;
	branch = await openBranch();
});
after(() => stack?.stop());

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('.000', '');
const epoch = (text) => Date.parse(text) / 1000;
const seconds = () => clock.now() / 1000;

async function openBranch({ name = `Филиал ${serial++}`, rotation = 30, zone = 'Europe/Kyiv' } = {}) {
	const [row] = await stack.db(
		`INSERT INTO branch (name, time_zone, rotation_seconds) VALUES ($1, $2, $3)
		 RETURNING id, name, time_zone, rotation_seconds`, [name, zone, rotation]);
	return row;
}

function must(answer, status = 200) {
	assert.equal(answer.status, status, JSON.stringify(answer.body));
	return answer.body;
}

const call = (method, path, body, more = {}) =>
	stack.api(method, path, { token: admin, body, ...more });
const make = async (more = {}) => must(await call('POST', '/terminals',
	{ name: `Планшет ${serial++}`, branch: branch.id, ...more }), 201);
const pairing = async ({ id }) => must(await call('POST', `/terminals/${id}/pairing`), 201);
const get = async ({ id }) => must(await call('GET', `/terminals/${id}`));
const register = (pairing_code) => stack.api('POST', '/register', { body: { pairing_code } });
const feed = (key, query = {}) =>
	stack.api('GET', `/kiosk/feed?${new URLSearchParams(query)}`, { token: key });

/* A paired tablet: { ...terminal, key }. */
async function hang(more) {
	const terminal = await make(more);
	const { pairing_code } = await pairing(terminal);
	return { ...terminal, key: must(await register(pairing_code), 201).key };
}

/* A living pairing code that is surely not this one. */
const other = (code) => String((Number(code) + 1) % 1000000).padStart(6, '0');

/* From another address, as nginx sees it. */
const registerFrom = (localAddress, pairing_code) => new Promise((done, fail) => {
	const body = JSON.stringify({ pairing_code });
	const sent = request(`${stack.url}/api/register`, { method: 'POST', localAddress, agent: false,
		headers: { 'content-type': 'application/json', 'content-length': body.length } });
	sent.on('error', fail);
	sent.on('response', async (answer) => {
		const parts = [];
		for await (const part of answer)
			parts.push(part);
		done({ status: answer.statusCode, body: JSON.parse(Buffer.concat(parts)) });
	});
	sent.end(body);
});

const forgive = () => stack.db('DELETE FROM throttle');
const audit = (entity_id) => stack.db(
	"SELECT actor, action, new FROM audit WHERE entity = 'terminal' AND entity_id = $1 ORDER BY id",
	[String(entity_id)]);

describe('terminals', () => {
	test('are made, shown, changed', async () => {
		const name = `Планшет ${serial++}`;
		const made = await make({ name, location: 'у двери' });
		assert.deepEqual(made, { id: made.id, name, location: 'у двери', branch: branch.id,
			branch_name: branch.name, kind: 'tablet', active: true, paired: false,
			paired_at: null, last_seen_at: null, clock_offset_ms: null, version: made.version });
		assert.deepEqual(await get(made), made);

		const elsewhere = await openBranch();
		const changed = must(await call('PUT', `/terminals/${made.id}`,
			{ name: 'Вход', location: '', branch: elsewhere.id, kind: 'nfc' }));
		assert.deepEqual(changed, { ...made, name: 'Вход', location: '', kind: 'nfc',
			branch: elsewhere.id, branch_name: elsewhere.name, version: changed.version });
		assert.deepEqual(await get(made), changed);

		const log = await audit(made.id);
		assert.deepEqual(log.map((x) => x.action), ['insert', 'update']);
		assert.match(log[1].actor, /^person:\d+$/);
	});

	test('are listed in the order they were made, page by page', async () => {
		const ids = [];
		for (let i = 0; i < 3; i++)
			ids.push((await make()).id);
		const page = async (query) => must(await call('GET', `/terminals?${new URLSearchParams(query)}`));
		const one = await page({ after: ids[0] - 1, limit: 2 });
		assert.deepEqual(one.items.map((x) => x.id), ids.slice(0, 2));
		assert.equal(one.next, ids[1]);
		const two = await page({ after: one.next, limit: 2 });
		assert.deepEqual(two.items.map((x) => x.id), ids.slice(2));
		assert.equal(two.next, null);
		assert.ok((await page({})).items.length >= 3);
	});

	test('a name is taken once, in any case of letters', async () => {
		const { id, name } = await make({ name: `Door ${serial++}` });
		fault(await call('POST', '/terminals', { name: name.toUpperCase(), branch: branch.id }),
			409, 'TERMINAL_NAME_TAKEN');
		const second = await make();
		fault(await call('PUT', `/terminals/${second.id}`, { name, branch: branch.id }),
			409, 'TERMINAL_NAME_TAKEN');
		must(await call('PUT', `/terminals/${id}`, { name, branch: branch.id }));
	});

	test('fields, and what is not there', async () => {
		const fields = (answer) => fault(answer, 422, 'BAD_FIELD').body.errors.map((x) => x.field);
		assert.deepEqual(fields(await call('POST', '/terminals', {})), ['name', 'branch']);
		assert.deepEqual(fields(await call('POST', '/terminals',
			{ name: 'x'.repeat(101), branch: 0, kind: 'phone', key: 'tt_' })), ['name', 'branch', 'kind', 'key']);
		assert.deepEqual(fields(await call('POST', '/terminals', { name: 'x', branch: 999999 })), ['branch']);
		assert.deepEqual(fields(await call('POST', '/terminals', { name: 'two\nlines', location: 'a\nb', branch: branch.id })),
			['name', 'location']);
		const { id } = await make();
		assert.deepEqual(fields(await call('PUT', `/terminals/${id}`, { name: 'x', branch: 999999 })), ['branch']);
		assert.deepEqual(fields(await call('GET', '/terminals/x')), ['id']);
		for (const [method, path, body] of [['GET', ''], ['PUT', '', { name: 'x', branch: branch.id }],
			['DELETE', ''], ['POST', '/pairing'], ['POST', '/revoke']])
			fault(await call(method, `/terminals/999999${path}`, body), 404, 'NOT_FOUND');
	});

	test('the same request twice makes one', async () => {
		const name = `Планшет ${serial++}`;
		const headers = { 'idempotency-key': `t${serial++}` };
		const answers = await Promise.all(Array.from({ length: 5 },
			() => call('POST', '/terminals', { name, branch: branch.id }, { headers })));
		assert.equal(new Set(answers.map((x) => must(x, 201).id)).size, 1);
		fault(await call('POST', '/terminals', { name: 'x', branch: branch.id }, { headers }),
			422, 'IDEMPOTENCY_MISMATCH');
	});

	test('one without a history is deleted, with its pairing code', async () => {
		const tablet = await make();
		const { pairing_code } = await pairing(tablet);
		assert.deepEqual(must(await call('DELETE', `/terminals/${tablet.id}`)),
			{ deleted: true, deactivated: false });
		fault(await call('GET', `/terminals/${tablet.id}`), 404, 'NOT_FOUND');
		fault(await register(pairing_code), 422, 'PAIRING_WRONG');
		await forgive();
	});

	test('one with a history is deactivated, and out', async () => {
		const tablet = await hang();
		await scan(tablet);
		assert.deepEqual(must(await call('DELETE', `/terminals/${tablet.id}`)),
			{ deleted: false, deactivated: true });
		const now = await get(tablet);
		assert.deepEqual([now.active, now.paired], [false, false]);
		fault(await feed(tablet.key), 401, 'TERMINAL_REVOKED');
		assert.deepEqual(must(await call('DELETE', `/terminals/${tablet.id}`)),
			{ deleted: false, deactivated: true });
	});
});

describe('pairing', () => {
	beforeEach(forgive);

	test('six digits for ten minutes become a key that is only kept hashed', async () => {
		const tablet = await make();
		const { pairing_code, expires_at, ...rest } = await pairing(tablet);
		assert.match(pairing_code, /^\d{6}$/);
		assert.equal(expires_at, iso(seconds() + 600));
		assert.deepEqual(rest, {});
		const [code] = await stack.db('SELECT * FROM one_time_code WHERE terminal = $1', [tablet.id]);
		assert.equal(code.hash, sha256(`pairing:${pairing_code}`));

		const { key, terminal } = must(await register(pairing_code), 201);
		assert.match(key, /^tt_[A-Za-z0-9_-]{43}$/);
		assert.deepEqual(terminal, { id: tablet.id, name: tablet.name, branch_name: branch.name });
		const [row] = await stack.db('SELECT key_hash FROM terminal WHERE id = $1', [tablet.id]);
		assert.equal(row.key_hash, sha256(key));
		const now = await get(tablet);
		assert.deepEqual([now.active, now.paired, now.paired_at], [true, true, iso(seconds())]);
		must(await feed(key));

		const log = (await audit(tablet.id)).at(-1);
		assert.equal(log.actor, `terminal:${tablet.id}`);
		assert.match(log.new.key_hash, /^\*.{6}$/);
	});

	test('a code works once', async () => {
		const { pairing_code } = await pairing(await make());
		const { key } = must(await register(pairing_code), 201);
		fault(await register(pairing_code), 422, 'PAIRING_WRONG');
		must(await feed(key));
	});

	test('a code works until its last second', async () => {
		const [a, b] = [await pairing(await make()), await pairing(await make())];
		await clock.add(599);
		must(await register(a.pairing_code), 201);
		await clock.add(1);
		fault(await register(b.pairing_code), 422, 'PAIRING_WRONG');
	});

	test('a new code voids the older one of that terminal only', async () => {
		const [tablet, second] = [await make(), await make()];
		const old = await pairing(tablet);
		const others = await pairing(second);
		const fresh = await pairing(tablet);
		if (old.pairing_code !== fresh.pairing_code)
			fault(await register(old.pairing_code), 422, 'PAIRING_WRONG');
		assert.equal(must(await register(fresh.pairing_code), 201).terminal.id, tablet.id);
		assert.equal(must(await register(others.pairing_code), 201).terminal.id, second.id);
	});

	test('two codes asked for at once: one lives', async () => {
		const tablet = await make();
		const codes = (await Promise.all([pairing(tablet), pairing(tablet), pairing(tablet)]))
			.map((x) => x.pairing_code);
		assert.equal((await stack.db('SELECT id FROM one_time_code WHERE terminal = $1', [tablet.id])).length, 1);
		const statuses = [];
		for (const code of new Set(codes))
			statuses.push((await register(code)).status);
		assert.equal(statuses.filter((x) => x === 201).length, 1);
	});

	test('a code that lives elsewhere is never drawn; a dead one may be', async () => {
		const holder = await make();
		await stack.db('DELETE FROM one_time_code');
		await stack.db(
			`INSERT INTO one_time_code (purpose, hash, terminal, expires_at, used_at)
			 SELECT 'pairing', encode(sha256(convert_to('pairing:' || lpad(n::text, 6, '0'), 'UTF8')), 'hex'),
			        $1, $2::timestamptz + CASE n % 4 WHEN 3 THEN '0' ELSE '1 h' END::interval,
			        CASE n % 4 WHEN 1 THEN $2::timestamptz END
			   FROM generate_series(0, 399999) n`, [holder.id, iso(seconds())]);
		const lives = (n) => n < 400000 && n % 2 === 0;
		for (let i = 0; i < 12; i++) {
			const tablet = await make();
			const { pairing_code } = await pairing(tablet);
			assert.ok(!lives(Number(pairing_code)), pairing_code);
			assert.equal(must(await register(pairing_code), 201).terminal.id, tablet.id);
		}
		await stack.db('DELETE FROM one_time_code WHERE terminal = $1', [holder.id]);
	});

	test('forty tablets type one code at once: one is paired', async () => {
		const tablet = await make();
		const { pairing_code } = await pairing(tablet);
		const answers = await Promise.all(Array.from({ length: 40 },
			(_, i) => registerFrom(`127.0.1.${i + 1}`, pairing_code)));
		const won = answers.filter((x) => x.status === 201);
		assert.equal(won.length, 1);
		for (const lost of answers.filter((x) => x.status !== 201))
			assert.equal(lost.body.code, 'PAIRING_WRONG');
		must(await feed(won[0].body.key));
	});

	test('new codes and registrations at once end with one key or none', async () => {
		const tablet = await make();
		const { pairing_code } = await pairing(tablet);
		const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => i % 2 ?
			call('POST', `/terminals/${tablet.id}/pairing`) :
			registerFrom(`127.0.2.${i + 1}`, pairing_code)));
		for (const { status } of answers)
			assert.ok([201, 422].includes(status), String(status));
		const keys = answers.map((x) => x.body.key).filter(Boolean);
		assert.ok(keys.length <= 1);
		assert.equal((await get(tablet)).paired, keys.length === 1);
	});

	test('a tablet that is paired again knows only its new key', async () => {
		const tablet = await hang();
		const { pairing_code } = await pairing(tablet);
		must(await feed(tablet.key));
		const { key } = must(await register(pairing_code), 201);
		fault(await feed(tablet.key), 401, 'TERMINAL_REVOKED');
		must(await feed(key));
	});

	test('a revoked one is out, its code too, until it is paired again', async () => {
		const tablet = await hang();
		const { pairing_code } = await pairing(tablet);
		const revoked = must(await call('POST', `/terminals/${tablet.id}/revoke`));
		assert.deepEqual([revoked.id, revoked.active, revoked.paired], [tablet.id, false, false]);
		fault(await feed(tablet.key), 401, 'TERMINAL_REVOKED');
		fault(await register(pairing_code), 422, 'PAIRING_WRONG');
		must(await call('POST', `/terminals/${tablet.id}/revoke`));

		const again = await pairing(tablet);
		const { key } = must(await register(again.pairing_code), 201);
		must(await feed(key));
		assert.deepEqual([(await get(tablet)).active, (await get(tablet)).paired], [true, true]);
	});

	test('a guesser has five tries, then waits longer and longer', async () => {
		const { pairing_code } = await pairing(await make());
		const wrong = other(pairing_code);
		for (const left of [4, 3, 2, 1, 0])
			assert.equal(fault(await register(wrong), 422, 'PAIRING_WRONG').body.tries_left, left);
		for (const wait of [1, 2, 4]) {
			const told = fault(await register(pairing_code), 429, 'TOO_MANY_TRIES');
			assert.equal(told.headers.get('retry-after'), String(wait));
			await clock.add(wait);
			assert.equal(fault(await register(wrong), 422, 'PAIRING_WRONG').body.tries_left, 0);
		}
		assert.equal((await registerFrom('127.0.3.1', wrong)).body.tries_left, 4);
		await clock.add(8);
		must(await register(pairing_code), 201);
		assert.equal(fault(await register(wrong), 422, 'PAIRING_WRONG').body.tries_left, 4);
	});

	test('what is no six digits is no try', async () => {
		for (const code of ['', '12345', '1234567', '12345a', '１２３４５６'])
			fault(await register(code), 422, 'BAD_FIELD');
		const { pairing_code } = await pairing(await make());
		assert.equal(fault(await register(other(pairing_code)), 422, 'PAIRING_WRONG').body.tries_left, 4);
		must(await register(` ${pairing_code} `), 201);
	});
});

/* Somebody unknown scans what the tablet shows. */
async function scan(tablet, names = {}) {
	const { token } = await stack.signIn({ id: 820000000 + serial++, first_name: 'Анна', ...names });
	const { codes } = must(await feed(tablet.key));
	return must(await stack.api('POST', '/claims', { token, body: { code: codes[0].code } }), 201);
}

describe('GET /kiosk/feed', () => {
	let tablet;

	beforeEach(async () => {
		await clock.set(noon);
		tablet = await hang();
	});

	/* What a page that holds all of an answer asks next. */
	const holding = ({ sequence, codes }) => ({ sequence, held: epoch(codes.at(-1).until) });

	test('says where and when', async () => {
		await clock.add(7);
		const body = must(await feed(tablet.key));
		assert.deepEqual(Object.keys(body).sort(),
			['branch', 'codes', 'echo', 'now', 'now_ms', 'sequence', 'terminal']);
		assert.equal(body.now, '2026-11-20T12:00:07Z');
		assert.equal(Math.floor(body.now_ms / 1000), seconds());
		assert.deepEqual(body.terminal, { id: tablet.id, name: tablet.name });
		assert.deepEqual(body.branch, { id: branch.id, name: branch.name,
			time_zone: 'Europe/Kyiv', rotation_seconds: 30 });
		assert.equal(body.sequence, 0);
		assert.deepEqual(body.echo, []);
	});

	test('is for terminals', async () => {
		fault(await feed(admin), 403, 'FORBIDDEN');
		fault(await feed(), 401, 'NO_TOKEN');
		fault(await feed(`tt_${'A'.repeat(43)}`), 401, 'TERMINAL_REVOKED');
		fault(await stack.api('GET', '/terminals', { token: tablet.key }), 403, 'FORBIDDEN');
	});

	for (const [rotation, length] of [[10, 10], [30, 30], [45, 45], [60, 55]])
		test(`codes of ${rotation} s follow one another for five minutes`, async () => {
			const there = await hang({ branch: (await openBranch({ rotation })).id });
			await clock.add(11);
			const { codes } = must(await feed(there.key));
			const now = seconds();
			assert.ok(epoch(codes[0].from) <= now && now < epoch(codes[0].until));
			assert.ok(epoch(codes.at(-1).until) >= now + 300);
			assert.ok(epoch(codes.at(-1).from) < now + 300);
			for (const [i, { code, url, from, until }] of codes.entries()) {
				assert.match(code, /^[A-Za-z0-9_-]{60}$/);
				assert.equal(url, `https://t.me/${stack.conf.BOT_USERNAME}/app?startapp=${code}`);
				assert.equal(epoch(until) - epoch(from), length);
				assert.equal(epoch(from) % length, 0);
				assert.equal(from, codes[i - 1]?.until ?? from);
			}
			assert.equal(new Set(codes.map((x) => x.code)).size, codes.length);
		});

	test('the picture of a code is read by an ordinary reader', async () => {
		const { codes: [{ url, qr: { size, modules } }] } = must(await feed(tablet.key));
		const bits = Buffer.from(modules, 'base64');
		assert.equal(bits.length, Math.ceil(size * size / 8));
		const scale = 4, side = (size + 8) * scale;
		const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
		for (let y = 0; y < side; y++)
			for (let x = 0; x < side; x++) {
				const [row, column] = [y, x].map((n) => Math.floor(n / scale) - 4);
				const i = row * size + column;
				const inside = row >= 0 && row < size && column >= 0 && column < size;
				if (inside && bits[i >> 3] >> (7 - i % 8) & 1)
					pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
			}
		assert.equal(jsqr(pixels, side, side).data, url);
	});

	test('the codes are the same on every poll, in every process', async () => {
		const codes = async () => must(await feed(tablet.key)).codes;
		const first = await codes();
		for (let i = 0; i < 8; i++)
			assert.deepEqual(await codes(), first);
		await clock.add(30);
		assert.deepEqual((await codes()).slice(0, -1), first.slice(1));
	});

	test('who holds all gets none, and the next one when its time comes', async () => {
		const all = must(await feed(tablet.key));
		const ask = holding(all);
		assert.deepEqual(must(await feed(tablet.key, ask)).codes, []);
		await clock.add(1);
		const next = must(await feed(tablet.key, ask)).codes;
		assert.deepEqual(next.map((x) => x.from), [all.codes.at(-1).until]);
		await clock.add(29);
		assert.deepEqual(must(await feed(tablet.key, { ...ask, held: ask.held + 30 })).codes, []);
		await clock.add(1);
		assert.equal(must(await feed(tablet.key, { ...ask, held: ask.held + 30 })).codes.length, 1);
	});

	test('who was away, holds another sequence or nothing gets all', async () => {
		const all = must(await feed(tablet.key));
		const ask = holding(all);
		assert.deepEqual(must(await feed(tablet.key, { ...ask, sequence: 7 })).codes, all.codes);
		assert.deepEqual(must(await feed(tablet.key, { held: ask.held })).codes, all.codes);
		assert.deepEqual(must(await feed(tablet.key, { sequence: 0 })).codes, all.codes);
		await clock.add(3600);
		assert.deepEqual(must(await feed(tablet.key, ask)).codes, must(await feed(tablet.key)).codes);
	});

	test('who holds codes of a future that is none any more gets all', async () => {
		const ask = holding(must(await feed(tablet.key)));
		await clock.add(-3600);
		assert.deepEqual(must(await feed(tablet.key, ask)).codes, must(await feed(tablet.key)).codes);
	});

	test('another rotation leaves no gap behind what is held', async () => {
		const own = await openBranch({ rotation: 30 });
		const there = await hang({ branch: own.id });
		await clock.add(1);
		const ask = holding(must(await feed(there.key)));
		await stack.db('UPDATE branch SET rotation_seconds = 45 WHERE id = $1', [own.id]);
		await clock.add(60);
		const [first] = must(await feed(there.key, ask)).codes;
		assert.ok(epoch(first.from) <= ask.held && ask.held < epoch(first.until));
		assert.equal(epoch(first.until) - epoch(first.from), 45);
	});

	test('a scan makes new codes at once, and greets', async () => {
		const old = must(await feed(tablet.key));
		await clock.add(3);
		const claim = await scan(tablet, { last_name: 'Котова' });
		const fresh = must(await feed(tablet.key, holding(old)));
		assert.equal(fresh.sequence, old.sequence + 1);
		assert.equal(fresh.codes[0].from, old.codes[0].from);
		assert.ok(fresh.codes.length >= 10);
		const dead = new Set(old.codes.map((x) => x.code));
		assert.ok(fresh.codes.every((x) => !dead.has(x.code)));
		assert.deepEqual(fresh.echo, [{ id: claim.id, name: 'Анна К.', at: claim.at, kind: null,
			time_zone: 'Europe/Kyiv' }]);
		await scan(tablet);
	});

	test('the greeting lasts ten seconds', async () => {
		const { id } = await scan(tablet);
		await clock.add(9);
		assert.deepEqual(must(await feed(tablet.key, { echo_after: id })).echo.map((x) => x.id), [id]);
		await clock.add(1);
		assert.deepEqual(must(await feed(tablet.key)).echo, []);
	});

	test('it greets with what there is of a name, and only at its own door', async () => {
		const second = await hang();
		await scan(tablet, { first_name: 'Іван', last_name: undefined });
		await scan(tablet, { first_name: '', last_name: 'Котова' });
		await scan(tablet, { first_name: '🦊', last_name: '<b>' });
		assert.deepEqual(must(await feed(tablet.key)).echo.map((x) => x.name), ['Іван', '…', '🦊 <.']);
		assert.deepEqual(must(await feed(second.key)).echo, []);
	});

	test('it says in or out as soon as there is an event', async () => {
		const user = { id: 820000000 + serial++, first_name: 'Анна', last_name: 'Котова' };
		const { person: { id } } = await stack.signIn(user);
		await stack.db("UPDATE person SET state = 'active' WHERE id = $1", [id]);
		await stack.db("INSERT INTO position (name) VALUES ('Врач') ON CONFLICT DO NOTHING");
		await stack.db(`INSERT INTO employee (person, branch, position, hired_on)
			SELECT $1, $2, id, '2020-01-01' FROM position LIMIT 1`, [id, branch.id]);
		const { token } = await stack.signIn(user);
		const { codes: [{ code }] } = must(await feed(tablet.key));
		const claim = must(await stack.api('POST', '/claims', { token, body: { code } }), 201);
		assert.deepEqual(must(await feed(tablet.key)).echo.map((x) => x.kind), [null]);
		must(await stack.api('POST', '/events', { token, body: { claim: claim.id, kind: 'in' } }), 201);
		assert.deepEqual(must(await feed(tablet.key)).echo.map((x) => [x.name, x.kind]), [['Анна К.', 'in']]);
	});

	test('it is seen, and its clock, every fifteen seconds', async () => {
		const seen = async () => {
			const { last_seen_at, clock_offset_ms } = await get(tablet);
			return [last_seen_at && epoch(last_seen_at) - epoch(noon), clock_offset_ms];
		};
		assert.deepEqual(await seen(), [null, null]);
		must(await feed(tablet.key, { offset_ms: -2500 }));
		assert.deepEqual(await seen(), [0, -2500]);
		await clock.add(14);
		must(await feed(tablet.key, { offset_ms: 1 }));
		assert.deepEqual(await seen(), [0, -2500]);
		await clock.add(1);
		must(await feed(tablet.key, { offset_ms: 1 }));
		assert.deepEqual(await seen(), [15, 1]);
		await clock.add(15);
		must(await feed(tablet.key, { offset_ms: -Date.parse(noon) }));
		assert.deepEqual(await seen(), [30, -2147483647]);
		await clock.add(15);
		must(await feed(tablet.key));
		assert.deepEqual(await seen(), [45, -2147483647]);
		assert.ok((await audit(tablet.id)).every((x) => !x.new || !('last_seen_at' in x.new) || x.action === 'insert'));
	});

	test('a row that is being changed does not hold up the poll', async () => {
		const client = await stack.pool.connect();
		try {
			await client.query('BEGIN');
			await client.query('UPDATE terminal SET sequence = sequence + 1 WHERE id = $1', [tablet.id]);
			const body = must(await feed(tablet.key));
			assert.equal(body.sequence, 0);
		} finally {
			await client.query('ROLLBACK');
			client.release();
		}
		assert.equal((await get(tablet)).last_seen_at, null);
	});
});
