/*
 * Where there is no way in: not opened by Telegram, or too long ago.
 */

import { api } from '../shared/api.js';
import { h } from '../shared/dom.js';
import { fault_text, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { language_button } from './language.js';
import { show } from './screen.js';
import { close_app, native } from './telegram.js';

const page = ({ name, shape, title, text, link }) => show({
	name, title, hide_title: true,
	content: [
		h('div', { class: 'state' },
			h('div', { class: 'state-icon' }, icon(shape)),
			h('p', { class: 'state-title' }, title),
			h('p', { class: 'state-text' }, text),
			link && h('a', { class: 'button primary big', href: link },
				icon('external'), t('app.open_telegram'))),
		language_button(),
	],
	action: native() ? { text: t('common.close'), run: close_app } : null,
});

export async function show_outside() {
	document.addEventListener('languagechosen', show_outside,
		{ once: true });
	page({
		name: 'outside', shape: 'chat', title: t('app.outside_title'),
		text: t('app.outside_text'), link: await app_link(),
	});
}

export async function show_ended(error) {
	page({
		name: 'ended', shape: 'clock', title: t('app.ended_title'),
		text: fault_text(error), link: native() ? null : await app_link(),
	});
}

async function app_link() {
	try {
		const about = await api.get('/system/about');

		return about.bot_username ? `https://t.me/${about.bot_username}/${
			about.app_name}` : null;
	} catch {
		return null;
	}
}
