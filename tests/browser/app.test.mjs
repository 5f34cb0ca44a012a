/*
 * The Mini App beyond the story: without Telegram, in old clients, when
 * something goes wrong, and what managers do in it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { catalogue, midday, openBrowser, phone } from './lib.mjs';
import { appUrl, openTelegram } from './telegram.mjs';

const pages = openBrowser();

let stack, clinic, t;

before(async () => {
	stack = await startStack();
	clinic = await openClinic(stack, { name: 'Клиника на Садовой', time_zone: midday });
	t = await catalogue();
});
after(() => stack?.stop());

const button = (place, key, params) => place.getByRole('button', { name: t(key, params), exact: true });
const field = (page, key) => page.getByLabel(t(key)).and(page.locator('input, select, textarea'));
const screen = (page, name) => page.locator(`[data-screen="${name}"]`);
const linkOf = (code) => `https://t.me/tabel_demo_bot/app?startapp=${code}`;

let nextUser = 600000001;
const someone = (first_name = 'Вера') => ({ id: nextUser++, first_name, last_name: 'Томская' });

/* An employee and the phone in his hand. */
async function employee(names, more, options) {
	const person = await clinic.hire(names, more);
	const user = { id: person.telegram_id, first_name: person.first_name };
	return { ...person, user, app: options !== null && await openTelegram(pages, { user, ...options }) };
}

/* Moves what has been recorded of a person into the past. */
async function longAgo({ id }, interval) {
	await stack.db('UPDATE event SET at = at - $2::interval WHERE employee = $1', [id, interval]);
	await stack.db(`UPDATE interval SET in_at = in_at - $2::interval, limit_at = limit_at - $2::interval
		WHERE employee = $1`, [id, interval]);
}

/* Opens the Mini App at home. */
async function atHome(app) {
	await app.launch(stack.url);
	await screen(app.page, 'home').waitFor();
}

describe('without Telegram', () => {
	test('a plain visit says where to go', async () => {
		const page = await pages.open({ size: phone });
		await page.goto(`${stack.url}/app/`);
		await screen(page, 'outside').getByText(t('app.outside_title')).waitFor();
		const link = page.getByRole('link', { name: t('app.open_telegram') });
		assert.equal(await link.getAttribute('href'), 'https://t.me/tabel_demo_bot/app');
		await button(page, 'app.scan').waitFor({ state: 'detached' });
		await pages.close(page);
	});

	test('a browser has ordinary buttons, and all can be done with the keyboard', async () => {
		const { user } = await employee({ first_name: 'Анна' }, {}, null);
		const page = await pages.open({ size: phone });
		await page.goto(appUrl(stack.url, { user, platform: 'web' }));
		await screen(page, 'home').waitFor();

		const tabTo = async (target) => {
			await target.waitFor();
			for (let i = 0; i < 20; i++) {
				if (await target.evaluate((el) => el === document.activeElement))
					return;
				await page.keyboard.press('Tab');
			}
			assert.fail(`Tab does not reach ${target}`);
		};
		await tabTo(button(page, 'app.scan'));
		await page.keyboard.press('Enter');
		await screen(page, 'how').waitFor();
		await tabTo(page.getByText(t('app.no_camera')));
		await page.keyboard.press('Enter');
		await tabTo(field(page, 'app.code_link'));
		await page.keyboard.insertText(linkOf(await clinic.code()));
		await page.keyboard.press('Enter');

		await screen(page, 'claim').waitFor();
		await page.keyboard.press('Tab');
		assert.match(await page.evaluate(() => document.activeElement.textContent), new RegExp(t('app.i_in')));
		await page.keyboard.press('Tab');
		assert.match(await page.evaluate(() => document.activeElement.textContent), new RegExp(t('app.i_out')));
		await page.keyboard.press('Shift+Tab');
		await page.keyboard.press('Enter');
		await screen(page, 'receipt').getByText(t('app.written_in')).waitFor();
		await tabTo(button(page, 'app.done'));
		await page.keyboard.press('Enter');
		await page.locator('.at-work').waitFor();
		await pages.close(page);
	});
});

describe('clients', () => {
	test('the oldest one gets by without what it lacks', async () => {
		const { app } = await employee({}, {}, { version: '6.0' });
		await atHome(app);
		await app.pressMain(t('app.scan'));
		await screen(app.page, 'how').waitFor();
		await app.page.getByText(t('app.how_1')).waitFor();
		await button(app.page, 'common.back').tap();
		await screen(app.page, 'home').waitFor();
		await app.launch(stack.url, { start_param: await clinic.code() });
		await app.page.locator('.choice').first().tap();
		await screen(app.page, 'receipt').waitFor();
		await pages.close(app.page);
	});

	test('the theme is Telegram\'s and follows it', async () => {
		const { app } = await employee();
		await atHome(app);
		const look = () => app.page.evaluate(() => [
			getComputedStyle(document.documentElement).colorScheme, getComputedStyle(document.body).backgroundColor]);
		assert.deepEqual(await look(), ['light', 'rgb(240, 240, 240)']);
		await app.changeTheme('dark');
		assert.deepEqual(await look(), ['dark', 'rgb(35, 46, 60)']);
		await pages.close(app.page);
	});

	test('the language is Telegram\'s until another one is chosen', async () => {
		const { user } = await employee({}, {}, null);
		const app = await openTelegram(pages, { user: { ...user, language_code: 'uk' }, language: 'en' });
		const [uk, en] = [await catalogue('uk'), await catalogue('en')];
		await app.launch(stack.url);
		await app.untilMain(uk('app.scan'));
		await app.page.getByRole('button', { name: 'English' }).tap();
		await app.untilMain(en('app.scan'));
		await app.launch(stack.url);
		await app.untilMain(en('app.scan'));
		await pages.close(app.page);
	});
});

describe('a scan', () => {
	test('that is broken off leaves everything as it was', async () => {
		const { app } = await employee();
		await atHome(app);
		await app.pressMain(t('app.scan'));
		await app.until('the scanner', () => app.scanner);
		await app.closeScanner();
		await app.untilMain(t('app.scan'));
		await screen(app.page, 'home').waitFor();
		await pages.close(app.page);
	});

	test('of a foreign code says so, and the next one succeeds', async () => {
		const { app } = await employee();
		await atHome(app);
		await app.pressMain(t('app.scan'));
		await app.holdCamera('https://example.org/menu');
		await app.page.getByText(t('fault.CODE_FORGED')).waitFor();
		assert.equal(app.haptics.at(-1), 'error');
		await app.pressMain(t('app.scan'));
		await app.holdCamera(linkOf(await clinic.code()));
		await screen(app.page, 'claim').waitFor();

		await app.pressBack();
		await screen(app.page, 'home').waitFor();
		await pages.close(app.page);
	});

	test('without a network is tried again, and counts once', async () => {
		const { app, id } = await employee();
		const code = await clinic.code();
		await atHome(app);
		await app.pressMain(t('app.scan'));
		await app.page.context().setOffline(true);
		await app.holdCamera(linkOf(code));
		await app.page.getByText(t('fault.NETWORK')).waitFor();
		await app.page.context().setOffline(false);
		await app.pressMain(t('common.retry'));
		await app.page.locator('.choice').first().tap();
		await screen(app.page, 'receipt').waitFor();
		const events = await stack.db('SELECT kind FROM event WHERE employee = $1', [id]);
		assert.deepEqual(events, [{ kind: 'in' }]);
		await pages.close(app.page);
	});

	test('waits two minutes for the tap', async () => {
		const { app } = await employee();
		await app.page.clock.install();
		await app.launch(stack.url, { start_param: await clinic.code() });
		await screen(app.page, 'claim').getByText(t('app.left', { time: '1:' })).or(
			app.page.getByText(t('app.left', { time: '2:00' }))).waitFor();
		await app.page.clock.fastForward(121_000);
		await app.page.getByText(t('fault.CLAIM_EXPIRED')).waitFor();
		assert.equal(await app.page.locator('.choice').first().isVisible(), false);
		await app.pressMain(t('app.scan'));
		await pages.close(app.page);
	});

	test('a second in says since when one is there already', async () => {
		const { app, ...anna } = await employee();
		await clinic.mark(anna.token, 'in');
		await longAgo(anna, '1 hour');
		await app.launch(stack.url, { start_param: await clinic.code() });
		assert.match(await app.page.locator('.choice').first().textContent(), new RegExp(t('app.i_out')));
		await app.page.locator('.choice[data-kind="in"]').tap();
		await screen(app.page, 'receipt').locator('.receipt-title', { hasText: t('app.already_in') }).waitFor();
		await pages.close(app.page);
	});
});

describe('a branch that asks for the place', () => {
	const kyiv = { latitude: 50.4501, longitude: 30.5234 };
	let branch, door;

	before(async () => {
		branch = await clinic.openBranch({ place_rule: 'refuse', radius_m: 200, ...kyiv });
		door = await clinic.hang(branch);
	});

	test('explains why, asks once, and remembers', async () => {
		const { app } = await employee({}, { branch: branch.id },
			{ place: { ...kyiv, horizontal_accuracy: 12 } });
		await app.launch(stack.url, { start_param: await clinic.code(door) });
		await app.page.getByText(t('app.place_text')).waitFor();
		await app.pressMain(t('app.place_allow'));
		await screen(app.page, 'claim').waitFor();
		await app.launch(stack.url, { start_param: await clinic.code(door) });
		await screen(app.page, 'claim').waitFor();
		await pages.close(app.page);
	});

	test('says so at once to a phone that does not tell where it is', async () => {
		const { app } = await employee({}, { branch: branch.id });
		await app.launch(stack.url, { start_param: await clinic.code(door) });
		await app.pressMain(t('app.place_allow'));
		await app.page.getByText(t('fault.PLACE_REQUIRED')).waitFor();
		await pages.close(app.page);
	});

	test('sends those who are elsewhere to the tablet', async () => {
		const { app } = await employee({}, { branch: branch.id },
			{ place: { latitude: 50.5, longitude: 30.5, horizontal_accuracy: 12 } });
		await app.launch(stack.url, { start_param: await clinic.code(door) });
		await app.pressMain(t('app.place_allow'));
		await app.page.getByText(t('fault.PLACE_WRONG')).waitFor();
		await pages.close(app.page);
	});
});

describe('registration', () => {
	test('asks for what is missing; a number need not be given', async () => {
		const app = await openTelegram(pages, { user: { ...someone(), last_name: undefined } });
		await app.launch(stack.url);
		await button(app.page, 'app.phone_telegram').tap();
		await app.answerPhone(false);
		await app.pressMain(t('app.register_send'));
		await app.page.getByText(t('common.required')).first().waitFor();
		assert.equal(await app.page.evaluate(() => document.activeElement.name), 'last_name');

		await field(app.page, 'admin.field.last_name').fill('Томская');
		await field(app.page, 'admin.field.branch').selectOption({ label: 'Клиника на Садовой' });
		await app.pressMain(t('app.register_send'));
		await screen(app.page, 'waiting').waitFor();
		await pages.close(app.page);
	});

	test('a manager rejects with a reason; it is read, and sent again', async () => {
		const user = someone('Отказов');
		const app = await openTelegram(pages, { user });
		const register = async () => {
			await field(app.page, 'admin.field.branch').selectOption({ label: 'Клиника на Садовой' });
			await app.pressMain(t('app.register_send'));
			await screen(app.page, 'waiting').waitFor();
		};
		await app.page.clock.install();
		await app.launch(stack.url);
		await register();

		const { app: boss } = await employee({ last_name: 'Начальник' }, { manager_of: [clinic.branch.id] });
		const card = boss.page.getByRole('form', { name: 'Томская Отказов' });
		await atHome(boss);
		await button(boss.page, 'app.team').tap();
		await boss.page.getByRole('button', { name: t('admin.section.registrations') }).tap();
		await button(card, 'common.reject').tap();
		await boss.page.getByRole('dialog').getByLabel(t('admin.field.reason')).fill('Назовите отчество');
		await button(boss.page.getByRole('dialog'), 'common.reject').tap();
		await boss.page.getByText(t('app.rejected_done', { name: 'Томская Отказов' })).first().waitFor();

		await app.page.clock.fastForward(6000);
		await screen(app.page, 'rejected').getByText('Назовите отчество').waitFor();
		await app.pressMain(t('app.register_again'));
		await screen(app.page, 'register').waitFor();
		await field(app.page, 'admin.field.middle_name').fill('Иванович');
		await register();

		await boss.page.getByRole('button', { name: t('admin.section.now') }).tap();
		await boss.page.getByRole('button', { name: t('admin.section.registrations') }).tap();
		const again = boss.page.getByRole('form', { name: 'Томская Отказов Иванович' });
		await button(again, 'admin.registration.confirm').tap();
		await again.getByText(t('app.position_choose')).last().waitFor();
		await field(again, 'admin.field.position').selectOption({ label: clinic.position.name });
		await button(again, 'admin.registration.confirm').tap();
		await boss.page.getByText(t('app.confirmed', { name: 'Томская Отказов Иванович' })).first().waitFor();
		await app.page.clock.fastForward(6000);
		await screen(app.page, 'home').waitFor();
		await pages.close(app.page);
		await pages.close(boss.page);
	});
});

describe('a session', () => {
	test('that ends is renewed without a word', async () => {
		const { app, person } = await employee();
		await atHome(app);
		await stack.db('UPDATE session SET revoked_at = now() WHERE person = $1', [person]);
		await app.page.locator('.month-card').tap();
		await app.page.getByText(t('admin.month.empty')).waitFor();
		await app.pressBack();
		await screen(app.page, 'home').waitFor();
		await pages.close(app.page);
	});

	test('cannot begin with old data: the app is to be opened again', async () => {
		const { app } = await employee();
		await app.launch(stack.url, { auth_date: Date.now() / 1000 - 90_000 });
		await screen(app.page, 'ended').getByText(t('app.ended_title')).waitFor();
		await app.pressMain(t('common.close'));
		await app.until('the app to close', () => app.closed);
		await pages.close(app.page);
	});

	test('of one who has left says so', async () => {
		const { app, id, ...rest } = await employee();
		const item = await clinic.must(clinic.admin, 'GET', `/employees/${id}`);
		await clinic.must(clinic.admin, 'PUT', `/employees/${id}`, { last_name: item.last_name,
			first_name: item.first_name, branch: rest.branch, position: rest.position, active: false });
		await app.launch(stack.url);
		await app.page.getByText(t('app.inactive')).first().waitFor();
		await pages.close(app.page);
	});
});

describe('the month', () => {
	test('shows days, hours and what is missing', async () => {
		const { app, ...anna } = await employee();
		await clinic.mark(anna.token, 'out');
		await longAgo(anna, '1 minute');
		await clinic.mark(anna.token, 'in');
		await longAgo(anna, '90 minutes');
		await atHome(app);
		await app.page.locator('.figure', { hasText: /^1\sч\s3\d\sмин$/ }).waitFor();
		await app.page.getByText(t('app.effect_missing_in')).waitFor();
		await app.page.locator('.month-card').tap();
		await app.page.getByRole('heading', { name: t('app.month') }).waitFor();
		await app.page.getByText(t('app.irregular', { n: 1 })).waitFor();
		await app.page.getByText(t('correction.no_hours')).waitFor();
		await button(app.page, 'admin.month.before').tap();
		await app.page.getByText(t('admin.month.empty')).waitFor();
		await button(app.page, 'admin.month.after').tap();
		await app.page.getByText(t('app.irregular', { n: 1 })).waitFor();
		await app.pressBack();
		await screen(app.page, 'home').waitFor();
		await pages.close(app.page);
	});
});
