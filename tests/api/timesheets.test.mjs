/*
 * Periods and timesheets (T9; WORKTIME W16 to W19), with the programs' clock
 * in our hands.  The month is February 2027 in Moscow (UTC+3): the 1st is a
 * Monday, the 23rd a holiday.  Expected figures are worked out by hand.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readSheet } from 'read-excel-file/node';
import { execFileSync } from 'node:child_process';
import { startStack } from '../harness.mjs';
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
function fault(answer, status, code) {
	assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
	return answer.body;
}
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
		assert.equal(fault(await close(), 409, 'PERIOD_BLOCKED').blocked, 7);

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
