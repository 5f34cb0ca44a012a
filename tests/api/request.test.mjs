/*
 * The request loop, as every endpoint sees it: bodies, fields, headers, and
 * the answers to what is wrong with them.
 */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack);
});
after(() => stack?.stop());

const post = (body, headers) => stack.api('POST', '/positions', { token: clinic.admin, body, headers });

function fault(answer, status, code) {
	assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
	assert.equal(answer.headers.get('content-type'), 'application/problem+json');
	assert.equal(answer.body.status, status);
	assert.equal(answer.body.type, 'about:blank');
	assert.ok(answer.body.title);
	assert.equal(answer.body.request_id, answer.headers.get('x-request-id'));
}

describe('JSON by RFC 8259, and no more', () => {
	const bad = ['', '{', '{"name":"x",}', '{name:"x"}', "{'name':'x'}", '{"name":"x"}}', '{"name":01}',
		'{"name":-01}', '{"name":1.}', '{"name":.5}', '{"name":NaN}', '{"name":Infinity}', '{"name":"\t"}',
		'{"name":"\n"}', '{"name":"\\x"}', '{"name":"\\u12"}', '{"name":"\\ud800"}', '{"name":"x"} x',
		'{"name":"x"}\u0000', '[1,]', 'nul', '{"a":1 "b":2}', '// x\n{}', '\ufeff{}',
		'['.repeat(5000), '{"a":'.repeat(100) + '1' + '}'.repeat(100)];
	for (const body of bad.slice(1))
		test(JSON.stringify(body.slice(0, 40)), async () => fault(await post(body), 400, 'BAD_JSON'));

	test('a member twice, also when written in another way', async () => {
		fault(await post('{"name":"a","name":"b"}'), 400, 'BAD_JSON');
		fault(await post('{"name":"a","\\u006eame":"b"}'), 400, 'BAD_JSON');
	});

	test('invalid UTF-8', async () => {
		const answer = await fetch(`${stack.url}/api/positions`, {
			method: 'POST', body: Buffer.from('7b226e616d65223a22ff227d', 'hex'),
			headers: { authorization: `Bearer ${clinic.admin}`, 'content-type': 'application/json' } });
		assert.equal((await answer.json()).code, 'BAD_JSON');
	});
});

describe('fields', () => {
	const errors = async (body) => {
		const answer = await post(body);
		fault(answer, 422, 'BAD_FIELD');
		return Object.fromEntries(answer.body.errors.map((e) => [e.field, e.detail]));
	};

	test('all that are wrong are named at once', async () => {
		const wrong = await errors({ name: 5, weekly_minutes: 'x', web_access: 1, colour: 'red' });
		assert.deepEqual(Object.keys(wrong).sort(), ['colour', 'name', 'web_access', 'weekly_minutes']);
	});
	test('what is required is named', async () => assert.ok('name' in await errors({})));
	test('an array is no object', async () => fault(await post('[1]'), 422, 'BAD_FIELD'));
	test('a number is in its bounds and an integer', async () => {
		for (const n of [59, 10081, 1.5, '100', true, 1e400, 99999999999999999999])
			assert.ok('weekly_minutes' in await errors(`{"name":"x","weekly_minutes":${
				typeof n === 'string' ? `"${n}"` : n === Infinity ? '1e400' : n}}`), String(n));
	});
	test('a text has no control characters, no NUL, and an end', async () => {
		for (const name of ['a\u0000b', 'a\u0007b', 'a\u007fb', 'x'.repeat(2000), '', '   '])
			assert.ok('name' in await errors({ name }), JSON.stringify(name.slice(0, 9)));
	});
	test('a text arrives as it was sent', async () => {
		const name = `"O'Нил" <b>&amp;</b> \\ 日本 🏥 ${Math.random()}`;
		const answer = await post({ name });
		assert.deepEqual([answer.status, answer.body.name], [201, name]);
	});
	test('unknown parameters of a query are named', async () => {
		const answer = await stack.api('GET', '/positions?colour=red', { token: clinic.admin });
		fault(answer, 422, 'BAD_FIELD');
		assert.equal(answer.body.errors[0].field, 'colour');
	});
	test('and so are those that the path or the body has', async () => {
		for (const [method, path, body] of [['GET', '/employees/1?id=1'], ['DELETE', '/employees/999999?id=1'],
			['POST', '/positions?name=x', { name: `x ${Math.random()}` }], ['PUT', '/settings/organisation?value=x', { value: 'x' }]]) {
			const answer = await stack.api(method, path, { token: clinic.admin, body });
			fault(answer, 422, 'BAD_FIELD');
			assert.equal(answer.body.errors[0].field, path.match(/\?(.*)=/)[1], path);
		}
	});
	test('a malformed query is refused', async () => {
		for (const query of ['limit=%', 'limit=%zz', 'limit=%00', 'limit=5&limit=6', 'limit=%ff'])
			assert.ok((await stack.api('GET', `/positions?${query}`, { token: clinic.admin })).status >= 400, query);
		for (const query of ['limit=0', 'limit=201', 'limit=+5', 'limit=5x', 'limit=', 'after=-1', 'limit=1e1'])
			fault(await stack.api('GET', `/positions?${query}`, { token: clinic.admin }), 422, 'BAD_FIELD');
	});
	test('what the path says, the body must not say again', async () => {
		const answer = await stack.api('PUT', '/settings/organisation',
			{ token: clinic.admin, body: { name: 'language', value: 'x' } });
		fault(answer, 422, 'BAD_FIELD');
		assert.deepEqual(answer.body.errors.map((e) => e.field), ['name']);
	});
	test('an id in the path is a number', async () => {
		for (const id of ['x', '0', '-1', '99999999999999999999', '1.5', '%00'])
			assert.ok([400, 404, 422].includes((await stack.api('GET', `/employees/${id}`, { token: clinic.admin })).status), id);
	});
});

describe('the request', () => {
	test('of another content type is refused', async () => {
		for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonx'])
			fault(await post('{"name":"x"}', { 'content-type': type }), 415, 'NOT_JSON');
		const answer = await post(`{"name":"${Math.random()}"}`, { 'content-type': 'Application/JSON; charset=utf-8' });
		assert.equal(answer.status, 201);
	});
	test('too large is refused, by nginx or by us', async () => {
		const large = await post(`{"name":"${'x'.repeat(70000)}"}`);
		assert.deepEqual([large.status, large.body.code], [413, 'BODY_TOO_LARGE']);
		const claim = await stack.api('POST', '/claims', { token: clinic.admin, body: { code: 'x'.repeat(6000) } });
		assert.deepEqual([claim.status, claim.body.code], [413, 'BODY_TOO_LARGE']);
	});
	test('to nowhere, or by the wrong method, says so', async () => {
		for (const path of ['/nothing', '/employees/1/nothing', '/eventsx', '/v2/me', '/me/'])
			assert.deepEqual([(await stack.api('GET', path, { token: clinic.admin })).status], [404], path);
		const answer = await stack.api('PUT', '/me', { token: clinic.admin, body: {} });
		fault(answer, 405, 'NO_METHOD');
		assert.equal(answer.headers.get('allow'), 'GET');
		for (const method of ['PATCH', 'OPTIONS', 'TRACE', 'BREW'])
			assert.ok([400, 405].includes((await raw(`${method} /api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).status), method);
	});
	test('for the headers alone is answered as for all', async () => {
		const headers = { authorization: `Bearer ${clinic.admin}` };
		for (const path of ['/positions', '/system/health', '/reports/events.csv', '/nothing']) {
			const [get, head] = await Promise.all(['GET', 'HEAD'].map((method) => fetch(`${stack.url}/api${path}`, { method, headers })));
			assert.deepEqual([head.status, head.headers.get('content-type')], [get.status, get.headers.get('content-type')], path);
			assert.equal(await head.text(), '');
			await get.text();
		}
		assert.equal((await fetch(`${stack.url}/api/events/manual`, { method: 'HEAD', headers })).status, 405);
	});
	test('with a header twice is refused', async () => {
		const answer = await raw(`GET /api/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${clinic.admin}\r\n` +
			'Authorization: Bearer other\r\nConnection: close\r\n\r\n');
		assert.equal(answer.status, 400);
		const key = await raw(`POST /api/claims HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${clinic.admin}\r\n` +
			'Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Type: application/json\r\nContent-Length: 2\r\n' +
			'Connection: close\r\n\r\n{}');
		assert.match(key.text, /HEADER_REPEATED/);
	});
	test('id is nginx\'s, whatever the client says', async () => {
		const answer = await stack.api('GET', '/me', { token: clinic.admin, headers: { 'x-request-id': 'mine' } });
		assert.match(answer.headers.get('x-request-id'), /^[0-9a-f]{32}$/);
	});
	test('a bad Idempotency-Key is refused', async () => {
		for (const key of ['a b', 'x'.repeat(65), 'ä', 'a/b'])
			assert.equal((await post({ name: 'x' }, { 'idempotency-key': encodeURI(key) })).status, 400, key);
	});
});

describe('a browser', () => {
	const browser = (headers) => stack.api('POST', '/auth/logout',
		{ cookie: `__Host-tabel=${clinic.admin}`, headers, body: {} });

	test('is not made to act by another site', async () => {
		fault(await browser({ 'sec-fetch-site': 'cross-site' }), 403, 'CROSS_SITE');
		fault(await browser({ 'sec-fetch-site': 'same-site' }), 403, 'CROSS_SITE');
		fault(await browser({ origin: 'https://evil.example' }), 403, 'CROSS_SITE');
		fault(await browser({}), 403, 'CROSS_SITE');
		clinic.admin = (await stack.signIn()).token;
		assert.equal((await browser({ origin: stack.url })).status, 204);
		clinic.admin = (await stack.signIn()).token;
		assert.equal((await browser({ 'sec-fetch-site': 'same-origin' })).status, 204);
		clinic.admin = (await stack.signIn()).token;
	});
});

describe('nothing personal', () => {
	test('is in the logs', async () => {
		const who = await clinic.hire({ last_name: 'Тайнова', first_name: 'Зинаида' }, { phone: '+79001234567' });
		await clinic.scan(who.token);
		for (const name of ['auth', 'events', 'people', 'nginx-access', 'access', 'nginx']) {
			const text = await stack.log(name).catch(() => '');
			assert.ok(!/Тайнова|Зинаида|9001234567|hash=|eyJ/.test(text), name);
		}
	});
});

/* One request as bytes. */
function raw(text) {
	return new Promise((resolve, reject) => {
		const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
		let answer = '';
		socket.on('data', (chunk) => { answer += chunk; });
		socket.on('end', () => resolve({ status: parseInt(answer.split(' ')[1], 10), text: answer }));
		socket.on('error', reject);
		socket.write(text);
	});
}
