/*
 * bench: how much of the machine reaches the person, as ratios within one
 * run: against a bare libfcgi responder and pgbench that run the same
 * statements on the same PostgreSQL, and against psql's \copy.
 *
 *	make bench
 *	make bench BENCH_ONLY=signins,worktime
 */
import { execFile, spawn } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { botToken, build, programs, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { startTelegram } from '../telegram.mjs';
import { outbox, webhook } from './bot.mjs';
import { month } from './month.mjs';
import { signIns } from './signins.mjs';
import { taps } from './taps.mjs';
import { statement, time, worktime } from './worktime.mjs';

const run = promisify(execFile);
const top = fileURLToPath(new URL('../..', import.meta.url));
const seconds = Number(process.env.BENCH_SECONDS ?? 8), rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const clients = 32, workers = 3;
const staff = 512;	/* so many that nobody's day is absurdly full */
const rows = Number(process.env.BENCH_ROWS ?? 1000000);
const table = [];
const note = (what, ours, other, ratio, wanted) => table.push([what, ours, other, ratio, wanted]);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const fixed = (n, d = 2) => n.toFixed(d);

/* Durable commits: this is about payroll. */
const secret = 'bench', telegram = await startTelegram(botToken);
const stack = await startStack({ workers, set: { PG_OPTIONS: '' }, conf: { TOKEN_MINUTES: 1440, LOG_LEVEL: 'warn',
	TELEGRAM_API_URL: telegram.url, BOT_WEBHOOK_SECRET: secret } });
const port = Number(new URL(stack.url).port);
const bare = [];
try {
	const clinic = await openClinic(stack);
	for (let i = 1; i < 8; i++)
		await clinic.hang(clinic.branch);
	const people = [];
	for (let i = 0; i < staff; i++)
		people.push(await clinic.hire());
	const file = (name) => join(stack.dir, name);
	await writeFile(file('people'), people.map((p) => {
		const { sid } = JSON.parse(Buffer.from(p.token.split('.')[1], 'base64url'));
		return `${p.token} ${sid} ${p.person}\n`;
	}).join(''));
	await startBare(file);
	const its = { stack, clinic, file, top, rounds, note, load, rss, median, fixed, secret, telegram };
	const parts = {
		memory: () => idleMemory(),
		marks: () => marks(file, people),
		me: () => get('GET /api/me', '/api/me', '/bare/me', file, 0.8),
		feed: () => feed(clinic, file),
		webhook: () => webhook(its),
		outbox: () => outbox(its),
		signins: () => signIns(its),
		taps: () => taps(its),
		month: () => month(its),
		worktime: () => worktime(its),
		csv: () => csv(clinic),
		pages: () => firstLoad(),
	};
	for (const name of process.env.BENCH_ONLY?.split(',') ?? Object.keys(parts))
		await parts[name]();
} finally {
	for (const child of bare)
		child.kill('SIGKILL');
	await stack.stop();
	await telegram.stop();
}
print();

/* The yardstick behind the same nginx, its processes on one socket too. */
async function startBare(file) {
	let statements = '';
	for (const group of ['access', 'bot', 'event', 'events', 'setting', 'workday'])
		statements += (await run('awk', ['-f', join(top, 'sql/embed.awk'), '-v', 'out=check',
			join(top, `sql/${group}.sql`)])).stdout;
	await writeFile(file('statements'), statements);
	const socket = join(stack.socket, 'bare.sock');
	const listener = spawn('python3', ['-c', `
import os, socket, sys
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o666); s.listen(1024)
os.dup2(s.fileno(), 0)
print('up', flush=True)
children = [os.spawnvp(os.P_NOWAIT, sys.argv[2], sys.argv[2:]) for _ in range(${workers})]
for c in children: os.waitpid(c, 0)`, socket, join(build, 'tests/bench/bare'), file('statements')], {
		env: { ...process.env, PGHOST: stack.socket, PGUSER: 'tabel_app', PGDATABASE: 'tabel',
			PGOPTIONS: '-c TimeZone=UTC' },
		stdio: ['ignore', 'pipe', 'inherit'], detached: true,
	});
	bare.push({ kill() { try { process.kill(-listener.pid, 'SIGKILL'); } catch { /* gone */ } } });
	await new Promise((done) => listener.stdout.once('data', done));
	const site = join(stack.dir, 'etc/site.conf');
	const text = await readFile(site, 'utf8');
	await writeFile(site, text.replace('upstream tabel_auth', `upstream bare {
	server "unix:${socket}" max_fails=0;
	server "unix:${socket}" max_fails=0;
}
upstream tabel_auth`).replace('	location /api/ {', `	location /bare/ {
		include tabel/fastcgi.conf;
		include tabel/headers-api.conf;
		limit_req zone=tabel_api burst=10000 nodelay;
		fastcgi_split_path_info ^(/bare)(/.*)$;
		fastcgi_pass bare;
	}
	location /api/ {`).replaceAll(/rate=\d+r\/s/g, 'rate=1000000r/s'));
	await run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), 'restart', 'nginx']);
	for (let i = 0; i < 100; i++)
		if (await fetch(`${stack.url}/api/system/about`).then((r) => r.ok, () => false))
			return;
}

async function load(mode, path, file, more = [], connections = clients) {
	const { stdout } = await run(join(build, 'tests/bench/load'),
		[String(port), String(connections), String(seconds), mode, path, file('people'), ...more]);
	const [rate, p50, p95, p99, failed] = stdout.trim().split(' ').map(Number);
	if (failed > 0)
		throw new Error(`${failed} requests to ${path} failed`);
	return { rate, p50, p95, p99 };
}

/* Nobody is inside when a run begins, once the last of the one before is done. */
async function reset() {
	for (let busy = 1; busy > 0;)
		[{ busy }] = await stack.db(`SELECT count(*) AS busy FROM pg_stat_activity
			WHERE usename = 'tabel_app' AND state <> 'idle'`);
	return stack.db(`UPDATE interval SET state = 'missing_out' WHERE state = 'open'`);
}

async function marks(file, people) {
	const codes = async () => {
		const { stdout } = await run(join(build, 'tests/bench/codes'), ['60000'],
			{ env: { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf') }, maxBuffer: 1 << 26 });
		await writeFile(file('codes'), stdout);
	};
	const ours = [], theirs = [], bench = [];
	for (let i = 0; i < rounds; i++) {
		await codes();
		await reset();
		ours.push(await load('marks', '/api', file, [file('codes')]));
		await codes();
		await reset();
		theirs.push(await load('marks', '/bare', file, [file('codes')]));
		await reset();
		bench.push(await pgbench(file, people));
	}
	const rate = (list) => median(list.map((r) => r.rate));
	note('claim + event, 32 clients', `${fixed(rate(ours), 0)}/s`, `bare ${fixed(rate(theirs), 0)}/s`,
		fixed(rate(ours) / rate(theirs)), 0.85);
	note('', `p95 ${fixed(median(ours.map((r) => r.p95)), 1)} ms`, `pgbench ${fixed(median(bench), 0)}/s`,
		fixed(rate(ours) / median(bench)), 0.5);
}

/* pgbench with as many connections as the programs have to PostgreSQL. */
async function pgbench(file, people) {
	const statements = await readFile(file('statements'), 'utf8');
	const prepare = statements.replace(/^--.*$/gm, '').replace(/;\s*$/gm, ';');
	const scripts = [];
	const share = Math.floor(staff / workers), now = `date_trunc('second', now())`;
	const today = `(extract(epoch FROM now())::int / 86400)`;
	const figures = `json_build_array(json_build_object('employee', :id, 'number', ${today}, 'shifts', 0, 'planned_seconds', 0,
		'worked_seconds', 1, 'break_seconds', 0, 'late_seconds', 0, 'early_seconds', 0, 'night_seconds', 0,
		'overtime_seconds', 0, 'missing_out', 0, 'missing_in', 0, 'intervals', 1))::text`.replaceAll('\n', ' ');
	const add = (kind, effect, open) => `EXECUTE event_add(:id, '${kind}', ${now}, ${people[0].branch}, 'Europe/Kyiv',
		57600, ${now}, 'qr', '{}', :terminal, :c_id, NULL, NULL, 0, '${kind}', '${effect}', false, ${open}, 57600);`
		.replaceAll('\n', ' ');
	/* Each client goes round its share of the people: all in, then all out. */
	for (let i = 0; i < workers; i++) {
		const name = file(`pgbench${i}.sql`);
		await writeFile(name, `
\\if :ready = 0
${prepare}
\\set ready 1
\\endif
\\set k :turn % ${share}
\\set inside :turn / ${share} % 2
\\set turn :turn + 1
\\set id ${people[0].id} + ${i * share} + :k
\\set person ${people[0].person} + ${i * share} + :k
\\set terminal 1 + :k % 8
\\set r random(1, 9000000000000000000)
SELECT quote_literal(id) AS sid FROM session WHERE person = :person LIMIT 1 \\gset
EXECUTE session_who(:sid, 'bench', ${now});
EXECUTE claim_place(:terminal, :person, '127.0.0.1');
EXECUTE claim_new(:person, :terminal, int8send(:r) || int4send(${i}), ${now}, false, '{}', NULL, NULL) \\gset c_
EXECUTE pairing_state(:id, ${now});
EXECUTE session_who(:sid, 'bench', ${now});
BEGIN;
EXECUTE employee_lock(:person);
EXECUTE claim_get(:c_id, :person);
EXECUTE pairing_state(:id, ${now}) \\gset p_
\\if :inside = 0
${add('in', 'opens', 'NULL')}
\\else
${add('out', 'closes', ':p_open')}
\\endif
EXECUTE setting_get('overtime_minutes');
EXECUTE plan_load(ARRAY[:id]::text, ARRAY[${today} - 7]::text, ARRAY[${today} + 5]::text);
EXECUTE work_load(ARRAY[:id]::text, ARRAY[${today} - 7]::text, ARRAY[${today} + 5]::text);
EXECUTE workday_rewrite(ARRAY[:id]::text, ARRAY[${today} - 4]::text, ARRAY[${today} + 2]::text, ${figures}, '[]', true);
COMMIT;
`);
		scripts.push(name);
	}
	const runs = await Promise.all(scripts.map((name) => run('/usr/lib/postgresql/15/bin/pgbench',
		['-n', '-h', stack.socket, '-U', 'tabel_app', '-c', '1', '-T', String(seconds), '-D', 'ready=0',
			'-D', 'turn=0', '-f', name, 'tabel'], { env: { ...process.env, PGOPTIONS: '-c TimeZone=UTC' } })));
	return runs.reduce((sum, { stdout }) => sum + Number(/tps = ([\d.]+)/.exec(stdout)[1]), 0);
}

async function get(what, path, other, file, wanted) {
	const ours = [], theirs = [];
	for (let i = 0; i < rounds; i++) {
		ours.push(await load('get', path, file));
		theirs.push(await load('get', other, file));
	}
	const rate = (list) => median(list.map((r) => r.rate));
	note(what, `${fixed(rate(ours), 0)}/s`, `bare ${fixed(rate(theirs), 0)}/s`,
		fixed(rate(ours) / rate(theirs)), wanted);
}

/* The ordinary poll: nothing new.  What of two cores is one tablet's? */
async function feed(clinic, file) {
	const { sequence, codes } = await clinic.feed();
	const held = Math.floor(Date.parse(codes.at(-1).until) / 1000);
	await writeFile(file('tablets'), Array.from({ length: clients },
		() => `${clinic.tablet.key} x 1\n`).join(''));
	const path = `/api/kiosk/feed?sequence=${sequence}&held=${held}`;
	const before = await cpu();
	const { stdout } = await run(join(build, 'tests/bench/load'),
		[String(port), String(clients), String(seconds), 'get', path, file('tablets')]);
	const rate = Number(stdout.split(' ')[0]);
	const busy = (await cpu() - before) / seconds;
	note('tablet feed', `${fixed(rate, 0)}/s`, `${fixed(busy, 2)} cores busy in nginx, program, PostgreSQL`,
		`${fixed(rate / busy, 0)} tablets a core`, '');
}

/* Seconds of processor that all processes of the stack have used. */
async function cpu() {
	let ticks = 0;
	for (const pid of await readdir('/proc'))
		if (/^\d+$/.test(pid)) {
			const cmd = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
			const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
			if (/postgres|nginx/.test(cmd) || cmd.startsWith(join(stack.dir, 'bin')))
				ticks += stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13)
					.reduce((a, b) => a + Number(b), 0);
		}
	return ticks / 100;
}

async function rss(program, what, of = stack) {
	let kb = 0;
	for (const pid of await of.pids(program)) {
		const text = await readFile(`/proc/${pid}/${what === 'VmHWM' ? 'status' : 'smaps_rollup'}`, 'utf8');
		const found = [...text.matchAll(what === 'VmHWM' ? /^VmHWM:\s+(\d+)/gm : /^Private_(?:Clean|Dirty):\s+(\d+)/gm)];
		const sum = found.reduce((a, m) => a + Number(m[1]), 0);
		kb = what === 'VmHWM' ? Math.max(kb, sum) : kb + sum;
	}
	return kb / 1024;
}

/* As an installation has them, once they were used. */
async function idleMemory() {
	const idle = await startStack();
	let mb = 0, n = 0;
	await openClinic(idle).then((clinic) => clinic.hire());
	for (const program of [...programs, 'worker']) {
		mb += await rss(program, 'private', idle);
		n += (await idle.pids(program)).length;
	}
	await idle.stop();
	note(`private memory, ${n} idle processes`, `${fixed(mb, 1)} MB`, '', '', '< 40 MB');
}

async function csv(clinic) {
	const employees = (await stack.db('SELECT id FROM employee ORDER BY id')).map((r) => r.id);
	await stack.db(`WITH new AS (
		INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds, recorded_at, source, receipt)
		SELECT ($1::int8[])[1 + i / 2 % ${employees.length}], CASE WHEN i % 2 = 0 THEN 'in' ELSE 'out' END,
			timestamptz '2024-01-01' + make_interval(secs => i / ${2 * employees.length} * 1800 + i % 2 * 600),
			$2, 'Europe/Kyiv', 57600, now(), 'qr', md5(i::text)
		  FROM generate_series(0, ${rows} - 1) i RETURNING id, kind)
		INSERT INTO event_meaning (event, kind, effect)
		SELECT id, kind, CASE kind WHEN 'in' THEN 'opens' ELSE 'closes' END FROM new`,
	[employees, clinic.branch.id]);
	await stack.db('VACUUM ANALYZE');
	const query = 'from=2023-12-01&to=2026-01-01';
	const body = await statement(top, 'reports', 'event_csv', { from_day: '2023-12-01', to_day: '2026-01-01' });
	await writeFile(join(stack.dir, 'copy.sql'),
		`SET TimeZone = 'UTC';\nCOPY (${body.replaceAll('\n', ' ')}) TO STDOUT WITH (FORMAT csv);\n`);
	const ours = [], theirs = [];
	let lines;
	for (let i = 0; i < rounds; i++) {
		ours.push(await time('curl', ['-fsS', '-o', join(stack.dir, 'out.csv'), '-H',
			`Authorization: Bearer ${clinic.admin}`, `${stack.url}/api/reports/events.csv?${query}`]));
		lines = Number((await run('wc', ['-l', join(stack.dir, 'out.csv')])).stdout.split(' ')[0]);
		theirs.push(await time('psql', ['-X', '-q', '-h', stack.socket, '-U', 'postgres', '-d', 'tabel', '-o',
			join(stack.dir, 'copy.csv'), '-f', join(stack.dir, 'copy.sql')]));
	}
	note(`CSV of ${lines - 1} events`, `${fixed(median(ours), 1)} s`, `psql copy ${fixed(median(theirs), 1)} s`,
		fixed(median(theirs) / median(ours)), 0.5);
	note('', `${fixed(await rss('reports', 'VmHWM'), 1)} MB at most`, '', '', '< 32 MB');
}

/* What a phone loads to show the Mini App, as it comes over the line. */
async function firstLoad() {
	const seen = new Map();
	async function fetchAll(url) {
		if (seen.has(url))
			return;
		seen.set(url, 0);
		const { stdout } = await run('curl', ['-fsS', '-H', 'Accept-Encoding: gzip', '-o', join(stack.dir, 'part'),
			'-w', '%{size_download}', `${stack.url}${url}`]);
		seen.set(url, Number(stdout));
		const text = await (await fetch(`${stack.url}${url}`)).text();
		const found = url.endsWith('.js') ? text.matchAll(/(?:from|import)\s*\(?['"]([^'"]+\.js)['"]/g) :
			url.endsWith('/') ? text.matchAll(/(?:src|href)="([^"#]+)"/g) : text.matchAll(/@import\s+['"]([^'"]+)/g);
		for (const [, to] of found)
			await fetchAll(new URL(to, `http://x${url}`).pathname);
	}
	await fetchAll('/app/');
	await fetchAll('/i18n/ru.json');
	const kb = [...seen.values()].reduce((a, b) => a + b, 0) / 1024;
	note(`Mini App's first load, ${seen.size} files`, `${fixed(kb, 1)} KB`, '', '', '< 100 KB');
}

function print() {
	const head = ['what', 'Tabel', 'yardstick', 'ratio', 'wanted'];
	const width = head.map((h, i) => Math.max(h.length, ...table.map((r) => String(r[i]).length)));
	for (const row of [head, width.map((w) => '-'.repeat(w)), ...table])
		console.log(row.map((cell, i) => String(cell).padEnd(width[i])).join('  ').trimEnd());
}
