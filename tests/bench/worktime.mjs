/*
 * worktime: a year of 250, 500 and 1,000 employees, a million events in all,
 * against psql that copies the same rows out.
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const year = { from_day: '2025-01-01', to_day: '2025-12-31' };
const parts = [250, 250, 500];	/* of three branches, and a manager of one, two and three */

/* Seconds that a command takes. */
export async function time(command, words) {
	const began = process.hrtime.bigint();
	await run(command, words, { maxBuffer: 1 << 28 });
	return Number(process.hrtime.bigint() - began) / 1e9;
}

/* A named statement with values instead of parameters, for psql. */
export async function statement(top, group, name, given) {
	const path = join(top, `sql/${group}.sql`);
	const text = (await run('awk', ['-f', join(top, 'sql/embed.awk'), '-v', 'out=check', path])).stdout;
	const header = new RegExp(`^-- ${name}\\((.*)\\) \\w+$`, 'm').exec(await readFile(path, 'utf8'))[1];
	const values = header.split(', ').map((p) => {
		const [word, type] = p.split(' ');
		return given[word] !== undefined ? `'${given[word]}'` :
			{ bool: 'false', timestamptz: 'now()' }[type] ?? (type.endsWith('?') ? 'NULL' : '0');
	});
	let body = new RegExp(`^PREPARE ${name}\\b.*? AS\\n([^]*?);\\n(?=PREPARE|$)`, 'm').exec(text)[1];
	values.forEach((a, i) => { body = body.replaceAll(new RegExp(`\\$${i + 1}(?!\\d)`, 'g'), a); });
	return body;
}

/* A rotation of 2/2 from 08:00 to 20:00 with an hour out at noon, Sundays too. */
async function work(stack, clinic) {
	const managers = [], branches = [];
	for (const n of parts) {
		const branch = await clinic.openBranch();
		branches.push(branch.id);
		await stack.db(`WITH p AS (
			INSERT INTO person (last_name, first_name, state)
			SELECT 'Сотрудник', i::text, 'active' FROM generate_series(1, $1) i RETURNING id),
		e AS (
			INSERT INTO employee (person, branch, position, hired_on)
			SELECT id, $2, $3, '2024-12-01' FROM p RETURNING id),
		s AS (
			INSERT INTO schedule (employee, branch, time_zone, kind, valid_from, cycle_days, anchor,
				break_after_minutes, break_minutes)
			SELECT id, $2, 'Europe/Kyiv', 'rotation', '2025-01-01', 4, date '2025-01-01' + (id % 4)::int, 360, 60
			  FROM e RETURNING id)
		INSERT INTO schedule_shift (schedule, cycle_days, day, starts, ends)
		SELECT id, 4, day, '08:00', '20:00' FROM s CROSS JOIN generate_series(0, 1) day`,
		[n, branch.id, clinic.position.id]);
		managers.push(await clinic.hire({}, { branch: branch.id, manager_of: [...branches] }));
	}
	await stack.db(`WITH new AS (
		INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds, recorded_at, source, receipt)
		SELECT e.id, CASE n % 2 WHEN 0 THEN 'in' ELSE 'out' END,
			(day + (ARRAY['07:55', '12:00', '13:00', '20:05']::time[])[n + 1]) AT TIME ZONE 'Europe/Kyiv'
				+ make_interval(secs => (e.id * 37 + n * 11) % 240),
			e.branch, 'Europe/Kyiv', 57600, now(), 'qr', 'bench'
		  FROM employee e CROSS JOIN generate_series(timestamp '2025-01-01', '2025-12-31', '1 day') day
		 CROSS JOIN generate_series(0, 3) n
		 WHERE e.branch = ANY ($1) AND e.hired_on = '2024-12-01'
		   AND (extract(doy FROM day)::int + e.id) % 3 > 0
		RETURNING id, kind)
		INSERT INTO event_meaning SELECT id, kind, 'opens' FROM new`, [branches]);
	await stack.tabelctl('rebuild');
	await stack.db('VACUUM ANALYZE');
	const [{ n }] = await stack.db('SELECT count(*)::int AS n FROM event WHERE branch = ANY ($1)', [branches]);
	return { branches, managers, events: n };
}

export async function worktime({ stack, clinic, note, rounds, median, fixed, top, rss }) {
	const { branches, managers, events } = await work(stack, clinic);
	let staff = 0;
	for (let i = 0; i < parts.length; i++) {
		staff += parts[i];
		const mine = `{${branches.slice(0, i + 1)}}`;
		const body = await statement(top, 'reports', 'worktime', { ...year, manager: 'true', branches: mine });
		await writeFile(join(stack.dir, 'year.sql'),
			`SET TimeZone = 'UTC'; SET jit = off;\nCOPY (${body.replaceAll('\n', ' ')}) TO STDOUT WITH (FORMAT csv);\n`);
		const ours = [], theirs = [];
		for (let k = 0; k < rounds; k++) {
			ours.push(await time('curl', ['-fsS', '-o', join(stack.dir, 'year.json'), '-H',
				`Authorization: Bearer ${managers[i].token}`,
				`${stack.url}/api/stats/worktime?from=${year.from_day}&to=${year.to_day}`]));
			theirs.push(await time('psql', ['-X', '-q', '-h', stack.socket, '-U', 'postgres', '-d', 'tabel',
				'-o', join(stack.dir, 'year.csv'), '-f', join(stack.dir, 'year.sql')]));
		}
		const { items } = JSON.parse(await readFile(join(stack.dir, 'year.json'), 'utf8'));
		if (items.length < staff || items.filter((x) => x.worked_seconds > 0).length < staff)
			throw new Error(`${items.length} of ${staff} employees`);
		note(`worktime, a year of ${staff}${i === 2 ? `, ${events} events` : ''}`, `${fixed(median(ours))} s`,
			`psql copy ${fixed(median(theirs))} s`, fixed(median(theirs) / median(ours)), i === 2 ? '0.7, < 1 s' : 0.7);
	}
	note('', `${fixed(await rss('reports', 'VmHWM'), 1)} MB at most`, '', '', '< 32 MB');
}
