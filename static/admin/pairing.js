/*
 * The dialog that pairs a terminal: its code, very large, for ten minutes, and
 * where it goes.  It sees by itself when the terminal has taken its key.  For
 * a card reader that cannot, the key is shown here, once.
 */

import { attempt } from './attempt.js';
import { api } from '/shared/api.js';
import { every, h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, copy, open_dialog } from '/shared/ui.js';

const look_ms = 2000;

export async function pair(terminal, done) {
	let code;

	if (!await attempt(async () => {
		code = await api.post(`/terminals/${terminal.id}/pairing`, {},
			{ key: null });
	}))
		return;

	const nfc = terminal.kind === 'nfc';
	const left = h('p', { class: 'muted' });
	const place = h('div', { class: 'pairing' });
	const stop = [
		every(look_ms, look),
		every(1000, tick),
	];
	function look() {
		return api.get(`/terminals/${terminal.id}`, {}, { bare: true })
			.then((now) => now.paired &&
				now.paired_at !== terminal.paired_at && paired(),
			() => {});
	}

	function paired() {
		end();
		mount(place, h('div', { class: 'state' },
			h('div', { class: 'state-icon good' }, icon('check')),
			h('p', { class: 'state-title', role: 'status' },
				t('admin.pairing.done', { name: terminal.name }))));
	}

	function tick() {
		const seconds = Math.max(0,
			Math.round((Date.parse(code.expires_at) - Date.now()) / 1000));

		left.textContent = seconds ? t('admin.pairing.left', {
			time: `${Math.floor(seconds / 60)}:` +
			    String(seconds % 60).padStart(2, '0'),
		}) : t('admin.pairing.over');
	}

	const end = () => stop.forEach((one) => one());

	const key_here = async () => {
		stop[0]();
		await attempt(async () => {
			const { key } = await api.post('/register',
				{ pairing_code: code.pairing_code }, { key: null });

			end();
			mount(place, the_key(key));
		});
	};

	mount(place,
		nfc ? h('p', null, t('admin.pairing.text_nfc')) : for_tablet(),
		h('p', { class: 'pairing-code' },
			h('span', null, code.pairing_code.slice(0, 3)),
			h('span', null, code.pairing_code.slice(3))),
		left,
		nfc && h('pre', { class: 'command', tabindex: 0 }, command(code)),
		nfc && h('p', null, h('button', {
			type: 'button', class: 'button',
			onclick: (e) => busy(e.currentTarget, key_here),
		}, icon('key'), t('admin.pairing.key_here'))));
	tick();
	open_dialog(t('admin.pairing.title', { name: terminal.name }),
		(close) => [place, h('div', { class: 'actions' }, h('button', {
			type: 'button', class: 'button primary', autofocus: true,
			onclick: () => close(''),
		}, t('common.close')))],
		{ wide: true, onclose: () => {
			end();
			done();
		} });
}

function for_tablet() {
	const page = `${location.origin}/kiosk/`;

	return [h('p', null, t('admin.pairing.text')),
		h('p', { class: 'pairing-page' }, h('a', {
			href: page, target: '_blank', rel: 'noopener',
		}, page))];
}

const command = ({ pairing_code }) =>
	`curl ${location.origin}/api/register \\\n` +
	`  -H 'Content-Type: application/json' \\\n` +
	`  -d '{"pairing_code":"${pairing_code}"}'`;

const the_key = (key) => [
	h('p', { role: 'status' }, t('admin.pairing.key_once')),
	h('p', null, h('code', { class: 'secret', tabindex: 0 }, key)),
	h('div', { class: 'actions start' }, h('button', {
		type: 'button', class: 'button',
		onclick: () => copy(key),
	}, icon('copy'), t('common.copy'))),
];
