/*
 * A stand-in for the Telegram app around the Mini App, as Android's has it:
 * window.TelegramWebviewProxy takes the page's events, and what the person
 * does outside the page (main button, scanner, contact) is done here.
 * https://core.telegram.org/api/web-events
 *
 *	const anna = await openTelegram(pages, { user: { id: 7, first_name: 'Анна' } });
 *	await anna.launch(stack.url);			// or { start_param: code }
 *	await anna.pressMain('Отсканировать код');
 *	await anna.holdCamera(code);
 *
 * It is stricter than any client: an event that it does not know, or that is
 * newer than its version, or whose data no client would take, is a fault of
 * the page.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { botToken, initData } from '../harness.mjs';
import { phone } from './lib.mjs';

const patience_ms = 15_000;

/* The themes of Telegram for Android and Desktop as they come. */
export const themes = {
	light: {
		bg_color: '#ffffff', text_color: '#000000', hint_color: '#a8a8a8', link_color: '#2678b6',
		button_color: '#50a8eb', button_text_color: '#ffffff', secondary_bg_color: '#f0f0f0',
		header_bg_color: '#527da3', accent_text_color: '#1c93e3', section_bg_color: '#ffffff',
		section_header_text_color: '#3a95d5', section_separator_color: '#d9d9d9',
		subtitle_text_color: '#82868a', destructive_text_color: '#cc2929', bottom_bar_bg_color: '#f0f0f0',
	},
	dark: {
		bg_color: '#17212b', text_color: '#f5f5f5', hint_color: '#708499', link_color: '#6ab3f3',
		button_color: '#5288c1', button_text_color: '#ffffff', secondary_bg_color: '#232e3c',
		header_bg_color: '#17212b', accent_text_color: '#6ab2f2', section_bg_color: '#17212b',
		section_header_text_color: '#6ab3f3', section_separator_color: '#111921',
		subtitle_text_color: '#708499', destructive_text_color: '#ec3942', bottom_bar_bg_color: '#17212b',
	},
};

const is = {
	bool: (v) => typeof v === 'boolean',
	colour: (v) => /^#[\da-f]{6}$/.test(v),
	id: (v) => /^\w{1,64}$/.test(v),
	object: (v) => typeof v === 'object' && v !== null,
	text64: (v) => typeof v === 'string' && v.trim().length > 0 && v.length <= 64,
	words: (...words) => (v) => words.includes(v),
};

const shown_button = {
	is_visible: is.bool, is_active: is.bool, is_progress_visible: is.bool, text: is.text64,
	color: is.colour, text_color: is.colour, has_shine_effect: is.bool,
};

/* Since which version, what data, and what the client does about it. */
const events = {
	web_app_ready: { since: '6.0', does: (t) => { t.ready = true; } },
	web_app_expand: { since: '6.0', does: (t) => { t.tell('viewport_changed', viewport(t)); } },
	web_app_close: { since: '6.0', data: { return_back: is.bool }, optional: true,
		does: (t) => { t.closed = true; } },
	web_app_request_theme: { since: '6.0',
		does: (t) => t.tell('theme_changed', { theme_params: t.theme }) },
	web_app_request_viewport: { since: '6.0', does: (t) => t.tell('viewport_changed', viewport(t)) },
	/* These the bridge itself sends at its start, to old clients too, who keep silent. */
	web_app_request_safe_area: { since: '6.0',
		does: (t) => t.has('8.0') && t.tell('safe_area_changed', no_inset) },
	web_app_request_content_safe_area: { since: '6.0',
		does: (t) => t.has('8.0') && t.tell('content_safe_area_changed', no_inset) },
	web_app_set_header_color: { since: '6.0', data: { color: is.colour, color_key: is.words('bg_color') },
		optional: true, does: () => {} },
	web_app_set_background_color: { since: '6.0', data: { color: is.colour }, does: () => {} },
	web_app_set_bottom_bar_color: { since: '6.0', data: { color: is.colour }, does: () => {} },
	web_app_setup_secondary_button: { since: '6.0', data: { is_visible: is.words(false) }, does: () => {} },
	web_app_setup_main_button: { since: '6.0',
		data: (d) => d.is_visible ? shown_button : { is_visible: is.bool },
		does: (t, d) => { t.main = d; } },
	web_app_setup_back_button: { since: '6.1', data: { is_visible: is.bool },
		does: (t, d) => { t.back = d.is_visible; } },
	web_app_trigger_haptic_feedback: { since: '6.1',
		data: { type: is.words('notification'), notification_type: is.words('error', 'success', 'warning') },
		does: (t, d) => { t.haptics.push(d.notification_type); } },
	web_app_open_scan_qr_popup: { since: '6.4', data: { text: is.text64 }, optional: true,
		does(t, d) {
			if (t.scanner)
				t.fault('opened a second scanner');
			t.scanner = d;
		} },
	web_app_close_scan_qr_popup: { since: '6.4', does: (t) => t.closeScanner() },
	web_app_request_phone: { since: '6.9', does: (t) => { t.asked = 'phone'; } },
	web_app_invoke_custom_method: { since: '6.9',
		data: { req_id: is.id, method: is.words('getRequestedContact'), params: is.object },
		does: (t, d) => t.tell('custom_method_invoked', { req_id: d.req_id, result: t.contact() }) },
	web_app_setup_swipe_behavior: { since: '7.7', data: { allow_vertical_swipe: is.bool },
		does: () => {} },
	web_app_check_location: { since: '8.0', does: (t) => t.tell('location_checked', t.location.given ?
		{ available: true, access_requested: true, access_granted: true } :
		{ available: t.location.available, access_requested: false }) },
	web_app_request_location: { since: '8.0', does: (t) => {
		t.location.given = true;
		t.tell('location_requested', { available: true, ...t.location.place });
	} },
};

const no_inset = { top: 0, right: 0, bottom: 0, left: 0 };
const viewport = (t) => ({ ...t.page.viewportSize(), is_expanded: true, is_state_stable: true });

const number = (version) => version.split('.').reduce((n, part) => n * 1000 + Number(part), 0);

/*
 * `user` as in initData; `place`: where the phone is, none for a phone that
 * does not tell; other options are those of pages.open().
 */
export async function openTelegram(pages, { user, version = '8.0', theme = 'light', phone_number = '380501234567',
	place, ...options }) {
	const page = await pages.open({ size: phone, dark: theme === 'dark', isMobile: true, ...options });
	const news = new EventEmitter().setMaxListeners(0);
	const client = {
		page, theme: themes[theme],
		ready: false, closed: false, main: { is_visible: false }, back: false, scanner: null, asked: null,
		haptics: [], location: { available: Boolean(place), given: false, place },

		has: (wanted) => number(version) >= number(wanted),
		fault: (text) => page.faults.push(`Telegram ${version}: ${text}`),

		/* An event for the page; none for one that has gone. */
		tell: (type, data) => page.evaluate(([name, value]) =>
			window.Telegram.WebView.receiveEvent(name, value), [type, data]).catch(() => {}),

		/* Opens the Mini App anew, by a button or by the link of a code. */
		async launch(url, { start_param, ...more } = {}) {
			Object.assign(client, { ready: false, closed: false, main: { is_visible: false },
				back: false, scanner: null, asked: null });
			/* Another address, even if only the fragment is another. */
			await page.goto('about:blank');
			await page.goto(appUrl(url, { user, version, theme: client.theme, start_param, ...more }));
		},

		/* Waits until something is so. */
		async until(what, condition) {
			const signal = AbortSignal.timeout(patience_ms);
			while (!condition())
				await once(news, 'event', { signal }).catch(() =>
					assert.fail(`Telegram waited in vain for ${what}: ${JSON.stringify(client.main)}`));
		},
		untilMain: (text) => client.until(`the main button "${text}"`, () =>
			client.main.is_visible && client.main.is_active &&
			!client.main.is_progress_visible && client.main.text === text),

		async pressMain(text) {
			await client.untilMain(text);
			await client.tell('main_button_pressed');
		},
		async pressBack() {
			await client.until('the back button', () => client.back);
			await client.tell('back_button_pressed');
		},

		/* The scanner's camera sees a text, or the person closes it. */
		async holdCamera(text) {
			await client.until('the scanner', () => client.scanner);
			await client.tell('qr_text_received', { data: text });
			await client.until('the scanner to close', () => !client.scanner);
		},
		async closeScanner() {
			if (!client.scanner)
				return client.fault('closed no scanner');
			client.scanner = null;
			return client.tell('scan_qr_popup_closed');
		},

		async answerPhone(yes) {
			await client.until('a question for the phone number', () => client.asked === 'phone');
			client.asked = null;
			client.shared = 0;
			await client.tell('phone_requested', { status: yes ? 'sent' : 'cancelled' });
		},
		/* Telegram's servers know of it a little later than the client. */
		contact: () => client.shared++ === 0 ? '' : signedContact(user, phone_number),

		async changeTheme(name) {
			client.theme = themes[name];
			await page.emulateMedia({ colorScheme: name });
			await client.tell('theme_changed', { theme_params: client.theme });
		},
	};

	await page.exposeBinding('__telegram', (source, type, json) => {
		receive(client, type, json);
		news.emit('event');
	});
	await page.addInitScript(() => {
		window.TelegramWebviewProxy = { postEvent: (type, json) => { window.__telegram(type, json); } };
	});
	return client;
}

function receive(client, type, json) {
	const event = events[type];
	const data = JSON.parse(json) || {};

	if (!event)
		return client.fault(`unknown event ${type}`);
	if (!client.has(event.since))
		return client.fault(`${type} is newer than the client`);

	const shape = typeof event.data === 'function' ? event.data(data) : event.data ?? {};
	for (const name of new Set([...Object.keys(shape), ...Object.keys(data)]))
		if (!shape[name] || !(name in data ? shape[name](data[name]) : event.optional))
			return client.fault(`${type}: ${name} in ${json}`);
	return event.does(client, data);
}

/* The address that a client opens. */
export function appUrl(url, { user, version = '8.0', platform = 'android', theme = {}, start_param, ...more }) {
	const launch = { chat_type: 'private', chat_instance: '-3788475317572404878', ...more };
	if (start_param)
		launch.start_param = start_param;
	const fragment = new URLSearchParams({
		tgWebAppData: initData(user, launch),
		tgWebAppVersion: version,
		tgWebAppPlatform: platform,
		tgWebAppThemeParams: JSON.stringify(theme),
	});
	const query = start_param ? `?${new URLSearchParams({ tgWebAppStartParam: start_param })}` : '';
	return `${url}/app/${query}#${fragment}`;
}

/* What getRequestedContact answers, signed as initData is. */
function signedContact(user, phone_number) {
	const fields = {
		auth_date: String(Math.floor(Date.now() / 1000)),
		contact: JSON.stringify({ user_id: user.id, phone_number, first_name: user.first_name }),
	};
	const text = Object.keys(fields).sort().map((name) => `${name}=${fields[name]}`).join('\n');
	const key = createHmac('sha256', 'WebAppData').update(botToken).digest();
	const hash = createHmac('sha256', key).update(text).digest('hex');
	return new URLSearchParams({ ...fields, hash }).toString();
}
