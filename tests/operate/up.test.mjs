/*
 * tools/up in a copy of the checkout: an empty clinic, then the demo, and
 * Ctrl-C after each.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { api } from '../harness.mjs';
import { run } from './lib.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
let dir, child, ended;

before(async () => {
	dir = await mkdtemp(join(tmpdir(), 'up-'));
	await run('sh', ['-c', `tar -C '${top}' --exclude=./var --exclude=./.git --exclude=./tests/node_modules -cf - . |
		tar -C '${dir}' -xf -`]);
	await symlink(join(top, 'tests/node_modules'), join(dir, 'tests/node_modules'));
});
after(async () => {
	child?.kill('SIGTERM');
	await ended;
	await run(join(dir, 'tools/stack'), ['remove', join(dir, 'var')]).catch(() => {});
	await rm(dir, { recursive: true, force: true });
});

/* What it has printed when it says that it runs, and where. */
async function up(...words) {
	let said = '';
	child = spawn(join(dir, 'tools/up'), ['--port', '0', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
	ended = new Promise((resolve) => child.on('close', resolve));
	await new Promise((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr])
			stream.on('data', (chunk) => {
				said += chunk;
				if (said.includes('Ctrl-C stops everything'))
					resolve();
			});
		ended.then(() => reject(new Error(said)));
	});
	return { said, url: /^\t(http:\S+)\/admin\/$/m.exec(said)[1] };
}

async function down(url) {
	child.kill('SIGINT');
	assert.equal(await ended, 130);
	await assert.rejects(fetch(url));
}

test('an empty clinic', async () => {
	const { said, url } = await up('--no-demo');
	assert.match(said, /^\tnobody can sign in yet: tools\/stack tabelctl var admin NAME$/m);
	assert.doesNotMatch(said, /pairing code/);
	assert.equal((await fetch(`${url}/admin/`)).status, 200);
	await down(url);
});

test('the demo clinic, and again with the same data', async () => {
	for (const words of [['--fresh'], []]) {
		const { said, url } = await up(...words);
		const [, username, password] = /^\tuser (\w+), at first with the password (\S+)$/m.exec(said);
		assert.equal((await api(url, 'POST', '/auth/login', { body: { username, password } })).status, 200);
		assert.equal(said.match(/^\tpairing code \d{6}/gm).length, 2);
		for (const [link] of said.matchAll(/^\thttp:\S+\/app\/#\S+$/gm)) {
			const init_data = new URLSearchParams(link.split('#')[1]).get('tgWebAppData');
			assert.equal((await api(url, 'POST', '/auth/telegram', { body: { init_data } })).status, 200);
		}
		await down(url);
	}
});
