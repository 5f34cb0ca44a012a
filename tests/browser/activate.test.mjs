/*
 * The first sign-in, signing in with a code from the bot, and the tokens of
 * other systems, as people see them.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { botToken, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { startTelegram } from '../telegram.mjs';
import { accessibilityFaults, catalogue, desk, openBrowser, phone, rawKeys, sideways, signInTo, smallTargets } from './lib.mjs';

const pages = openBrowser();
const still = { reducedMotion: 'reduce' };	/* axe would see half of a fade */
let stack, telegram, clinic, t, doctor;

before(async () => {
	telegram = await startTelegram(botToken);
	stack = await startStack({ conf: { TELEGRAM_API_URL: telegram.url }, set: { LOGIN_RATE: 6000, LOGIN_BURST: 1000 } });
	clinic = await openClinic(stack);
	t = await catalogue();
	doctor = await clinic.must(clinic.admin, 'POST', '/positions', { name: 'Главный врач', web_access: true });
});
after(async () => {
	await stack?.stop();
	await telegram?.stop();
});

const button = (place, key) => place.getByRole('button', { name: t(key), exact: true });
const field = (place, key) => place.getByLabel(t(key), { exact: true });

test('the page of the first sign-in is clean in every language, size and colour', async () => {
	for (const language of ['ru', 'uk', 'en'])
		for (const [size, dark] of [[phone, false], [desk, true]]) {
			const page = await pages.open({ ...still, language, size, dark });
			await page.goto(`${stack.url}/activate/`);
			await page.locator('form').waitFor();
			assert.deepEqual(await accessibilityFaults(page), []);
			assert.deepEqual(await rawKeys(page), []);
			assert.deepEqual(await sideways(page), []);
			assert.deepEqual(await smallTargets(page), []);
			await pages.close(page);
		}
});

test('a code becomes a user who is signed in', async () => {
	const boss = await clinic.hire({ first_name: 'Инна' }, { position: doctor.id, manager_of: [clinic.branch.id] });
	const made = await clinic.must(clinic.admin, 'POST', `/staff/${boss.id}/activation`, { send: true });
	await telegram.arrived(telegram.sent.length || 1);
	const page = await pages.open(still);
	await page.goto(`${stack.url}/activate/`);
	const fill = async (code, username, password, again = password) => {
		await field(page, 'admin.field.code').fill(code);
		await field(page, 'admin.field.username').fill(username);
		await field(page, 'admin.field.password').fill(password);
		await field(page, 'activate.again').fill(again);
		await button(page, 'admin.sign_in').click();
	};
	await fill(made.activation_code, 'inna.boss', 'семь холодных чайников', 'другой');
	await page.getByText(t('activate.differ')).waitFor();
	await fill(made.activation_code, 'inna.boss', 'inna.boss1');
	await page.getByText(t('activate.weak')).waitFor();
	await fill('AAAA-BBBB-CCCC', 'inna.boss', 'семь холодных чайников');
	await page.getByText(t('fault.ACTIVATION_WRONG')).waitFor();
	assert.deepEqual(await accessibilityFaults(page), []);
	await fill(made.activation_code.toLowerCase(), 'inna.boss', 'семь холодных чайников');
	await page.getByRole('heading', { name: t('activate.done', { name: 'Инна' }) }).waitFor();
	assert.deepEqual(await accessibilityFaults(page), []);
	await page.getByRole('link', { name: t('activate.go') }).click();
	await page.getByRole('heading', { name: t('admin.section.now'), level: 1 }).waitFor();
	await pages.close(page);
});

test('six digits from the bot sign a manager in', async () => {
	const boss = await clinic.hire({ first_name: 'Яна' }, { manager_of: [clinic.branch.id] });
	const page = await pages.open({ ...still, size: phone });
	await page.goto(`${stack.url}/admin/`);
	await button(page, 'admin.sign_in.by_code').click();
	await field(page, 'admin.field.telegram_id').fill(String(boss.telegram_id));
	assert.deepEqual(await accessibilityFaults(page), []);
	const before = telegram.sent.length;
	await button(page, 'admin.code.send').click();
	await telegram.arrived(before + 1);
	const code = telegram.sent.findLast((m) => m.chat_id === boss.telegram_id).text.match(/\d{6}/)[0];
	await field(page, 'admin.field.code').fill(code === '000000' ? '111111' : '000000');
	await button(page, 'admin.sign_in').click();
	await page.getByText(t('fault.LOGIN_CODE_WRONG')).waitFor();
	assert.deepEqual(await accessibilityFaults(page), []);
	assert.deepEqual(await smallTargets(page), []);
	await field(page, 'admin.field.code').fill(code);
	await button(page, 'admin.sign_in').click();
	await page.getByRole('heading', { name: t('admin.section.now'), level: 1 }).waitFor();
	await pages.close(page);
});

test('an administrator makes a token, sees it once, and revokes it', async () => {
	const boss = await stack.makeAdmin();
	const page = await pages.open(still);
	await page.goto(`${stack.url}/admin/services`);
	await signInTo(page, boss);
	await page.getByText(t('admin.empty.services.title')).waitFor();
	assert.deepEqual(await accessibilityFaults(page), []);
	await button(page, 'admin.services.make').click();
	await field(page.locator('dialog.panel'), 'admin.field.name').fill('ERP');
	await button(page, 'admin.make').click();
	const token = await page.locator('dialog code').textContent();
	assert.match(token, /^ts_[\w-]{43}$/);
	assert.deepEqual(await accessibilityFaults(page), []);
	await button(page, 'common.close').last().click();
	assert.equal((await stack.api('POST', '/staff', { token, body: {} })).status, 422);
	await page.getByRole('link', { name: 'ERP' }).click();
	await button(page, 'admin.revoke').click();
	await button(page.getByRole('dialog', { name: t('admin.services.revoke_title', { name: 'ERP' }) }), 'admin.revoke').click();
	await page.getByText(t('admin.services.revoked'), { exact: true }).first().waitFor();
	assert.equal((await stack.api('POST', '/staff', { token, body: {} })).status, 401);
	assert.deepEqual(await rawKeys(page), []);
	await pages.close(page);
});

test('an administrator gives a code in the panel of a person', async () => {
	const boss = await stack.makeAdmin();
	const oleg = await clinic.hire({ first_name: 'Олег', last_name: 'Дуб' }, { position: doctor.id, telegram_id: null });
	const page = await pages.open(still);
	await page.goto(`${stack.url}/admin/people?open=${oleg.id}`);
	await signInTo(page, boss);
	await page.getByRole('tab', { name: t('admin.person.login') }).click();
	await button(page, 'admin.activation.make').click();
	assert.match(await page.locator('dialog code').textContent(), /^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/);
	assert.deepEqual(await accessibilityFaults(page), []);
	await pages.close(page);
});
