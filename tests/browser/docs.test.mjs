/*
 * The reference of the API: every call is shown, found and tried, with the
 * keyboard, in every size, language and theme.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { readContract } from '../openapi.mjs';
import { accessibilityFaults, catalogue, openBrowser, phone, rawKeys, sideways, sizes, smallTargets }
	from './lib.mjs';

const pages = openBrowser();
const { operations, follow } = await readContract();

let stack, clinic, t;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack);
	t = await catalogue();
});
after(() => stack?.stop());

async function opened(id = '', options) {
	const page = await pages.open(options);
	await page.goto(`${stack.url}/docs/${id && `#${id}`}`);
	await page.locator('h1').waitFor();
	return page;
}
const button = (place, key) => place.getByRole('button', { name: t(key), exact: true });
const input = (page, name) => page.locator(`.attempt [name="${name}"]`);
/* A path's {id} is no forgotten placeholder here. */
const unwritten = async (page) => (await rawKeys(page)).filter((word) => !word.startsWith('/'));
const answer = (page) => page.locator('.attempt .answer');

/* Calls further on are made with this token. */
async function giveToken(page, token) {
	await page.locator('.access').click();
	await page.locator('[name=way]').selectOption('token');
	await page.locator('dialog [name=token]').fill(token);
	await button(page.locator('dialog'), 'common.ok').click();
}

describe('reading', () => {
	test('every call has its page, its inputs and its faults', async () => {
		const page = await opened();
		assert.equal(await page.locator('.calls li').count(), operations.length);
		for (const { method, path, operation } of operations) {
			await page.evaluate((id) => { location.hash = id; }, operation.operationId);
			const heading = page.getByRole('heading', { level: 1, name: `${method} ${path}` });
			await heading.waitFor();
			assert.ok(await heading.evaluate((h1) => h1 === document.activeElement));
			const names = (operation.parameters ?? []).map((p) => follow(p).name);
			for (const name of names)
				assert.equal(await input(page, name).count(), 1, `${path} ${name}`);
			assert.ok((await page.locator('.more').textContent()).includes('INTERNAL'));
			for (const code of operation['x-faults'])
				assert.ok(await page.locator('.faults th').getByText(code, { exact: true }).isVisible(), code);
			assert.deepEqual(await unwritten(page), [], path);
		}
		await pages.close(page);
	});

	test('search finds by path, words and inputs; Enter opens the first', async () => {
		const page = await opened();
		await page.keyboard.press('/');
		await page.keyboard.type('pairing six');
		const found = page.locator('.calls li:visible');
		assert.deepEqual(await found.allInnerTexts(), ['POST\n/terminals/{id}/pairing']);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { level: 1, name: 'POST /terminals/{id}/pairing' }).waitFor();
		await page.locator('#search').fill('nothing at all');
		await page.getByText(t('docs.none')).waitFor();
		await pages.close(page);
	});

	test('every language', async () => {
		for (const language of ['ru', 'uk', 'en']) {
			const page = await opened('post_claims', { language });
			await page.getByRole('heading', { name: (await catalogue(language))('docs.try') }).waitFor();
			assert.deepEqual(await unwritten(page), []);
			await pages.close(page);
		}
	});
});

describe('trying', () => {
	test('a token from signing in is used for the next call', async () => {
		const { id } = await clinic.hire();
		const login = { username: `user.${id}`, password: 'семь холодных чайников' };
		await clinic.must(clinic.admin, 'PUT', `/employees/${id}/login`, login);
		const page = await opened('post_auth_login');
		await input(page, 'username').fill(login.username);
		await input(page, 'password').fill(login.password);
		await button(page, 'common.send').click();
		await answer(page).getByText('"expires_at"').waitFor();
		await button(page, 'docs.access.use').click();
		await page.context().clearCookies();
		await page.goto(`${stack.url}/docs/#get_me`);
		await button(page, 'common.send').click();
		await answer(page).getByText('"organisation"').waitFor();
		await pages.close(page);
	});

	test('the cookie of the admin pages speaks, unless one is nobody', async () => {
		const { stdout } = await stack.tabelctl('admin', 'reader');
		const page = await opened('get_settings');
		const signed = await page.context().request.post(`${stack.url}/api/auth/login`, {
			data: { username: 'reader', password: stdout.match(/password (\S+)/)[1] },
			headers: { 'sec-fetch-site': 'same-origin' },
		});
		assert.equal(signed.status(), 200);
		await button(page, 'common.send').click();
		await answer(page).getByText('key_rotation_days').waitFor();
		await page.locator('.access').click();
		await page.locator('[name=way]').selectOption('nobody');
		await button(page.locator('dialog'), 'common.ok').click();
		await button(page, 'common.send').click();
		await answer(page).getByText('NO_TOKEN').waitFor();
		await pages.close(page);
	});

	test('a fault is shown at its field', async () => {
		const page = await opened('post_branches');
		await giveToken(page, clinic.admin);
		await input(page, 'name').fill('Ещё филиал');
		await input(page, 'time_zone').fill('Moon/Crater');
		await button(page, 'common.send').click();
		await answer(page).getByText('BAD_FIELD').waitFor();
		await page.locator('[data-field=time_zone] .field-error').getByText('IANA').waitFor();
		await input(page, 'time_zone').fill('UTC');
		await input(page, 'networks').fill('10.0.0.0/8, 192.168.0.0/16');
		await button(page, 'common.send').click();
		await answer(page).getByText('"192.168.0.0/16"').waitFor();
		await pages.close(page);
	});

	test('deleting asks first', async () => {
		const { id } = await clinic.must(clinic.admin, 'POST', '/positions', { name: 'Лишняя' });
		const page = await opened('delete_positions_id');
		await giveToken(page, clinic.admin);
		await input(page, 'id').fill(String(id));
		await button(page, 'common.send').click();
		await button(page.locator('dialog'), 'common.cancel').click();
		assert.equal(await answer(page).locator('*').count(), 0);
		await button(page, 'common.send').click();
		await button(page.locator('dialog'), 'common.send').click();
		await answer(page).getByText('204').waitFor();
		await pages.close(page);
	});

	test('the command line does the same', async () => {
		const page = await opened('post_positions');
		await input(page, 'name').fill(`Врач "д'Артаньян"`);
		const command = await page.locator('.attempt .listing').last().innerText();
		const { stdout } = await promisify(execFile)('sh', ['-c', command.replace('curl', 'curl -sS')],
			{ env: { ...process.env, TOKEN: clinic.admin } });
		assert.equal(JSON.parse(stdout).name, `Врач "д'Артаньян"`);
		await pages.close(page);
	});
});

describe('for everybody', () => {
	for (const [name, size] of Object.entries(sizes))
		for (const dark of [false, true])
			test(`${name}, ${dark ? 'dark' : 'light'}`, async () => {
				const page = await opened('', { size, dark });
				for (const id of ['', 'get_employees', 'post_branches', 'get_me', 'get_reports_days_csv']) {
					await page.goto(`${stack.url}/docs/#${id}`);
					await page.locator('h1').waitFor();
					if (id)
						await page.locator('.more summary').click();
					if (id === 'get_me') {
						await button(page, 'common.send').click();
						await answer(page).getByText('NO_TOKEN').waitFor();
					}
					assert.deepEqual(await accessibilityFaults(page), [], id);
					assert.deepEqual(await sideways(page), [], id);
					assert.deepEqual(await smallTargets(page), [], id);
				}
				await pages.close(page);
			});

	test('the keyboard alone, on a phone', async () => {
		const page = await opened('', { size: phone });
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		assert.ok(await page.locator('main').evaluate((el) => el === document.activeElement));
		await page.keyboard.press('/');
		await page.keyboard.type('/me');
		assert.ok(await page.locator('.calls').isVisible());
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');
		assert.ok(!await page.locator('.calls').isVisible());
		await page.keyboard.press('Enter');
		assert.ok(await page.locator('.calls').isVisible());
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { level: 1, name: 'GET /me' }).waitFor();
		assert.ok(!await page.locator('.calls').isVisible());
		await pages.close(page);
	});
});
