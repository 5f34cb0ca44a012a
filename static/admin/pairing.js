/*
 * The dialog that pairs a tablet: its code, very large, for ten minutes, and
 * where to type it.  It sees by itself when the tablet has done so.
 */

import { api, ApiError } from '/shared/api.js';
import { every, h, mount } from '/shared/dom.js';
import { fault_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { open_dialog, toast } from '/shared/ui.js';

const look_ms = 2000;

export async function pair(terminal, done) {
	let code;

	try {
		code = await api.post(`/terminals/${terminal.id}/pairing`, {},
			{ key: null });
	} catch (error) {
		if (!(error instanceof ApiError))
			throw error;
		toast(fault_text(error), 'bad');
		return;
	}

	const left = h('p', { class: 'muted' });
	const place = h('div', { class: 'pairing' });
	const stop = [
		every(look_ms, look),
		every(1000, tick),
	];
	const page = `${location.origin}/kiosk/`;

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

	mount(place,
		h('p', null, t('admin.pairing.text')),
		h('p', { class: 'pairing-page' }, h('a', {
			href: page, target: '_blank', rel: 'noopener',
		}, page)),
		h('p', { class: 'pairing-code' },
			h('span', null, code.pairing_code.slice(0, 3)),
			h('span', null, code.pairing_code.slice(3))),
		left);
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
