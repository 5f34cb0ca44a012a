/*
 * Employees, positions, branches and the web sign-in of a person (T2).
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fault, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic, other;

before(async () => {
	stack = await startStack({ workers: 4 });
	clinic = await openClinic(stack, { time_zone: 'Europe/Kyiv' });
	other = await clinic.openBranch();
});
after(() => stack?.stop());

const admin = (method, path, body, headers) =>
	clinic.as(clinic.admin, method, path, body, headers);
const must = (method, path, body) => clinic.must(clinic.admin, method, path, body);
let n = 0;
const employee = (more = {}) => ({ last_name: 'Котова', first_name: `Анна ${++n}`,
	branch: clinic.branch.id, position: clinic.position.id, ...more });
const hire = (more) => must('POST', '/employees', employee(more));

/* Every item of a list, page by page. */
async function pages(path, limit, token = clinic.admin, between = () => {}) {
	const items = [];
	for (let after_; after_ !== null;) {
		const page = await clinic.must(token, 'GET',
			`${path}limit=${limit}${after_ === undefined ? '' : `&after=${after_}`}`);
		assert.ok(page.items.length <= limit);
		items.push(...page.items);
		await between(items.length);
		after_ = page.next;
	}
	return items;
}

describe('an employee', () => {
	test('is made with all that is known about him, and read back', async () => {
		const body = {
			last_name: ' Мельник ', first_name: 'Олена', middle_name: 'Іванівна',
			phone: '+38 (067) 123-45-67', language: 'uk', branch: clinic.branch.id,
			position: clinic.position.id, personnel_number: 'Т-17', card_uid: '04:a2-b3 c4',
			hired_on: '2026-02-28', admin: false, manager_of: [other.id],
			other_branches: [other.id, clinic.branch.id], telegram_id: 700000001,
		};
		const made = await admin('POST', '/employees', body);
		assert.equal(made.status, 201);
		const { id, person, version, ...rest } = made.body;
		assert.deepEqual(rest, {
			last_name: 'Мельник', first_name: 'Олена', middle_name: 'Іванівна',
			phone: '+380671234567', language: 'uk', telegram: true, blocked: false,
			username: null, branch: clinic.branch.id, branch_name: clinic.branch.name,
			position: clinic.position.id, position_name: clinic.position.name,
			personnel_number: 'Т-17', card_uid: '04A2B3C4', hired_on: '2026-02-28',
			left_on: null, active: true, admin: false, manager_of: [other.id],
			other_branches: [other.id],
		});
		assert.ok(person > 0);
		assert.match(version, /^[0-9a-f]{32}$/);
		assert.deepEqual(await must('GET', `/employees/${id}`), made.body);

		const changed = await admin('PUT', `/employees/${id}`, {
			last_name: 'Мельник', first_name: 'Олена', branch: other.id,
			position: clinic.position.id, manager_of: [clinic.branch.id],
		});
		assert.equal(changed.status, 200);
		assert.deepEqual(changed.body, { ...made.body, middle_name: '', phone: null,
			branch: other.id, branch_name: other.name, personnel_number: null, card_uid: null,
			manager_of: [clinic.branch.id], other_branches: [], version: changed.body.version });
	});

	test('is hired today, in the time zone of the branch, if no day is said', async () => {
		const far = await clinic.openBranch({ time_zone: 'Pacific/Kiritimati' });
		const made = await hire({ branch: far.id });
		const [{ today }] = await stack.db(`SELECT local_day(now(), 'Pacific/Kiritimati')::text AS today`);
		assert.equal(made.hired_on, today);
	});

	test('has what belongs to nobody else', async () => {
		const first = await hire({ personnel_number: 'X-1', card_uid: '11223344', telegram_id: 700000010 });
		const second = await hire();
		fault(await admin('POST', '/employees', employee({ personnel_number: 'X-1' })),
			409, 'PERSONNEL_NUMBER_TAKEN');
		fault(await admin('POST', '/employees', employee({ card_uid: '11:22:33:44' })),
			409, 'CARD_UID_TAKEN');
		fault(await admin('POST', '/employees', employee({ telegram_id: 700000010 })),
			409, 'TELEGRAM_ID_TAKEN');
		for (const [taken, code] of [[{ personnel_number: 'X-1' }, 'PERSONNEL_NUMBER_TAKEN'],
			[{ card_uid: '11223344' }, 'CARD_UID_TAKEN'], [{ telegram_id: 700000010 }, 'TELEGRAM_ID_TAKEN']])
			fault(await admin('PUT', `/employees/${second.id}`, employee(taken)), 409, code);
		assert.equal((await must('GET', `/employees/${first.id}`)).card_uid, '11223344');
	});

	test('is refused with every wrong field named', async () => {
		fault(await admin('POST', '/employees', {}), 422, 'BAD_FIELD',
			'last_name', 'first_name', 'branch', 'position');
		fault(await admin('POST', '/employees', employee({ branch: 999999, position: 999999,
			manager_of: [999999], other_branches: [clinic.branch.id, 999999], card_uid: 'XYZ' })),
		422, 'BAD_FIELD', 'branch', 'position', 'manager_of', 'other_branches', 'card_uid');
		fault(await admin('POST', '/employees', employee({ last_name: 'a\nb', phone: 'zero',
			language: 'de', hired_on: '2026-02-30', active: 1, salary: 5, manager_of: ['x'],
			card_uid: '1'.repeat(41) })),
		422, 'BAD_FIELD', 'last_name', 'phone', 'language', 'hired_on', 'active', 'salary',
		'manager_of', 'card_uid');
		fault(await admin('PUT', '/employees/999999', employee()), 404, 'NOT_FOUND');
		fault(await admin('GET', '/employees/999999'), 404, 'NOT_FOUND');
		fault(await admin('GET', '/employees/x'), 422, 'BAD_FIELD', 'id');
		fault(await admin('DELETE', '/employees/999999'), 404, 'NOT_FOUND');
		const { count } = (await stack.db(`SELECT count(*) FROM person WHERE last_name LIKE 'a%b'`))[0];
		assert.equal(count, 0);
	});

	test('is made once, however often the request comes', async () => {
		const body = employee({ personnel_number: 'once' });
		const headers = { 'idempotency-key': 'once-1' };
		const answers = await Promise.all(Array.from({ length: 8 }, () =>
			admin('POST', '/employees', body, headers)));
		for (const answer of answers)
			assert.deepEqual([answer.status, answer.body], [201, answers[0].body]);
		fault(await admin('POST', '/employees', employee(), headers), 422, 'IDEMPOTENCY_MISMATCH');
	});

	test('keeps the Telegram account if none is given, and loses it with 0', async () => {
		const anna = await clinic.hire();
		const put = (more) => must('PUT', `/employees/${anna.id}`, employee(more));
		assert.equal((await put()).telegram, true);
		assert.equal((await put({ telegram_id: 0 })).telegram, false);
		assert.equal((await put({ telegram_id: anna.telegram_id })).telegram, true);
	});

	test('takes over the account of a stranger who has done nothing', async () => {
		const visitor = await clinic.stranger();
		const anna = await hire();
		await must('PUT', `/employees/${anna.id}`, employee({ telegram_id: visitor.telegram_id }));
		fault(await clinic.as(visitor.token, 'GET', '/me'), 401, 'SESSION_ENDED');
		const back = await stack.signIn({ id: visitor.telegram_id });
		assert.equal(back.person.id, anna.person);

		const made = await clinic.stranger();
		const known = await hire({ telegram_id: made.telegram_id });
		assert.equal(known.person, made.person.id);
		assert.equal((await clinic.me(made.token)).employee.id, known.id);

		const scanned = await clinic.stranger();
		assert.equal((await clinic.scan(scanned.token)).status, 201);
		fault(await admin('PUT', `/employees/${anna.id}`, employee({ telegram_id: scanned.telegram_id })),
			409, 'TELEGRAM_ID_TAKEN');
		const first = await hire({ telegram_id: scanned.telegram_id });
		assert.equal((await stack.db('SELECT FROM event WHERE employee = $1', [first.id])).length, 1);
	});

	test('who leaves is signed out, and what was open is a missing out', async () => {
		const anna = await clinic.hire();
		assert.equal((await clinic.mark(anna.token, 'in')).status, 201);
		const gone = await must('PUT', `/employees/${anna.id}`, employee({ active: false }));
		const [{ today }] = await stack.db(`SELECT local_day(now(), 'Europe/Kyiv')::text AS today`);
		assert.deepEqual([gone.active, gone.left_on], [false, today]);
		fault(await clinic.as(anna.token, 'GET', '/me'), 401, 'SESSION_ENDED');
		assert.deepEqual(await stack.db('SELECT state, out_at FROM interval WHERE employee = $1', [anna.id]),
			[{ state: 'missing_out', out_at: null }]);

		const back = await stack.signIn({ id: anna.telegram_id });
		assert.equal(back.state, 'inactive');
		fault(await clinic.as(back.token, 'GET', '/events'), 403, 'PERSON_INACTIVE');
		const again = await must('PUT', `/employees/${anna.id}`, employee());
		assert.deepEqual([again.active, again.left_on], [true, null]);
		assert.equal((await clinic.as(back.token, 'GET', '/events')).status, 200);
	});

	test('who left is known to have, from the day that is said', async () => {
		const anna = await clinic.hire({}, { hired_on: '2026-01-12' });
		const put = (more) => admin('PUT', `/employees/${anna.id}`, employee({ hired_on: '2026-01-12', active: false, ...more }));
		const wrong = async (more) => {
			const answer = await put(more);
			fault(answer, 422, 'BAD_FIELD');
			assert.deepEqual(answer.body.errors.map((e) => e.field), ['left_on']);
		};
		await wrong({ left_on: '2026-01-31', active: true });
		await wrong({ left_on: '2026-01-11' });
		await wrong({ left_on: '2190-01-01' });
		await wrong({ left_on: '2026-02-30' });
		assert.equal((await put({ left_on: '2026-01-31' })).body.left_on, '2026-01-31');
		assert.equal((await put()).body.left_on, '2026-01-31');
		assert.equal((await put({ left_on: '2026-01-12' })).body.left_on, '2026-01-12');
	});

	test('who is to begin later may leave before', async () => {
		const later = await hire({ hired_on: '2090-01-01' });
		const gone = await must('PUT', `/employees/${later.id}`,
			employee({ hired_on: '2090-01-01', active: false }));
		assert.equal(gone.left_on, '2090-01-01');
		assert.equal((await must('PUT', `/employees/${later.id}`,
			employee({ hired_on: '2090-01-01', active: false, left_on: '2090-01-01' }))).left_on, '2090-01-01');
	});

	test('with facts is deactivated by DELETE, without them he is gone', async () => {
		const anna = await clinic.hire();
		await clinic.mark(anna.token, 'in');
		assert.deepEqual(await must('DELETE', `/employees/${anna.id}`), { deleted: false, deactivated: true });
		const left = await must('GET', `/employees/${anna.id}`);
		assert.equal(left.active, false);
		fault(await clinic.as(anna.token, 'GET', '/me'), 401, 'SESSION_ENDED');

		const nobody = await clinic.hire();
		assert.deepEqual(await must('DELETE', `/employees/${nobody.id}`), { deleted: true, deactivated: false });
		fault(await admin('GET', `/employees/${nobody.id}`), 404, 'NOT_FOUND');
		fault(await clinic.as(nobody.token, 'GET', '/me'), 401, 'SESSION_ENDED');
		assert.deepEqual(await stack.db('SELECT FROM person WHERE id = $1', [nobody.person]), []);
	});

	test('who decided about others keeps his name', async () => {
		const boss = await clinic.hire({}, { admin: true });
		await clinic.must(boss.token, 'POST', '/positions', { name: `Регистратор ${Math.random()}` });
		assert.deepEqual(await must('DELETE', `/employees/${boss.id}`), { deleted: false, deactivated: true });
	});

	test('erased stays as he is', async () => {
		const anna = await hire();
		await stack.db(`UPDATE person SET state = 'erased' WHERE id = $1`, [anna.person]);
		fault(await admin('PUT', `/employees/${anna.id}`, employee()), 404, 'NOT_FOUND');
		fault(await admin('PUT', `/employees/${anna.id}/login`,
			{ username: 'erased', password: 'long-enough-1' }), 404, 'NOT_FOUND');
	});

	test('is changed on the record: who, what, old, new, request', async () => {
		const anna = await hire();
		const answer = await admin('PUT', `/employees/${anna.id}`,
			employee({ last_name: 'Петренко', admin: true, telegram_id: 700000077 }));
		const about = (entity, id) => stack.db(`SELECT actor, action, old, new, request_id
			FROM audit WHERE entity = $1 AND entity_id = $2 ORDER BY id DESC LIMIT 1`, [entity, String(id)]);
		const [person] = await about('person', anna.person);
		const [{ id: me }] = await stack.db('SELECT id FROM person WHERE telegram_id = 900000001');
		assert.deepEqual([person.actor, person.action], [`person:${me}`, 'update']);
		assert.equal(person.old.last_name, 'Котова');
		assert.equal(person.new.last_name, 'Петренко');
		assert.equal(person.request_id, answer.headers.get('x-request-id'));
		const [role] = await about('person_role', anna.person);
		assert.equal(role.action, 'insert');
		await must('DELETE', `/employees/${anna.id}`);
	});
});

describe('the last administrator', () => {
	const admins = () => stack.db(`SELECT p.id, e.id AS employee FROM person_role r
		JOIN person p ON p.id = r.person LEFT JOIN employee e ON e.person = p.id
		WHERE r.role = 'admin' AND p.state = 'active'`);

	/* The first one has no employment; with one he can be taken away. */
	before(async () => {
		const body = employee({ telegram_id: 900000001, admin: true });
		const made = await must('POST', '/employees', body);
		assert.deepEqual((await admins()).map((a) => a.employee), [made.id]);
	});

	test('stays: no right, no activity, no row is taken from him', async () => {
		const [{ employee: id }] = await admins();
		const body = (more) => employee({ admin: true, ...more });
		fault(await admin('PUT', `/employees/${id}`, body({ admin: false })), 409, 'LAST_ADMIN');
		fault(await admin('PUT', `/employees/${id}`, body({ active: false })), 409, 'LAST_ADMIN');
		fault(await admin('DELETE', `/employees/${id}`), 409, 'LAST_ADMIN');
		assert.equal((await must('GET', `/employees/${id}`)).admin, true);
		assert.equal((await clinic.as(clinic.admin, 'GET', '/positions')).status, 200);
	});

	/* Both go on when both have been let in, and one of them is too late. */
	test('is not lost when two dismiss one another at once', async () => {
		const [{ employee: first, id: person }] = await admins();
		for (let round = 0; round < 10; round++) {
			const bosses = [await clinic.hire({}, { admin: true }), await clinic.hire({}, { admin: true })];
			await must('PUT', `/employees/${first}`, employee({ admin: false }));
			const gate = await stack.pool.connect();
			await gate.query('BEGIN');
			await gate.query('SELECT FROM employee WHERE id = ANY ($1) FOR UPDATE', [bosses.map((b) => b.id)]);
			const answers = bosses.map((boss, i) => clinic.as(boss.token, 'PUT',
				`/employees/${bosses[1 - i].id}`, employee({ admin: i === 0, active: i !== 0 })));
			for (let waiting = 0; waiting < 2;)
				[{ waiting }] = await stack.db(`SELECT count(*) AS waiting FROM pg_stat_activity
					WHERE wait_event_type = 'Lock' AND usename = 'tabel_app'`);
			await gate.query('ROLLBACK');
			gate.release();

			const status = (await Promise.all(answers)).map((a) => a.status);
			assert.deepEqual(status.sort(), [200, 409]);
			assert.equal((await admins()).length, 1);
			await stack.db(`INSERT INTO person_role (person, role) VALUES ($1, 'admin')`, [person]);
			for (const boss of bosses)
				await must('DELETE', `/employees/${boss.id}`);
		}
	});
});

describe('the list of employees', () => {
	let hall, made;

	before(async () => {
		hall = await clinic.openBranch();
		made = [];
		for (let i = 0; i < 120; i++)
			made.push(await hire({ branch: hall.id, last_name: `Список${String(i * 7 % 120).padStart(3, '0')}`,
				first_name: 'И' }));
	});

	test('is complete page by page, by name, whoever joins meanwhile', async () => {
		const items = await pages(`/employees?branch=${hall.id}&`, 50, clinic.admin,
			(so_far) => hire({ branch: hall.id, last_name: so_far < 100 ? 'Сначала' : 'Список060', first_name: 'А' }));
		const ids = items.map((e) => e.id);
		assert.equal(new Set(ids).size, ids.length);
		for (const { id } of made)
			assert.ok(ids.includes(id));
		const names = items.map((e) => e.last_name);
		assert.deepEqual(names, [...names].sort());
	});

	test('has at most 200 on a page, 50 if nothing is said', async () => {
		assert.equal((await must('GET', `/employees?branch=${hall.id}`)).items.length, 50);
		const all = await must('GET', `/employees?branch=${hall.id}&limit=200`);
		assert.equal(all.next, null);
		for (const wrong of ['limit=0', 'limit=201', 'limit=x', 'after=0'])
			fault(await admin('GET', `/employees?${wrong}`), 422, 'BAD_FIELD', wrong.split('=')[0]);
		fault(await admin('GET', '/employees?page=2'), 422, 'BAD_FIELD', 'page');
	});

	test('says so when the row after which to go on is gone', async () => {
		const gone = await hire();
		await must('DELETE', `/employees/${gone.id}`);
		fault(await admin('GET', `/employees?after=${gone.id}`), 422, 'BAD_FIELD', 'after');
		const last = (await pages(`/employees?branch=${hall.id}&`, 200)).at(-1);
		assert.deepEqual(await must('GET', `/employees?branch=${hall.id}&after=${last.id}`),
			{ items: [], next: null });
	});

	test('is in the order of the alphabet, Russian and Ukrainian', async () => {
		const place = await clinic.openBranch();
		for (const last_name of ['Яковлев', 'Ёлкина', 'Жук', 'Іваненко', 'Авраменко', 'Ивин', 'Ґава'])
			await hire({ branch: place.id, last_name });
		const { items } = await must('GET', `/employees?branch=${place.id}`);
		assert.deepEqual(items.map((e) => e.last_name),
			['Авраменко', 'Ґава', 'Ёлкина', 'Жук', 'Ивин', 'Іваненко', 'Яковлев']);
	});

	test('is found by parts of names and numbers', async () => {
		const place = await clinic.openBranch();
		const anna = await hire({ branch: place.id, last_name: 'Соловьёва', first_name: 'Анна',
			middle_name: 'Петровна', phone: '+7 (912) 555-01-02', personnel_number: 'З-909', card_uid: 'AABBCCDD' });
		await hire({ branch: place.id, last_name: 'Соловьёва', first_name: 'Инна' });
		const found = async (search) => (await must('GET',
			`/employees?branch=${place.id}&search=${encodeURIComponent(search)}`)).items.map((e) => e.id);
		for (const search of ['анна', 'СОЛОВЬЕВА анна', 'анн соло', ' петр ', '912555', 'з-909', 'aabb', 'анна  петровна'])
			assert.deepEqual(await found(search), [anna.id], search);
		assert.equal((await found('соловьёва')).length, 2);
		assert.deepEqual(await found('%'), []);
		assert.deepEqual(await found('анна инна'), []);
	});

	test('can be had by state and position', async () => {
		const place = await clinic.openBranch();
		const nurse = await must('POST', '/positions', { name: `Сестра ${Math.random()}` });
		const here = await hire({ branch: place.id });
		const gone = await hire({ branch: place.id, position: nurse.id, active: false });
		const ids = async (query) => (await must('GET', `/employees?branch=${place.id}${query}`)).items.map((e) => e.id);
		assert.deepEqual(await ids(''), [here.id]);
		assert.deepEqual(await ids('&state=inactive'), [gone.id]);
		assert.deepEqual((await ids('&state=all')).sort(), [here.id, gone.id].sort());
		assert.deepEqual(await ids(`&state=all&position=${nurse.id}`), [gone.id]);
		fault(await admin('GET', '/employees?state=some'), 422, 'BAD_FIELD', 'state');
	});

	test('shows a manager the people of his branches and no others', async () => {
		const boss = await clinic.hire({}, { manager_of: [hall.id], branch: other.id });
		const theirs = (await pages('/employees?', 200, boss.token)).map((e) => e.branch);
		assert.ok(theirs.length > 100);
		assert.deepEqual([...new Set(theirs)], [hall.id]);
		assert.equal((await clinic.as(boss.token, 'GET', `/employees/${made[0].id}`)).status, 200);
		fault(await clinic.as(boss.token, 'GET', `/employees/${boss.id}`), 404, 'NOT_FOUND');
		assert.deepEqual((await clinic.must(boss.token, 'GET', `/employees?branch=${other.id}`)).items, []);
		fault(await clinic.as(boss.token, 'PUT', `/employees/${made[0].id}`, employee()), 403, 'FORBIDDEN');
		fault(await clinic.as(boss.token, 'POST', '/employees', employee()), 403, 'FORBIDDEN');

		/* Rights are read at each request: no new sign-in is needed. */
		await must('PUT', `/employees/${boss.id}`, employee({ branch: other.id, manager_of: [other.id] }));
		fault(await clinic.as(boss.token, 'GET', `/employees/${made[0].id}`), 404, 'NOT_FOUND');
		assert.equal((await clinic.as(boss.token, 'GET', `/employees/${boss.id}`)).status, 200);
	});
});

describe('the web sign-in of a person', () => {
	const login = (username, password) => stack.api('POST', '/auth/login', { body: { username, password } });
	const set = (id, username, password) => admin('PUT', `/employees/${id}/login`, { username, password });

	test('is set, changed and taken away by an administrator', async () => {
		const anna = await clinic.hire();
		const answer = await set(anna.id, 'Anna.K', 'correct horse 9');
		assert.deepEqual([answer.status, answer.body], [200, { username: 'Anna.K' }]);
		assert.equal((await must('GET', `/employees/${anna.id}`)).username, 'Anna.K');
		const first = await login('anna.k', 'correct horse 9');
		assert.equal(first.status, 200);

		assert.equal((await set(anna.id, 'anna.k', 'another staple 8')).status, 200);
		fault(await clinic.as(first.body.token, 'GET', '/me'), 401, 'SESSION_ENDED');
		assert.equal((await clinic.as(anna.token, 'GET', '/me')).status, 200);
		fault(await login('anna.k', 'correct horse 9'), 401, 'BAD_CREDENTIALS');

		/* Six digits of the bot are a way to the web pages, too. */
		const { telegram_id } = anna;
		await stack.api('POST', '/auth/code', { body: { telegram_id } });
		const [{ code }] = await stack.db(`SELECT params ->> 'code' AS code FROM notification
			WHERE key = 'message.login_code' ORDER BY id DESC LIMIT 1`);
		const digits = await stack.api('POST', '/auth/code/verify', { body: { telegram_id, code } });
		assert.equal(digits.status, 200);
		assert.equal((await set(anna.id, 'anna.k', 'another staple 8')).status, 200);
		fault(await clinic.as(digits.body.token, 'GET', '/me'), 401, 'SESSION_ENDED');
		assert.equal((await clinic.as(anna.token, 'GET', '/me')).status, 200);
		const second = await login('anna.k', 'another staple 8');
		assert.equal(second.status, 200);

		const gone = await admin('DELETE', `/employees/${anna.id}/login`);
		assert.deepEqual([gone.status, gone.body], [204, '']);
		fault(await clinic.as(second.body.token, 'GET', '/me'), 401, 'SESSION_ENDED');
		fault(await login('anna.k', 'another staple 8'), 401, 'BAD_CREDENTIALS');
		assert.equal((await must('GET', `/employees/${anna.id}`)).username, null);
	});

	test('works at once, whoever has guessed at it before', async () => {
		const anna = await clinic.hire();
		assert.equal((await set(anna.id, 'Guessed', 'correct horse 9')).status, 200);
		for (let i = 0; i < 3; i++)
			fault(await login('guessed', 'wrong password'), 401, 'BAD_CREDENTIALS');
		/* So that no second that ends meanwhile lets him in. */
		await stack.db("UPDATE throttle SET until = until + interval '1 hour' WHERE key = 'login:guessed'");
		fault(await login('guessed', 'correct horse 9'), 429, 'TOO_MANY_TRIES');
		assert.equal((await set(anna.id, 'Guessed', 'another staple 8')).status, 200);
		assert.equal((await login('guessed', 'another staple 8')).status, 200);
	});

	test('needs a name of one\'s own and a password worth the name', async () => {
		const [one, two] = [await hire(), await hire()];
		assert.equal((await set(one.id, 'unique', 'correct horse 9')).status, 200);
		fault(await set(two.id, 'UNIQUE', 'correct horse 9'), 409, 'USERNAME_TAKEN');
		fault(await set(two.id, 'two', 'short'), 422, 'BAD_FIELD', 'password');
		fault(await set(two.id, 'two', 'password123'), 422, 'BAD_FIELD', 'password');
		fault(await set(two.id, 'horsehorse', 'horsehorse1'), 422, 'BAD_FIELD', 'password');
		fault(await set(two.id, 'имя', 'correct horse 9'), 422, 'BAD_FIELD', 'username');
		fault(await set(999999, 'nobody', 'correct horse 9'), 404, 'NOT_FOUND');
		fault(await admin('DELETE', '/employees/999999/login'), 404, 'NOT_FOUND');
	});

	test('leaves no password in the audit log', async () => {
		const anna = await hire();
		await set(anna.id, 'audited', 'correct horse 9');
		const [row] = await stack.db(`SELECT new FROM audit WHERE entity = 'person'
			AND entity_id = $1 ORDER BY id DESC LIMIT 1`, [String(anna.person)]);
		assert.equal(row.new.username, 'audited');
		assert.match(row.new.password_hash, /^\*[0-9a-f]{6}$/);
	});
});

describe('a position', () => {
	test('is made, changed and removed', async () => {
		const made = await admin('POST', '/positions', { name: 'Лаборант', weekly_minutes: 2160 });
		assert.equal(made.status, 201);
		const { id } = made.body;
		assert.deepEqual(made.body, { id, name: 'Лаборант', web_access: false, weekly_minutes: 2160, employees: 0,
			version: made.body.version });
		fault(await admin('POST', '/positions', { name: 'лаборант' }), 409, 'POSITION_NAME_TAKEN');
		const put = await admin('PUT', `/positions/${id}`, { name: 'Врач-лаборант', web_access: true });
		assert.deepEqual([put.status, put.body], [200,
			{ id, name: 'Врач-лаборант', web_access: true, weekly_minutes: null, employees: 0, version: put.body.version }]);

		const anna = await hire({ position: id });
		assert.equal((await pages('/positions?', 2)).find((p) => p.id === id).employees, 1);
		fault(await admin('DELETE', `/positions/${id}`), 409, 'POSITION_IN_USE');
		await must('DELETE', `/employees/${anna.id}`);
		assert.equal((await admin('DELETE', `/positions/${id}`)).status, 204);
		fault(await admin('DELETE', `/positions/${id}`), 404, 'NOT_FOUND');
		fault(await admin('PUT', `/positions/${id}`, { name: 'Нет' }), 404, 'NOT_FOUND');
		fault(await admin('GET', `/positions?after=${id}`), 422, 'BAD_FIELD', 'after');
	});

	test('has a name and a sane week', async () => {
		fault(await admin('POST', '/positions', { name: ' ' }), 422, 'BAD_FIELD', 'name');
		fault(await admin('POST', '/positions', { name: 'Н', weekly_minutes: 59, web_access: 'yes' }),
			422, 'BAD_FIELD', 'weekly_minutes', 'web_access');
		fault(await admin('POST', '/positions', { id: 5, name: 'Н' }), 422, 'BAD_FIELD', 'id');
	});

	test('is listed to managers, who change nothing', async () => {
		const boss = await clinic.hire({}, { manager_of: [other.id] });
		assert.ok((await pages('/positions?', 1, boss.token)).length >= 1);
		fault(await clinic.as(boss.token, 'POST', '/positions', { name: 'Н' }), 403, 'FORBIDDEN');
	});
});

describe('a branch', () => {
	const full = (more = {}) => ({ name: `Дом ${Math.random()}`, time_zone: 'Europe/Moscow', ...more });

	test('is made with defaults, and changed', async () => {
		const made = await admin('POST', '/branches', full({ name: 'Северный' }));
		assert.equal(made.status, 201);
		const { id } = made.body;
		assert.deepEqual(made.body, { id, name: 'Северный', time_zone: 'Europe/Moscow', rotation_seconds: 30,
			max_shift_minutes: 960, place_rule: 'off', networks: [], latitude: null, longitude: null,
			radius_m: null, notice: 'off', notice_chat: null, active: true, employees: 0, terminals: 0,
			version: made.body.version });
		fault(await admin('POST', '/branches', full({ name: 'северный' })), 409, 'BRANCH_NAME_TAKEN');

		const wanted = { name: 'Северный', time_zone: 'Asia/Kathmandu', rotation_seconds: 10,
			max_shift_minutes: 1440, place_rule: 'refuse', networks: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
			latitude: 50.4501, longitude: -30.5, radius_m: 150, notice: 'irregular', notice_chat: -1001234567890,
			active: false };
		const put = await admin('PUT', `/branches/${id}`, wanted);
		assert.deepEqual([put.status, put.body], [200, { id, ...wanted,
			networks: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7/32'], employees: 0, terminals: 0, version: put.body.version }]);
	});

	test('is refused with the wrong field named', async () => {
		for (const time_zone of ['Mars/Base', '+03', 'EST5EDT', 'europe/kyiv', "Europe/Kyiv'; --"])
			fault(await admin('POST', '/branches', full({ time_zone })), 422, 'BAD_FIELD', 'time_zone');
		for (const networks of [['10.0.0.1/8'], ['300.0.0.0/8'], ['::/00'], [''], [null], 'all'])
			fault(await admin('POST', '/branches', full({ networks })), 422, 'BAD_FIELD', 'networks');
		fault(await admin('POST', '/branches', full({ latitude: 50 })), 422, 'BAD_FIELD', 'longitude', 'radius_m');
		fault(await admin('POST', '/branches', full({ latitude: 50, longitude: 30 })), 422, 'BAD_FIELD', 'radius_m');
		fault(await admin('POST', '/branches', full({ latitude: 90.5, longitude: -181, radius_m: 9 })),
			422, 'BAD_FIELD', 'latitude', 'longitude', 'radius_m');
		fault(await admin('POST', '/branches', full({ rotation_seconds: 9, max_shift_minutes: 2161,
			place_rule: 'maybe', notice: 'some', notice_chat: 'x' })),
		422, 'BAD_FIELD', 'rotation_seconds', 'max_shift_minutes', 'place_rule', 'notice', 'notice_chat');
		fault(await admin('PUT', '/branches/999999', full()), 404, 'NOT_FOUND');
	});

	test('goes only if nothing ever happened there', async () => {
		const gone = await clinic.openBranch();
		assert.equal((await admin('DELETE', `/branches/${gone.id}`)).status, 204);
		fault(await admin('DELETE', `/branches/${gone.id}`), 404, 'NOT_FOUND');
		fault(await admin('GET', `/branches?after=${gone.id}`), 422, 'BAD_FIELD', 'after');

		const uses = {
			employee: (id) => hire({ branch: id }),
			manager: (id) => hire({ manager_of: [id] }),
			'other branch': (id) => hire({ other_branches: [id] }),
			terminal: (id) => must('POST', '/terminals', { name: `Т ${id}`, branch: id }),
			registration: async (id) => clinic.must((await clinic.stranger()).token, 'POST', '/registrations',
				{ last_name: 'Н', first_name: 'В', branch: id }),
		};
		for (const [what, use] of Object.entries(uses)) {
			const { id } = await clinic.openBranch();
			await use(id);
			fault(await admin('DELETE', `/branches/${id}`), 409, 'BRANCH_IN_USE');
			assert.ok((await pages('/branches?', 200)).some((b) => b.id === id), what);
		}
	});

	test('counts its people and tablets', async () => {
		const { id } = await clinic.openBranch();
		await hire({ branch: id });
		await hire({ branch: id, active: false });
		await must('POST', '/terminals', { name: `Т ${id}`, branch: id });
		const { employees, terminals } = (await pages('/branches?', 3)).find((b) => b.id === id);
		assert.deepEqual([employees, terminals], [1, 1]);
	});

	test('is a name to strangers, and more to those who manage it', async () => {
		const closed = await clinic.openBranch({ active: false });
		const visitor = await clinic.stranger();
		const names = await pages('/branches?', 2, visitor.token);
		assert.deepEqual(Object.keys(names[0]), ['id', 'name', 'time_zone']);
		assert.ok(names.some((b) => b.id === other.id));
		assert.ok(!names.some((b) => b.id === closed.id));
		const sorted = names.map((b) => b.name);
		assert.deepEqual(sorted, [...sorted].sort());

		const boss = await clinic.hire({}, { manager_of: [other.id, closed.id] });
		const his = await pages('/branches?', 1, boss.token);
		assert.deepEqual(his.map((b) => b.id).sort(), [other.id, closed.id].sort());
		assert.equal(his[0].rotation_seconds, 30);
		assert.ok((await pages('/branches?', 50)).some((b) => b.id === closed.id));
		fault(await clinic.as(boss.token, 'PUT', `/branches/${other.id}`, full()), 403, 'FORBIDDEN');
		fault(await clinic.as(boss.token, 'DELETE', `/branches/${other.id}`), 403, 'FORBIDDEN');
	});
});
