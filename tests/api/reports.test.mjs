/*
 * Days and events as pages and as CSV (Q11), with the programs' clock in our
 * hands.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { fault, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic, clock, anna, kyiv, berlin;

/* Everything that is told here happened before this moment. */
const now = '2026-11-20T12:00:00Z';

before(async () => {
	stack = await startStack({ faketime: '2026-03-28T18:00:00Z', conf: { TOKEN_MINUTES: 1440 } });
	clock = stack.clock;
	clinic = await openClinic(stack, { name: '=Київ, «Поділ»', time_zone: 'Europe/Kyiv' });
	kyiv = { branch: clinic.branch, tablet: clinic.tablet };
	anna = await clinic.hire({ first_name: 'Анна', last_name: 'Котова' });
	await nights();
	const branch = await clinic.openBranch({ name: 'Berlin', time_zone: 'Europe/Berlin' });
	berlin = { branch, tablet: await clinic.hang(branch) };
});
after(() => stack?.stop());

const clock_to = async (instant) => {
	await clock.set(instant);
	({ token: clinic.admin } = await stack.signIn());
};

/* A scan and its answer at an instant, by whoever it is. */
async function at(instant, person, kind, place = kyiv) {
	await clock.set(instant);
	const { token } = await stack.signIn({ id: person.telegram_id, first_name: 'Т' });
	person.token = token;
	const answer = await clinic.mark(token, kind, place.tablet);
	assert.equal(answer.status, 201, JSON.stringify(answer.body));
	return answer.body;
}

/* W1: both nights on which the clocks change, 20:00 to 08:00 local time. */
async function nights() {
	await at('2026-03-28T18:00:00Z', anna, 'in');
	await at('2026-03-29T05:00:00Z', anna, 'out');
	await at('2026-10-24T17:00:00Z', anna, 'in');
	await at('2026-10-25T06:00:00Z', anna, 'out');
	await clock_to(now);
}

const get = (path, token = clinic.admin) => clinic.as(token, 'GET', `/reports/${path}`);
async function days(query = '', token = clinic.admin) {
	const answer = await get(`days?${query}`, token);
	assert.equal(answer.status, 200, JSON.stringify(answer.body));
	return answer.body.items;
}
async function csv(path, token = clinic.admin) {
	const answer = await get(path, token);
	assert.equal(answer.status, 200, JSON.stringify(answer.body));
	return parse(answer.body, { columns: true, bom: true, record_delimiter: '\r\n' });
}
const dayOf = async (person, day, token) =>
	(await days(`employee=${person.id}&from=${day}&to=${day}`, token))[0];
const hire = (names, more) => clinic.hire(names, more);
const manage = (branch) => hire({ first_name: 'Олег', last_name: 'Ткач' },
	{ manager_of: [branch.id] });

describe('a day', () => {
	test('tells what was worked, in instants, and belongs to where it began', async () => {
		await at('2026-11-02T06:00:00Z', anna, 'in');
		await at('2026-11-02T10:00:00Z', anna, 'out');
		await at('2026-11-02T11:00:00Z', anna, 'in', berlin);
		await at('2026-11-02T15:30:05Z', anna, 'out', berlin);
		await clock_to(now);
		assert.deepEqual(await dayOf(anna, '2026-11-02'), {
			id: `2026-11-02.${anna.id}`, day: '2026-11-02', employee: anna.id,
			name: 'Котова Анна', branch: kyiv.branch.id, branch_name: kyiv.branch.name,
			time_zone: 'Europe/Kyiv', first_in: '2026-11-02T06:00:00Z',
			last_out: '2026-11-02T15:30:05Z', worked_seconds: 8.5 * 3600 + 5,
			planned_seconds: 0, late_seconds: 0, early_seconds: 0,
			open: false, missing_out: 0, missing_in: 0, unexplained: 0, flags: ['other_branch'],
			intervals: [
				{ in_at: '2026-11-02T06:00:00Z', out_at: '2026-11-02T10:00:00Z', state: 'closed' },
				{ in_at: '2026-11-02T11:00:00Z', out_at: '2026-11-02T15:30:05Z', state: 'closed' },
			],
		});
	});

	test('has its true length when the clocks change', async () => {
		const spring = await dayOf(anna, '2026-03-28');
		assert.equal(spring.worked_seconds, 11 * 3600);
		assert.equal(spring.last_out, '2026-03-29T05:00:00Z');
		assert.equal((await dayOf(anna, '2026-10-24')).worked_seconds, 13 * 3600);
		assert.equal(await dayOf(anna, '2026-03-29'), undefined);
		assert.equal(await dayOf(anna, '2026-10-25'), undefined);

		const rows = await csv('days.csv?from=2026-03-01&to=2026-10-31');
		assert.deepEqual(rows.map((r) => [r.date, r.first_in, r.last_out, r.worked_hours]), [
			['2026-03-28', '2026-03-28 20:00:00', '2026-03-29 08:00:00', '11.00'],
			['2026-10-24', '2026-10-24 20:00:00', '2026-10-25 08:00:00', '13.00'],
		]);
	});

	test('that is open counts up to now, and beyond its limit not at all (W7)', async () => {
		const boris = await hire({ first_name: 'Борис', last_name: 'Орлов' });
		await at('2026-11-03T06:00:00Z', boris, 'in');
		await clock_to('2026-11-03T07:30:00Z');
		let day = await dayOf(boris, '2026-11-03');
		assert.deepEqual([day.open, day.worked_seconds, day.missing_out, day.last_out],
			[true, 5400, 0, null]);
		assert.deepEqual(day.intervals,
			[{ in_at: '2026-11-03T06:00:00Z', out_at: null, state: 'open' }]);
		assert.equal((await csv(`days.csv?employee=${boris.id}`))[0].state, 'open');

		await clock_to('2026-11-03T22:00:00Z');	/* 16 hours, inclusive */
		assert.equal((await dayOf(boris, '2026-11-03')).open, true);
		await clock_to('2026-11-03T22:00:01Z');
		day = await dayOf(boris, '2026-11-03');
		assert.deepEqual([day.open, day.worked_seconds, day.missing_out], [false, 0, 1]);
		assert.equal(day.intervals[0].state, 'missing_out');
		const [row] = await csv(`days.csv?employee=${boris.id}`);
		assert.deepEqual([row.state, row.worked_hours, row.last_out], ['missing_out', '0.00', '']);
		await clock_to(now);
	});

	test('may be an out without an in, on its local date (W9)', async () => {
		const vera = await hire({ first_name: 'Віра', last_name: 'Лис' });
		const { effect } = await at('2026-11-03T22:30:00Z', vera, 'out');
		assert.equal(effect, 'missing_in');
		await clock_to(now);
		const items = await days(`employee=${vera.id}`);
		assert.equal(items.length, 1);
		const { day, missing_in, worked_seconds, first_in, last_out, intervals } = items[0];
		assert.deepEqual({ day, missing_in, worked_seconds, first_in, last_out, intervals }, {
			day: '2026-11-04', missing_in: 1, worked_seconds: 0, first_in: null,
			last_out: '2026-11-03T22:30:00Z', intervals: [],
		});
		assert.equal((await csv(`days.csv?employee=${vera.id}`))[0].state, 'missing_in');
	});

	test('is irregular if something is missing or flagged', async () => {
		const irregular = await days('irregular=true&from=2026-11-01&to=2026-11-30');
		assert.deepEqual(irregular.map((d) => d.name).sort(),
			['Котова Анна', 'Лис Віра', 'Орлов Борис']);
		assert.equal((await days(`irregular=true&employee=${anna.id}&from=2026-10-01&to=2026-10-31`)).length, 0);
	});
});

describe('the list of days', () => {
	test('is of the last 31 days, the newest first, then by employee', async () => {
		const items = await days();
		assert.ok(items.length >= 4);
		assert.deepEqual(items.map((d) => d.id), items.map((d) => d.id).sort((a, b) =>
			b.slice(0, 10).localeCompare(a.slice(0, 10)) || a.slice(11) - b.slice(11)));
		assert.ok(items.every((d) => d.day >= '2026-10-21' && d.day <= '2026-11-21'));
		assert.ok(items.some((d) => d.day === '2026-10-24'));
		assert.deepEqual((await days('to=2026-10-23')).length, 0);
		assert.deepEqual((await days('to=2026-04-27')).map((d) => d.day), ['2026-03-28']);
		assert.deepEqual((await days('to=2026-04-28')).map((d) => d.day), []);
	});

	test('goes on where the page before ended', async () => {
		for (const query of ['from=2026-01-01', 'from=2026-01-01&irregular=true']) {
			const all = await days(`${query}&limit=200`);
			const found = [];
			let next = null;
			do {
				const answer = await get(`days?${query}&limit=1${next ? `&after=${next}` : ''}`);
				assert.equal(answer.body.items.length, 1);
				found.push(...answer.body.items);
				({ next } = answer.body);
			} while (next);
			assert.deepEqual(found, all);
		}
	});

	test('can be of one branch', async () => {
		const there = await days(`branch=${berlin.branch.id}`);
		assert.deepEqual(there.map((d) => [d.name, d.branch_name, d.worked_seconds]),
			[['Котова Анна', 'Berlin', 4.5 * 3600 + 5]]);
	});

	test('refuses what it cannot understand', async () => {
		fault(await get('days?from=2026-02-30'), 422, 'BAD_FIELD', 'from');
		fault(await get('days?from=2026-11-02&to=2026-11-01'), 422, 'BAD_FIELD', 'to');
		for (const after_ of ['1', '2026-11-02', '2026-11-02.', '2026-13-02.1', '2026-11-02.x',
			'2026-11-02.1.1', `2026-11-02.${'9'.repeat(30)}`])
			fault(await get(`days?after=${after_}`), 422, 'BAD_FIELD', 'after');
		fault(await get('days?employee=anna&branch=0'), 422, 'BAD_FIELD', 'employee', 'branch');
		fault(await get('days.csv?irregular=true'), 422, 'BAD_FIELD', 'irregular');
		fault(await get('events.csv?kind=lunch'), 422, 'BAD_FIELD', 'kind');
	});
});

describe('who sees what', () => {
	test('an employee sees himself only, and no CSV', async () => {
		({ token: anna.token } = await stack.signIn({ id: anna.telegram_id, first_name: 'Т' }));
		const mine = await days('from=2026-01-01', anna.token);
		assert.deepEqual([...new Set(mine.map((d) => d.employee))], [anna.id]);
		assert.equal(mine.length, 3);
		const boris = (await days()).find((d) => d.name === 'Орлов Борис');
		assert.deepEqual(await days(`employee=${boris.employee}`, anna.token), []);
		fault(await get('days.csv', anna.token), 403, 'FORBIDDEN');
		fault(await get('events.csv', anna.token), 403, 'FORBIDDEN');
	});

	test('a manager sees what happened at his branches', async () => {
		const there = await manage(berlin.branch);
		const items = await days('from=2026-01-01', there.token);
		assert.deepEqual(items.map((d) => [d.day, d.branch_name, d.worked_seconds]),
			[['2026-11-02', 'Berlin', 4.5 * 3600 + 5]]);
		const rows = await csv('events.csv?from=2026-01-01', there.token);
		assert.deepEqual(rows.map((r) => [r.branch, r.kind]), [['Berlin', 'in'], ['Berlin', 'out']]);
		assert.equal((await csv('days.csv?from=2026-01-01', there.token)).length, 1);
		assert.deepEqual(await days(`branch=${kyiv.branch.id}`, there.token), []);

		/* His people's hours elsewhere are his business too. */
		const here = await manage(kyiv.branch);
		const day = await dayOf(anna, '2026-11-02', here.token);
		assert.equal(day.intervals.length, 2);
	});

	test('nobody sees anything without signing in', async () => {
		for (const path of ['days', 'days.csv', 'events.csv'])
			fault(await stack.api('GET', `/reports/${path}`), 401, 'NO_TOKEN');
	});
});

describe('CSV', () => {
	const heads = {
		'events.csv': 'date,time,time_zone,employee_id,personnel_number,name,branch,kind,effect,'
			+ 'source,flags,receipt',
		'days.csv': 'date,employee_id,personnel_number,name,branch,first_in,last_out,'
			+ 'worked_hours,planned_hours,late_minutes,early_minutes,state',
	};

	test('is a file by its headers, with a head even when it is empty', async () => {
		for (const [path, head] of Object.entries(heads)) {
			const answer = await get(`${path}?from=2001-01-01&to=2001-01-31`);
			assert.equal(answer.body, `${head}\r\n`);
			assert.match(answer.headers.get('content-type'), /^text\/csv; charset=utf-8/);
			assert.equal(answer.headers.get('content-disposition'), 'attachment; '
				+ `filename="${path.replace('.csv', '')}-2001-01-01-2001-01-31.csv"`);
			assert.match(answer.headers.get('cache-control'), /no-store/);
			assert.ok(answer.headers.get('x-request-id'));
		}
	});

	test('begins with a byte order mark only if that is asked for', async () => {
		for (const path of Object.keys(heads)) {
			const first = async (bom) => {
				const url = `${stack.url}/api/reports/${path}?from=2001-01-01&to=2001-01-02&bom=${bom}`;
				const answer = await fetch(url, { headers: { authorization: `Bearer ${clinic.admin}` } });
				return Buffer.from(await answer.arrayBuffer()).subarray(0, 7).toString('latin1');
			};
			assert.match(await first(true), /^\xef\xbb\xbfdate/);
			assert.match(await first(false), /^date/);
		}
	});

	test('of events is in the order of time, each as its branch saw it', async () => {
		const rows = await csv(`events.csv?employee=${anna.id}&from=2026-10-24&to=2026-11-02`);
		assert.deepEqual(rows.map((r) => [r.date, r.time, r.time_zone, r.kind, r.effect, r.flags]), [
			['2026-10-24', '20:00:00', 'Europe/Kyiv', 'in', 'opens', ''],
			['2026-10-25', '08:00:00', 'Europe/Kyiv', 'out', 'closes', ''],
			['2026-11-02', '08:00:00', 'Europe/Kyiv', 'in', 'opens', ''],
			['2026-11-02', '12:00:00', 'Europe/Kyiv', 'out', 'closes', ''],
			['2026-11-02', '12:00:00', 'Europe/Berlin', 'in', 'opens', 'other_branch'],
			['2026-11-02', '16:30:05', 'Europe/Berlin', 'out', 'closes', 'other_branch'],
		]);
		const [event] = await stack.db('SELECT receipt FROM event WHERE employee = $1 ORDER BY at DESC',
			[anna.id]);
		const last = rows.at(-1);
		assert.deepEqual([last.employee_id, last.name, last.branch, last.source, last.receipt],
			[String(anna.id), 'Котова Анна', 'Berlin', 'qr', event.receipt]);
	});

	test('has the days of the branch, not of UTC', async () => {
		const vera = await csv('events.csv?irregular=true&kind=out&from=2026-11-04&to=2026-11-04');
		assert.deepEqual(vera.map((r) => [r.date, r.time, r.effect]),
			[['2026-11-04', '00:30:00', 'missing_in']]);
		assert.deepEqual(await csv('events.csv?kind=out&from=2026-11-03&to=2026-11-03'), []);
	});

	test('can be narrowed down as the list of events can', async () => {
		const rows = (query) => csv(`events.csv?from=2026-01-01&${query}`);
		const all = await rows('');
		assert.equal(all.length, 10);
		assert.deepEqual(await rows('kind=in'), all.filter((r) => r.kind === 'in'));
		assert.deepEqual(await rows(`branch=${berlin.branch.id}`),
			all.filter((r) => r.branch === 'Berlin'));
		assert.deepEqual(await rows(`employee=${anna.id}`),
			all.filter((r) => r.employee_id === String(anna.id)));
		assert.equal((await rows('irregular=true')).length,
			(await clinic.must(clinic.admin, 'GET', '/events?irregular=true&from=2026-01-01')).items.length);
	});

	test('runs no formula and keeps every character', async () => {
		const hostile = ['=1+2";=1+2', '+380501112233', '-2+3+cmd|\' /C calc\'!A0', '@SUM(A1:A9)',
			'a,b', 'a;b', 'say "hi"', '"', '\'', '《漢字》 🙂', 'Ґалаґан-Їжак', '%s%n'];
		const names = new Map();
		let minute = 0;
		for (const last_name of hostile) {
			const person = await hire({ last_name, first_name: 'Я' },
				{ personnel_number: last_name });
			names.set(String(person.id), last_name);
			await at(`2026-11-05T08:${String(minute++).padStart(2, '0')}:00Z`, person, 'in');
		}
		await clock_to(now);

		const guarded = (s) => /^[=+\-@]/.test(s) ? `'${s}` : s;
		for (const path of Object.keys(heads)) {
			const raw = (await get(`${path}?from=2026-11-05&to=2026-11-05`)).body;
			assert.doesNotMatch(raw, /(^|,|")[=+\-@\t]/m);
			const rows = parse(raw, { columns: true, record_delimiter: '\r\n' });
			assert.equal(rows.length, hostile.length);
			for (const row of rows) {
				const name = names.get(row.employee_id);
				assert.equal(row.name, guarded(`${name} Я`));
				assert.equal(row.personnel_number, guarded(name));
				assert.equal(row.branch, '\'=Київ, «Поділ»');
			}
			assert.match(raw, /"'=1\+2"";=1\+2 Я"/);
		}
	});

	test('is as long as it must be, and takes no memory for it', async () => {
		const n = 200000;
		await stack.db(`
			WITH made AS (
				INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds,
					recorded_at, source, receipt)
				SELECT $1, 'in', timestamptz '2025-01-01 10:00Z' + make_interval(secs => i),
					$2, 'Europe/Kyiv', 57600, now(), 'qr', md5(i::text)
				  FROM generate_series(1, $3::int) i
				RETURNING id, kind
			)
			INSERT INTO event_meaning SELECT id, kind, 'redundant' FROM made`,
		[anna.id, kyiv.branch.id, n]);

		const url = `${stack.url}/api/reports/events.csv?from=2025-01-01&to=2025-01-31`;
		const headers = { authorization: `Bearer ${clinic.admin}` };
		const answer = await fetch(url, { headers });
		let lines = 0, bytes = 0;
		for await (const chunk of answer.body) {
			for (const byte of chunk)
				lines += byte === 10;
			bytes += chunk.length;
		}
		assert.equal(lines, n + 1);
		assert.ok(bytes > n * 80);
		const most = Math.max(...await peaks());
		if (!await sanitized())
			assert.ok(most < 32 * 1024, `${most} KiB`);
	});

	test('may be broken off by its reader', async () => {
		for (let i = 0; i < 6; i++) {
			const end = new AbortController();
			const answer = await fetch(`${stack.url}/api/reports/events.csv?from=2025-01-01`,
				{ headers: { authorization: `Bearer ${clinic.admin}` }, signal: end.signal });
			const reader = answer.body.getReader();
			await reader.read();
			end.abort();
		}
		assert.equal((await csv('days.csv?from=2026-03-28&to=2026-03-28')).length, 1);
		assert.equal((await stack.pids('reports')).length, 2);
	});

	test('is a problem, not half a file, when nothing can be read', async () => {
		await stack.db('REVOKE SELECT ON event_meaning FROM tabel_app');
		try {
			for (const path of Object.keys(heads)) {
				const answer = await get(path);
				fault(answer, 500, 'INTERNAL');
				assert.match(answer.headers.get('content-type'), /problem\+json/);
				assert.equal(answer.headers.get('content-disposition'), null);
			}
		} finally {
			await stack.db('GRANT SELECT ON event_meaning TO tabel_app');
		}
	});

	test('W1: first and last are so by the instant, whatever clocks showed then', async () => {
		const vera = await hire({ first_name: 'Вера', last_name: 'Рыбак' });
		await at('2026-11-12T06:00:00Z', vera, 'in');			/* 08:00 in Kyiv */
		await at('2026-11-12T15:30:00Z', vera, 'out');			/* 17:30 */
		await at('2026-11-12T15:40:00Z', vera, 'in', berlin);
		await at('2026-11-12T15:50:00Z', vera, 'out', berlin);		/* 16:50 in Berlin */
		await clock_to(now);
		assert.equal((await dayOf(vera, '2026-11-12')).last_out, '2026-11-12T15:50:00Z');
		const [row] = await csv(`days.csv?employee=${vera.id}&from=2026-11-12&to=2026-11-12`);
		assert.deepEqual([row.first_in, row.last_out, row.worked_hours],
			['2026-11-12 08:00:00', '2026-11-12 16:50:00', '9.67']);
	});
});

/* The most memory that each process ever had, in KiB. */
async function peaks() {
	return Promise.all((await stack.pids('reports')).map(async (pid) =>
		Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1])));
}

async function sanitized() {
	const [pid] = await stack.pids('reports');
	return /lib(a|ub)san/.test(await readFile(`/proc/${pid}/maps`, 'utf8'));
}
