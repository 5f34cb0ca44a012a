/*
 * Employees from a CSV file: what is read, what is refused and why, that a
 * dry run and the import say the same of each line, and that all lines are
 * written or none.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

let stack, clinic;

before(async () => {
	stack = await startStack({ faketime: '2026-10-20T09:00:00Z', conf: { TOKEN_MINUTES: 1440 } });
	clinic = await openClinic(stack, { name: 'Центральный' });
	await clinic.must(clinic.admin, 'POST', '/positions', { name: 'Медсестра' });
});
after(() => stack?.stop());

const header = 'personnel_number;last_name;first_name;middle_name;phone;branch;position;card_uid;hired_on';
const lines = (...rows) => `${[header, ...rows].join('\r\n')}\r\n`;

async function send(body, { dry_run = true, token = clinic.admin } = {}) {
	const response = await fetch(`${stack.url}/api/employees.csv?dry_run=${dry_run}`, {
		method: 'POST', body,
		headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
	});
	return { status: response.status, body: await response.json() };
}
async function dryRun(body) {
	const answer = await send(body);
	assert.equal(answer.status, 200, JSON.stringify(answer.body));
	return answer.body;
}
/* A dry run, the import, and that they agree. */
async function bringIn(body) {
	const plan = await dryRun(body);
	const done = await send(body, { dry_run: false });
	assert.equal(done.status, 200, JSON.stringify(done.body));
	const without = (answer) => ({ ...answer, dry_run: null,
		items: answer.items.map(({ employee, ...item }) => item) });
	assert.deepEqual(without(done.body), without(plan));
	assert.deepEqual([plan.dry_run, done.body.dry_run], [true, false]);
	return done.body;
}
const actions = ({ items }) => items.map((i) => i.action);
const errors = ({ items }) => items.map((i) => i.errors.map((e) => `${e.field} ${e.code}`).join(', '));
const count = async () => (await stack.db('SELECT count(*) AS n FROM employee'))[0].n;

describe('a file of new people', () => {
	test('makes them, and the same file again changes nothing', async () => {
		const file = lines(
			'0101;Котова;Анна;Петровна;+380 50 111-22-33;Центральный;Медсестра;04:a2:b3:c4;2026-01-15',
			'0102;Белый;Лев;;;центральный;медсестра;;15.02.2026');
		const before = await count();
		assert.deepEqual(actions(await dryRun(file)), ['create', 'create']);
		assert.equal(await count(), before);
		const done = await bringIn(file);
		assert.deepEqual(done.counts, { lines: 2, create: 2, update: 0, same: 0, refused: 0 });
		const { items } = await clinic.must(clinic.admin, 'GET', '/employees?search=0101');
		const { id, person, ...anna } = items[0];
		assert.deepEqual(done.items[0].employee, id);
		assert.deepEqual([anna.last_name, anna.first_name, anna.middle_name, anna.phone, anna.card_uid, anna.hired_on,
			anna.branch_name, anna.position_name, anna.active],
		['Котова', 'Анна', 'Петровна', '+380501112233', '04A2B3C4', '2026-01-15', 'Центральный', 'Медсестра', true]);

		const audit = await stack.db(`SELECT action, entity, actor FROM audit
			WHERE (entity, entity_id) IN (('person', $1), ('employee', $2)) ORDER BY entity`, [String(person), String(id)]);
		assert.deepEqual(audit.map((a) => [a.action, a.entity]), [['insert', 'employee'], ['insert', 'person']]);
		assert.match(audit[0].actor, /^person:\d+$/);

		const [{ n: logged }] = await stack.db('SELECT count(*) AS n FROM audit');
		assert.deepEqual(actions(await bringIn(file)), ['same', 'same']);
		assert.equal((await stack.db('SELECT count(*) AS n FROM audit'))[0].n, logged);
		assert.equal((await stack.db('SELECT count(*) AS n FROM import_line'))[0].n, 0);
	});

	test('changes only what it says, and says what it changes', async () => {
		const answer = await bringIn('personnel_number,phone,position\n0101,+380501112244,Медсестра\n0102,,Медсестра\n');
		assert.deepEqual(answer.items.map((i) => [i.action, i.changes]), [['update', ['phone']], ['same', []]]);
		assert.equal(answer.items[0].name, 'Котова Анна Петровна');
		const [{ id }] = (await clinic.must(clinic.admin, 'GET', '/employees?search=0101')).items;
		const { items } = await clinic.must(clinic.admin, 'GET', '/audit?limit=1');
		assert.deepEqual([items[0].old, items[0].new], [{ phone: '+380501112233' }, { phone: '+380501112244' }]);
		assert.ok(id);
	});
});

describe('what spreadsheets write', () => {
	const row = (n, name = 'Щукіна') => `${n};${name};Їжак;Центральный;Медсестра`;
	const head = 'Табельний №;Прізвище;Ім’я;Підрозділ;Посада';
	const cases = {
		'UTF-8 with a byte order mark': ['UTF-8', Buffer.from(`\ufeff${head}\r\n${row(201)}`)],
		'UTF-16': ['UTF-16', Buffer.from(`\ufeff${head}\r\n${row(202)}`, 'utf16le')],
		'line ends of Unix': ['UTF-8', Buffer.from(`${head}\n${row(203)}\n\n`)],
		'line ends of old Macs': ['UTF-8', Buffer.from(`${head}\r${row(204)}\r`)],
		'line ends of all': ['UTF-8', Buffer.from(`\r\n${head}\r\n\r\n\r${row(209)}\n\r`)],
		'commas': ['UTF-8', Buffer.from(`${head}\n${row(205)}`.replaceAll(';', ','))],
		'tabs': ['UTF-8', Buffer.from(`${head}\n${row(206)}`.replaceAll(';', '\t'))],
		'everything in quotes': ['UTF-8', Buffer.from(`${head}\n${row(207)}`.replace(/[^;\n]+/g, '"$&"'))],
	};
	for (const [name, [charset, bytes]] of Object.entries(cases))
		test(name, async () => {
			const answer = await bringIn(bytes);
			assert.equal(answer.charset, charset);
			assert.deepEqual(actions(answer), ['create']);
			assert.equal(answer.items[0].name, 'Щукіна Їжак');
		});

	test('Windows-1251', async () => {
		/* "Таб. номер;ФИО;Филиал;Должность" and a row with №, ё, ї and a typographic quote */
		const text = 'Таб. номер;ФИО;Филиал;Должность;Заметка\r\n208;Ёлкина Мар’яна Юріївна;Центральный;Медсестра;№ 1\r\n';
		const answer = await bringIn(windows1251(text));
		assert.deepEqual([answer.charset, answer.ignored, answer.columns],
			['WINDOWS-1251', ['Заметка'], ['personnel_number', 'full_name', 'branch_name', 'position_name']]);
		assert.equal(answer.items[0].name, 'Ёлкина Мар’яна Юріївна');
	});

	test('quotes, separators and blanks in cells; empty lines; the line of the file is told', async () => {
		const answer = await dryRun(`${header}\r\n\r\n;;;;;;;;\r\n` +
			'301;"О""Хара; старшая"; Вера ;" Ивановна\u00a0";"";"Центральный";Медсестра;;\r\n' +
			'302;"две\r\nстроки";Вера;;;Центральный;Медсестра;;\r\n' +
			'303;Последняя;Вера;;;Центральный;Медсестра;;');
		assert.deepEqual(answer.items.map((i) => i.line), [4, 5, 7]);
		assert.equal(answer.items[0].name, 'О"Хара; старшая Вера Ивановна');
		assert.deepEqual(errors(answer), ['', 'last_name control', '']);
		const whole = await dryRun('number;name;branch;position\n305;Котова\u00a0Анна\u00a0 Петровна;Центральный;Медсестра\n');
		assert.deepEqual([whole.items[0].name, errors(whole)], ['Котова Анна Петровна', ['']]);
	});
});

describe('refused, each line with its reasons', () => {
	test('what is wrong in itself', async () => {
		const file = 'personnel_number;last_name;first_name;phone;branch;position;card_uid;hired_on;left_on;language\n' + [
			';Без;Номера;;Центральный;Медсестра;;;;',
			'401;;;;;;;;;',
			`402;${'я'.repeat(101)};А;12;Центральный;Медсестра;xyz;2026-02-30;31.02.2026;de`,
			'403;А;Б;;Нет такого;И такой нет;;;;',
			'404;А;Б;;Центральный;Медсестра;;2026-05-05;2026-05-04;',
			'405;А;Б;;Центральный;Медсестра;;2026-05-05;2026-10-21;',
			'406;А;Б;;Центральный;Медсестра;;;;;лишнее',
		].join('\n');
		const answer = await dryRun(file);
		assert.deepEqual(errors(answer), [
			'personnel_number required',
			'last_name required, first_name required, branch required, position required',
			'last_name too_long, phone not_a_phone, language not_a_language, card_uid not_a_card, ' +
				'hired_on not_a_date, left_on not_a_date',
			'branch unknown, position unknown',
			'left_on before_hired',
			'left_on future',
			'line too_many',
		]);
		assert.deepEqual(answer.counts, { lines: 7, create: 0, update: 0, same: 0, refused: 7 });
		assert.deepEqual(answer.items[3].errors.map((e) => [e.about, e.detail]),
			[['Нет такого', 'There is no Нет такого.'], ['И такой нет', 'There is no И такой нет.']]);
	});

	test('what is there twice, in the file and in the database', async () => {
		await bringIn(lines('501;Первая;Анна;;+380501110000;Центральный;Медсестра;04AABBCC;'));
		const answer = await dryRun(lines(
			'511;А;Б;;+380501119999;Центральный;Медсестра;04000001;',
			'511;А;Б;;;Центральный;Медсестра;;',
			'512;А;Б;;+380501119999;Центральный;Медсестра;04000001;',
			'513;А;Б;;+380501110000;Центральный;Медсестра;04aabbcc;',
			'501;Первая;Анна;;+380501110000;Центральный;Медсестра;;',
			'501;Первая;Анна;;;Центральный;Медсестра;;'));
		assert.deepEqual(errors(answer), ['', 'personnel_number twice', 'phone twice, card_uid twice',
			'phone taken, card_uid taken', '', 'personnel_number twice']);
		assert.deepEqual(answer.items[2].errors.map((e) => e.about), ['2', '2']);
		assert.deepEqual(answer.items[3].errors.map((e) => e.about), ['Первая Анна', 'Первая Анна']);
	});

	test('and then nothing is written, and the answer says why', async () => {
		const before = await count();
		const answer = await send(lines('601;А;Б;;;Центральный;Медсестра;;', '602;А;Б;;;Нет;Медсестра;;'), { dry_run: false });
		assert.deepEqual([answer.status, answer.body.code], [422, 'IMPORT_REFUSED']);
		assert.deepEqual(answer.body.errors, [{ field: 'line 3: branch', detail: 'There is no Нет.' }]);
		assert.equal(await count(), before);
		assert.equal((await stack.db('SELECT count(*) AS n FROM import_line'))[0].n, 0);
	});

	test('what a closed month would have to know', async () => {
		const branch = await clinic.openBranch({ name: 'Закрытый' });
		await stack.db(`INSERT INTO period (branch, month, state, closed_at, closed_by)
			SELECT $1, '2026-08-01', 'closed', '2026-09-02', min(id) FROM person`, [branch.id]);
		const row = (n, day) => `${n};А;Б;;;Закрытый;Медсестра;;${day}`;
		const answer = await dryRun(lines(row(801, '2026-08-15'), row(802, '2026-09-01')));
		assert.deepEqual(errors(answer), ['hired_on closed', '']);
		assert.deepEqual(answer.items[0].errors[0].about, '2026-08');
		await bringIn(lines(row(802, '2026-09-01')));
		assert.deepEqual(errors(await dryRun(lines(row(802, '2026-08-31')))), ['hired_on closed']);
		assert.equal((await send(lines(row(803, '2026-08-15')), { dry_run: false })).body.code, 'IMPORT_REFUSED');
	});

	/* Each is told by the dry run and by the database, and by both or by neither. */
	test('a closed month that a move or an earlier day would change', async () => {
		const [from, to] = [await clinic.openBranch({ name: 'Откуда' }), await clinic.openBranch({ name: 'Куда' })];
		const close = (branch, month) => stack.db(`INSERT INTO period (branch, month, state, closed_at, closed_by)
			SELECT $1, $2, 'closed', '2026-11-02', min(id) FROM person`, [branch.id, `${month}-01`]);
		const open = () => stack.db('DELETE FROM period WHERE branch IN ($1, $2)', [from.id, to.id]);
		const agreed = async (file, said) => {
			assert.deepEqual(errors(await dryRun(file)), said);
			const done = await send(file, { dry_run: false });
			assert.deepEqual([done.status, done.body.code], said.some(Boolean) ? [422, 'IMPORT_REFUSED'] : [200, undefined],
				JSON.stringify(done.body));
		};
		await bringIn(lines('821;А;Б;;;Откуда;Медсестра;;2026-01-01', '822;В;Г;;;Откуда;Медсестра;;2026-01-01'));
		const move = (to_, day = '') => `personnel_number;branch;hired_on\n821;${to_};${day}\n`;
		/* October, on the 20th of which the move would be. */
		for (const branch of [from, to]) {
			await close(branch, '2026-10');
			await agreed(move('Куда'), ['branch closed']);
			await open();
		}
		await agreed(move('Куда'), ['']);
		/* Until the 20th he was there: what was before is that branch's. */
		await close(from, '2026-03');
		await agreed(move('Куда', '2026-04-01'), ['hired_on closed']);
		await open();
		await close(to, '2026-03');
		await agreed(move('Куда', '2026-04-01'), ['']);
		await agreed(move('Откуда', '2026-03-01'), ['']);
		await open();
		await close(from, '2026-10');
		await agreed(move('Куда'), ['branch closed']);
		await agreed(move('Откуда', '2026-02-01'), ['']);
	});

	test('a branch is changed from today on', async () => {
		await bringIn(lines('811;А;Б;;;Центральный;Медсестра;;2026-01-01'));
		assert.deepEqual((await bringIn('personnel_number;branch\n811;Закрытый\n')).items[0].changes, ['branch']);
		const [stay] = await stack.db(`SELECT until::text FROM employee_stay s JOIN employee e ON e.id = s.employee
			WHERE e.personnel_number = '811'`);
		assert.equal(stay.until, '2026-10-20');
	});

	const files = {
		'nothing': ['', 'csv'],
		'a heading without lines': [`${header}\r\n`, 'csv'],
		'no column that says who': ['last_name;first_name\nА;Б\n', 'personnel_number'],
		'a column twice': ['personnel_number;phone;Телефон\n1;;\n', 'phone'],
		'a name in two ways': ['personnel_number;full_name;last_name\n1;А Б;А\n', 'last_name'],
		'a picture': [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x98]), 'csv'],
		'quotes that never close': [`${header}\n1;"А;Б\n2;В;Г\n`, 'csv'],
		'a stray quote': [`${header}\n1;А "Б";В\n`, 'csv'],
		'too many columns': [`${header}${';x'.repeat(60)}\n1\n`, 'csv'],
	};
	for (const [name, [bytes, field]] of Object.entries(files))
		test(name, async () => {
			const answer = await send(bytes);
			assert.deepEqual([answer.status, answer.body.errors?.[0].field], [422, field], JSON.stringify(answer.body));
		});
});

describe('who leaves and who returns', () => {
	test('is signed out at once; the last administrator stays', async () => {
		const anna = await clinic.hire({}, { personnel_number: '701' });
		await clinic.mark(anna.token, 'in');
		const leave = 'personnel_number;left_on\n701;2026-10-20\n';
		assert.deepEqual((await bringIn(leave)).items[0].changes, ['left_on']);
		assert.equal((await clinic.as(anna.token, 'GET', '/me')).status, 401);
		assert.deepEqual((await stack.db('SELECT state FROM interval WHERE employee = $1', [anna.id])).map((i) => i.state),
			['missing_out']);
		assert.deepEqual((await bringIn('personnel_number;left_on\n701;\n')).items[0].changes, ['left_on']);
		assert.equal((await clinic.must(clinic.admin, 'GET', `/employees/${anna.id}`)).active, true);

		const boss = await clinic.hire({ first_name: 'Ада' }, { personnel_number: '702', admin: true });
		const answer = await dryRun('personnel_number;left_on\n702;2026-10-20\n');
		assert.deepEqual(errors(answer), ['left_on is_admin']);
		assert.ok(boss.admin);
	});

	test('and days are worked out again', async () => {
		const { id } = await clinic.hire({}, { personnel_number: '703' });
		await clinic.must(clinic.admin, 'POST', '/schedules',
			{ employee: id, kind: 'weekly', valid_from: '2026-10-05', shifts: ['0 09:00-18:00'] });
		const planned = async () => (await stack.db('SELECT count(*) AS n FROM workday WHERE employee = $1', [id]))[0].n;
		assert.ok(await planned() > 3);
		await bringIn('personnel_number;left_on\n703;2026-10-13\n');
		assert.equal(await planned(), 2);
	});
});

describe('the export', () => {
	const exported = async (query = '') => {
		const response = await fetch(`${stack.url}/api/employees.csv${query}`,
			{ headers: { authorization: `Bearer ${clinic.admin}` } });
		assert.equal(response.status, 200);
		return Buffer.from(await response.arrayBuffer());
	};

	test('can be imported again and changes nothing', async () => {
		await clinic.hire({ last_name: '=1+1', first_name: '"Кавычки", и запятые' },
			{ phone: '+380 50 999 88 77', personnel_number: '-5' });
		for (const query of ['', '?bom=true', '?state=active']) {
			const answer = await dryRun(await exported(query));
			assert.deepEqual([...new Set(actions(answer))], ['same'], JSON.stringify(answer.items.filter((i) => i.action !== 'same')));
			assert.deepEqual(answer.ignored, []);
		}
		assert.equal((await dryRun(await exported())).counts.lines, await count());
	});

	test('gives numbers to people who have none, by their id', async () => {
		const { id } = await clinic.hire({ last_name: 'Безномерная' });
		const text = (await exported()).toString().replace(new RegExp(`^"${id}",`, 'm'), `"${id}","999"`);
		const answer = await bringIn(text);
		assert.deepEqual(answer.items.filter((i) => i.action === 'update').map((i) => [i.employee, i.changes]),
			[[id, ['personnel_number']]]);
		assert.deepEqual(errors(await dryRun('id;last_name;first_name;branch;position\n999999;А;Б;Центральный;Медсестра\n')), ['id unknown']);
	});
});

describe('50,000 lines', () => {
	const many = 50000;
	const file = (change = () => '') => [header, ...Array.from({ length: many }, (_, i) =>
		change(i) || `м${i};Фамилия${i};Имя;Отчество;;Центральный;Медсестра;;2026-01-01`)].join('\r\n');

	test('are told line by line, written at once, and then are the same', { timeout: 300000 }, async (t) => {
		const took = async (what, work) => {
			const begun = performance.now();
			const result = await work();
			t.diagnostic(`${what}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
			return result;
		};
		const wrong = await took('dry run with faults', () => dryRun(file((i) => i % 1000 === 7 && `м${i};;Имя`)));
		assert.deepEqual(wrong.counts, { lines: many, create: many - 50, update: 0, same: 0, refused: 50 });
		const plan = await took('dry run', () => dryRun(file()));
		const done = await took('import', () => send(file(), { dry_run: false }));
		assert.equal(done.status, 200);
		assert.deepEqual(done.body.counts, plan.counts);
		assert.deepEqual(done.body.items.map((i) => [i.line, i.action]), plan.items.map((i) => [i.line, i.action]));
		assert.deepEqual((await took('again', () => dryRun(file()))).counts, { lines: many, create: 0, update: 0, same: many, refused: 0 });
		const memory = await Promise.all((await stack.pids('people')).map(async (pid) =>
			Number((await readFile(`/proc/${pid}/status`, 'utf8')).match(/VmHWM:\s+(\d+)/)[1])));
		t.diagnostic(`at most ${Math.max(...memory)} kB of memory`);
	});
});

/* What TextEncoder cannot write. */
function windows1251(text) {
	const decoder = new TextDecoder('windows-1251');
	const codes = new Map(Array.from({ length: 256 }, (_, i) => [decoder.decode(Uint8Array.of(i)), i]));
	return Uint8Array.from([...text].map((c) => codes.get(c)));
}
