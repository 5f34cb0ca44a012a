/*
 * Entries by hand and corrections (T5, T6; WORKTIME W1 to W10), with the
 * programs' clock in our hands.  The branch is in Kyiv: 09:00 is 07:00 UTC
 * from 25 October 2026 on, 06:00 UTC before.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fault, firstAdmin, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

const H = 3600, M = 60;
let stack, clinic, clock, other, boss, stranger_boss;

before(async () => {
	stack = await startStack({ faketime: '2026-11-12T12:00:00Z', conf: { TOKEN_MINUTES: 1440 }, workers: 3 });
	clock = stack.clock;
	clinic = await openClinic(stack, { time_zone: 'Europe/Kyiv' });
	other = await clinic.openBranch();
	boss = await clinic.hire({ last_name: 'Главная' }, { manager_of: [clinic.branch.id] });
	stranger_boss = await clinic.hire({ last_name: 'Чужая' }, { manager_of: [other.id], branch: other.id });
});
after(() => stack?.stop());

const iso = (ms) => new Date(ms).toISOString().replace('.000', '');
const ask = (token, body) => clinic.as(token, 'POST', '/corrections', { reason: 'Забыла отметиться', ...body });
const asked = async (token, body) => {
	const answer = await ask(token, body);
	assert.equal(answer.status, 201, JSON.stringify(answer.body));
	return answer.body;
};
const decide = (token, id, what, body = {}) => clinic.as(token, 'POST', `/corrections/${id}/${what}`,
	what === 'reject' ? { reason: 'Так не было', ...body } : body);
const enter = (employee, body, token = clinic.admin, headers) => clinic.as(token, 'POST', '/events/manual',
	{ employee: employee.id, reason: 'Не работал планшет', ...body }, headers);
const preview = (employee, body, token = clinic.admin) => clinic.as(token, 'POST', '/events/manual/preview',
	{ employee: employee.id, ...body });
const entered = async (employee, body) => {
	const answer = await enter(employee, { confirm: true, ...body });
	assert.equal(answer.status, 201, JSON.stringify(answer.body));
	return answer.body;
};
/* "10 09:00" of November 2026 in Kyiv. */
const at = (text) => iso(Date.parse(`2026-11-${text.replace(' ', 'T')}:00+02:00`));
const shift = (employee, day, from = '09:00', to = '18:00') =>
	entered(employee, { at: at(`${day} ${from}`), kind: 'in', until: at(`${day} ${to}`) });
const events = async (employee) => (await clinic.must(clinic.admin, 'GET',
	`/events?employee=${employee.id}&limit=200`)).items.reverse();
const worked = async (employee) => (await clinic.must(clinic.admin, 'GET',
	`/stats/worktime?employee=${employee.id}&from=2026-10-01&to=2026-11-30`)).items[0];
const find = async (employee, text) => (await events(employee)).find((e) => e.at === at(text) && !e.voided_by);

/* What is derived of an employee, without the numbers of derived rows. */
const derived = async (employee) => [
	await stack.db(`SELECT m.* FROM event_meaning m JOIN event e ON e.id = m.event
		WHERE e.employee = $1 ORDER BY m.event`, [employee.id]),
	await stack.db(`SELECT in_event, out_event, in_at, out_at, limit_at, branch, time_zone, day::text, state
		FROM interval WHERE employee = $1 ORDER BY in_event`, [employee.id]),
	await stack.db('SELECT w.*, w.day::text FROM workday w WHERE employee = $1 ORDER BY w.day', [employee.id]),
];

describe('an entry by hand', () => {
	test('is an event that says who made it and why (T5)', async () => {
		const anna = await clinic.hire();
		const answer = await enter(anna, { at: at('10 09:00'), kind: 'in', until: at('10 18:00') });
		assert.equal(answer.status, 201, JSON.stringify(answer.body));
		assert.equal(answer.body.source, 'manual');
		const [first, last] = await events(anna);
		assert.deepEqual([first.kind, first.effect, first.source, first.reason, first.branch, first.time_zone],
			['in', 'opens', 'manual', 'Не работал планшет', clinic.branch.id, 'Europe/Kyiv']);
		assert.deepEqual([last.kind, last.effect, last.at], ['out', 'closes', at('10 18:00')]);
		assert.equal((await worked(anna)).worked_seconds, 9 * H);
		const rows = await stack.db(`SELECT v.made_by, a.actor, a.action, a.request_id IS NOT NULL AS request
			FROM event v JOIN audit a ON a.entity = 'event' AND a.entity_id = v.id::text
			WHERE v.employee = $1`, [anna.id]);
		assert.equal(rows.length, 2);
		for (const row of rows)
			assert.deepEqual([row.actor, row.action, row.request], [`person:${row.made_by}`, 'insert', true]);
	});

	/* [rule, day's marks before, entry, wanted without confirmation] */
	const cases = [
		['W10: an out that was forgotten', [['10 09:00', 'in']], { at: '10 18:00', kind: 'out' },
			{ gains: 9 * H }],
		['W10: an in that was forgotten', [['10 18:00', 'out']], { at: '10 09:00', kind: 'in' },
			{ gains: 9 * H }],
		['W10: an out in the middle loses the rest', [['10 09:00', 'in'], ['10 18:00', 'out']],
			{ at: '10 13:00', kind: 'out' }, { lost: 5 * H, missing_in: ['10 18:00'] }],
		['W10: an in in the middle changes nothing', [['10 09:00', 'in'], ['10 18:00', 'out']],
			{ at: '10 13:00', kind: 'in' }, { gains: 0, effect: 'redundant' }],
		['W3: the same kind within a minute is a repeat', [['10 09:00', 'in'], ['10 18:00', 'out']],
			{ at: '10 18:01', kind: 'out' }, { gains: 0, effect: 'closes', there: true }],
		['W9: an out alone is a missing in', [], { at: '10 18:00', kind: 'out' },
			{ missing_in: ['10 18:00'] }],
		['W7: an in alone is a missing out', [], { at: '10 09:00', kind: 'in' },
			{ missing_out: ['10 09:00'] }],
		['W5: an in alone within the limit runs', [], { at: '12 09:00', kind: 'in' }, { gains: 0 }],
		['W7: an out that comes before is no help', [['10 09:00', 'in']], { at: '10 08:00', kind: 'out' },
			{ missing_in: ['10 08:00'] }],
		['W10: up to 36 hours, if that is confirmed', [['10 09:00', 'in']], { at: '11 21:00', kind: 'out' },
			{ long: 36 * H }],
		['W10: not beyond 36 hours', [['10 09:00', 'in']], { at: '11 21:01', kind: 'out' },
			{ missing_in: ['11 21:01'] }],
		['W6: up to the limit nothing is asked', [['10 09:00', 'in']], { at: '11 01:00', kind: 'out' },
			{ gains: 16 * H }],
		['W10: the in of a long one', [['11 19:00', 'out']], { at: '10 09:00', kind: 'in' },
			{ long: 34 * H }],
		['W10: both of a long one', [], { at: '10 09:00', kind: 'in', until: '11 09:00' }, { long: 24 * H }],
	];
	for (const [rule, marks, entry, wanted] of cases)
		test(rule, async () => {
			const anna = await clinic.hire();
			for (const [when, kind] of marks)
				await entered(anna, { at: at(when), kind });
			const before_ = await derived(anna);
			const body = { at: at(entry.at), kind: entry.kind,
				...(entry.until && { until: at(entry.until) }) };
			const shown = await preview(anna, body);
			assert.equal(shown.status, 200, JSON.stringify(shown.body));
			assert.deepEqual(await derived(anna), before_, 'a preview changes nothing');
			const effect = shown.body;
			assert.equal(effect.lost_seconds, wanted.lost ?? 0);
			assert.equal(effect.long_seconds, wanted.long ?? 0);
			if (!wanted.long) {
				assert.deepEqual(effect.missing_in.map((m) => m.at), (wanted.missing_in ?? []).map(at));
				assert.deepEqual(effect.missing_out.map((m) => m.at), (wanted.missing_out ?? []).map(at));
				assert.equal(effect.missing, effect.missing_in.length + effect.missing_out.length);
				if (wanted.gains !== undefined)
					assert.equal(effect.worked_seconds_after - effect.worked_seconds_before, wanted.gains);
				if (wanted.effect)
					assert.equal(effect.effect, wanted.effect);
			}
			const refused = wanted.lost || wanted.missing_in || wanted.missing_out;
			let answer = await enter(anna, body);
			if (wanted.long) {
				fault(answer, 409, 'CONFIRM_LONG');
				assert.equal(answer.body.long_seconds, wanted.long);
				fault(await enter(anna, { ...body, reason: '' , confirm_long: true }), 422, 'BAD_FIELD', 'reason');
				const long = await preview(anna, { ...body, confirm_long: true });
				assert.equal(long.body.missing, 0);
				assert.equal(long.body.worked_seconds_after, wanted.long);
				answer = await enter(anna, { ...body, confirm_long: true });
				assert.equal((await worked(anna)).worked_seconds, wanted.long);
			} else if (refused) {
				fault(answer, 409, 'CONFIRM_LOSS');
				assert.equal(answer.body.lost_seconds, wanted.lost ?? 0);
				fault(await enter(anna, { ...body, confirm_long: true }), 409, 'CONFIRM_LOSS');
				assert.deepEqual(await derived(anna), before_, 'a refusal changes nothing');
				answer = await enter(anna, { ...body, confirm: true });
			}
			assert.equal(answer.status, wanted.there ? 200 : 201, JSON.stringify(answer.body));
			const rows = await derived(anna);
			await stack.tabelctl('rebuild');
			assert.deepEqual(await derived(anna), rows, 'a rebuild is the same');
		});

	test('beyond the limit may also stay without its end, if that is confirmed instead', async () => {
		const anna = await clinic.hire();
		await entered(anna, { at: at('10 09:00'), kind: 'in' });
		const answer = await enter(anna, { at: at('11 20:00'), kind: 'out', confirm: true });
		assert.equal(answer.body.effect, 'missing_in');
		assert.equal((await worked(anna)).worked_seconds, 0);
	});

	test('that would end a running interval asks first (W10)', async () => {
		const anna = await clinic.hire();
		await clinic.mark(anna.token, 'in');
		const running = (await events(anna))[0];
		const c = await asked(anna.token, { action: 'void', event: running.id });
		const effect = await clinic.must(clinic.admin, 'GET', `/corrections/${c.id}/effect`);
		assert.deepEqual([effect.ends_running, effect.lost_seconds, effect.missing], [true, 0, 0]);
		fault(await decide(clinic.admin, c.id, 'approve'), 409, 'CONFIRM_LOSS');
		assert.equal((await decide(clinic.admin, c.id, 'approve', { confirm: true })).status, 200);
		assert.equal((await clinic.me(anna.token)).today.open, null);
	});

	test('is of the past, and of the employment', async () => {
		const anna = await clinic.hire({}, { hired_on: '2026-11-10' });
		fault(await enter(anna, { at: iso(clock.now() + 1000), kind: 'in' }), 422, 'BAD_FIELD', 'at');
		fault(await enter(anna, { at: at('09 23:59'), kind: 'in' }), 422, 'BAD_FIELD', 'at');
		fault(await enter(anna, { at: at('11 09:00'), kind: 'in', until: iso(clock.now() + 1000) }),
			422, 'BAD_FIELD', 'until');
		fault(await enter(anna, { at: at('11 09:00'), kind: 'in', until: at('11 09:00') }), 422, 'BAD_FIELD', 'until');
		fault(await enter(anna, { at: at('11 09:00'), kind: 'out', until: at('11 10:00') }), 422, 'BAD_FIELD', 'until');
		await entered(anna, { at: at('10 00:00'), kind: 'in' });
	});

	test('is refused with every wrong field named', async () => {
		const anna = await clinic.hire();
		fault(await clinic.as(clinic.admin, 'POST', '/events/manual', {}), 422, 'BAD_FIELD',
			'employee', 'at', 'kind', 'reason');
		fault(await enter(anna, { at: '2026-11-10', kind: 'inn', reason: 'a\nb', confirm: 1, more: 1 }),
			422, 'BAD_FIELD', 'at', 'kind', 'reason', 'confirm', 'more');
		fault(await enter({ id: 999999 }, { at: at('10 09:00'), kind: 'in' }), 422, 'BAD_FIELD', 'employee');
	});

	test('is a manager\'s in his branches, not of his own hours', async () => {
		const anna = await clinic.hire();
		const body = { at: at('10 09:00'), kind: 'in', until: at('10 18:00') };
		fault(await enter(anna, body, anna.token), 403, 'FORBIDDEN');
		fault(await enter(anna, body, stranger_boss.token), 403, 'OTHER_BRANCH');
		fault(await enter(boss, body, boss.token), 403, 'CORRECTION_OWN');
		assert.equal((await enter(anna, body, boss.token)).status, 201);
	});

	test('made twice or in parallel is one (idempotency key, W3)', async () => {
		const anna = await clinic.hire();
		const body = { at: at('10 09:00'), kind: 'in', until: at('10 18:00') };
		const same = await Promise.all(Array.from({ length: 6 }, () =>
			enter(anna, body, clinic.admin, { 'idempotency-key': `m-${anna.id}` })));
		for (const answer of same)
			assert.deepEqual([answer.status, answer.body], [201, same[0].body]);
		await Promise.all(Array.from({ length: 4 }, () => enter(anna, body)));
		assert.equal((await worked(anna)).worked_seconds, 9 * H);
		assert.equal((await events(anna)).filter((e) => ['opens', 'closes'].includes(e.effect)).length, 2);
	});

	test('has the length that the night of the change had', async () => {
		/* In Kyiv the clocks go back on 2026-10-25 at 01:00 UTC. */
		const anna = await clinic.hire();
		await entered(anna, { at: '2026-10-24T19:00:00Z', kind: 'in' });	/* 22:00 */
		const out = { at: '2026-10-25T04:00:00Z', kind: 'out' };	/* 06:00, nine hours later */
		const { body } = await preview(anna, out);
		assert.equal(body.worked_seconds_after, 9 * H);
		const [day] = body.days;
		assert.deepEqual([day.day, day.after.worked_seconds, day.after.night_seconds, day.before.missing_out],
			['2026-10-24', 9 * H, 9 * H, 1]);
		assert.equal((await enter(anna, out)).status, 201);
	});

	test('is at the branch and in the zone of then (W1)', async () => {
		const anna = await clinic.hire();
		await shift(anna, '03');
		const far = await clinic.openBranch({ time_zone: 'Asia/Vladivostok' });
		await stack.db('UPDATE employee SET branch = $2 WHERE id = $1', [anna.id, far.id]);
		await entered(anna, { at: at('03 19:00'), kind: 'in' });
		await entered(anna, { at: at('10 09:00'), kind: 'in' });
		const all = await events(anna);
		assert.deepEqual(all.map((e) => e.branch), [clinic.branch.id, clinic.branch.id, clinic.branch.id, far.id]);
		assert.equal(all[3].time_zone, 'Asia/Vladivostok');
	});

	test('tells nobody that somebody came', async () => {
		const branch = await clinic.openBranch({ notice: 'all', notice_chat: -100777 });
		const anna = await clinic.hire({}, { branch: branch.id });
		await shift(anna, '10');
		assert.deepEqual(await stack.db('SELECT key FROM notification WHERE chat = -100777'), []);
	});
});

describe('a correction', () => {
	test('adds what was forgotten, and keeps who, when and why (T6)', async () => {
		const anna = await clinic.hire();
		await entered(anna, { at: at('10 09:00'), kind: 'in' });
		const c = await asked(anna.token, { action: 'add', at: at('10 18:00'), kind: 'out' });
		assert.deepEqual([c.state, c.action, c.day, c.time_zone, c.event, c.may_withdraw, c.may_decide],
			['pending', 'add', '2026-11-10', 'Europe/Kyiv', null, true, false]);
		const effect = await clinic.must(anna.token, 'GET', `/corrections/${c.id}/effect`);
		assert.deepEqual([effect.worked_seconds_before, effect.worked_seconds_after, effect.lost_seconds], [0, 9 * H, 0]);
		assert.deepEqual(effect.days.map((d) => [d.day, d.before.missing_out, d.after.missing_out]),
			[['2026-11-10', 1, 0]]);
		const done = await decide(boss.token, c.id, 'approve', { reason: 'Видела сама' });
		assert.equal(done.status, 200, JSON.stringify(done.body));
		assert.deepEqual([done.body.state, done.body.decision, done.body.decided_by_name],
			['approved', 'Видела сама', 'Главная Анна']);
		const [, out] = await events(anna);
		assert.deepEqual([out.id, out.source, out.reason], [done.body.made, 'correction', 'Забыла отметиться']);
		assert.equal((await worked(anna)).worked_seconds, 9 * H);
		fault(await clinic.as(anna.token, 'GET', `/corrections/${c.id}/effect`), 409, 'CORRECTION_DECIDED');
	});

	test('changes an event by voiding and adding: the original is never overwritten', async () => {
		const anna = await clinic.hire();
		await shift(anna, '10');
		const original = await find(anna, '10 18:00');
		const c = await asked(anna.token, { action: 'change', event: original.id, at: at('10 19:30') });
		assert.deepEqual([c.was, c.event_at, c.kind, c.at], ['out', original.at, 'out', at('10 19:30')]);
		assert.equal((await decide(clinic.admin, c.id, 'approve')).status, 200);
		const all = await events(anna);
		assert.deepEqual(all.map((e) => [e.at, e.kind, e.effect, e.voided_by]), [
			[at('10 09:00'), 'in', 'opens', null],
			[at('10 18:00'), 'out', 'voided', c.id],
			[at('10 19:30'), 'out', 'closes', null]]);
		assert.equal(all[1].receipt, original.receipt);
		assert.equal((await worked(anna)).worked_seconds, 10.5 * H);
		fault(await ask(anna.token, { action: 'void', event: original.id }), 409, 'EVENT_VOIDED');
		const { events: behind } = await clinic.must(anna.token, 'GET',
			`/stats/worktime/explain?employee=${anna.id}&day=2026-11-10`);
		assert.deepEqual(behind.map((e) => [e.at, e.effect]), all.map((e) => [e.at, e.effect]));
		assert.deepEqual([behind[1].correction.id, behind[1].correction.made, behind[2].correction.id],
			[c.id, all[2].id, c.id]);
		assert.equal(behind[0].correction, null);
	});

	test('voids an event', async () => {
		const anna = await clinic.hire();
		await shift(anna, '10');
		await entered(anna, { at: at('10 20:00'), kind: 'out' });
		const stray = await find(anna, '10 20:00');
		const c = await asked(anna.token, { action: 'void', event: stray.id });
		const shown = await clinic.must(anna.token, 'GET', `/corrections/${c.id}/effect`);
		assert.deepEqual([shown.made, shown.missing, shown.lost_seconds], [null, 0, 0]);
		const done = await decide(boss.token, c.id, 'approve');
		assert.deepEqual([done.status, done.body.made], [200, null]);
		assert.deepEqual([(await worked(anna)).missing_in, (await worked(anna)).worked_seconds], [0, 9 * H]);
	});

	test('of a tap without a kind changes what the later ones mean (W2, W8)', async () => {
		const card_uid = '04CC0002';
		const anna = await clinic.hire({}, { card_uid });
		const reader = await clinic.hang(clinic.branch, { kind: 'nfc' });
		const taps = ['12 00:00', '12 08:00', '12 12:00'].map((when, n) => ({ id: `c${n}`, uid: card_uid, at: at(when) }));
		await clinic.must(reader.key, 'POST', '/events/nfc', { taps });
		assert.deepEqual((await events(anna)).map((e) => e.kind), ['in', 'out', 'in']);
		const c = await asked(anna.token, { action: 'void', event: (await events(anna))[0].id });
		assert.equal(c.was, 'in');
		fault(await decide(boss.token, c.id, 'approve'), 409, 'CONFIRM_LOSS');
		await decide(boss.token, c.id, 'approve', { confirm: true });
		assert.deepEqual((await events(anna)).map((e) => [e.kind, e.effect]),
			[['in', 'voided'], ['in', 'opens'], ['out', 'closes']]);
		const rows = await derived(anna);
		await stack.tabelctl('rebuild');
		assert.deepEqual(await derived(anna), rows);
		/* Sent again, the tap is what it was; it does not come back. */
		await clinic.must(reader.key, 'POST', '/events/nfc', { taps });
		assert.deepEqual(await derived(anna), rows);
	});

	test('of everything that somebody had leaves nothing', async () => {
		const anna = await clinic.hire();
		await entered(anna, { at: at('10 18:00'), kind: 'out' });
		const c = await asked(anna.token, { action: 'void', event: (await events(anna))[0].id });
		assert.equal((await decide(boss.token, c.id, 'approve')).status, 200);
		assert.deepEqual((await derived(anna)).map((rows) => rows.length), [0, 0, 0]);
		await stack.tabelctl('rebuild');
		assert.deepEqual((await derived(anna)).slice(0, 2).map((rows) => rows.length), [0, 0]);
	});

	test('is approved for another time, and what was asked for stays (T6)', async () => {
		const anna = await clinic.hire();
		await entered(anna, { at: at('10 09:00'), kind: 'in' });
		const c = await asked(anna.token, { action: 'add', at: at('10 18:00'), kind: 'out' });
		assert.equal(c.made_at, null);
		const effect = await clinic.must(boss.token, 'GET', `/corrections/${c.id}/effect?at=${at('10 17:30')}`);
		assert.equal(effect.worked_seconds_after, 8.5 * H);
		for (const [wrong, field] of [['10 08:00+', 'at'], ['13 09:00', 'at']])
			fault(await decide(boss.token, c.id, 'approve', { at: wrong.endsWith('+') ? wrong : at(wrong) }), 422, 'BAD_FIELD', field);
		fault(await clinic.as(boss.token, 'GET', `/corrections/${c.id}/effect?at=${at('13 09:00')}`), 422, 'BAD_FIELD', 'at');
		fault(await decide(boss.token, c.id, 'reject', { at: at('10 17:30') }), 422, 'BAD_FIELD', 'at');
		fault(await decide(boss.token, c.id, 'approve', { at: at('10 08:00') }), 409, 'CONFIRM_LOSS');
		const done = await decide(boss.token, c.id, 'approve', { at: at('10 17:30'), reason: 'По журналу' });
		assert.equal(done.status, 200, JSON.stringify(done.body));
		assert.deepEqual([done.body.state, done.body.at, done.body.made_at], ['approved', at('10 18:00'), at('10 17:30')]);
		assert.equal((await worked(anna)).worked_seconds, 8.5 * H);
		const [{ params }] = await stack.db(`SELECT params FROM notification
			WHERE key = 'message.correction_approved_why' AND person = $1`, [anna.person]);
		assert.deepEqual(params, { day: '10.11', time: '17:30', reason: 'По журналу' });

		const out = await find(anna, '10 17:30');
		const other = await asked(anna.token, { action: 'change', event: out.id, at: at('10 19:00') });
		await decide(boss.token, other.id, 'approve', { at: at('10 18:15') });
		assert.equal((await worked(anna)).worked_seconds, 9.25 * H);
		assert.ok((await events(anna)).find((e) => e.id === out.id).voided_by);
		const gone = await asked(anna.token, { action: 'void', event: (await find(anna, '10 09:00')).id });
		fault(await decide(boss.token, gone.id, 'approve', { at: at('10 09:00'), confirm: true }), 422, 'BAD_FIELD', 'at');
	});

	test('that loses hours, or beyond the limit, needs the words of whoever decides (W10)', async () => {
		const anna = await clinic.hire();
		await shift(anna, '10');
		const less = await asked(anna.token, { action: 'change', event: (await find(anna, '10 18:00')).id,
			at: at('10 15:00') });
		const refused = await decide(boss.token, less.id, 'approve');
		fault(refused, 409, 'CONFIRM_LOSS');
		assert.equal(refused.body.lost_seconds, 3 * H);
		fault(await decide(boss.token, less.id, 'approve', { confirm_long: true }), 409, 'CONFIRM_LOSS');
		assert.equal((await decide(boss.token, less.id, 'approve', { confirm: true })).status, 200);
		assert.equal((await worked(anna)).worked_seconds, 6 * H);

		const more = await asked(anna.token, { action: 'change', event: (await find(anna, '10 15:00')).id,
			at: at('11 06:00') });
		const beyond = await decide(boss.token, more.id, 'approve');
		fault(beyond, 409, 'CONFIRM_LONG');
		assert.equal(beyond.body.long_seconds, 21 * H);
		assert.equal((await decide(boss.token, more.id, 'approve', { confirm_long: true })).status, 200);
		assert.equal((await worked(anna)).worked_seconds, 21 * H);
		/* What was confirmed is that length, no more: an earlier in asks again. */
		const earlier = await asked(anna.token, { action: 'change', event: (await find(anna, '10 09:00')).id,
			at: at('10 08:00') });
		fault(await decide(boss.token, earlier.id, 'approve'), 409, 'CONFIRM_LONG');
		const rows = await derived(anna);
		await stack.tabelctl('rebuild');
		assert.deepEqual(await derived(anna), rows);
	});

	test('of a time that is still missing its end is nothing new (W10)', async () => {
		const anna = await clinic.hire();
		await entered(anna, { at: at('10 09:00'), kind: 'in' });
		const c = await asked(anna.token, { action: 'change', event: (await events(anna))[0].id, at: at('10 08:30') });
		assert.equal((await clinic.must(anna.token, 'GET', `/corrections/${c.id}/effect`)).missing, 0);
		assert.equal((await decide(boss.token, c.id, 'approve')).status, 200);
	});

	test('is refused with what is wrong', async () => {
		const anna = await clinic.hire(), vera = await clinic.hire();
		await shift(anna, '10');
		await shift(vera, '10');
		const event = (await find(anna, '10 09:00')).id;
		const past = at('10 18:00');
		for (const [body, ...fields] of [
			[{}, 'action'],
			[{ action: 'add' }, 'at'],
			[{ action: 'add', at: past }, 'kind'],
			[{ action: 'add', at: past, kind: 'out', event }, 'event'],
			[{ action: 'add', at: '18:00', kind: 'away', reason: '', more: 1 }, 'at', 'kind', 'reason', 'more'],
			[{ action: 'add', at: iso(clock.now() + 1000), kind: 'out' }, 'at'],
			[{ action: 'add', at: '2019-12-31T10:00:00Z', kind: 'out' }, 'at'],
			[{ action: 'void' }, 'event'],
			[{ action: 'void', event, at: past }, 'at'],
			[{ action: 'void', event, kind: 'in' }, 'kind'],
			[{ action: 'change', event }, 'at'],
			[{ action: 'change', at: past }, 'event'],
			[{ action: 'change', event, at: at('10 09:00') }, 'at'],
			[{ action: 'void', event: (await find(vera, '10 09:00')).id }, 'event'],
			[{ action: 'void', event: 999999 }, 'event'],
			[{ action: 'void', event, employee: 999999 }, 'employee'],
		]) {
			fault(await ask(anna.token, body), 422, 'BAD_FIELD', ...fields);
			fault(await clinic.as(anna.token, 'POST', '/events/preview', body), 422, 'BAD_FIELD',
				...fields.filter((f) => f !== 'reason'));
		}
		fault(await ask(anna.token, { action: 'void', event, employee: vera.id }), 403, 'OTHER_BRANCH');
	});

	test('shows its effect before it is asked for, and asks nobody', async () => {
		const anna = await clinic.hire();
		await entered(anna, { at: at('10 09:00'), kind: 'in' });
		const { status, body } = await clinic.as(anna.token, 'POST', '/events/preview',
			{ action: 'add', at: at('10 17:00'), kind: 'out' });
		assert.deepEqual([status, body.worked_seconds_after], [200, 8 * H]);
		assert.deepEqual(await stack.db('SELECT id FROM correction WHERE employee = $1', [anna.id]), []);
	});

	test('is asked for once, also in parallel', async () => {
		const anna = await clinic.hire();
		await shift(anna, '10');
		const event = (await find(anna, '10 09:00')).id;
		for (const body of [{ action: 'void', event }, { action: 'add', at: at('10 20:00'), kind: 'in' }]) {
			const answers = await Promise.all(Array.from({ length: 6 }, () => ask(anna.token, body)));
			assert.equal(answers.filter((a) => a.status === 201).length, 1);
			for (const answer of answers.filter((a) => a.status !== 201))
				fault(answer, 409, 'CORRECTION_PENDING');
		}
		fault(await ask(anna.token, { action: 'change', event, at: at('10 08:00') }), 409, 'CORRECTION_PENDING');
	});

	test('of somebody else may be asked for by who is in charge, and is decided by a third', async () => {
		const anna = await clinic.hire();
		await shift(anna, '10');
		const event = (await find(anna, '10 18:00')).id;
		const c = await asked(boss.token, { action: 'change', event, at: at('10 18:30'), employee: anna.id });
		fault(await decide(boss.token, c.id, 'approve'), 403, 'CORRECTION_OWN');
		const { items } = await clinic.must(anna.token, 'GET', '/corrections?own=true');
		assert.deepEqual(items.map((i) => [i.id, i.may_withdraw, i.may_decide]), [[c.id, false, false]]);
		assert.equal((await decide(clinic.admin, c.id, 'approve')).status, 200);
	});
});

describe('who decides', () => {
	test('is somebody else, in charge of that branch', async () => {
		const anna = await clinic.hire();
		const c = await asked(anna.token, { action: 'add', at: at('10 18:00'), kind: 'out' });
		for (const what of ['approve', 'reject']) {
			fault(await decide(anna.token, c.id, what), 403, 'FORBIDDEN');
			fault(await decide(stranger_boss.token, c.id, what), 403, 'OTHER_BRANCH');
			fault(await decide(clinic.admin, 999999, what), 404, 'NOT_FOUND');
		}
		const own = await asked(boss.token, { action: 'add', at: at('10 18:00'), kind: 'out' });
		for (const what of ['approve', 'reject'])
			fault(await decide(boss.token, own.id, what), 403, 'CORRECTION_OWN');
		await assert.rejects(stack.db(`UPDATE correction SET state = 'rejected', decided_by = asked_by,
			decided_at = now(), decision = 'x' WHERE id = $1`, [own.id]), /correction_own/);
		fault(await clinic.as(stranger_boss.token, 'GET', `/corrections/${c.id}`), 404, 'NOT_FOUND');
		fault(await clinic.as(stranger_boss.token, 'GET', `/corrections/${c.id}/effect`), 404, 'NOT_FOUND');
		fault(await clinic.as(boss.token, 'POST', `/corrections/${c.id}/withdraw`), 404, 'NOT_FOUND');
		fault(await decide(boss.token, c.id, 'reject', { reason: ' ' }), 422, 'BAD_FIELD', 'reason');
	});

	/* From each state, each step, by whoever may take it. */
	const steps = { approve: () => boss.token, reject: () => boss.token, withdraw: (who) => who.token };
	for (const first of Object.keys(steps))
		for (const second of Object.keys(steps))
			test(`${first} is final: no ${second} after it`, async () => {
				const anna = await clinic.hire();
				await entered(anna, { at: at('10 09:00'), kind: 'in' });
				const c = await asked(anna.token, { action: 'add', at: at('10 18:00'), kind: 'out' });
				const done = await decide(steps[first](anna), c.id, first);
				assert.equal(done.status, 200, JSON.stringify(done.body));
				assert.deepEqual([done.body.may_withdraw, done.body.may_decide], [false, false]);
				fault(await decide(steps[second](anna), c.id, second), 409, 'CORRECTION_DECIDED');
				assert.equal((await events(anna)).length, first === 'approve' ? 2 : 1);
			});

	test('at once, of many, is one', async () => {
		for (let round = 0; round < 4; round++) {
			const anna = await clinic.hire();
			await entered(anna, { at: at('10 09:00'), kind: 'in' });
			const c = await asked(anna.token, { action: 'add', at: at('10 18:00'), kind: 'out' });
			const answers = await Promise.all([
				decide(boss.token, c.id, 'approve'), decide(clinic.admin, c.id, 'reject'),
				decide(anna.token, c.id, 'withdraw'), decide(clinic.admin, c.id, 'approve'),
				decide(boss.token, c.id, 'reject'), decide(anna.token, c.id, 'withdraw')]);
			const won = answers.filter((a) => a.status === 200);
			assert.equal(won.length, 1, JSON.stringify(answers.map((a) => a.body)));
			for (const answer of answers.filter((a) => a.status !== 200))
				fault(answer, 409, 'CORRECTION_DECIDED');
			const { state, made } = await clinic.must(anna.token, 'GET', `/corrections/${c.id}`);
			assert.equal(state, won[0].body.state);
			assert.equal((await events(anna)).length, state === 'approved' ? 2 : 1);
			assert.equal(made !== null, state === 'approved');
		}
	});

	test('tells those concerned, and is told of requests as the branch has it', async () => {
		const branch = await clinic.openBranch({ notice: 'irregular' });
		const head = await clinic.hire({ last_name: 'Старшая' }, { manager_of: [branch.id], branch: branch.id });
		const anna = await clinic.hire({ last_name: 'Котова' }, { branch: branch.id });
		const [{ person: head_person }] = await stack.db('SELECT person FROM employee WHERE id = $1', [head.id]);
		const told = async (employee) => (await stack.db(`SELECT n.key, n.params FROM notification n
			JOIN employee e ON e.person = n.person WHERE e.id = $1 AND n.kind = 'send' AND n.key LIKE 'message.correction%'
			ORDER BY n.id`, [employee.id]));
		const a = await asked(anna.token, { action: 'add', at: at('10 18:00'), kind: 'out' });
		assert.deepEqual(await told(head), [{ key: 'message.correction_add', params: { name: 'Котова Анна',
			branch: branch.name, day: '10.11', time: '18:00', reason: 'Забыла отметиться', effect: '' } }]);
		assert.ok(head_person);
		await decide(head.token, a.id, 'approve', { confirm: true });
		const b = await asked(anna.token, { action: 'add', at: at('10 19:00'), kind: 'out' });
		await decide(head.token, b.id, 'reject');
		assert.deepEqual(await told(anna), [
			{ key: 'message.correction_approved', params: { day: '10.11', time: '18:00', reason: null } },
			{ key: 'message.correction_rejected', params: { day: '10.11', time: '19:00', reason: 'Так не было' } }]);
		await clinic.must(clinic.admin, 'PUT', `/branches/${branch.id}`, { name: branch.name,
			time_zone: branch.time_zone, notice: 'off' });
		await asked(anna.token, { action: 'add', at: at('10 20:00'), kind: 'out' });
		assert.equal((await told(head)).length, 3, 'who decides is always told');
		/* Where nobody else is in charge, the administrators are. */
		const alone = await clinic.openBranch();
		const vera = await clinic.hire({ last_name: 'Одна' }, { branch: alone.id });
		const c = await asked(vera.token, { action: 'add', at: at('10 20:00'), kind: 'out' });
		assert.deepEqual(await stack.db(`SELECT p.telegram_id FROM notification n JOIN person p ON p.id = n.person
			WHERE n.about = $1`, [`correction:${c.id}`]), [{ telegram_id: firstAdmin.id }]);
	});
});

describe('the list', () => {
	test('is one\'s own, and of a manager\'s branches, as they came or newest first', async () => {
		const branch = await clinic.openBranch();
		const head = await clinic.hire({}, { manager_of: [branch.id], branch: branch.id });
		const anna = await clinic.hire({}, { branch: branch.id }), vera = await clinic.hire({}, { branch: branch.id });
		const ids = [];
		for (const [who, when] of [[anna, '05 18:00'], [vera, '06 18:00'], [anna, '07 18:00'], [head, '08 18:00']])
			ids.push((await asked(who.token, { action: 'add', at: at(when), kind: 'out' })).id);
		await decide(head.token, ids[0], 'reject');
		const list = async (token, query) => (await clinic.must(token, 'GET', `/corrections?${query}`)).items.map((c) => c.id);
		assert.deepEqual(await list(head.token, 'state=pending'), ids.slice(1));
		assert.deepEqual(await list(head.token, ''), [...ids].reverse());
		assert.deepEqual(await list(head.token, 'own=true'), [ids[3]]);
		assert.deepEqual(await list(head.token, 'state=rejected'), [ids[0]]);
		assert.deepEqual(await list(head.token, `employee=${anna.id}`), [ids[2], ids[0]]);
		assert.deepEqual(await list(head.token, 'from=2026-11-06&to=2026-11-07'), [ids[2], ids[1]]);
		assert.deepEqual(await list(clinic.admin, `branch=${branch.id}&state=pending`), ids.slice(1));
		assert.deepEqual(await list(anna.token, ''), [ids[2], ids[0]]);
		assert.deepEqual(await list(anna.token, `employee=${vera.id}`), []);
		assert.deepEqual(await list(stranger_boss.token, `branch=${branch.id}`), []);
		const page = await clinic.must(head.token, 'GET', '/corrections?state=pending&limit=2');
		assert.deepEqual([page.items.map((c) => c.id), page.next], [ids.slice(1, 3), ids[2]]);
		assert.deepEqual(await list(head.token, `state=pending&limit=2&after=${page.next}`), [ids[3]]);
		const whole = await clinic.must(head.token, 'GET', '/corrections?state=pending');
		assert.deepEqual(whole.items.map((c) => c.may_decide), [true, true, false]);
	});
});

describe('whatever is approved', () => {
	/* A small generator, so that a failure can be repeated. */
	const random = (seed) => (n) => {
		seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
		return Math.floor(seed / 4294967296 * n);
	};
	for (const seed of [1, 20261025, 77])
		test(`a rebuild makes the same rows of it (seed ${seed})`, async () => {
			const pick = random(seed);
			const anna = await clinic.hire();
			await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'weekly',
				valid_from: '2026-10-01', shifts: ['0', '1', '2', '3', '4'].map((d) => `${d} 09:00-18:00`),
				break_after_minutes: 360, break_minutes: 60 });
			let done = 0;
			for (let i = 0; i < 25; i++) {
				const known = (await events(anna)).filter((e) => !e.voided_by);
				const action = known.length < 3 ? 'add' : ['add', 'add', 'void', 'change'][pick(4)];
				const when = iso(Date.parse('2026-10-23T22:00:00Z') + pick(6 * 48) * 30 * M * 1000);
				const body = { action,
					...(action !== 'add' && { event: known[pick(known.length)].id }),
					...(action !== 'void' && { at: when, kind: ['in', 'out'][pick(2)] }) };
				const answer = await ask(anna.token, body);
				if (answer.status !== 201)
					continue;
				const effect = await clinic.must(boss.token, 'GET', `/corrections/${answer.body.id}/effect`);
				const loses = effect.lost_seconds > 0 || effect.missing > 0 || effect.ends_running;
				const first = await decide(boss.token, answer.body.id, 'approve');
				if (effect.long_seconds > 0)
					fault(first, 409, 'CONFIRM_LONG');
				else if (loses)
					fault(first, 409, 'CONFIRM_LOSS');
				else
					assert.equal(first.status, 200, JSON.stringify(first.body));
				if (first.status !== 200) {
					const long = pick(2) === 1;
					const foretold = await clinic.must(boss.token, 'GET',
						`/corrections/${answer.body.id}/effect?confirm_long=${long}`);
					const total = (await worked(anna)).worked_seconds;
					const last = await decide(boss.token, answer.body.id, 'approve', { confirm: true, confirm_long: long });
					assert.equal(last.status, 200, JSON.stringify(last.body));
					assert.equal((await worked(anna)).worked_seconds - total,
						foretold.worked_seconds_after - foretold.worked_seconds_before, 'the effect is what was shown');
				}
				done++;
			}
			assert.ok(done > 12, `${done}`);
			const rows = await derived(anna);
			await stack.tabelctl('rebuild');
			assert.deepEqual(await derived(anna), rows);
		});
});

describe('what was corrected', () => {
	test('is a fact that nobody may change, and is void once', async () => {
		const [row] = await stack.db(`SELECT has_table_privilege('tabel_app', 'event', 'UPDATE') AS all,
			has_column_privilege('tabel_app', 'event', 'voided_by', 'UPDATE') AS voided,
			has_table_privilege('tabel_app', 'correction', 'DELETE') AS gone`);
		assert.deepEqual(row, { all: false, voided: true, gone: false });
	});

	test('keeps its employee', async () => {
		const anna = await clinic.hire();
		await asked(anna.token, { action: 'add', at: at('10 18:00'), kind: 'out' });
		assert.deepEqual(await clinic.must(clinic.admin, 'DELETE', `/employees/${anna.id}`),
			{ deleted: false, deactivated: true });
	});
});
