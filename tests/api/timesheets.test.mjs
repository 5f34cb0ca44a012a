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
test('slow', async () => {
	const { writeFileSync } = await import('node:fs');
	for (const name of ['t13.pdf', 't13.xlsx', 'p5.pdf', 'p5.xlsx']) {
		const answer = await fetch(`${stack.url}/api/timesheets/${name}${where()}`, { headers: { authorization: `Bearer ${clinic.admin}` } });
		console.log(name, answer.status, [...answer.headers].join('|'));
		writeFileSync(`/tmp/tabel/ts-${name}`, Buffer.from(await answer.arrayBuffer()));
	}
	const log = await stack.log('timesheets');
	console.log(log.split('\n').slice(-6).join('\n'));
});
