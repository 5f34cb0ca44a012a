/*
 * Talking to the bot as Telegram lets people do it: updates go in through the
 * webhook, the worker runs, the stand-in sees what is said.
 *
 *	const chat = await openChat();
 *	await chat.talk(7, '/start');		// what was said last
 *	await chat.press(7, message, 'r:1:c:1:1');	// what the press was told
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { botToken, startStack } from './harness.mjs';
import { startTelegram } from './telegram.mjs';

const run = promisify(execFile);
const secret = 'sesame_0123456789-open';
export const texts = JSON.parse(await readFile(new URL('../static/i18n/ru.json', import.meta.url), 'utf8'));

export async function openChat({ conf, ...options } = {}) {
	const telegram = await startTelegram(botToken);
	const stack = await startStack({ ...options,
		conf: { TELEGRAM_API_URL: telegram.url, BOT_WEBHOOK_SECRET: secret, ...conf } });
	await run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), 'stop', 'worker']);
	let update_id = 1000, message_id = 5000;
	const from = (id, more) => ({ id, is_bot: false, first_name: 'Вера', language_code: 'ru', ...more });
	const chat = {
		telegram, stack,
		hook: (body) => stack.api('POST', '/bot/webhook',
			{ body, headers: { 'x-telegram-bot-api-secret-token': secret } }),
		async send(update) {
			const answer = await chat.hook({ update_id: ++update_id, ...update });
			assert.equal(answer.status, 204, JSON.stringify(answer.body));
			return update_id;
		},
		/* Writes without letting the worker run. */
		write: (id, more) => chat.send({ message: { message_id: ++message_id, date: 1,
			chat: { id, type: 'private' }, ...(typeof more === 'string' ? { text: more } : more),
			from: from(id, more.from) } }),
		async work() {
			await stack.worker();
			assert.deepEqual(telegram.refusals, []);
		},
		said: (id) => telegram.sent.filter((m) => m.chat_id === id).map((m) => m.text),
		last: (id, of = /(?:)/) => telegram.sent.findLast((m) => m.chat_id === id && of.test(m.text)),
		async talk(id, ...words) {
			for (const one of words)
				await chat.write(id, one);
			await chat.work();
			return chat.said(id).at(-1);
		},
		async press(id, message, data, { chat_id = id, ...more } = {}) {
			const callback = `q${++update_id}`;
			telegram.presses.add(callback);
			await chat.send({ callback_query: { id: callback, from: from(id), chat_instance: '1', data,
				message: { message_id: message?.message_id ?? 1, date: 0, chat: { id: chat_id, type: 'private' } }, ...more } });
			await chat.work();
			const answer = telegram.answers.find((a) => a.callback_query_id === callback);
			assert.ok(answer, 'every press is answered');
			return answer.text;
		},
		async stop() {
			await stack.stop();
			await telegram.stop();
		},
	};
	return chat;
}

/* What the button of that text says when it is pressed. */
export const button = (message, text) => {
	const found = message.reply_markup?.inline_keyboard.flat().find((b) => b.text === text);
	assert.ok(found, `${text}: ${JSON.stringify(message.reply_markup)}`);
	return found.callback_data;
};
