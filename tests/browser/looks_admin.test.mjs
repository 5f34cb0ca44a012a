/*
 * The admin pages in every state: readable for everybody, in all languages
 * and themes, on all screens (looks.mjs).
 */
import { after, before, test } from 'node:test';
import { catalogue, desk, openBrowser } from './lib.mjs';
import { calm, emulate, languages, look, openHouse } from './looks.mjs';

const pages = openBrowser();

let stack, clinic, admin, long;

before(async () => {
	({ stack, clinic, admin } = await openHouse());
	const stranger = await clinic.stranger('Александра');
	await clinic.scan(stranger.token);
	await clinic.must(stranger.token, 'POST', '/registrations', { last_name: 'Константинопольская',
		first_name: 'Александра', phone: '+380501234567', branch: clinic.branch.id });
	long = await clinic.hire({ first_name: 'Максимилиан', last_name: 'Константинопольский' });
	await clinic.mark(long.token, 'in');
	const { key } = await clinic.hang(clinic.branch, { name: 'Считыватель', kind: 'nfc' });
	for (const tap of [{ id: '1', uid: '04A2B3C4D5E680' }, { id: '2', uid: '04A2B3C4', at: '2020-01-01T08:00:00Z' }])
		await stack.api('POST', '/events/nfc', { token: key, body: tap });
});
after(() => stack?.stop());

for (const language of languages) {
	test(`the admin pages (${language})`, async (context) => {
		const t = await catalogue(language);
		const page = await pages.open({ size: desk, language, ...calm });
		const state = (name) => context.test(name, () =>
			look(page, { size: desk, paint: emulate(page) }));
		const panel = page.locator('dialog.panel[open]');
		const visit = async (path) => {
			await page.goto(`${stack.url}/admin/${path}`);
			await page.locator('h1').waitFor();
		};
		const rows = () => page.locator('tbody tr').first().waitFor();
		const button = (key) => page.getByRole('button', { name: t(key), exact: true });

		await page.goto(`${stack.url}/admin/?lang=${language}`);
		await button('admin.sign_in').waitFor();
		await page.getByLabel(t('admin.field.username')).fill(admin.username);
		await page.getByLabel(t('admin.field.password')).fill('x');
		await button('admin.sign_in').click();
		await page.getByText(t('fault.BAD_CREDENTIALS')).waitFor();
		await state('sign-in');
		await page.getByLabel(t('admin.field.password')).fill(admin.password);
		await button('admin.sign_in').click();
		await rows();
		await state('now');

		const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
		for (const section of ['people', 'branches', 'positions', 'terminals', 'cards', 'cards?what=refused', `events?from=${day}&kind=in`,
			`days?from=${day}`, 'audit?entity=terminal']) {
			await visit(section);
			await rows();
			await state(section);
			if (await page.locator('tbody th a').count()) {
				await page.locator('tbody th a').first().click();
				await panel.locator('.panel-body > *').first().waitFor();
				for (const tab of await panel.getByRole('tab').all())
					await tab.click();
				await panel.locator('[aria-busy]').waitFor({ state: 'detached' });
				await state(`${section}, one open`);
			}
		}
		for (const section of ['people', 'branches', 'positions', 'terminals']) {
			await visit(`${section}?open=new`);
			await panel.getByRole('button', { name: t('admin.make'), exact: true }).click();
			await panel.getByText(t('common.required')).first().waitFor();
			await state(`${section}, new and wrong`);
		}
		await visit(`people?open=${long.id}`);
		await panel.locator('[name=phone]').fill('+380509999999');
		await clinic.must(clinic.admin, 'PUT', `/employees/${long.id}`, { last_name: long.last_name,
			first_name: long.first_name, branch: long.branch, position: long.position, hired_on: '2020-01-15',
			phone: `+38050123456${languages.indexOf(language)}`, manager_of: [long.branch] });
		await button('common.save').click();
		await panel.getByText(t('admin.stale')).waitFor();
		await state('changed by somebody else meanwhile');
		await panel.locator('[name=phone]').fill(`+38050123456${languages.indexOf(language)}`);
		for (const section of ['registrations', 'settings', 'keys', 'messages']) {
			await visit(section);
			await page.locator('main .card, main tbody tr').first().waitFor();
			await page.locator('[aria-busy]').waitFor({ state: 'detached' });
			await state(section);
		}
		await visit('terminals');
		await page.locator('tbody th a').first().click();
		await button('admin.terminals.pair').or(button('admin.terminals.pair_again')).click();
		await page.locator('.pairing-code').waitFor();
		await state('pairing code');
		await page.keyboard.press('Escape');
		await page.locator('.pairing-code').waitFor({ state: 'detached' });
		await page.getByRole('link', { name: 'Считыватель', exact: true }).click();
		await button('admin.terminals.pair_again').click();
		await button('admin.pairing.key_here').waitFor();
		await state('pairing code of a reader');
		await button('admin.pairing.key_here').click();
		await page.getByText(t('admin.pairing.key_once')).waitFor();
		await state('key of a reader');
		await page.keyboard.press('Escape');
		await page.getByText(t('admin.pairing.key_once')).waitFor({ state: 'detached' });
		await page.locator('tbody th a').first().click();
		await button('admin.terminals.pair').or(button('admin.terminals.pair_again')).click();
		await page.locator('.pairing-code').waitFor();
		await page.keyboard.press('Escape');
		await page.locator('.pairing-code').waitFor({ state: 'detached' });
		await panel.getByRole('button', { name: t('admin.delete'), exact: true }).click();
		await page.locator('dialog:modal').waitFor();
		await state('question');
		await page.keyboard.press('Escape');
		await visit('now');
		await page.locator('summary.account').click();
		await state('menu');
		await page.locator('.menu-list').getByRole('button', { name: t('admin.account') }).click();
		await panel.waitFor();
		await state('account');
		await visit('people?search=%3F%3F%3F');
		await page.getByText(t('admin.empty.filtered')).waitFor();
		await state('nothing found');
		await pages.close(page);
	});
}
