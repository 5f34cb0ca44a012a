/*
 * The tablet: pairing, what it shows while all is well, and what while
 * something is not.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { catalogue, midday, openBrowser, readCode, tablet } from './lib.mjs';

const pages = openBrowser();

let stack, clinic, t;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack, { name: 'Клиника на Садовой', time_zone: midday });
	t = await catalogue();
});
after(() => stack?.stop());

const board = (page, code = 'shown') => page.locator(`.board[data-code="${code}"]`);
const pairing = (page) => page.getByRole('heading', { name: t('kiosk.pair_title') });

/* Text of the catalogue around one or two variable parts. */
const like = (key, part = '.+') => new RegExp(t(key, { time: part, n: part }).replaceAll('?', '\\?'));

/* A tablet whose pairing is asked for: the page, the terminal, six digits. */
async function unpaired(options) {
	const terminal = await clinic.must(clinic.admin, 'POST', '/terminals',
		{ name: `Планшет ${Math.random()}`, branch: clinic.branch.id });
	const { pairing_code } = await clinic.must(clinic.admin, 'POST', `/terminals/${terminal.id}/pairing`);
	const page = await pages.open({ size: tablet, ...options });
	return { page, terminal, digits: pairing_code };
}

/* A paired one; `held` are the codes that it was given. */
async function paired({ clock, ...options } = {}) {
	const { page, terminal, digits } = await unpaired(options);
	const held = new Map();
	page.on('response', async (response) => {
		if (!response.url().includes('/api/kiosk/feed') || !response.ok())
			return;
		/* A page that closes takes its last answer with it. */
		const { codes } = await response.json().catch(() => ({ codes: [] }));
		for (const code of codes)
			held.set(code.from, code);
	});
	if (clock)
		await page.clock.install();
	await page.goto(`${stack.url}/kiosk/`);
	await pairing(page).waitFor();
	await page.keyboard.type(digits);
	await board(page).waitFor();
	return { page, terminal, held };
}

test('digits can be typed on a keyboard; a wrong code says how many tries are left', async () => {
	const { page, digits } = await unpaired();
	const wrong = String((Number(digits) + 1) % 1_000_000).padStart(6, '0');
	await page.goto(`${stack.url}/kiosk/`);
	await pairing(page).waitFor();

	const alert = page.getByRole('alert');
	await page.keyboard.type(wrong);
	await page.getByText(t('fault.PAIRING_WRONG')).waitFor();
	const left = Number((await alert.textContent()).match(/\d+/)[0]);
	await alert.filter({ hasText: t('kiosk.tries', { n: left }) }).waitFor();

	await page.keyboard.type(wrong.slice(0, 5));
	await page.keyboard.press('Backspace');
	await page.getByRole('img', { name: t('kiosk.typed', { n: 4, digits: [...wrong.slice(0, 4)].join(' ') }) }).waitFor();
	await page.keyboard.type(wrong.slice(4));
	await alert.filter({ hasText: t('kiosk.tries', { n: left - 1 }) }).waitFor();

	await page.keyboard.type(digits);
	await board(page).waitFor();
	await page.getByText('Клиника на Садовой').waitFor();
	await page.getByText(t('kiosk.how')).waitFor();
	await pages.close(page);
});

test('a reload goes on without pairing', async () => {
	const { page } = await paired();
	await page.reload();
	await board(page).waitFor();
	assert.equal(await pairing(page).count(), 0);
	await pages.close(page);
});

test('those who scan are greeted, the newest first, and what they did is added', async () => {
	const { page } = await paired();
	const tablet_ = { key: await page.evaluate(() => localStorage.getItem('tabel.kiosk.key')) };
	const people = [];
	for (const first_name of ['Анна', 'Борис', 'Вера', 'Глеб']) {
		const person = await clinic.hire({ first_name, last_name: 'Котова' });
		people.push({ ...person, scan: await clinic.scan(person.token, tablet_) });
	}
	await page.getByText('Глеб К.').waitFor();
	assert.deepEqual(await page.locator('.echo-name').allTextContents(), ['Глеб К.', 'Вера К.', 'Борис К.']);
	await clinic.tap(people[3].token, people[3].scan.body.id, 'in');
	await page.locator('.echo-line', { hasText: 'Глеб К.' }).getByText(t('kiosk.echo_in')).waitFor();
	await pages.close(page);
});

test('offline, codes go on in their own windows; then the reason takes their place', async () => {
	const { page, held } = await paired({ clock: true });
	const shown = async () => readCode(await page.screenshot());
	const now = () => page.evaluate(() => Date.now());
	const goTo = async (instant) => page.clock.fastForward(instant - await now());

	await page.context().setOffline(true);
	await page.clock.pauseAt(await now() + 5000);
	await page.getByText(like('kiosk.offline_here', String.raw`\d\d:\d\d`)).waitFor();
	const codes = [...held.values()]
		.map(({ url, from, until }) => ({ url, from: Date.parse(from), until: Date.parse(until) }))
		.sort((a, b) => a.from - b.from);
	const [present, ...later] = codes.slice(codes.findIndex(({ until }) => until > Date.now()));
	assert.ok(later.length >= 8, `${later.length} codes are held`);
	assert.ok(later.at(-1).until - Date.now() > 240_000, 'codes are held for minutes');

	assert.equal(await shown(), await now() < present.until ? present.url : later[0].url);
	for (const [i, { url, from, until }] of later.entries()) {
		assert.ok(until <= (later[i + 1]?.from ?? Infinity), 'windows do not overlap');
		if (from + 1000 > await now())
			await goTo(from + 1000);
		assert.equal(await shown(), url, `code ${i} at the start of its window`);
		await goTo(until - 1000);
		assert.equal(await shown(), url, `code ${i} at the end of its window`);
	}

	await goTo(later.at(-1).until + 1000);
	await board(page, 'none').waitFor();
	await page.getByText(t('kiosk.no_network_title')).waitFor();
	await page.getByText(like('kiosk.no_network', String.raw`\d\d:\d\d`)).waitFor();
	assert.equal(await shown(), null);

	/* Its clock is minutes ahead by now: it says so, and shows the right code. */
	await page.context().setOffline(false);
	await page.clock.resume();
	await board(page).waitFor();
	await page.getByText(like('kiosk.fast', String.raw`\d+`)).waitFor();
	const fresh = [...held.values()].find(({ from, until }) =>
		Date.parse(from) <= Date.now() && Date.now() < Date.parse(until));
	assert.equal(await shown(), fresh.url);
	await pages.close(page);
});

test('a server out of reach is told from a network that is down', async () => {
	const { page } = await paired({ clock: true });
	await page.route('**/api/kiosk/feed*', (route) => route.abort());
	await page.getByText(like('kiosk.offline', String.raw`\d\d:\d\d`)).waitFor();
	await page.clock.fastForward(6 * 60_000);
	await page.getByText(t('kiosk.no_server_title')).waitFor();
	await page.unroute('**/api/kiosk/feed*');
	await board(page).waitFor();
	await pages.close(page);
});

test('a reload without a network shows what is wrong, and goes on by itself', async () => {
	const { page } = await paired();
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.waitForFunction(() => navigator.serviceWorker.controller);
	await page.context().setOffline(true);
	await page.reload();
	await board(page, 'none').waitFor();
	await page.getByText(t('kiosk.no_network_title')).waitFor();
	await page.getByText('Клиника на Садовой').waitFor();
	await page.context().setOffline(false);
	await board(page).waitFor();
	await pages.close(page);
});

test('a revoked tablet says so and asks to be paired', async () => {
	const { page, terminal } = await paired();
	await clinic.must(clinic.admin, 'POST', `/terminals/${terminal.id}/revoke`);
	await pairing(page).waitFor();
	await page.getByText(t('fault.TERMINAL_REVOKED')).waitFor();
	await page.reload();
	await pairing(page).waitFor();
	await pages.close(page);
});

test('language and look are chosen on the tablet and stay', async () => {
	const { page } = await paired();
	const uk = await catalogue('uk');
	const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await background();

	await page.locator('#corner').tap();
	await page.getByRole('dialog').getByText(t('kiosk.online')).waitFor();
	await page.getByRole('button', { name: t('common.theme_dark') }).tap();
	assert.notEqual(await background(), light);
	await page.getByRole('button', { name: 'Українська' }).tap();
	await page.getByText(uk('kiosk.how')).waitFor();

	await page.reload();
	await page.getByText(uk('kiosk.how')).waitFor();
	assert.notEqual(await background(), light);
	await pages.close(page);
});

test('leaving the tablet asks first', async () => {
	const { page } = await paired();
	await page.locator('#corner').tap();
	await page.getByRole('button', { name: t('kiosk.unpair') }).tap();
	const question = page.getByRole('dialog', { name: t('kiosk.unpair_title') });
	await question.getByRole('button', { name: t('common.cancel') }).tap();
	await question.waitFor({ state: 'detached' });
	await board(page).waitFor();

	await page.locator('#corner').tap();
	await page.getByRole('button', { name: t('kiosk.unpair') }).tap();
	await question.getByRole('button', { name: t('kiosk.unpair') }).tap();
	await pairing(page).waitFor();
	await pages.close(page);
});
