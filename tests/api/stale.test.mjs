/*
 * Two who change the same thing: whoever has not seen what the other did is
 * refused if he says what he has seen (If-Match), whatever the thing is.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack);
});
after(() => stack?.stop());

const admin = (method, path, body, headers) => clinic.as(clinic.admin, method, path, body, headers);
const make = (path, body) => clinic.must(clinic.admin, 'POST', path, body);
const seen = (...versions) => ({ 'if-match': versions.map((v) => `"${v}"`).join(', ') });
const refused = (answer) => assert.deepEqual([answer.status, answer.body.code], [412, 'STALE'], JSON.stringify(answer.body));

let n = 0;
const hire = async () => ({ id: (await clinic.hire()).id });
const day = () => new Date(Date.UTC(2031, 0, ++n)).toISOString().slice(0, 10);
const week = { kind: 'weekly', valid_from: '2031-03-03', shifts: ['0 09:00-18:00'] };
const leave = { kind: 'annual_leave', from: '2031-03-17', to: '2031-03-21' };
const branch = () => ({ name: `Филиал ${++n}`, time_zone: 'Europe/Kyiv' });

/*
 * Each with what one and the other make of it: `path` of the lists, `made`
 * gives the thing, `one` and `two` are bodies of PUT.
 */
const things = {
	absences: async () => {
		const { id: employee } = await hire();
		return [await make('/absences', { ...leave, employee }),
			{ ...leave, to: '2031-03-22' }, { ...leave, note: 'Другая.' }];
	},
	branches: async () => {
		const body = branch();
		return [await make('/branches', body), { ...body, radius_m: 150, latitude: 1, longitude: 2 },
			{ ...body, networks: ['203.0.113.0/24'] }];
	},
	employees: async () => {
		const { id } = await hire();
		const body = { last_name: 'Котова', first_name: 'Анна', branch: clinic.branch.id,
			position: clinic.position.id, hired_on: '2020-01-01' };
		return [await clinic.must(clinic.admin, 'GET', `/employees/${id}`), { ...body, manager_of: [clinic.branch.id] },
			{ ...body, phone: '+380501234567' }];
	},
	holidays: async () => {
		const body = { day: day(), name: 'Праздник' };
		return [await make('/holidays', body), { ...body, name: 'Один' }, { ...body, branch: clinic.branch.id }];
	},
	positions: async () => {
		const body = { name: `Должность ${++n}` };
		return [await make('/positions', body), { ...body, weekly_minutes: 2400 }, { ...body, web_access: true }];
	},
	schedules: async () => {
		const { id: employee } = await hire();
		return [await make('/schedules', { ...week, employee }),
			{ ...week, shifts: ['0 09:00-17:00'] }, { ...week, grace_minutes: 10 }];
	},
	terminals: async () => {
		const body = { name: `Планшет ${++n}`, branch: clinic.branch.id };
		return [await make('/terminals', body), { ...body, location: 'У входа' }, { ...body, kind: 'nfc' }];
	},
};

/* As a list shows it. */
async function listed(path, id) {
	for (let next; next !== null;) {
		const page = await clinic.must(clinic.admin, 'GET', `/${path}?limit=200${next ? `&after=${next}` : ''}`);
		const found = page.items.find((item) => item.id === id);
		if (found)
			return found;
		({ next } = page);
	}
	return undefined;
}

for (const [path, thing] of Object.entries(things))
	describe(path, () => {
		test('what was changed meanwhile is not changed, and not removed', async () => {
			const [first, one, two] = await thing();
			const at = `/${path}/${first.id}`;
			assert.equal((await listed(path, first.id)).version, first.version);
			const { status, body: now } = await admin('PUT', at, one, seen(first.version));
			assert.equal(status, 200, JSON.stringify(now));
			assert.notEqual(now.version, first.version);
			refused(await admin('PUT', at, two, seen(first.version)));
			refused(await admin('DELETE', at, undefined, seen(first.version)));
			assert.deepEqual(await listed(path, first.id), now);
			const again = await admin('PUT', at, two, seen('0'.repeat(32), now.version));
			assert.equal(again.status, 200, JSON.stringify(again.body));
			const gone = await admin('DELETE', at, undefined, seen(again.body.version));
			assert.ok(gone.status < 300, JSON.stringify(gone.body));
		});

		test('of two at once one is refused', async () => {
			for (let i = 0; i < 5; i++) {
				const [{ id, version }, one, two] = await thing();
				const answers = await Promise.all([one, two].map((body) =>
					admin('PUT', `/${path}/${id}`, body, seen(version))));
				assert.deepEqual(answers.map((a) => a.status).sort(), [200, 412], JSON.stringify(answers.map((a) => a.body)));
				assert.deepEqual(await listed(path, id), answers.find((a) => a.status === 200).body);
			}
		});

		test('without a version, or with any, the last one wins', async () => {
			const [{ id, version }, one, two] = await thing();
			await clinic.must(clinic.admin, 'PUT', `/${path}/${id}`, one);
			const { status, body } = await admin('PUT', `/${path}/${id}`, two, { 'if-match': '*' });
			assert.equal(status, 200);
			assert.notEqual(body.version, version);
			assert.equal((await admin('PUT', `/${path}/${id}`, one, { 'if-match': version })).status, 400);
			assert.equal((await admin('PUT', `/${path}/${999999999}`, one, seen(version))).status, 404);
		});
	});

describe('settings', () => {
	const setting = async (name) => (await clinic.must(clinic.admin, 'GET', '/settings?limit=200')).items
		.find((s) => s.name === name);
	const put = (value, version, name = 'organisation') => admin('PUT', `/settings/${name}`, { value }, seen(version));

	test('a default has a version too, and of two at once one is refused', async () => {
		const { version } = await setting('organisation');
		const answers = await Promise.all(['Один', 'Два'].map((value) => put(value, version)));
		assert.deepEqual(answers.map((a) => a.status).sort(), [200, 412]);
		refused(answers.find((a) => a.status === 412));
		const { body } = answers.find((a) => a.status === 200);
		assert.deepEqual(await setting('organisation'), body);
		refused(await put('Три', version));
		assert.equal((await put('Три', body.version)).status, 200);
		assert.equal((await setting('organisation')).value, 'Три');
	});
});

describe('days that are not as scheduled', () => {
	const put = (employee, shifts, headers) => admin('POST', '/schedule-exceptions',
		{ employee, day: '2031-03-04', shifts }, headers);
	const none = { 'if-none-match': '*' };

	test('take the place of what was seen, or of nothing', async () => {
		const { id } = await hire();
		refused(await put(id, [], seen('0'.repeat(32))));
		const first = await put(id, ['09:00-12:00'], none);
		assert.equal(first.status, 201);
		refused(await put(id, ['10:00-12:00'], none));
		const { status, body } = await put(id, ['10:00-13:00'], seen(first.body.version));
		assert.equal(status, 201);
		refused(await put(id, [], seen(first.body.version)));
		const at = `/schedule-exceptions/${body.id}`;
		refused(await admin('DELETE', at, undefined, seen(first.body.version)));
		assert.deepEqual(await clinic.must(clinic.admin, 'GET', `/schedule-exceptions?employee=${id}`),
			{ items: [body], next: null });
		assert.equal((await admin('DELETE', at, undefined, seen(body.version))).status, 204);
	});

	test('of two at once one is refused', async () => {
		const { id } = await hire();
		const both = (headers) => Promise.all([['09:00-12:00'], ['13:00-18:00']].map((shifts) => put(id, shifts, headers)));
		for (let headers = none, i = 0; i < 5; i++) {
			const answers = await both(headers);
			assert.deepEqual(answers.map((a) => a.status).sort(), [201, 412]);
			const { version } = answers.find((a) => a.status === 201).body;
			headers = seen((await put(id, [], seen(version))).body.version);
		}
	});

	test('the same request again is answered the same', async () => {
		const { id } = await hire();
		const headers = { ...none, 'idempotency-key': `day-${id}` };
		const [first, again] = [await put(id, [], headers), await put(id, [], headers)];
		assert.deepEqual([again.status, again.body], [201, first.body]);
	});
});

describe('a version', () => {
	test('does not change when nothing of the thing does', async () => {
		const { id, key } = await clinic.hang(clinic.branch);
		const before = await listed('terminals', id);
		await clinic.feed({ key });
		const now = await listed('terminals', id);
		assert.notEqual(now.last_seen_at, null);
		assert.equal(now.version, before.version);
		const branch_ = await listed('branches', clinic.branch.id);
		await hire();
		assert.equal((await listed('branches', clinic.branch.id)).version, branch_.version);
	});
});
