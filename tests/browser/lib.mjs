/*
 * Debian's Chromium for the browser tests, through playwright-core.
 *
 *	const pages = openBrowser();		// for the whole test file
 *	const page = await pages.open({ size: phone });
 *	...
 *	await pages.close(page);		// or they close at the end
 *
 * After each test every open page is asked for what must never happen on any
 * of them: script errors, words on the console, reports of the Content
 * Security Policy, requests to other hosts.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { promisify } from 'node:util';
import jsqr from 'jsqr';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

export const phone = { width: 390, height: 844 };
export const tablet = { width: 820, height: 1180 };
export const desk = { width: 1280, height: 800 };
export const sizes = { phone, tablet, desk };

/* A zone where it is about noon: no test runs across midnight. */
export const midday = (() => {
	const hours = 12 - new Date().getUTCHours();
	return hours === 0 ? 'UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
})();

export const launch = () => chromium.launch({
	executablePath: '/usr/bin/chromium',
	args: [
		'--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
		'--no-first-run', '--disable-background-networking',
		'--disable-component-update', '--disable-sync',
	],
});

export function openBrowser() {
	const open = new Set();
	let browser;

	before(async () => { browser = await launch(); });
	after(() => browser?.close());
	afterEach(() => open.forEach((page) => page.assertQuiet()));

	return {
		async open(options) {
			const page = await openPage(browser, options);
			open.add(page);
			return page;
		},
		async close(page) {
			page.assertQuiet();
			open.delete(page);
			await page.context().close();
		},
	};
}

/* A page in a context of its own. */
export async function openPage(browser, { size = desk, dark = false, language = 'ru', ...more } = {}) {
	const context = await browser.newContext({
		viewport: size,
		colorScheme: dark ? 'dark' : 'light',
		locale: language,
		timezoneId: midday,
		hasTouch: size !== desk,
		...more,
	});
	context.setDefaultTimeout(15_000);
	await context.addInitScript(() => addEventListener('securitypolicyviolation', (e) =>
		console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`)));

	const page = await context.newPage();
	page.faults = [];
	page.on('pageerror', (error) => page.faults.push(`script: ${error.stack}`));
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type()) && !isAnswer(message))
			page.faults.push(`console: ${message.text()} (${message.location().url})`);
	});
	context.on('request', (request) => {
		const url = new URL(request.url());
		if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1')
			page.faults.push(`other host: ${url.origin}`);
	});
	page.assertQuiet = () => assert.deepEqual(page.faults.splice(0), []);
	return page;
}

/* Chromium itself tells of each answer that is an error, and of no network. */
const isAnswer = (message) => /^Failed to load resource/.test(message.text()) &&
	/\/api\/|ERR_INTERNET_DISCONNECTED/.test(message.location().url + message.text());

/* Fills in the form that the admin pages begin with. */
export async function signInTo(page, { username, password }) {
	await page.locator('[name="username"]').fill(username);
	await page.locator('[name="password"]').fill(password);
	await page.keyboard.press('Enter');
	await page.locator('.frame').waitFor();
}

/* The texts of a language, as pages show them: t('app.scan'). */
export async function catalogue(language = 'ru') {
	const file = new URL(`../../static/i18n/${language}.json`, import.meta.url);
	const texts = JSON.parse(await readFile(file, 'utf8'));
	const plural = new Intl.PluralRules(language);

	return (key, params = {}) => {
		const text = texts[`${key}.${plural.select(params.n ?? 0)}`] ?? texts[key];
		assert.ok(text !== undefined, `no text for ${key}`);
		return text.replace(/\{(\w+)\}/g, (all, name) => params[name] ?? all);
	};
}

/* What two readers, each by itself, find in a picture of a screen. */
export async function readCodes(png) {
	const { data, width, height } = PNG.sync.read(png);
	const dir = await mkdtemp(join(tmpdir(), 'tabel-qr-'));
	try {
		await writeFile(join(dir, 'screen.png'), png);
		const { stdout } = await run('zbarimg',
			['--quiet', '--raw', '--nodbus', join(dir, 'screen.png')]);
		return { zbarimg: stdout.trim(), jsqr: jsqr(new Uint8ClampedArray(data), width, height)?.data };
	} finally {
		await rm(dir, { recursive: true, force: true });
	}
}

/* One reader, quickly; null if it finds nothing. */
export function readCode(png) {
	const { data, width, height } = PNG.sync.read(png);
	return jsqr(new Uint8ClampedArray(data), width, height,
		{ inversionAttempts: 'dontInvert' })?.data ?? null;
}

/* What axe-core finds (by all of its rules, or by these), one line per element. */
export async function accessibilityFaults(page, rules) {
	if (!await page.evaluate(() => Boolean(window.axe)))
		await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
	const { violations } = await page.evaluate((runOnly) =>
		window.axe.run({ resultTypes: ['violations'], ...runOnly && { runOnly } }), rules);
	return violations.flatMap(({ id, help, nodes }) =>
		nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')} ${node.failureSummary}`));
}

/* Keys of the catalogue that a reader would see instead of a text. */
export const rawKeys = (page) => page.evaluate(() => {
	const texts = [document.title, document.body.innerText,
		...[...document.querySelectorAll('[aria-label], [placeholder], [title]')].flatMap((el) =>
			['aria-label', 'placeholder', 'title'].map((name) => el.getAttribute(name) ?? '')),
		...[...document.querySelectorAll('option')].map((el) => el.textContent)];
	return texts.join('\n').split(/\s+/).filter((word) =>
		/^(activate|admin|app|common|docs|fault|kiosk|unit)\.[a-z_]+/.test(word) ||
		/\{[a-z_]+\}|undefined|NaN|\[object/.test(word));
});

/* Elements that make the page scroll sideways. */
export const sideways = (page) => page.evaluate(() => {
	const { scrollWidth, clientWidth } = document.documentElement;
	if (scrollWidth <= clientWidth)
		return [];
	return [`${scrollWidth} > ${clientWidth}`, ...[...document.querySelectorAll('body *')]
		.filter((el) => el.getBoundingClientRect().right > clientWidth + 0.5)
		.slice(0, 5).map((el) => el.outerHTML.slice(0, 120))];
});

/* Buttons and links that a thumb would miss: less than 44 px. */
export const smallTargets = (page) => page.evaluate(() =>
	[...document.querySelectorAll('button, a[href], input, select, textarea, summary')].flatMap((el) => {
		const target = el.matches('[type=checkbox]') ? el.closest('label') ?? el : el;
		const { width, height } = target.getBoundingClientRect();
		const hidden = el.closest('.unseen, [aria-hidden=true]') || !el.checkVisibility();
		return hidden || (width >= 43.5 && height >= 43.5) ? [] :
			[`${Math.round(width)}×${Math.round(height)} ${el.outerHTML.slice(0, 120)}`];
	}));
