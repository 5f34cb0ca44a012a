/*
 * One's own shifts as a calendar: what calendar programs read of it, at what
 * times, and that the address stays a secret.
 */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import ICAL from 'ical.js';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic;

before(async () => {
	stack = await startStack({ faketime: '2026-10-20T06:00:00Z', conf: { TOKEN_MINUTES: 1440 } });
	clinic = await openClinic(stack, { name: 'Филиал «Центр, у реки; вход с торца»' });
});
after(() => stack?.stop());

const subscribe = async (token) => (await clinic.must(token, 'POST', '/me/calendar', {})).url;
const read = (url, headers = {}) => fetch(url, { headers });
async function calendar(url) {
	const response = await read(url);
	assert.equal(response.status, 200);
	const text = await response.text();
	return { response, text, events: new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
		.map((c) => new ICAL.Event(c)) };
}
const span = (e) => [e.startDate, e.endDate].map((t) => t.isDate ? t.toString() : t.toJSDate().toISOString().slice(0, 16));

async function planned(schedule, more) {
	const who = await clinic.hire({}, more);
	await clinic.must(clinic.admin, 'POST', '/schedules', { employee: who.id, valid_from: '2026-10-05', ...schedule });
	return who;
}

test('shifts from two weeks ago to three months ahead, as a calendar program reads them', async () => {
	const anna = await planned({ kind: 'weekly', shifts: ['0 09:00-13:00', '0 14:00-18:00', '2 20:00-08:00'] });
	const url = await subscribe(anna.token);
	assert.match(url, new RegExp(`^${stack.url}/api/calendar/[A-Za-z0-9_-]{43}\\.ics$`));
	const { response, text, events } = await calendar(url);
	assert.equal(response.headers.get('content-type'), 'text/calendar; charset=utf-8');
	assert.equal(response.headers.get('cache-control'), 'private, max-age=900');

	/* Kyiv is 3 hours ahead in summer, 2 in winter. */
	const spans = events.map(span);
	assert.deepEqual(spans.slice(0, 3), [['2026-10-07T17:00', '2026-10-08T05:00'],
		['2026-10-12T06:00', '2026-10-12T10:00'], ['2026-10-12T11:00', '2026-10-12T15:00']]);
	assert.deepEqual(spans.at(-1), ['2027-01-20T18:00', '2027-01-21T06:00']);
	assert.equal(events[0].summary, 'Смена: Филиал «Центр, у реки; вход с торца»');
	assert.equal(events[0].location, 'Филиал «Центр, у реки; вход с торца»');
	assert.equal(new Set(events.map((e) => e.uid)).size, events.length);

	/* The letter of RFC 5545. */
	assert.ok(text.endsWith('END:VCALENDAR\r\n'));
	assert.ok(!text.replaceAll('\r\n', '').match(/[\r\n]/));
	for (const line of text.split('\r\n'))
		assert.ok(Buffer.byteLength(line) <= 75, line);
	for (const each of events)
		assert.ok(each.component.getFirstPropertyValue('dtstamp'));
});

test('the nights on which the clocks change, by real length', async () => {
	/* Kyiv: back on 25 October at 4:00, forward on 28 March at 3:00. */
	const vera = await planned({ kind: 'rotation', cycle_days: 1, anchor: '2026-10-05', shifts: ['0 20:00-08:00'] });
	const url = await subscribe(vera.token);
	const night = async (day) => {
		const { events } = await calendar(url);
		const [from, to] = events.map(span).find(([at]) => at.startsWith(day));
		return [from, to, (Date.parse(`${to}Z`) - Date.parse(`${from}Z`)) / 3600e3];
	};
	assert.deepEqual(await night('2026-10-24'), ['2026-10-24T17:00', '2026-10-25T06:00', 13]);
	await stack.clock.set('2027-03-20T06:00:00Z');
	assert.deepEqual(await night('2027-03-27'), ['2027-03-27T18:00', '2027-03-28T05:00', 11]);
	await stack.clock.set('2026-10-20T06:00:00Z');
});

test('what is cancelled vanishes, what is moved keeps its name, absences are whole days', async () => {
	const ivan = await planned({ kind: 'weekly', shifts: ['0 09:00-18:00', '1 09:00-18:00', '2 09:00-18:00'] },
		{ language: 'en' });
	const { token, id: employee } = ivan;
	const url = await subscribe(token);
	const on = async (day) => (await calendar(url)).events.filter((e) => span(e)[0].startsWith(day));
	const [monday] = await on('2026-11-02');
	await clinic.must(clinic.admin, 'POST', '/schedule-exceptions', { employee, day: '2026-11-02', shifts: ['11:00-15:00'] });
	const [moved] = await on('2026-11-02');
	assert.deepEqual([moved.uid, span(moved)], [monday.uid, ['2026-11-02T09:00', '2026-11-02T13:00']]);
	const { id } = await clinic.must(clinic.admin, 'POST', '/schedule-exceptions',
		{ employee, day: '2026-11-03', shifts: [] });
	assert.deepEqual(await on('2026-11-03'), []);
	await clinic.must(clinic.admin, 'DELETE', `/schedule-exceptions/${id}`);
	assert.equal((await on('2026-11-03')).length, 1);

	await clinic.must(clinic.admin, 'POST', '/absences', { employee, kind: 'annual_leave', from: '2026-11-09', to: '2026-11-11' });
	const [leave, ...shifts] = await on('2026-11-09');
	assert.deepEqual([leave.summary, span(leave), shifts], ['Annual leave', ['2026-11-09', '2026-11-12'], []]);
	await clinic.must(clinic.admin, 'POST', '/absences', { employee, kind: 'sick', from: '2026-11-16', to: '2026-11-16',
		state: 'requested' });
	assert.deepEqual((await on('2026-11-16')).map((e) => e.startDate.isDate), [false]);
});

test('nothing new is not sent again', async () => {
	const anna = await planned({ kind: 'weekly', shifts: ['0 09:00-18:00'] });
	const url = await subscribe(anna.token);
	const first = await read(url);
	const tag = first.headers.get('etag');
	await stack.clock.add(3600);
	const again = await read(url, { 'if-none-match': `"other", ${tag}` });
	assert.deepEqual([again.status, await again.text(), again.headers.get('etag')], [304, '', tag]);
	await clinic.must(clinic.admin, 'POST', '/schedule-exceptions', { employee: anna.id, day: '2026-11-02', shifts: [] });
	const changed = await read(url, { 'if-none-match': tag });
	assert.equal(changed.status, 200);
	assert.notEqual(changed.headers.get('etag'), tag);
});

describe('the address', () => {
	let anna;
	const told = () => clinic.must(anna.token, 'GET', '/me/calendar');

	before(async () => {
		anna = await planned({ kind: 'weekly', shifts: ['0 09:00-18:00'] });
	});

	test('is shown once, renewed and taken away', async () => {
		assert.deepEqual(await told(), { subscribed: false, made_at: null, last_read_at: null });
		const first = await subscribe(anna.token);
		assert.equal((await told()).last_read_at, null);
		await calendar(first);
		assert.equal((await told()).last_read_at, (await told()).made_at);
		const second = await subscribe(anna.token);
		assert.equal((await read(first)).status, 404);
		await calendar(second);
		await clinic.must(anna.token, 'DELETE', '/me/calendar');
		assert.equal((await read(second)).status, 404);
		assert.equal((await told()).subscribed, false);
		assert.equal((await clinic.as(anna.token, 'DELETE', '/me/calendar')).status, 204);
	});

	test('of nobody is not there, and no word more', async () => {
		const url = await subscribe(anna.token);
		const wrong = [url.slice(0, -4), `${url}x`, url.replace(/.(?=\.ics)/, (c) => c === 'A' ? 'B' : 'A'),
			`${stack.url}/api/calendar/.ics`, `${stack.url}/api/calendar/${'x'.repeat(43)}.ics`];
		for (const each of wrong) {
			const response = await read(each);
			assert.deepEqual([response.status, (await response.json()).code], [404, 'NOT_FOUND'], each);
		}
	});

	test('ends with the employment', async () => {
		const gone = await planned({ kind: 'weekly', shifts: ['0 09:00-18:00'] });
		const url = await subscribe(gone.token);
		await calendar(url);
		await clinic.must(clinic.admin, 'DELETE', `/employees/${gone.id}`);
		assert.equal((await read(url)).status, 404);
	});

	test('is in no log and not in the database', async () => {
		const url = await subscribe(anna.token);
		const secret = url.match(/([\w-]{43})\.ics/)[1];
		await calendar(url);
		await read(`${url}/more`);
		await read(`${stack.url}/api/v1/calendar/${secret}.ics`);
		await fetch(url, { method: 'POST', body: 'x'.repeat(100) });
		await stack.logged('access', /"POST","path":"\/api\/calendar\/\*"/);
		for (const name of await readdir(join(stack.dir, 'log')))
			assert.ok(!(await readFile(join(stack.dir, 'log', name), 'utf8')).includes(secret), name);
		const rows = await stack.db('SELECT hash FROM calendar_link');
		assert.ok(rows.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash)));
	});
});
