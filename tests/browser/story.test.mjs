/*
 * The whole story, as people see it: an administrator opens a clinic, a
 * tablet is hung, strangers register and scan, are confirmed, come and go;
 * managers watch and take the hours home as CSV.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { startStack } from '../harness.mjs';
import { catalogue, midday, openBrowser, readCode, readCodes, tablet } from './lib.mjs';
import { openTelegram } from './telegram.mjs';

const pages = openBrowser();
const link = /^https:\/\/t\.me\/tabel_demo_bot\/app\?startapp=([\w-]{60})$/;
const vera_user = { id: 700000001, first_name: 'Вера', last_name: 'Томская', username: 'vera_t' };
const oleg_user = { id: 700000002, first_name: 'Олег', last_name: 'Зуев' };

let stack, t, boss, admin, kiosk, vera, oleg;

before(async () => {
	stack = await startStack();
	t = await catalogue();
	boss = await stack.makeAdmin();
});
after(() => stack?.stop());

const button = (page, key, params) => page.getByRole('button', { name: t(key, params), exact: true });
const field = (page, key) => page.getByLabel(t(key)).and(page.locator('input, select, textarea'));
const section = (name) => admin.getByRole('navigation').getByRole('link', { name: t(`admin.section.${name}`) });
const panel = () => admin.locator('dialog.panel');
const screen = (person, name) => person.page.locator(`[data-screen="${name}"]`);

/* The code that the tablet shows, as a picture of its screen is read. */
async function codeOnTablet(before_) {
	await kiosk.locator('.board[data-code="shown"]').waitFor();
	for (const until = Date.now() + 5000; Date.now() < until;) {
		const code = readCode(await kiosk.screenshot())?.match(link)?.[1];
		if (code && code !== before_)
			return code;
	}
	return assert.fail(before_ ? 'the tablet still shows the used code' : 'the tablet shows no code');
}

test('an administrator signs in with name and password', async () => {
	admin = await pages.open();
	await admin.goto(`${stack.url}/admin/`);
	await field(admin, 'admin.field.username').fill(boss.username);
	await field(admin, 'admin.field.password').fill(boss.password);
	await button(admin, 'admin.sign_in').click();
	await admin.getByRole('heading', { name: t('admin.section.now'), level: 1 }).waitFor();
	await admin.getByText(t('admin.empty.now.title')).waitFor();
});

test('creates branch and position', async () => {
	await section('branches').click();
	await button(admin, 'admin.branches.make').click();
	await panel().getByLabel(t('admin.field.name')).fill('Клиника на Садовой');
	assert.equal(await panel().getByLabel(t('admin.field.time_zone')).inputValue(), midday);
	await button(panel(), 'admin.make').click();
	await admin.getByRole('row', { name: /Клиника на Садовой/ }).waitFor();

	await section('positions').click();
	await button(admin, 'admin.positions.make').click();
	await panel().getByLabel(t('admin.field.name')).fill('Медсестра');
	await button(panel(), 'admin.make').click();
	await admin.getByRole('row', { name: /Медсестра/ }).waitFor();
});

test('hangs a tablet, which is paired with six digits on its keypad', async () => {
	await section('terminals').click();
	await button(admin, 'admin.terminals.make').click();
	await panel().getByLabel(t('admin.field.name')).fill('Вход');
	await panel().getByLabel(t('admin.field.branch')).selectOption({ label: 'Клиника на Садовой' });
	await button(panel(), 'admin.make').click();
	const digits = (await admin.locator('.pairing-code').textContent()).trim();
	assert.match(digits, /^\d{6}$/);

	kiosk = await pages.open({ size: tablet });
	await kiosk.goto(`${stack.url}/kiosk/`);
	await kiosk.getByRole('heading', { name: t('kiosk.pair_title') }).waitFor();
	for (const digit of digits)
		await kiosk.getByRole('button', { name: digit, exact: true }).tap();
	await kiosk.locator('.board[data-code="shown"]').waitFor();
	await kiosk.getByText('Клиника на Садовой').waitFor();

	await admin.getByText(t('admin.pairing.done', { name: 'Вход' })).waitFor();
	await button(admin.getByRole('dialog').last(), 'common.close').click();
	await admin.getByRole('row', { name: new RegExp(t('admin.terminal.alive')) }).waitFor();
});

test('a picture of the tablet is read by two readers, as the link to the Mini App', async () => {
	const found = await readCodes(await kiosk.screenshot());
	assert.match(found.zbarimg, link);
	assert.match(found.jsqr, link);
});

async function register(person, user) {
	await person.launch(stack.url);
	await screen(person, 'register').waitFor();
	assert.equal(await field(person.page, 'admin.field.last_name').inputValue(), user.last_name);
	await field(person.page, 'admin.field.first_name').fill(user.first_name);
	await button(person.page, 'app.phone_telegram').tap();
	await person.answerPhone(true);
	await person.page.waitForFunction(() => document.querySelector('[name="phone"]').value);
	assert.equal(await field(person.page, 'admin.field.phone').inputValue(), '+380501234567');
	await field(person.page, 'admin.field.branch').selectOption({ label: 'Клиника на Садовой' });
	await person.pressMain(t('app.register_send'));
	await screen(person, 'waiting').waitFor();
	await person.page.getByText(t('app.waiting_text', { branch: 'Клиника на Садовой' })).waitFor();
	assert.equal(person.haptics.at(-1), 'success');
}

const seesPending = async (person) => {
	await screen(person, 'waiting').waitFor();
	await person.page.getByText(t('app.pending', { n: 1 })).waitFor();
	await person.page.getByText(t('app.pending_text')).waitFor();
};

test('a stranger registers, and scans by the link that the camera opens', async () => {
	vera = await openTelegram(pages, { user: vera_user });
	await register(vera, vera_user);
	await vera.launch(stack.url, { start_param: await codeOnTablet() });
	await seesPending(vera);
});

test('another one registers and scans with Telegram\'s scanner', async () => {
	oleg = await openTelegram(pages, { user: oleg_user, theme: 'dark' });
	await register(oleg, oleg_user);
	await oleg.pressMain(t('app.scan'));
	await oleg.holdCamera(`https://t.me/tabel_demo_bot/app?startapp=${await codeOnTablet()}`);
	await seesPending(oleg);
});

test('the administrator sees both with their scans and confirms them', async () => {
	await section('registrations').click();
	for (const [user, manager] of [[vera_user, false], [oleg_user, true]]) {
		const name = `${user.last_name} ${user.first_name}`;
		const card = admin.getByRole('article').filter({ has: admin.getByRole('heading', { name }) });
		await card.getByText(t('admin.registration.verified')).waitFor();
		assert.equal(await card.getByText(t('admin.field.pending_scans')).count(), 1);
		assert.equal(await card.locator('li time').count(), 1);
		await card.getByLabel(t('admin.field.position')).selectOption({ label: 'Медсестра' });
		if (manager)
			await card.getByLabel(t('admin.field.manager')).check();
		await button(card, 'admin.registration.confirm').click();
		await admin.getByText(t('app.confirmed_scans', { name, n: 1 })).waitFor();
		await card.waitFor({ state: 'detached' });
	}
	await admin.getByText(t('admin.empty.registrations.title')).waitFor();
});

test('the Mini App, still open, shows him at work with his first event', async () => {
	await screen(vera, 'home').waitFor();
	await vera.page.locator('.at-work').waitFor();
	assert.match(await vera.page.locator('.state-line').textContent(),
		new RegExp(t('app.at_work', { time: String.raw`\d\d:\d\d` })));
	assert.equal(await vera.page.locator('.timeline .event').count(), 1);
	assert.match(await vera.page.locator('.timeline .event').textContent(), new RegExp(t('app.kind_in')));
});

test('a later scan proposes to leave; the receipt says what was written', async (context) => {
	const code = await codeOnTablet();
	await vera.pressMain(t('app.scan'));
	const [{ last }] = await stack.db('SELECT max(id) AS last FROM claim');

	const began = Date.now();
	await vera.holdCamera(code);
	const greeting = await kiosk.waitForFunction((id) => [...document.querySelectorAll('.echo-line')]
		.find((line) => Number(line.dataset.id) > id)?.textContent, last, { timeout: 5000 });
	context.diagnostic(`the tablet greeted after ${Date.now() - began} ms`);
	assert.match(await greeting.jsonValue(), /^Вера Т\.\d\d:\d\d/);
	assert.notEqual(await codeOnTablet(code), code);

	await screen(vera, 'claim').waitFor();
	const choices = vera.page.locator('.choice');
	assert.match(await choices.nth(0).textContent(), new RegExp(t('app.i_out')));
	assert.match(await choices.nth(0).getAttribute('class'), /primary/);
	assert.match(await choices.nth(1).textContent(), new RegExp(t('app.i_in')));
	await choices.nth(0).tap();
	/* She came a moment ago: is that meant? */
	await vera.page.getByRole('dialog', { name: t('app.leaving') }).waitFor();
	await button(vera.page.getByRole('dialog'), 'app.i_out').tap();

	await screen(vera, 'receipt').waitFor();
	const receipt = await screen(vera, 'receipt').innerText();
	const [event] = await stack.db(`SELECT e.id, e.receipt,
		to_char(e.at AT TIME ZONE $1, 'HH24:MI') AS time
		FROM event e ORDER BY e.id DESC LIMIT 1`, [midday]);
	for (const text of [t('app.written_out'), event.time, 'Клиника на Садовой',
		`№ ${event.id}`, event.receipt.toUpperCase().replace(/^(.{4})(.{4}).*/, '$1-$2')])
		assert.ok(receipt.includes(text), `"${text}" in "${receipt}"`);
	assert.equal(vera.haptics.at(-1), 'success');
	await kiosk.locator('.echo-line', { hasText: t('kiosk.echo_out') }).first().waitFor();

	await vera.pressMain(t('app.done'));
	await screen(vera, 'home').waitFor();
	await vera.page.getByText(t('app.left_at', { time: event.time })).waitFor();
	assert.equal(await vera.page.locator('.timeline .event').count(), 2);
});

test('the same link opened again is no second scan', async () => {
	const [{ count }] = await stack.db('SELECT count(*) FROM claim');
	const code = await codeOnTablet();
	await vera.launch(stack.url, { start_param: code });
	await screen(vera, 'claim').waitFor();
	await vera.page.reload();
	await screen(vera, 'claim').waitFor();
	assert.equal((await stack.db('SELECT count(*) FROM claim'))[0].count, count + 1);

	await oleg.launch(stack.url, { start_param: code });
	await screen(oleg, 'scan-failed').waitFor();
	await oleg.page.getByText(t('fault.CODE_USED')).waitFor();
	assert.equal(oleg.haptics.at(-1), 'error');
});

test('a manager sees who is in; the list follows by itself', async () => {
	await oleg.launch(stack.url);
	await button(oleg.page, 'app.team').tap();
	await screen(oleg, 'team-now').waitFor();
	const group = (name) => screen(oleg, 'team-now').locator('section')
		.filter({ has: oleg.page.getByRole('heading', { name: t(`admin.presence.${name}`) }) });
	await group('in').getByText('Зуев Олег').waitFor();
	await group('out').getByText('Томская Вера').waitFor();

	await vera.page.locator('.choice[data-kind="in"]').tap();
	await screen(vera, 'receipt').waitFor();
	await group('in').getByText('Томская Вера').waitFor();
	await group('out').waitFor({ state: 'detached' });
});

test('a manager sees the days and downloads them as CSV', async () => {
	await button(oleg.page, 'admin.section.days').tap();
	await oleg.page.getByText(t('app.day_empty')).waitFor();	/* yesterday */
	await button(oleg.page, 'app.day_after').tap();
	await screen(oleg, 'team-days').getByText('Томская Вера').waitFor();

	await oleg.page.getByRole('button', { name: 'CSV' }).tap();
	const download = oleg.page.waitForEvent('download');
	await button(oleg.page, 'common.download').tap();
	const [head, ...rows] = parse(await readFile(await (await download).path()), { bom: true });
	assert.deepEqual(head, ['date', 'employee_id', 'personnel_number', 'name', 'branch',
		'first_in', 'last_out', 'worked_hours', 'planned_hours', 'late_minutes', 'early_minutes', 'state']);
	assert.deepEqual(rows.map((row) => row[head.indexOf('name')]).sort(), ['Зуев Олег', 'Томская Вера']);
});

test('the administrator sees it too, and downloads the events', async () => {
	await section('now').click();
	await admin.getByText(t('admin.now.of', { here: 2, all: 2 })).waitFor();
	await section('events').click();
	await admin.getByRole('row', { name: /Томская Вера/ }).first().waitFor();
	assert.equal(await admin.getByRole('row', { name: /Томская Вера/ }).count(), 3);

	await admin.getByText(t('admin.csv'), { exact: true }).click();
	const download = admin.waitForEvent('download');
	await admin.getByRole('button', { name: t('admin.csv.bom') }).click();
	const bytes = await readFile(await (await download).path());
	assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
	const rows = parse(bytes, { bom: true, columns: true });
	assert.deepEqual(rows.map((row) => [row.name, row.kind, row.branch]), [
		['Томская Вера', 'in', 'Клиника на Садовой'], ['Зуев Олег', 'in', 'Клиника на Садовой'],
		['Томская Вера', 'out', 'Клиника на Садовой'], ['Томская Вера', 'in', 'Клиника на Садовой']]);
});
