import { writeFile } from 'node:fs/promises';
import { startStack } from './harness.mjs';
import { launch, openPage, sizes } from './browser/lib.mjs';
const now = '2026-11-19T09:12:00Z';
const stack = await startStack({ faketime: now });
const browser = await launch();
const out = '/tmp/tabel/shots'; await (await import('node:fs/promises')).mkdir(out, { recursive: true });
try {
	const { stdout } = await stack.tabelctl('demo');
	const password = stdout.match(/password (\S+)/)[1];
	const wanted = JSON.parse(process.argv[2]);
	for (const { name, path, size = 'desk', dark = false, language = 'ru', click, wait, full } of wanted) {
		const page = await openPage(browser, { size: sizes[size] ?? size, dark, language, timezoneId: 'Europe/Moscow', reducedMotion: 'reduce' });
		await page.clock.install({ time: now });
		await page.goto(`${stack.url}/admin/${path}`);
		await page.locator('[name="username"]').fill('admin');
		await page.locator('[name="password"]').fill(password);
		await page.keyboard.press('Enter');
		await page.locator('h1').waitFor();
		await page.clock.runFor(2000);
		await page.waitForLoadState('networkidle');
		for (const c of [click ?? []].flat()) { await page.locator(c).first().click(); await page.clock.runFor(1000); await page.waitForLoadState('networkidle'); }
		if (wait) await page.locator(wait).first().waitFor();
		await page.screenshot({ path: `${out}/${name}.png`, fullPage: Boolean(full) });
		if (page.faults.length) console.log(name, page.faults);
		await page.context().close();
	}
} finally { await browser.close(); await stack.stop(); }
