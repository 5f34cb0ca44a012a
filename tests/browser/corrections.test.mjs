/*
 * Corrections and entries by hand on the pages: asked for in two taps, decided
 * in the Mini App and, with the keyboard, on the admin pages.  It is noon of
 * Thursday, 19 November 2026, in Kyiv.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { catalogue, desk, openBrowser, phone, signInTo } from './lib.mjs';
import { emulate, languages, look } from './looks.mjs';
import { appUrl } from './telegram.mjs';

const pages = openBrowser();
const now = '2026-11-19T10:00:00Z';
const at = (day, time) => `2026-11-${day}T${time}:00+02:00`;

let stack, clinic, t, boss, looker;

before(async () => {
	stack = await startStack({ faketime: now });
	clinic = await openClinic(stack, { name: 'Клиника на Садовой', time_zone: 'Europe/Kyiv' });
	boss = await clinic.hire({ first_name: 'Борис', last_name: 'Главный' }, { manager_of: [clinic.branch.id] });
	looker = await stack.makeAdmin('looker');
	t = await catalogue();
});
after(() => stack?.stop());
/* A test begins with nothing that waits. */
const nothing_waits = () => stack.db(`UPDATE correction SET state = 'withdrawn', decided_at = now()
	WHERE state = 'pending'`);

const button = (place, key, params) => place.getByRole('button', { name: t(key, params), exact: true });
const enter = (employee, day, from, until) => clinic.must(clinic.admin, 'POST', '/events/manual', {
	employee: employee.id, at: at(day, from), kind: 'in', until: until && at(day, until),
	reason: 'Не работал планшет', confirm: true });
const worked = async (employee) => (await clinic.must(clinic.admin, 'GET',
	`/stats/worktime?employee=${employee.id}&from=2026-11-01&to=2026-11-30`)).items[0].worked_seconds / 3600;
const states = async (employee) => (await clinic.must(clinic.admin, 'GET',
	`/corrections?employee=${employee.id}`)).items.map((c) => c.state);

async function open(size, path, options) {
	const page = await pages.open({ size, timezoneId: 'Europe/Kyiv', reducedMotion: 'reduce', ...options });
	await page.clock.install({ time: now });
	await page.goto(path);
	return page;
}
const app = ({ telegram_id: id, first_name }, options) => open(phone, appUrl(stack.url,
	{ user: { id, first_name, language_code: options?.language }, platform: 'web',
		auth_date: Date.parse(now) / 1000 }), options);
async function month(person, options) {
	const page = await app(person, options);
	await page.locator('.month-card').tap();
	await page.locator('.day-date').first().waitFor();
	return page;
}
async function admin(path, options) {
	const page = await open(desk, `${stack.url}/admin/${path}`, options);
	await signInTo(page, looker);
	return page;
}
/* Somebody who forgot to check out on the 17th, and has asked to leave at six. */
async function asked(day = '17', time = '18:00', names) {
	const person = await clinic.hire(names);
	await enter(person, day, '09:00');
	const c = await clinic.must(person.token, 'POST', '/corrections',
		{ action: 'add', at: at(day, time), kind: 'out', reason: 'Не получилось отметиться' });
	return { ...person, correction: c.id };
}

describe('an employee', () => {
	test('asks in two taps for what was planned, and sees what became of it', async () => {
		const anna = await clinic.hire();
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'weekly',
			valid_from: '2026-11-01', shifts: ['0', '1', '2', '3', '4'].map((d) => `${d} 09:00-17:30`) });
		await enter(anna, '17', '09:02');
		const page = await month(anna);
		await button(page.locator('.day-fix'), 'correction.fix').tap();
		const dialog = page.getByRole('dialog');
		await dialog.waitFor();
		assert.equal(await dialog.locator('input[name=at]').inputValue(), '17:30');
		await button(dialog, 'common.send').tap();
		await page.locator('.requests').getByText(t('correction.pending')).waitFor();
		await page.locator('.day-fix button').waitFor({ state: 'detached' });
		const { items: [c] } = await clinic.must(clinic.admin, 'GET', `/corrections?employee=${anna.id}`);
		assert.deepEqual([c.action, c.kind, c.at, c.reason],
			['add', 'out', '2026-11-17T15:30:00Z', t('correction.forgot')]);
		await clinic.must(boss.token, 'POST', `/corrections/${c.id}/reject`, { reason: 'Ушла в пять' });
		await button(page, 'common.back').tap();
		await page.locator('.month-card').tap();
		await page.locator('.requests').getByText('Ушла в пять').waitFor();
		await button(page.locator('.day-fix'), 'correction.fix').waitFor();
		await pages.close(page);
	});

	test('is offered the usual time where nothing was planned', async () => {
		const anna = await clinic.hire();
		for (const [day, until] of [['10', '16:50'], ['12', '17:00']])
			await enter(anna, day, '08:00', until);
		await enter(anna, '13', '08:30');
		const page = await month(anna);
		await button(page.locator('.day-fix'), 'correction.fix').tap();
		assert.equal(await page.getByRole('dialog').locator('input[name=at]').inputValue(), '17:00');
		await pages.close(page);
	});

	test('changes, voids, adds and takes back', async () => {
		const anna = await clinic.hire();
		await enter(anna, '16', '09:00', '18:00');
		const page = await month(anna);
		const dialog = page.getByRole('dialog');
		const again = async () => {
			await dialog.waitFor({ state: 'detached' });
			await page.locator('summary').tap();
			await page.locator('.day-detail li').nth(1).waitFor();
		};
		await again();
		await button(page.locator('.day-detail li').nth(1), 'correction.fix').tap();
		await dialog.locator('input[name=at]').fill('19:30');
		await button(dialog, 'common.send').tap();
		await dialog.getByText(t('common.required')).waitFor();
		await dialog.locator('input[name=reason]').fill('Задержалась');
		await button(dialog, 'common.send').tap();
		await page.locator('.requests').getByText('18:00 → 19:30').waitFor();
		await button(page.locator('.requests'), 'correction.withdraw').tap();
		await page.locator('.requests').getByText(t('correction.withdrawn')).waitFor();

		await again();
		await button(page.locator('.day-detail li').first(), 'correction.fix').tap();
		await dialog.getByText(t('correction.was_not')).tap();
		await dialog.locator('input[name=reason]').fill('Приложили чужой телефон');
		await button(dialog, 'common.send').tap();
		await page.locator('.requests').getByText(t('correction.void', { what: `${t('correction.in')} 09:00` })).waitFor();

		await button(page, 'correction.add_event').tap();
		await dialog.locator('input[name=day]').fill('2026-11-13');
		await dialog.locator('select[name=kind]').selectOption('in');
		await dialog.locator('input[name=at]').fill('23:59');
		await button(dialog, 'common.send').tap();
		await page.locator('.requests li').nth(2).waitFor();
		assert.deepEqual((await states(anna)).sort(), ['pending', 'pending', 'withdrawn']);
		await pages.close(page);
	});
});

describe('a manager in the Mini App', () => {
	beforeEach(nothing_waits);

	test('sees what a request would do, and decides', async () => {
		const anna = await asked('17', '18:00', { last_name: 'Котова' });
		const vera = await asked('16', '17:00', { first_name: 'Вера', last_name: 'Белая' });
		const page = await app(boss);
		await button(page, 'app.team').tap();
		await page.getByRole('button', { name: new RegExp(`^${t('admin.section.corrections')} ?2$`) }).tap();
		const card = (person) => page.locator(`[data-correction="${person.correction}"]`);
		await card(anna).getByText('9:00').waitFor();
		await button(card(anna), 'correction.approve').tap();
		await page.locator('.band').getByText(t('correction.approved')).waitFor();
		assert.equal(await worked(anna), 9);
		await button(card(vera), 'common.reject').tap();
		await card(vera).getByText(t('common.required')).waitFor();
		await card(vera).locator('input').fill('Ушла в обед');
		await button(card(vera), 'common.reject').tap();
		await page.getByText(t('correction.none'), { exact: true }).waitFor();
		assert.deepEqual([await states(anna), await states(vera)], [['approved'], ['rejected']]);
		await pages.close(page);
	});

	test('is told when somebody else was quicker', async () => {
		const anna = await asked();
		const page = await app(boss);
		await button(page, 'app.team').tap();
		await page.getByRole('button', { name: t('admin.section.corrections') }).tap();
		await page.locator('.effect').waitFor();
		await clinic.must(anna.token, 'POST', `/corrections/${anna.correction}/withdraw`);
		await button(page, 'correction.approve').tap();
		await page.locator('.band').getByText(t('fault.CORRECTION_DECIDED')).waitFor();
		await pages.close(page);
	});
});

describe('on the admin pages', () => {
	beforeEach(nothing_waits);

	test('all is decided with the keyboard', async () => {
		const anna = await asked('17', '18:00', { last_name: 'Ивина' });
		const long = await asked('16', '09:00', { first_name: 'Вера', last_name: 'Белая' });
		await stack.db(`UPDATE correction SET at = at + interval '24 hours' WHERE id = $1`, [long.correction]);
		const page = await admin('corrections');
		await page.locator('[data-name="corrections"] .badge', { hasText: '2' }).waitFor();
		const card = (name) => page.getByRole('article', { name });
		await card('Ивина Анна').locator('.effect').waitFor();
		await card('Белая Вера').locator('.effect').waitFor();
		await card('Ивина Анна').focus();
		await page.keyboard.press('ArrowDown');
		assert.ok(await card('Белая Вера').evaluate((el) => el === document.activeElement));
		await page.keyboard.press('a');
		const dialog = page.getByRole('dialog');
		await dialog.getByText(t('correction.sure_long_text')).waitFor();
		await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached' });
		assert.deepEqual(await states(long), ['pending']);
		await card('Белая Вера').focus();
		await page.keyboard.press('a');
		await dialog.getByRole('button', { name: t('correction.is_long', { length: '24 ч' }).replace(' 24 ч', ' 24\u00a0ч') }).focus();
		await page.keyboard.press('Enter');
		await card('Белая Вера').waitFor({ state: 'detached' });
		assert.equal(await worked(long), 24);

		await card('Ивина Анна').focus();
		await page.keyboard.press('r');
		await page.keyboard.type('Ушла в пять');
		await button(card('Ивина Анна'), 'common.reject').focus();
		await page.keyboard.press('Enter');
		await page.getByText(t('correction.none')).waitFor();
		await page.locator('[data-name="corrections"] .badge', { hasText: /\d/ }).waitFor({ state: 'detached' });
		assert.deepEqual(await states(anna), ['rejected']);
		await button(page, 'correction.rejected').click();
		await page.getByRole('row', { name: /Ивина Анна/ }).getByText('Ушла в пять').waitFor();
		await pages.close(page);
	});

	test('another time is set in approving', async () => {
		const anna = await asked('17', '18:00', { last_name: 'Поздняя' });
		const page = await admin('corrections');
		const card = page.getByRole('article', { name: 'Поздняя Анна' });
		await card.getByText('9:00').waitFor();
		await card.locator('input[name=at]').fill('17:15');
		await card.locator('input[name=at]').blur();
		await card.getByText('8:15').waitFor();
		await button(card, 'correction.approve').click();
		await card.waitFor({ state: 'detached' });
		assert.equal(await worked(anna), 8.25);
		await button(page, 'correction.approved').click();
		await page.getByRole('row', { name: /Поздняя Анна/ })
			.getByText(`18:00, ${t('correction.made', { time: '17:15' })}`).waitFor();
		await pages.close(page);
	});

	test('an event is entered from a person\'s day, after a look at what it does', async () => {
		const anna = await clinic.hire({ last_name: 'Дневная' });
		await enter(anna, '18', '09:00');
		const page = await admin(`days?employee=${anna.id}`);
		await page.locator('tbody a').first().click();
		await button(page, 'admin.manual.enter').click();
		const dialog = page.getByRole('dialog', { name: t('admin.manual.title', { name: 'Дневная Анна' }) });
		assert.equal(await dialog.locator('select[name=kind]').inputValue(), 'out');
		assert.equal(await dialog.locator('input[name=day]').inputValue(), '2026-11-18');
		await dialog.locator('input[name=at]').fill('18:30');
		await dialog.getByText('9:30').waitFor();
		await button(dialog, 'common.save').click();
		await dialog.getByText(t('common.required')).waitFor();
		await dialog.locator('input[name=reason]').fill('Планшет был выключен');
		await dialog.locator('input[name=reason]').press('Control+Enter');
		await page.getByText(t('admin.manual.done')).waitFor();
		assert.equal(await worked(anna), 9.5);
		await page.locator('dialog.panel').getByText('18:30').first().waitFor();

		await button(page, 'admin.manual.enter').click();
		await dialog.locator('select[name=kind]').selectOption('out');
		await dialog.locator('input[name=at]').fill('13:00');
		await dialog.locator('input[name=reason]').fill('Ушла в обед');
		await dialog.locator('.chip.bad').first().waitFor();
		await button(dialog, 'common.save').click();
		const sure = page.getByRole('dialog', { name: t('correction.sure') });
		await sure.waitFor();
		await button(sure, 'common.cancel').click();
		assert.equal(await worked(anna), 9.5);
		await button(dialog, 'common.save').click();
		await button(sure, 'correction.insist').click();
		await dialog.waitFor({ state: 'detached' });
		assert.equal(await worked(anna), 4);
		await pages.close(page);
	});

	test('the hour that comes twice is the later one, as the server has it', async () => {
		const page = await open(desk, `${stack.url}/admin/`);
		const got = await page.evaluate(async () => {
			const { wall } = await import('/shared/format.js');
			return [['2026-10-25', '03:30', 'Europe/Kyiv'], ['2026-03-29', '03:30', 'Europe/Kyiv'],
				['2026-10-25', '02:59', 'Europe/Kyiv'], ['2026-10-25', '04:00', 'Europe/Kyiv'],
				['2026-11-01', '01:30', 'America/New_York'], ['2026-04-05', '01:45', 'Australia/Lord_Howe'],
				['2026-11-17', '18:00', 'Asia/Vladivostok']].map((a) => [...a, wall(...a)]);
		});
		for (const [day, time, zone, instant] of got) {
			const [row] = await stack.db(`SELECT utc(($1 || ' ' || $2)::timestamp AT TIME ZONE $3) AS at`, [day, time, zone]);
			assert.equal(instant, row.at, `${day} ${time} ${zone}`);
		}
		await pages.close(page);
	});
});

for (const language of languages)
	test(`looks (${language})`, async (context) => {
		const words = await catalogue(language);
		const anna = await asked('17', '18:00', { first_name: 'Максимилиан', last_name: 'Константинопольский' });
		await enter(anna, '16', '09:00');
		const state = (name, page, size, thumbs) => context.test(name, () =>
			look(page, { size, thumbs, paint: emulate(page) }));
		const press = (place, key) => place.getByRole('button', { name: words(key), exact: true }).click();

		const mine = await month(anna, { language });
		await mine.locator('.requests').waitFor();
		await mine.locator('summary').first().tap();
		await mine.locator('.day-detail li').first().waitFor();
		await state('month', mine, phone, true);
		await press(mine.locator('.day-detail li').first(), 'correction.fix');
		await mine.getByRole('dialog').waitFor();
		await state('change', mine, phone, true);
		await pages.close(mine);

		const team = await app(boss, { language });
		await press(team, 'app.team');
		await team.getByRole('button', { name: words('admin.section.corrections') }).tap();
		await team.locator('.effect').first().waitFor();
		await state('team', team, phone, true);
		await pages.close(team);

		const page = await admin(`corrections?lang=${language}`, { language });
		await page.locator('.correction .effect').first().waitFor();
		await state('waiting', page, desk);
		await press(page, 'correction.rejected');
		await page.locator('tbody, .state').first().waitFor();
		await state('decided', page, desk);
		await page.goto(`${stack.url}/admin/days?employee=${anna.id}`);
		await page.locator('tbody a').first().click();
		await press(page, 'admin.manual.enter');
		await page.locator('dialog input[name=at]').fill('08:00');
		await page.locator('.effect-place > *').waitFor();
		await state('entry', page, desk);
		await pages.close(page);
	});
