/*
 * Telegram's bridge, with everything an old client lacks left out quietly.
 * https://core.telegram.org/bots/webapps
 *
 * In a plain browser the bridge's script is there too, but nobody answers
 * it: native() tells the two apart, and pages then use ordinary buttons.
 */

const web = window.Telegram?.WebApp;
const unanswered_ms = 60000;

const someone_listens = () => Boolean(window.TelegramWebviewProxy) ||
	'notify' in (window.external ?? {}) || window.parent !== window;

export const native = () => Boolean(web) && web.platform !== 'unknown' &&
	someone_listens();

/* Does the client have what came with this version? */
export const has = (version) => native() && web.isVersionAtLeast(version);

export const init_data = () => web?.initData ?? '';

export const user_language = () => web?.initDataUnsafe?.user?.language_code;

/* What the link carried: the code, if the phone's own camera read it. */
export const start_param = () => web?.initDataUnsafe?.start_param ??
	new URLSearchParams(location.search).get('tgWebAppStartParam') ??
	new URLSearchParams(location.hash.slice(1)).get('tgWebAppStartParam');

export const theme_params = () => web?.themeParams ?? {};

export const on_theme = (listener) => web?.onEvent('themeChanged', listener);

export function ready() {
	web?.ready();
	if (native())
		web.expand();
	if (has('7.7'))
		web.disableVerticalSwipes();
}

export const close_app = () => native() && web.close();

/* success, warning or error. */
export const haptic = (kind) =>
	has('6.1') && web.HapticFeedback.notificationOccurred(kind);

/* The button at the bottom of Telegram's window; null hides it. */
export const main_button = (() => {
	let pressed = null;

	return (text, onclick) => {
		const button = web.MainButton;

		if (pressed)
			button.offClick(pressed);
		pressed = onclick ?? null;
		if (!pressed)
			return button.hide();
		button.onClick(pressed);
		button.setParams({ text, is_visible: true, is_active: true });
		return button;
	};
})();

export const main_progress = (on) => on ?
	web.MainButton.showProgress() : web.MainButton.hideProgress();

/* The arrow in Telegram's own head. */
export const back_button = (() => {
	let pressed = null;

	return (onclick) => {
		if (pressed)
			web.BackButton.offClick(pressed);
		pressed = onclick ?? null;
		if (!pressed)
			return web.BackButton.hide();
		web.BackButton.onClick(pressed);
		return web.BackButton.show();
	};
})();

export const can_scan = () => has('6.4');

/* Telegram's scanner: the text of the code, or null when it was closed. */
export const scan = (text) => new Promise((done) => {
	const end = (value) => {
		web.offEvent('scanQrPopupClosed', closed);
		done(value);
	};
	const closed = () => end(null);

	web.onEvent('scanQrPopupClosed', closed);
	try {
		web.showScanQrPopup({ text }, (found) => {
			end(found);
			return true;
		});
	} catch {
		end(null);
	}
});

export const can_request_contact = () => has('6.9');

/* Telegram's signed answer as it came, or null when refused. */
export const request_contact = () => new Promise((done) => {
	try {
		web.requestContact((sent, event) => done(sent ? {
			response: event?.response ?? null,
			phone: event?.responseUnsafe?.contact?.phone_number ?? '',
		} : null));
	} catch {
		done(null);
	}
});

/* Where the phone is: {latitude, longitude, accuracy}, or null. */
export const locate = () => new Promise((done) => {
	setTimeout(done, unanswered_ms, null);
	if (has('8.0'))
		locate_telegram(done);
	else if (navigator.geolocation)
		locate_browser(done);
	else
		done(null);
});

function locate_telegram(done) {
	const manager = web.LocationManager;
	/* It throws where a phone tells no place at all. */
	const ask = () => manager.isLocationAvailable ?
		manager.getLocation((place) => done(place &&
			place_of(place, place.horizontal_accuracy))) : done(null);

	if (manager.isInited)
		ask();
	else
		manager.init(ask);
}

function locate_browser(done) {
	navigator.geolocation.getCurrentPosition(
		({ coords }) => done(place_of(coords, coords.accuracy)),
		() => done(null), { timeout: 10000, maximumAge: 30000 });
}

function place_of({ latitude, longitude }, accuracy) {
	const place = { latitude, longitude };

	if (Number.isFinite(accuracy))
		place.accuracy = accuracy;
	return place;
}
