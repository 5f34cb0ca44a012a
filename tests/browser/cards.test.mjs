/*
 * Readers, unknown cards and refused taps on the admin pages.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { accessibilityFaults, catalogue, midday, openBrowser, phone, rawKeys, sideways, signInTo } from './lib.mjs';

const pages = openBrowser();
const uid = '04A2B3C4D5E680';
let stack, clinic, t, boss, reader, serial = 0;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack, { name: 'Клиника на Садовой', time_zone: midday });
	t = await catalogue();
	boss = await stack.makeAdmin();
	reader = await clinic.hang(clinic.branch, { name: 'Считыватель у входа', kind: 'nfc' });
});
after(() => stack?.stop());

const post = (body) => stack.api('POST', '/events/nfc', { token: reader.key, body: { id: `n${++serial}`, ...body } });
const button = (place, key, params) => place.getByRole('button', { name: t(key, params), exact: true });
const field = (place, key) => place.getByLabel(t(key)).and(place.locator('input, select, textarea'));
const panel = (page) => page.locator('dialog.panel');
const badge = (page) => page.locator('[data-name="cards"] .badge');
const minutesAgo = (n) => new Date(Date.now() - n * 60_000).toISOString();

async function signedIn(path, options) {
	const page = await pages.open({ reducedMotion: 'reduce', ...options });
	await page.goto(`${stack.url}/admin/${path}`);
	await signInTo(page, boss);
	return page;
}
async function assertFine(page) {
	assert.deepEqual(await accessibilityFaults(page), []);
	assert.deepEqual(await rawKeys(page), []);
	assert.deepEqual(await sideways(page), []);
}

test('a reader is added, and shows its key once', async () => {
	const page = await signedIn('terminals?open=new');
	await field(panel(page), 'admin.field.name').fill('Считыватель на складе');
	await field(panel(page), 'admin.field.branch').selectOption({ label: clinic.branch.name });
	await field(panel(page), 'admin.field.terminal_kind').selectOption({ label: t('admin.kind.nfc') });
	await button(panel(page), 'admin.make').click();
	await button(page, 'admin.pairing.key_here').waitFor();
	await assertFine(page);
	await button(page, 'admin.pairing.key_here').click();
	await page.getByText(t('admin.pairing.key_once')).waitFor();
	const key = await page.locator('.secret').innerText();
	await assertFine(page);
	assert.equal((await stack.api('POST', '/events/nfc', { token: key, body: { id: '1', uid: '04FFFFFF' } })).status, 200);
	await button(page, 'common.close').last().click();
	await panel(page).locator('.chip.good', { hasText: t('admin.terminal.paired') }).waitFor();
	assert.equal(await page.getByText(key).count(), 0);

	/* Changing it leaves it a reader. */
	await field(panel(page), 'admin.field.location').fill('Склад');
	await button(panel(page), 'common.save').click();
	await page.getByText(t('admin.saved')).waitFor();
	const [{ kind }] = await stack.db("SELECT kind FROM terminal WHERE location = 'Склад'");
	assert.equal(kind, 'nfc');
	await clinic.must(clinic.admin, 'POST', '/cards/unknown/04FFFFFF/dismiss');
	await pages.close(page);
});

test('an unknown card is given to somebody with the keyboard, and its taps count', async () => {
	const anna = await clinic.hire({ first_name: 'Анна', last_name: 'Картина' }, { card_uid: '04AAAAAA' });
	await post({ uid, at: minutesAgo(300) });
	await post({ uid, at: minutesAgo(10) });
	const page = await signedIn('cards');
	await badge(page).getByText('1', { exact: true }).waitFor();
	await page.getByRole('link', { name: '04 A2 B3 C4 D5 E6 80' }).click();
	await panel(page).getByText('Считыватель у входа').waitFor();
	await assertFine(page);
	await field(panel(page), 'admin.cards.whose').fill('Картина');
	await panel(page).getByRole('option', { name: /Картина Анна/ }).waitFor();
	await page.keyboard.press('Enter');
	const question = page.getByRole('dialog', { name: t('admin.cards.assign_title', { name: 'Картина Анна' }) });
	await question.getByText(t('admin.cards.replaces', { card: '04 AA AA AA' })).waitFor();
	await question.getByText(t('admin.cards.assign_text', { n: 2 })).waitFor();
	await assertFine(page);
	await page.keyboard.press('Enter');
	await page.getByText(t('admin.cards.assigned', { name: 'Картина Анна', n: 2 })).waitFor();
	await page.getByText(t('admin.empty.cards_unknown.title')).waitFor();
	await badge(page).getByText('1', { exact: true }).waitFor({ state: 'detached' });
	const intervals = await stack.db('SELECT state FROM interval WHERE employee = $1', [anna.id]);
	assert.deepEqual(intervals, [{ state: 'closed' }]);
	await pages.close(page);
});

test('a card of nobody is forgotten', async () => {
	await post({ uid: '04BBBBBB' });
	const page = await signedIn('cards', { size: phone });
	await page.getByRole('link', { name: '04 BB BB BB' }).click();
	await assertFine(page);
	await button(panel(page), 'admin.cards.dismiss').click();
	await button(page.locator('dialog:modal'), 'admin.cards.dismiss').click();
	await page.getByText(t('admin.cards.dismissed')).waitFor();
	await page.getByText(t('admin.empty.cards_unknown.title')).waitFor();
	await pages.close(page);
});

test('refused taps tell why, and go when they have been seen', async () => {
	const boris = await clinic.hire({ first_name: 'Борис', last_name: 'Часов' }, { card_uid: '04CCCCCC' });
	await post({ uid: boris.card_uid, at: minutesAgo(60 * 19) });
	await post({ uid: boris.card_uid, at: minutesAgo(-11) });
	await post({ uid: 'никакая' });
	const page = await signedIn('cards?what=refused');
	for (const code of ['TAP_TOO_OLD', 'TAP_TOO_EARLY', 'CARD_UID_WRONG'])
		await page.getByText(t(`fault.${code}`)).first().waitFor();
	await badge(page).getByText('3', { exact: true }).waitFor();
	await assertFine(page);
	await page.locator('tbody tr', { hasText: t('fault.TAP_TOO_OLD') }).getByRole('link').click();
	await panel(page).getByRole('heading', { name: 'Часов Борис' }).waitFor();
	await assertFine(page);
	await button(panel(page), 'admin.cards.seen').click();
	await page.getByText(t('fault.TAP_TOO_OLD')).first().waitFor({ state: 'detached' });
	await badge(page).getByText('2', { exact: true }).waitFor();
	await button(page, 'admin.cards.all_seen').click();
	await page.getByText(t('admin.empty.cards_refused.title')).waitFor();
	assert.ok(await button(page, 'admin.cards.all_seen').isHidden());
	await page.getByRole('button', { name: t('admin.cards.unknown') }).click();
	await page.getByText(t('admin.empty.cards_unknown.title')).waitFor();
	await assertFine(page);
	await pages.close(page);
});
