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
 */
import { once, EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { plainText } from './telegram_html.mjs';

/* Parameters of the methods; the first ones are required. */
const methods = {
	getMe: { run: getMe, required: [], optional: [] },
	sendMessage: {
		run: sendMessage,
		required: ['chat_id', 'text'],
		optional: ['allow_paid_broadcast', 'business_connection_id', 'callback_query_id',
			'direct_messages_topic_id', 'disable_notification', 'entities',
			'link_preview_options', 'message_effect_id', 'message_thread_id', 'parse_mode',
			'protect_content', 'receiver_user_id', 'reply_markup', 'reply_parameters',
			'suggested_post_parameters'],
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

function sendMessage(bot, given) {
	const { chat_id, text } = given;
	if (!Number.isSafeInteger(chat_id) && !/^@[A-Za-z]\w{3,31}$/.test(chat_id))
		throw bad('chat not found');
	if (typeof text !== 'string')
		throw bad('message text is empty');
	if (given.parse_mode !== undefined && given.parse_mode !== 'HTML')
		throw bad('unsupported parse_mode');
	const plain = given.parse_mode ? plainText(text, bad) : text;
	if (plain.trim() === '')
		throw bad('message text is empty');
	if (plain.length > 4096)
		throw bad('message is too long');
	if (bot.blocked.has(chat_id))
		throw failureOf({ error_code: 403 });
	if (bot.moved.has(chat_id))
		throw failureOf({ migrate_to_chat_id: bot.moved.get(chat_id) });
	const message_id = bot.sent.length + 1;
	bot.sent.push({ ...given, text: plain, html: text, message_id, at: Date.now() });
	bot.events.emit('sent');
	return {
		message_id,
		from: { id: bot.id, is_bot: true, first_name: 'Табель', username: 'tabel_demo_bot' },
		chat: { id: chat_id, type: chat_id < 0 ? 'supergroup' : 'private' },
		date: Math.floor(Date.now() / 1000),
		text: plain,
	};
}

/* Numbers and objects come as JSON text in a query or a form. */
function fromForm(pairs) {
	const given = {};
	for (const [name, value] of pairs) {
		if (name in given)
			throw bad(`parameter "${name}" is given twice`);
		const json = /^(-?\d+|true|false|[[{].*)$/s.test(value) && name !== 'text';
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
		if (given[name] === undefined || given[name] === '')
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
	if (failure?.hang)
		return undefined;
	let answer;
	try {
		const url = new URL(request.url, 'http://telegram.invalid');
		const method = methodOf(bot, request, url);
		const given = parametersOf(request, url, body);
		check(method, given);
		if (failure?.error_code || failure?.migrate_to_chat_id)
			throw failureOf(failure);
		answer = { ok: true, result: method.run(bot, given) };
	} catch (error) {
		if (!(error instanceof Refusal))
			throw error;
		answer = error.body;
		bot.refusals.push({ ...answer, at: Date.now() });
	}
	if (failure?.drop === 'after')
		return request.socket.destroy();
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
		sent: [],		/* messages that were accepted */
		refusals: [],		/* bodies of errors */
		requests: 0,
		blocked: new Set(),	/* chats that answer 403 */
		moved: new Map(),	/* chat -> the supergroup it has become */
		failures: [],

		/*
		 * What happens to the next request instead: { error_code,
		 * retry_after | description }, { migrate_to_chat_id },
		 * { drop: 'before' | 'after' } it was done, { hang: true },
		 * { html: text }.
		 */
		failNext: (...failures) => bot.failures.push(...failures),
		/* Until so many messages, or requests, have come in all. */
		arrived: (n) => until(() => bot.sent.length >= n, 'sent'),
		asked: (n) => until(() => bot.requests >= n, 'request'),
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
