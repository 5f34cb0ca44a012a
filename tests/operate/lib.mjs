/*
 * What the tests of operation share: an installation as "make install" lays
 * it, and an ordinary user to run it.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { api, build, firstAdmin, initData } from '../harness.mjs';

export const run = promisify(execFile);

export async function until(what, condition, seconds = 30) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		if (await Promise.resolve().then(condition).catch(() => false))
			return;
		assert.ok(Date.now() < end, `not in ${seconds} s: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/* make install below a directory; more are variables of the Makefile. */
export async function install(prefix, more = {}) {
	const variables = { prefix, sysconfdir: join(prefix, 'etc'), ...more };
	await run('make', ['-s', '-C', build, 'install',
		...Object.entries(variables).map(([name, value]) => `${name}=${value}`)],
	{ env: { ...process.env, MAKEFLAGS: '' } });
}

/* A port that is free now. */
export async function freePort() {
	const server = createServer();
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address();
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/*
 * Somebody without any rights: a new user, if we are root, else ourselves.
 *
 *	{ name, home, sh(script, env), start(command, args), owns(path), end() }
 */
export async function ordinaryUser() {
	const home = await mkdtemp(join(tmpdir(), 'home-'));
	const root = process.getuid() === 0;
	const name = root ? `tabel${process.pid}` : userInfo().username;
	let ids = {};
	if (root) {
		await run('useradd', ['--system', '--user-group', '--home-dir', home, name]);
		const { stdout } = await run('sh', ['-c', `id -u ${name}; id -g ${name}`]);
		const [uid, gid] = stdout.split('\n').map(Number);
		ids = { uid, gid };
	}
	const options = (env) => ({ cwd: home, maxBuffer: 1 << 26, env: {
		HOME: home, USER: name, LOGNAME: name, LANG: 'C.UTF-8',
		PATH: '/usr/local/bin:/usr/bin:/bin', ...env }, ...ids });
	const user = {
		name, home,
		sh: (script, env) => run('bash', ['-euo', 'pipefail', '-c', script], options(env)),
		start: (command, args, env) =>
			spawn(command, args, { ...options(env), stdio: ['ignore', 'pipe', 'pipe'] }),
		owns: (path) => root && run('chown', ['-R', `${name}:`, path]),
		async end() {
			if (!process.env.TABEL_KEEP)
				await rm(home, { recursive: true, force: true });
			if (root)
				await run('userdel', [name]);
		},
	};
	await user.owns(home);
	return user;
}

/* What openClinic() wants of a stack, of any installation at an address. */
export function visitor(url) {
	return {
		url,
		api: (method, path, request) => api(url, method, path, request),
		async signIn(user = firstAdmin) {
			const answer = await api(url, 'POST', '/auth/telegram', { body: { init_data: initData(user) } });
			assert.equal(answer.status, 200, JSON.stringify(answer.body));
			return answer.body;
		},
	};
}
