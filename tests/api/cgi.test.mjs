/*
 * The same programs as plain CGI: one process, one request, its parameters
 * in the environment, its body on standard input, and the answer that nginx
 * and FastCGI would have brought.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic, anna, owner;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack);
	anna = await clinic.hire();
	owner = await stat(stack.conf.RUN_DIR);
});
after(() => stack?.stop());

/*
 * Runs a program; path may have a query string.  length: what the server says
 * of the body; cut: how much of it comes; args: on the command line.
 */
async function cgi(program, method, path, { token, body = '', length, cut, args = [], env = {} } = {}) {
	const [path_info, query = ''] = path.split('?');
	const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	const child = spawn(join(stack.dir, 'bin', program), args, {
		...(process.getuid() === 0 && { uid: owner.uid, gid: owner.gid }),
		env: {
			TABEL_CONF: join(stack.dir, 'tabel.conf'), GATEWAY_INTERFACE: 'CGI/1.1',
			REQUEST_METHOD: method, SCRIPT_NAME: '/api', PATH_INFO: path_info,
			QUERY_STRING: query, REMOTE_ADDR: '127.0.0.1', REQUEST_ID: 'of-cgi',
			CONTENT_TYPE: bytes.length ? 'application/json' : '',
			CONTENT_LENGTH: bytes.length ? String(length ?? bytes.length) : '',
			HTTP_AUTHORIZATION: token ? `Bearer ${token}` : '', ...env,
		},
	});
	const out = [], err = [];
	child.stdout.on('data', (chunk) => out.push(chunk));
	child.stderr.on('data', (chunk) => err.push(chunk));
	child.stdin.on('error', () => {});	/* it need not read a body */
	child.stdin.end(bytes.subarray(0, cut));
	const code = await new Promise((resolve) => child.on('close', resolve));
	const text = Buffer.concat(out).toString();
	const [head, rest] = [text.slice(0, text.indexOf('\r\n\r\n')), text.slice(text.indexOf('\r\n\r\n') + 4)];
	const headers = new Map(head.split('\r\n').map((line) => line.split(/: (.*)/)));
	const json = /[/+]json/.test(headers.get('Content-Type') ?? '');
	return { code, headers, err: Buffer.concat(err).toString(), text,
		status: Number(headers.get('Status')), body: json ? JSON.parse(rest) : rest.replace(/^\ufeff/, '') };	/* as fetch() */
}

const api = (method, path, { token, body } = {}) => stack.api(method, path, { token, body });

/* What differs between two answers to one question: when, and which. */
function plain({ status, body }) {
	if (typeof body === 'string')
		return { status, body };
	const { request_id, now, ...rest } = body;
	return { status, body: rest };
}

async function same(program, method, path, request) {
	const [here, there] = [await cgi(program, method, path, request), await api(method, path, request)];
	assert.equal(here.code, 0, here.err);
	assert.deepEqual(plain(here), plain(there));
	for (const name of ['Content-Type', 'Cache-Control'])
		assert.equal(here.headers.get(name) ?? null, there.headers.get(name), name);
	return here;
}

describe('every program answers as it does behind nginx', () => {
	test('auth', () => same('auth', 'POST', '/auth/login', { body: { username: 'nobody', password: 'wrong password' } }));
	test('events', async () => {
		const answer = await same('events', 'GET', '/me', { token: anna.token });
		assert.equal(answer.body.person.id, anna.person);
		assert.equal(answer.headers.get('X-Request-Id'), 'of-cgi');
	});
	test('people', async () => {
		const answer = await same('people', 'GET', '/employees?search=%D0%BA%D0%BE%D1%82&limit=5', { token: clinic.admin });
		assert.equal(answer.body.items[0].id, anna.id);
	});
	test('system', () => same('system', 'GET', '/settings', { token: clinic.admin }));
	test('terminals', () => same('terminals', 'GET', `/terminals/${clinic.tablet.id}`, { token: clinic.admin }));
	test('reports, a stream', async () => {
		await clinic.mark(anna.token, 'in');
		const answer = await same('reports', 'GET', '/reports/events.csv?bom=true', { token: clinic.admin });
		assert.match(answer.text, /\r\n\r\n\ufeffdate,.*\r\n.*Котова/);
	});
});

describe('an event', () => {
	test('is claimed and made, once', async () => {
		const boris = await clinic.hire({ first_name: 'Борис' });
		const claim = await cgi('events', 'POST', '/claims', { token: boris.token, body: { code: await clinic.code() } });
		assert.deepEqual([claim.code, claim.status], [0, 201], claim.text);
		assert.equal(claim.body.proposed, 'in');

		const tap = { token: boris.token, body: { claim: claim.body.id, kind: 'in' },
			env: { HTTP_IDEMPOTENCY_KEY: randomUUID() } };
		const made = await cgi('events', 'POST', '/events', tap);
		assert.deepEqual([made.code, made.status], [0, 201], made.text);
		const again = await cgi('events', 'POST', '/events', tap);
		assert.deepEqual([again.status, again.body], [201, made.body]);
		const there = await api('POST', '/events', tap);
		assert.deepEqual([there.status, there.body.id], [200, made.body.id]);
	});
});

describe('what is wrong is said', () => {
	test('no token', () => same('events', 'GET', '/me'));
	test('no such address', () => same('events', 'GET', '/events/nowhere', { token: anna.token }));
	test('another method', async () => {
		const answer = await same('events', 'DELETE', '/me', { token: anna.token });
		assert.deepEqual([answer.status, answer.headers.get('Allow')], [405, 'GET']);
	});
	test('unknown and missing fields', () => same('events', 'POST', '/events', { token: anna.token, body: { colour: 'red' } }));
	test('no JSON', () => same('events', 'POST', '/events', { token: anna.token, body: '{' }));
	test('a malformed query string', () => same('events', 'GET', '/events?limit=%', { token: anna.token }));
	test('a body that ends too early', async () => {
		const body = { claim: 1, kind: 'in' };
		for (const [cut, length] of [[5], [0], [undefined, 500]]) {
			const answer = await cgi('events', 'POST', '/events', { token: anna.token, body, cut, length });
			assert.deepEqual([answer.code, answer.status, answer.body.code], [0, 400, 'BODY_CUT']);
		}
	});
	test('a body that is too large, unread', async () => {
		const answer = await cgi('events', 'POST', '/events', { token: anna.token, body: '{}', length: 5000 });
		assert.deepEqual([answer.status, answer.body.code], [413, 'BODY_TOO_LARGE']);
	});
	test('a length that is none', async () => {
		for (const length of ['-1', '+2', '2 ', '0x2', '99999999999999999999']) {
			const answer = await cgi('events', 'POST', '/events', { token: anna.token, body: '{}', length });
			assert.deepEqual([answer.status, answer.body.code], [400, 'BAD_REQUEST'], length);
		}
	});
	test('what follows the body is not read as anything', async () => {
		const answer = await cgi('events', 'POST', '/events', { token: anna.token, length: 2,
			body: `{}${JSON.stringify({ claim: 1, kind: 'in' })}` });
		assert.deepEqual([answer.status, answer.body.code], [422, 'BAD_FIELD']);
	});
});

describe('the command line', () => {
	/* RFC 3875, 4.4: a server may make arguments of a query string. */
	test('says nothing to a CGI program', async () => {
		for (const args of [['--routes'], ['--routes', 'x'], ['-h'], ['/etc/passwd']]) {
			const answer = await cgi('events', 'GET', '/me?--routes', { token: anna.token, args });
			assert.deepEqual([answer.status, answer.body.code], [422, 'BAD_FIELD'], args.join(' '));
		}
		const answer = await cgi('events', 'GET', '/me', { args: ['--routes'],
			env: { GATEWAY_INTERFACE: '', REQUEST_METHOD: '' } });
		assert.equal(answer.status, 405, 'an empty variable is one, too');
	});
});
