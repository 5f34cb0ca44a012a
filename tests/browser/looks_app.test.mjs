/*
 * The tablet and the Mini App in every state: readable for everybody, in all
 * languages and themes, on all screens (looks.mjs).
 */
import { after, before, test } from 'node:test';
import { catalogue, openBrowser, phone, tablet } from './lib.mjs';
import { calm, emulate, languages, look, openHouse } from './looks.mjs';
import { openTelegram } from './telegram.mjs';

const pages = openBrowser();

let stack, clinic, people;

before(async () => {
	({ stack, clinic, people } = await openHouse());
});
after(() => stack?.stop());

for (const language of languages) {
	test(`the tablet (${language})`, async (context) => {
		const t = await catalogue(language);
		const page = await pages.open({ size: tablet, language, ...calm });
		const state = (name) => context.test(name, () =>
			look(page, { size: tablet, thumbs: true, paint: emulate(page) }));
		const terminal = await clinic.must(clinic.admin, 'POST', '/terminals',
			{ name: `Планшет ${language}`, branch: clinic.branch.id });
		const { pairing_code } = await clinic.must(clinic.admin, 'POST', `/terminals/${terminal.id}/pairing`);

		await page.goto(`${stack.url}/kiosk/`);
		await page.getByRole('heading', { name: t('kiosk.pair_title') }).waitFor();
		await page.keyboard.type('0000');
		await state('half of a pairing code');
		await page.keyboard.type(pairing_code === '000000' ? '01' : '00');
		await page.getByText(t('fault.PAIRING_WRONG')).waitFor();
		await state('wrong pairing code');
		await page.keyboard.type(pairing_code);
		await page.locator('.board[data-code="shown"]').waitFor();
		await state('code');

		const key = await page.evaluate(() => localStorage.getItem('tabel.kiosk.key'));
		for (const first_name of ['Анна', 'Максимилиан', 'Вера']) {
			const person = await clinic.hire({ first_name, last_name: 'Константинопольская' });
			await clinic.mark(person.token, 'in', { key });
		}
		await page.locator('.echo-line').nth(2).waitFor();
		await state('greetings');
		await page.locator('#corner').tap();
		await page.getByRole('dialog').waitFor();
		await state('settings');
		await page.getByRole('button', { name: t('kiosk.unpair') }).tap();
		await page.getByRole('dialog', { name: t('kiosk.unpair_title') }).waitFor();
		await state('question');
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });

		await page.evaluate(() => navigator.serviceWorker.ready);
		await page.context().setOffline(true);
		await page.locator('.notice').waitFor();
		await state('offline');
		await page.reload();
		await page.getByText(t('kiosk.no_network_title')).waitFor();
		await state('no code');
		await pages.close(page);
	});

	test(`the Mini App of an employee (${language})`, async (context) => {
		const t = await catalogue(language);
		const state = (name) => context.test(name, () =>
			look(app.page, { size: phone, thumbs: true, paint: app.changeTheme }));
		const screen = (name) => app.page.locator(`[data-screen="${name}"]`);
		const launch = async (name, options) => {
			await app.launch(stack.url, options);
			await screen(name).waitFor();
		};
		const open = async (options) => {
			if (app)
				await pages.close(app.page);
			app = await openTelegram(pages, { language, ...calm, ...options,
				user: { language_code: language, ...options.user } });
		};
		let app;

		await open({ user: people.employee });
		await launch('home');
		await app.page.locator('.strip').waitFor();
		await state('home');
		await app.page.locator('.month-card').tap();
		await app.page.locator('.day').first().waitFor();
		for (const details of await app.page.locator('details').all())
			await details.evaluate((el) => { el.open = true; });
		await state('month');

		const { telegram_id, first_name } = await clinic.hire();
		await open({ user: { id: telegram_id, first_name } });
		await launch('claim', { start_param: await clinic.code() });
		await state('claim');
		await app.page.locator('.choice').first().tap();
		await screen('receipt').waitFor();
		await state('receipt');
		await launch('claim', { start_param: await clinic.code() });
		await app.page.locator('.choice[data-kind="out"]').tap();
		await app.page.getByRole('dialog').waitFor();
		await state('leaving already');
		await launch('scan-failed', { start_param: 'A'.repeat(60) });
		await state('scan failed');
		await launch('ended', { auth_date: Date.now() / 1000 - 90_000 });
		await state('ended');

		const stranger = { id: 650000000 + languages.indexOf(language), first_name: 'Олександра' };
		await open({ user: stranger });
		await launch('register', { start_param: await clinic.code() });
		await app.page.getByText(t('app.pending_text')).waitFor();
		await app.pressMain(t('app.register_send'));
		await app.page.getByText(t('common.required')).first().waitFor();
		await state('registration');
		await app.page.getByLabel(t('admin.field.last_name')).fill('Константинопольская');
		await app.page.locator('[name="branch"]').selectOption({ label: clinic.branch.name });
		await app.pressMain(t('app.register_send'));
		await screen('waiting').waitFor();
		await state('waiting');
		const { items } = await clinic.must(clinic.admin, 'GET', '/registrations?limit=200');
		await clinic.must(clinic.admin, 'POST',
			`/registrations/${items.find((r) => r.last_name === 'Константинопольская').id}/reject`,
			{ reason: 'Назовите отчество' });
		await launch('rejected');
		await state('rejected');

		await open({ user: people.employee, version: '6.0' });
		await launch('home');
		await app.pressMain(t('app.scan'));
		await screen('how').waitFor();
		await app.page.getByText(t('app.no_camera')).tap();
		await state('how');
		await pages.close(app.page);

		const plain = await pages.open({ size: phone, language, ...calm });
		await plain.goto(`${stack.url}/app/`);
		await plain.locator('[data-screen="outside"]').waitFor();
		await context.test('outside', () =>
			look(plain, { size: phone, thumbs: true, paint: emulate(plain) }));
		await pages.close(plain);
	});

	test(`the Mini App of a manager (${language})`, async (context) => {
		const t = await catalogue(language);
		const app = await openTelegram(pages, { language, ...calm,
			user: { language_code: language, ...people.manager } });
		const state = (name) => context.test(name, () =>
			look(app.page, { size: phone, thumbs: true, paint: app.changeTheme }));
		const screen = (name) => app.page.locator(`[data-screen="${name}"]`);
		const button = (key) => app.page.getByRole('button', { name: t(key) });

		await app.launch(stack.url);
		await button('app.team').tap();
		await screen('team-now').locator('.person').first().waitFor();
		await state('now');
		await button('admin.section.registrations').tap();
		await screen('team-registrations').getByRole('form').first().waitFor();
		await state('confirm');
		await button('common.reject').first().tap();
		await app.page.getByRole('dialog').waitFor();
		await state('reject');
		await app.page.keyboard.press('Escape');
		await button('admin.section.days').tap();
		await screen('team-days').locator('.person').first().waitFor();
		await state('days');
		await app.page.getByRole('button', { name: 'CSV' }).tap();
		await app.page.getByRole('dialog').waitFor();
		await state('CSV');
		await pages.close(app.page);
	});
}
