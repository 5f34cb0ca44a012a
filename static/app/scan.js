/*
 * A scan: the code is read by Telegram's scanner, or came with the link that
 * the phone's camera opened, and is claimed at once.
 */

import { action_key, api } from '../shared/api.js';
import { h } from '../shared/dom.js';
import { fault_text, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { field, set_error } from '../shared/ui.js';
import { show_claim } from './claim.js';
import { go_home } from './home_way.js';
import { show, show_wait } from './screen.js';
import { can_scan, haptic, locate, scan } from './telegram.js';

const longest_code = 512;
const start_store = 'tabel.start';
const place_store = 'tabel.place';

export const scan_action = () => ({
	text: t('app.scan'), icon: 'scan', run: start_scan,
});

async function start_scan() {
	if (!can_scan())
		return show_how();

	const text = await scan(t('app.scan_hint'));

	return text ? claim(text) : undefined;
}

/*
 * The link's code.  A reload finds the same link: the key of the first try
 * is kept, so that it gets the same claim, and done is done.
 */
export function claim_start(code) {
	const kept = recall();
	const key = kept?.code === code ? kept.key : action_key();

	remember({ code, key });
	return claim(code, key);
}

export const scan_was_done = (code) => {
	const kept = recall();

	return kept?.code === code && kept.done === true;
};

function scan_done(code) {
	if (recall()?.code === code)
		remember({ code, done: true });
}

async function claim(text, key = action_key(), location = null) {
	const code = text.trim().slice(0, longest_code);

	show_wait(t('app.claiming'));
	try {
		const place = location ?? await usual_place();
		const body = place ? { code, location: place } : { code };
		const made = await api.post('/claims', body, { key });

		haptic('success');
		return show_claim(made, () => scan_done(code));
	} catch (error) {
		if (error.status === 401)
			return undefined;
		if (error.code === 'PLACE_REQUIRED' && !location)
			return show_place(code);
		if (!passing(error))
			scan_done(code);
		haptic('error');
		return show_failed(error, () => claim(code, key, location));
	}
}

/* A branch that asks for the place once will ask for it every day. */
const usual_place = () => place_wanted() ? locate() : null;

function show_place(code) {
	show({
		name: 'place', title: t('app.place_title'), back: go_home,
		content: h('div', { class: 'state' },
			h('div', { class: 'state-icon' }, icon('place')),
			h('p', { class: 'state-text' }, t('app.place_text'))),
		action: { text: t('app.place_allow'), icon: 'place',
			run: () => with_place(code) },
	});
}

async function with_place(code) {
	const place = await locate();

	if (!place)
		return show_failed({ code: 'PLACE_REQUIRED' });
	want_place();
	return claim(code, action_key(), place);
}

/* Can the same code still do?  Network and server stumble; codes do not. */
const passing = ({ code, status }) => ['NETWORK', 'TIMEOUT'].includes(code) ||
	status >= 500 || status === 429;

/* What went wrong, and the way on: scan the new code, or try again. */
function show_failed(error, retry) {
	const again = passing(error);

	show({
		name: 'scan-failed', title: t('app.scan_failed'), back: go_home,
		hide_title: true,
		content: h('div', { class: 'state bad', role: 'alert' },
			h('div', { class: 'state-icon' },
				icon(error.status > 0 || !again ? 'scan' : 'wifi_off')),
			h('p', { class: 'state-title' }, fault_text(error)),
			error.requestId && error.status >= 500 &&
				h('p', { class: 'request-id' },
					t('common.request_id', { id: error.requestId })),
			h('button', { type: 'button', class: 'button quiet',
				onclick: () => go_home() }, t('app.to_home'))),
		action: again ? { text: t('common.retry'), icon: 'refresh',
			run: retry } : scan_action(),
	});
}

/* Without Telegram's scanner the phone's camera does it. */
function show_how() {
	const input = h('input', { type: 'text', autocomplete: 'off',
		autocapitalize: 'off', spellcheck: 'false', maxlength: longest_code,
		required: true });
	const box = field({ label: t('app.code_link'), name: 'code',
		hint: t('app.code_link_hint'), control: input });

	show({
		name: 'how', title: t('app.how_title'), back: go_home,
		content: [
			h('ol', { class: 'steps card' },
				['app.how_1', 'app.how_2', 'app.how_3'].map((key) =>
					h('li', null, t(key)))),
			h('details', { class: 'card more' },
				h('summary', null, t('app.no_camera')),
				h('form', {
					class: 'form', novalidate: true,
					onsubmit: (e) => {
						e.preventDefault();
						if (input.value.trim())
							claim(input.value);
						else
							set_error(box, t('common.required'));
					},
				}, box, h('button', { class: 'button wide' },
					t('app.code_send')))),
		],
	});
}

const place_wanted = () => read(localStorage, place_store) === true;
const want_place = () => write(localStorage, place_store, true);
const recall = () => read(sessionStorage, start_store);
const remember = (value) => write(sessionStorage, start_store, value);

function read(storage, name) {
	try {
		return JSON.parse(storage.getItem(name));
	} catch {
		return null;
	}
}

function write(storage, name, value) {
	try {
		storage.setItem(name, JSON.stringify(value));
	} catch {
		/* Without storage nothing is remembered. */
	}
}
