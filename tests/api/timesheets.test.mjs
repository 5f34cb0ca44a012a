/*
 * Periods and timesheets (T9; WORKTIME W16 to W19), with the programs' clock
 * in our hands.  The month is February 2027 in Moscow (UTC+3): the 1st is a
 * Monday, the 23rd a holiday.  Expected figures are worked out by hand.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import readSheet from 'read-excel-file/node';
import { execFileSync } from 'node:child_process';
import { fault, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

const H = 3600, M = 60;
const month = '2027-02';
const office = ['0', '1', '2', '3', '4'].map((day) => `${day} 09:00-18:00`);
let stack, clinic, people;

const at = (instant) => stack.clock.set(`${instant}+03:00`);
async function admin() {
	clinic.admin = (await stack.signIn()).token;
	return clinic.admin;
}
async function mark(person, instant, kind) {
	await at(instant);
	await admin();
	const { token } = await stack.signIn({ id: person.telegram_id });
	const answer = await clinic.mark(token, kind);
	assert.equal(answer.status, 201, JSON.stringify(answer.body));
	return answer.body;
}
const must = (method, path, body) => clinic.must(clinic.admin, method, path, body);
const asked = (method, path, body) => clinic.as(clinic.admin, method, path, body);
const where = (more = '', branch = clinic.branch.id) => `?branch=${branch}&month=${month}${more}`;
const period = () => must('GET', `/periods${where()}`);
const sheet = (more) => must('GET', `/timesheets${where(more)}`);
const absent = (employee, kind, from, to) => must('POST', '/absences', { employee: employee.id, kind, from, to });
const close = () => asked('POST', '/periods/close', { branch: clinic.branch.id, month });
const reasons = (p) => p.blockers.map((b) => [b.reason, b.employee, b.day].filter((v) => v !== undefined));

before(async () => {
	stack = await startStack({ faketime: '2027-01-29T03:00:00Z', conf: { TOKEN_MINUTES: 1440 } });
	clinic = await openClinic(stack, { time_zone: 'Europe/Moscow', name: 'Арбат' });
	const hire = (last_name, first_name, more) => clinic.hire({ last_name, first_name, middle_name: 'Петровна' }, more);
	people = {
		anna: await hire('Котова', 'Анна', { personnel_number: '0007' }),
		boris: await hire('Рыбак', 'Борис', { personnel_number: '12' }),
		vera: await hire('Лысенко', 'Вера', { personnel_number: '=1+1' }),
		dina: await hire('Дроздова', 'Дина'),
		oleg: await hire('Мороз', 'Олег', { hired_on: '2027-02-15' }),
	};
	const { anna, boris, vera, oleg } = people;
	await must('PUT', '/settings/organisation', { value: 'ООО «Клиника»' });
	await must('PUT', '/settings/organisation_code', { value: '12345678' });
	await must('POST', '/holidays', { day: '2027-02-23', name: 'День защитника', branch: clinic.branch.id });
	const schedule = (e, body) => must('POST', '/schedules', { employee: e.id, valid_from: '2027-02-01', ...body });
	for (const e of [anna, oleg])
		await schedule(e, { kind: 'weekly', shifts: office, break_after_minutes: 360, break_minutes: 60 });
	await schedule(boris, { kind: 'rotation', cycle_days: 27, shifts: ['0 20:00-08:00'] });
	await schedule(vera, { kind: 'rotation', cycle_days: 14, shifts: ['0 08:00-08:00'], valid_from: '2027-02-10' });
	await absent(anna, 'annual_leave', '2027-02-01', '2027-02-24');
	await absent(oleg, 'unpaid_leave', '2027-02-15', '2027-02-22');
	await absent(oleg, 'study_leave', '2027-02-24', '2027-02-28');
});
after(() => stack?.stop());

describe('a month', () => {
	test('of work', async () => {
		const { anna, boris, vera, dina, oleg } = people;
		await mark(vera, '2027-02-10T08:00:00', 'in');
		await mark(vera, '2027-02-11T08:00:00', 'out');
		await mark(oleg, '2027-02-23T10:00:00', 'in');
		await mark(oleg, '2027-02-23T14:00:00', 'out');
		await mark(anna, '2027-02-25T09:00:00', 'in');
		await mark(anna, '2027-02-25T18:00:00', 'out');
		await mark(anna, '2027-02-26T09:00:00', 'in');
		await mark(anna, '2027-02-26T20:00:00', 'out');
		await mark(dina, '2027-02-27T10:00:00', 'in');
		await mark(dina, '2027-02-27T13:00:00', 'out');
		await mark(boris, '2027-02-28T20:00:00', 'in');
	});

	test('W19: is not closed before it is over, and until nothing is left open', async () => {
		const { anna, boris, vera, dina, oleg } = people;
		await at('2027-02-28T21:00:00');
		await admin();
		const overtime = [['overtime', oleg.id, '2027-02-23'], ['overtime', anna.id, '2027-02-26'],
			['overtime', dina.id, '2027-02-27']];
		const lost = [['unexplained', boris.id, '2027-02-01'], ['unexplained', vera.id, '2027-02-24']];
		let p = await period();
		assert.deepEqual([p.state, p.revision, p.blocked], ['open', 0, 7]);
		assert.deepEqual(reasons(p), [['not_over'], ['open', boris.id, '2027-02-28'], ...lost, ...overtime]);
		assert.equal(p.blockers[0].until, '2027-02-28T21:00:00Z');
		assert.equal(fault(await close(), 409, 'PERIOD_BLOCKED').body.blocked, 7);

		await at('2027-03-01T00:30:00');	/* over by the calendar, the shift is not */
		p = await period();
		assert.deepEqual(reasons(p), [['shift_runs', boris.id, '2027-02-28'],
			['open', boris.id, '2027-02-28'], ...lost, ...overtime]);
		assert.equal(p.blockers[0].until, '2027-03-01T05:00:00Z');

		await absent(boris, 'sick', '2027-02-01', '2027-02-03');
		await absent(vera, 'business_trip', '2027-02-24', '2027-02-25');
		await must('POST', '/absences', { employee: dina.id, kind: 'sick', from: '2027-02-05', to: '2027-02-05',
			state: 'requested' });
		assert.deepEqual(reasons(await period()).filter(([reason]) => reason === 'absence'),
			[['absence', dina.id, '2027-02-05']]);
		const [request] = (await must('GET', `/absences?employee=${dina.id}`)).items;
		await must('DELETE', `/absences/${request.id}`);

		await mark(boris, '2027-03-01T08:00:00', 'out');
		assert.deepEqual(reasons(await period()), overtime);
	});

	test('W17: overtime counts when it is approved, of the length that it had', async () => {
		const { anna, boris, dina, oleg } = people;
		const { items } = await must('GET', `/overtime${where()}`);
		assert.deepEqual(items.map((o) => [o.employee, o.day, o.overtime_seconds, o.state]),
			[[oleg.id, '2027-02-23', 4 * H, 'pending'], [anna.id, '2027-02-26', 2 * H, 'pending'],
				[dina.id, '2027-02-27', 3 * H, 'pending']]);
		const decide = (e, day, seconds, approved) => asked('POST', '/overtime',
			{ employee: e.id, day, seconds, approved });
		fault(await decide(anna, '2027-02-26', H, true), 409, 'CONFLICT');
		fault(await decide(boris, '2027-02-26', H, true), 409, 'CONFLICT');
		const kinds = async () => (await sheet()).rows.find((r) => r.employee === anna.id).kinds;
		assert.deepEqual(await kinds(), { annual_leave: { days: 23 }, holiday: { days: 1 }, rest: { days: 2 },
			work: { days: 2, seconds: 18 * H } });
		const done = await decide(anna, '2027-02-26', 2 * H, true);
		assert.deepEqual([done.status, done.body.state], [200, 'approved']);
		assert.deepEqual(await kinds(), { annual_leave: { days: 23 }, holiday: { days: 1 },
			overtime: { days: 1, seconds: 2 * H }, rest: { days: 2 }, work: { days: 2, seconds: 16 * H } });
		assert.equal((await decide(dina, '2027-02-27', 3 * H, false)).body.state, 'declined');
		fault(await asked('POST', '/overtime/month', { branch: clinic.branch.id, month, pending: 2, approved: true }),
			409, 'CONFLICT');
		assert.deepEqual(await must('POST', '/overtime/month',
			{ branch: clinic.branch.id, month, pending: 1, approved: true }), { pending: 1, decided: 1 });
		assert.deepEqual((await period()).blockers, []);
	});
});

/* A file of the API, its bytes. */
async function file(name, more = '', token = clinic.admin) {
	const answer = await fetch(`${stack.url}/api/timesheets/${name}${where(more)}`,
		{ headers: { authorization: `Bearer ${token}` } });
	assert.equal(answer.status, 200);
	return Buffer.from(await answer.arrayBuffer());
}
const pdf_text = (bytes) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' });
const same = (a, b, what) => assert.ok(a.equals(b), `${what}: other bytes`);

/* The kinds of a row's days as a text: "rest work:8 work:8+overtime:2". */
const said = (row, from = 1, to = 31) => row.days.slice(from - 1, to).map(({ kinds }) => kinds
	.map((k) => k.kind + (k.seconds === undefined ? '' : `:${k.seconds / H}`)).join('+')).join(' ');
const many = (n, word) => Array(n).fill(word).join(' ');

/* The four lines of the sheet in a workbook that begin with that number. */
async function lines_of(name, number, more) {
	const cells = await readSheet(await file(name, more));
	const at_ = cells.findIndex((row) => row[0] === number && typeof cells[cells.indexOf(row) + 1]?.[0] !== 'number');
	return cells.slice(at_, at_ + 4);
}
const ids = { anna: 2, boris: 5, dina: 1, oleg: 4, vera: 3 };

describe('a sheet', () => {
	let rows;
	const row = (name) => rows.find((r) => r.employee === people[name].id);

	test('W19: is frozen when the month is closed', async () => {
		const [draft, pdf] = [await sheet(), await file('t13.pdf')];
		assert.deepEqual([draft.state, draft.revision, draft.closed_at], ['open', 0, null]);
		assert.match(pdf_text(pdf), /проект: период не закрыт/);
		const answer = await close();
		assert.deepEqual([answer.status, answer.body.state, answer.body.revision], [200, 'closed', 0]);
		assert.deepEqual(answer.body.blockers, []);
		fault(await close(), 409, 'PERIOD_CLOSED');
		const frozen = await sheet();
		assert.deepEqual([frozen.state, frozen.revision, frozen.closed_at, frozen.closed_on, frozen.organisation],
			['closed', 0, '2027-03-01T05:00:00Z', '2027-03-01', 'ООО «Клиника»']);
		rows = frozen.rows;
		assert.deepEqual(rows.map((r) => r.short_name),
			['Дроздова Д.П.', 'Котова А.П.', 'Лысенко В.П.', 'Мороз О.П.', 'Рыбак Б.П.']);
		assert.deepEqual(draft.rows, rows);
	});

	test('W17 W18: leave covers days off, a holiday in it stays one; approved overtime', () => {
		const anna = row('anna');
		assert.equal(said(anna), `${many(22, 'annual_leave')} holiday annual_leave work:8 work:8+overtime:2 rest rest`);
		assert.deepEqual(anna.halves, [{ days: 0, worked_seconds: 0 }, { days: 2, worked_seconds: 18 * H }]);
		assert.deepEqual([anna.worked_days, anna.worked_seconds, anna.planned_seconds, anna.overtime_seconds,
			anna.night_seconds], [2, 18 * H, 16 * H, 2 * H, 0]);
	});

	test('W11 W16: a night over the end of the month is of its first day', () => {
		const boris = row('boris');
		assert.equal(said(boris), `${many(3, 'sick')} ${many(19, 'rest')} holiday ${many(4, 'rest')} work:4+night:8`);
		assert.deepEqual(boris.halves, [{ days: 0, worked_seconds: 0 }, { days: 1, worked_seconds: 12 * H }]);
		assert.deepEqual([boris.night_seconds, boris.planned_seconds, boris.overtime_seconds], [8 * H, 12 * H, 0]);
	});

	test('W6 W16: a duty of 24 hours is one day, 8 hours of it at night', () => {
		const vera = row('vera');
		assert.equal(said(vera), `${many(9, 'unplanned')} work:16+night:8 ${many(12, 'rest')} holiday ` +
			`business_trip business_trip ${many(3, 'rest')}`);
		assert.deepEqual(vera.halves, [{ days: 1, worked_seconds: 24 * H }, { days: 0, worked_seconds: 0 }]);
	});

	test('W17 W18: work without a plan, on a holiday, and before an employment', () => {
		const [dina, oleg] = [row('dina'), row('oleg')];
		/* The overtime was declined: the hours count as work, not as overtime. */
		assert.equal(said(dina), `${many(22, 'unplanned')} holiday ${many(3, 'unplanned')} work:3 unplanned`);
		assert.deepEqual([dina.overtime_seconds, dina.worked_seconds], [0, 3 * H]);
		assert.equal(said(oleg), `${many(14, 'outside')} ${many(8, 'unpaid_leave')} rest_work:4 ${many(5, 'study_leave')}`);
		assert.deepEqual([oleg.overtime_seconds, oleg.kinds.rest_work], [4 * H, { days: 1, seconds: 4 * H }]);
	});

	test('T-13 as a workbook: letters, numbers, half months, X', async () => {
		const anna = await lines_of('t13.xlsx', ids.anna);
		assert.deepEqual(anna[0].slice(1, 3), ['Котова А.П.,\n' + clinic.position.name, '0007']);
		assert.deepEqual(anna[0].slice(3, 21), [...Array(15).fill('ОТ'), 'X', 0, 2]);
		assert.deepEqual(anna[1].slice(3, 20), [...Array(15).fill(null), 'X', 0]);
		assert.deepEqual(anna[2].slice(3, 21), [...Array(7).fill('ОТ'), 'В', 'ОТ', 'Я', 'Я/С', 'В', 'В', 'X', 'X', 'X', 2, 18]);
		assert.deepEqual(anna[3].slice(3, 20), [...Array(9).fill(null), 8, '8/2', null, null, 'X', 'X', 'X', 18]);
		assert.deepEqual(anna[0].slice(27, 29), ['ОТ', 23]);
		const vera = await lines_of('t13.xlsx', ids.vera);
		assert.equal(vera[0][2], '=1+1');	/* a text, not a formula */
		assert.deepEqual([vera[0][12], vera[1][12], vera[0][19], vera[1][19], vera[2][11], vera[2][19]],
			['Я/Н', '16/8', 1, 24, 'К', 0]);
		const boris = await lines_of('t13.xlsx', ids.boris);
		assert.deepEqual([boris[0].slice(3, 6), boris[2][15], boris[3][15]], [['Б', 'Б', 'Б'], 'Я/Н', '4/8']);
		const oleg = await lines_of('t13.xlsx', ids.oleg);
		assert.deepEqual([oleg[0].slice(16, 19), oleg[2][10], oleg[3][10]], [[null, 'ДО', 'X'], 'РВ', 4]);
	});

	test('П-5 as a workbook: its own letters, and what is of the hours', async () => {
		const anna = await lines_of('p5.xlsx', ids.anna);
		assert.deepEqual(anna[0].slice(4, 20), [...Array(15).fill('В'), 'X']);
		assert.deepEqual(anna[2].slice(4, 20), [...Array(7).fill('В'), null, 'В', 'Р', 'Р/НУ', null, null, 'X', 'X', 'X']);
		/* days, hours, of which overtime, at night, in the evening, on days off; away, by codes 08-10 */
		assert.deepEqual(anna[0].slice(20, 28), [2, 18, 2, null, null, null, 23, 23]);
		const boris = await lines_of('p5.xlsx', ids.boris);
		assert.deepEqual([boris[0][4], boris[2][16], boris[3][16]], ['ТН', 'Р/РН', '4/8']);
		assert.deepEqual(boris[0].slice(20, 27), [1, 12, null, 8, null, null, 3]);
		assert.equal(boris[0][36], 3);	/* 26-27 */
		const oleg = await lines_of('p5.xlsx', ids.oleg);
		assert.deepEqual(oleg[0].slice(20, 30), [1, 4, null, null, null, 4, 13, null, 5, 8]);
		const vera = await lines_of('p5.xlsx', ids.vera);
		assert.deepEqual(vera[0].slice(20, 27), [1, 24, null, 8, null, null, null]);	/* ВД is no absence */
	});

	test('the forms as PDF say the same, with their requisites', async () => {
		const t13 = pdf_text(await file('t13.pdf'));
		for (const text of ['0301008', '12345678', 'ООО «Клиника»', 'Арбат', 'Унифицированная форма № Т-13',
			'01.02.2027', '28.02.2027', '01.03.2027', 'Ответственное лицо', 'Работник кадровой службы', '16/8', '8/2'])
			assert.ok(t13.includes(text), text);
		assert.doesNotMatch(t13, /проект|корректирующий/);
		const p5 = pdf_text(await file('p5.pdf'));
		for (const text of ['Типова форма № П-5', 'ТАБЕЛЬ ОБЛІКУ ВИКОРИСТАННЯ РОБОЧОГО ЧАСУ', '12345678',
			'08–10', '26–27', 'Р/НУ', 'Керівник структурного підрозділу'])
			assert.ok(p5.includes(text), text);
	});

	test('the same sheet is the same bytes', async () => {
		for (const name of ['t13.pdf', 't13.xlsx', 'p5.pdf', 'p5.xlsx']) {
			const first = await file(name);
			await stack.clock.add(61);
			same(await file(name), first, name);
			same(await file(name, '&revision=0'), first, name);
		}
		fault(await asked('GET', `/timesheets${where('&revision=1')}`), 404, 'NOT_FOUND');
		fault(await asked('GET', `/timesheets/t13.pdf${where('&revision=1')}`), 404, 'NOT_FOUND');
	});

	test('page, CSV, workbook and PDF carry the figures of /stats/worktime', async () => {
		const range = `from=2027-02-01&to=2027-02-28&branch=${clinic.branch.id}`;
		const { items } = await must('GET', `/stats/worktime?${range}`);
		const csv = (await must('GET', `/stats/worktime.csv?${range}`)).trim().split('\n')
			.map((line) => line.split(',').map((cell) => cell.replace(/^"(.*)"$/s, '$1')));
		const book = await readSheet(await file('t13.xlsx'));
		const text = pdf_text(await file('t13.pdf'));
		for (const item of items) {
			const frozen = rows.find((r) => r.employee === item.employee);
			const figures = [item.days, item.worked_seconds / H];
			assert.deepEqual([frozen.worked_days, frozen.worked_seconds, frozen.night_seconds, frozen.planned_seconds],
				[item.days, item.worked_seconds, item.night_seconds, item.planned_seconds]);
			const record = Object.fromEntries(csv[0].map((name, i) =>
				[name, csv.find((line) => line[1] === String(item.employee))[i]]));
			assert.deepEqual([Number(record.days), Number(record.worked_hours), Number(record.night_hours)],
				[...figures, item.night_seconds / H]);
			const line = book.findIndex((row) => String(row[1] ?? '').startsWith(frozen.short_name));
			assert.deepEqual([book[line][20], book[line + 2][20]], figures);
			/* The PDF has the days of the month beside the name's line. */
			assert.match(text, new RegExp(`${frozen.short_name}`));
		}
		const worked = items.reduce((sum, i) => sum + i.worked_seconds, 0);
		assert.equal((await sheet()).worked_seconds, worked);
	});
});

const closed_month = () => ({ branch: clinic.branch.id, branch_name: 'Арбат', month });
function refused(answer, period_ = closed_month()) {
	assert.deepEqual(fault(answer, 409, 'PERIOD_CLOSED').body.period, period_);
}
async function allowed(answer) {
	const { status, body } = await answer;
	assert.ok(status < 300, JSON.stringify(body));
	return body;
}

describe('a closed month refuses, and tells which it is', () => {
	const one = async (path, e) => (await must('GET', `${path}?employee=${e.id}`)).items[0];

	before(async () => {
		await at('2027-03-02T10:00:00');
		await admin();
	});

	test('absences, but not their days in another month', async () => {
		const { anna, dina, oleg } = people;
		const post = (from, to) => asked('POST', '/absences', { employee: dina.id, kind: 'sick', from, to });
		refused(await post('2027-02-28', '2027-03-03'));
		const kept = await allowed(post('2027-03-01', '2027-03-03'));
		await must('DELETE', `/absences/${kept.id}`);
		const leave = await one('/absences', anna);
		refused(await asked('PUT', `/absences/${leave.id}`, { kind: 'annual_leave', from: '2027-02-01', to: '2027-02-23' }));
		refused(await asked('PUT', `/absences/${leave.id}`, { kind: 'sick', from: '2027-02-01', to: '2027-02-24' }));
		refused(await asked('PUT', `/absences/${leave.id}`, { kind: 'annual_leave', from: '2027-02-01', to: '2027-02-24',
			state: 'cancelled' }));
		refused(await asked('DELETE', `/absences/${leave.id}`));
		const study = (await must('GET', `/absences?employee=${oleg.id}&from=2027-02-28`)).items[0];
		await allowed(asked('PUT', `/absences/${study.id}`, { kind: 'study_leave', from: '2027-02-24', to: '2027-03-05' }));
		await allowed(asked('PUT', `/absences/${study.id}`, { kind: 'study_leave', from: '2027-02-24', to: '2027-02-28' }));
	});

	test('schedules, but not what they are to be from now on', async () => {
		const { anna, boris, dina } = people;
		const weekly = { kind: 'weekly', valid_from: '2027-02-01', shifts: office, break_after_minutes: 360, break_minutes: 60 };
		const schedule = await one('/schedules', anna);
		refused(await asked('POST', '/schedules', { employee: dina.id, ...weekly }));
		const later = await allowed(asked('POST', '/schedules', { employee: dina.id, ...weekly, valid_from: '2027-03-01' }));
		refused(await asked('PUT', `/schedules/${later.id}`, { ...weekly, valid_from: '2027-02-28' }));
		await must('DELETE', `/schedules/${later.id}`);
		await allowed(asked('PUT', `/schedules/${schedule.id}`, { ...weekly, valid_to: '2027-03-31' }));
		for (const change of [{ valid_to: '2027-02-27' }, { valid_from: '2027-02-02' }, { grace_minutes: 9 },
			{ shifts: office.slice(1) }, { break_minutes: 30 }, { kind: 'rotation', cycle_days: 7 }])
			refused(await asked('PUT', `/schedules/${schedule.id}`, { ...weekly, ...change }));
		refused(await asked('DELETE', `/schedules/${(await one('/schedules', boris)).id}`));
		refused(await asked('POST', '/schedule-exceptions', { employee: anna.id, day: '2027-02-25', shifts: [] }));
		const day = await allowed(asked('POST', '/schedule-exceptions', { employee: anna.id, day: '2027-03-03', shifts: [] }));
		await must('DELETE', `/schedule-exceptions/${day.id}`);
	});

	test('a plan of the next month that would take work of this one to itself (W11)', async () => {
		/* He worked on 28 February until 1 March, 08:00; a shift from 22:00 would not move him, ... */
		const { dina, boris } = people;
		const put = (e, day, shifts) => asked('POST', '/schedule-exceptions', { employee: e.id, day, shifts });
		const x = await allowed(put(boris, '2027-03-01', ['22:00-23:00']));
		await must('DELETE', `/schedule-exceptions/${x.id}`);
		/* ... nor one at midnight hers, who came on the 27th. */
		const y = await allowed(put(dina, '2027-03-01', ['00:00-06:00']));
		await must('DELETE', `/schedule-exceptions/${y.id}`);
	});

	test('holidays of its branch and of all', async () => {
		const { items } = await must('GET', `/holidays?branch=${clinic.branch.id}`);
		const other = await clinic.openBranch();
		refused(await asked('POST', '/holidays', { day: '2027-02-08', name: 'Ещё', branch: clinic.branch.id }));
		refused(await asked('POST', '/holidays', { day: '2027-02-08', name: 'Ещё' }));
		await allowed(asked('POST', '/holidays', { day: '2027-02-08', name: 'Там', branch: other.id }));
		const spring = await allowed(asked('POST', '/holidays', { day: '2027-03-08', name: '8 марта' }));
		refused(await asked('PUT', `/holidays/${spring.id}`, { day: '2027-02-08', name: '8 февраля' }));
		await must('DELETE', `/holidays/${spring.id}`);
		await allowed(asked('PUT', `/holidays/${items[0].id}`, { day: '2027-02-23', name: '23 февраля', branch: clinic.branch.id }));
		refused(await asked('PUT', `/holidays/${items[0].id}`, { day: '2027-02-22', name: '23 февраля', branch: clinic.branch.id }));
		refused(await asked('DELETE', `/holidays/${items[0].id}`));
	});

	test('events by hand, and corrections that are approved; who asks is heard', async () => {
		const { anna, dina } = people;
		const entry = { employee: anna.id, at: '2027-02-25T16:00:00Z', kind: 'in', until: '2027-02-25T17:00:00Z', reason: 'Забыла' };
		refused(await asked('POST', '/events/manual', entry));
		refused(await asked('POST', '/events/manual/preview', { ...entry, reason: undefined }));
		await allowed(asked('POST', '/events/manual/preview', { ...entry, reason: undefined,
			at: '2027-03-01T16:00:00Z', until: '2027-03-01T17:00:00Z' }));
		const { token } = await stack.signIn({ id: dina.telegram_id });
		const wish = { action: 'add', at: '2027-02-26T07:00:00Z', kind: 'in', reason: 'Забыла' };
		refused(await clinic.as(token, 'POST', '/events/preview', { ...wish, reason: undefined }));
		const { id } = await clinic.must(token, 'POST', '/corrections', wish);
		refused(await asked('GET', `/corrections/${id}/effect`));
		refused(await asked('POST', `/corrections/${id}/approve`, { confirm: true }));
		assert.equal((await must('GET', `/corrections/${id}`)).state, 'pending');
		await must('POST', `/corrections/${id}/reject`, { reason: 'Месяц закрыт' });
	});

	test('overtime that was decided', async () => {
		refused(await asked('POST', '/overtime', { employee: people.anna.id, day: '2027-02-26', seconds: 2 * H, approved: false }));
	});

	test('employments that would be on its sheet; a move to another branch is from today on', async () => {
		const { oleg, vera } = people;
		const person = (e, more) => ({ last_name: 'Мороз', first_name: 'Олег', middle_name: 'Петровна',
			branch: clinic.branch.id, position: clinic.position.id, ...more });
		refused(await asked('POST', '/employees', person({}, { hired_on: '2027-02-28' })));
		await allowed(asked('POST', '/employees', person({}, { hired_on: '2027-03-01' })));
		refused(await asked('PUT', `/employees/${oleg.id}`, person(oleg, { hired_on: '2027-02-16' })));
		const there = await clinic.openBranch({ time_zone: 'Europe/Moscow' });
		await allowed(asked('PUT', `/employees/${oleg.id}`, person(oleg, { branch: there.id })));
		assert.deepEqual((await must('GET', `/overtime?branch=${there.id}&month=${month}`)).items, []);
		assert.deepEqual((await must('GET', `/timesheets?branch=${there.id}&month=${month}`)).rows, []);
		const march = await must('GET', `/timesheets?branch=${there.id}&month=2027-03`);
		assert.deepEqual([march.rows.length, march.rows[0].days[0].kinds, march.rows[0].days[2].kinds],
			[1, [{ kind: 'outside' }], [{ kind: 'expected' }]]);
		await allowed(asked('PUT', `/employees/${oleg.id}`, person(oleg)));
		/* Who leaves now was there then. */
		const gone = await allowed(asked('DELETE', `/employees/${vera.id}`));
		assert.equal(gone.deactivated, true);
	});

	test('an import that would employ somebody in it, line by line, and a move by it is of today', async () => {
		const there = await clinic.openBranch({ name: 'Имя для импорта', time_zone: 'Europe/Moscow' });
		const csv = (lines) => ['personnel_number,last_name,first_name,branch,position,hired_on', ...lines]
			.map((l) => l.replace('POS', clinic.position.name)).join('\n');
		const post = (dry_run, lines) => clinic.as(clinic.admin, 'POST', `/employees.csv?dry_run=${dry_run}`, csv(lines),
			{ 'content-type': 'text/csv' });
		const dry = await post(true, ['900,Новая,Ева,Арбат,POS,2027-02-27', '901,Новая,Ада,Арбат,POS,2027-03-01']);
		assert.deepEqual(dry.body.items.map((x) => [x.action, x.errors.map((e) => [e.field, e.code, e.about])]),
			[['refused', [['hired_on', 'closed', month]]], ['create', []]]);
		const done = await post(false, ['12,Рыбак,Борис,Имя для импорта,POS,']);
		assert.equal(done.status, 200, JSON.stringify(done.body));
		assert.deepEqual(await stack.db(`SELECT branch_on(id, '2027-02-28') AS then, branch FROM employee
			WHERE personnel_number = '12'`), [{ then: clinic.branch.id, branch: there.id }]);
		await post(false, ['12,Рыбак,Борис,Арбат,POS,']);
	});

	test('also those who are behind the programs, in the database', async () => {
		const { anna, boris, dina } = people;
		const client = new pg.Client({ host: stack.socket, user: 'tabel_app', database: 'tabel' });
		await client.connect();
		const [event] = await stack.db(`SELECT id FROM event WHERE employee = $1 ORDER BY at LIMIT 1`, [anna.id]);
		const [schedule] = await stack.db('SELECT id FROM schedule WHERE employee = $1', [boris.id]);
		const [correction] = await stack.db(`INSERT INTO correction (employee, action, event, was, reason, asked_by, asked_at)
			VALUES ($1, 'void', $2, 'in', 'x', (SELECT min(id) FROM person), now()) RETURNING id`, [anna.id, event.id]);
		const fact = (at_) => `INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds, recorded_at,
			source, receipt) VALUES (${dina.id}, 'in', '${at_}', ${clinic.branch.id}, 'Europe/Moscow', 3600, now(), 'qr', 'x')`;
		const statements = [
			fact('2027-02-12 09:00+03'), fact('2027-02-28 23:59:59+03'),
			`UPDATE event SET voided_by = ${correction.id} WHERE id = ${event.id}`,
			`INSERT INTO absence (employee, kind, from_day, to_day) VALUES (${dina.id}, 'sick', '2027-02-28', '2027-02-28')`,
			`UPDATE absence SET kind = 'sick' WHERE employee = ${anna.id}`,
			`UPDATE absence SET to_day = to_day - 1 WHERE employee = ${anna.id}`,
			`UPDATE absence SET employee = ${dina.id} WHERE employee = ${anna.id}`,
			`DELETE FROM absence WHERE employee = ${anna.id}`,
			`INSERT INTO schedule (employee, branch, time_zone, kind, valid_from, cycle_days, anchor)
				VALUES (${dina.id}, ${clinic.branch.id}, 'UTC', 'rotation', '2027-02-28', 1, '2027-02-28')`,
			`UPDATE schedule SET valid_to = '2027-02-27' WHERE id = ${schedule.id}`,
			`UPDATE schedule SET anchor = anchor + 1 WHERE id = ${schedule.id}`,
			`DELETE FROM schedule WHERE id = ${schedule.id}`,
			`INSERT INTO schedule_shift (schedule, cycle_days, day, starts, ends) VALUES (${schedule.id}, 27, 9, '08:00', '09:00')`,
			`UPDATE schedule_shift SET ends = '09:00' WHERE schedule = ${schedule.id}`,
			`DELETE FROM schedule_shift WHERE schedule = ${schedule.id}`,
			`INSERT INTO schedule_exception (employee, day, time_zone) VALUES (${anna.id}, '2027-02-25', 'UTC')`,
			`INSERT INTO holiday (day, name) VALUES ('2027-02-28', 'x')`,
			`UPDATE holiday SET branch = NULL WHERE branch = ${clinic.branch.id}`,
			`DELETE FROM holiday WHERE branch = ${clinic.branch.id}`,
			`UPDATE employee SET hired_on = '2027-02-02' WHERE id = ${anna.id}`,
			`UPDATE employee SET left_on = '2027-02-27' WHERE id = ${anna.id}`,
			`UPDATE employee SET branch = (SELECT max(id) FROM branch) WHERE id = ${anna.id}`,
			`UPDATE employee SET branch = (SELECT max(id) FROM branch), branch_since = '2027-02-28' WHERE id = ${anna.id}`,
			`UPDATE overtime SET approved = NOT approved`, 'DELETE FROM overtime',
			`INSERT INTO overtime VALUES (${dina.id}, '2027-02-03', 60, true, 1, now())`,
			`UPDATE workday SET worked_seconds = 60 WHERE employee = ${dina.id} AND day = '2027-02-27'`,
			`DELETE FROM workday WHERE employee = ${dina.id} AND day = '2027-02-27'`,
			`UPDATE period SET state = 'open', closed_at = NULL, closed_by = NULL WHERE branch = ${clinic.branch.id}`,
			`UPDATE period SET closed_at = now() WHERE branch = ${clinic.branch.id}`,
			`UPDATE period SET month = '2027-01-01' WHERE branch = ${clinic.branch.id}`,
			`INSERT INTO workday SELECT employee, '2027-02-03', branch, shifts, planned_seconds, worked_seconds, break_seconds,
				late_seconds, early_seconds, night_seconds, overtime_seconds, missing_out, missing_in, open_until,
				unexplained_from, holiday, absence, conflict FROM workday WHERE employee = ${dina.id} AND day = '2027-02-27'`,
		];
		for (const statement of statements)
			await assert.rejects(client.query(statement), (error) => {
				assert.equal(error.constraint, 'period_closed', `${error.message}: ${statement}`);
				assert.deepEqual(JSON.parse(error.detail), closed_month());
				return true;
			});
		for (const statement of ['DELETE FROM timesheet', `UPDATE timesheet SET sheet = '{}'`, 'DELETE FROM period',
			`INSERT INTO employee_stay VALUES (${anna.id}, 1, now())`])
			await assert.rejects(client.query(statement), { code: '42501' });
		await stack.db('DELETE FROM correction WHERE id = $1', [correction.id]);
		await client.query('BEGIN');
		await client.query(fact('2027-03-01 00:00+03'));
		await client.query('ROLLBACK');
		await client.end();
	});

	test('what a newer version would derive otherwise, too: rebuild says whose', async () => {
		const { dina } = people;
		const client = new pg.Client({ host: stack.socket, user: 'postgres', database: 'tabel' });
		await client.connect();
		const day = `employee = ${dina.id} AND day = '2027-02-27'`;
		const older = (seconds) => client.query(`BEGIN; SET LOCAL session_replication_role = replica;
			UPDATE workday SET worked_seconds = worked_seconds + ${seconds} WHERE ${day}; COMMIT`);
		const worked = async () => (await stack.db(`SELECT worked_seconds FROM workday WHERE ${day}`))[0].worked_seconds;
		const signed = await worked() + 60;
		await older(60);
		const { stdout, stderr } = await stack.tabelctl('rebuild');
		assert.equal(stderr, `Employee ${dina.id}: closed months would change and stay as they are; derived from 2027-03-01 on.\n`);
		assert.match(stdout, /^\d+ employees$/m);
		assert.equal(await worked(), signed);
		/* Nor is it in the way of what is known of her. */
		const her = await must('GET', `/employees/${dina.id}`);
		await must('PUT', `/employees/${dina.id}`, { middle_name: 'Ивановна', ...Object.fromEntries(['last_name',
			'first_name', 'language', 'branch', 'position', 'hired_on', 'telegram_id', 'active'].map((k) => [k, her[k]])) });
		assert.equal(await worked(), signed);
		await older(-60);
		assert.equal((await stack.tabelctl('rebuild')).stderr, '');
		await client.end();
	});
});

describe('opened again', () => {
	test('is for a reason, and an administrator\'s', async () => {
		const manager = await clinic.hire({}, { manager_of: [clinic.branch.id], hired_on: '2027-03-01' });
		const other = await clinic.openBranch();
		const chief = await clinic.hire({}, { manager_of: [other.id], hired_on: '2027-03-01' });
		const body = { branch: clinic.branch.id, month, reason: 'Больничный лист' };
		fault(await clinic.as(manager.token, 'POST', '/periods/reopen', body), 403, 'FORBIDDEN');
		fault(await clinic.as(manager.token, 'POST', '/periods/close', { branch: clinic.branch.id, month }), 403, 'FORBIDDEN');
		for (const path of ['/periods', '/timesheets', '/overtime', '/timesheets/t13.xlsx'])
			fault(await clinic.as(chief.token, 'GET', path + where()), 403, 'OTHER_BRANCH');
		assert.equal((await clinic.must(manager.token, 'GET', `/periods${where()}`)).state, 'closed');
		for (const bad of [{ reason: '' }, { month: '2027-13' }, { month: '2027-2' }, { branch: 999999 }])
			fault(await asked('POST', '/periods/reopen', { ...body, ...bad }), 422, 'BAD_FIELD');
		fault(await asked('POST', '/periods/reopen', { ...body, month: '2027-01' }), 409, 'PERIOD_OPEN');
	});

	test('it leads to the corrective sheet; the first one stays what it was', async () => {
		const { boris } = people;
		const names = ['t13.pdf', 't13.xlsx', 'p5.pdf', 'p5.xlsx'];
		const first = await Promise.all(names.map((name) => file(name)));
		const body = { branch: clinic.branch.id, month, reason: 'Больничный лист № 5' };
		const open = await must('POST', '/periods/reopen', body);
		assert.deepEqual([open.state, open.revision, open.reason, open.blockers], ['open', 1, body.reason, []]);
		fault(await asked('POST', '/periods/reopen', body), 409, 'PERIOD_OPEN');
		const draft = await sheet();
		assert.deepEqual([draft.state, draft.revision, draft.reason], ['open', 1, body.reason]);
		const sick = (await must('GET', `/absences?employee=${boris.id}`)).items[0];
		await must('PUT', `/absences/${sick.id}`, { kind: 'sick', from: '2027-02-01', to: '2027-02-05' });
		const closed = await allowed(close());
		assert.deepEqual([closed.state, closed.revision], ['closed', 1]);
		assert.deepEqual(closed.revisions.map((r) => [r.revision, r.reason]), [[0, null], [1, body.reason]]);
		for (const [i, name] of names.entries()) {
			same(await file(name, '&revision=0'), first[i], name);
			assert.ok(!(await file(name)).equals(first[i]), name);
		}
		assert.match(pdf_text(await file('t13.pdf')), /корректирующий, № 1: Больничный лист № 5/);
		assert.match(pdf_text(await file('p5.pdf')), /коригувальний, № 1: Больничный лист № 5/);
		const row = (s) => s.rows.find((r) => r.employee === boris.id).kinds.sick;
		assert.deepEqual([row(await sheet('&revision=0')), row(await sheet('&revision=1'))], [{ days: 3 }, { days: 5 }]);
	});

	test('who did it is in the audit log', async () => {
		const { items } = await must('GET', '/audit?entity=period&limit=50');
		assert.deepEqual(items.map((a) => [a.action, a.new.state, a.new.revision, a.new.reason]).reverse(), [
			['insert', 'closed', 0, null], ['update', 'open', 1, 'Больничный лист № 5'], ['update', 'closed', undefined, undefined]]);
		const me = (await must('GET', '/me')).person;
		assert.ok(items.every((a) => a.actor === `person:${me.id ?? me}`), JSON.stringify(items[0]));
	});
});

describe('the end of a month', () => {
	const march = '2027-03';
	let branch, tablet, far, night;
	const of = (employee, day) => stack.db(`SELECT worked_seconds, missing_in FROM workday
		WHERE employee = $1 AND day = $2`, [employee.id, day]);
	const shut = async (id, month_ = march) => asked('POST', '/periods/close', { branch: id, month: month_ });

	before(async () => {
		await at('2027-03-03T08:00:00');
		await admin();
		branch = await clinic.openBranch({ time_zone: 'Europe/Moscow' });
		tablet = await clinic.hang(branch);
		far = await clinic.hang(await clinic.openBranch({ time_zone: 'Pacific/Honolulu' }));
		night = await clinic.hire({}, { branch: branch.id, hired_on: '2027-03-31' });
		await must('POST', '/schedules', { employee: night.id, kind: 'rotation', cycle_days: 30, valid_from: '2027-03-31',
			shifts: ['0 20:00-08:00'] });
	});
	async function tap(person, instant, kind, where_ = tablet) {
		await at(instant);
		await admin();
		const { token } = await stack.signIn({ id: person.telegram_id });
		return clinic.mark(token, kind, where_);
	}

	test('a scan that nobody has answered yet is waited for', async () => {
		await tap(night, '2027-03-31T20:00:00', 'in');
		await tap(night, '2027-04-01T07:58:00', 'out');
		await at('2027-04-01T07:59:30');
		const { token } = await stack.signIn({ id: night.telegram_id });
		await clinic.scan(token, tablet);
		await at('2027-04-01T08:00:00');
		await admin();
		const p = await must('GET', `/periods?branch=${branch.id}&month=${march}`);
		assert.deepEqual(p.blockers.map((b) => [b.reason, b.day, b.until]),
			[['scan', '2027-03-31', '2027-04-01T05:01:30Z']]);
		fault(await shut(branch.id), 409, 'PERIOD_BLOCKED');
		await at('2027-04-01T08:02:00');
		await allowed(shut(branch.id));
	});

	test('a stranger\'s first scans wait for the branch, not for a closed month', async () => {
		const { token } = await clinic.stranger('Фома');
		await clinic.scan(token, tablet);
		await stack.db(`UPDATE claim SET at = '2027-03-31 12:00+03' WHERE pending AND person =
			(SELECT max(id) FROM person)`);
		await clinic.must(token, 'POST', '/registrations', { last_name: 'Фомин', first_name: 'Фома',
			phone: '+79000000007', branch: branch.id });
		const [request] = (await must('GET', '/registrations')).items;
		const done = await must('POST', `/registrations/${request.id}/confirm`,
			{ branch: branch.id, position: clinic.position.id });
		assert.equal(done.events, 0);
		assert.equal((await must('GET', `/employees/${done.employee}`)).hired_on, '2027-04-01');
	});

	test('W19: a live scan is never refused; what comes after the closing is of the next month', async () => {
		/* An out with nothing open, within 4 hours after the last shift of March (W9). */
		const stray = await tap(night, '2027-04-01T08:10:00', 'out');
		assert.deepEqual([stray.status, stray.body.effect], [201, 'missing_in']);
		assert.equal((await of(night, '2027-03-31'))[0].missing_in, 0);
		assert.equal((await of(night, '2027-04-01'))[0].missing_in, 1);
		/* It is still the 31st in Honolulu. */
		const west = await tap(night, '2027-04-01T09:00:00', 'in', far);
		assert.deepEqual([west.status, west.body.effect], [201, 'opens']);
		await allowed(tap(night, '2027-04-01T10:00:00', 'out', far));
		assert.deepEqual(await of(night, '2027-04-01'), [{ worked_seconds: H, missing_in: 1 }]);
		assert.equal((await of(night, '2027-03-31'))[0].worked_seconds, 11 * H + 58 * M);
	});

	test('taps that come late are refused and kept, the others count (T4)', async () => {
		await at('2027-04-01T10:30:00');
		await admin();
		const card_uid = '04A2B3C4D5';
		await must('POST', '/employees', { last_name: 'Картина', first_name: 'Ия', branch: branch.id,
			position: clinic.position.id, hired_on: '2027-04-01', card_uid });
		const { key } = await clinic.hang(branch, { kind: 'nfc' });
		const taps = [{ id: 'a', uid: card_uid, kind: 'in', at: '2027-03-31T17:00:00+03:00' },
			{ id: 'b', uid: card_uid, kind: 'out', at: '2027-03-31T18:00:00+03:00' },
			{ id: 'c', uid: card_uid, kind: 'in', at: '2027-04-01T09:30:00+03:00' }];
		const { items } = await clinic.must(key, 'POST', '/events/nfc', { taps });
		assert.deepEqual(items.map((x) => [x.state, x.reason]),
			[['refused', 'PERIOD_CLOSED'], ['refused', 'PERIOD_CLOSED'], ['accepted', null]]);
		fault(await clinic.as(key, 'POST', '/events/nfc', { id: 'd', uid: card_uid, at: '2027-03-31T20:00:00+03:00' }),
			409, 'PERIOD_CLOSED');
		const kept = (await must('GET', '/taps/refused')).items.filter((x) => x.uid === card_uid);
		assert.deepEqual(kept.map((x) => x.reason), Array(3).fill('PERIOD_CLOSED'));
	});

	test('opened again, it has what happened on its days', async () => {
		const open = await must('POST', '/periods/reopen', { branch: branch.id, month: march, reason: 'Отметка' });
		assert.deepEqual(reasons(open), [['missing_in', night.id, '2027-03-31'], ['overtime', night.id, '2027-03-31']]);
		assert.deepEqual(await of(night, '2027-03-31'), [{ worked_seconds: 12 * H + 58 * M, missing_in: 1 }]);
		assert.deepEqual(await of(night, '2027-04-01'), []);
	});

	test('a correction that waits prevents its closing, approved it does not', async () => {
		const [stray] = (await must('GET', `/events?employee=${night.id}&limit=200`)).items
			.filter((e) => e.effect === 'missing_in');
		const { token } = await stack.signIn({ id: night.telegram_id });
		const { id } = await clinic.must(token, 'POST', '/corrections',
			{ action: 'void', event: stray.id, reason: 'Нажала второй раз' });
		const waits = await must('GET', `/periods?branch=${branch.id}&month=${march}`);
		assert.deepEqual(waits.blockers.filter((b) => b.reason === 'correction')
			.map((b) => [b.employee, b.day, b.correction]), [[night.id, '2027-03-31', id]]);
		await must('POST', `/corrections/${id}/approve`, {});
		await must('POST', '/overtime/month', { branch: branch.id, month: march, pending: 1, approved: true });
		const closed = await allowed(shut(branch.id));
		assert.deepEqual([closed.revision, closed.blockers], [1, []]);
	});

	test('closing and late facts at once: the sheet has what was accepted', async () => {
		for (let round = 0; round < 4; round++) {
			const here = await clinic.openBranch({ time_zone: 'Europe/Moscow' });
			const staff = [];
			for (let i = 0; i < 6; i++)
				staff.push((await must('POST', '/employees', { last_name: 'Строка', first_name: `${i}`, branch: here.id,
					position: clinic.position.id, hired_on: '2027-03-01' })).id);
			const late = staff.map((employee) => () => asked('POST', '/absences',
				{ employee, kind: 'sick', from: '2027-03-10', to: '2027-03-10' }));
			const work = [...late.slice(0, 3), () => shut(here.id), ...late.slice(3)];
			const answers = await Promise.all(work.map((go) => go()));
			const closed = answers.splice(3, 1)[0];
			assert.equal(closed.status, 200, JSON.stringify(closed.body));
			const { rows } = await must('GET', `/timesheets?branch=${here.id}&month=${march}`);
			for (const [i, answer] of answers.entries()) {
				const { kinds } = rows.find((r) => r.employee === staff[i]);
				if (answer.status !== 201)
					fault(answer, 409, 'PERIOD_CLOSED');
				assert.equal(kinds.sick?.days ?? 0, answer.status === 201 ? 1 : 0);
			}
		}
	});

	test('one of two who close at once has closed it', async () => {
		const here = await clinic.openBranch({ time_zone: 'Europe/Moscow' });
		const answers = await Promise.all([1, 2, 3].map(() => shut(here.id)));
		assert.deepEqual(answers.map((a) => a.body.code ?? a.body.state).sort(), ['PERIOD_CLOSED', 'PERIOD_CLOSED', 'closed']);
	});
});

describe('decisions about overtime', () => {
	test('are the branch\'s, and nobody\'s own', async () => {
		await at('2027-04-05T09:00:00');
		await admin();
		const manager = await clinic.hire({ first_name: 'Глава' }, { manager_of: [clinic.branch.id], hired_on: '2027-04-01' });
		await mark(manager, '2027-04-05T10:00:00', 'in');
		await mark(manager, '2027-04-05T11:00:00', 'out');
		const other = await clinic.hire({}, { manager_of: [(await clinic.openBranch()).id], hired_on: '2027-04-01' });
		const body = { employee: manager.id, day: '2027-04-05', seconds: H, approved: true };
		fault(await clinic.as(manager.token, 'POST', '/overtime', body), 403, 'FORBIDDEN');
		fault(await clinic.as(other.token, 'POST', '/overtime', body), 403, 'OTHER_BRANCH');
		fault(await asked('POST', '/overtime', { ...body, employee: 999999 }), 422, 'BAD_FIELD');
		const all = { branch: clinic.branch.id, month: '2027-04', approved: true };
		fault(await clinic.as(manager.token, 'POST', '/overtime/month', { ...all, pending: 1 }), 409, 'CONFLICT');
		assert.equal((await must('POST', '/overtime', body)).state, 'approved');
		assert.equal((await must('POST', '/overtime', { ...body, approved: false })).state, 'declined');
	});

	test('are void when the day comes to another length (W17)', async () => {
		const { items: [before_] } = await must('GET', `/overtime?branch=${clinic.branch.id}&month=2027-04`);
		assert.equal(before_.state, 'declined');
		const [{ id }] = await stack.db('SELECT employee AS id FROM overtime WHERE day = $1', ['2027-04-05']);
		const [{ telegram_id }] = await stack.db(`SELECT telegram_id FROM person p JOIN employee e ON e.person = p.id
			WHERE e.id = $1`, [id]);
		await mark({ telegram_id }, '2027-04-05T12:00:00', 'in');
		await mark({ telegram_id }, '2027-04-05T12:30:00', 'out');
		const { items: [after_] } = await must('GET', `/overtime?branch=${clinic.branch.id}&month=2027-04&state=pending`);
		assert.deepEqual([after_.employee, after_.overtime_seconds, after_.decided_by_name], [id, 90 * M, null]);
	});
});
