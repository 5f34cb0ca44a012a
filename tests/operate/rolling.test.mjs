/*
 * nginx/rolling-restart while people are at it: every process is replaced,
 * and nobody sees an error.
 */
import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { run } from './lib.mjs';

const script = fileURLToPath(new URL('../../nginx/rolling-restart', import.meta.url));
let stack, clinic;

before(async () => {
	stack = await startStack({ workers: 2 });
	clinic = await openClinic(stack);
});
after(() => stack?.stop());

async function everybody() {
	const { stdout } = await run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), 'status'])
		.catch((error) => error);
	return new Map([...stdout.matchAll(/^(\S+) +RUNNING +pid (\d+)/gm)].map((m) => [m[1], m[2]]));
}

test('replaces every process without a failed request', async () => {
	const anna = await clinic.hire();
	const counts = {}, wrong = [];
	let stop = false, kind = 'in';

	const note = (what, answer) => {
		counts[what] = (counts[what] ?? 0) + 1;
		if (answer.status >= 300)
			wrong.push(`${what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
	};
	const looping = async (what, ask) => {
		while (!stop)
			note(what, await ask().catch((error) => ({ status: 999, body: String(error.cause ?? error) })));
	};
	const load = [
		looping('me', () => stack.api('GET', '/me', { token: anna.token })),
		looping('employees', () => stack.api('GET', '/employees', { token: clinic.admin })),
		looping('feed', () => stack.api('GET', '/kiosk/feed', { token: clinic.tablet.key })),
		looping('csv', () => stack.api('GET', '/reports/events.csv', { token: clinic.admin })),
		looping('settings', () => stack.api('GET', '/settings', { token: clinic.admin })),
		looping('position', () => stack.api('POST', '/positions', { token: clinic.admin,
			body: { name: `Должность ${Math.random()}` } })),
		looping('sign-in', async () => ({ status: 200, body: await stack.signIn() })),
		looping('event', async () => {
			const claim = await clinic.scan(anna.token);
			if (claim.status !== 201)
				return claim;
			kind = kind === 'in' ? 'out' : 'in';
			return clinic.tap(anna.token, claim.body.id, kind);
		}),
	];

	const before = await everybody();
	await run(script, [join(stack.dir, 'etc/supervisord.conf')])
		.finally(() => stop = true);
	await Promise.all(load);
	const now = await everybody();

	assert.deepEqual(wrong.slice(0, 5), []);
	for (const [what, n] of Object.entries(counts))
		assert.ok(n > 10, `${what}: only ${n}`);
	for (const [name, pid] of before)
		assert.equal(now.get(name) !== pid, !['nginx', 'postgres'].includes(name), name);
	assert.deepEqual([...now.keys()], [...before.keys()]);
	const [{ n }] = await stack.db(`SELECT count(*) AS n FROM position WHERE name LIKE 'Должность %'`);
	assert.equal(n, counts.position);
});

test('ends with the first that does not stay up, and says which', async () => {
	const before = await everybody();
	await appendFile(join(stack.dir, 'tabel.conf'), 'COLOUR=red\n');
	await assert.rejects(run(script, [join(stack.dir, 'etc/supervisord.conf')]),
		({ stderr }) => stderr === 'rolling-restart: auth:auth-0 does not stay up, see its log\n');
	assert.match(await stack.log('auth'), /^COLOUR: there is no such setting/m);
	const now = await everybody();
	assert.deepEqual([...before].filter(([name]) => name !== 'auth:auth-0').filter(([name, pid]) => now.get(name) !== pid), []);
});
