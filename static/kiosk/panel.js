/*
 * The corner: one button with the state in a word; on tap the whole state in
 * words, language, light or dark, and leaving this tablet.
 */

import { h, mount } from '../shared/dom.js';
import { language, languages, set_language, t } from '../shared/i18n.js';
import { current_theme, set_theme, themes } from '../shared/theme.js';
import { confirm_dialog, open_dialog } from '../shared/ui.js';

/* `open()` gives [[mood, sentence]], `onunpair` exists on a paired tablet. */
export function corner({ open, onunpair }) {
	return h('button', {
		type: 'button', class: 'corner', id: 'corner',
		'aria-haspopup': 'dialog',
		onclick: () => panel(open, onunpair),
	}, h('span', { class: 'dot' }),
	h('span', { class: 'corner-text' }, t('kiosk.settings')));
}

/* Puts a mood (good, warn, bad) and a word on the corner. */
export function set_corner(el, mood, text) {
	const word = el.querySelector('.corner-text');

	el.dataset.mood = mood;
	if (word.textContent !== text)
		word.textContent = text;
}

function panel(open, onunpair) {
	const lines = h('ul', { class: 'panel-lines' });
	const draw = () => mount(lines, open().map(([mood, text]) =>
		h('li', { data: { mood } }, h('span', { class: 'dot' }), text)));
	const timer = setInterval(draw, 1000);

	draw();
	open_dialog(t('kiosk.settings'), (close) => [
		lines,
		choice(t('common.language'), Object.entries(languages),
			language(), (code) => { close(); set_language(code); }),
		choice(t('common.theme'),
			themes.map((name) => [name, t(`common.theme_${name}`)]),
			current_theme(), set_theme),
		h('div', { class: 'actions spread' },
			onunpair && h('button', {
				type: 'button', class: 'button quiet',
				onclick: () => { close(); unpair(onunpair); },
			}, t('kiosk.unpair')),
			h('button', {
				type: 'button', class: 'button primary',
				autofocus: true, onclick: () => close(),
			}, t('common.close'))),
	], { onclose: () => clearInterval(timer) });
}

function choice(label, options, chosen, onchoose) {
	const buttons = options.map(([value, text]) => h('button', {
		type: 'button', 'aria-pressed': String(value === chosen),
		data: { value },
		onclick: () => {
			for (const b of buttons)
				b.setAttribute('aria-pressed',
					String(b.dataset.value === value));
			onchoose(value);
		},
	}, text));

	return h('div', { class: 'field' }, h('span', { class: 'legend' }, label),
		h('div', { class: 'tabs', role: 'group', 'aria-label': label },
			buttons));
}

async function unpair(onunpair) {
	if (await confirm_dialog({
		title: t('kiosk.unpair_title'), text: t('kiosk.unpair_text'),
		yes: t('kiosk.unpair'), danger: true,
	}))
		onunpair();
}
