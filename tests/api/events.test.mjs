/*
 * Claims and events: the rules of a scan (Q1, Q2, Q6, Q7; WORKTIME W1 to W9),
 * with the programs' clock in our hands.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fault, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic, clock;

before(async () => {
	stack = await startStack({ faketime: '2026-10-20T05:00:00Z', conf: { TOKEN_MINUTES: 1440 }, workers: 4 });
	clock = stack.clock;
	clinic = await openClinic(stack, { time_zone: 'Europe/Kyiv' });
});
after(() => stack?.stop());

/* At another instant everybody signs in again: sessions are short. */
async function at(instant, person) {
	await clock.set(instant);
	clinic.admin = (await stack.signIn()).token;
	if (person)
		person.token = (await stack.signIn({ id: person.telegram_id })).token;
}

const intervals = (employee) => stack.db(
	`SELECT state, day::text, extract(epoch FROM out_at - in_at)::int8 AS seconds
	   FROM interval WHERE employee = $1 ORDER BY in_at`, [employee.id]);
const count = async (employee) => (await stack.db(
	'SELECT count(*) FROM event WHERE employee = $1', [employee.id]))[0].count;

describe('a scan', () => {
	test('becomes a claim at the server\'s time, then an event of that time', async () => {
		const anna = await clinic.hire();
		await at('2026-10-20T05:58:00Z', anna);
		const claim = await clinic.scan(anna.token);
		assert.equal(claim.status, 201);
		assert.equal(claim.body.at, '2026-10-20T05:58:00Z');
		assert.equal(claim.body.expires_at, '2026-10-20T06:00:00Z');
		assert.equal(claim.body.proposed, 'in');
		assert.equal(claim.body.pending, false);
		await clock.add(100);
		const event = await clinic.tap(anna.token, claim.body.id, 'in');
		assert.equal(event.status, 201);
		assert.equal(event.body.at, '2026-10-20T05:58:00Z');
		assert.equal(event.body.effect, 'opens');
		assert.match(event.body.receipt, /^[0-9a-f]{64}$/);
		const me = await clinic.me(anna.token);
		assert.equal(me.today.open.since, '2026-10-20T05:58:00Z');
		assert.equal(me.today.worked_seconds, 100);
		assert.equal(me.today.day, '2026-10-20');

		await clock.set('2026-10-20T14:30:00Z');
		const leave = await clinic.scan(anna.token);
		assert.equal(leave.body.proposed, 'out');
		assert.equal(leave.body.since, '2026-10-20T05:58:00Z');
		assert.equal(leave.body.confirm_out, false);
		const out = await clinic.tap(anna.token, leave.body.id, 'out');
		assert.equal(out.body.interval_seconds, 30720);
		assert.deepEqual(await intervals(anna), [{ state: 'closed', day: '2026-10-20', seconds: 30720 }]);
	});

	test('two minutes later is too old, to the second', async () => {
		const anna = await clinic.hire();
		await at('2026-10-20T08:00:00Z', anna);
		const first = await clinic.scan(anna.token), second = await clinic.scan(anna.token);
		await clock.add(120);
		assert.equal((await clinic.tap(anna.token, first.body.id, 'in')).status, 201);
		await clock.add(1);
		fault(await clinic.tap(anna.token, second.body.id, 'out'), 410, 'CLAIM_EXPIRED');
	});

	test('of somebody else cannot be used', async () => {
		const [anna, boris] = [await clinic.hire(), await clinic.hire()];
		const claim = await clinic.scan(anna.token);
		fault(await clinic.tap(boris.token, claim.body.id, 'in'), 404, 'NOT_FOUND');
		assert.equal(await count(boris), 0);
	});
});

describe('a code', () => {
	const claim = (token, code) => clinic.as(token, 'POST', '/claims', { code });

	test('is taken bare, or as the link that the camera sees', async () => {
		const anna = await clinic.hire();
		const { now, codes } = await clinic.feed();
		const shown = codes.find((c) => c.from <= now && now < c.until);
		assert.match(shown.url, /^https:\/\/t\.me\/[^/]+\/[^/]+\?startapp=[A-Za-z0-9_-]{60}$/);
		assert.equal((await claim(anna.token, shown.url)).status, 201);
	});

	test('cannot be used twice, by anybody', async () => {
		const [anna, boris] = [await clinic.hire(), await clinic.hire()];
		const code = await clinic.code();
		assert.equal((await claim(anna.token, code)).status, 201);
		fault(await claim(boris.token, code), 409, 'CODE_USED');
		fault(await claim(anna.token, code), 409, 'CODE_USED');
	});

	test('is claimed once by forty at the same time', async () => {
		const anna = await clinic.hire();
		const code = await clinic.code();
		const answers = await Promise.all(Array.from({ length: 40 }, () => claim(anna.token, code)));
		const made = answers.filter((a) => a.status === 201);
		assert.equal(made.length, 1);
		for (const answer of answers.filter((a) => a.status !== 201))
			fault(answer, 409, 'CODE_USED');
	});

	test('changes on the tablet at once when it was used', async () => {
		const anna = await clinic.hire();
		const before_ = await clinic.feed();
		const code = await clinic.code();
		await claim(anna.token, code);
		const after_ = await clinic.feed(clinic.tablet,
			`?sequence=${before_.sequence}&held=${Math.floor(Date.parse(before_.codes.at(-1).until) / 1000)}`);
		assert.equal(after_.sequence, before_.sequence + 1);
		assert.ok(after_.codes.length > 1);
		assert.ok(!after_.codes.some((c) => before_.codes.some((b) => b.code === c.code)));
		assert.ok(after_.echo.some((e) => e.name === 'Анна К.'));
	});

	test('expires 60 seconds after it was made, to the second', async () => {
		const anna = await clinic.hire();
		await at('2026-10-20T09:00:00Z', anna);
		const { codes } = await clinic.feed();
		assert.equal(codes[0].from, '2026-10-20T09:00:00Z');
		await clock.set('2026-10-20T09:00:59Z');
		assert.equal((await claim(anna.token, codes[0].code)).status, 201);
		await clock.set('2026-10-20T09:02:00Z');
		const next = (await clinic.feed()).codes[0];
		await clock.set('2026-10-20T09:03:00Z');
		fault(await claim(anna.token, next.code), 410, 'CODE_EXPIRED');
	});

	test('of the future is refused until its time', async () => {
		const anna = await clinic.hire();
		await at('2026-10-20T09:10:00Z', anna);
		const { codes } = await clinic.feed();
		fault(await claim(anna.token, codes[1].code), 422, 'CODE_EARLY');
		assert.ok(Date.parse(codes.at(-1).until) - Date.parse(codes[0].from) >= 300000);
		await clock.set('2026-10-20T09:10:30Z');
		assert.equal((await claim(anna.token, codes[1].code)).status, 201);
	});

	test('forged, cut, or written in another way is none', async () => {
		const anna = await clinic.hire();
		const code = await clinic.code();
		const turned = code.replace(/.$/, (c) => c === 'A' ? 'B' : 'A');
		for (const bad of [turned, code.slice(0, -1), `${code}=`, `${code}A`, `${code}%00`, code.toLowerCase(),
			Buffer.alloc(45).toString('base64url'), 'x', `${code}\u0000`, 'https://t.me/bot/app?startapp='])
			fault(await claim(anna.token, bad), 422,
				bad.includes('\u0000') ? 'BAD_FIELD' : 'CODE_FORGED');
		assert.equal((await claim(anna.token, code)).status, 201);
	});

	test('sealed under a key that is retired is still good while it lives', async () => {
		const anna = await clinic.hire();
		const code = await clinic.code();
		await clinic.must(clinic.admin, 'POST', '/keys/rotate', { purpose: 'seal' });
		assert.equal((await claim(anna.token, code)).status, 201);
		assert.equal((await clinic.scan(anna.token)).status, 201);
	});

	test('of a revoked tablet is dead', async () => {
		const anna = await clinic.hire();
		const other = await clinic.openBranch();
		const tablet = await clinic.hang(other);
		const code = await clinic.code(tablet);
		await clinic.must(clinic.admin, 'POST', `/terminals/${tablet.id}/revoke`);
		fault(await claim(anna.token, code), 410, 'CODE_REVOKED');
		fault(await clinic.as(tablet.key, 'GET', '/kiosk/feed'), 401, 'TERMINAL_REVOKED');
	});
});

describe('repeats', () => {
	test('the same tap again is answered with the event that is there', async () => {
		const anna = await clinic.hire();
		const scan = await clinic.scan(anna.token);
		const first = await clinic.tap(anna.token, scan.body.id, 'in');
		const again = await clinic.tap(anna.token, scan.body.id, 'in');
		assert.deepEqual([first.status, again.status], [201, 200]);
		assert.equal(again.body.id, first.body.id);
		assert.equal(await count(anna), 1);
	});

	test('the same request by its Idempotency-Key gets the same answer', async () => {
		const anna = await clinic.hire();
		const code = await clinic.code();
		const send = (body, key) => clinic.as(anna.token, 'POST', '/claims', body, { 'idempotency-key': key });
		const answers = await Promise.all(Array.from({ length: 8 }, () => send({ code }, 'one')));
		for (const answer of answers)
			assert.deepEqual([answer.status, answer.body], [201, answers[0].body]);
		fault(await send({ code: await clinic.code() }, 'one'), 422, 'IDEMPOTENCY_MISMATCH');
		const claim = answers[0].body.id;
		const taps = await Promise.all(Array.from({ length: 8 },
			() => clinic.tap(anna.token, claim, 'in', { 'idempotency-key': 'two' })));
		for (const tap of taps)
			assert.deepEqual([tap.status, tap.body], [201, taps[0].body]);
		assert.equal(await count(anna), 1);
	});

	test('three taps in a second and two tabs make one event', async () => {
		const anna = await clinic.hire();
		const scans = [await clinic.scan(anna.token), await clinic.scan(anna.token), await clinic.scan(anna.token)];
		const answers = await Promise.all(scans.flatMap((s) =>
			[clinic.tap(anna.token, s.body.id, 'in'), clinic.tap(anna.token, s.body.id, 'in')]));
		assert.deepEqual(answers.map((a) => a.status).sort(), [200, 200, 200, 200, 200, 201]);
		assert.equal(new Set(answers.map((a) => a.body.id)).size, 1);
		assert.equal(await count(anna), 1);
		assert.equal((await intervals(anna)).length, 1);
	});

	test('W3: the same kind within 60 s, inclusive, is the same event', async () => {
		const anna = await clinic.hire();
		await at('2026-10-21T06:00:00Z', anna);
		const into = await clinic.mark(anna.token, 'in');
		await clock.set('2026-10-21T06:01:00Z');
		assert.equal((await clinic.mark(anna.token, 'in')).body.id, into.body.id);
		await clock.set('2026-10-21T14:00:00Z');
		const out = await clinic.mark(anna.token, 'out');
		await clock.set('2026-10-21T14:01:00Z');
		const again = await clinic.mark(anna.token, 'out');
		assert.deepEqual([again.status, again.body.id], [200, out.body.id]);
		await clock.set('2026-10-21T14:01:01Z');
		const lost = await clinic.mark(anna.token, 'out');
		assert.deepEqual([lost.status, lost.body.effect], [201, 'missing_in']);
	});

	test('Q7 W5: a second in while one is open is what is there already, and is kept', async () => {
		const anna = await clinic.hire();
		await at('2026-10-21T06:00:00Z', anna);
		const first = await clinic.mark(anna.token, 'in');
		await clock.set('2026-10-21T09:00:00Z');
		const scan = await clinic.scan(anna.token);
		for (let n = 0; n < 2; n++) {
			const second = await clinic.tap(anna.token, scan.body.id, 'in');
			assert.deepEqual([second.status, second.body.id, second.body.at],
				[200, first.body.id, '2026-10-21T06:00:00Z']);
		}
		assert.deepEqual(await stack.db(`SELECT m.effect FROM event v JOIN event_meaning m ON m.event = v.id
			WHERE v.employee = $1 ORDER BY v.at`, [anna.id]), [{ effect: 'opens' }, { effect: 'redundant' }]);
	});

	test('Q7: leaving within 5 minutes asks, and then does as told', async () => {
		const anna = await clinic.hire();
		await at('2026-10-21T06:00:00Z', anna);
		await clinic.mark(anna.token, 'in');
		await clock.set('2026-10-21T06:05:00Z');
		const scan = await clinic.scan(anna.token);
		assert.deepEqual([scan.body.proposed, scan.body.confirm_out], ['out', true]);
		assert.equal((await clinic.tap(anna.token, scan.body.id, 'out')).body.interval_seconds, 300);
		await clock.set('2026-10-21T06:10:00Z');
		await clinic.mark(anna.token, 'in');
		await clock.set('2026-10-21T06:15:01Z');
		assert.equal((await clinic.scan(anna.token)).body.confirm_out, false);
	});
});

describe('days and lengths', () => {
	test('a night across midnight is one interval on the day it began', async () => {
		const anna = await clinic.hire();
		await at('2026-10-22T17:00:00Z', anna);	/* 20:00 in Kyiv */
		await clinic.mark(anna.token, 'in');
		await at('2026-10-22T21:30:00Z', anna);	/* 00:30 */
		let me = await clinic.me(anna.token);
		assert.deepEqual([me.today.day, me.today.worked_seconds], ['2026-10-22', 16200]);
		await at('2026-10-23T05:00:00Z', anna);	/* 08:00 */
		await clinic.mark(anna.token, 'out');
		assert.deepEqual(await intervals(anna), [{ state: 'closed', day: '2026-10-22', seconds: 43200 }]);
		await at('2026-10-23T08:59:59Z', anna);	/* W13: less than 4 h ago */
		assert.equal((await clinic.me(anna.token)).today.day, '2026-10-22');
		await at('2026-10-23T09:00:01Z', anna);
		assert.equal((await clinic.me(anna.token)).today.day, '2026-10-23');
	});

	test('the night of 25 October has an hour more', async () => {
		const anna = await clinic.hire();
		await at('2026-10-24T17:00:00Z', anna);	/* 20:00 +03 */
		await clinic.mark(anna.token, 'in');
		await at('2026-10-25T06:00:00Z', anna);	/* 08:00 +02 */
		await clinic.mark(anna.token, 'out');
		assert.deepEqual(await intervals(anna), [{ state: 'closed', day: '2026-10-24', seconds: 13 * 3600 }]);
	});

	test('the doubled hour is two hours', async () => {
		const anna = await clinic.hire();
		await at('2026-10-25T00:30:00Z', anna);	/* 03:30 +03 */
		await clinic.mark(anna.token, 'in');
		await at('2026-10-25T01:30:00Z', anna);	/* 03:30 +02, an hour later */
		await clinic.mark(anna.token, 'out');
		assert.deepEqual(await intervals(anna), [{ state: 'closed', day: '2026-10-25', seconds: 3600 }]);
	});

	test('the night of 29 March has an hour less', async () => {
		const anna = await clinic.hire();
		await at('2027-03-27T18:00:00Z', anna);	/* 20:00 +02 */
		await clinic.mark(anna.token, 'in');
		await at('2027-03-28T05:00:00Z', anna);	/* 08:00 +03 */
		await clinic.mark(anna.token, 'out');
		assert.deepEqual(await intervals(anna), [{ state: 'closed', day: '2027-03-27', seconds: 11 * 3600 }]);
	});

	test('W6, W7: at the limit it closes, beyond it the out is missing', async () => {
		const [anna, boris] = [await clinic.hire(), await clinic.hire()];
		await at('2026-11-02T06:00:00Z', anna);
		await at('2026-11-02T06:00:00Z', boris);
		await clinic.mark(anna.token, 'in');
		await clinic.mark(boris.token, 'in');
		await at('2026-11-02T22:00:00Z', anna);		/* 16 h to the second */
		assert.equal((await clinic.mark(anna.token, 'out')).body.effect, 'closes');
		await at('2026-11-02T22:00:01Z', boris);
		const scan = await clinic.scan(boris.token);
		assert.equal(scan.body.proposed, 'in');
		const next = await clinic.tap(boris.token, scan.body.id, 'in');
		assert.deepEqual([next.status, next.body.effect], [201, 'opens']);
		assert.deepEqual((await intervals(boris)).map((i) => i.state), ['missing_out', 'open']);
		const [{ state }] = (await clinic.must(clinic.admin, 'GET',
			`/presence?branch=${clinic.branch.id}`)).items.filter((i) => i.employee === boris.id);
		assert.equal(state, 'in');
	});

	test('W9: an out with nothing open is kept as missing in, 0 h', async () => {
		const anna = await clinic.hire();
		await at('2026-11-03T16:00:00Z', anna);
		const out = await clinic.mark(anna.token, 'out');
		assert.deepEqual([out.status, out.body.effect], [201, 'missing_in']);
		assert.deepEqual(await intervals(anna), []);
		assert.equal((await clinic.me(anna.token)).today.worked_seconds, 0);
	});

	test('the next in after a missing out does not turn the days round', async () => {
		const anna = await clinic.hire();
		for (const day of ['04', '05', '06']) {
			await at(`2026-11-${day}T07:00:00Z`, anna);
			assert.equal((await clinic.scan(anna.token)).body.proposed, 'in');
			await clinic.mark(anna.token, 'in');
			if (day !== '04') {
				await at(`2026-11-${day}T15:00:00Z`, anna);
				await clinic.mark(anna.token, 'out');
			}
		}
		assert.deepEqual((await intervals(anna)).map((i) => [i.state, i.seconds]),
			[['missing_out', null], ['closed', 28800], ['closed', 28800]]);
	});

	test('making the derived rows again from the facts changes nothing', async () => {
		const dump = () => stack.db(`SELECT employee, in_event, out_event, in_at, out_at,
			limit_at, day::text, CASE WHEN state = 'open' AND limit_at < $1
			THEN 'missing_out' ELSE state END AS state
			FROM interval ORDER BY in_event`, [new Date(clock.now())]);
		const meanings = () => stack.db('SELECT * FROM event_meaning ORDER BY event');
		const before_ = [await dump(), await meanings()];
		await stack.tabelctl('rebuild');
		assert.deepEqual([await dump(), await meanings()], before_);
	});

	test('each receipt is a hash over the one before', async () => {
		const anna = await clinic.hire();
		await at('2026-11-09T07:00:00Z', anna);
		const first = (await clinic.mark(anna.token, 'in')).body;
		await at('2026-11-09T15:00:00Z', anna);
		const second = (await clinic.mark(anna.token, 'out')).body;
		const { createHash } = await import('node:crypto');
		const link = (previous, e) => createHash('sha256').update([previous, anna.id, e.kind,
			Date.parse(e.at) / 1000, clinic.branch.id, e.source].join('|')).digest('hex');
		assert.equal(first.receipt, link('', first));
		assert.equal(second.receipt, link(first.receipt, second));
	});
});

describe('place (Q8)', () => {
	const kyiv = { latitude: 50.4501, longitude: 30.5234 };
	const far = { latitude: 50.5, longitude: 30.5234 };

	async function branchWith(more) {
		const branch = await clinic.openBranch(more);
		const tablet = await clinic.hang(branch);
		const anna = await clinic.hire({}, { branch: branch.id });
		return (location) => clinic.scan(anna.token, tablet, location ? { location } : {});
	}

	test('refuse: inside the circle yes, outside no, without location it asks', async () => {
		const scan = await branchWith({ place_rule: 'refuse', radius_m: 200, ...kyiv });
		assert.equal((await scan(kyiv)).status, 201);
		fault(await scan(far), 403, 'PLACE_WRONG');
		fault(await scan(), 422, 'PLACE_REQUIRED');
	});

	test('flag: counts, with a flag that the manager sees', async () => {
		const scan = await branchWith({ place_rule: 'flag', radius_m: 200, ...kyiv });
		assert.equal((await scan(far)).status, 201);
		const [claim] = await stack.db('SELECT flags FROM claim ORDER BY id DESC LIMIT 1');
		assert.deepEqual(claim.flags, ['place']);
	});

	test('a network is proof enough, another one is not', async () => {
		assert.equal((await (await branchWith({ place_rule: 'refuse', networks: ['127.0.0.0/8'] }))()).status, 201);
		fault(await (await branchWith({ place_rule: 'refuse', networks: ['10.0.0.0/8'] }))(), 403, 'PLACE_WRONG');
	});

	test('a client\'s own X-Forwarded-For proves nothing', async () => {
		const branch = await clinic.openBranch({ place_rule: 'refuse', networks: ['10.0.0.0/8'] });
		const tablet = await clinic.hang(branch);
		const anna = await clinic.hire({}, { branch: branch.id });
		fault(await clinic.as(anna.token, 'POST', '/claims', { code: await clinic.code(tablet) },
			{ 'x-forwarded-for': '10.0.0.1', 'x-real-ip': '10.0.0.1' }), 403, 'PLACE_WRONG');
	});

	test('no number gets through: NaN, infinity, text, too far out', async () => {
		const branch = await clinic.openBranch({ place_rule: 'refuse', radius_m: 200, ...kyiv });
		const tablet = await clinic.hang(branch);
		const anna = await clinic.hire({}, { branch: branch.id });
		const code = await clinic.code(tablet);
		for (const latitude of ['NaN', '1e400', '"50.4501"', '91', '-90.0001', 'Infinity']) {
			const answer = await clinic.as(anna.token, 'POST', '/claims',
				`{"code":"${code}","location":{"latitude":${latitude},"longitude":30.5234}}`);
			assert.ok([400, 422].includes(answer.status), `${latitude}: ${answer.status}`);
		}
	});

	test('another branch than one\'s own counts, with a flag', async () => {
		const other = await clinic.openBranch();
		const tablet = await clinic.hang(other);
		const anna = await clinic.hire();
		assert.equal((await clinic.scan(anna.token, tablet)).status, 201);
		const [claim] = await stack.db('SELECT flags FROM claim ORDER BY id DESC LIMIT 1');
		assert.deepEqual(claim.flags, ['other_branch']);
	});
});

describe('who sees what', () => {
	test('lists are whole: pages by the key set, newest first', async () => {
		const anna = await clinic.hire();
		for (let i = 0; i < 7; i++) {
			await at(new Date(Date.UTC(2026, 10, 10, 6 + i)).toISOString(), anna);
			await clinic.mark(anna.token, i % 2 ? 'out' : 'in');
		}
		const seen = [];
		for (let next = ''; next !== null;) {
			const page = await clinic.must(anna.token, 'GET', `/events?limit=3${next && `&after=${next}`}`);
			seen.push(...page.items.map((e) => e.at));
			next = page.next;
		}
		assert.equal(seen.length, 7);
		assert.deepEqual(seen, [...seen].sort().reverse());
		fault(await clinic.as(anna.token, 'GET', '/events?after=999999999'), 422, 'BAD_FIELD', 'after');
	});

	test('days that end before they begin are none', async () => {
		for (const list of ['events', 'corrections', 'absences', 'holidays', 'schedule-exceptions'])
			fault(await clinic.as(clinic.admin, 'GET', `/${list}?from=2026-11-02&to=2026-11-01`), 422, 'BAD_FIELD', 'to');
	});

	test('a manager sees his branches, an employee himself', async () => {
		const other = await clinic.openBranch();
		const tablet = await clinic.hang(other);
		const boss = await clinic.hire({ last_name: 'Начальник' }, { manager_of: [other.id] });
		const [here, there] = [await clinic.hire(), await clinic.hire({}, { branch: other.id })];
		await clinic.mark(here.token, 'in');
		await clinic.mark(there.token, 'in', tablet);
		const employees = async (token, path) =>
			new Set((await clinic.must(token, 'GET', path)).items.map((e) => e.employee));
		assert.deepEqual(await employees(boss.token, '/events'), new Set([there.id]));
		assert.deepEqual(await employees(there.token, '/events'), new Set([there.id]));
		assert.deepEqual(await employees(here.token, `/events?employee=${there.id}`), new Set());
		assert.ok((await employees(boss.token, '/presence')).has(there.id));
		assert.ok(!(await employees(boss.token, '/presence')).has(here.id));
		fault(await clinic.as(here.token, 'GET', '/presence'), 403, 'FORBIDDEN');
	});

	test('a stranger\'s scan is kept as pending', async () => {
		const who = await clinic.stranger();
		assert.equal(who.state, 'unknown');
		const scan = await clinic.scan(who.token);
		assert.deepEqual([scan.status, scan.body.pending], [201, true]);
		fault(await clinic.tap(who.token, scan.body.id, 'in'), 403, 'NOT_CONFIRMED');
		assert.equal((await clinic.me(who.token)).pending.length, 1);
	});
});
