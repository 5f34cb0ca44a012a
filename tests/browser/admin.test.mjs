/*
 * The admin pages: signing in and out, sessions that end, who sees what, and
 * all of it with the keyboard.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { catalogue, midday, openBrowser, phone } from './lib.mjs';

const pages = openBrowser();

let stack, clinic, t, boss;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack, { name: 'Клиника на Садовой', time_zone: midday });
	t = await catalogue();
	const { stdout } = await stack.tabelctl('admin', 'boss');
	boss = { username: 'boss', password: stdout.match(/password (\S+)/)[1] };
});
after(() => stack?.stop());

const button = (place, key, params) => place.getByRole('button', { name: t(key, params), exact: true });
const field = (place, key) => place.getByLabel(t(key)).and(place.locator('input, select, textarea'));
const heading = (page, name) => page.getByRole('heading', { name: t(`admin.section.${name}`), level: 1 });
const panel = (page) => page.locator('dialog.panel');

async function fillIn(place, { username, password }) {
	await field(place, 'admin.field.username').fill(username);
	await field(place, 'admin.field.password').fill(password);
	await button(place, 'admin.sign_in').click();
}

/* A page with somebody signed in, at an address below /admin/. */
async function signedIn(who = boss, path = 'now', options) {
	const page = await pages.open(options);
	await page.goto(`${stack.url}/admin/${path}`);
	await fillIn(page, who);
	await page.locator('.frame').waitFor();
	return page;
}

/* Somebody with a password of his own. */
async function colleague(names, more) {
	const person = await clinic.hire(names, more);
	const login = { username: `user.${person.id}`, password: 'семь холодных чайников' };
	await clinic.must(clinic.admin, 'PUT', `/employees/${person.id}/login`, login);
	return { ...person, ...login };
}

const endSessions = ({ username }) => stack.db(`UPDATE session SET revoked_at = now()
	WHERE person = (SELECT id FROM person WHERE username = $1)`, [username]);

describe('signing in', () => {
	test('a wrong password is told without saying which of the two is wrong', async () => {
		const page = await pages.open();
		await page.goto(`${stack.url}/admin/`);
		await fillIn(page, { ...boss, password: 'не тот' });
		await page.getByRole('alert').getByText(t('fault.BAD_CREDENTIALS')).waitFor();
		await fillIn(page, { username: 'nobody', password: 'не тот' });
		await page.getByRole('alert').getByText(t('fault.BAD_CREDENTIALS')).waitFor();
		await fillIn(page, boss);
		await heading(page, 'now').waitFor();
		await pages.close(page);
	});

	test('too many tries have to wait, and the page counts', async () => {
		const page = await pages.open();
		await page.clock.install();
		await page.goto(`${stack.url}/admin/`);
		await button(page, 'admin.sign_in').waitFor();
		await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
		let answer;
		do {
			const next = page.waitForResponse('**/api/auth/login');
			await fillIn(page, { username: 'guesser', password: 'не тот' });
			answer = await next;
		} while (answer.status() === 401);
		assert.equal(answer.status(), 429);
		const seconds = Number(answer.headers()['retry-after']);
		await page.getByText(t('common.wait', { n: seconds })).first().waitFor();
		assert.ok(await button(page, 'admin.sign_in').isDisabled());
		await page.clock.fastForward(seconds * 1000 + 1000);
		assert.ok(await button(page, 'admin.sign_in').isEnabled());
		await pages.close(page);
	});

	test('leads to where one wanted to go', async () => {
		const page = await signedIn(boss, 'events?kind=in');
		await heading(page, 'events').waitFor();
		assert.equal(await field(page, 'admin.field.kind').inputValue(), 'in');
		await pages.close(page);
	});

	test('signing out leaves nothing behind', async () => {
		const anna = await clinic.hire({ first_name: 'Анна', last_name: 'Котова' });
		const page = await signedIn(boss, `people?open=${anna.id}`);
		await panel(page).getByRole('heading', { name: 'Котова Анна' }).waitFor();
		const closed = panel(page).getByRole('button', { name: t('common.close') });
		await closed.click();
		await page.locator('summary.account').click();
		await button(page, 'admin.sign_out').click();
		await field(page, 'admin.field.password').waitFor();
		await page.goBack();
		await field(page, 'admin.field.password').waitFor();
		assert.equal(await page.getByText('Котова').count(), 0);
		assert.deepEqual(await page.context().cookies(), []);
		await pages.close(page);
	});
});

describe('a session that ends', () => {
	test('asks for the password over the page; nothing typed is lost', async () => {
		const anna = await clinic.hire({ first_name: 'Анна', last_name: 'Сеансова' });
		const page = await signedIn(boss, `people?search=Сеансова&open=${anna.id}`);
		await field(panel(page), 'admin.field.phone').fill('+380501112233');
		await endSessions(boss);
		await button(panel(page), 'common.save').click();

		const dialog = page.getByRole('dialog', { name: t('admin.again.title') });
		await dialog.waitFor();
		await fillIn(dialog, { ...boss, password: 'не тот' });
		await dialog.getByText(t('fault.BAD_CREDENTIALS')).waitFor();
		await fillIn(dialog, boss);
		await dialog.waitFor({ state: 'detached' });
		await page.getByText(t('admin.saved')).waitFor();
		const now = await clinic.must(clinic.admin, 'GET', `/employees/${anna.id}`);
		assert.equal(now.phone, '+380501112233');
		assert.equal(await field(page, 'admin.field.search').inputValue(), 'Сеансова');
		await pages.close(page);
	});

	test('a reload after it comes back to the same place', async () => {
		const page = await signedIn(boss, 'positions');
		await heading(page, 'positions').waitFor();
		await endSessions(boss);
		await page.reload();
		await fillIn(page, boss);
		await heading(page, 'positions').waitFor();
		await pages.close(page);
	});
});

describe('who sees what', () => {
	test('a manager: his sections, his branches, nothing to change', async () => {
		const other = await clinic.openBranch({ name: 'Чужой филиал', time_zone: midday });
		await clinic.hire({ last_name: 'Чужакова' }, { branch: other.id });
		const here = await clinic.hire({ last_name: 'Здешняя' });
		const manager = await colleague({ last_name: 'Начальник' }, { manager_of: [clinic.branch.id] });
		const page = await signedIn(manager, 'people');
		await page.getByRole('row', { name: /Здешняя/ }).waitFor();
		assert.equal(await page.getByText('Чужакова').count(), 0);
		assert.deepEqual(await page.getByRole('navigation').getByRole('link').allInnerTexts(),
			[...['now', 'people', 'registrations', 'corrections', 'events', 'days', 'month', 'schedules',
				'absences', 'timesheet'].map((name) => t(`admin.section.${name}`)), t('admin.docs')]);
		assert.equal(await button(page, 'admin.people.make').count(), 0);

		await page.getByRole('link', { name: /Здешняя/ }).click();
		await panel(page).getByText(here.branch_name).first().waitFor();
		assert.equal(await button(panel(page), 'common.save').count(), 0);
		await page.goto(`${stack.url}/admin/settings`);
		await heading(page, 'now').waitFor();
		await pages.close(page);
	});

	test('an employee is told where his own hours are', async () => {
		const page = await pages.open();
		await page.goto(`${stack.url}/admin/`);
		await fillIn(page, await colleague());
		await page.getByRole('heading', { name: t('admin.no_entry.title') }).waitFor();
		await button(page, 'admin.sign_out').click();
		await field(page, 'admin.field.password').waitFor();
		await pages.close(page);
	});
});

describe('with the keyboard alone', () => {
	test('sign in, find a person, change, save, go back', async () => {
		const anna = await clinic.hire({ first_name: 'Анна', last_name: 'Клавишина' });
		const page = await pages.open();
		await page.goto(`${stack.url}/admin/`);
		await field(page, 'admin.field.username').waitFor();
		await page.keyboard.type(boss.username);
		await page.keyboard.press('Tab');
		await page.keyboard.type(boss.password);
		await page.keyboard.press('Enter');
		await heading(page, 'now').waitFor();

		await page.keyboard.press('/');
		await page.keyboard.type('Клавиш');
		await page.getByRole('option', { name: /Клавишина Анна/ }).waitFor();
		await page.keyboard.press('Enter');
		await panel(page).getByRole('heading', { name: 'Клавишина Анна' }).waitFor();
		assert.equal(new URL(page.url()).searchParams.get('open'), String(anna.id));

		await field(panel(page), 'admin.field.phone').focus();
		await page.keyboard.type('12');
		await page.keyboard.press('Control+Enter');
		await panel(page).getByText(t('admin.wrong.phone')).first().waitFor();
		assert.equal(await page.evaluate(() => document.activeElement.name), 'phone');
		await page.keyboard.press('Control+A');
		await page.keyboard.type('+380671112233');
		await page.keyboard.press('Control+Enter');
		await page.getByText(t('admin.saved')).waitFor();
		assert.equal((await clinic.must(clinic.admin, 'GET', `/employees/${anna.id}`)).phone, '+380671112233');

		await page.keyboard.press('Escape');
		await panel(page).waitFor({ state: 'hidden' });
		await pages.close(page);
	});

	test('who left some days ago is written down so', async () => {
		const anna = await clinic.hire({ last_name: 'Ушедшая' });
		const page = await signedIn(boss, `people?open=${anna.id}`);
		const of = () => clinic.must(clinic.admin, 'GET', `/employees/${anna.id}`);
		await field(panel(page), 'admin.field.working').uncheck();
		await field(panel(page), 'admin.field.left_on').fill('2190-01-01');
		await button(panel(page), 'common.save').click();
		await panel(page).getByText(t('admin.wrong.left_on')).first().waitFor();
		await field(panel(page), 'admin.field.left_on').fill('2020-02-03');
		await button(panel(page), 'common.save').click();
		await page.getByText(t('admin.saved')).waitFor();
		assert.deepEqual([(await of()).active, (await of()).left_on], [false, '2020-02-03']);
		await field(panel(page), 'admin.field.working').check();
		await field(panel(page), 'admin.field.left_on').waitFor({ state: 'hidden' });
		await button(panel(page), 'common.save').click();
		await panel(page).locator('.form:not(.dirty)').waitFor();
		assert.deepEqual([(await of()).active, (await of()).left_on], [true, null]);
		await pages.close(page);
	});

	test('what is typed is not thrown away without a question', async () => {
		const anna = await clinic.hire({ first_name: 'Анна', last_name: 'Черновикова' });
		const page = await signedIn(boss, `people?open=${anna.id}`);
		const question = page.getByRole('dialog', { name: t('admin.unsaved.title') });
		await field(panel(page), 'admin.field.middle_name').fill('Ивановна');
		await page.keyboard.press('Escape');
		await question.waitFor();
		await button(question, 'admin.unsaved.stay').press('Enter');
		assert.equal(await field(panel(page), 'admin.field.middle_name').inputValue(), 'Ивановна');
		await page.keyboard.press('Escape');
		await button(question, 'admin.unsaved.leave').press('Enter');
		await panel(page).waitFor({ state: 'hidden' });
		assert.ok(!(await clinic.must(clinic.admin, 'GET', `/employees/${anna.id}`)).middle_name);
		await pages.close(page);
	});
});

describe('a save', () => {
	test('whose answer is lost says so, keeps what was typed, and makes nothing twice', async () => {
		const page = await signedIn(boss, 'people?open=new');
		await field(panel(page), 'admin.field.last_name').fill('Обрывкина');
		await field(panel(page), 'admin.field.first_name').fill('Ия');
		await field(panel(page), 'admin.field.branch').first().selectOption({ label: clinic.branch.name });
		await field(panel(page), 'admin.field.position').first().selectOption({ label: clinic.position.name });
		const keys = [];
		let lost = true;
		await page.route('**/api/employees', async (route) => {
			if (route.request().method() !== 'POST')
				return route.continue();
			keys.push(route.request().headers()['idempotency-key']);
			if (!lost)
				return route.continue();
			await route.fetch();
			return route.abort('failed');
		});
		await button(panel(page), 'admin.make').click();
		await panel(page).getByText(t('fault.NETWORK')).waitFor();
		lost = false;
		await button(panel(page), 'admin.make').dblclick();
		await panel(page).getByRole('heading', { name: 'Обрывкина Ия' }).waitFor();
		assert.equal(new Set(keys).size, 1);
		const [{ n }] = await stack.db(`SELECT count(*) AS n FROM person WHERE last_name = 'Обрывкина'`);
		assert.equal(n, 1);
		page.faults.splice(0);	/* the lost answers, as the browser tells them */
		await pages.close(page);
	});

	test('in two tabs: what the other one saved is shown beside what was typed', async () => {
		const anna = await clinic.hire({ last_name: 'Двутабова' });
		const kept = () => stack.db(`SELECT phone, middle_name FROM person WHERE last_name = 'Двутабова'`);
		const page = await signedIn(boss, `people?open=${anna.id}`);
		const other = await page.context().newPage();
		await other.goto(page.url());
		const phoneOf = (tab) => field(panel(tab), 'admin.field.phone');
		const middle = field(panel(other), 'admin.field.middle_name');
		await phoneOf(other).fill('+380509999999');
		await phoneOf(page).fill('+380501234567');
		await field(panel(page), 'admin.field.middle_name').fill('Львовна');
		await button(panel(page), 'common.save').click();
		await page.getByText(t('admin.saved')).waitFor();

		await button(panel(other), 'common.save').click();
		const band = panel(other).locator('.summary');
		await band.getByText(t('admin.stale')).waitFor();
		assert.deepEqual(await kept(), [{ phone: '+380501234567', middle_name: 'Львовна' }]);
		assert.equal(await phoneOf(other).inputValue(), '+380509999999');
		assert.equal(await middle.inputValue(), 'Львовна');
		assert.deepEqual(await band.locator('li').allTextContents(), [
			`${t('admin.field.middle_name')}: ${t('admin.stale.now', { value: 'Львовна' })}`,
			`${t('admin.field.phone')}: ${t('admin.stale.both', { value: '+380501234567', mine: '+380509999999' })}`,
		]);
		await panel(other).locator('[data-field=phone] .field-error').and(
			other.getByText(t('admin.stale.beside', { value: '+380501234567' }))).waitFor();

		await button(panel(other), 'common.save').click();
		await other.getByText(t('admin.saved'), { exact: true }).waitFor();
		await band.getByText(t('admin.stale')).waitFor({ state: 'detached' });
		assert.deepEqual(await kept(), [{ phone: '+380509999999', middle_name: 'Львовна' }]);

		/* The first tab has not seen that; it may not remove her unseen. */
		await button(panel(page), 'admin.delete').click();
		await button(page.getByRole('dialog', { name: t('admin.delete.title', { name: 'Двутабова Анна Львовна' }) }), 'admin.delete').click();
		await page.getByText(t('fault.STALE')).waitFor();
		await page.waitForFunction(() =>
			document.querySelector('.panel [name=phone]')?.value === '+380509999999');
		assert.equal((await kept()).length, 1);
		await pages.close(page);
	});

	test('of a day that has been changed already says what it is', async () => {
		const { id: employee } = await clinic.hire({ last_name: 'Деньская' });
		const days = () => clinic.must(clinic.admin, 'GET', `/schedule-exceptions?employee=${employee}`);
		const page = await signedIn(boss, 'changes?open=new');
		await panel(page).getByRole('combobox').fill('Деньская');
		await page.getByRole('option', { name: /Деньская/ }).click();
		await field(panel(page), 'admin.field.day').fill('2031-03-04');
		await field(panel(page), 'admin.field.day_off').check();
		await clinic.must(clinic.admin, 'POST', '/schedule-exceptions',
			{ employee, day: '2031-03-04', shifts: ['10:00-14:00'], reason: 'Приём' });
		await button(panel(page), 'admin.plan.change').click();
		await panel(page).locator('.summary').getByText(t('admin.stale')).waitFor();
		assert.deepEqual((await days()).items[0].shifts, ['10:00-14:00']);
		assert.equal(await panel(page).locator('[name=reason]').inputValue(), 'Приём');
		await button(panel(page), 'admin.plan.change').click();
		await panel(page).waitFor({ state: 'hidden' });
		assert.deepEqual((await days()).items.map((d) => [d.shifts, d.reason]), [[[], 'Приём']]);
		await pages.close(page);
	});

	test('whose answer was lost is seen to have been done', async () => {
		const anna = await clinic.hire({ last_name: 'Потеряева' });
		const page = await signedIn(boss, `people?open=${anna.id}`);
		let lost = 0;
		await page.route(`**/api/employees/${anna.id}`, async (route) => {
			if (route.request().method() !== 'PUT' || lost++ > 0)
				return route.continue();
			await route.fetch();
			return route.abort();
		});
		await field(panel(page), 'admin.field.phone').fill('+380501234567');
		await button(panel(page), 'common.save').click();
		await page.getByText(t('admin.saved')).waitFor();
		assert.equal(lost, 2);
		assert.equal(await panel(page).locator('.summary').textContent(), '');
		page.faults.splice(0);	/* the lost answer, as the browser tells it */
		await pages.close(page);
	});
});

describe('lists', () => {
	test('filters live in the address, long lists go on, short ones are sorted', async () => {
		for (let i = 0; i < 55; i++)
			await clinic.must(clinic.admin, 'POST', '/employees', {
				last_name: `Спискова${i}`, first_name: 'Анна',
				branch: clinic.branch.id, position: clinic.position.id });
		const page = await signedIn(boss, 'people');
		await field(page, 'admin.field.search').fill('Спискова');
		await page.waitForURL((url) => url.searchParams.get('search') === 'Спискова');
		await page.locator('tbody tr').filter({ hasNotText: 'Спискова' }).first().waitFor({ state: 'detached' });
		await page.getByText(t('admin.shown', { n: 50 })).waitFor();
		await button(page, 'common.more').click();
		await page.getByText(t('admin.shown_all', { n: 55 })).waitFor();

		const first = page.locator('tbody tr').first();
		await page.getByRole('columnheader', { name: t('admin.field.full_name') }).getByRole('button').dblclick();
		await first.getByText('Спискова9 Анна').waitFor();
		await page.reload();
		await page.getByText(t('admin.shown', { n: 50 })).waitFor();
		assert.equal(await field(page, 'admin.field.search').inputValue(), 'Спискова');
		await pages.close(page);
	});
});

describe('an administrator', () => {
	test('revokes a tablet, after a question that says what will happen', async () => {
		const terminal = await clinic.hang(clinic.branch, { name: 'Планшет у окна' });
		const page = await signedIn(boss, `terminals?open=${terminal.id}`);
		await button(panel(page), 'admin.revoke').click();
		const question = page.getByRole('dialog', { name: t('admin.terminals.revoke_title', { name: 'Планшет у окна' }) });
		await question.getByText(t('admin.terminals.revoke_tablet')).waitFor();
		await button(question, 'admin.revoke').click();
		await page.getByRole('row', { name: /Планшет у окна/ }).getByText(t('admin.revoked')).waitFor();
		const answer = await clinic.as(terminal.key, 'GET', '/kiosk/feed');
		assert.equal(answer.status, 401);
		await pages.close(page);
	});

	test('changes a setting and finds the change in the journal', async () => {
		const page = await signedIn(boss, 'settings');
		await field(page, 'admin.setting.organisation').fill('Клиника «Проба»');
		await page.keyboard.press('Control+Enter');
		await page.getByText(t('admin.saved')).waitFor();
		await page.getByRole('navigation').getByRole('link', { name: t('admin.section.audit') }).click();
		await page.getByRole('row', { name: new RegExp(t('admin.entity.setting')) }).first().waitFor();
		await pages.close(page);
	});

	test('takes a backup of the keys home', async () => {
		const page = await signedIn(boss, 'keys');
		await field(page, 'admin.field.passphrase').fill('двенадцать чёрных котов');
		await field(page, 'admin.field.again').fill('двенадцать чёрных котов');
		const download = page.waitForEvent('download');
		await button(page, 'admin.backup.download').click();
		assert.match((await download).suggestedFilename(), /^tabel-keys-\d{4}-\d\d-\d\d\.txt$/);
		const text = await readFile(await (await download).path(), 'utf8');
		assert.ok(text.length > 100 && !text.includes('двенадцать'));
		await pages.close(page);
	});

	test('tries a message again that was given up', async () => {
		const [{ id }] = await stack.db(`INSERT INTO notification (chat, key, state, attempts, due_at, dedupe, created_at, last_error)
			VALUES (-1009001, 'notice.in', 'failed', 10, now(), 'again', now(), 'Bad Request: chat not found') RETURNING id`);
		const page = await signedIn(boss, `messages?open=${id}`);
		await panel(page).getByText('Bad Request: chat not found').waitFor();
		/* Somebody else was quicker. */
		await stack.db("UPDATE notification SET state = 'sent' WHERE id = $1", [id]);
		await button(panel(page), 'admin.message.retry').click();
		await page.getByText(t('fault.CONFLICT')).waitFor();
		await panel(page).locator('.chip', { hasText: t('admin.message.sent') }).waitFor();
		await stack.db("UPDATE notification SET state = 'failed' WHERE id = $1", [id]);
		await page.reload();
		await button(panel(page), 'admin.message.retry').click();
		await page.getByText(t('admin.message.retried')).waitFor();
		const [{ attempts }] = await stack.db('SELECT attempts FROM notification WHERE id = $1', [id]);
		assert.ok(attempts < 10);
		await pages.close(page);
	});

	test('can do it on a phone too', async () => {
		const anna = await clinic.hire({ first_name: 'Анна', last_name: 'Карманова' });
		const page = await signedIn(boss, 'now', { size: phone, isMobile: true });
		await button(page, 'admin.sections').tap();
		await page.getByRole('navigation').getByRole('link', { name: t('admin.section.people') }).tap();
		await heading(page, 'people').waitFor();
		await page.getByRole('link', { name: /Карманова/ }).tap();
		await field(panel(page), 'admin.field.personnel_number').fill(`К-${anna.id}`);
		await button(panel(page), 'common.save').tap();
		await page.getByText(t('admin.saved')).waitFor();
		await pages.close(page);
	});
});
