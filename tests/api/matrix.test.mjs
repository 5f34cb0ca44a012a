/*
 * Who may: every route of every program, asked by everybody.  The table of
 * routes says who may call; this says what each caller is told.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SignJWT } from 'jose';
import { build, programs, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

const routes = programs.flatMap((program) =>
	JSON.parse(execFileSync(join(build, 'cgi-bin', program), ['--routes'], { encoding: 'utf8' })));

/* What each caller is told on a route for: status and code, or that he may. */
const may = 'may';
const strange = { PERSON: may, EMPLOYEE: [403, 'NOT_CONFIRMED'], MANAGER: [403, 'NOT_CONFIRMED'],
	ADMIN: [403, 'NOT_CONFIRMED'], SERVICE: [403, 'NOT_CONFIRMED'], TERMINAL: [403, 'FORBIDDEN'] };
const nobody = (code) => Object.fromEntries(
	['PERSON', 'EMPLOYEE', 'MANAGER', 'ADMIN', 'SERVICE', 'TERMINAL'].map((who) => [who, [401, code]]));
const up_to = (n) => Object.fromEntries(['PERSON', 'EMPLOYEE', 'MANAGER', 'ADMIN', 'SERVICE', 'TERMINAL']
	.map((who, i) => [who, i < n ? may : [403, 'FORBIDDEN']]));
const expected = {
	none: nobody('NO_TOKEN'),
	nonsense: nobody('BAD_TOKEN'),
	forged: nobody('BAD_TOKEN'),
	expired: nobody('TOKEN_EXPIRED'),
	revoked: nobody('SESSION_ENDED'),
	stranger: strange,
	unconfirmed: strange,
	inactive: Object.fromEntries(Object.entries(strange).map(([who, what]) =>
		[who, what[1] === 'NOT_CONFIRMED' ? [403, 'PERSON_INACTIVE'] : what])),
	employee: up_to(2),
	manager: up_to(3),
	admin: up_to(5),
	service: { ...up_to(0), SERVICE: may },
	revoked_service: nobody('BAD_TOKEN'),
	terminal: { ...Object.fromEntries(['PERSON', 'EMPLOYEE', 'MANAGER', 'ADMIN', 'SERVICE']
		.map((who) => [who, [403, 'FORBIDDEN']])), TERMINAL: may },
	revoked_terminal: nobody('TERMINAL_REVOKED'),
};
const refusals = ['NO_TOKEN', 'BAD_TOKEN', 'TOKEN_EXPIRED', 'SESSION_ENDED', 'TERMINAL_REVOKED',
	'FORBIDDEN', 'NOT_CONFIRMED', 'PERSON_INACTIVE'];

let stack, clinic, people, expired, revoked, terminals, services;

before(async () => {
	stack = await startStack({ faketime: '2026-10-20T05:00:00Z', conf: { TOKEN_MINUTES: 600 } });
	clinic = await openClinic(stack);
	expired = clinic.admin;
	await stack.clock.set('2026-10-20T15:00:00Z');	/* 600 minutes: over, to the second */
	clinic.admin = (await stack.signIn()).token;
	people = {
		stranger: (await clinic.stranger()),
		unconfirmed: (await clinic.stranger()),
		inactive: await clinic.hire(),
		employee: await clinic.hire(),
		manager: await clinic.hire({}, { manager_of: [clinic.branch.id] }),
	};
	await clinic.must(people.unconfirmed.token, 'POST', '/registrations',
		{ last_name: 'Новая', first_name: 'Вера', phone: '+79000000001', branch: clinic.branch.id });
	await stack.db(`UPDATE person SET state = 'inactive' WHERE id = $1`, [people.inactive.person]);
	const out = await stack.signIn();
	await clinic.must(out.token, 'POST', '/auth/logout');
	revoked = out.token;
	const dead = await clinic.hang(clinic.branch);
	await clinic.must(clinic.admin, 'POST', `/terminals/${dead.id}/revoke`);
	const service = (name) => clinic.must(clinic.admin, 'POST', '/service-tokens', { name, scopes: ['staff'] });
	const gone = await service('Старый сайт');
	await clinic.must(clinic.admin, 'DELETE', `/service-tokens/${gone.id}`);
	services = { service: (await service('Сайт')).token, revoked_service: gone.token };
	terminals = { terminal: clinic.tablet.key, revoked_terminal: dead.key };
});
after(() => stack?.stop());

/* A session of one's own for each request: some requests end it. */
async function token(role) {
	switch (role) {
	case 'none': return undefined;
	case 'nonsense': return 'nonsense';
	case 'forged': return new SignJWT({ sid: 'x'.repeat(43) }).setProtectedHeader({ alg: 'HS256', kid: '1' })
		.setSubject('1').setIssuedAt().setExpirationTime('1h').sign(Buffer.alloc(32, 7));
	case 'expired': return expired;
	case 'revoked': return revoked;
	case 'admin': return (await stack.signIn()).token;
	case 'service': case 'revoked_service': return services[role];
	case 'terminal': case 'revoked_terminal': return terminals[role];
	default: return (await stack.signIn({ id: people[role].telegram_id })).token;
	}
}

for (const role of Object.keys(expected))
	describe(role, () => {
		for (const route of routes.filter((r) => r.who !== 'ANYONE'))
			test(`${route.method} ${route.path}`, async () => {
				const path = route.path.replace(/\{.*?\}/g, '999999999');
				const body = ['POST', 'PUT'].includes(route.method) ? {} : undefined;
				const answer = await stack.api(route.method, path, { token: await token(role), body });
				const want = role === 'service' && route.scope ? may : expected[role][route.who];
				if (want === may)
					assert.ok(!refusals.includes(answer.body.code), JSON.stringify(answer.body));
				else
					assert.deepEqual([answer.status, answer.body.code], want);
				assert.ok(answer.status < 500, JSON.stringify(answer.body));
			});
	});

test('every program has routes, and no path is served by two', () => {
	const names = routes.map((r) => `${r.method} ${r.path}`);
	assert.equal(new Set(names).size, names.length);
	for (const program of programs)
		assert.ok(routes.some((r) => r.program === program));
});

test('nginx leads every path to its program', async () => {
	for (const route of routes) {
		const path = route.path.replace(/\{.*?\}/g, '999999999');
		const answer = await stack.api(route.method === 'GET' ? 'DELETE' : 'GET', path, {});
		const other = routes.some((r) => r.method !== route.method &&
			new RegExp(`^${r.path.replace(/\{.*?\}/g, '[^/]+')}$`).test(path));
		assert.ok(other || answer.status === 405, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
		const v1 = await stack.api('GET', `/v1${path}`, {});
		assert.notEqual(v1.body.code, 'NO_ROUTE', path);
	}
});
