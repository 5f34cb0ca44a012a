/*
 * Every page in every state, in three languages, light and dark, on three
 * sizes of screen: nothing for axe-core to find, no key of a catalogue in
 * place of a text, nothing that scrolls sideways, and on the tablet and in
 * the Mini App nothing too small for a thumb.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { accessibilityFaults, catalogue, desk, midday, openBrowser, phone, rawKeys, sideways, sizes,
	smallTargets, tablet } from './lib.mjs';
import { openTelegram } from './telegram.mjs';

const pages = openBrowser();
const calm = { reducedMotion: 'reduce' };

let stack, clinic, admin, people;

before(async () => {
	stack = await startStack();
	const { stdout } = await stack.tabelctl('demo');
	admin = { username: 'admin', password: stdout.match(/password (\S+)/)[1] };
	const rows = await stack.db(`SELECT p.telegram_id, p.first_name, p.last_name, r.role
		FROM person p JOIN employee e ON e.person = p.id LEFT JOIN person_role r ON r.person = p.id
		WHERE p.telegram_id IS NOT NULL ORDER BY p.telegram_id`);
	const user = (wanted) => {
		const { telegram_id, first_name, last_name } = rows.find(({ role }) => role === wanted);
		return { id: telegram_id, first_name, last_name };
	};
	people = { employee: user(null), manager: user('manager') };
	clinic = await openClinic({ ...stack, signIn: (who = user('admin'), more) => stack.signIn(who, more) },
		{ name: 'Клиника на Садовой, дом 17', time_zone: midday });
});
after(() => stack?.stop());

/*
 * Looks at what is on the page now; `paint(theme)` makes it light or dark.
 * In the dark only the colours are other ones.
 */
async function look(page, { size, thumbs, paint }) {
	const found = { keys: await rawKeys(page), axe: await accessibilityFaults(page) };
	await paint('dark');
	found.dark = await accessibilityFaults(page, ['color-contrast']);
	await paint('light');
	for (const [name, one] of Object.entries(sizes)) {
		await page.setViewportSize(one);
		found[`sideways on ${name}`] = await sideways(page);
		if (thumbs)
			found[`small on ${name}`] = await smallTargets(page);
	}
	await page.setViewportSize(size);
	assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length)), {});
}

const emulate = (page) => (colorScheme) => page.emulateMedia({ colorScheme });

for (const language of ['ru', 'uk', 'en']) {
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

		const stranger = { id: 650000000 + ['ru', 'uk', 'en'].indexOf(language), first_name: 'Олександра' };
		await open({ user: stranger });
		await launch('register', { start_param: await clinic.code() });
		await app.page.getByText(t('app.pending_text')).waitFor();
		await app.pressMain(t('app.register_send'));
		await app.page.getByText(t('common.required')).first().waitFor();
		await state('registration');
		await app.page.getByLabel(t('app.last_name')).fill('Константинопольская');
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
		await button('app.team_confirm').tap();
		await screen('team-confirm').getByRole('form').first().waitFor();
		await state('confirm');
		await button('app.reject').first().tap();
		await app.page.getByRole('dialog').waitFor();
		await state('reject');
		await app.page.keyboard.press('Escape');
		await button('app.team_days').tap();
		await screen('team-days').locator('.person').first().waitFor();
		await state('days');
		await app.page.getByRole('button', { name: 'CSV' }).tap();
		await app.page.getByRole('dialog').waitFor();
		await state('CSV');
		await pages.close(app.page);
	});

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
		for (const section of ['people', 'branches', 'positions', 'terminals', `events?from=${day}&kind=in`,
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
