/*
 * One screen at a time: a title, the content, at most one primary action.
 *
 *	show({ name, title, content, action: { text, icon, run }, back, end })
 *
 * The action is Telegram's main button, or an ordinary one at the bottom
 * where there is none; `back` likewise.  `end` is called when another screen
 * comes.  `tabs` stay above the content.  `quiet` keeps the focus where it
 * is: for a screen that only draws itself again.
 */

import { $, h, mount } from '../shared/dom.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { busy, error_state } from '../shared/ui.js';
import { back_button, has, main_button, main_progress, native }
	from './telegram.js';

const place = $('#app');
let leave = null, first = true;

export function show({ name, title, subtitle, content, action, back, tabs, end,
	quiet, hide_title })
{
	const heading = h('h1', { tabindex: '-1', class: hide_title ? 'unseen' :
		null }, title);

	leave?.();
	leave = end ?? null;
	mount(place,
		h('header', { class: 'top' },
			back && !has('6.1') && h('button', {
				type: 'button', class: 'back', onclick: back,
				'aria-label': t('common.back'),
			}, icon('arrow_left')),
			subtitle ? h('div', null, heading, h('p', null, subtitle)) :
			    heading),
		tabs,
		h('main', { class: 'content', data: { screen: name } }, content),
		h('div', { class: 'bottom' }));
	if (has('6.1'))
		back_button(back);
	set_action(action);
	document.title = title;
	if (!first && !quiet) {
		heading.focus({ preventScroll: true });
		scrollTo(0, 0);
	}
	first = false;
}

/* The primary action of the present screen; none hides it. */
export function set_action(action) {
	const bottom = $('.bottom', place);

	if (native()) {
		main_button(action?.text, action && (() => press(action)));
		bottom.hidden = true;
		return;
	}
	bottom.hidden = !action;
	document.body.classList.toggle('has-action', Boolean(action));
	if (!action)
		return;

	const button = h('button', {
		type: 'button', class: 'button primary big wide', id: 'action',
		onclick: () => busy(button, action.run),
	}, action.icon && icon(action.icon), action.text);

	mount(bottom, button);
}

let pressing = false;

async function press(action) {
	if (pressing)
		return;
	pressing = true;
	main_progress(true);
	try {
		await action.run();
	} finally {
		pressing = false;
		main_progress(false);
	}
}

/* A screen that only says that something is under way, after 300 ms. */
export function show_wait(title) {
	const line = h('p', { class: 'wait-text', hidden: true }, title);
	const timer = setTimeout(() => { line.hidden = false; }, 300);

	show({
		name: 'wait', title, hide_title: true,
		content: h('div', { class: 'wait', 'aria-busy': 'true' },
			h('div', { class: 'spinner' }), line),
		end: () => clearTimeout(timer),
	});
}

export const show_error = (error, retry, back) => show({
	name: 'error', title: t('app.trouble'), back, hide_title: true,
	content: error_state(error, retry),
});
