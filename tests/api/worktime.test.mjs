/*
 * Schedules, absences, holidays, the plan, and worked time against it
 * (T7, T8; WORKTIME W6, W8, W11 to W18), with the programs' clock in our hands.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fault, startStack } from '../harness.mjs';
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
		/* A year at most, whenever he came: the days are counted before they are read. */
		for (const [to, status] of [['2027-10-30', 200], ['2027-10-31', 422], ['2200-12-31', 422]])
			assert.equal((await clinic.as(anna.token, 'GET', `/plan?from=2026-10-30&to=${to}`)).status, status, to);
		const fresh = await clinic.hire({}, { hired_on: '2026-10-01' });
		fault(await clinic.as(fresh.token, 'GET', '/plan?from=1970-01-01&to=2026-11-02'), 422, 'BAD_FIELD', 'to');
		await clinic.must(clinic.admin, 'DELETE', `/schedules/${first.id}`);
		assert.equal((await clinic.must(anna.token, 'GET', '/plan?from=2026-10-30&to=2026-10-30')).items[0]
			.shifts.length, 0);
	});

	test('is given to several at once, to all or to nobody', async () => {
		const people = [await clinic.hire(), await clinic.hire(), await clinic.hire()];
		const employees = people.map((p) => p.id);
		const body = { employees, kind: 'weekly', valid_from: '2026-11-02', shifts: office };
		const post = (more, token = clinic.admin) => clinic.as(token, 'POST', '/schedules', { ...body, ...more });
		const named = (answer) => answer.body.errors.map((e) => e.field);
		const schedules = async () => (await Promise.all(employees.map((id) =>
			clinic.must(clinic.admin, 'GET', `/schedules?employee=${id}`)))).map(({ items }) => items.length);
		const nobodys = async (answer, status, code, ...fields) => {
			fault(answer, status, code);
			assert.deepEqual([named(answer), await schedules()], [fields, [0, 1, 0]]);
		};
		await weekly(people[1]);

		await nobodys(await post(), 409, 'SCHEDULE_OVERLAP', 'employees.1');
		await nobodys(await post({ employees: [...employees, 999999] }), 422, 'BAD_FIELD', 'employees.3');
		await nobodys(await post({ employees: [employees[0], employees[2], employees[0]] }), 422, 'BAD_FIELD', 'employees.2');
		await nobodys(await post({ employees: [] }), 422, 'BAD_FIELD', 'employees');
		await nobodys(await post({ employee: employees[0] }), 422, 'BAD_FIELD', 'employees');
		await nobodys(await post({ employees: null }), 422, 'BAD_FIELD', 'employee');
		await nobodys(await post({ employees: [], shifts: ['9 09:00-18:00'] }), 422, 'BAD_FIELD', 'employees', 'shifts');
		const there = await clinic.openBranch();
		const chief = await clinic.hire({}, { manager_of: [clinic.branch.id] });
		const away = await clinic.hire({}, { branch: there.id });
		await nobodys(await post({ employees: [employees[0], away.id] }, chief.token), 403, 'OTHER_BRANCH', 'employees.1');

		const [all, other] = await Promise.all([employees, employees.toReversed()].map((list) =>
			post({ employees: list, ends_previous: true })));
		const [done, late] = all.status === 201 ? [all, other] : [other, all];
		assert.equal(done.status, 201, JSON.stringify(done.body));
		fault(late, 409, 'SCHEDULE_OVERLAP');
		assert.deepEqual(done.body.items.map((s) => s.employee), done === all ? employees : employees.toReversed());
		assert.deepEqual(await schedules(), [1, 2, 1]);
		for (const person of people)
			assert.deepEqual((await days(person, '2026-11-02', '2026-11-02')).map((d) => d.planned_seconds), [9 * H]);
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

	test('W11 W19: an out alone after a night is on the day of the night, everywhere', async () => {
		const anna = await clinic.hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			cycle_days: 4, valid_from: '2026-10-28', shifts: ['0 20:00-08:00'] });
		await mark(anna, '2026-10-29T06:10:00Z', 'out');	/* 08:10 */
		await assertDay(anna, '2026-10-28', { missing_in: 1, unexplained: 0 });
		assert.deepEqual(await days(anna, '2026-10-29', '2026-10-29'), []);
		const { items } = await clinic.must(clinic.admin, 'GET',
			`/reports/days?employee=${anna.id}&from=2026-10-28&to=2026-10-29`);
		assert.deepEqual(items.map((d) => [d.day, d.missing_in, d.last_out]), [['2026-10-28', 1, '2026-10-29T06:10:00Z']]);
		const { events } = await explain(anna, '2026-10-28');
		assert.deepEqual(events.map((e) => e.effect), ['missing_in']);
		/* Between two shifts it is of the nearer one. */
		await clinic.must(clinic.admin, 'POST', '/schedule-exceptions',
			{ employee: anna.id, day: '2026-10-29', shifts: ['08:19-12:00'] });
		await assertDay(anna, '2026-10-29', { missing_in: 1 });
		assert.deepEqual((await stack.db(`SELECT m.day::text, fact_day(v.employee, 'out', v.at, v.time_zone)::text AS plan
			FROM event v JOIN event_meaning m ON m.event = v.id WHERE v.employee = $1`, [anna.id])),
			[{ day: '2026-10-29', plan: '2026-10-29' }]);
	});

	test('W11: a late night keeps its day, whatever happens a week later', async () => {
		const anna = await clinic.hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			cycle_days: 14, valid_from: '2026-10-19', shifts: ['0 20:00-08:00'] });
		const enter = (at, until) => clinic.must(clinic.admin, 'POST', '/events/manual',
			{ employee: anna.id, at, kind: 'in', until, reason: 'Не было сети' });
		await at('2026-10-29T12:00:00Z');
		await enter('2026-10-19T22:30:00Z', '2026-10-20T05:00:00Z');	/* 01:30 on the 20th */
		for (let day = 22; day < 29; day++)
			await enter(`2026-10-${day}T09:00:00Z`, `2026-10-${day}T10:00:00Z`);
		assert.deepEqual((await stack.db('SELECT day::text FROM interval WHERE employee = $1 ORDER BY in_at LIMIT 1',
			[anna.id])), [{ day: '2026-10-19' }]);
	});

	test('W1 W12: the hours of an exception are those of the branch of that day', async () => {
		const anna = await clinic.hire(), far = await clinic.openBranch({ time_zone: 'America/New_York' });
		await at('2026-10-29T12:00:00Z');
		const put = (day) => clinic.must(clinic.admin, 'POST', '/schedule-exceptions',
			{ employee: anna.id, day, shifts: ['09:00-10:00'] });
		await put('2026-11-02');
		await clinic.must(clinic.admin, 'PUT', `/employees/${anna.id}`, { last_name: 'Котова', first_name: 'Анна',
			branch: far.id, position: clinic.position.id });
		await put('2026-10-27');	/* before she went there */
		await put('2026-11-02');	/* in place of what was said before */
		const { items } = await clinic.must(clinic.admin, 'GET',
			`/plan?employee=${anna.id}&from=2026-10-27&to=2026-11-02`);
		assert.deepEqual(items.flatMap((d) => d.shifts.map((s) => s.starts_at)),
			['2026-10-27T07:00:00Z', '2026-11-02T14:00:00Z']);
	});

	test('W18: holidays are those of the branch where somebody is that day', async () => {
		const [here, there] = [await clinic.openBranch(), await clinic.openBranch()];
		const anna = await clinic.hire({}, { branch: here.id });
		await at('2026-10-29T12:00:00Z');
		await weekly(anna);
		const keep = (day, branch) => clinic.must(clinic.admin, 'POST', '/holidays',
			{ day, name: 'День клиники', branch: branch.id });
		const planned = async () => (await days(anna, '2026-10-27', '2026-11-04')).filter((d) => /-2[78]|-0[34]/.test(d.day))
			.map((d) => [d.day, d.holiday, d.planned_seconds / H]);
		await keep('2026-10-27', here);
		await keep('2026-11-03', here);
		assert.deepEqual(await planned(), [['2026-10-27', true, 0], ['2026-10-28', false, 8],
			['2026-11-03', true, 0], ['2026-11-04', false, 8]]);
		await clinic.must(clinic.admin, 'PUT', `/employees/${anna.id}`, { last_name: 'Котова', first_name: 'Анна',
			branch: there.id, position: clinic.position.id });
		await keep('2026-10-28', there);	/* before she went there */
		await keep('2026-11-04', there);
		assert.deepEqual(await planned(), [['2026-10-27', true, 0], ['2026-10-28', false, 8],
			['2026-11-03', false, 8], ['2026-11-04', true, 0]]);
	});

	test('W12: a shift is on the clock of the branch where somebody is that day', async () => {
		const [here, there] = await Promise.all(['Europe/Kyiv', 'Asia/Tbilisi']
			.map((time_zone) => clinic.openBranch({ time_zone })));
		const anna = await clinic.hire({}, { branch: here.id });
		await at('2026-11-04T15:00:00Z');
		await weekly(anna);
		await clinic.must(clinic.admin, 'POST', '/schedule-exceptions',
			{ employee: anna.id, day: '2026-11-07', shifts: ['10:00-12:00'] });
		const begins = async () => (await clinic.must(clinic.admin, 'GET', `/plan?employee=${anna.id}&from=2026-11-02&to=2026-11-09`))
			.items.flatMap((day) => day.shifts).map((shift) => shift.starts_at.slice(5, 16));
		assert.deepEqual(await begins(), ['11-02T07:00', '11-03T07:00', '11-04T07:00', '11-05T07:00', '11-06T07:00', '11-07T08:00', '11-09T07:00']);
		const worked = (from, until) => clinic.must(clinic.admin, 'POST', '/events/manual',
			{ employee: anna.id, kind: 'in', at: from, until, reason: 'Забыла' });
		await worked('2026-11-03T07:00:00Z', '2026-11-03T16:00:00Z');
		await clinic.must(clinic.admin, 'PUT', `/employees/${anna.id}`, { last_name: 'Котова', first_name: 'Анна',
			branch: there.id, position: clinic.position.id });
		const moved = ['11-02T07:00', '11-03T07:00', '11-04T05:00', '11-05T05:00', '11-06T05:00', '11-07T06:00', '11-09T05:00'];
		assert.deepEqual(await begins(), moved);
		await worked('2026-11-04T05:00:00Z', '2026-11-04T14:00:00Z');
		const late = async () => (await days(anna, '2026-11-03', '2026-11-04')).map((d) => [d.late_seconds, d.early_seconds, d.worked_seconds / H]);
		assert.deepEqual(await late(), [[0, 0, 8], [0, 0, 8]]);

		/* The zone of there was a mistake; what here drew for its own people stays as it was drawn (W1). */
		const put = (branch, time_zone) => clinic.must(clinic.admin, 'PUT', `/branches/${branch.id}`,
			{ name: branch.name, max_shift_minutes: branch.max_shift_minutes, time_zone });
		await put(here, 'Europe/London');
		assert.deepEqual(await begins(), moved);
		assert.deepEqual(await late(), [[0, 0, 8], [0, 0, 8]]);
		await put(there, 'Asia/Yerevan');	/* the same clock */
		assert.deepEqual(await late(), [[0, 0, 8], [0, 0, 8]]);
		await put(there, 'Asia/Tashkent');
		assert.deepEqual((await late())[1], [H, 0, 8]);
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

	test('W2: what somebody did after his last day is of the month as it is of its sheet', async () => {
		const anna = await clinic.hire();
		await mark(anna, '2026-12-02T08:00:00Z', 'in');
		await mark(anna, '2026-12-02T10:00:00Z', 'out');
		const { last_name, first_name, hired_on } = anna;
		await clinic.must(clinic.admin, 'PUT', `/employees/${anna.id}`, { last_name, first_name, hired_on, active: false,
			left_on: '2026-11-30', branch: clinic.branch.id, position: clinic.position.id });
		const range = `employee=${anna.id}&from=2026-12-01&to=2026-12-31`;
		const sheet = await clinic.must(clinic.admin, 'GET', `/timesheets?branch=${clinic.branch.id}&month=2026-12`);
		assert.equal(sheet.rows.find((r) => r.employee === anna.id).worked_seconds, 2 * H);
		for (const by of ['total', 'grid'])
			assert.deepEqual((await clinic.must(clinic.admin, 'GET', `/stats/worktime?${range}&by=${by}`)).items
				.map((x) => x.worked_seconds), [2 * H], by);
		assert.match(await clinic.must(clinic.admin, 'GET', `/stats/worktime.csv?${range}`), /,"1","0","2\.00",/);
	});

	test('of nobody is 0, not nothing', async () => {
		const anna = await clinic.hire();
		const text = await clinic.must(clinic.admin, 'GET', `/stats/worktime.csv?employee=${anna.id}&from=2026-10-01&to=2026-10-31`);
		assert.match(text.split('\r\n')[1], /,"0","0","0\.00",.*,"0","0","0","0",$/);
	});
});

describe('who leaves and comes back', () => {
	const put = (person, active) => clinic.must(clinic.admin, 'PUT', `/employees/${person.id}`, {
		last_name: person.last_name, first_name: person.first_name, branch: clinic.branch.id,
		position: clinic.position.id, hired_on: person.hired_on, telegram_id: person.telegram_id,
		card_uid: person.card_uid, active });
	const effects = async (person) => (await clinic.must(clinic.admin, 'GET', `/events?employee=${person.id}`))
		.items.reverse().map((e) => `${e.at.slice(8, 16)} ${e.kind} ${e.effect}${e.missing_out ? ' lost' : ''}`);
	const rebuilt = async (person, wanted, what) => {
		assert.deepEqual(await effects(person), wanted, what);
		await stack.tabelctl('rebuild');
		assert.deepEqual(await effects(person), wanted, `${what}, and so it is when it is worked out again`);
	};
	/* In at 09:00, away from 11:00 to 12:00 of that day. */
	const away = async (person, leave = () => put(person, false), back = () => put(person, true)) => {
		await mark(person, '2026-11-10T07:00:00Z', 'in');
		await at('2026-11-10T09:00:00Z');
		await leave();
		await at('2026-11-10T10:00:00Z');
		await back();
	};

	test('W7: what was open is lost, whoever scans, and W9: the out has no in', async () => {
		const anna = await clinic.hire();
		await away(anna);
		await mark(anna, '2026-11-10T16:00:00Z', 'out');
		await rebuilt(anna, ['10T07:00 in opens lost', '10T16:00 out missing_in']);
		await assertDay(anna, '2026-11-10', { worked_seconds: 0, missing_in: 1, missing_out: 1 });
	});

	test('W7: a plan or a length makes it no longer; W8: the next scan is an in', async () => {
		const anna = await clinic.hire();
		await weekly(anna);
		await away(anna);
		await at('2026-11-10T11:00:00Z', anna);
		assert.equal((await clinic.scan(anna.token)).body.proposed, 'in');
		await mark(anna, '2026-11-10T11:00:00Z', 'in');
		await mark(anna, '2026-11-10T16:00:00Z', 'out');
		await rebuilt(anna, ['10T07:00 in opens lost', '10T11:00 in opens', '10T16:00 out closes']);
	});

	test('W7: it is to be corrected by hand, also for a time when he had left', async () => {
		const anna = await clinic.hire();
		await away(anna);
		const answer = await clinic.as(clinic.admin, 'POST', '/events/manual',
			{ employee: anna.id, at: '2026-11-10T09:30:00Z', kind: 'out', reason: 'Ушла позже' });
		assert.equal(answer.body.effect, 'closes', JSON.stringify(answer.body));
		await rebuilt(anna, ['10T07:00 in opens', '10T09:30 out closes']);
	});

	test('W7: by DELETE too, and by an import', async () => {
		const anna = await clinic.hire(), boris = await clinic.hire({}, { personnel_number: 'W7' });
		const csv = (left_on) => clinic.as(clinic.admin, 'POST', '/employees.csv?dry_run=false',
			`personnel_number,last_name,first_name,left_on\nW7,Котова,Анна,${left_on}`, { 'content-type': 'text/csv' });
		const imported = (left_on) => async () => {
			const answer = await csv(left_on);
			assert.deepEqual([answer.status, answer.body.counts?.update], [200, 1], JSON.stringify(answer.body));
		};
		await away(anna, () => clinic.must(clinic.admin, 'DELETE', `/employees/${anna.id}`));
		await away(boris, imported('2026-11-10'), imported(''));
		for (const person of [anna, boris]) {
			await mark(person, '2026-11-10T16:00:00Z', 'out');
			await rebuilt(person, ['10T07:00 in opens lost', '10T16:00 out missing_in']);
		}
	});

	test('W6: days that are no longer of the employment lose their plan, and what it paired', async () => {
		const anna = await clinic.hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation', cycle_days: 1,
			valid_from: '2026-11-10', shifts: ['0 08:00-08:00'] });
		await mark(anna, '2026-11-10T06:00:00Z', 'in');
		await mark(anna, '2026-11-11T05:30:00Z', 'out');
		const paired = ['10T06:00 in opens', '11T05:30 out closes'];
		await at('2026-11-11T09:00:00Z');
		await rebuilt(anna, paired, 'a duty of 24 hours');
		const change = (more) => clinic.must(clinic.admin, 'PUT', `/employees/${anna.id}`, {
			last_name: anna.last_name, first_name: anna.first_name, branch: clinic.branch.id, position: clinic.position.id,
			telegram_id: anna.telegram_id, hired_on: '2020-01-01', ...more });
		for (const outside of [{ active: false, left_on: '2026-11-09' }, { active: true, hired_on: '2026-11-11' }]) {
			await change(outside);
			await rebuilt(anna, ['10T06:00 in opens lost', '11T05:30 out missing_in'], 'longer than 16 hours without a plan');
			await change({ active: true });
			await rebuilt(anna, paired, 'as before');
		}
	});

	test('W1: taps that come later than he left, or came back, are of their own time', async () => {
		const anna = await clinic.hire({}, { card_uid: '04AA0007' });
		const reader = await clinic.hang(clinic.branch, { kind: 'nfc' });
		const tap = (id, at) => ({ id, uid: '04AA0007', at });
		await at('2026-11-10T09:00:00Z');
		await put(anna, false);
		await at('2026-11-10T10:00:00Z');
		await put(anna, true);
		await at('2026-11-10T16:30:00Z');
		await clinic.must(reader.key, 'POST', '/events/nfc', { taps: [
			tap('a', '2026-11-10T05:00:00Z'), tap('b', '2026-11-10T07:00:00Z'),
			tap('c', '2026-11-10T08:00:00Z'), tap('d', '2026-11-10T16:00:00Z')] });
		await rebuilt(anna, ['10T05:00 in opens', '10T07:00 out closes', '10T08:00 in opens lost', '10T16:00 in opens']);
	});
});

describe('a scan at the very end of the limit', () => {
	test('W6: closes also when it is answered after what was open was given up', async () => {
		const anna = await clinic.hire();
		await mark(anna, '2026-11-10T07:00:00Z', 'in');
		await at('2026-11-10T23:00:00Z', anna);		/* 16 hours, to the second */
		const { id } = (await clinic.scan(anna.token)).body;
		await clock.set('2026-11-10T23:00:30Z');
		const [before] = await stack.db('SELECT id FROM interval WHERE employee = $1', [anna.id]);
		do
			await stack.worker();
		while ((await stack.db("SELECT FROM interval WHERE id = $1 AND state = 'missing_out'", [before.id])).length === 0);
		const answer = await clinic.tap(anna.token, id, 'out');
		assert.deepEqual([answer.status, answer.body.effect], [201, 'closes'], JSON.stringify(answer.body));
		await stack.tabelctl('rebuild');
		assert.equal((await days(anna, '2026-11-10', '2026-11-10'))[0].worked_seconds, 16 * H);
	});
});

describe('what pages are told', () => {
	const board = async (person) => (await clinic.must(clinic.admin, 'GET', '/presence')).items
		.find((i) => i.employee === person.id);
	const listed = async (person, from, to = from, query = '') => (await clinic.must(clinic.admin, 'GET',
		`/reports/days?employee=${person.id}&from=${from}&to=${to}${query}`)).items;
	const told = (branch) => stack.db(`SELECT n.key, n.params FROM notification n
		WHERE n.params->>'branch' = $1 ORDER BY n.id`, [branch.name]);

	test('W18: the board knows who is expected, late, not here and never came', async () => {
		const anna = await clinic.hire({ last_name: 'Доскина' });
		await weekly(anna);
		const stands = async (instant) => {
			await at(instant, anna);
			const { plan, shift_starts_at, shift_ends_at, late_seconds, absence } = await board(anna);
			return { plan, shift_starts_at, shift_ends_at, late_seconds, absence };
		};
		const shift = { shift_starts_at: '2026-11-02T07:00:00Z', shift_ends_at: '2026-11-02T16:00:00Z',
			late_seconds: 0, absence: null };
		assert.deepEqual(await stands('2026-11-02T06:59:59Z'), { plan: 'expected', ...shift });
		assert.deepEqual(await stands('2026-11-02T07:00:00Z'), { plan: 'not_here', ...shift });
		assert.deepEqual(await stands('2026-11-02T15:59:59Z'), { plan: 'not_here', ...shift });
		assert.deepEqual(await stands('2026-11-02T16:00:00Z'), { plan: 'unexplained', ...shift });
		await mark(anna, '2026-11-03T07:12:00Z', 'in');
		const { plan, late_seconds, state } = await board(anna);
		assert.deepEqual({ plan, late_seconds, state }, { plan: 'came', late_seconds: 12 * M, state: 'in' });
		await mark(anna, '2026-11-03T16:00:00Z', 'out');

		await clinic.must(clinic.admin, 'POST', '/absences', { employee: anna.id, kind: 'sick',
			from: '2026-11-04', to: '2026-11-04' });
		assert.deepEqual(await stands('2026-11-04T08:00:00Z'), { plan: null, shift_starts_at: null,
			shift_ends_at: null, late_seconds: 0, absence: 'sick' });
	});

	test('W18: who is still here from before has come to the next shift, when that begins', async () => {
		const anna = await clinic.hire({ last_name: 'Двусменная' });
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			cycle_days: 4, valid_from: '2026-11-02', shifts: ['0 08:00-12:00', '0 20:00-23:00'] });
		await mark(anna, '2026-11-02T08:05:00Z', 'in');	/* 10:05, and no out: until 02:05 */
		for (const [instant, plan] of [['2026-11-02T17:59:59Z', 'expected'], ['2026-11-02T18:00:00Z', 'came'],
			['2026-11-02T20:59:59Z', 'came'], ['2026-11-02T21:00:00Z', 'came']]) {
			await at(instant, anna);
			assert.deepEqual([(await board(anna)).shift_starts_at, (await board(anna)).plan],
				['2026-11-02T18:00:00Z', plan], instant);
		}
		const { shifts } = await explain(anna, '2026-11-02');
		assert.deepEqual(shifts.map((s) => s.state), ['came', 'came']);
		await at('2026-11-03T00:05:01Z', anna);
		assert.deepEqual((await explain(anna, '2026-11-02')).shifts.map((s) => s.state), ['came', 'unexplained']);
	});

	test('a night shift stays on the board until it ends', async () => {
		const anna = await clinic.hire({ last_name: 'Ночная' });
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			cycle_days: 4, valid_from: '2026-11-02', shifts: ['0 20:00-08:00'] });
		await at('2026-11-03T02:00:00Z', anna);
		assert.deepEqual([(await board(anna)).plan, (await board(anna)).shift_starts_at],
			['not_here', '2026-11-02T18:00:00Z']);
		await at('2026-11-03T06:00:00Z', anna);
		assert.equal((await board(anna)).plan, null);
	});

	test('W14 W15: the days have the figures of worked time', async () => {
		const anna = await clinic.hire({ last_name: 'Поздняя' });
		await weekly(anna);
		await mark(anna, '2026-11-02T07:10:00Z', 'in');
		await mark(anna, '2026-11-02T15:40:00Z', 'out');
		await mark(anna, '2026-11-03T07:00:00Z', 'in');
		await mark(anna, '2026-11-03T16:00:00Z', 'out');
		await at('2026-11-05T06:00:00Z', anna);
		const items = await listed(anna, '2026-11-02', '2026-11-05');
		assert.deepEqual(items.map((d) => [d.day, d.worked_seconds, d.planned_seconds, d.late_seconds,
			d.early_seconds, d.unexplained]), [
			['2026-11-04', 0, 8 * H, 0, 0, 1],
			['2026-11-03', 8 * H, 8 * H, 0, 0, 0],
			['2026-11-02', 7.5 * H, 8 * H, 10 * M, 20 * M, 0],
		]);
		assert.deepEqual((await listed(anna, '2026-11-02', '2026-11-05', '&irregular=true')).map((d) => d.day),
			['2026-11-04', '2026-11-02']);
		const first = await clinic.must(clinic.admin, 'GET',
			`/reports/days?employee=${anna.id}&from=2026-11-02&to=2026-11-05&limit=2`);
		assert.deepEqual([first.items.length, (await listed(anna, '2026-11-02', '2026-11-05',
			`&after=${first.next}`)).map((d) => d.day)], [2, ['2026-11-02']]);
		const { body } = await clinic.as(clinic.admin, 'GET',
			`/reports/days.csv?employee=${anna.id}&from=2026-11-02&to=2026-11-05`);
		assert.deepEqual(body.trim().split('\r\n').slice(1).map((line) => line.replaceAll('"', '').split(',').slice(-5)), [
			['7.50', '8.00', '10', '20', 'closed'], ['8.00', '8.00', '0', '0', 'closed'],
			['0.00', '8.00', '0', '0', 'unexplained']]);
		const me = await clinic.me((await stack.signIn({ id: anna.telegram_id })).token);
		assert.equal(me.month.worked_seconds, 15.5 * H);
		assert.equal(me.month.planned_seconds, 21 * 8 * H);
	});

	test('a grid has everybody, and of each day what there is to say', async () => {
		const branch = await clinic.openBranch();
		const anna = await clinic.hire({ last_name: 'Аннина' }, { branch: branch.id });
		const boris = await clinic.hire({ last_name: 'Борисов' }, { branch: branch.id });
		await weekly(anna);
		await mark(anna, '2026-11-02T07:10:00Z', 'in');
		await mark(anna, '2026-11-02T16:00:00Z', 'out');
		await clinic.must(clinic.admin, 'POST', '/absences', { employee: anna.id, kind: 'training',
			from: '2026-11-04', to: '2026-11-04' });
		await at('2026-11-05T06:00:00Z', anna);
		const { items } = await clinic.must(clinic.admin, 'GET',
			`/stats/worktime?branch=${branch.id}&from=2026-11-02&to=2026-11-05&by=grid`);
		assert.deepEqual(items.map((i) => [i.employee, i.worked_seconds, i.planned_seconds, i.grid]), [
			[anna.id, 7 * H + 50 * M, 24 * H, [
				{ day: '2026-11-02', worked_seconds: 7 * H + 50 * M, planned_seconds: 8 * H, late_seconds: 10 * M },
				{ day: '2026-11-03', planned_seconds: 8 * H, unexplained: 1 },
				{ day: '2026-11-04', absence: 'training' },
				{ day: '2026-11-05', planned_seconds: 8 * H },
			]],
			[boris.id, 0, 0, []],
		]);
	});

	test('Q10: who wants only what is irregular is told of a late one', async () => {
		const branch = await clinic.openBranch({ notice: 'irregular', notice_chat: -1001 });
		const tablet = await clinic.hang(branch);
		const anna = await clinic.hire({ last_name: 'Опоздаева' }, { branch: branch.id });
		await weekly(anna);
		const tap = async (instant, kind) => {
			await at(instant, anna);
			assert.equal((await clinic.mark(anna.token, kind, tablet)).status, 201);
		};
		await tap('2026-11-02T07:05:00Z', 'in');	/* within the grace */
		await tap('2026-11-02T10:00:00Z', 'out');
		await tap('2026-11-02T11:00:00Z', 'in');	/* back from lunch */
		await tap('2026-11-02T16:00:00Z', 'out');
		assert.deepEqual(await told(branch), []);
		await tap('2026-11-03T07:05:01Z', 'in');
		await tap('2026-11-03T16:00:00Z', 'out');
		assert.deepEqual(await told(branch), [{ key: 'notice.late', params: { name: 'Опоздаева Анна',
			time: '09:05', minutes: 5, branch: branch.name } }]);
		await clinic.must(clinic.admin, 'PUT', `/branches/${branch.id}`, { name: branch.name,
			time_zone: branch.time_zone, notice: 'all', notice_chat: -1001 });
		await tap('2026-11-04T07:30:00Z', 'in');
		await tap('2026-11-04T16:00:00Z', 'out');
		assert.deepEqual((await told(branch)).slice(1).map((n) => n.key), ['notice.late', 'notice.out']);
	});

	test('a schedule may end the one before', async () => {
		const anna = await clinic.hire();
		await at('2026-11-05T06:00:00Z', anna);
		const first = await weekly(anna);
		const second = { employee: anna.id, kind: 'rotation', cycle_days: 4, valid_from: '2026-11-16',
			shifts: ['0 08:00-20:00', '1 08:00-20:00'] };
		fault(await clinic.as(clinic.admin, 'POST', '/schedules', second), 409, 'SCHEDULE_OVERLAP');
		await clinic.must(clinic.admin, 'POST', '/schedules', { ...second, ends_previous: true });
		const { items } = await clinic.must(clinic.admin, 'GET', `/schedules?employee=${anna.id}`);
		assert.deepEqual(items.map((s) => [s.id === first.id, s.valid_from, s.valid_to]),
			[[true, '2026-10-01', '2026-11-15'], [false, '2026-11-16', null]]);
		assert.deepEqual((await days(anna, '2026-11-12', '2026-11-20')).map((d) => [d.day, d.planned_seconds / H]), [
			['2026-11-12', 8], ['2026-11-13', 8], ['2026-11-16', 12], ['2026-11-17', 12], ['2026-11-20', 12]]);
		fault(await clinic.as(clinic.admin, 'POST', '/schedules', { ...second, ends_previous: true }),
			409, 'SCHEDULE_OVERLAP');
	});

	test('W13: the events of my day are those of its intervals', async () => {
		const anna = await clinic.hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'rotation',
			cycle_days: 1, valid_from: '2026-11-01', shifts: ['0 20:00-08:00'] });
		const mine = async () => {
			const { today } = await clinic.me((await stack.signIn({ id: anna.telegram_id })).token);
			return [today.day, today.events.map((e) => e.at.slice(5, 16))];
		};
		await mark(anna, '2026-11-02T18:00:00Z', 'in');
		await mark(anna, '2026-11-03T06:00:00Z', 'out');
		assert.deepEqual(await mine(), ['2026-11-02', ['11-02T18:00', '11-03T06:00']]);
		await mark(anna, '2026-11-03T17:55:00Z', 'in');
		assert.deepEqual(await mine(), ['2026-11-03', ['11-03T17:55']]);
		await mark(anna, '2026-11-04T06:00:00Z', 'out');

		const boris = await clinic.hire();	/* a shift that begins at midnight */
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: boris.id, kind: 'rotation',
			cycle_days: 4, valid_from: '2026-11-06', shifts: ['0 00:00-12:00'] });
		await mark(boris, '2026-11-05T21:40:00Z', 'in');
		const { today } = await clinic.me(boris.token);
		assert.deepEqual([today.day, today.events.length], ['2026-11-06', 1]);
	});
});

/*
 * Days worked out by hand from the text of the rules.  Times are those on the
 * clock in Kyiv, where 2027-10-31 has 25 hours and 2028-03-26 has 23, or in
 * Beirut, where the hour goes or comes at midnight; 2027-11-01 is a Monday.
 * What was worked is entered from and until, or as an in or an out alone.
 * All figures of a day are told, what is nothing is not.
 */
const utc = (text) => new Date(text.replace(' ', 'T').replace(/\+(\d)$/, '+0$1:00')).toISOString().replace('.000', '');
const length = (seconds) => [seconds / H, seconds % H / M, seconds % M].map(Math.floor)
	.map((n, i) => i ? String(n).padStart(2, '0') : n).join(':').replace(/:00$/, '');
const said = (day = {}) => [
	...['planned', 'worked', 'break', 'late', 'early', 'night', 'overtime']
		.map((name) => day[`${name}_seconds`] && `${name} ${length(day[`${name}_seconds`])}`),
	...['missing_in', 'missing_out', 'unexplained'].map((name) => day[name] && `${name} ${day[name]}`),
	day.holiday && 'holiday', day.absence, day.conflict && 'conflict'].filter(Boolean).join(', ');
const weeklyOf = (...shifts) => ({ kind: 'weekly', shifts });
const rotationOf = (cycle_days, anchor, ...shifts) => ({ kind: 'rotation', cycle_days, anchor, shifts });
const lunch = { break_after_minutes: 360, break_minutes: 60 };
const byHand = [
	{ rule: 'W11 W12 W16 W18: a duty over the change, the end of the month and a holiday', plan: [rotationOf(4, '2027-10-31', '0 02:00-02:00')],
		holidays: ['2027-10-31'], worked: [['2027-10-31 02:00+3', '2027-11-01 02:00+2']],
		is: { '2027-10-31': 'planned 25:00, worked 25:00, night 9:00, holiday', '2027-11-01': '' } },
	{ rule: 'W6 W10 W17 W18: the same of a week: no plan, so it is beyond the limit, and all of it overtime', plan: [weeklyOf('6 02:00-02:00')],
		holidays: ['2027-10-31'], worked: [['2027-10-31 02:00+3', '2027-11-01 02:00+2']], confirm_long: true,
		is: { '2027-10-31': 'worked 25:00, night 9:00, overtime 25:00, holiday', '2027-11-01': '' } },
	{ rule: 'W12 W15: 03:30 in the gap is 04:30, in the doubled hour the later one', plan: [weeklyOf('6 03:30-08:00')],
		worked: [['2028-03-26 04:36+3', '2028-03-26 08:00+3'], ['2027-10-31 03:30+3', '2027-10-31 08:00+2']],
		is: { '2028-03-26': 'planned 3:30, worked 3:24, late 0:06, night 1:24',
			'2027-10-31': 'planned 4:30, worked 5:30, night 3:30, overtime 1:00' } },
	{ rule: 'W12 W15: who leaves at the first 03:30 of two is an hour early', plan: [weeklyOf('5 20:00-03:30')],
		worked: [['2027-10-30 20:00+3', '2027-10-31 03:30+3']],
		is: { '2027-10-30': 'planned 8:30, worked 7:30, early 1:00, night 5:30', '2027-10-31': '' } },
	{ rule: 'W12 W15 W16: midnight in the gap is 01:00, and 23:30 comes twice', zone: 'Asia/Beirut', plan: [weeklyOf('5 15:00-23:30', '6 00:00-00:00')],
		worked: [['2028-03-26 01:00+3', '2028-03-27 00:00+3'], ['2027-10-30 15:00+3', '2027-10-30 23:30+3']],
		is: { '2028-03-26': 'planned 23:00, worked 23:00, night 7:00', '2027-10-30': 'planned 9:30, worked 8:30, early 1:00, night 1:30' } },
	{ rule: 'W6 W12: the limit of a duty is 29 hours in autumn, 27 in spring; a second more is lost', plan: [weeklyOf('5 08:00-08:00')],
		worked: [['in', '2027-10-30 08:00+3'], ['out', '2027-10-31 12:00+2'], ['in', '2028-03-25 08:00+2'], ['out', '2028-03-26 12:00:01+3']],
		is: { '2027-10-30': 'planned 25:00, worked 29:00, night 9:00, overtime 4:00',
			'2028-03-25': 'planned 23:00, missing_out 1', '2028-03-26': 'missing_in 1' } },
	{ rule: 'W12 W14 W16: the break of a night that is all night, and nine hours long', plan: [{ ...weeklyOf('5 22:00-06:00'), ...lunch }],
		worked: [['2027-10-30 22:00+3', '2027-10-31 06:00+2']],
		is: { '2027-10-30': 'planned 8:00, worked 8:00, break 1:00, night 8:00' } },
	{ rule: 'W11 W14 W18: a holiday at the end of a night cancels nothing', plan: [{ ...weeklyOf('4 20:00-08:00'), ...lunch }],
		holidays: ['2027-11-06'], worked: [['2027-11-05 20:00+2', '2027-11-06 08:00+2']],
		is: { '2027-11-05': 'planned 11:00, worked 11:00, break 1:00, night 8:00', '2027-11-06': 'holiday' } },
	{ rule: 'W11 W14 W17 W18: one at its beginning cancels it, its break, and where a late one would belong', plan: [{ ...weeklyOf('3 20:00-08:00', '4 20:00-08:00'), ...lunch }],
		holidays: ['2027-11-04', '2027-11-05'],
		worked: [['2027-11-04 20:00+2', '2027-11-05 08:00+2'], ['2027-11-06 00:30+2', '2027-11-06 08:00+2']],
		is: { '2027-11-04': 'worked 12:00, night 8:00, overtime 12:00, holiday', '2027-11-05': 'holiday',
			'2027-11-06': 'worked 7:30, night 5:30, overtime 7:30' } },
	{ rule: 'W11 W18: leave from the morning after a night is no conflict, from its day on it is', plan: [weeklyOf('0 20:00-08:00', '4 20:00-08:00')],
		absences: [['annual_leave', '2027-11-02', '2027-11-02'], ['annual_leave', '2027-11-05', '2027-11-05']],
		worked: [['2027-11-01 20:00+2', '2027-11-02 08:00+2'], ['2027-11-05 20:00+2', '2027-11-06 08:00+2']],
		is: { '2027-11-01': 'planned 12:00, worked 12:00, night 8:00', '2027-11-02': 'annual_leave',
			'2027-11-05': 'worked 12:00, night 8:00, overtime 12:00, annual_leave, conflict', '2027-11-06': '' } },
	{ rule: 'W14: a gap of 20 minutes and the floor of 6 hours leave 10 minutes to take off', plan: [{ ...weeklyOf('3 09:00-18:00'), ...lunch }],
		worked: [['2027-11-04 09:00+2', '2027-11-04 12:00+2'], ['2027-11-04 12:20+2', '2027-11-04 15:30+2']],
		is: { '2027-11-04': 'planned 8:00, worked 6:00, break 0:10, early 2:30' } },
	{ rule: 'W15: of split shifts: into the second; out late and back early', plan: [weeklyOf('2 09:00-13:00', '2 14:00-18:00', '3 09:00-13:00', '3 14:00-18:00')],
		worked: [['2027-11-03 09:00+2', '2027-11-03 14:30+2'], ['2027-11-04 09:00+2', '2027-11-04 13:30+2'], ['2027-11-04 13:40+2', '2027-11-04 18:00+2']],
		is: { '2027-11-03': 'planned 8:00, worked 5:30, early 3:30', '2027-11-04': 'planned 8:00, worked 8:50, overtime 0:50' } },
	{ rule: 'W11 W18: 4 hours before a shift, and a second earlier', plan: [weeklyOf('1 02:00-06:00', '3 02:00-06:00')],
		worked: [['2027-11-01 22:00+2', '2027-11-02 06:00+2'], ['2027-11-03 21:59:59+2', '2027-11-04 06:00+2']],
		is: { '2027-11-01': '', '2027-11-02': 'planned 4:00, worked 8:00, night 8:00, overtime 4:00',
			'2027-11-03': 'worked 8:00:01, night 8:00, overtime 8:00:01', '2027-11-04': 'planned 4:00' } },
	{ rule: 'W11: what begins while a night runs is of that night, however near the next shift is', plan: [weeklyOf('0 20:00-08:00', '1 09:00-18:00')],
		worked: [['2027-11-01 20:00+2', '2027-11-02 07:40+2'], ['2027-11-02 07:50+2', '2027-11-02 18:00+2']],
		is: { '2027-11-01': 'planned 12:00, worked 21:50, night 8:00, overtime 9:50', '2027-11-02': 'planned 9:00' } },
	{ rule: 'W10 W15 W18: 36 hours that were confirmed are over two shifts, and of the first', plan: [weeklyOf('0 08:00-20:00', '1 08:00-20:00')],
		worked: [['2027-11-15 08:00+2', '2027-11-16 20:00+2']], confirm_long: true,
		is: { '2027-11-15': 'planned 12:00, worked 36:00, night 8:00, overtime 24:00', '2027-11-16': 'planned 12:00' } },
	{ rule: 'W5 W10: an in that was redundant is kept: an out before it, entered later, makes it count', plan: [],
		worked: [['in', '2027-11-01 09:00+2'], ['in', '2027-11-01 13:00+2'], ['out', '2027-11-01 18:00+2'], ['out', '2027-11-01 12:00+2']],
		is: { '2027-11-01': 'worked 8:00, overtime 8:00' } },
	{ rule: 'W3 W5 W9: in, in, out, out: the last one is a repeat for a minute, then its in is missing', plan: [weeklyOf('0 09:00-18:00', '1 09:00-18:00')],
		worked: [['in', '2027-11-01 09:00+2'], ['in', '2027-11-01 09:30+2'], ['out', '2027-11-01 17:00+2'], ['out', '2027-11-01 17:01+2'],
			['in', '2027-11-02 09:00+2'], ['in', '2027-11-02 09:30+2'], ['out', '2027-11-02 17:00+2'], ['out', '2027-11-02 17:01:01+2']],
		is: { '2027-11-01': 'planned 9:00, worked 8:00, early 1:00', '2027-11-02': 'planned 9:00, worked 8:00, early 1:00, missing_in 1' } },
	{ rule: 'T7: a rotation counts from a day to come, and from one long past', plan: [
		{ ...rotationOf(3, '2028-01-01', '0 09:00-18:00'), valid_from: '2027-11-01', valid_to: '2027-11-10' },
		{ ...rotationOf(5, '2020-02-29', '0 10:00-12:00', '4 10:00-11:00'), valid_from: '2027-11-11' }], worked: [],
		is: { '2027-11-01': '', '2027-11-02': 'planned 9:00, unexplained 1', '2027-11-03': '', '2027-11-08': 'planned 9:00, unexplained 1',
			'2027-11-11': '', '2027-11-13': 'planned 1:00, unexplained 1', '2027-11-14': 'planned 2:00, unexplained 1' } },
	{ rule: 'T7 W18: the last night of a rotation ends in the week that follows; hours of a day stand on a holiday', plan: [
		{ ...rotationOf(2, '2027-11-01', '0 20:00-08:00'), valid_to: '2027-11-05' }, { ...weeklyOf('5 14:00-18:00'), valid_from: '2027-11-06' }],
		holidays: ['2027-11-06'], days: [['2027-11-06', '14:00-17:00']],
		worked: [['2027-11-05 20:00+2', '2027-11-06 08:00+2'], ['2027-11-06 14:00+2', '2027-11-06 17:00+2']],
		is: { '2027-11-05': 'planned 12:00, worked 12:00, night 8:00', '2027-11-06': 'planned 3:00, worked 3:00, holiday' } },
];

describe('by hand', () => {
	const post = (path, body) => clinic.must(clinic.admin, 'POST', path, body);

	before(() => at('2028-04-03T09:00:00Z'));

	for (const { rule, zone, plan, holidays = [], absences = [], days: exceptions = [], worked, is, ...confirmed } of byHand)
		test(rule, async () => {
			const branch = await clinic.openBranch({ time_zone: zone ?? 'Europe/Kyiv' }), anna = await clinic.hire({}, { branch: branch.id });
			for (const schedule of plan)
				await post('/schedules', { employee: anna.id, valid_from: '2027-10-01', ...schedule });
			for (const [day, ...shifts] of exceptions)
				await post('/schedule-exceptions', { employee: anna.id, day, shifts });
			for (const day of holidays)
				await post('/holidays', { day, branch: branch.id, name: 'Праздник' });
			for (const [kind, from, to] of absences)
				await post('/absences', { employee: anna.id, kind, from, to });
			for (const [a, b] of worked)
				await post('/events/manual', { employee: anna.id, reason: 'По журналу', confirm: true, ...confirmed,
					...(['in', 'out'].includes(a) ? { kind: a, at: utc(b) } : { kind: 'in', at: utc(a), until: utc(b) }) });
			const items = await days(anna, '2027-10-25', '2028-03-31');
			assert.deepEqual(Object.fromEntries(Object.keys(is).map((day) => [day, said(items.find((d) => d.day === day))])), is);
			for (const day of Object.keys(is))
				await assertDay(anna, day, {});	/* its reasons add up */
		});
});
