/*
 * A whole Tabel for one test file: the real programs behind the real nginx,
 * a real PostgreSQL, below a directory of its own (tools/stack).
 *
 *	const stack = await startStack({ conf: { TOKEN_MINUTES: 5 } });
 *	after(() => stack.stop());
 *	const { token } = await stack.signIn({ id: 7, first_name: 'Anna' });
 *	const answer = await stack.api('GET', '/me', { token });
 *
 * TABEL_BUILD names the build directory (var/build of the checkout);
 * TABEL_SEEN a directory for what tests/seen.mjs reads.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sign } from '@telegram-apps/init-data-node';
import pg from 'pg';

const run = promisify(execFile);
const top = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/* cgi-bin/NAME.c is a program, cgi-bin/NAME_PART.c a part of it. */
export const programs = readdirSync(join(top, 'cgi-bin')).filter((f) => /^[a-z]+\.c$/.test(f))
	.map((f) => f.slice(0, -2)).sort();
export const build = resolve(process.env.TABEL_BUILD ?? join(top, 'var/build'));
export const botToken = '7000000001:AAGqk3n0Zr5uUoXKx1w7c9dB2eVfTjYhLsM';
export const firstAdmin = { id: 900000001, first_name: 'Ада', last_name: 'Первая' };

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/* initData as Telegram hands it to the page of a signed-in user. */
export function initData(user, { auth_date = Date.now() / 1000, token = botToken, ...rest } = {}) {
	const person = { first_name: 'Тест', language_code: 'ru', ...user };
	return sign({ user: person, ...rest }, token, new Date(auth_date * 1000));
}

/*
 * faketime: the instant at which the programs' clock stands; clock.set()
 * moves it.  PostgreSQL, nginx and the test keep the real time.
 */
export async function startStack(options = {}) {
	const dir = await mkdtemp(join(tmpdir(), 'tabel-'));
	const clock = options.faketime && await makeClock(dir, options.faketime);
	const args = stackArguments(options, clock);
	try {
		await run(join(top, 'tools/stack'), ['start', dir, ...args]);
	} catch (error) {
		error.message += await logTails(dir);
		await removeStack(dir);
		throw error;
	}
	const conf = await readConf(dir);
	const socket = conf.RUN_DIR;
	const pool = new pg.Pool({ host: socket, user: 'postgres', database: 'tabel', max: 4 });
	pool.on('error', () => {});	/* the tests restart PostgreSQL */

	const stack = {
		dir, conf, socket, pool, clock,
		url: conf.PUBLIC_URL,
		db: async (text, values) => (await pool.query(text, values)).rows,
		api: (method, path, request) => api(conf.PUBLIC_URL, method, path, request),
		log: (name) => readFile(join(dir, 'log', `${name}.log`), 'utf8'),
		/* A log, once it says that. */
		async logged(name, what) {
			for (const end = Date.now() + 10000; ;) {
				const text = await stack.log(name).catch(() => '');
				if (what.test(text))
					return text;
				assert.ok(Date.now() < end, `${name}.log does not say ${what}: ${text}`);
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		},
		pids: (program) => processes(dir, socket, program),
		tabelctl: (...words) => run(join(dir, 'bin/tabelctl'), words,
			{ env: { ...process.env, ...clock?.env, TABEL_CONF: join(dir, 'tabel.conf') } }),
		worker: () => run(join(dir, 'bin/worker'), ['--once'],
			{ env: { ...process.env, ...clock?.env, TABEL_CONF: join(dir, 'tabel.conf') } }),

		/* The answer of POST /auth/telegram: token, state, person, roles. */
		async signIn(user = firstAdmin, more = {}) {
			const auth_date = clock ? clock.now() / 1000 : Date.now() / 1000;
			const body = { init_data: initData(user, { auth_date, ...more }) };
			const answer = await stack.api('POST', '/auth/telegram', { body });
			if (answer.status !== 200)
				throw new Error(`sign-in: ${JSON.stringify(answer)}`);
			return answer.body;
		},

		/* An administrator with a password: { username, password }. */
		async makeAdmin(username = 'boss') {
			const { stdout } = await stack.tabelctl('admin', username);
			return { username, password: stdout.match(/^password (\S+)$/m)[1] };
		},

		async stop() {
			await pool.end();
			await run(join(top, 'tools/stack'), ['stop', dir]);
			if (process.env.TABEL_SEEN)
				await tellWhatWasSeen(dir, process.env.TABEL_SEEN);
			const found = await sanitizerReports(dir);
			const undeclared = await undeclaredAnswers(dir);
			if (!process.env.TABEL_KEEP)
				await removeStack(dir);
			if (found)
				throw new Error(`memory error or undefined behaviour:\n${found}`);
			if (undeclared)
				throw new Error(`not in the route's row:\n${undeclared}`);
		},
	};
	return stack;
}

/* One request.  A JSON answer is parsed, any other is text. */
export async function api(url, method, path, { token, body, headers = {}, cookie } = {}) {
	const sent = { ...headers };
	if (token)
		sent.authorization = `Bearer ${token}`;
	if (cookie)
		sent.cookie = cookie;
	if (body !== undefined)
		sent['content-type'] ??= 'application/json';
	const response = await fetch(`${url}/api${path}`, {
		method,
		headers: sent,
		body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
		redirect: 'manual',
	});
	const text = await response.text();
	const json = /[/+]json/.test(response.headers.get('content-type') ?? '');
	return {
		status: response.status,
		headers: response.headers,
		body: json ? JSON.parse(text) : text,
	};
}

/* Asserts that an answer is that fault, and names these fields. */
export function fault(answer, status, code, ...fields) {
	assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
	if (fields.length > 0)
		assert.deepEqual(answer.body.errors.map((e) => e.field).sort(), fields.sort());
	return answer;
}

function stackArguments({ conf = {}, env = {}, set = {}, workers = 2 }, clock) {
	const pairs = (flag, object) =>
		Object.entries(object).flatMap(([name, value]) => [flag, `${name}=${value}`]);
	return [
		'--build', build, '--port', '0', '--workers', String(workers),
		...pairs('--conf', {
			BOT_TOKEN: botToken, FIRST_ADMIN_ID: firstAdmin.id, BCRYPT_COST: 10, ...conf,
		}),
		...pairs('--env', { ...clock?.env, ...env }),
		...pairs('--set', {
			API_RATE: 10000, API_BURST: 10000, LOGIN_RATE: 10000, LOGIN_BURST: 1000,
			PG_OPTIONS: '-c fsync=off', ...set,
		}),
	];
}

async function makeClock(dir, instant) {
	const { stdout } = await run('dpkg', ['-L', 'libfaketime']);
	const library = stdout.split('\n').find((line) => line.endsWith('/libfaketime.so.1'));
	const file = join(dir, 'clock');
	let now;
	const clock = {
		env: {
			LD_PRELOAD: library,
			FAKETIME_TIMESTAMP_FILE: file,
			FAKETIME_NO_CACHE: '1',
			DONT_FAKE_MONOTONIC: '1',
			TZ: 'UTC',
			/* The preloaded library comes before the sanitizers' own. */
			ASAN_OPTIONS: 'verify_asan_link_order=0',
		},
		now: () => now,
		async set(moment) {
			now = new Date(moment).getTime();
			const text = new Date(now).toISOString().slice(0, 19).replace('T', ' ');
			await writeFile(`${file}.new`, `${text}\n`, { mode: 0o644 });
			await rename(`${file}.new`, file);
		},
		add: (seconds) => clock.set(now + seconds * 1000),
	};
	await clock.set(instant);
	return clock;
}

async function readConf(dir) {
	const text = await readFile(join(dir, 'tabel.conf'), 'utf8');
	return Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map((m) => [m[1], m[2]]));
}

/* Process ids of a program; of nginx and PostgreSQL the first process. */
async function processes(dir, socket, program) {
	const file = { nginx: join(socket, 'nginx.pid'), postgres: join(dir, 'pg/postmaster.pid') }[program];
	if (file)
		return [parseInt(await readFile(file, 'utf8'), 10)];
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
	const links = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/exe`).catch(() => '')));
	const ours = await realpath(join(dir, 'bin', program));
	return pids.filter((pid, i) => links[i] === ours).map(Number);
}

/* "METHOD path fault" of each kind of answer that the programs logged. */
async function tellWhatWasSeen(dir, to) {
	const seen = new Set();
	for (const name of await readdir(join(dir, 'log'))) {
		const text = await readFile(join(dir, 'log', name), 'utf8');
		for (const line of text.match(/^.* method=.* path=.*$/gm) ?? []) {
			const { method, path, fault = '-' } = Object.fromEntries(
				[...line.matchAll(/(\w+)=(\S+)/g)].map((m) => [m[1], m[2]]));
			seen.add(`${method} ${path} ${fault}\n`);
		}
	}
	await mkdir(to, { recursive: true });
	await writeFile(join(to, basename(dir)), [...seen].sort().join(''));
}

async function sanitizerReports(dir) {
	const reports = [];
	for (const name of await readdir(join(dir, 'log'))) {
		const text = await readFile(join(dir, 'log', name), 'utf8');
		const at = text.search(/ERROR: (Address|Leak)Sanitizer|runtime error:/);
		if (at >= 0)
			reports.push(`${name}: ${text.slice(at, at + 4000)}`);
	}
	return reports.join('\n');
}

/* Statuses and faults that no row of a table of routes declares. */
async function undeclaredAnswers(dir) {
	const lines = new Set();
	for (const name of await readdir(join(dir, 'log'))) {
		const text = await readFile(join(dir, 'log', name), 'utf8');
		for (const [, line] of text.matchAll(/api: undeclared: ([^"\n]*)/g))
			lines.add(line);
	}
	return [...lines].join('\n');
}

async function logTails(dir) {
	const names = await readdir(join(dir, 'log')).catch(() => []);
	const tails = await Promise.all(names.map(async (name) =>
		`\n${name}: ${(await readFile(join(dir, 'log', name), 'utf8')).slice(-800)}`));
	return tails.join('');
}

async function removeStack(dir) {
	await run(join(top, 'tools/stack'), ['remove', dir]);
	await rm(dir, { recursive: true, force: true });
}
