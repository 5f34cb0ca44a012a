/*
 * The month and the schedules of the admin pages: plan against fact, every
 * number explained, days and patterns of work drawn and mended, with the
 * keyboard and on a phone.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { accessibilityFaults, catalogue, desk, openBrowser, phone, rawKeys, sideways, signInTo, tablet } from './lib.mjs';

const pages = openBrowser();
const now = '2026-11-19T09:12:00Z';		/* a Thursday */
const office = [0, 1, 2, 3, 4].map((day) => `${day} 09:00-18:00`);
let stack, clinic, t, boss, anna, boris;

before(async () => {
	stack = await startStack({ faketime: '2026-11-16T06:30:00Z', conf: { TOKEN_MINUTES: 1440 } });
	clinic = await openClinic(stack, { name: 'Клиника на Садовой', time_zone: 'Europe/Kyiv' });
	t = await catalogue();
	boss = await stack.makeAdmin();
	anna = await clinic.hire({ first_name: 'Анна', last_name: 'Месяцева' });
	boris = await clinic.hire({ first_name: 'Борис', last_name: 'Сменный' });
	await clinic.must(clinic.admin, 'POST', '/schedules', { employee: anna.id, kind: 'weekly',
		valid_from: '2026-11-01', shifts: office, break_after_minutes: 360, break_minutes: 60 });
	const mark = async (instant, kind) => {
		await stack.clock.set(instant);
		const { token } = await stack.signIn({ id: anna.telegram_id });
		assert.equal((await clinic.mark(token, kind)).status, 201);
	};
	await mark('2026-11-16T07:12:00Z', 'in');	/* 09:12 in Kyiv */
	await mark('2026-11-16T16:00:00Z', 'out');
	await mark('2026-11-17T07:00:00Z', 'in');
	await stack.clock.set(now);
	clinic.admin = (await stack.signIn()).token;
	await clinic.must(clinic.admin, 'POST', '/absences', { employee: anna.id, kind: 'sick',
		from: '2026-11-20', to: '2026-11-20' });
});
after(() => stack?.stop());

const button = (place, key, params) => place.getByRole('button', { name: t(key, params), exact: true });
const field = (place, key) => place.getByLabel(t(`admin.field.${key}`)).and(place.locator('input, select, textarea'));
const panel = (page) => page.locator('dialog.panel[open]');
const cell = (page, person, day) => page.locator(`td[data-open="${person.id}.2026-11-${day}"]`);

/* A page with the administrator signed in; its clock is the programs'. */
async function open(path, { language = 'ru', ...options } = {}) {
	const page = await pages.open({ language, timezoneId: 'Europe/Kyiv', reducedMotion: 'reduce', ...options });
	await page.clock.setFixedTime(now);
	await page.goto(`${stack.url}/admin/${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
	await signInTo(page, boss);
	return page;
}

async function find(place, name) {
	await place.locator('.finder input').fill(name);
	await place.getByRole('option', { name: new RegExp(name) }).click();
}

describe('the month', () => {
	test('is one request, and each number is explained', async () => {
		const asked = [];
		const month = await open('month');
		month.on('request', (r) => r.url().includes('/stats/worktime') && asked.push(r.url()));
		await month.reload();
		await cell(month, anna, '16').waitFor();
		assert.equal(asked.length, 1);
		assert.match(await cell(month, anna, '16').innerText(), /^7:48\s+8:00$/);
		assert.match(await cell(month, anna, '16').getAttribute('title'),
			/^отработано 7\sч 48\sмин, по плану 8\sч, опоздание 12\sмин$/);
		for (const [day, kind, text] of [['16', 'late', /7:48/], ['17', 'missing', /^!/], ['18', 'unexplained', /^\?/],
			['20', 'away', /^бол/], ['19', 'today', /^8:00/]]) {
			assert.ok((await cell(month, anna, day).getAttribute('class')).split(' ').includes(kind), `${day} ${kind}`);
			assert.match(await cell(month, anna, day).innerText(), text);
		}
		await cell(month, anna, '16').click();
		const shown = panel(month);
		await shown.getByRole('heading', { name: 'Месяцева Анна' }).waitFor();
		const why = await shown.innerText();
		for (const part of ['09:12 – 18:00', '8\u00a0ч 48\u00a0мин', '−1\u00a0ч', '12\u00a0мин', 
			...['worked.W11', 'worked.W14', 'late.W15', 'planned.W12'].map((rule) => t(`admin.rule.${rule}`))])
			assert.ok(why.includes(part), part);
		await shown.getByRole('row').filter({ hasText: '09:12' }).getByText(t('admin.kind.in')).waitFor();
		await month.keyboard.press('Escape');
		await shown.waitFor({ state: 'hidden' });
		assert.equal(await month.evaluate(() => document.activeElement.dataset.open), `${anna.id}.2026-11-16`);

		await month.locator(`td.grid-sum[data-open="${anna.id}"]`).click();
		await panel(month).getByRole('link', { name: 'пн, 16 ноября' }).click();
		await panel(month).getByText(t('admin.rule.late.W15')).waitFor();
		await pages.close(month);
	});

	test('is walked with the arrow keys', async () => {
		const page = await open('month');
		const at = () => page.evaluate(() => document.activeElement.dataset.open);
		await cell(page, boris, '19').waitFor();
		assert.equal(await page.locator('.month-grid [tabindex="0"]').count(), 1);
		await page.locator('.month-grid [tabindex="0"]').focus();
		assert.equal(await at(), String(anna.id));
		for (const [key, wanted] of [['ArrowRight', `${anna.id}.2026-11-01`], ['ArrowDown', `${boris.id}.2026-11-01`],
			['End', String(boris.id)], ['ArrowLeft', `${boris.id}.2026-11-30`], ['Control+Home', String(anna.id)],
			['Control+End', String(boris.id)], ['Home', String(boris.id)], ['ArrowUp', String(anna.id)],
			['ArrowUp', String(anna.id)], ['ArrowRight', `${anna.id}.2026-11-01`]]) {
			await page.keyboard.press(key);
			assert.equal(await at(), wanted, key);
		}
		assert.equal(await page.locator('.month-grid [tabindex="0"]').count(), 1);
		const covered = await page.evaluate(() => {
			const { left } = document.activeElement.getBoundingClientRect();
			return left < document.activeElement.parentNode.cells[0].getBoundingClientRect().right - 1;
		});
		assert.equal(covered, false, 'the cell that has the focus lies under the names');
		await page.keyboard.press('Enter');
		await panel(page).getByRole('heading', { name: 'Месяцева Анна' }).waitFor();
		await pages.close(page);
	});

	test('lets a day be another one, and back', async () => {
		const page = await open('month');
		await cell(page, anna, '26').click();
		const shown = panel(page);
		await shown.getByRole('tab', { name: t('admin.month.plan') }).click();
		await shown.getByText(t('admin.plan.that_day', { hours: '09:00–18:00' })).waitFor();
		const [from, to] = await shown.locator('.span input').all();
		await from.fill('25');
		await button(shown, 'admin.plan.change').click();
		await shown.getByText(t('admin.wrong.span')).first().waitFor();
		await from.fill('10');
		await to.fill('1430');
		await field(shown, 'reason').fill('Учёба');
		await button(shown, 'admin.plan.change').click();
		await page.getByText(t('admin.saved')).waitFor();
		await cell(page, anna, '26').filter({ hasText: '4:30' }).waitFor();
		await shown.getByRole('tab', { name: t('admin.month.plan') }).click();
		await shown.getByText('не по графику: Учёба').waitFor();
		await button(shown, 'admin.plan.undo').click();
		await cell(page, anna, '26').filter({ hasText: '8:00' }).waitFor();
		await pages.close(page);
	});

	test('is a list of people on a phone', async () => {
		const page = await open('month', { size: phone, isMobile: true });
		await page.getByRole('link', { name: /Месяцева Анна/ }).tap();
		await panel(page).getByRole('link', { name: 'пн, 16 ноября' }).tap();
		await panel(page).getByText(t('admin.rule.late.W15')).waitFor();
		assert.deepEqual(await sideways(page), []);
		await pages.close(page);
	});
});

describe('schedules', () => {
	test('a rotation is drawn from a preset for two people at once', async () => {
		const vera = await clinic.hire({ first_name: 'Вера', last_name: 'Ротацева' });
		const page = await open('schedules');
		await button(page, 'admin.schedules.make').click();
		const shown = panel(page);
		await button(shown, 'admin.schedules.give').click();
		await shown.getByText(t('common.required')).first().waitFor();
		await shown.getByText(t('admin.wrong.no_shifts')).first().waitFor();
		await find(shown, 'Сменный Борис');
		await find(shown, 'Ротацева Вера');
		await button(shown, 'admin.preset.night').click();
		await field(shown, 'valid_from').fill('2026-11-23');
		assert.equal(await shown.locator('.weeks td.on').count(), 14);
		assert.equal(await shown.getByText(t('admin.plan.next_day')).count(), 2);
		await button(shown, 'admin.schedules.give').click();
		await page.getByText(t('admin.schedules.given', { n: 2 })).waitFor();
		for (const { id } of [boris, vera]) {
			const { items } = await clinic.must(clinic.admin, 'GET', `/schedules?employee=${id}`);
			assert.deepEqual(items.map((s) => [s.kind, s.cycle_days, s.valid_from, s.shifts]),
				[['rotation', 4, '2026-11-23', ['0 20:00-08:00', '1 20:00-08:00']]]);
		}
		await page.getByRole('link', { name: 'Сменный Борис' }).click();
		await shown.locator('.weeks td.on').first().waitFor();
		assert.match(await shown.locator('.weeks td.on').first().innerText(), /23 нояб[^]*20:00–08:00 \(\+1\)/);
		await pages.close(page);
	});

	test('who cannot have it is pointed at, and nobody has it', async () => {
		const [free, busy] = [await clinic.hire({ last_name: 'Свободная' }), await clinic.hire({ last_name: 'Занятая' })];
		await clinic.must(clinic.admin, 'POST', '/schedules', { employee: busy.id, kind: 'weekly',
			valid_from: '2026-11-30', shifts: ['0 09:00-18:00'] });
		const page = await open('schedules?open=new');
		const shown = panel(page);
		await find(shown, 'Свободная Анна');
		await find(shown, 'Занятая Анна');
		await button(shown, 'admin.preset.night').click();
		await field(shown, 'valid_from').fill('2026-11-23');
		await button(shown, 'admin.schedules.give').click();
		const people = shown.getByRole('group', { name: t('admin.field.schedule_people') });
		await people.getByText(t('fault.SCHEDULE_OVERLAP')).waitFor();
		assert.match(await people.locator('[aria-invalid]').innerText(), /Занятая Анна/);
		assert.ok(await people.locator('[aria-invalid]').evaluate((el) => el === document.activeElement));
		assert.deepEqual((await clinic.must(clinic.admin, 'GET', `/schedules?employee=${free.id}`)).items, []);
		await people.locator('[aria-invalid]').click();
		await button(shown, 'admin.schedules.give').click();
		await page.getByText(t('admin.schedules.given', { n: 1 })).waitFor();
		await pages.close(page);
	});

	test('a week is drawn by hand, and the server\'s word is at the field', async () => {
		const olga = await clinic.hire({ first_name: 'Ольга', last_name: 'Недельная' });
		const page = await open(`schedules?open=new&for=${olga.id}`);
		const shown = panel(page);
		const add = (day) => shown.getByRole('button', { name: `${day}, ${t('admin.plan.add')}` }).click();
		await shown.getByText('Недельная Ольга').waitFor();
		await add('пн');
		await add('пн');
		const spans = shown.locator('.cycle-day').first().locator('input');
		await spans.nth(1).fill('13');
		await spans.nth(2).fill('12');
		await spans.nth(3).fill('18:00');
		await shown.getByRole('button', { name: `вт, ${t('admin.plan.as_above')}` }).click();
		await button(shown, 'admin.schedules.give').click();
		await shown.getByRole('group', { name: t('admin.field.shifts') })
			.getByText(t('fault.SHIFT_OVERLAP')).waitFor();
		await spans.nth(2).fill('14');
		await shown.getByRole('button', { name: `вт, ${t('admin.plan.as_above')}` }).click();
		await field(shown, 'break_minutes').fill('30');
		await button(shown, 'admin.schedules.give').click();
		await shown.getByText(t('admin.wrong.break')).first().waitFor();
		await field(shown, 'break_minutes').fill('');
		await button(shown, 'admin.schedules.give').click();
		await page.getByText(t('admin.schedules.given', { n: 1 })).waitFor();
		const { items: [made] } = await clinic.must(clinic.admin, 'GET', `/schedules?employee=${olga.id}`);
		assert.deepEqual(made.shifts, ['0 09:00-13:00', '0 14:00-18:00', '1 09:00-13:00', '1 14:00-18:00']);
		await page.getByRole('row', { name: /Недельная/ }).getByText('пн–вт 09:00–13:00, 14:00–18:00').waitFor();
		await pages.close(page);
	});

	test('holidays and absences: made, changed, cancelled', async () => {
		const page = await open('holidays?open=new');
		const shown = panel(page);
		await field(shown, 'day').fill('2026-12-25');
		await field(shown, 'name').fill('Рождество');
		await button(shown, 'admin.make').click();
		await page.getByRole('row', { name: /Рождество/ }).getByText(t('common.all_branches')).waitFor();

		await page.getByRole('navigation').getByRole('link', { name: t('admin.section.absences') }).click();
		await button(page, 'admin.absences.make').click();
		await find(shown, 'Сменный Борис');
		await field(shown, 'absence_kind').selectOption('annual_leave');
		await field(shown, 'first_day').fill('2026-12-07');
		await field(shown, 'last_day').fill('2026-12-06');
		await button(shown, 'admin.make').click();
		await shown.getByText(t('admin.wrong.dates')).first().waitFor();
		await field(shown, 'last_day').fill('2026-12-13');
		await button(shown, 'admin.make').click();
		await shown.waitFor({ state: 'hidden' });
		await page.getByRole('link', { name: 'Сменный Борис' }).click();
		await button(shown, 'admin.absences.cancel').click();
		await button(page.locator('dialog:modal'), 'admin.absences.cancel').click();
		await page.getByRole('row', { name: /Сменный/ }).getByText(t('admin.absence_state.cancelled')).waitFor();
		await pages.close(page);
	});
});

for (const language of ['ru', 'uk', 'en'])
	test(`they are readable for everybody (${language})`, async () => {
		const page = await open('month', { language });
		const check = async (what) => {
			const found = { keys: await rawKeys(page), axe: await accessibilityFaults(page) };
			await page.emulateMedia({ colorScheme: 'dark' });
			found.dark = await accessibilityFaults(page, ['color-contrast']);
			await page.emulateMedia({ colorScheme: 'light' });
			for (const size of [phone, tablet, desk]) {
				await page.setViewportSize(size);
				found[`sideways ${size.width}`] = await sideways(page);
			}
			assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length)), {}, what);
		};
		const visit = async (path, wanted) => {
			await page.goto(`${stack.url}/admin/${path}`);
			await page.locator(wanted).first().waitFor();
			await page.locator('[aria-busy]').waitFor({ state: 'detached' });
			await check(path);
		};
		await visit('month', '.month-grid td');
		await visit(`month?open=${anna.id}.2026-11-16`, '.panel .reasons');
		await visit(`month?open=${anna.id}`, '.panel .table');
		await visit('schedules', 'tbody tr');
		await visit('schedules?open=new', '.panel .cycle');
		await visit('changes?open=new', '.panel .cycle');
		await visit('holidays', 'main .card');
		await visit('absences?open=new', '.panel .form');
		await pages.close(page);
	});
