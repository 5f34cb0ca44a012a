/* A button that opens a small menu of buttons below it. */

import { $, h, on } from '/shared/dom.js';

export function menu(label, content, props = {}) {
	const el = h('details', { class: 'menu' },
		h('summary', { class: 'button', ...props }, label),
		h('div', { class: 'menu-list card' }, content));

	el.addEventListener('keydown', (e) => {
		if (e.key !== 'Escape' || !el.open)
			return;
		e.preventDefault();
		el.open = false;
		$('summary', el).focus();
	});
	return el;
}

/* A press elsewhere, or on something in it, closes it. */
on(document, 'click', (e) => {
	for (const el of document.querySelectorAll('details.menu[open]'))
		if (!el.contains(e.target) ||
		    e.target.closest('.menu-list button, .menu-list a'))
			el.open = false;
});
