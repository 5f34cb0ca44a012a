/*
 * The stand-in for Telegram holds for libraries that others have written for
 * the real one: bots of grammY and of Telegraf live against it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Bot } from 'grammy';
import { Telegraf } from 'telegraf';
import { botToken } from '../harness.mjs';
import { startTelegram } from '../telegram.mjs';

const words = { parse_mode: 'HTML', reply_markup: { inline_keyboard: [[{ text: 'Ещё', callback_data: 'more' }]] } };
const greet = (ctx) => ctx.reply(`Здравствуйте, <b>${ctx.from.first_name}</b>`, words);
const commands = [{ command: 'start', description: 'Начать' }];

/* The same bot, twice: started, stopped, and what it asks the server for. */
const libraries = {
	grammY(apiRoot) {
		const bot = new Bot(botToken, { client: { apiRoot } });
		bot.command('start', greet);
		bot.on('callback_query:data', async (ctx) => {
			await ctx.editMessageText(`Нажато: ${ctx.callbackQuery.data}`);
			await ctx.answerCallbackQuery({ text: 'Принято', show_alert: true });
		});
		let done;
		return { api: bot.api, start: () => { done = bot.start(); }, stop: async () => { await bot.stop(); await done; },
			webhook: (url, more) => bot.api.setWebhook(url, more),
			describe: (list, language_code) => bot.api.setMyCommands(list, { language_code }),
			edit: (...words) => bot.api.editMessageText(...words),
			press: (id) => bot.api.answerCallbackQuery(id),
			poll: () => bot.api.getUpdates(),
			menu: (menu_button) => bot.api.setChatMenuButton({ menu_button }) };
	},
	Telegraf(apiRoot) {
		const bot = new Telegraf(botToken, { telegram: { apiRoot } });
		bot.command('start', greet);
		bot.on('callback_query', async (ctx) => {
			await ctx.editMessageText(`Нажато: ${ctx.callbackQuery.data}`);
			await ctx.answerCbQuery('Принято', { show_alert: true });
		});
		let done;
		return { api: bot.telegram, start: () => { done = bot.launch(); }, stop: async () => { bot.stop(); await done; },
			webhook: (url, more) => bot.telegram.setWebhook(url, more),
			describe: (list, language_code) => bot.telegram.setMyCommands(list, { language_code }),
			edit: (chat_id, message_id, text) => bot.telegram.editMessageText(chat_id, message_id, undefined, text),
			press: (id) => bot.telegram.answerCbQuery(id),
			poll: () => bot.telegram.callApi('getUpdates', {}),
			menu: (menuButton) => bot.telegram.setChatMenuButton({ menuButton }) };
	},
};

for (const [name, library] of Object.entries(libraries))
	describe(name, () => {
		const person = { id: 7, is_bot: false, first_name: 'Вера' }, chat = { id: 7, type: 'private' };

		test('polls, answers a command, changes its message when a button is pressed', async (t) => {
			const telegram = await startTelegram(botToken);
			const bot = library(telegram.url);
			t.after(() => telegram.stop());
			bot.start();
			telegram.addUpdate({ update_id: 11, message: { message_id: 1, date: 1, chat, from: person, text: '/start',
				entities: [{ type: 'bot_command', offset: 0, length: 6 }] } });
			await telegram.arrived(1);
			const [sent] = telegram.sent;
			assert.deepEqual([sent.chat_id, sent.text, sent.reply_markup], [7, 'Здравствуйте, Вера', words.reply_markup]);

			telegram.presses.add('q1');
			telegram.addUpdate({ update_id: 12, callback_query: { id: 'q1', from: person, chat_instance: '1', data: 'more',
				message: { message_id: sent.message_id, date: 1, chat, text: sent.text } } });
			await telegram.answered(1);
			assert.deepEqual([telegram.edits[0].text, telegram.sent[0].text], ['Нажато: more', 'Нажато: more']);
			assert.deepEqual([telegram.answers[0].text, telegram.answers[0].show_alert], ['Принято', true]);
			await bot.stop();
			assert.deepEqual(telegram.refusals, []);
			assert.ok(telegram.offsets.includes(12));
		});

		test('is told of failures in the words it knows', async (t) => {
			const telegram = await startTelegram(botToken);
			const bot = library(telegram.url);
			t.after(() => telegram.stop());
			const of = (error) => error.response ?? error;
			const refused = (promise, code, why, more = {}) => assert.rejects(promise, (error) => {
				const { error_code, description, parameters = {} } = of(error);
				assert.deepEqual([error_code, parameters], [code, more]);
				return why.test(description);
			});
			telegram.blocked.add(8);
			await refused(bot.api.sendMessage(8, 'x'), 403, /^Forbidden: bot was blocked by the user$/);
			telegram.moved.set(-9, -1009);
			await refused(bot.api.sendMessage(-9, 'x'), 400, /upgraded to a supergroup/, { migrate_to_chat_id: -1009 });
			telegram.failNext({ error_code: 429, retry_after: 5 });
			await refused(bot.api.sendMessage(7, 'x'), 429, /retry after 5/, { retry_after: 5 });
			await refused(bot.api.sendMessage(7, '<b>x', { parse_mode: 'HTML' }), 400, /can't parse entities/i);
			await refused(bot.press('old'), 400, /query is too old/);
			await refused(bot.edit(7, 99, 'x'), 400, /message to edit not found/);
		});

		test('sets a webhook, which ends polling, commands and a menu', async (t) => {
			const telegram = await startTelegram(botToken);
			const bot = library(telegram.url);
			t.after(() => telegram.stop());
			await bot.webhook('https://tabel.example/api/bot/webhook',
				{ secret_token: 'sesame', allowed_updates: ['message'], max_connections: 40 });
			const info = await bot.api.getWebhookInfo();
			assert.deepEqual([info.url, info.secret_token], ['https://tabel.example/api/bot/webhook', undefined]);
			await assert.rejects(bot.webhook('http://tabel.example/'), /HTTPS URL must be provided/);
			await assert.rejects(bot.poll(), /Conflict/);
			await bot.api.deleteWebhook();
			assert.equal((await bot.api.getWebhookInfo()).url, '');
			await bot.describe(commands, 'ru');
			assert.deepEqual(telegram.commands.ru, commands);
			await bot.menu({ type: 'web_app', text: 'Отметиться', web_app: { url: 'https://tabel.example/app/' } });
			assert.equal(telegram.menu.text, 'Отметиться');
		});
	});
