/*
 * Registrations (Q5, Q9): a stranger registers, somebody in charge decides,
 * and the first day is not lost.  The programs' clock is in our hands.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { botToken, fault, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic, clock, other;

before(async () => {
	stack = await startStack({ faketime: '2026-10-20T05:00:00Z', conf: { TOKEN_MINUTES: 1440 }, workers: 4 });
	clock = stack.clock;
	clinic = await openClinic(stack, { time_zone: 'Europe/Kyiv' });
	other = await clinic.openBranch({ time_zone: 'Asia/Vladivostok' });
});
after(() => stack?.stop());

let n = 0;
const form = (more = {}) => ({ last_name: 'Новенькая', first_name: `Вера ${++n}`,
	phone: '+38 067 111-22-33', branch: clinic.branch.id, ...more });
const register = (token, more) => clinic.as(token, 'POST', '/registrations', form(more));
const admin = (method, path, body) => clinic.as(clinic.admin, method, path, body);
const job = (more = {}) => ({ branch: clinic.branch.id, position: clinic.position.id, ...more });
const confirm = (token, id, more) => clinic.as(token, 'POST', `/registrations/${id}/confirm`, job(more));
const reject = (token, id, reason = 'Не наш') =>
	clinic.as(token, 'POST', `/registrations/${id}/reject`, { reason });
const told = (person, key) => stack.db(
	'SELECT params, language FROM notification WHERE person = $1 AND key = $2', [person, key]);
const setting = (name, value) => stack.db(`INSERT INTO setting (name, value) VALUES ($1, $2)
	ON CONFLICT (name) DO UPDATE SET value = $2`, [name, value]);

/* A stranger whose registration waits: { ...session, id }. */
async function waiting(more) {
	const person = await clinic.stranger();
	const answer = await register(person.token, more);
	assert.equal(answer.status, 201, JSON.stringify(answer.body));
	return { ...person, id: answer.body.id };
}

/* Whoever scans at another instant has signed in again. */
async function scan_at(person, instant) {
	await clock.set(instant);
	clinic.admin = (await stack.signIn()).token;
	person.token = (await stack.signIn({ id: person.telegram_id })).token;
	const claim = await clinic.scan(person.token);
	assert.deepEqual([claim.status, claim.body.pending], [201, true]);
	return claim.body;
}

/* What requestContact() hands to the page. */
function contact(user_id, phone_number, { token = botToken, auth_date = clock.now() / 1000 } = {}) {
	const fields = {
		auth_date: String(Math.floor(auth_date)),
		contact: JSON.stringify({ user_id, phone_number, first_name: 'Вера' }),
	};
	const text = Object.keys(fields).sort().map((k) => `${k}=${fields[k]}`).join('\n');
	const key = createHmac('sha256', 'WebAppData').update(token).digest();
	const hash = createHmac('sha256', key).update(text).digest('hex');
	return new URLSearchParams({ ...fields, hash }).toString();
}

beforeEach(async () => {
	clinic.admin = (await stack.signIn()).token;
});

describe('a stranger', () => {
	test('registers, waits, and cannot register twice', async () => {
		const vera = await clinic.stranger();
		assert.equal(vera.state, 'unknown');
		const body = form({ last_name: ' Новенькая ', middle_name: 'Ильинична', language: 'uk' });
		const answer = await clinic.as(vera.token, 'POST', '/registrations', body);
		assert.equal(answer.status, 201);
		const { id } = answer.body;
		assert.deepEqual(answer.body, { id, state: 'pending', branch: clinic.branch.id,
			branch_name: clinic.branch.name, created_at: new Date(clock.now()).toISOString().replace('.000', '') });
		const me = await clinic.me(vera.token);
		assert.equal(me.state, 'unconfirmed');
		assert.deepEqual(me.person, { id: vera.person.id, last_name: 'Новенькая', first_name: body.first_name,
			middle_name: 'Ильинична', language: 'uk', phone: '+380671112233' });
		assert.equal(me.registration.id, id);
		fault(await register(vera.token), 409, 'REGISTRATION_PENDING');
	});

	test('registers once, however often and from however many pages', async () => {
		const vera = await clinic.stranger();
		const answers = await Promise.all(Array.from({ length: 10 }, () => register(vera.token)));
		assert.equal(answers.filter((a) => a.status === 201).length, 1);
		for (const answer of answers.filter((a) => a.status !== 201))
			fault(answer, 409, 'REGISTRATION_PENDING');

		const nina = await clinic.stranger();
		const body = form();
		const again = await Promise.all(Array.from({ length: 10 }, () => clinic.as(nina.token, 'POST',
			'/registrations', body, { 'idempotency-key': 'reg-1' })));
		for (const answer of again)
			assert.deepEqual([answer.status, answer.body], [201, again[0].body]);
	});

	test('is refused with every wrong field named', async () => {
		const vera = await clinic.stranger();
		fault(await clinic.as(vera.token, 'POST', '/registrations', {}), 422, 'BAD_FIELD',
			'last_name', 'first_name', 'branch');
		fault(await register(vera.token, { last_name: ' ', first_name: 'a\nb', phone: '12', language: 'fr', state: 'active' }),
			422, 'BAD_FIELD', 'last_name', 'first_name', 'phone', 'language', 'state');
		fault(await register(vera.token, { branch: 999999 }), 422, 'BAD_FIELD', 'branch');
		const closed = await clinic.openBranch({ active: false });
		fault(await register(vera.token, { branch: closed.id }), 422, 'BAD_FIELD', 'branch');
		assert.equal((await clinic.me(vera.token)).state, 'unknown');
	});

	test('has the phone that Telegram vouches for', async () => {
		const vera = await clinic.stranger();
		const wrong = [
			'nonsense',
			contact(vera.telegram_id + 1, '380501234567'),
			contact(vera.telegram_id, '380501234567', { token: '1:x' }),
			contact(vera.telegram_id, '380501234567', { auth_date: clock.now() / 1000 - 86401 }),
			contact(vera.telegram_id, '380501234567').replace('38050', '38051'),
		];
		for (const text of wrong)
			fault(await register(vera.token, { contact: text }), 422, 'BAD_FIELD', 'contact');
		assert.equal((await register(vera.token,
			{ phone: undefined, contact: contact(vera.telegram_id, '380501234567') })).status, 201);
		const { items } = await clinic.must(clinic.admin, 'GET', '/registrations?limit=200');
		const item = items.find((g) => g.person === vera.person.id);
		assert.deepEqual([item.phone, item.phone_verified], ['+380501234567', true]);

		const typed = await waiting();
		const page = await clinic.must(clinic.admin, 'GET', '/registrations?limit=200');
		const { phone, phone_verified } = page.items.find((g) => g.id === typed.id);
		assert.deepEqual([phone, phone_verified], ['+380671112233', false]);
	});

	test('is told when registration is closed', async () => {
		const vera = await clinic.stranger();
		await setting('registration_open', 'off');
		try {
			fault(await register(vera.token), 403, 'REGISTRATION_CLOSED');
		} finally {
			await setting('registration_open', 'on');
		}
		assert.equal((await register(vera.token)).status, 201);
	});

	test('who is or was employed does not register', async () => {
		const anna = await clinic.hire();
		fault(await register(anna.token), 409, 'ALREADY_EMPLOYED');
		fault(await register(clinic.admin), 409, 'ALREADY_EMPLOYED');
		await stack.db(`UPDATE person SET state = 'inactive' WHERE id = $1`, [anna.person]);
		fault(await register(anna.token), 403, 'PERSON_INACTIVE');
	});

	test('is announced to the managers of the branch and to the administrators', async () => {
		const boss = await clinic.hire({}, { manager_of: [clinic.branch.id], language: 'en' });
		const stranger = await clinic.hire({}, { manager_of: [other.id] });
		const vera = await waiting({ last_name: 'Громкая', first_name: 'Ева' });
		const mine = async (person) => (await told(person, 'message.registration'))
			.filter((m) => m.params.name === 'Громкая Ева');
		assert.deepEqual(await mine(boss.person),
			[{ params: { name: 'Громкая Ева', branch: clinic.branch.name, phone: '+380671112233', email: '—' }, language: 'en' }]);
		assert.deepEqual(await mine(stranger.person), []);
		const [{ id }] = await stack.db('SELECT id FROM person WHERE telegram_id = 900000001');
		assert.equal((await mine(id)).length, 1);
		assert.equal((await mine(vera.person.id)).length, 0);
	});
});

describe('the list of registrations', () => {
	test('is complete page by page: who waits first in order, who was decided newest first', async () => {
		const ids = [];
		for (let i = 0; i < 7; i++)
			ids.push((await waiting({ branch: other.id })).id);
		const pages = async (state) => {
			const items = [];
			for (let after_ = ''; after_ !== null;) {
				const page = await clinic.must(clinic.admin, 'GET', `/registrations?state=${state}&limit=3${after_}`);
				items.push(...page.items.filter((g) => g.branch === other.id));
				after_ = page.next && `&after=${page.next}`;
			}
			return items.map((g) => g.id);
		};
		assert.deepEqual(await pages('pending'), ids);
		for (const id of ids)
			assert.equal((await reject(clinic.admin, id)).status, 200);
		assert.deepEqual(await pages('pending'), []);
		assert.deepEqual(await pages('rejected'), ids.reverse());
		fault(await admin('GET', '/registrations?state=any'), 422, 'BAD_FIELD', 'state');
		fault(await admin('GET', '/registrations?after=999999'), 422, 'BAD_FIELD', 'after');
	});

	test('shows what a decision needs', async () => {
		const vera = await waiting({ last_name: 'Полная', middle_name: 'Е.' });
		const claim = await scan_at(vera, '2026-10-20T06:00:00Z');
		const page = await clinic.must(clinic.admin, 'GET', '/registrations?limit=200');
		const item = page.items.find((g) => g.id === vera.id);
		assert.deepEqual(item.pending_scans,
			[{ at: claim.at, branch_name: clinic.branch.name, time_zone: 'Europe/Kyiv' }]);
		assert.deepEqual([item.last_name, item.middle_name, item.state, item.decided_at, item.decided_by_name, item.reason],
			['Полная', 'Е.', 'pending', null, null, null]);
		await reject(clinic.admin, vera.id, 'Так надо');
		const done = (await clinic.must(clinic.admin, 'GET', '/registrations?state=rejected&limit=1')).items[0];
		assert.deepEqual([done.id, done.state, done.reason, done.decided_at, done.pending_scans],
			[vera.id, 'rejected', 'Так надо', claim.at, []]);
		assert.match(done.decided_by_name, /\S/);
	});
});

describe('a confirmation', () => {
	test('makes an employee who can work at once', async () => {
		const vera = await waiting({ language: 'uk' });
		const answer = await confirm(clinic.admin, vera.id, { personnel_number: 'К-1', manager: true });
		assert.equal(answer.status, 200);
		const { employee } = answer.body;
		assert.deepEqual(answer.body, { id: vera.id, state: 'confirmed', employee, events: 0 });
		const item = await clinic.must(clinic.admin, 'GET', `/employees/${employee}`);
		assert.deepEqual([item.person, item.active, item.personnel_number, item.admin, item.manager_of, item.hired_on],
			[vera.person.id, true, 'К-1', false, [clinic.branch.id], '2026-10-20']);
		const me = await clinic.me(vera.token);
		assert.deepEqual([me.state, me.employee.id, me.registration.state], ['active', employee, 'confirmed']);
		assert.equal((await clinic.mark(vera.token, 'in')).status, 201);
		assert.deepEqual(await told(vera.person.id, 'message.confirmed'),
			[{ params: { branch: clinic.branch.name, position: clinic.position.name }, language: 'uk' }]);
		fault(await confirm(clinic.admin, vera.id), 409, 'REGISTRATION_DECIDED');
		fault(await reject(clinic.admin, vera.id), 409, 'REGISTRATION_DECIDED');
		fault(await register(vera.token), 409, 'ALREADY_EMPLOYED');
	});

	test('gives rights only from an administrator', async () => {
		const boss = await clinic.hire({}, { manager_of: [clinic.branch.id] });
		const vera = await waiting();
		fault(await confirm(boss.token, vera.id, { manager: true }), 403, 'FORBIDDEN');
		fault(await confirm(boss.token, vera.id, { admin: true }), 403, 'FORBIDDEN');
		assert.equal((await clinic.me(vera.token)).state, 'unconfirmed');
		const made = await confirm(boss.token, vera.id);
		assert.equal(made.status, 200);
		const [{ decided_by }] = await stack.db('SELECT decided_by FROM registration WHERE id = $1', [vera.id]);
		assert.equal(decided_by, boss.person);

		const ada = await waiting();
		const { employee } = (await confirm(clinic.admin, ada.id, { admin: true })).body;
		assert.equal((await clinic.must(ada.token, 'GET', `/employees/${employee}`)).admin, true);
		await clinic.must(clinic.admin, 'DELETE', `/employees/${employee}`);
	});

	test('is for the managers of the branch: of the registration\'s and of the employment\'s', async () => {
		const boss = await clinic.hire({}, { manager_of: [clinic.branch.id] });
		const [mine, theirs] = [await waiting(), await waiting({ branch: other.id })];
		fault(await confirm(boss.token, theirs.id), 403, 'OTHER_BRANCH');
		fault(await reject(boss.token, theirs.id), 403, 'OTHER_BRANCH');
		fault(await confirm(boss.token, mine.id, { branch: other.id }), 403, 'OTHER_BRANCH');
		const seen = (await clinic.must(boss.token, 'GET', '/registrations?limit=200')).items.map((g) => g.branch);
		assert.deepEqual([...new Set(seen)], [clinic.branch.id]);
		assert.equal((await confirm(boss.token, mine.id)).status, 200);
		assert.equal((await confirm(clinic.admin, theirs.id, { branch: clinic.branch.id })).status, 200);
	});

	test('names what is wrong', async () => {
		const vera = await waiting();
		fault(await confirm(clinic.admin, 999999), 404, 'NOT_FOUND');
		fault(await reject(clinic.admin, 999999), 404, 'NOT_FOUND');
		fault(await confirm(clinic.admin, vera.id, { branch: 999999, position: 999999 }),
			422, 'BAD_FIELD', 'branch', 'position');
		fault(await admin('POST', `/registrations/${vera.id}/confirm`, { rights: 'all' }),
			422, 'BAD_FIELD', 'branch', 'position', 'rights');
		fault(await reject(clinic.admin, vera.id, ' '), 422, 'BAD_FIELD', 'reason');
		await clinic.hire({}, { personnel_number: 'занят' });
		fault(await confirm(clinic.admin, vera.id, { personnel_number: 'занят' }), 409, 'PERSONNEL_NUMBER_TAKEN');
		const me = await clinic.me(vera.token);
		assert.deepEqual([me.state, me.registration.state], ['unconfirmed', 'pending']);
	});

	test('happens once, whoever does it at the same time', async () => {
		const boss = await clinic.hire({}, { manager_of: [clinic.branch.id] });
		const vera = await waiting();
		await scan_at(vera, '2026-10-20T06:30:00Z');
		boss.token = (await stack.signIn({ id: boss.telegram_id })).token;
		const answers = await Promise.all(Array.from({ length: 10 }, (_, i) =>
			confirm(i % 2 ? clinic.admin : boss.token, vera.id)));
		const won = answers.filter((a) => a.status === 200);
		assert.equal(won.length, 1);
		assert.equal(won[0].body.events, 1);
		for (const answer of answers.filter((a) => a.status !== 200))
			fault(answer, 409, 'REGISTRATION_DECIDED');
		const [{ employees, events, notices }] = await stack.db(`SELECT
			(SELECT count(*) FROM employee WHERE person = $1) AS employees,
			(SELECT count(*) FROM event v JOIN claim c ON c.id = v.claim WHERE c.person = $1) AS events,
			(SELECT count(*) FROM notification WHERE person = $1) AS notices`, [vera.person.id]);
		assert.deepEqual([employees, events, notices], [1, 1, 1]);
	});

	test('and a rejection at the same time do not both happen', async () => {
		for (let i = 0; i < 5; i++) {
			const vera = await waiting();
			const answers = await Promise.all([confirm(clinic.admin, vera.id), reject(clinic.admin, vera.id),
				confirm(clinic.admin, vera.id), reject(clinic.admin, vera.id)]);
			assert.equal(answers.filter((a) => a.status === 200).length, 1);
			const { state, employee } = await clinic.me(vera.token);
			assert.deepEqual([state, employee !== null], answers[0].status === 200 || answers[2].status === 200 ?
				['active', true] : ['unknown', false]);
		}
	});
});

describe('scans from before the confirmation', () => {
	const events = (employee) => stack.db(`SELECT v.at, m.kind, m.effect, v.kind AS given, v.flags, v.source,
			v.claim IS NOT NULL AS claimed, v.recorded_at
		FROM event v JOIN event_meaning m ON m.event = v.id WHERE v.employee = $1 ORDER BY v.at`, [employee]);
	const when = (rows) => rows.map((e) => [e.at.toISOString().slice(0, 16), e.kind, e.effect]);

	test('become his events, of the instants when he scanned', async () => {
		const vera = await clinic.stranger();
		await scan_at(vera, '2026-10-21T05:00:00Z');
		vera.id = (await register(vera.token)).body.id;
		await scan_at(vera, '2026-10-21T13:00:00Z');
		await scan_at(vera, '2026-10-21T22:30:00Z');
		await clock.set('2026-10-21T23:00:00Z');
		clinic.admin = (await stack.signIn()).token;
		const made = await confirm(clinic.admin, vera.id);
		assert.deepEqual([made.status, made.body.events], [200, 3]);
		const rows = await events(made.body.employee);
		assert.deepEqual(when(rows), [['2026-10-21T05:00', 'in', 'opens'], ['2026-10-21T13:00', 'out', 'closes'],
			['2026-10-21T22:30', 'in', 'opens']]);
		for (const row of rows)
			assert.deepEqual([row.given, row.source, row.claimed, row.flags, row.recorded_at.toISOString()],
				[null, 'qr', true, [], '2026-10-21T23:00:00.000Z']);
		const { hired_on } = await clinic.must(clinic.admin, 'GET', `/employees/${made.body.employee}`);
		assert.equal(hired_on, '2026-10-21');
		const me = await clinic.me(vera.token);
		assert.equal(me.today.open.since, '2026-10-21T22:30:00Z');
		assert.equal(me.today.day, '2026-10-22', 'half past one at night in Kyiv');
		assert.equal(me.month.worked_seconds, 8 * 3600 + 1800);
		assert.deepEqual(me.pending, []);
	});

	test('say so if they were made at another branch than that of his work', async () => {
		const vera = await clinic.stranger();
		await scan_at(vera, '2026-10-22T05:00:00Z');
		vera.id = (await register(vera.token, { branch: other.id })).body.id;
		const made = await confirm(clinic.admin, vera.id, { branch: other.id });
		assert.deepEqual((await events(made.body.employee))[0].flags, ['other_branch']);
		const { hired_on } = await clinic.must(clinic.admin, 'GET', `/employees/${made.body.employee}`);
		assert.equal(hired_on, '2026-10-22');
	});

	test('are as they would have been: repeats are none, a long day is lost', async () => {
		const vera = await clinic.stranger();
		await scan_at(vera, '2026-10-23T05:00:00Z');
		await scan_at(vera, '2026-10-23T05:05:00Z');
		await scan_at(vera, '2026-10-24T05:00:00Z');
		vera.id = (await register(vera.token)).body.id;
		const made = await confirm(clinic.admin, vera.id);
		assert.equal(made.body.events, 2);
		assert.deepEqual(when(await events(made.body.employee)),
			[['2026-10-23T05:00', 'in', 'opens'], ['2026-10-24T05:00', 'in', 'opens']]);
		const states = await stack.db('SELECT state FROM interval WHERE employee = $1 ORDER BY in_at', [made.body.employee]);
		assert.deepEqual(states.map((i) => i.state), ['missing_out', 'open']);
	});

	test('outlive a rejection', async () => {
		const vera = await clinic.stranger();
		await scan_at(vera, '2026-10-25T05:00:00Z');
		vera.id = (await register(vera.token)).body.id;
		const no = await reject(clinic.admin, vera.id, 'Не та фамилия');
		assert.deepEqual([no.status, no.body], [200, { id: vera.id, state: 'rejected' }]);
		assert.deepEqual(await told(vera.person.id, 'message.rejected'),
			[{ params: { reason: 'Не та фамилия' }, language: 'ru' }]);
		const me = await clinic.me(vera.token);
		assert.deepEqual([me.state, me.registration.state, me.registration.reason, me.pending.length],
			['unknown', 'rejected', 'Не та фамилия', 1]);
		vera.id = (await register(vera.token)).body.id;
		assert.equal((await confirm(clinic.admin, vera.id)).body.events, 1);
	});
});
