/* tabelctl bot: what an operator is told, against the Bot API's stand-in. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { botToken, startStack } from '../harness.mjs';
import { startTelegram } from '../telegram.mjs';

const run = promisify(execFile);
const secret = 'sesame_0123456789-open';
const catalogue = async (l) => JSON.parse(await readFile(new URL(`../../static/i18n/${l}.json`, import.meta.url), 'utf8'));
let telegram, stack;

before(async () => {
	telegram = await startTelegram(botToken);
	stack = await startStack({ workers: 1, conf: { TELEGRAM_API_URL: telegram.url, BOT_WEBHOOK_SECRET: secret } });
});
after(async () => {
	await stack?.stop();
	await telegram?.stop();
});
beforeEach(() => {
	telegram.webhook = { url: '' };
	telegram.commands = {};
	telegram.menu = undefined;
});

const ctl = (word, env = {}) => run(join(stack.dir, 'bin/tabelctl'), ['bot', word],
	{ env: { ...process.env, TABEL_CONF: join(stack.dir, 'tabel.conf'), PUBLIC_URL: 'https://tabel.example', ...env } });
const fails = (word, env, why) => assert.rejects(ctl(word, env), (error) => {
	assert.match(error.stderr, why);
	assert.ok(!error.stderr.includes(botToken.split(':')[1]));
	return error.code === 1;
});

test('setup tells Telegram all it must know', async () => {
	const { stdout } = await ctl('setup');
	assert.match(stdout, /bot @tabel_demo_bot\nprivacy mode on/);
	assert.match(stdout, /is set up, updates come by webhook/);
	assert.deepEqual(telegram.refusals, []);
	assert.deepEqual([telegram.webhook.url, telegram.webhook.secret_token],
		['https://tabel.example/api/bot/webhook', secret]);
	assert.deepEqual(telegram.webhook.allowed_updates, ['message', 'callback_query', 'my_chat_member']);
	for (const l of ['ru', 'uk', 'en'])
		assert.equal(telegram.commands[l].find((c) => c.command === 'who').description, (await catalogue(l))['bot.command.who']);
	assert.deepEqual(telegram.commands[''], telegram.commands.ru);
	assert.equal(telegram.menu.web_app.url, 'https://tabel.example/app/');
	assert.match((await ctl('check')).stdout, /All is well/);
});

test('without HTTPS it says what to do; polling needs no webhook', async () => {
	await fails('setup', { PUBLIC_URL: 'http://tabel.example' }, /HTTPS only\. Without it set BOT_MODE=polling/);
	await fails('setup', { PUBLIC_URL: 'https://tabel.example:4430' }, /ports 443, 80, 88 and 8443/);
	await fails('setup', { BOT_WEBHOOK_SECRET: 'short' }, /at least 16 characters/);
	assert.equal(telegram.webhook.url, '');
	telegram.webhook = { url: 'https://elsewhere.example' };
	const polling = { PUBLIC_URL: 'http://127.0.0.1:8080', BOT_MODE: 'polling' };
	await fails('check', polling, /but Telegram calls https:\/\/elsewhere/);
	const { stdout } = await ctl('setup', polling);
	assert.match(stdout, /no menu button[^]*come by polling/);
	assert.equal(telegram.webhook.url, '');
	assert.match((await ctl('check', polling)).stdout, /All is well/);
});

test('check is a doctor', async () => {
	await fails('check', {}, /Telegram calls nobody, not https:\/\/tabel\.example/);
	await ctl('setup');
	await fails('check', { BOT_USERNAME: 'other_bot' }, /token is of @tabel_demo_bot, but BOT_USERNAME is other_bot/);
	Object.assign(telegram.webhook, { last_error_message: 'Connection refused', last_error_date: Math.floor(Date.now() / 1000) });
	await fails('check', {}, /last call failed: Connection refused/);
	await ctl('setup');
	telegram.webhook.allowed_updates = ['message', 'callback_query'];
	await fails('check', {}, /does not send all kinds of updates/);
	telegram.webhook.allowed_updates = [];
	assert.match((await ctl('check')).stdout, /All is well/);
	assert.match((await ctl('setup', { BOT_MODE: 'off' })).stdout, /takes no updates: BOT_MODE is off/);
	await fails('check', { BOT_TOKEN: '1:wrong' }, /Unauthorized[^]*Is BOT_TOKEN the token/);
	await fails('check', { TELEGRAM_API_URL: 'http://127.0.0.1:9' }, /TELEGRAM_API_URL right/);
	await fails('check', { BOT_MODE: 'sometimes' }, /BOT_MODE: must be webhook, polling or off/);
});
