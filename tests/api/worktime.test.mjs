/*
 * Schedules, absences, holidays, the plan, and worked time against it
 * (T7, T8; WORKTIME W6, W8, W11 to W18), with the programs' clock in our hands.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

const H = 3600, M = 60;
let stack, clinic, clock;

before(async () => {
	stack = await startStack({ faketime: '2026-10-19T03:00:00Z', conf: { TOKEN_MINUTES: 1440 } });
	clock = stack.clock;
	clinic = await openClinic(stack, { time_zone: 'Europe/Kyiv' });
});
after(() => stack?.stop());

async function at(instant, person) {
	await clock.set(instant);
	clinic.admin = (await stack.signIn()).token;
	if (person)
		person.token = (await stack.signIn({ id: person.telegram_id })).token;
}
async function mark(person, instant, kind) {
	await at(instant, person);
	const answer = await clinic.mark(person.token, kind);
	assert.equal(answer.status, 201, JSON.stringify(answer.body));
	return answer.body;
}
function fault(answer, status, code) {
	assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
}

const office = ['0', '1', '2', '3', '4'].map((day) => `${day} 09:00-18:00`);
const weekly = (employee, more = {}) => clinic.must(clinic.admin, 'POST', '/schedules', {
	employee: employee.id, kind: 'weekly', valid_from: '2026-10-01', shifts: office,
	break_after_minutes: 360, break_minutes: 60, ...more });
const total = async (employee, from, to, token = clinic.admin) => (await clinic.must(token, 'GET',
	`/stats/worktime?employee=${employee.id}&from=${from}&to=${to}`)).items[0];
const days = async (employee, from, to) => (await clinic.must(clinic.admin, 'GET',
	`/stats/worktime?employee=${employee.id}&from=${from}&to=${to}&by=day`)).items;
const explain = (employee, day) => clinic.must(clinic.admin, 'GET',
	`/stats/worktime/explain?employee=${employee.id}&day=${day}`);

/* The figures that are named, of a day. */
async function assertDay(employee, day, figures) {
	const [item = {}] = await days(employee, day, day);
	const got = Object.fromEntries(Object.keys(figures).map((name) => [name, item[name]]));
	assert.deepEqual(got, figures);
	const { reasons } = await explain(employee, day);
	for (const [figure, name] of [['worked', 'worked_seconds'], ['planned', 'planned_seconds'],
		['late', 'late_seconds'], ['early', 'early_seconds'], ['night', 'night_seconds'],
		['overtime', 'overtime_seconds']])
		assert.equal(reasons.filter((r) => r.figure === figure).reduce((sum, r) => sum + r.seconds, 0),
			item[name] ?? 0, `${figure}: ${JSON.stringify(reasons)}`);
}

/* Until everybody's plan reaches far enough: the stack's own worker may be at it. */
async function plansReach() {
	const behind = `SELECT FROM employee e LEFT JOIN workday_horizon h ON h.employee = e.id
		WHERE e.left_on IS NULL AND (h.through >= (date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC')
			+ interval '3 months')::date - 1) IS NOT TRUE`;
	do
		await stack.worker();
	while ((await stack.db(behind, [new Date(clock.now())])).length > 0);
}

describe('a schedule', () => {
	test('is a plan in instants, also over the change of the clocks', async () => {
		const anna = await clinic.hire();
		await at('2026-10-19T03:00:00Z', anna);
		const made = await clinic.must(clinic.admin, 'POST', '/schedules', {
			employee: anna.id, kind: 'rotation', valid_from: '2026-10-20', cycle_days: 4,
			anchor: '2026-10-24', shifts: ['0 20:00-08:00', '1 08:00-08:00'] });
		assert.deepEqual([made.kind, made.cycle_days, made.anchor, made.shifts, made.time_zone],
			['rotation', 4, '2026-10-24', ['0 20:00-08:00', '1 08:00-08:00'], 'Europe/Kyiv']);
	});

	test('of which two shifts overlap is refused', async () => {
		const anna = await clinic.hire();
		const post = (shifts, more) => clinic.as(clinic.admin, 'POST', '/schedules',
			{ employee: anna.id, kind: 'rotation', cycle_days: 2, valid_from: '2026-10-20', shifts, ...more });
		fault(await post(['0 20:00-08:00', '1 07:00-09:00']), 409, 'SHIFT_OVERLAP');
		fault(await post(['1 20:00-08:00', '0 07:00-09:00']), 409, 'SHIFT_OVERLAP');
		fault(await post(['2 20:00-08:00']), 422, 'BAD_FIELD');
		fault(await post(['0 20:00-24:00']), 422, 'BAD_FIELD');
		fault(await post(['0 20:00']), 422, 'BAD_FIELD');
		fault(await post(['0 09:00-18:00'], { kind: 'weekly' }), 422, 'BAD_FIELD');
		fault(await post(['0 09:00-18:00'], { break_minutes: 30 }), 422, 'BAD_FIELD');
		fault(await post(['0 09:00-18:00'], { valid_to: '2026-10-19' }), 422, 'BAD_FIELD');
		fault(await post(['0 09:00-18:00'], { employee: 999999 }), 422, 'BAD_FIELD');
		fault(await post(['0 09:00-18:00'], { valid_to: '2026-02-31' }), 422, 'BAD_FIELD');
		assert.deepEqual((await clinic.must(clinic.admin, 'GET', `/schedules?employee=${anna.id}`)).items, []);
	});

	test('does not overlap another one; a change is dated', async () => {
		const anna = await clinic.hire();
		const first = await weekly(anna);
		fault(await clinic.as(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'weekly',
			valid_from: '2026-11-02', shifts: [] }), 409, 'SCHEDULE_OVERLAP');
		await clinic.must(clinic.admin, 'PUT', `/schedules/${first.id}`, { kind: 'weekly',
			valid_from: '2026-10-01', valid_to: '2026-11-01', shifts: office });
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'weekly',
			valid_from: '2026-11-02', shifts: ['0 08:00-12:00'] });
		const { items } = await clinic.must(anna.token, 'GET', '/plan?from=2026-10-30&to=2026-11-02');
		assert.deepEqual(items.map((d) => [d.day, d.shifts.map((s) => `${s.starts_at} ${s.seconds}`)]), [
			['2026-10-30', ['2026-10-30T07:00:00Z 32400']], ['2026-10-31', []], ['2026-11-01', []],
			['2026-11-02', ['2026-11-02T06:00:00Z 14400']]]);
		await clinic.must(clinic.admin, 'DELETE', `/schedules/${first.id}`);
		assert.equal((await clinic.must(anna.token, 'GET', '/plan?from=2026-10-30&to=2026-10-30')).items[0]
			.shifts.length, 0);
	});

	test('is the business of the branch\'s managers', async () => {
		const [anna, boris] = [await clinic.hire(), await clinic.hire()];
		const other = await clinic.openBranch();
		const chief = await clinic.hire({}, { manager_of: [other.id] });
		const schedule = await weekly(anna);
		const body = { employee: anna.id, kind: 'weekly', valid_from: '2020-01-01', shifts: [] };
		fault(await clinic.as(chief.token, 'POST', '/schedules', body), 403, 'OTHER_BRANCH');
		fault(await clinic.as(chief.token, 'DELETE', `/schedules/${schedule.id}`), 403, 'OTHER_BRANCH');
		fault(await clinic.as(boris.token, 'POST', '/schedules', body), 403, 'FORBIDDEN');
		fault(await clinic.as(boris.token, 'GET', `/plan?from=2026-10-20&to=2026-10-20&employee=${anna.id}`),
			404, 'NOT_FOUND');
		fault(await clinic.as(boris.token, 'GET', `/stats/worktime/explain?employee=${anna.id}&day=2026-10-20`),
			404, 'NOT_FOUND');
		assert.deepEqual((await clinic.must(boris.token, 'GET',
			`/stats/worktime?employee=${anna.id}`)).items, []);
		fault(await clinic.as(chief.token, 'POST', '/holidays', { day: '2026-12-25', name: 'Рождество' }),
			403, 'OTHER_BRANCH');
		await clinic.must(chief.token, 'POST', '/holidays',
			{ day: '2026-12-25', name: 'Рождество', branch: other.id });
	});
});

describe('worked time', () => {
	test('W14 W15: a day with a break, seven minutes late', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		await mark(anna, '2026-10-20T06:07:00Z', 'in');	/* 09:07 */
		await mark(anna, '2026-10-20T15:00:00Z', 'out');
		await assertDay(anna, '2026-10-20', { worked_seconds: 7 * H + 53 * M, planned_seconds: 8 * H,
			difference_seconds: -7 * M, break_seconds: H, late_seconds: 7 * M, early_seconds: 0,
			overtime_seconds: 0, night_seconds: 0, unexplained: 0, missing_out: 0 });
		const own = await total(anna, '2026-10-20', '2026-10-20', anna.token);
		assert.deepEqual([own.worked_seconds, own.late_days, own.days], [7 * H + 53 * M, 1, 1]);
		/* W18: Monday's shift is unexplained, Wednesday's is expected. */
		const week = await total(anna, '2026-10-19', '2026-10-21');
		assert.deepEqual([week.shifts, week.planned_seconds, week.unexplained], [3, 24 * H, 1]);
	});

	test('W11 W12 W16: the night of 25 October is 13 hours, 9 of them at night', async () => {
		const anna = await clinic.hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			cycle_days: 4, anchor: '2026-10-24', valid_from: '2026-10-24', shifts: ['0 20:00-08:00'] });
		await mark(anna, '2026-10-24T21:30:00Z', 'in');	/* 00:30 on the 25th */
		await mark(anna, '2026-10-25T06:00:00Z', 'out');
		await assertDay(anna, '2026-10-24', { planned_seconds: 13 * H, worked_seconds: 8 * H + 30 * M,
			late_seconds: 4 * H + 30 * M, night_seconds: 6 * H + 30 * M });
		assert.deepEqual(await days(anna, '2026-10-25', '2026-10-25'), []);
		assert.deepEqual((await stack.db('SELECT day::text FROM interval WHERE employee = $1', [anna.id])),
			[{ day: '2026-10-24' }]);
	});

	test('W6: a duty of 24 hours is closed', async () => {
		const anna = await clinic.hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			cycle_days: 4, valid_from: '2026-10-26', shifts: ['0 08:00-08:00'] });
		await mark(anna, '2026-10-26T06:00:00Z', 'in');
		const out = await mark(anna, '2026-10-27T06:00:00Z', 'out');
		assert.deepEqual([out.effect, out.interval_seconds], ['closes', 24 * H]);
		await assertDay(anna, '2026-10-26', { worked_seconds: 24 * H, night_seconds: 8 * H, early_seconds: 0 });
	});

	test('W8: a scan near a planned end, with nothing open, is an out', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		await at('2026-10-27T15:55:00Z', anna);		/* 17:55 */
		assert.equal((await clinic.scan(anna.token)).body.proposed, 'out');
		const out = await clinic.mark(anna.token, 'out');
		assert.equal(out.body.effect, 'missing_in');
		await assertDay(anna, '2026-10-27', { worked_seconds: 0, missing_in: 1, unexplained: 0 });
	});

	test('W7: a missing out is 0 hours, from the limit on', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		await mark(anna, '2026-10-28T07:00:00Z', 'in');
		await assertDay(anna, '2026-10-28', { worked_seconds: 0, open: true, missing_out: 0 });
		await at('2026-10-28T23:00:01Z');
		await assertDay(anna, '2026-10-28', { worked_seconds: 0, open: false, missing_out: 1, unexplained: 0 });
	});

	test('W17 W18: a holiday cancels the week\'s plan, not a rotation\'s', async () => {
		const [anna, boris] = [await clinic.hire(), await clinic.hire()];
		await weekly(anna);
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: boris.id, kind: 'rotation',
			cycle_days: 1, valid_from: '2026-10-01', shifts: ['0 09:00-18:00'] });
		await mark(anna, '2026-10-29T07:00:00Z', 'in');
		await mark(anna, '2026-10-29T16:00:00Z', 'out');
		await assertDay(anna, '2026-10-29', { planned_seconds: 8 * H, worked_seconds: 8 * H, overtime_seconds: 0 });
		const holiday = await clinic.must(clinic.admin, 'POST', '/holidays',
			{ day: '2026-10-29', name: 'День города', branch: clinic.branch.id });
		await assertDay(anna, '2026-10-29', { planned_seconds: 0, worked_seconds: 9 * H,
			overtime_seconds: 9 * H, break_seconds: 0, holiday: true });
		await assertDay(boris, '2026-10-29', { planned_seconds: 9 * H, holiday: true, unexplained: 1 });
		fault(await clinic.as(clinic.admin, 'POST', '/holidays',
			{ day: '2026-10-29', name: 'Ещё раз', branch: clinic.branch.id }), 409, 'HOLIDAY_TAKEN');
		await clinic.must(clinic.admin, 'DELETE', `/holidays/${holiday.id}`);
		await assertDay(anna, '2026-10-29', { planned_seconds: 8 * H, overtime_seconds: 0, holiday: false });
	});

	test('W18: an absence cancels the plan; work in it is a conflict', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		await mark(anna, '2026-10-30T07:00:00Z', 'in');
		await mark(anna, '2026-10-30T16:00:00Z', 'out');
		const absence = await clinic.must(clinic.admin, 'POST', '/absences',
			{ employee: anna.id, kind: 'annual_leave', from: '2026-10-29', to: '2026-11-02' });
		assert.deepEqual([absence.state, absence.from, absence.to], ['approved', '2026-10-29', '2026-11-02']);
		fault(await clinic.as(clinic.admin, 'POST', '/absences',
			{ employee: anna.id, kind: 'sick', from: '2026-11-02', to: '2026-11-03' }), 409, 'ABSENCE_OVERLAP');
		await assertDay(anna, '2026-10-30', { planned_seconds: 0, worked_seconds: 9 * H,
			overtime_seconds: 9 * H, absence: 'annual_leave', conflict: true });
		const sum = await total(anna, '2026-10-29', '2026-11-02');
		assert.deepEqual([sum.absence_days, sum.absences, sum.conflicts, sum.unexplained],
			[5, { annual_leave: 5 }, 1, 0]);
		assert.equal((await clinic.must(anna.token, 'GET', '/absences')).items.length, 1);
		await clinic.must(clinic.admin, 'PUT', `/absences/${absence.id}`,
			{ kind: 'sick', from: '2026-11-02', to: '2026-11-02' });
		await assertDay(anna, '2026-10-30', { planned_seconds: 8 * H, absence: null, conflict: false });
		await clinic.must(clinic.admin, 'DELETE', `/absences/${absence.id}`);
		assert.equal((await total(anna, '2026-10-29', '2026-11-02')).absence_days, 0);
	});

	test('T7: a day that is not as scheduled', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		await mark(anna, '2026-11-03T11:00:00Z', 'in');	/* 13:00 */
		await mark(anna, '2026-11-03T19:00:00Z', 'out');
		await assertDay(anna, '2026-11-03', { late_seconds: 4 * H });
		const put = (shifts) => clinic.must(clinic.admin, 'POST', '/schedule-exceptions',
			{ employee: anna.id, day: '2026-11-03', shifts, reason: 'замена' });
		const day = await put(['13:00-21:00']);
		await assertDay(anna, '2026-11-03', { late_seconds: 0, planned_seconds: 7 * H, worked_seconds: 7 * H });
		fault(await clinic.as(clinic.admin, 'POST', '/schedule-exceptions', { employee: anna.id,
			day: '2026-11-03', shifts: ['13:00-21:00', '20:00-22:00'] }), 409, 'EXCEPTION_OVERLAP');
		assert.equal((await put([])).id, day.id);
		await assertDay(anna, '2026-11-03', { planned_seconds: 0, overtime_seconds: 8 * H });
		await clinic.must(clinic.admin, 'DELETE', `/schedule-exceptions/${day.id}`);
		await assertDay(anna, '2026-11-03', { late_seconds: 4 * H });
	});

	test('a schedule that is drawn later pairs what was there', async () => {
		const anna = await clinic.hire();
		await mark(anna, '2026-11-04T06:00:00Z', 'in');
		const out = await mark(anna, '2026-11-05T06:00:00Z', 'out');
		assert.equal(out.effect, 'missing_in');		/* 24 h, the limit is 16 */
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			cycle_days: 4, valid_from: '2026-11-04', shifts: ['0 08:00-08:00'] });
		await assertDay(anna, '2026-11-04', { worked_seconds: 24 * H, missing_out: 0, missing_in: 0 });
	});

	test('each number is explained by its facts and rules', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		await mark(anna, '2026-11-06T07:00:00Z', 'in');	/* 09:00 */
		await mark(anna, '2026-11-06T16:30:00Z', 'out');
		const why = await explain(anna, '2026-11-06');
		assert.deepEqual(why.events.map((e) => [e.kind, e.effect]), [['in', 'opens'], ['out', 'closes']]);
		assert.deepEqual(why.intervals.map((i) => [i.in_at, i.seconds]), [['2026-11-06T07:00:00Z', 9.5 * H]]);
		assert.deepEqual(why.shifts.map((s) => [s.starts_at, s.state]), [['2026-11-06T07:00:00Z', 'came']]);
		assert.deepEqual(why.reasons.filter((r) => r.figure === 'worked').map((r) => [r.rule, r.seconds]),
			[['W11', 9.5 * H], ['W14', -H]]);
		assert.deepEqual(why.reasons.filter((r) => r.figure === 'overtime').map((r) => [r.rule, r.seconds]),
			[['W17', 30 * M]]);
	});

	test('the sum of days is the total, and a rebuild is the same', async () => {
		const figures = () => stack.db(`SELECT employee, day::text, shifts, planned_seconds, worked_seconds,
			break_seconds, late_seconds, early_seconds, night_seconds, overtime_seconds, missing_in,
			missing_out + (open_until < $1::timestamptz IS TRUE)::int AS missing_out,
			unexplained_from, holiday, absence, conflict
			FROM workday ORDER BY employee, day`, ['2026-11-06T16:30:00Z']);
		await plansReach();		/* November has begun */
		const before_ = await figures();
		await stack.tabelctl('rebuild');
		assert.deepEqual(await figures(), before_);
		const { items } = await clinic.must(clinic.admin, 'GET', '/stats/worktime?from=2026-10-01&to=2026-11-30');
		const byDay = (await clinic.must(clinic.admin, 'GET',
			'/stats/worktime?from=2026-10-01&to=2026-11-30&by=day')).items;
		assert.ok(items.length > 5);
		for (const item of items)
			for (const name of ['worked_seconds', 'planned_seconds', 'night_seconds', 'overtime_seconds',
				'late_seconds', 'unexplained', 'missing_out'])
				assert.equal(byDay.filter((d) => d.employee === item.employee)
					.reduce((sum, d) => sum + d[name], 0), item[name], name);
	});

	test('plans reach further when time passes', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		const planned = async () => (await total(anna, '2027-02-01', '2027-02-28')).shifts;
		assert.equal(await planned(), 0);
		await at('2026-12-01T08:00:00Z', anna);
		await plansReach();
		assert.equal(await planned(), 20);
	});

	test('of somebody who left ends with his employment', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		await mark(anna, '2026-12-01T08:00:00Z', 'in');
		await clinic.must(clinic.admin, 'DELETE', `/employees/${anna.id}`);
		const [last] = (await days(anna, '2026-12-01', '2026-12-31'));
		assert.deepEqual([last.day, last.missing_out, last.open], ['2026-12-01', 1, false]);
		assert.equal((await days(anna, '2026-12-02', '2026-12-31')).length, 0);
	});
});
