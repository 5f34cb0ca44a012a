/*
 * A small clinic inside a stack, made through the API alone.
 *
 *	const clinic = await openClinic(stack);
 *	const anna = await clinic.hire({ first_name: 'Анна', last_name: 'Котова' });
 *	const claim = await clinic.scan(anna.token);
 *	const event = await clinic.tap(anna.token, claim.body.id, 'in');
 */
import assert from 'node:assert/strict';

let nextTelegramId = 500000000;

export async function openClinic(stack, branch = {}) {
	const admin = await stack.signIn();
	const clinic = {
		stack,
		admin: admin.token,

		async as(token, method, path, body, headers) {
			return stack.api(method, path, { token, body, headers });
		},
		/* The body of an answer that must succeed. */
		async must(token, method, path, body) {
			const answer = await clinic.as(token, method, path, body);
			assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
			return answer.body;
		},

		async openBranch(more = {}) {
			return clinic.must(clinic.admin, 'POST', '/branches',
				{ name: `Филиал ${Math.random()}`, time_zone: 'Europe/Kyiv', ...more });
		},
		/* A paired tablet: { id, key }. */
		async hang(branch_, more = {}) {
			const terminal = await clinic.must(clinic.admin, 'POST', '/terminals',
				{ name: `Планшет ${Math.random()}`, branch: branch_.id, ...more });
			const { pairing_code } = await clinic.must(clinic.admin, 'POST',
				`/terminals/${terminal.id}/pairing`);
			const { key } = await clinic.must(undefined, 'POST', '/register', { pairing_code });
			return { ...terminal, key };
		},
		/* An employee who has opened the Mini App. */
		async hire(names = {}, more = {}) {
			const telegram_id = nextTelegramId++;
			const employee = await clinic.must(clinic.admin, 'POST', '/employees', {
				first_name: 'Анна', last_name: 'Котова', ...names,
				branch: clinic.branch.id, position: clinic.position.id,
				hired_on: '2020-01-01', telegram_id, ...more,
			});
			const { token } = await stack.signIn({ id: telegram_id, first_name: 'Т' });
			return { ...employee, telegram_id, token };
		},
		/* Somebody who has only opened the Mini App. */
		async stranger(first_name = 'Кто-то') {
			const telegram_id = nextTelegramId++;
			const answer = await stack.signIn({ id: telegram_id, first_name });
			return { telegram_id, ...answer };
		},

		async feed(terminal = clinic.tablet, query = '') {
			return clinic.must(terminal.key, 'GET', `/kiosk/feed${query}`);
		},
		/* The code on the tablet's screen now. */
		async code(terminal = clinic.tablet) {
			const { now, codes } = await clinic.feed(terminal);
			return codes.find((c) => c.from <= now && now < c.until).code;
		},
		async scan(token, terminal = clinic.tablet, more = {}) {
			return clinic.as(token, 'POST', '/claims',
				{ code: await clinic.code(terminal), ...more });
		},
		async tap(token, claim, kind, headers) {
			return clinic.as(token, 'POST', '/events', { claim, kind }, headers);
		},
		/* Scan and tap: the answer of POST /events. */
		async mark(token, kind, terminal = clinic.tablet) {
			const claim = await clinic.scan(token, terminal);
			assert.equal(claim.status, 201, JSON.stringify(claim.body));
			return clinic.tap(token, claim.body.id, kind);
		},
		async me(token) {
			return clinic.must(token, 'GET', '/me');
		},
	};
	clinic.branch = await clinic.openBranch({ name: `Центр ${Math.random()}`, ...branch });
	clinic.position = await clinic.must(clinic.admin, 'POST', '/positions',
		{ name: `Врач ${Math.random()}` });
	clinic.tablet = await clinic.hang(clinic.branch);
	return clinic;
}
