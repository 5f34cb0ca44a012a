/*
 * Employees from a file on the admin pages; one's own data and calendar in
 * the Mini App.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { catalogue, desk, midday, openBrowser, phone, signInTo } from './lib.mjs';
import { calm, emulate, look } from './looks.mjs';
import { appUrl, openTelegram } from './telegram.mjs';

const pages = openBrowser();

let stack, clinic, t, boss;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack, { name: 'Центральный', time_zone: midday });
	t = await catalogue();
	boss = await stack.makeAdmin();
});
after(() => stack?.stop());

const button = (place, key, params) => place.getByRole('button', { name: t(key, params), exact: true });
const csv = (text, name = 'people.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const saved = async (page, press) => {
	const [download] = await Promise.all([page.waitForEvent('download'), press()]);
	return readFile(await download.path(), 'utf8');
};

async function admin(path, options) {
	const page = await pages.open({ size: desk, ...calm, ...options });
	await page.goto(`${stack.url}/admin/${path}`);
	await signInTo(page, boss);
	await page.locator('.frame h1').waitFor();
	return page;
}

describe('the import', () => {
	const head = 'Табельный номер;ФИО;Филиал;Должность;Телефон;Заметка\n';
	const good = (n, name = 'Соколова Вера') => `${n};${name};Центральный;${clinic.position.name};;\n`;
	const rows = (page) => page.locator('tbody tr');
	const choose = (page, text) => page.getByLabel(t('admin.import.file')).setInputFiles(csv(text));

	test('from the list of people: the lines that are wrong, then all is well, and then nothing is left to do', async (context) => {
		const page = await admin('people');
		await page.getByRole('link', { name: t('admin.import.open') }).click();
		await page.getByRole('heading', { name: t('admin.section.import'), level: 1 }).waitFor();
		await context.test('looks at first', () => look(page, { size: desk, paint: emulate(page) }));

		await choose(page, `${head}${good(1)}2;Безфамильная;Нет такого;${clinic.position.name};;\n${good(3)}`);
		await page.getByText(t('admin.import.refused', { n: 1 })).waitFor();
		await page.getByText(t('admin.import.ignored', { names: 'Заметка' })).waitFor();
		assert.equal(await rows(page).count(), 1, 'only what is wrong is shown at first');
		await rows(page).getByText(t('admin.import.wrong.unknown', { about: 'Нет такого' })).last().waitFor();
		assert.equal(await button(page, 'admin.import.go', { n: 2 }).count(), 0);
		await context.test('looks with faults', () => look(page, { size: desk, paint: emulate(page) }));
		await page.locator('.count.bad').click();
		assert.equal(await rows(page).count(), 3);

		await choose(page, head + good(1) + good(2) + good(3));
		await context.test('looks before', async () => {
			await button(page, 'admin.import.go', { n: 3 }).waitFor();
			await look(page, { size: desk, paint: emulate(page) });
		});
		await button(page, 'admin.import.go', { n: 3 }).click();
		await page.getByText(t('admin.import.counts', { created: 3, updated: 0 })).waitFor();
		await page.getByRole('link', { name: t('admin.import.look') }).click();
		await page.getByText('Соколова Вера').first().waitFor();
		assert.equal((await stack.db(`SELECT count(*) AS n FROM person WHERE last_name = 'Соколова'`))[0].n, 3);

		await page.goBack();
		await choose(page, head + good(1));
		await page.getByText(t('admin.import.nothing')).waitFor();
		await pages.close(page);
	});

	test('of rows that are pasted from a spreadsheet, with the keyboard', async () => {
		const page = await admin('import', { size: phone });
		await page.getByText(t('admin.import.paste')).press('Enter');
		await page.getByLabel(t('admin.import.pasted')).fill((head + good(17, 'Клавишина Ада')).replaceAll(';', '\t'));
		await button(page, 'admin.import.check').press('Enter');
		await button(page, 'admin.import.go', { n: 1 }).press('Enter');
		await page.getByText(t('admin.import.counts', { created: 1, updated: 0 })).waitFor();
		await pages.close(page);
	});

	test('of the template, and of what is no table', async () => {
		const page = await admin('import');
		const template = await saved(page, () => button(page, 'admin.import.template').click());
		assert.ok(template.startsWith('\ufeff'));
		await choose(page, template);
		await button(page, 'admin.import.go', { n: 1 }).waitFor();
		for (const language of ['ru', 'uk', 'en']) {
			const label = await catalogue(language);
			const words = template.split('\r\n')[1];
			await choose(page, `${['personnel_number', 'last_name', 'first_name', 'middle_name', 'phone', 'branch',
				'position', 'card_uid', 'hired_on'].map((name) => label(`admin.field.${name}`)).join(';')}\r\n${words}`);
			await button(page, 'admin.import.go', { n: 1 }).waitFor();
			assert.equal(await page.getByText(t('admin.import.ignored', { names: '' }).trim()).count(), 0, language);
		}
		await choose(page, 'Имя;Фамилия\nВера;Белая\n');
		await page.getByText(t('admin.import.column', { name: t('admin.field.personnel_number') })).waitFor();
		await choose(page, '"никогда не кончится');
		await page.getByText(t('admin.import.unreadable')).waitFor();
		await pages.close(page);
	});

	test('is for administrators, and is told from the download', async () => {
		const page = await admin('people?state=all');
		await page.getByText(t('admin.csv')).click();
		const text = await saved(page, () => page.getByRole('button', { name: t('admin.csv.bom') }).click());
		const exported = parse(text, { columns: true, bom: true });
		assert.ok(exported.some((row) => row.branch === 'Центральный'));
		await pages.close(page);
	});
});

describe('one\'s own part of the Mini App', () => {
	const opened = async () => {
		const who = await clinic.hire({ last_name: 'Календарная' });
		const user = { id: who.telegram_id, first_name: who.first_name };
		const page = await pages.open({ size: phone, ...calm });
		await page.goto(appUrl(stack.url, { user, platform: 'web' }));
		await button(page, 'app.own').click();
		await page.locator('[data-screen="own"]').waitFor();
		return { ...who, page };
	};

	test('subscribes to the shifts, shows the address once, renews it and turns it off', async (context) => {
		const { page } = await opened();
		await button(page, 'app.own_make').waitFor();
		await context.test('looks at first', () => look(page, { size: phone, thumbs: true, paint: emulate(page) }));
		await button(page, 'app.own_make').click();
		const url = await page.getByLabel(t('app.own_address')).inputValue();
		assert.equal((await fetch(url)).status, 200);
		await context.test('looks with the address', () => look(page, { size: phone, thumbs: true, paint: emulate(page) }));
		await page.getByRole('button', { name: t('common.back') }).click();
		await button(page, 'app.own').click();
		await page.getByText(t('app.own_read', { at: '' }).slice(0, 20)).waitFor();
		await context.test('looks when it is read', () => look(page, { size: phone, thumbs: true, paint: emulate(page) }));
		await button(page, 'app.own_renew').click();
		await button(page.getByRole('dialog'), 'app.own_renew').click();
		const other = await page.getByLabel(t('app.own_address')).inputValue();
		assert.equal((await fetch(url)).status, 404);
		await page.getByRole('button', { name: t('common.back') }).click();
		await button(page, 'app.own').click();
		await button(page, 'app.own_end').click();
		await button(page.getByRole('dialog'), 'app.own_end').click();
		await button(page, 'app.own_make').waitFor();
		assert.equal((await fetch(other)).status, 404);
		await pages.close(page);
	});

	test('downloads all data, as JSON and as CSV', async () => {
		const { page } = await opened();
		const json = JSON.parse(await saved(page, () => page.getByRole('button', { name: 'JSON' }).click()));
		assert.equal(json.person.last_name, 'Календарная');
		const text = await saved(page, () => page.getByRole('button', { name: 'CSV' }).click());
		assert.ok(parse(text, { columns: true, bom: true }).some((row) => row.section === 'employments'));
		await pages.close(page);
	});

	test('in Telegram the file is shared', async () => {
		const who = await clinic.hire({ last_name: 'Делящаяся' });
		const app = await openTelegram(pages, { user: { id: who.telegram_id, first_name: who.first_name } });
		await app.launch(stack.url);
		await app.page.evaluate(() => {
			navigator.canShare = () => true;
			navigator.share = async ({ files }) => { window.shared = files[0].name; };
		});
		await button(app.page, 'app.own').click();
		await app.page.getByRole('button', { name: 'CSV' }).click();
		await app.page.waitForFunction(() => window.shared === 'tabel-data.csv');
		await pages.close(app.page);
	});
});
