/*
 * The side panel: one thing, beside the list that it came from.
 *
 *	panel.show({ title, note, body(), onclose })
 *	panel.head({ title, note })
 *	panel.hide()
 *
 * `onclose` is asked when the reader closes it; it changes the address, which
 * hides the panel.  On a narrow screen it covers the page.
 */

import { $, h, mount, on, unique } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';

const narrow = matchMedia('(max-width: 899px)');
const id = unique('panel');
const title = h('h2', { id, tabindex: -1, autofocus: true });
const note = h('p', { class: 'muted panel-note' });
const body = h('div', { class: 'panel-body' });
const close_text = h('span', { class: 'unseen' });
const el = h('dialog', { class: 'panel', 'aria-labelledby': id },
	h('div', { class: 'panel-head' },
		h('div', null, title, note),
		h('button', {
			type: 'button', class: 'button quiet square',
			onclick: () => close(),
		}, icon('cross'), close_text)),
	body);
let close = () => {};

export const panel = {
	show(content) {
		close = content.onclose;
		close_text.textContent = t('common.close');
		panel.head(content);
		mount(body, [content.body()]);
		if (!el.isConnected)
			document.body.append(el);
		if (el.open)
			title.focus();
		else
			el.show();
		body.scrollTop = 0;
		cover();
	},

	head(content) {
		title.textContent = content.title;
		mount(note, content.note ?? '');
		note.hidden = !content.note;
	},

	hide() {
		if (!el.open)
			return;
		el.close();
		mount(body);
		cover();
	},

	get is_open() {
		return el.open;
	},
};

/* Nothing behind a panel that covers the page can be reached. */
function cover() {
	const frame = $('.frame');

	if (frame)
		frame.inert = el.open && narrow.matches;
}

on(narrow, 'change', cover);
on(document, 'keydown', (e) => {
	if (e.key !== 'Escape' || !el.open || e.defaultPrevented ||
	    document.querySelector('dialog:modal'))
		return;
	e.preventDefault();
	close();
});
