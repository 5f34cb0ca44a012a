/*
 * What must hold when things break: nothing that was acknowledged is lost,
 * nothing is doubled, and the service comes back by itself.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { BEGIN, STDIN, dial, opening, parse, record, request } from '../fastcgi.mjs';

const run = promisify(execFile);
let stack, clinic;

before(async () => {
	stack = await startStack({ workers: 2 });
	clinic = await openClinic(stack);
});
after(() => stack?.stop());

async function until(what, condition) {
	const end = Date.now() + 30000;
	for (;;) {
		if (await condition().catch(() => false))
			return;
		assert.ok(Date.now() < end, `not in 30 s: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
const serves = () => until('the service is back', async () =>
	(await stack.api('GET', '/me', { token: clinic.admin })).status === 200);

/* The same request with its key until an answer comes, as the pages do. */
async function insist(token, path, body) {
	const key = randomUUID();
	const end = Date.now() + 30000;
	for (;;) {
		const answer = await stack.api('POST', path, { token, body, headers: { 'idempotency-key': key } })
			.catch(() => ({ status: 0 }));
		if (answer.status > 0 && answer.status < 500 && answer.status !== 429)
			return answer;
		assert.ok(Date.now() < end, `${path} not answered in 30 s`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/*
 * Several people mark while disturb() is at work; then every acknowledged
 * event is there once, and every claim has at most one.
 */
async function underLoad(disturb) {
	const people = await Promise.all(Array.from({ length: 6 }, () => clinic.hire()));
	const tablets = await Promise.all(people.map(() => clinic.hang(clinic.branch)));
	const acknowledged = [];
	let stop = false;
	const work = people.map(async (person, i) => {
		for (let n = 0; !stop || n < 6; n++) {
			let code;
			await until('a code', async () => (code = await clinic.code(tablets[i])) !== undefined);
			const claim = await insist(person.token, '/claims', { code });
			if (claim.status !== 201)
				continue;	/* the screen had not changed yet */
			const event = await insist(person.token, '/events',
				{ claim: claim.body.id, kind: n % 2 ? 'out' : 'in' });
			assert.ok([200, 201].includes(event.status), JSON.stringify(event));
			if (event.status === 201)
				acknowledged.push(event.body);
		}
	});
	try {
		await disturb();
	} finally {
		stop = true;
	}
	await Promise.all(work);
	await serves();
	const there = await stack.db('SELECT id, receipt FROM event WHERE id = ANY ($1)',
		[acknowledged.map((e) => e.id)]);
	assert.ok(acknowledged.length > 0);
	assert.equal(there.length, acknowledged.length);
	const [{ doubled }] = await stack.db(`SELECT count(*) AS doubled FROM
		(SELECT claim FROM event GROUP BY claim HAVING count(*) > 1) d`);
	assert.equal(doubled, 0);
	const broken = await stack.db(`SELECT e.id FROM event e
		LEFT JOIN event_meaning m ON m.event = e.id WHERE m.event IS NULL`);
	assert.deepEqual(broken, []);
}

describe('under load', () => {
	test('programs that are killed', () => underLoad(async () => {
		for (let i = 0; i < 8; i++) {
			const pids = await stack.pids('events');
			if (pids.length > 0)
				process.kill(pids[i % pids.length], 'SIGKILL');
			await until('it was started again', async () =>
				(await stack.pids('events')).filter((p) => !pids.slice(0, 1).includes(p)).length > 0);
		}
	}));

	test('backends that are killed in the middle', () => underLoad(async () => {
		for (let i = 0; i < 10; i++)
			await stack.db(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE usename = 'tabel_app'`);
	}));

	test('PostgreSQL restarted', () => underLoad(async () => {
		for (let i = 0; i < 2; i++) {
			await run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), 'restart', 'postgres']);
			await serves();
		}
	}));

	test('clients that go away', () => underLoad(async () => {
		const person = await clinic.hire();
		for (let i = 0; i < 20; i++) {
			const body = JSON.stringify({ code: await clinic.code() });
			const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
			socket.on('error', () => {});
			await new Promise((resolve) => socket.end(`POST /api/claims HTTP/1.1\r\nHost: x\r\n` +
				`Authorization: Bearer ${person.token}\r\nContent-Type: application/json\r\n` +
				`Content-Length: ${body.length}\r\n\r\n${body.slice(0, i % 2 ? 9 : undefined)}`, resolve));
			socket.destroy();
		}
	}));
});

describe('a worker', () => {
	const authorized = () => ({ HTTP_AUTHORIZATION: `Bearer ${clinic.admin}` });

	test('told to end while a body is half sent, reads it whole and answers', async () => {
		const pids = await stack.pids('people');
		const body = JSON.stringify({ name: `Сиделка ${'x'.repeat(60)}` });
		const line = dial(stack, 'people');
		line.socket.write(opening(request('POST', '/positions', { body, ...authorized() })));
		line.socket.write(record(STDIN, body.slice(0, 20)));
		await until('somebody has read it', async () => (await stack.db(`SELECT count(*) FROM pg_stat_activity
			WHERE usename = 'tabel_app' AND application_name = 'test'`))[0].count > 0);
		for (const pid of pids)
			process.kill(pid, 'SIGTERM');
		line.socket.write(record(STDIN, body.slice(20)));
		line.socket.write(record(STDIN));
		const answer = parse(await line.closed);
		assert.equal(answer.status, 201, answer.text);
		await until('new ones are there', async () => {
			const now = await stack.pids('people');
			return now.length === 2 && !now.some((p) => pids.includes(p));
		});
	});

	test('refuses a body that ends too early, and does nothing', async () => {
		const body = JSON.stringify({ name: 'Недосказанное' });
		const line = dial(stack, 'people');
		line.socket.write(opening(request('POST', '/positions', { body, ...authorized() })));
		line.socket.write(record(STDIN, body.slice(0, 10)));
		line.socket.write(record(STDIN));
		const answer = parse(await line.closed);
		assert.equal(answer.status, 400);
		assert.match(answer.text, /BODY_CUT/);
	});

	test('cannot be made to take a body for a request of its own', async () => {
		/* An unread body on a kept connection, with a whole request inside. */
		const inner = Buffer.concat([
			opening(request('GET', '/me', authorized()), { keep: true }), record(STDIN)]);
		const filler = Buffer.alloc(24000, record(STDIN, Buffer.alloc(8), 9));
		const line = dial(stack, 'events');
		line.socket.write(opening(request('POST', '/claims',
			{ CONTENT_LENGTH: filler.length + inner.length, CONTENT_TYPE: 'text/plain' }), { keep: true }));
		for (let at = 0; at < filler.length; at += 8000)
			line.socket.write(record(STDIN, filler.subarray(at, at + 8000)));
		line.socket.write(record(STDIN, inner));
		line.socket.write(inner);
		const answer = parse(await line.closed);	/* it hangs up */
		assert.equal(answer.ends <= 1, true);
		assert.ok(!answer.text.includes('"person"'), answer.text);
		assert.equal(answer.status, 401);
	});

	test('is not held up by a peer that says nothing, or only begins', async () => {
		const silent = Array.from({ length: 2 }, () => dial(stack, 'events'));
		const half = Array.from({ length: 2 }, () => dial(stack, 'events'));
		for (const line of half)
			line.socket.write(record(BEGIN, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])).subarray(0, 11));
		await serves();
		for (const line of [...silent, ...half])
			line.socket.destroy();
	});

	test('answers 503 when somebody holds a row for too long', async () => {
		const { id } = clinic.position;
		const other = await stack.pool.connect();
		await other.query('BEGIN');
		await other.query('SELECT FROM position WHERE id = $1 FOR UPDATE', [id]);
		const rename = () => stack.api('PUT', `/positions/${id}`,
			{ token: clinic.admin, body: { name: `Врач ${Math.random()}` } });
		try {
			const answer = await rename();
			assert.deepEqual([answer.status, answer.body.code], [503, 'RETRY']);
			assert.equal(answer.headers.get('retry-after'), '1');
		} finally {
			await other.query('ROLLBACK');
			other.release();
		}
		assert.equal((await rename()).status, 200);
	});

	test('answers 503 while the database is away, and health says why', async () => {
		const control = (...words) => run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), ...words]);
		await control('stop', 'postgres');
		try {
			const answer = await stack.api('GET', '/me', { token: clinic.admin });
			assert.equal(answer.status, 503);
			assert.equal(answer.body.code, 'DATABASE_DOWN');
			assert.ok(answer.headers.get('retry-after'));
			const health = await stack.api('GET', '/system/health');
			assert.equal(health.status, 503);
			assert.equal(health.body.status, 'down');
			assert.ok(health.body.checks.some((c) => !c.ok && c.detail));
		} finally {
			await control('start', 'postgres');
		}
		await serves();
	});
});
