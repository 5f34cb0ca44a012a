/*
 * The timesheet on the admin pages: what prevents closing, overtime, closing,
 * the files, opening again; in three languages, on all screens.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { catalogue, desk, openBrowser, signInTo } from './lib.mjs';
import { calm, emulate, languages, look } from './looks.mjs';

const pages = openBrowser();
/* The month before this one, whatever it is: it is over in every zone on its 2nd day. */
const then = new Date(Date.now() - 2 * 86_400_000);
const month = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);

let stack, clinic, boss, people, branch;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack, { name: 'Клиника на Садовой', time_zone: 'Europe/Kyiv' });
	boss = await stack.makeAdmin();
	branch = clinic.branch;
	const hire = (last_name, more) => clinic.hire({ last_name, first_name: 'Анна', middle_name: 'Петровна' },
		{ hired_on: `${month}-01`, personnel_number: last_name.slice(0, 3), ...more });
	people = { lost: await hire('Забывчивая'), extra: await hire('Константинопольская'), more: await hire('Лишняя') };
	const day = (n) => `${month}-${n}`;
	await clinic.must(clinic.admin, 'POST', '/schedules', { employee: people.lost.id, kind: 'rotation', cycle_days: 60,
		valid_from: day('01'), shifts: ['9 09:00-18:00', '19 20:00-08:00'] });
	const fact = (who, kind, n, time) => stack.db(`INSERT INTO event (employee, kind, at, branch, time_zone, limit_seconds,
		recorded_at, source, receipt) VALUES ($1, $2, $3::timestamp AT TIME ZONE 'Europe/Kyiv', $4, 'Europe/Kyiv', 57600,
		now(), 'qr', 'test')`, [who.id, kind, `${day(n)} ${time}`, branch.id]);
	await fact(people.lost, 'in', '10', '09:00');
	for (const [who, n] of [[people.extra, '12'], [people.more, '13']]) {
		await fact(who, 'in', n, '22:00');
		await fact(who, 'out', n, '23:30');
	}
	await stack.tabelctl('rebuild');
});
after(() => stack?.stop());

async function signedIn(language, path, options) {
	const t = await catalogue(language);
	const page = await pages.open({ size: desk, language, ...options });
	await page.goto(`${stack.url}/admin/${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
	await signInTo(page, boss);
	await page.getByRole('heading', { name: t('admin.section.timesheet'), level: 1 }).waitFor();
	return { page, t };
}
const path = () => `timesheet?branch=${branch.id}&month=${month}`;
const button = (page, text) => page.getByRole('button', { name: text, exact: true });

for (const language of languages)
	test(`looks: what prevents closing, the sheet (${language})`, async () => {
		const { page } = await signedIn(language, path(), calm);
		await page.locator('.blocker-list li').first().waitFor();
		await page.locator('.table tbody tr').last().waitFor();
		await look(page, { size: desk, paint: emulate(page) });
	});

describe('a month', () => {
	let page, t;

	before(async () => { ({ page, t } = await signedIn('ru', path(), calm)); });

	test('tells what prevents its closing, with the way to it', async () => {
		const lines = page.locator('.blocker-list li');
		await lines.first().waitFor();
		const reasons = await page.locator('.blockers h3').allTextContents();
		assert.deepEqual(reasons.map((r) => r.replace(/\s*\d+$/, '')), ['missing_out', 'unexplained', 'overtime']
			.map((name) => t(`admin.blocker.${name}`)));
		assert.match(await lines.first().textContent(), /Забывчивая/);
		const href = await lines.first().getByRole('link').getAttribute('href');
		assert.ok(href.includes(`${people.lost.id}.${month}-10`), href);
		await lines.first().getByRole('link').click();
		await page.locator('dialog.panel[open] h2').waitFor();
		await page.goBack();
		await lines.first().waitFor();
		assert.equal(await button(page, t('admin.timesheet.close')).count(), 0);
	});

	test('has the overtime approved or declined, also with the keyboard', async () => {
		const row = page.getByRole('listitem').filter({ hasText: 'Константинопольская' });
		await row.getByRole('button', { name: new RegExp(t('common.reject')) }).click();
		await row.getByText(t('admin.timesheet.declined'), { exact: true }).waitFor();
		const other = page.getByRole('listitem').filter({ hasText: 'Лишняя' });
		await other.getByRole('button', { name: new RegExp(t('admin.timesheet.approve')) }).focus();
		await page.keyboard.press('Enter');
		await other.getByText(t('admin.timesheet.approved'), { exact: true }).waitFor();
		assert.equal(await page.locator('.blockers h3').count(), 2);
	});

	test('is closed after a question', async () => {
		await clinic.must(clinic.admin, 'POST', '/absences', { employee: people.lost.id, kind: 'sick',
			from: `${month}-20`, to: `${month}-20` });
		await stack.db('DELETE FROM event_meaning WHERE event IN (SELECT in_event FROM interval WHERE state = $1)',
			['missing_out']);
		await stack.db(`DELETE FROM interval WHERE state = 'missing_out'`);
		await stack.db(`DELETE FROM event WHERE employee = $1`, [people.lost.id]);
		await clinic.must(clinic.admin, 'POST', '/absences', { employee: people.lost.id, kind: 'day_off',
			from: `${month}-10`, to: `${month}-10` });
		await stack.tabelctl('rebuild');
		await page.reload();
		await page.getByText(t('admin.timesheet.ready')).waitFor();
		await button(page, t('admin.timesheet.close')).click();
		await page.locator('dialog:modal').getByRole('button', { name: t('admin.timesheet.close'), exact: true }).click();
		await page.getByText(t('admin.timesheet.state_closed'), { exact: true }).first().waitFor();
		await page.getByText(t('admin.timesheet.first'), { exact: true }).waitFor();
		await look(page, { size: desk, paint: emulate(page) });
	});

	test('is downloaded as each form', async () => {
		for (const [form, type] of [['t13', 'pdf'], ['p5', 'xlsx']]) {
			await page.locator('.period summary').click();
			const [download] = await Promise.all([page.waitForEvent('download'),
				page.locator('.period').getByRole('button', { name: t(`admin.timesheet.${form}`) })
					.filter({ hasText: t(`admin.timesheet.${type}`) }).click()]);
			assert.equal(download.suggestedFilename(), `${form}-${month}-${branch.id}-0.${type}`);
			const bytes = await readFile(await download.path());
			assert.equal(bytes.subarray(0, 2).toString(), type === 'pdf' ? '%P' : 'PK');
		}
	});

	test('is opened again for a reason, which is asked for', async () => {
		await button(page, t('admin.timesheet.reopen')).click();
		const dialog = page.locator('dialog:modal');
		await dialog.getByRole('button', { name: t('admin.timesheet.reopen'), exact: true }).click();
		await dialog.getByText(t('common.required')).first().waitFor();
		await look(page, { size: desk, paint: emulate(page) });
		await dialog.getByLabel(t('admin.timesheet.reopen_reason')).fill('Опоздавшая справка');
		await dialog.getByRole('button', { name: t('admin.timesheet.reopen'), exact: true }).click();
		await page.getByText(t('admin.timesheet.state_open'), { exact: true }).waitFor();
		await page.getByText(t('admin.timesheet.revision', { n: 1 }), { exact: true }).waitFor();
		await page.getByText(/Опоздавшая справка/).first().waitFor();
	});

	test('is another one with the arrows; an empty branch says so', async () => {
		const name = page.locator('.month-name');
		const before_ = await name.textContent();
		await button(page, t('admin.month.before')).click();
		await page.getByText(t('admin.empty.timesheet.title')).waitFor();
		assert.notEqual(await name.textContent(), before_);
		await page.goBack();
		await page.locator('.table tbody tr').first().waitFor();
		assert.equal(await name.textContent(), before_);
	});
});
