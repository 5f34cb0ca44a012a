/*
 * The pictures of the README, with the demo clinic at noon of a Thursday:
 *
 *	TABEL_BUILD=var/build node tests/browser/screenshots.mjs
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { startStack } from '../harness.mjs';
import { launch, openPage, signInTo } from './lib.mjs';
import { appUrl } from './telegram.mjs';

const now = '2026-11-19T09:12:00Z';
const top = new URL('../screenshots/', import.meta.url);
const stack = await startStack({ faketime: now });
const browser = await launch();

/* A page whose clock is the programs'. */
async function open(size, options) {
	const page = await openPage(browser, { size, timezoneId: 'Europe/Moscow', reducedMotion: 'reduce', ...options });
	await page.clock.install({ time: now });
	return page;
}

/* The same picture in fewer bytes: no alpha, all filters tried. */
async function take(page, name) {
	const picture = PNG.sync.read(await page.screenshot());
	const bytes = PNG.sync.write(picture, { colorType: 2, deflateLevel: 9, filterType: -1 });
	await writeFile(new URL(`${name}.png`, top), bytes);
	console.log(`${name}.png ${picture.width} × ${picture.height}, ${Math.ceil(bytes.length / 1024)} KB`);
}

const person = async (last_name) => (await stack.db(
	`SELECT telegram_id AS id, first_name, last_name FROM person WHERE last_name = $1`, [last_name]))[0];

/* Three people have just scanned at the tablet. */
async function kiosk() {
	const { stdout } = await stack.tabelctl('links');
	const [digits] = stdout.match(/(?<=pairing code )\d{6}/);
	const page = await open({ width: 800, height: 1180 });
	await page.goto(`${stack.url}/kiosk/`);
	await page.locator('.keypad').waitFor();
	await page.keyboard.type(digits);
	await page.locator('.board[data-code="shown"]').waitFor();
	const token = await page.evaluate(() => localStorage.getItem('tabel.kiosk.key'));
	for (const [n, name] of ['Фомина', 'Белова', 'Соколов'].entries()) {
		const { codes } = (await stack.api('GET', '/kiosk/feed', { token })).body;
		const session = await stack.signIn(await person(name));
		await stack.api('POST', '/claims', { token: session.token, body: { code: codes[0].code } });
		await page.locator('.echo-line').nth(n).waitFor();
	}
	await take(page, 'kiosk');
}

async function app() {
	const page = await open({ width: 390, height: 780 }, { deviceScaleFactor: 1.5 });
	await page.goto(appUrl(stack.url, { user: await person('Мельник'), platform: 'web', auth_date: Date.parse(now) / 1000 }));
	await page.locator('.strip').waitFor();
	await page.locator('.plan-card').waitFor();
	await take(page, 'app');
}

async function admin(password) {
	const page = await open({ width: 1240, height: 730 });
	await page.goto(`${stack.url}/admin/`);
	await signInTo(page, { username: 'admin', password });
	await page.locator('tbody tr').first().waitFor();
	await page.locator('h1').click();
	await take(page, 'admin');
	await page.setViewportSize({ width: 1500, height: 660 });
	await page.goto(`${stack.url}/admin/month`);
	await page.locator('.month-grid td').first().waitFor();
	await take(page, 'month');
}

try {
	const { stdout } = await stack.tabelctl('demo');
	await mkdir(top, { recursive: true });
	await kiosk();
	await app();
	await admin(stdout.match(/password (\S+)/)[1]);
} finally {
	await browser.close();
	await stack.stop();
}
