/*
 * A stand-in for the Bot API server, stricter than the real one: what
 * Telegram would overlook (an unknown parameter, a wrong content type) is
 * refused here, so that a test sees it.  The bodies of errors are those that
 * the real server sends (https://core.telegram.org/bots/api#making-requests).
 *
 *	const telegram = await startTelegram(token);
 *	telegram.failNext({ error_code: 429, retry_after: 3 });
 *	await telegram.arrived(2);	// until two messages were accepted
 *	telegram.sent[0]		// { chat_id, text, html, at, ... }
 *	telegram.updates.push({...});	// for getUpdates
 */
import { once, EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { plainText } from './telegram_html.mjs';

/* Parameters of the methods; the first ones are required. */
const methods = {
	answerCallbackQuery: {
		run: answerCallbackQuery,
		required: ['callback_query_id'],
		optional: ['text', 'show_alert', 'url', 'cache_time'],
	},
	deleteWebhook: { run: deleteWebhook, required: [], optional: ['drop_pending_updates'] },
	editMessageText: {
		run: editMessageText,
		required: ['chat_id', 'message_id', 'text'],
		optional: ['business_connection_id', 'entities', 'link_preview_options', 'parse_mode',
			'reply_markup'],
	},
	getMe: { run: getMe, required: [], optional: [] },
	getUpdates: {
		run: getUpdates,
		required: [],
		optional: ['offset', 'limit', 'timeout', 'allowed_updates'],
	},
	getWebhookInfo: { run: getWebhookInfo, required: [], optional: [] },
	sendMessage: {
		run: sendMessage,
		required: ['chat_id', 'text'],
		optional: ['allow_paid_broadcast', 'business_connection_id', 'callback_query_id',
			'direct_messages_topic_id', 'disable_notification', 'entities',
			'link_preview_options', 'message_effect_id', 'message_thread_id', 'parse_mode',
			'protect_content', 'receiver_user_id', 'reply_markup', 'reply_parameters',
			'suggested_post_parameters'],
	},
	setChatMenuButton: {
		run: setChatMenuButton,
		required: [],
		optional: ['chat_id', 'menu_button'],
	},
	setMyCommands: {
		run: setMyCommands,
		required: ['commands'],
		optional: ['scope', 'language_code'],
	},
	setWebhook: {
		run: setWebhook,
		required: ['url'],
		optional: ['allowed_updates', 'certificate', 'drop_pending_updates', 'ip_address',
			'max_connections', 'secret_token'],
	},
};

class Refusal extends Error {
	constructor(error_code, description, parameters) {
		super(description);
		this.body = { ok: false, error_code, description, ...(parameters && { parameters }) };
	}
}

const bad = (text) => new Refusal(400, `Bad Request: ${text}`);

/* The usual failures, by what failNext() is given. */
function failureOf({ error_code, description, retry_after, migrate_to_chat_id }) {
	if (error_code === 429)
		return new Refusal(429, `Too Many Requests: retry after ${retry_after}`, { retry_after });
	if (migrate_to_chat_id)
		return new Refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat',
			{ migrate_to_chat_id });
	const usual = {
		400: 'Bad Request: chat not found',
		401: 'Unauthorized',
		403: 'Forbidden: bot was blocked by the user',
		500: 'Internal Server Error',
	};
	return new Refusal(error_code, description ?? usual[error_code]);
}

function getMe(bot) {
	return {
		id: bot.id, is_bot: true, first_name: 'Табель', username: 'tabel_demo_bot',
		can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false,
	};
}

function only(object, where, names) {
	for (const name of Object.keys(object))
		if (!names.includes(name))
			throw bad(`${where} has no field "${name}"`);
}

function isText(text, most) {
	return typeof text === 'string' && text.trim() !== '' && text.length <= most;
}

/* Rows of buttons, each of which does exactly one thing. */
function checkRows(rows, where, does, extra = []) {
	if (!Array.isArray(rows) || rows.some((row) => !Array.isArray(row)))
		throw bad(`field "${where}" must be an array of arrays`);
	if (rows.flat().length > 100)
		throw bad('too many buttons');
	for (const button of rows.flat()) {
		only(button, where, ['text', ...does, ...extra]);
		if (!isText(button.text, 256))
			throw bad('text buttons are unallowed: no text');
		const things = does.filter((name) => button[name] !== undefined);
		if (where === 'inline_keyboard' ? things.length !== 1 : things.length > 1)
			throw bad('text buttons are unallowed in the inline keyboard');
		if (button.callback_data !== undefined &&
		    !/^.{1,64}$/s.test(Buffer.from(button.callback_data).toString('latin1')))
			throw bad('BUTTON_DATA_INVALID');
		if (button.web_app !== undefined && !button.web_app.url?.startsWith('https://'))
			throw bad('inline keyboard button Web App URL is invalid: Only HTTPS links are allowed');
	}
}

function checkMarkup(markup, chat_id) {
	if (markup === undefined)
		return;
	if (markup === null || typeof markup !== 'object')
		throw bad('object expected as reply markup');
	if (markup.inline_keyboard !== undefined) {
		only(markup, 'reply_markup', ['inline_keyboard']);
		checkRows(markup.inline_keyboard, 'inline_keyboard', ['url', 'callback_data', 'web_app']);
	} else if (markup.keyboard !== undefined) {
		only(markup, 'reply_markup',
			['keyboard', 'is_persistent', 'resize_keyboard', 'one_time_keyboard',
				'input_field_placeholder', 'selective']);
		checkRows(markup.keyboard, 'keyboard', ['request_contact', 'request_location', 'web_app']);
		if (chat_id < 0 && markup.keyboard.flat().some((b) => b.request_contact))
			throw bad('phone number can be requested in private chats only');
	} else if (markup.remove_keyboard === true) {
		only(markup, 'reply_markup', ['remove_keyboard', 'selective']);
	} else {
		throw bad('object expected as reply markup');
	}
}

/* What a message would say, or why it cannot. */
function plainOf(given) {
	const { text } = given;
	if (typeof text !== 'string')
		throw bad('message text is empty');
	if (given.parse_mode !== undefined && given.parse_mode !== 'HTML')
		throw bad('unsupported parse_mode');
	const plain = given.parse_mode ? plainText(text, bad) : text;
	if (plain.trim() === '')
		throw bad('message text is empty');
	if (plain.length > 4096)
		throw bad('message is too long');
	checkMarkup(given.reply_markup, given.chat_id);
	return plain;
}

function messageOf(bot, message) {
	return {
		message_id: message.message_id,
		from: { id: bot.id, is_bot: true, first_name: 'Табель', username: 'tabel_demo_bot' },
		chat: { id: message.chat_id, type: message.chat_id < 0 ? 'supergroup' : 'private' },
		date: Math.floor(message.at / 1000),
		text: message.text,
		...(message.reply_markup?.inline_keyboard && { reply_markup: message.reply_markup }),
	};
}

function sendMessage(bot, given) {
	const { chat_id, text } = given;
	if (!Number.isSafeInteger(chat_id) && !/^@[A-Za-z]\w{3,31}$/.test(chat_id))
		throw bad('chat not found');
	const plain = plainOf(given);
	if (bot.blocked.has(chat_id))
		throw failureOf({ error_code: 403 });
	if (bot.moved.has(chat_id))
		throw failureOf({ migrate_to_chat_id: bot.moved.get(chat_id) });
	const message = { ...given, text: plain, html: text, message_id: ++bot.messages, at: Date.now() };
	bot.sent.push(message);
	bot.events.emit('sent');
	return messageOf(bot, message);
}

function editMessageText(bot, given) {
	const message = bot.sent.find((m) =>
		m.chat_id === given.chat_id && m.message_id === given.message_id);
	if (!message)
		throw bad('message to edit not found');
	const text = plainOf(given);
	if (given.reply_markup && !given.reply_markup.inline_keyboard)
		throw bad('inline keyboard expected');
	if (message.html === given.text &&
	    JSON.stringify(message.reply_markup) === JSON.stringify(given.reply_markup))
		throw bad('message is not modified: specified new message content and reply markup are ' +
			'exactly the same as a current content and reply markup of the message');
	Object.assign(message, { text, html: given.text, reply_markup: given.reply_markup });
	bot.edits.push({ ...given, text, html: given.text, at: Date.now() });
	bot.events.emit('edited');
	return messageOf(bot, message);
}

function answerCallbackQuery(bot, given) {
	if (typeof given.callback_query_id !== 'string' || !bot.presses.has(given.callback_query_id))
		throw bad('query is too old and response timeout expired or query ID is invalid');
	if (given.text !== undefined && !isText(given.text, 200))
		throw bad('MESSAGE_TOO_LONG');
	bot.presses.delete(given.callback_query_id);
	bot.answers.push(given);
	bot.events.emit('answered');
	return true;
}

function getUpdates(bot, { offset = 0, limit = 100, timeout = 0 }) {
	if (bot.webhook.url)
		throw new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; " +
			'use deleteWebhook to delete the webhook first');
	if (!(limit >= 1 && limit <= 100) || !(timeout >= 0 && timeout <= 50))
		throw bad('wrong limit or timeout');
	const rest = bot.updates.filter((u) => u.update_id >= offset);
	bot.updates.splice(0, bot.updates.length, ...rest);
	bot.offsets.push(offset);
	if (rest.length > 0 || timeout === 0)
		return rest.slice(0, limit);
	/* Until one comes, as the real server does. */
	return once(bot.events, 'update', { signal: AbortSignal.timeout(timeout * 1000) })
		.catch(() => {}).then(() => bot.updates.filter((u) => u.update_id >= offset).slice(0, limit));
}

function setWebhook(bot, given) {
	const url = given.url === '' ? null : new URL(given.url);
	if (url && url.protocol !== 'https:')
		throw bad('bad webhook: An HTTPS URL must be provided for webhook');
	if (url && !['', '443', '80', '88', '8443'].includes(url.port))
		throw bad('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
	if (given.secret_token !== undefined && !/^[\w-]{1,256}$/.test(given.secret_token))
		throw bad('secret token contains unallowed characters');
	if (given.max_connections !== undefined &&
	    !(given.max_connections >= 1 && given.max_connections <= 100))
		throw bad('wrong max_connections');
	bot.webhook = url ? { ...given } : { url: '' };
	return true;
}

function deleteWebhook(bot) {
	bot.webhook = { url: '' };
	return true;
}

function getWebhookInfo(bot) {
	const { secret_token, drop_pending_updates, ...info } = bot.webhook;
	return { has_custom_certificate: false, pending_update_count: bot.updates.length, ...info };
}

function setMyCommands(bot, { commands, language_code = '' }) {
	if (!Array.isArray(commands) || commands.length > 100)
		throw bad('too many commands');
	for (const { command, description, ...more } of commands)
		if (!/^[a-z0-9_]{1,32}$/.test(command) || !isText(description, 256) ||
		    Object.keys(more).length > 0)
			throw bad('BOT_COMMAND_INVALID');
	if (!/^([a-z]{2})?$/.test(language_code))
		throw bad('LANG_CODE_INVALID');
	bot.commands[language_code] = commands;
	return true;
}

function setChatMenuButton(bot, { menu_button }) {
	if (menu_button?.type === 'web_app' &&
	    !(isText(menu_button.text, 64) && menu_button.web_app?.url?.startsWith('https://')))
		throw bad('menu button Web App URL is invalid: Only HTTPS links are allowed');
	bot.menu = menu_button;
	return true;
}

/* Numbers and objects come as JSON text in a query or a form. */
function fromForm(pairs) {
	const given = {};
	for (const [name, value] of pairs) {
		if (name in given)
			throw bad(`parameter "${name}" is given twice`);
		const json = /^(-?\d+|true|false|[[{].*)$/s.test(value) &&
			!['text', 'callback_query_id'].includes(name);
		given[name] = json ? JSON.parse(value) : value;
	}
	return given;
}

function parametersOf(request, url, body) {
	const type = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
	if (request.method === 'GET' || body === '')
		return fromForm(url.searchParams);
	if (url.search)
		throw bad('parameters both in the address and in the body');
	if (type === 'application/x-www-form-urlencoded')
		return fromForm(new URLSearchParams(body));
	if (type !== 'application/json')
		throw bad(`content type "${type}"`);
	let given;
	try {
		given = JSON.parse(body);
	} catch {
		throw bad("can't parse JSON object");
	}
	if (given === null || typeof given !== 'object' || Array.isArray(given))
		throw bad('object expected');
	return given;
}

function methodOf(bot, request, url) {
	const found = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname);
	if (!found || !['GET', 'POST'].includes(request.method))
		throw new Refusal(404, 'Not Found');
	if (decodeURIComponent(found[1]) !== bot.token)
		throw new Refusal(401, 'Unauthorized');
	const name = Object.keys(methods).find((m) => m.toLowerCase() === found[2].toLowerCase());
	if (!name)
		throw new Refusal(404, 'Not Found: method not found');
	return methods[name];
}

function check(method, given) {
	for (const name of method.required)
		if (given[name] === undefined || (given[name] === '' && name !== 'url'))
			throw bad(name === 'text' ? 'message text is empty' : `${name} is empty`);
	for (const name of Object.keys(given))
		if (![...method.required, ...method.optional].includes(name))
			throw bad(`there is no parameter "${name}"`);
}

async function handle(bot, request, response) {
	const chunks = [];
	for await (const chunk of request)
		chunks.push(chunk);
	const body = Buffer.concat(chunks).toString();
	const failure = bot.failures.shift();
	bot.requests++;
	bot.events.emit('request');
	if (failure?.drop === 'before')
		return request.socket.destroy();
	if (failure?.hang === true)
		return undefined;
	let answer;
	try {
		const url = new URL(request.url, 'http://telegram.invalid');
		const method = methodOf(bot, request, url);
		const given = parametersOf(request, url, body);
		check(method, given);
		if (failure?.error_code || failure?.migrate_to_chat_id)
			throw failureOf(failure);
		answer = { ok: true, result: await method.run(bot, given) };
	} catch (error) {
		if (!(error instanceof Refusal))
			throw error;
		answer = error.body;
		bot.refusals.push({ ...answer, at: Date.now() });
	}
	if (failure?.drop === 'after')
		return request.socket.destroy();
	if (failure?.hang === 'after')
		return undefined;
	const status = answer.ok ? 200 : answer.error_code;
	const retry = answer.parameters?.retry_after;
	response.writeHead(failure?.html ? 502 : status, {
		'content-type': failure?.html ? 'text/html' : 'application/json',
		...(retry && { 'retry-after': retry }),
	});
	response.end(failure?.html ?? JSON.stringify(answer));
}

export async function startTelegram(token) {
	const bot = {
		token, id: Number(token.split(':')[0]), events: new EventEmitter(),
		sent: [],		/* messages that were accepted, as they are now */
		edits: [],		/* changes of them */
		presses: new Set(),	/* callback queries that wait for an answer */
		answers: [],		/* to them */
		updates: [],		/* for getUpdates; addUpdate() wakes who waits */
		offsets: [],		/* that getUpdates was called with */
		webhook: { url: '' },
		commands: {},		/* by language */
		messages: 0,
		refusals: [],		/* bodies of errors */
		requests: 0,
		blocked: new Set(),	/* chats that answer 403 */
		moved: new Map(),	/* chat -> the supergroup it has become */
		failures: [],

		/*
		 * What happens to the next request instead: { error_code,
		 * retry_after | description }, { migrate_to_chat_id },
		 * { drop: 'before' | 'after' } it was done, { hang: true | 'after' },
		 * { html: text }.
		 */
		failNext: (...failures) => bot.failures.push(...failures),
		/* Until so many messages, or requests, have come in all. */
		arrived: (n) => until(() => bot.sent.length >= n, 'sent'),
		asked: (n) => until(() => bot.requests >= n, 'request'),
		edited: (n) => until(() => bot.edits.length >= n, 'edited'),
		answered: (n) => until(() => bot.answers.length >= n, 'answered'),
		addUpdate(...updates) {
			bot.updates.push(...updates);
			bot.events.emit('update');
		},
		async stop() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
	const until = async (enough, event) => {
		const signal = AbortSignal.timeout(30_000);
		while (!enough())
			await once(bot.events, event, { signal });
	};
	const server = createServer((request, response) =>
		handle(bot, request, response).catch((error) => response.destroy(error)));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	bot.url = `http://127.0.0.1:${server.address().port}`;
	return bot;
}
