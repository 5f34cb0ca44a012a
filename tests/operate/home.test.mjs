/*
 * Shared hosting: an ordinary user runs everything below his home, under a
 * supervisord and an nginx of his own, from what "make install" laid there.
 */
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { botToken, firstAdmin } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { install, ordinaryUser, run, until, visitor } from './lib.mjs';

let user, url, site, clinic, anna, child;
const stack = (command) => user.sh(`tabel/share/tabel/tools/stack ${command}`);
const options = `--workers 2 --set API_RATE=1000 --set API_BURST=1000 --set LOGIN_RATE=1000
	--set LOGIN_BURST=100`.replace(/\s+/g, ' ');

before(async () => {
	user = await ordinaryUser();
	await install(join(user.home, 'tabel'));
	await user.owns(user.home);
	await stack(`start var --port 0 ${options} --conf BOT_TOKEN=${botToken} --conf FIRST_ADMIN_ID=${firstAdmin.id}`);
	await attach();
	clinic = await openClinic(site);
	anna = await clinic.hire();
});
after(async () => {
	if (!user)
		return;
	await stack('stop var').catch(() => {});
	child?.kill('SIGTERM');
	await user.end();
});

async function attach() {
	url = (await stack('status var')).stdout.split('\n')[0];
	site = visitor(url);
}

/* Processes of this installation, as { pid, user, line }. */
async function processes() {
	const { stdout } = await run('ps', ['-eo', 'pid=,user:32=,args=', '-ww']);
	return stdout.trim().split('\n').map((line) => /^ *(\d+) (\S+) +(.*)$/.exec(line))
		.map(([, pid, name, args]) => ({ pid, name, args }))
		.filter(({ args }) => args.includes(user.home));
}

describe('below $HOME', () => {
	test('nobody but the user is at work', async () => {
		const all = await processes();
		for (const part of ['supervisord', 'nginx: master', 'postgres -D', '/bin/worker', '/bin/events'])
			assert.ok(all.some(({ args }) => args.includes(part)), part);
		for (const { name, args } of all)
			assert.equal(name, user.name, args);
	});

	test('people scan, tap, and are seen', async () => {
		assert.equal((await clinic.mark(anna.token, 'in')).status, 201);
		const { items } = await clinic.must(clinic.admin, 'GET', '/presence');
		assert.deepEqual(items.map((i) => [i.employee, i.state]), [[anna.id, 'in']]);
		for (const page of ['/app/', '/admin/', '/kiosk/'])
			assert.equal((await fetch(url + page)).status, 200);
	});

	test('secrets and sockets are the user\'s alone', async () => {
		for (const name of ['tabel.conf', 'master.key', 'run', 'pg'])
			assert.equal((await stat(join(user.home, 'var', name))).mode & 0o077, 0, name);
	});

	test('a start that fails leaves nothing behind, and says why', async () => {
		await assert.rejects(stack('start broken --port 0 --conf BOT_MODE=sometimes'),
			({ stderr }) => /^BOT_MODE: must be webhook, polling or off\.$/m.test(stderr));
		assert.deepEqual((await processes()).filter(({ args }) => args.includes('/broken/')), []);
	});

	test('a database of the host\'s gets its schema', async () => {
		await user.sh(`psql -X -q -h ~/var/run -U postgres -d postgres -c 'CREATE DATABASE other OWNER tabel_owner'`);
		const at = (role) => `"host=$HOME/var/run dbname=other user=${role}"`;
		await stack(`start other --port 0 --workers 1 --conf DATABASE_URL=${at('tabel_app')} --conf MIGRATE_URL=${at('tabel_migrator')}`);
		try {
			assert.ok(!(await processes()).some(({ args }) => args.includes('/other/pg')));
			const { stdout } = await stack('tabelctl other admin boss');
			assert.match(stdout, /^user boss$/m);
			await stack('upgrade other --workers 1');
		} finally {
			await stack('stop other');
		}
	});

	test('an upgrade is a rolling restart', async () => {
		const wrong = [];
		let stop = false, n = 0;
		const load = (async () => {
			for (; !stop; n++) {
				/* nginx's reload ends connections that rest; these don't. */
				const answer = await site.api('GET', '/me', { token: anna.token, headers: { connection: 'close' } })
					.catch((error) => ({ status: 0, error: String(error.cause) }));
				if (answer.status !== 200)
					wrong.push(answer);
			}
		})();
		const old = (await processes()).filter(({ args }) => /\/bin\/(events|worker)$/.test(args));
		await stack(`upgrade var ${options}`).finally(() => stop = true);
		await load;
		assert.deepEqual([wrong, n > 20], [[], true], (await user.sh('cat var/log/upgrade.log')).stdout);
		const now = (await processes()).filter(({ args }) => /\/bin\/(events|worker)$/.test(args));
		assert.equal(now.length, old.length);
		assert.ok(!now.some(({ pid }) => old.some((o) => o.pid === pid)));
	});

	test('after a stop nothing runs, and a start goes on with the same data', async () => {
		/* Whose first process was killed, its others keep the port. */
		await user.sh('kill -KILL $(cat var/run/nginx.pid)');
		await stack('stop var');
		assert.deepEqual(await processes(), []);
		/* As the supervisord of a host would, which ends it by a signal. */
		child = user.start(join(user.home, 'tabel/share/tabel/tools/stack'),
			['start', 'var', '--foreground', ...options.split(' ')]);
		let said = '';
		for (const stream of [child.stdout, child.stderr])
			stream.on('data', (chunk) => said += chunk);
		const ended = new Promise((resolve) => child.on('close', resolve));
		await until('it answers again', () => fetch(`${url}/api/system/about`), 60)
			.catch((error) => assert.fail(error.message + said));
		const me = await clinic.me(anna.token);
		assert.equal(me.today.open.branch_name, clinic.branch.name);
		child.kill('SIGTERM');
		assert.equal(await ended, 0, said);
		assert.deepEqual(await processes(), []);
	});
});
