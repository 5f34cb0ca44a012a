/*
 * Debian's Chromium for the browser tests, through playwright-core.
 *
 *	const browser = await openBrowser();
 *	after(() => browser.close());
 *	const page = await openPage(browser, { size: phone });
 *	...
 *	await page.assertQuiet();
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);

export const phone = { width: 390, height: 844 };
export const tablet = { width: 800, height: 1280 };
export const desk = { width: 1440, height: 900 };

export function openBrowser() {
	return chromium.launch({
		executablePath: '/usr/bin/chromium',
		args: [
			'--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
			'--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync',
		],
	});
}

/*
 * A page in a context of its own.  What must never happen on any page is
 * collected in page.faults: script errors, reports of the Content Security
 * Policy, requests to other hosts; assertQuiet() fails if there was any.
 */
export async function openPage(browser, { size = desk, dark = false, language = 'ru', ...more } = {}) {
	const context = await browser.newContext({
		viewport: size,
		colorScheme: dark ? 'dark' : 'light',
		locale: language,
		timezoneId: 'Europe/Kyiv',
		hasTouch: size !== desk,
		...more,
	});
	const page = await context.newPage();
	page.faults = [];
	page.on('pageerror', (error) => page.faults.push(`script: ${error.stack}`));
	page.on('console', (message) => {
		if (/Content Security Policy|Refused to/.test(message.text()))
			page.faults.push(`policy: ${message.text()}`);
	});
	page.on('request', (request) => {
		const url = new URL(request.url());
		if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1')
			page.faults.push(`other host: ${url.origin}`);
	});
	page.assertQuiet = () => assert.deepEqual(page.faults, []);
	return page;
}

/* The Mini App as Telegram opens it: signed initData in the fragment. */
export function appUrl(url, initData, { theme = {}, platform = 'android' } = {}) {
	const fragment = new URLSearchParams({
		tgWebAppData: initData,
		tgWebAppVersion: '8.0',
		tgWebAppPlatform: platform,
		tgWebAppThemeParams: JSON.stringify(theme),
	});
	return `${url}/app/#${fragment}`;
}

/* What axe-core finds, one line per element. */
export async function accessibilityFaults(page) {
	await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
	const { violations } = await page.evaluate(() => window.axe.run());
	return violations.flatMap(({ id, help, nodes }) =>
		nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')} ${node.failureSummary}`));
}
