/*
 * The units for systemd, without systemd: its own tools read them and rate
 * them, and its socket activation starts the programs as they say.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build, startStack } from '../harness.mjs';
import { STDIN, dial, opening, parse, record, request } from '../fastcgi.mjs';
import { install, run, until } from './lib.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
let dir, units, names;

before(async () => {
	dir = await mkdtemp(join(tmpdir(), 'units-'));
	units = join(dir, 'units');
	await install(join(dir, 'usr'), { systemdsystemunitdir: units });
	names = (await readdir(units)).sort();
});
after(() => rm(dir, { recursive: true, force: true }));

const unit = (name) => readFile(join(units, name), 'utf8');
const value = (text, name) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1];
const programs = () => names.filter((name) => name.endsWith('.socket'))
	.map((name) => name.slice('tabel-'.length, -'.socket'.length));

describe('the units', () => {
	test('are there for every program that was built', async () => {
		const built = [];
		for (const name of await readdir(join(build, 'cgi-bin')))
			if (await access(join(build, 'cgi-bin', name), 1).then(() => !name.includes('.'), () => false))
				built.push(name);
		assert.deepEqual(programs(), built.sort());
		for (const program of programs())
			assert.ok(names.includes(`tabel-${program}@.service`));
		assert.ok(names.includes('tabel-worker.service') && names.includes('tabel.target'));
	});

	test('are what systemd understands, to the word', async () => {
		const { stdout, stderr } = await run('systemd-analyze',
			['verify', ...names.map((name) => join(units, name))]);
		assert.equal(stdout + stderr, '');
	});

	test('go where systemd looks if no directory is named', async () => {
		const tree = join(dir, 'tree');
		await mkdir(tree);
		await run(join(top, 'configure'), ['--quiet', '--with-systemdsystemunitdir'], { cwd: tree });
		const made = await readFile(join(tree, 'Makefile'), 'utf8');
		assert.match(made, /^systemdsystemunitdir = (\/usr)?\/lib\/systemd\/system$/m);
	});

	test('leave no template\'s name without a value', async () => {
		for (const name of names)
			assert.doesNotMatch(await unit(name), /@[A-Z_]+@/, name);
	});

	test('expose next to nothing', async () => {
		for (const name of names.filter((n) => n.endsWith('.service'))) {
			const most = name === 'tabel-worker.service' ? 15 : 10;
			await run('systemd-analyze', ['security', '--no-pager', '--offline=true',
				`--threshold=${most}`, join(units, name)])
				.catch((error) => assert.fail(`${name}: ${error.stdout.split('\n').at(-2)}`));
		}
	});

	test('show the sockets to nginx\'s group alone', async () => {
		for (const program of programs()) {
			const text = await unit(`tabel-${program}.socket`);
			assert.equal(value(text, 'ListenStream'), `/run/tabel/${program}.sock`);
			assert.deepEqual([value(text, 'SocketMode'), value(text, 'SocketGroup')], ['0660', 'www-data']);
		}
	});

	test('give the network to the worker alone', async () => {
		for (const name of names.filter((n) => n.endsWith('.service'))) {
			const inet = name === 'tabel-worker.service';
			assert.equal(/^PrivateNetwork=yes$/m.test(await unit(name)), !inet, name);
			assert.equal(/^RestrictAddressFamilies=.*AF_INET/m.test(await unit(name)), inet, name);
		}
	});
});

describe('a socket\'s first connection', () => {
	let stack, owner, sockets = 0;

	before(async () => {
		stack = await startStack();
		owner = await stat(stack.conf.RUN_DIR);
	});
	after(() => stack?.stop());

	/* As the units say, but with this installation's settings. */
	async function activate(program, answers) {
		const text = await unit(`tabel-${program}@.service`);
		const name = `by-hand-${++sockets}`;
		const path = join(stack.socket, `${name}.sock`);
		const child = spawn('systemd-socket-activate', ['--inetd', '-l', path,
			'-E', `TABEL_CONF=${join(stack.dir, 'tabel.conf')}`,
			join(build, 'cgi-bin', value(text, 'ExecStart').split('/').at(-1))],
		{ stdio: ['ignore', 'ignore', 'pipe'], ...(process.getuid() === 0 && { uid: owner.uid, gid: owner.gid }) });
		let said = '';
		child.stderr.on('data', (chunk) => said += chunk);
		const ended = new Promise((resolve) => child.on('close', resolve));
		try {
			await until('it listens', () => said.includes('Listening on'));
			await answers(name);
		} finally {
			child.kill('SIGTERM');
		}
		assert.equal(await ended, 0, said);
	}

	async function ask(name, method, path) {
		const line = dial(stack, name);
		line.socket.write(opening(request(method, path)));
		line.socket.write(record(STDIN));
		return parse(await line.closed);
	}

	test('starts the program, which answers it and the next one, and ends when told', () =>
		activate('system', async (name) => {
			for (let i = 0; i < 3; i++)
				assert.match((await ask(name, 'GET', '/system/about')).text, /"bot_username"/);
		}));

	test('is answered by every program', async () => {
		for (const program of programs())
			await activate(program, async (name) =>
				assert.equal((await ask(name, 'GET', '/no/such/address')).status, 404, program));
	});
});
