/*
 * Card taps (T4; WORKTIME W1 to W5, W8 to W10), with the programs' clock in
 * our hands and a terminal that loses its network.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fault, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { pairReader } from '../nfc.mjs';

const start = '2026-10-20T06:00:00Z';	/* 09:00 in Kyiv */
let stack, clinic, clock, reader;
let serial = 0;

before(async () => {
	stack = await startStack({ faketime: start, conf: { TOKEN_MINUTES: 1440 }, workers: 4 });
	clock = stack.clock;
	clinic = await openClinic(stack, { time_zone: 'Europe/Kyiv' });
	reader = await hangReader();
});
after(() => stack?.stop());

async function hangReader(branch = clinic.branch) {
	const terminal = await clinic.must(clinic.admin, 'POST', '/terminals',
		{ name: `Считыватель ${++serial}`, branch: branch.id, kind: 'nfc' });
	const { pairing_code } = await clinic.must(clinic.admin, 'POST', `/terminals/${terminal.id}/pairing`);
	return Object.assign(await pairReader(stack.api, pairing_code, clock), { terminal });
}
const newUid = () => (0x04A2000000 + ++serial).toString(16).toUpperCase().padStart(10, '0');
/* Somebody with a card, and nobody's telegram. */
async function hire(more = {}) {
	const uid = newUid();
	const employee = await clinic.must(clinic.admin, 'POST', '/employees', { first_name: 'Анна', last_name: 'Котова',
		branch: clinic.branch.id, position: clinic.position.id, hired_on: '2020-01-01', card_uid: uid, ...more });
	return { ...employee, uid };
}
async function at(instant) {
	await clock.set(instant);
	clinic.admin = (await stack.signIn()).token;
}
const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('.000', '');
const epoch = (text) => Date.parse(text) / 1000;

const eventsOf = (employee) => stack.db(`SELECT v.id, v.at, v.kind AS given, m.kind, m.effect, v.source, v.flags
	FROM event v JOIN event_meaning m ON m.event = v.id WHERE employee = $1 ORDER BY at, id`, [employee.id]);
const intervalsOf = async (employee) => (await stack.db(`SELECT in_at, out_at, state FROM interval
	WHERE employee = $1 ORDER BY in_at`, [employee.id])).map((i) =>
	[i.in_at.toISOString().slice(11, 19), i.out_at?.toISOString().slice(11, 19) ?? null, i.state]);

/* Posts a list; [state, kind or reason, time of the event] of each. */
async function post(taps, by = reader) {
	const { status, body } = await by.post({ taps });
	assert.ok(status < 300, JSON.stringify(body));
	assert.deepEqual(body.items.map((x) => x.id), taps.map((x) => x.id));
	return body.items;
}
const tap = (person, when, more = {}) => ({ id: `t${++serial}`, uid: person.uid, at: when, ...more });
const daysOf = (employee) => stack.db(`SELECT day::text, worked_seconds, planned_seconds, late_seconds,
	early_seconds, night_seconds, overtime_seconds, missing_in, missing_out FROM workday
	WHERE employee = $1 AND worked_seconds + planned_seconds + missing_in + missing_out > 0 ORDER BY day`, [employee.id]);
const refusedBy = async (uid) => (await clinic.must(clinic.admin, 'GET', '/taps/refused?limit=200')).items
	.filter((x) => x.uid === uid);

describe('a tap', () => {
	test('is an event at once: in, then out', async () => {
		const anna = await hire();
		await at('2026-10-20T06:00:00Z');
		const first = await reader.post({ id: 'a1', uid: anna.uid });
		assert.equal(first.status, 201, JSON.stringify(first.body));
		assert.deepEqual({ ...first.body, event: 0 }, { id: 'a1', state: 'accepted', reason: null, event: 0,
			at: '2026-10-20T06:00:00Z', kind: 'in', time_zone: 'Europe/Kyiv', name: 'Анна К.' });
		await at('2026-10-20T15:00:00Z');
		const second = await reader.post({ id: 'a2', uid: anna.uid });
		assert.deepEqual([second.status, second.body.kind], [201, 'out']);
		assert.deepEqual((await eventsOf(anna)).map((e) => [e.given, e.kind, e.source]),
			[[null, 'in', 'nfc'], [null, 'out', 'nfc']]);
		assert.deepEqual(await intervalsOf(anna), [['06:00:00', '15:00:00', 'closed']]);
		const [{ last_seen_at }] = await stack.db('SELECT last_seen_at FROM terminal WHERE id = $1', [reader.terminal.id]);
		assert.equal(last_seen_at.toISOString(), '2026-10-20T15:00:00.000Z');
	});

	test('is of its card in whatever way that is written', async () => {
		const anna = await hire();
		await at('2026-10-20T06:00:00Z');
		const pairs = anna.uid.match(/../g);
		const ways = [anna.uid, anna.uid.toLowerCase(), pairs.join(':'), pairs.join('-').toLowerCase(), ` ${pairs.join(' ')} `];
		const told = await post(ways.map((uid, i) => ({ id: `way${i}`, uid, at: '2026-10-20T05:59:30Z' })));
		assert.deepEqual(told.map((x) => x.state), ['accepted', ...Array(4).fill('repeated')]);
		assert.equal(new Set(told.map((x) => x.event)).size, 1);
	});

	test('that names no card is refused and kept', async () => {
		for (const uid of ['xyz', '04A2B3', '04A2B3C', '04A2B3C4D5E6F708090A0B', '04_A2_B3_C4', '0x04A2B3C4']) {
			const { body } = fault(await reader.post({ id: `bad ${uid}`, uid }), 422, 'CARD_UID_WRONG');
			assert.deepEqual(body.errors.map((e) => e.field), ['uid']);
			fault(await reader.post({ id: `bad ${uid}`, uid }), 422, 'CARD_UID_WRONG');
			assert.deepEqual((await refusedBy(uid)).map((x) => x.reason), ['CARD_UID_WRONG']);
		}
	});

	/* W4: from 18 h back to 10 min ahead, inclusive; more than a minute off is offline. */
	const now = epoch('2026-10-21T12:00:00Z');
	for (const [offset, source] of [[-18 * 3600, 'offline'], [-18 * 3600 - 1, 'TAP_TOO_OLD'], [-61, 'offline'], [-60, 'nfc'],
		[0, 'nfc'], [0.9, 'nfc'], [60, 'nfc'], [61, 'offline'], [600, 'offline'], [600.9, 'offline'], [601, 'TAP_TOO_EARLY'],
		[-86400 * 365 * 50, 'TAP_TOO_OLD'], [86400 * 365 * 900, 'TAP_TOO_EARLY']])
		test(`W1 W4: of ${offset} s is ${source}`, async () => {
			const anna = await hire();
			await at(iso(now));
			const one = tap(anna, new Date((now + offset) * 1000).toISOString());
			const answer = await reader.post(one);
			const events = await eventsOf(anna);
			if (source.startsWith('TAP_')) {
				fault(answer, 422, source);
				fault(await reader.post(one), 422, source);
				const [kept, ...more] = await refusedBy(anna.uid);
				assert.deepEqual([kept.reason, kept.employee, kept.name, kept.at, more.length],
					[source, anna.id, 'Котова Анна', iso(Math.floor(now + offset)), 0]);
				assert.deepEqual(events, []);
				return;
			}
			assert.equal(answer.status, 201, JSON.stringify(answer.body));
			assert.equal(answer.body.at, iso(Math.floor(now + offset)));
			assert.deepEqual(events.map((e) => [epoch(e.at.toISOString()), e.source]), [[Math.floor(now + offset), source]]);
		});

	test('of somebody inactive is refused and kept', async () => {
		const anna = await hire();
		await at('2026-10-21T06:00:00Z');
		await reader.post(tap(anna));
		await clinic.must(clinic.admin, 'DELETE', `/employees/${anna.id}`);
		fault(await reader.post(tap(anna)), 403, 'PERSON_INACTIVE');
		assert.deepEqual((await refusedBy(anna.uid)).map((x) => x.reason), ['PERSON_INACTIVE']);
		assert.equal((await eventsOf(anna)).length, 1);
	});

	test('of before somebody left counts, however late it comes', async () => {
		const boris = await hire();
		await at('2026-10-21T12:00:00Z');
		await clinic.must(clinic.admin, 'POST', '/events/manual', { employee: boris.id, at: '2026-10-20T06:00:00Z',
			until: '2026-10-20T15:00:00Z', kind: 'in', reason: 'x' });
		await clinic.must(clinic.admin, 'DELETE', `/employees/${boris.id}`);
		await at('2026-10-21T14:00:00Z');
		const told = await post(['05:00:00', '11:59:59', '12:00:00', '13:00:00'].map((time) =>
			tap(boris, `2026-10-21T${time}Z`)));
		assert.deepEqual(told.map((x) => x.kind ?? x.reason), ['in', 'out', 'PERSON_INACTIVE', 'PERSON_INACTIVE']);
		assert.deepEqual((await intervalsOf(boris)).at(-1), ['05:00:00', '11:59:59', 'closed']);
		/* What was open when he left is lost (W7). */
		const vera = await hire();
		await at('2026-10-22T06:00:00Z');
		await reader.post(tap(vera));
		await clinic.must(clinic.admin, 'DELETE', `/employees/${vera.id}`);
		await at('2026-10-22T07:00:00Z');
		await post([tap(vera, '2026-10-22T03:00:00Z'), tap(vera, '2026-10-22T05:00:00Z')]);
		assert.deepEqual(await intervalsOf(vera), [['03:00:00', '05:00:00', 'closed'], ['06:00:00', null, 'missing_out']]);
	});

	test('belongs to terminals for cards', async () => {
		const anna = await hire();
		fault(await stack.api('POST', '/events/nfc', { token: clinic.tablet.key, body: tap(anna) }), 403, 'FORBIDDEN');
		fault(await stack.api('POST', '/events/nfc', { token: clinic.admin, body: tap(anna) }), 403, 'FORBIDDEN');
		const gone = await hangReader();
		await clinic.must(clinic.admin, 'POST', `/terminals/${gone.terminal.id}/revoke`);
		fault(await gone.post(tap(anna)), 401, 'TERMINAL_REVOKED');
		assert.deepEqual(await eventsOf(anna), []);
	});

	test('elsewhere has a flag; the branch and its zone stay those of then', async () => {
		const anna = await hire();
		const far = await clinic.openBranch({ time_zone: 'Asia/Almaty' });
		const there = await hangReader(far);
		await at('2026-10-21T06:00:00Z');
		assert.equal((await there.post(tap(anna))).body.time_zone, 'Asia/Almaty');
		await clinic.must(clinic.admin, 'PUT', `/branches/${far.id}`, { name: far.name, time_zone: 'UTC' });
		const [event] = await stack.db('SELECT time_zone, branch, flags FROM event WHERE employee = $1', [anna.id]);
		assert.deepEqual(event, { time_zone: 'Asia/Almaty', branch: far.id, flags: ['other_branch'] });
	});

	test('and its receipt are in the chain', async () => {
		const anna = await hire();
		await at('2026-10-22T18:00:00Z');
		await post(['08:00', '12:00', '13:00'].map((time) => tap(anna, `2026-10-22T${time}:00Z`)));
		await reader.post(tap(anna));
		const { createHash } = await import('node:crypto');
		let before = '';
		const rows = await stack.db('SELECT * FROM event WHERE employee = $1 ORDER BY id', [anna.id]);
		assert.equal(rows.length, 4);
		for (const e of rows) {
			const text = [before, e.employee, e.kind ?? 'none', e.at.getTime() / 1000, e.branch, e.source].join('|');
			assert.equal(e.receipt, before = createHash('sha256').update(text).digest('hex'));
		}
	});
});

describe('a reader whose clock is wrong', () => {
	const offset = async (by) => (await clinic.must(clinic.admin, 'GET', `/terminals/${by.terminal.id}`)).clock_offset_ms;

	test('is seen by an admin, who reads by how much', async () => {
		await at('2026-11-20T06:00:00Z');
		const mine = await hangReader(), { uid } = await hire();
		const says = (by_its_clock) => stack.api('POST', '/events/nfc', { token: mine.key,
			body: { taps: [{ id: `o${++serial}`, uid, at: by_its_clock }], now: by_its_clock } });
		assert.equal(await offset(mine), null);
		assert.equal((await says('2026-11-20T08:00:05Z')).body.items[0].reason, 'TAP_TOO_EARLY');
		assert.equal(await offset(mine), 7205000);
		assert.equal((await says('2026-11-20T05:59:58.7+00:00')).body.items[0].state, 'accepted');
		assert.equal(await offset(mine), -2000);
		await says('1970-01-01T00:00:00Z');
		assert.equal(await offset(mine), -2147483647, 'as far as the column goes');
	});

	test('need not say what it shows, but no nonsense', async () => {
		const mine = await hangReader(), { uid } = await hire();
		assert.equal((await stack.api('POST', '/events/nfc', { token: mine.key, body: { id: 'x1', uid } })).status, 201);
		assert.equal(await offset(mine), null);
		const answer = await stack.api('POST', '/events/nfc', { token: mine.key, body: { id: 'x2', uid, now: 'noon' } });
		fault(answer, 422, 'BAD_FIELD', 'now');
	});
});

describe('the same id again', () => {
	test('is answered the same and makes nothing', async () => {
		const anna = await hire();
		const late = { ...await hire(), uid: newUid() };	/* nobody's card */
		await at('2026-10-22T06:00:00Z');
		const taps = [tap(anna, '2026-10-22T05:00:00Z'), tap(anna, '2026-10-22T05:02:00Z'), tap(late, '2026-10-22T05:00:00Z'),
			tap(anna, '2026-10-20T05:00:00Z')];
		const told = await post(taps);
		assert.deepEqual(told.map((x) => [x.state, x.kind, x.reason]), [['accepted', 'in', null], ['repeated', 'in', null],
			['unknown', null, null], ['refused', null, 'TAP_TOO_OLD']]);
		await at('2026-10-22T20:00:00Z');
		assert.deepEqual(await post(taps), told);
		assert.deepEqual(await post([...taps].reverse()), [...told].reverse());
		const alone = await reader.post(taps[0]);
		assert.deepEqual([alone.status, alone.body], [200, told[0]]);
		assert.deepEqual((await reader.post(taps[2])).body, told[2]);
		assert.equal((await eventsOf(anna)).length, 1);
		assert.equal((await refusedBy(anna.uid)).length, 1);
	});

	test('twice in one batch, and forty times at once', async () => {
		const anna = await hire();
		await at('2026-10-22T06:00:00Z');
		const one = tap(anna);
		const told = await Promise.all(Array.from({ length: 40 }, (_, i) =>
			i % 2 ? reader.post(one) : reader.post({ taps: [one, one] })));
		const bodies = told.flatMap((x) => x.body.items ?? [x.body]);
		assert.deepEqual(new Set(bodies.map((x) => JSON.stringify(x))).size, 1, JSON.stringify(bodies.slice(0, 3)));
		assert.equal(told.filter((x) => x.status === 201).length, 1);
		assert.equal((await eventsOf(anna)).length, 1);
	});

	test('with other content is refused', async () => {
		const anna = await hire(), boris = await hire();
		await at('2026-10-22T06:00:00Z');
		const one = tap(anna, '2026-10-22T05:30:00Z');
		await reader.post(one);
		for (const other of [{ uid: boris.uid }, { kind: 'in' }, { at: '2026-10-22T05:30:01Z' }, { at: undefined }]) {
			fault(await reader.post({ ...one, ...other }), 409, 'TAP_NUMBER_TAKEN');
			const [told] = await post([{ ...one, ...other }]);
			assert.deepEqual([told.state, told.reason, told.event, told.at], ['refused', 'TAP_NUMBER_TAKEN', null,
				'at' in other ? other.at ?? '2026-10-22T06:00:00Z' : one.at]);
		}
		assert.equal((await reader.post({ ...one, uid: anna.uid.toLowerCase() })).status, 200);
		assert.deepEqual([(await eventsOf(anna)).length, (await eventsOf(boris)).length], [1, 0]);
		/* Another terminal counts for itself. */
		const second = await hangReader();
		assert.equal((await second.post({ ...one, uid: boris.uid })).status, 201);
	});
});

describe('what it means', () => {
	test('W3: a kindless tap within 5 minutes is the same event', async () => {
		const anna = await hire(), second = await hangReader();
		await at('2026-10-23T05:00:00Z');
		const first = (await reader.post(tap(anna))).body;
		for (const [when, by] of [['05:00:10', reader], ['05:04:00', second], ['05:05:00', reader]]) {
			await at(`2026-10-23T${when}Z`);
			const again = await by.post(tap(anna));
			assert.deepEqual([again.status, again.body.state, again.body.event, again.body.at],
				[200, 'repeated', first.event, first.at]);
		}
		assert.equal((await eventsOf(anna)).length, 1);
		await at('2026-10-23T05:05:01Z');
		assert.equal((await reader.post(tap(anna))).body.kind, 'out');
	});

	test('W3 W5 W9: given kinds', async () => {
		const anna = await hire();
		await at('2026-10-23T20:00:00Z');
		const told = await post([['05:00:00', 'in'], ['05:01:00', 'in'], ['05:01:01', 'in'], ['05:02:00', 'out'],
			['05:03:00', 'out'], ['05:03:01', 'out'], ['05:03:02', 'in']].map(([time, kind]) =>
			tap(anna, `2026-10-23T${time}Z`, { kind })));
		assert.deepEqual(told.map((x) => [x.state, x.kind, x.at.slice(11, 19)]), [
			['accepted', 'in', '05:00:00'],
			['repeated', 'in', '05:00:00'],		/* W3, 60 s inclusive */
			['repeated', 'in', '05:00:00'],		/* W5: kept, marked, answered with what is open */
			['accepted', 'out', '05:02:00'],
			['repeated', 'out', '05:02:00'],
			['accepted', 'out', '05:03:01'],	/* W9 */
			['accepted', 'in', '05:03:02']]);
		assert.deepEqual((await eventsOf(anna)).map((e) => e.effect), ['opens', 'redundant', 'closes', 'missing_in', 'opens']);
		assert.deepEqual(await intervalsOf(anna), [['05:00:00', '05:02:00', 'closed'], ['05:03:02', null, 'open']]);
	});

	test('W8: back from lunch it is an in, and at the end an out', async () => {
		const anna = await hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'weekly', valid_from: '2026-10-01',
			shifts: [0, 1, 2, 3, 4].flatMap((d) => [`${d} 09:00-13:00`, `${d} 14:00-18:00`]) });
		await at('2026-10-23T16:00:00Z');
		const told = await post(['05:58', '10:02', '10:20', '14:55'].map((time) => tap(anna, `2026-10-23T${time}:00Z`)));
		assert.deepEqual(told.map((x) => x.kind), ['in', 'out', 'in', 'out']);
		const boris = await hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: boris.id, kind: 'weekly', valid_from: '2026-10-01',
			shifts: [0, 1, 2, 3, 4].map((d) => `${d} 09:00-18:00`) });
		assert.deepEqual((await post([tap(boris, '2026-10-23T15:10:00Z')])).map((x) => x.kind), ['out']);
		assert.deepEqual((await eventsOf(boris)).map((e) => e.effect), ['missing_in']);
	});

	test('W10: one that comes late is worked in, and a repeat may turn out to be none', async () => {
		const anna = await hire();
		await at('2026-10-24T06:00:00Z');
		const four = await reader.post(tap(anna, '2026-10-24T05:04:00Z'));
		const eight = tap(anna, '2026-10-24T05:08:00Z');
		assert.equal((await reader.post(eight)).body.state, 'repeated');
		assert.deepEqual(await intervalsOf(anna), [['05:04:00', null, 'open']]);
		assert.equal((await reader.post(tap(anna, '2026-10-24T05:00:00Z'))).body.kind, 'in');
		assert.deepEqual(await intervalsOf(anna), [['05:00:00', '05:08:00', 'closed']]);
		assert.deepEqual((await reader.post(eight)).body.kind, 'out');
		const [first] = (await eventsOf(anna)).filter((e) => e.id === four.body.event);
		assert.equal(first.effect, 'repeat');
	});

	test('W2 W3: a repeat of an event that is corrected is no new event', async () => {
		const anna = await hire();
		const boss = await clinic.hire({}, { manager_of: [clinic.branch.id] });
		await at('2026-10-24T15:00:00Z');
		boss.token = (await stack.signIn({ id: boss.telegram_id })).token;
		const [first, again] = await post(['05:00', '05:02', '14:00'].map((time) => tap(anna, `2026-10-24T${time}:00Z`)));
		assert.deepEqual([first.kind, again.state], ['in', 'repeated']);
		const { id } = await clinic.must(boss.token, 'POST', '/corrections',
			{ action: 'change', employee: anna.id, event: first.event, at: '2026-10-24T04:30:00Z', reason: 'Пришла раньше.' });
		await clinic.must(clinic.admin, 'POST', `/corrections/${id}/approve`, { confirm: true });
		assert.deepEqual(await intervalsOf(anna), [['04:30:00', '14:00:00', 'closed']]);
	});

	test('W3: what comes after an event was voided repeats nothing', async () => {
		const anna = await hire();
		const boss = await clinic.hire({}, { manager_of: [clinic.branch.id] });
		await at('2026-10-24T15:00:00Z');
		boss.token = (await stack.signIn({ id: boss.telegram_id })).token;
		const [first] = await post([tap(anna, '2026-10-24T05:00:00Z'), tap(anna, '2026-10-24T14:00:00Z')]);
		const { id } = await clinic.must(boss.token, 'POST', '/corrections',
			{ action: 'void', employee: anna.id, event: first.event, reason: 'Чужая карта' });
		await clinic.must(clinic.admin, 'POST', `/corrections/${id}/approve`, { confirm: true });
		assert.deepEqual(await intervalsOf(anna), [['14:00:00', null, 'open']]);
		await at('2026-10-24T15:30:00Z');
		assert.deepEqual((await post([tap(anna, '2026-10-24T05:04:00Z')])).map((x) => [x.state, x.kind]), [['accepted', 'in']]);
		assert.deepEqual(await intervalsOf(anna), [['05:04:00', '14:00:00', 'closed']]);
	});

	test('Q10: the branch is told of it as of a scan', async () => {
		const branch = await clinic.openBranch({ time_zone: 'Europe/Kyiv', notice: 'irregular', notice_chat: -77 });
		const [anna, boris] = [await hire({ branch: branch.id }), await hire({ branch: branch.id })], there = await hangReader(branch);
		for (const { id } of [anna, boris])
			await clinic.must(clinic.admin, 'POST', '/schedules', { employee: id, kind: 'weekly', valid_from: '2026-10-01',
				shifts: [0, 1, 2, 3, 4].map((d) => `${d} 09:00-18:00`) });
		await at('2026-10-23T06:20:00Z');
		await post([tap(anna), tap(boris, '2026-10-23T05:55:00Z')], there);	/* 09:20 and 08:55 */
		const told = await stack.db('SELECT key, params FROM notification WHERE chat = -77');
		assert.deepEqual(told.map((n) => [n.key, n.params.minutes, n.params.time]), [['notice.late', 20, '09:20']]);
		await there.post(tap(await hire()));	/* from elsewhere: has a flag */
		assert.equal((await stack.db('SELECT key FROM notification WHERE chat = -77')).length, 2);
	});

	test('W6 W12: over the night in which the clocks change', async () => {
		const anna = await hire();
		await at('2026-10-25T07:00:00Z');
		await post([tap(anna, '2026-10-25T06:00:00Z'), tap(anna, '2026-10-24T17:00:00Z')]);	/* 20:00 to 08:00 */
		assert.deepEqual((await daysOf(anna)).map((d) => [d.day, d.worked_seconds, d.night_seconds]),
			[['2026-10-24', 13 * 3600, 9 * 3600]]);
	});

	test('an open interval that began in the future counts nothing yet', async () => {
		const anna = await hire();
		await at('2026-10-26T06:00:00Z');
		await reader.post(tap(anna, '2026-10-26T06:10:00Z'));
		const { items } = await clinic.must(clinic.admin, 'GET', '/presence');
		const her = items.find((x) => x.employee === anna.id);
		assert.deepEqual([her.state, her.running_seconds, her.worked_seconds], ['in', 0, 0]);
	});
});

describe('an unknown card', () => {
	const unknown = async (uid) => (await clinic.must(clinic.admin, 'GET', '/cards/unknown?limit=200')).items
		.find((x) => x.uid === uid);
	const assign = (uid, employee) => clinic.as(clinic.admin, 'POST', `/cards/unknown/${uid}/assign`, { employee });

	test('is kept, and counts when it is given to somebody', async () => {
		const anna = await hire({ card_uid: null }), uid = newUid(), second = await hangReader();
		await at('2026-10-27T06:00:00Z');
		assert.deepEqual((await reader.post({ id: `t${++serial}`, uid })).body.state, 'unknown');
		await at('2026-10-27T15:00:00Z');
		const last = { id: `t${++serial}`, uid };
		const answer = await second.post(last);
		assert.deepEqual([answer.status, answer.body.state, answer.body.event], [200, 'unknown', null]);
		const card = await unknown(uid);
		assert.deepEqual({ ...card, terminal: 0 }, { uid, first_at: '2026-10-27T06:00:00Z', last_at: '2026-10-27T15:00:00Z',
			taps: 2, terminal: 0, terminal_name: second.terminal.name, branch_name: clinic.branch.name,
			time_zone: 'Europe/Kyiv' });

		/* Weeks later: they are of their time, not of now. */
		await at('2026-11-18T06:00:00Z');
		const given = await assign(uid.match(/../g).join(':').toLowerCase(), anna.id);
		assert.deepEqual([given.status, given.body], [200, { uid, employee: anna.id, name: 'Котова Анна', taps: 2, events: 2,
			refused: 0 }]);
		assert.deepEqual(await intervalsOf(anna), [['06:00:00', '15:00:00', 'closed']]);
		assert.deepEqual((await daysOf(anna)).map((d) => [d.day, d.worked_seconds]), [['2026-10-27', 9 * 3600]]);
		assert.equal(await unknown(uid), undefined);
		assert.deepEqual([(await second.post(last)).body.state, (await second.post(last)).body.kind], ['accepted', 'out']);
		assert.equal((await clinic.must(clinic.admin, 'GET', `/employees/${anna.id}`)).card_uid, uid);
		assert.equal((await reader.post({ id: `t${++serial}`, uid })).body.kind, 'in');
		const log = await stack.db(`SELECT actor, entity, new FROM audit WHERE (entity = 'employee' AND entity_id = $1
			AND action = 'update') OR (entity = 'tap' AND new ->> 'employee' = $1) ORDER BY id`, [String(anna.id)]);
		assert.deepEqual(log.map((x) => x.entity), ['employee', 'tap', 'tap']);
		assert.ok(log.every((x) => /^person:/.test(x.actor)));
		fault(await assign(uid, anna.id), 404, 'NOT_FOUND');
	});

	test('is not given to nobody, to somebody inactive, or away from another', async () => {
		const anna = await hire(), uid = newUid();
		await at('2026-11-18T06:00:00Z');
		await reader.post({ id: `t${++serial}`, uid });
		fault(await assign(uid, 999999), 422, 'BAD_FIELD');
		await clinic.must(clinic.admin, 'DELETE', `/employees/${anna.id}`);
		const gone = await hire();
		await reader.post(tap(gone));
		await clinic.must(clinic.admin, 'DELETE', `/employees/${gone.id}`);
		fault(await assign(uid, gone.id), 422, 'BAD_FIELD');
		fault(await assign(newUid(), gone.id), 404, 'NOT_FOUND');
		fault(await assign('no-card', gone.id), 404, 'NOT_FOUND');
		assert.equal((await unknown(uid)).taps, 1);

		/* Somebody has got it in another way. */
		const boris = await hire(), vera = await hire();
		await stack.db('UPDATE employee SET card_uid = $1 WHERE id = $2', [uid, boris.id]);
		fault(await assign(uid, vera.id), 409, 'CARD_UID_TAKEN');
		assert.equal((await assign(uid, boris.id)).body.events, 1);
	});

	test('is also somebody\'s when it is written on his record', async () => {
		const uid = newUid();
		await at('2026-11-18T06:00:00Z');
		await reader.post({ id: `t${++serial}`, uid });
		const anna = await hire({ card_uid: uid.toLowerCase() });
		assert.equal((await eventsOf(anna)).length, 1);
		const other = newUid();
		await at('2026-11-18T15:00:00Z');
		await reader.post({ id: `t${++serial}`, uid: other });
		await clinic.must(clinic.admin, 'PUT', `/employees/${anna.id}`, { first_name: 'Анна', last_name: 'Котова',
			branch: clinic.branch.id, position: clinic.position.id, card_uid: other });
		assert.deepEqual(await intervalsOf(anna), [['06:00:00', '15:00:00', 'closed']]);
		assert.equal((await reader.post({ id: `t${++serial}`, uid })).body.state, 'unknown');
	});

	test('that had somebody else meanwhile: a late tap is of whoever had it then', async () => {
		const [anna, boris, vera] = [await hire(), await hire({ card_uid: null }), await hire({ card_uid: null })];
		/* The log has the time of the database, which does not follow ours. */
		const give = async (person, card_uid, when) => {
			await clinic.must(clinic.admin, 'PUT', `/employees/${person.id}`, { first_name: 'Анна', last_name: 'Котова',
				branch: clinic.branch.id, position: clinic.position.id, card_uid });
			await stack.db(`UPDATE audit SET at = $1 WHERE id = (SELECT max(id) FROM audit
				WHERE entity = 'employee' AND entity_id = $2)`, [when, String(person.id)]);
		};
		await stack.db("UPDATE audit SET at = '2026-10-01' WHERE entity = 'employee' AND entity_id = $1", [String(anna.id)]);
		await at('2026-11-18T20:00:00Z');
		await give(anna, null, '2026-11-18T10:00:00.4Z');
		await give(boris, anna.uid, '2026-11-18T10:00:00.5Z');
		const told = await post(['06:00:00', '09:59:59', '10:00:00', '19:00:00'].map((time) =>
			tap(anna, `2026-11-18T${time}Z`)));
		assert.deepEqual(told.map((x) => [x.state, x.kind]), [['accepted', 'in'], ['accepted', 'out'], ['accepted', 'in'], ['accepted', 'out']]);
		assert.deepEqual(await intervalsOf(anna), [['06:00:00', '09:59:59', 'closed']]);
		assert.deepEqual(await intervalsOf(boris), [['10:00:00', '19:00:00', 'closed']]);

		/* Given to the wrong person for a moment, it was not his before. */
		const uid = newUid();
		await give(boris, uid, '2026-11-18T19:10:00Z');
		await give(boris, null, '2026-11-18T19:11:00Z');
		await give(vera, uid, '2026-11-18T19:11:00Z');
		await post([tap({ uid }, '2026-11-18T12:00:00Z')]);
		assert.deepEqual((await intervalsOf(vera)).map(([from]) => from), ['12:00:00']);
	});

	test('of which the taps are forgotten comes back with its next one', async () => {
		const uid = newUid(), anna = await hire();
		await at('2026-11-18T06:00:00Z');
		const one = { id: `t${++serial}`, uid };
		const told = (await reader.post(one)).body;
		const dismiss = () => clinic.as(clinic.admin, 'POST', `/cards/unknown/${uid}/dismiss`);
		assert.equal((await dismiss()).status, 204);
		fault(await dismiss(), 404, 'NOT_FOUND');
		assert.equal(await unknown(uid), undefined);
		assert.deepEqual((await reader.post(one)).body, told);
		assert.equal(await unknown(uid), undefined);
		await reader.post({ id: `t${++serial}`, uid });
		assert.equal((await unknown(uid)).taps, 1);
		assert.equal((await assign(uid, anna.id)).body.events, 1);
	});

	test('given away while it is held to terminals loses no tap', async () => {
		const anna = await hire({ card_uid: null }), uid = newUid();
		await at('2026-11-18T06:00:00Z');
		await reader.post({ id: `t${++serial}`, uid, at: '2026-11-18T00:00:00Z' });
		const more = Array.from({ length: 12 }, (_, i) => ({ id: `t${++serial}`, uid,
			at: iso(epoch('2026-11-18T00:00:00Z') + (i + 1) * 1200) }));
		const [given, ...told] = await Promise.all([assign(uid, anna.id), ...more.map((one) => reader.post(one))]);
		assert.equal(given.status, 200, JSON.stringify(given.body));
		assert.ok(told.every((x) => x.status < 300), JSON.stringify(told.map((x) => x.body)));
		assert.equal((await eventsOf(anna)).length, 13);
		assert.equal(await unknown(uid), undefined);
		assert.equal((await intervalsOf(anna)).filter(([, , state]) => state === 'closed').length, 6);
	});

	test('pages go on where they ended, the last seen first', async () => {
		const uids = [newUid(), newUid(), newUid()];
		for (const [i, uid] of uids.entries()) {
			await at(`2026-11-19T06:0${i}:00Z`);
			await reader.post({ id: `t${++serial}`, uid });
		}
		const one = await clinic.must(clinic.admin, 'GET', '/cards/unknown?limit=2');
		assert.deepEqual([one.items.map((x) => x.uid), one.next], [[uids[2], uids[1]], uids[1]]);
		const two = await clinic.must(clinic.admin, 'GET', `/cards/unknown?limit=1&after=${one.next}`);
		assert.equal(two.items[0].uid, uids[0]);
		const { unknown_cards } = await clinic.must(clinic.admin, 'GET', '/taps/waiting');
		assert.ok(unknown_cards >= 3);
		/* A tap of the first that was refused, of another year, does not lead back to the beginning. */
		await post([tap({ uid: uids[2] }, '2030-01-01T00:00:00Z')]);
		const three = await clinic.must(clinic.admin, 'GET', `/cards/unknown?limit=2&after=${uids[2]}`);
		assert.deepEqual(three.items.map((x) => x.uid), [uids[1], uids[0]]);
		/* Nor does one that is somebody's by now; one that never was is not the end of the list. */
		await assign(uids[1], (await hire({ card_uid: null })).id);
		const four = await clinic.must(clinic.admin, 'GET', `/cards/unknown?limit=1&after=${uids[1]}`);
		assert.equal(four.items[0].uid, uids[0]);
		fault(await clinic.as(clinic.admin, 'GET', `/cards/unknown?after=${newUid()}`), 422, 'BAD_FIELD', 'after');
	});
});

describe('refused taps', () => {
	test('are told of until somebody has seen them', async () => {
		const anna = await hire();
		await at('2026-11-19T06:00:00Z');
		const before = (await clinic.must(clinic.admin, 'GET', '/taps/waiting')).refused_taps;
		await post([1, 2, 3].map((n) => tap(anna, `2026-11-1${n}T06:00:00Z`)));
		assert.equal((await clinic.must(clinic.admin, 'GET', '/taps/waiting')).refused_taps, before + 3);
		const kept = await refusedBy(anna.uid);
		assert.deepEqual(kept.map((x) => [x.at.slice(8, 10), x.terminal_name, x.received_at, x.reason]), ['13', '12', '11']
			.map((day) => [day, reader.terminal.name, '2026-11-19T06:00:00Z', 'TAP_TOO_OLD']));
		const page = await clinic.must(clinic.admin, 'GET', `/taps/refused?limit=1&after=${kept[0].id}`);
		assert.deepEqual([page.items[0].id, page.next], [kept[1].id, kept[1].id]);
		const dismiss = () => clinic.must(clinic.admin, 'POST', '/taps/refused/dismiss',
			{ taps: [kept[0].id, kept[2].id, 999999] });
		assert.deepEqual(await dismiss(), { dismissed: 2 });
		assert.deepEqual(await dismiss(), { dismissed: 0 });
		assert.deepEqual((await refusedBy(anna.uid)).map((x) => x.id), [kept[1].id]);
		/* Sent again it is what it was. */
		const log = await stack.db(`SELECT actor FROM audit WHERE entity = 'tap' AND entity_id = $1`, [String(kept[0].id)]);
		assert.equal(log.length, 1);
	});

	test('what the database refuses is refused alone, with its reason', async () => {
		const anna = await hire(), boris = await hire();
		await at('2026-11-19T18:00:00Z');
		await stack.db(`CREATE FUNCTION no_noon() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF NEW.at = '2026-11-19T10:00:00Z' THEN
				RAISE EXCEPTION 'noon' USING ERRCODE = 'check_violation', CONSTRAINT = 'conflict';
			END IF; RETURN NEW; END $$`);
		await stack.db('CREATE TRIGGER no_noon BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION no_noon()');
		try {
			const taps = [tap(anna, '2026-11-19T06:00:00Z'), tap(anna, '2026-11-19T10:00:00Z'), tap(boris, '2026-11-19T06:00:00Z'),
				tap(boris, '2026-11-19T10:00:00Z'), tap(anna, '2026-11-19T15:00:00Z')];
			const told = await post(taps);
			assert.deepEqual(told.map((x) => [x.state, x.kind ?? x.reason]), [['accepted', 'in'], ['refused', 'CONFLICT'],
				['accepted', 'in'], ['refused', 'CONFLICT'], ['accepted', 'out']]);
			assert.deepEqual(await post(taps), told);
			assert.deepEqual(await intervalsOf(anna), [['06:00:00', '15:00:00', 'closed']]);
			assert.deepEqual((await refusedBy(boris.uid)).map((x) => [x.reason, x.employee]), [['CONFLICT', boris.id]]);
		} finally {
			await stack.db('DROP FUNCTION no_noon CASCADE');
		}
	});
});

describe('many', () => {
	test('hours offline, then all at once, and again', async () => {
		const [anna, boris] = [await hire(), await hire()], away = await hangReader();
		await at('2026-11-20T05:55:00Z');
		assert.equal((await away.tap(anna.uid)).kind, 'in');
		away.online = false;
		for (const [when, person] of [['06:00', boris], ['10:00', anna], ['10:30', anna], ['15:00', boris], ['15:05', anna]]) {
			await at(`2026-11-20T${when}:00Z`);
			assert.equal(await away.tap(person.uid), undefined);
		}
		const kept = [...away.kept];
		await at('2026-11-20T16:00:00Z');
		away.online = true;
		const told = await away.flush();
		assert.deepEqual(told.map((x) => x.kind), ['in', 'out', 'in', 'out', 'out']);
		/* The answer was lost on the way. */
		away.kept = kept.reverse();
		assert.deepEqual((await away.flush()).reverse(), told);
		assert.deepEqual((await eventsOf(anna)).map((e) => e.source), ['nfc', 'offline', 'offline', 'offline']);
		assert.deepEqual(await intervalsOf(anna), [['05:55:00', '10:00:00', 'closed'], ['10:30:00', '15:05:00', 'closed']]);
		assert.deepEqual(await intervalsOf(boris), [['06:00:00', '15:00:00', 'closed']]);
	});

	test('from two terminals at once, of the same people, each once', async () => {
		const people = await Promise.all(Array.from({ length: 8 }, () => hire())), readers = [reader, await hangReader()];
		await at('2026-11-20T16:00:00Z');
		const mine = (n) => people.flatMap((person, i) => Array.from({ length: 6 }, (_, k) =>
			tap(person, iso(epoch('2026-11-20T02:00:00Z') + (k * 2 + n) * 1800 + i))));
		const [one, two] = [mine(0), mine(1).reverse()];
		/* Batches that cross each other, singles between them, and everything twice. */
		const work = [0, 1].flatMap((n) => [[one, two][n], [one, two][n]].flatMap((list) => [
			post(list.slice(0, 24), readers[n]), post(list.slice(24), readers[n]),
			...list.slice(20, 28).map((x) => readers[n].post(x))]));
		for (const answer of await Promise.all(work))
			assert.ok(Array.isArray(answer) || answer.status < 300, JSON.stringify(answer.body));
		for (const person of people) {
			assert.deepEqual((await eventsOf(person)).map((e) => e.effect), Array(6).fill(['opens', 'closes']).flat());
			assert.equal((await intervalsOf(person)).length, 6);
		}
	});

	test('a thousand, and not one more', async () => {
		const people = await Promise.all(Array.from({ length: 20 }, () => hire()));
		await at('2026-11-20T16:00:00Z');
		const taps = Array.from({ length: 1000 }, (_, i) => ({ ...tap(people[i % 20],
			iso(epoch('2026-11-20T00:00:00Z') + Math.floor(i / 20) * 900)), id: `${'й'.repeat(50)}${++serial}` }));
		const told = await post(taps);
		assert.deepEqual(told.map((x) => x.kind), taps.map((_, i) => Math.floor(i / 20) % 2 ? 'out' : 'in'));
		const [{ n }] = await stack.db('SELECT count(*) AS n FROM event WHERE employee = ANY ($1)', [people.map((p) => p.id)]);
		assert.equal(n, 1000);
		const answer = await reader.post({ taps: [...taps, tap(people[0])] });
		fault(answer, 422, 'BAD_FIELD', 'taps');
		assert.deepEqual((await reader.post({ taps: [] })).body.items, []);
	});

	test('in whatever form is wrong, all is refused and named', async () => {
		const anna = await hire();
		const good = tap(anna);
		const fields = async (body) => fault(await reader.post(body), 422, 'BAD_FIELD').body.errors.map((e) => e.field).sort();
		assert.deepEqual(await fields({}), ['id', 'uid']);
		assert.deepEqual(await fields({ uid: anna.uid }), ['id']);
		assert.deepEqual(await fields({ ...good, taps: [good] }), ['taps']);
		assert.deepEqual(await fields({ taps: good }), ['taps']);
		assert.deepEqual(await fields({ ...good, at: 7, kind: [], key: 1 }), ['at', 'key', 'kind']);
		assert.deepEqual(await fields({ taps: [good, [], null, { ...good, id: 7 }, { id: '', uid: anna.uid },
			{ ...good, at: 5, kind: 'x'.repeat(65), taps: [] }, { id: 'x' }] }),
		['taps.1', 'taps.2', 'taps.3.id', 'taps.4.id', 'taps.5.at', 'taps.5.kind', 'taps.5.taps', 'taps.6.uid']);
		assert.deepEqual(await eventsOf(anna), []);
	});

	test('what makes no sense is refused alone, kept, and does not hold up the others', async () => {
		const anna = await hire();
		await at('2026-11-20T16:00:00Z');
		const taps = [tap(anna, '2026-11-20T06:00:00Z'), { ...tap(anna), at: '2026-11-20 10:00' },
			{ ...tap(anna, '2026-11-20T11:00:00Z'), kind: 'lunch' }, { ...tap(anna), uid: '' }, tap(anna, '2026-11-20T15:00:00Z')];
		const told = await post(taps);
		assert.deepEqual(told.map((x) => [x.state, x.kind ?? x.reason]), [['accepted', 'in'], ['refused', 'TAP_TIME_WRONG'],
			['refused', 'TAP_KIND_WRONG'], ['refused', 'CARD_UID_WRONG'], ['accepted', 'out']]);
		await at('2026-11-20T16:01:00Z');
		assert.deepEqual(await post(taps), told);
		assert.deepEqual(await intervalsOf(anna), [['06:00:00', '15:00:00', 'closed']]);
		assert.deepEqual((await refusedBy(anna.uid)).map((x) => x.reason).sort(), ['TAP_KIND_WRONG', 'TAP_TIME_WRONG']);
		/* Instants that are of no year in UTC, and texts that only begin as one: refused now, not then. */
		const odd = ['0001-01-01T00:00:00+02:00', '9999-12-31T23:59:59-02:00', '2026-11-20T10:00:00Z, or so']
			.map((when) => tap(anna, when));
		assert.deepEqual((await post(odd)).map((x) => [x.reason, x.at]),
			odd.map(() => ['TAP_TIME_WRONG', '2026-11-20T16:01:00Z']));
		await clinic.must(clinic.admin, 'POST', '/taps/refused/dismiss', { taps: (await refusedBy(anna.uid))
			.filter((x) => odd.some((y) => y.id === x.number)).map((x) => x.id) });
		for (const [wrong, code] of [['at', 'TAP_TIME_WRONG'], ['kind', 'TAP_KIND_WRONG']])
			fault(await reader.post({ ...tap(anna), [wrong]: 'noon' }), 422, code, wrong);
		assert.equal((await refusedBy(anna.uid)).length, 4);
	});

	test('a reader that counts from one again loses nothing unseen', async () => {
		const anna = await hire(), boris = await hire();
		await at('2026-11-20T16:00:00Z');
		const first = tap(anna, '2026-11-20T06:00:00Z'), again = { ...tap(boris, '2026-11-20T07:00:00Z'), id: first.id };
		const other = { ...again, at: '2026-11-20T08:00:00Z' };
		assert.deepEqual((await post([first, again, other])).map((x) => x.reason), [null, 'TAP_NUMBER_TAKEN', 'TAP_NUMBER_TAKEN']);
		await post([again, first, other]);
		fault(await reader.post(again), 409, 'TAP_NUMBER_TAKEN');
		assert.deepEqual((await refusedBy(boris.uid)).map((x) => [x.reason, x.employee, x.at]).reverse(), [again, other]
			.map((x) => ['TAP_NUMBER_TAKEN', boris.id, x.at]));
		assert.deepEqual(await eventsOf(boris), []);
	});
});

/* Mulberry32: the same numbers each time. */
function random(seed) {
	return () => {
		seed = (seed + 0x6D2B79F5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}
const shuffled = (list, next) => list.map((x) => [next(), x]).sort(([a], [b]) => a - b).map(([, x]) => x);

describe('W10: the order in which they arrive changes nothing', () => {
	const from = epoch('2026-11-18T22:30:00Z'), until = from + 17 * 3600;

	/* In bursts, so that repeats hang on each other; of one second at most one. */
	function taps(next) {
		const times = new Set();
		for (let t = from; times.size < 24 && t < until;) {
			t += 1 + Math.floor(next() < 0.6 ? next() * 400 : next() * 6000);
			times.add(t);
		}
		return [...times].map((time) => ({ time, kind: [undefined, undefined, 'in', 'out'][Math.floor(next() * 4)] }));
	}
	async function arrive(order, next, readers, planned) {
		const person = await hire();
		if (planned)
			await clinic.must(clinic.admin, 'POST', '/schedules', { employee: person.id, kind: 'weekly',
				valid_from: '2026-11-01', shifts: [0, 1, 2, 3, 4].flatMap((d) => [`${d} 01:00-05:00`, `${d} 07:00-15:30`]) });
		for (let i = 0, n; i < order.length; i += n) {
			n = 1 + Math.floor(next() * 8);
			await post(order.slice(i, i + n).map(({ time, kind }) => tap(person, iso(time), { kind })),
				readers[Math.floor(next() * readers.length)]);
		}
		return { intervals: await intervalsOf(person), days: await daysOf(person),
			accepted: (await eventsOf(person)).filter((e) => !['repeat', 'redundant'].includes(e.effect))
				.map((e) => [e.at, e.kind, e.effect]) };
	}

	for (let seed = 1; seed <= 12; seed++)
		test(`seed ${seed}`, async () => {
			const next = random(seed), list = taps(next), readers = [reader, await hangReader()];
			await at(iso(until));
			const planned = seed % 2 === 0;
			const straight = await arrive(list, next, readers, planned);
			assert.ok(straight.intervals.length > 0);
			for (let i = 0; i < 4; i++)
				assert.deepEqual(await arrive(i ? shuffled(list, next) : [...list].reverse(), next, readers, planned), straight);
		});

	test('and a rebuild of everything says the same', async () => {
		const derived = () => stack.db(`SELECT employee, in_event, out_event, in_at, out_at, limit_at, day, state
			FROM interval ORDER BY employee, in_at`);
		const meant = () => stack.db('SELECT * FROM event_meaning ORDER BY event');
		const days = () => stack.db('SELECT * FROM workday ORDER BY 1, 2');
		const all = async () => [await derived(), await meant(), await days()];
		const before = await all();
		await stack.tabelctl('rebuild');
		/* What was open beyond its limit is known to be lost by now. */
		const settle = ([intervals, meanings, list]) => [
			intervals.map((i) => ({ ...i, state: i.out_at ? i.state : 'without out' })), meanings,
			list.map((d) => ({ ...d, missing_out: d.missing_out + (d.open_until ? 1 : 0), open_until: null }))];
		assert.deepEqual(settle(await all()), settle(before));
	});
});
