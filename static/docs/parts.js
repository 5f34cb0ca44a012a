/* Small things that several pages show. */

import { copy } from '/shared/ui.js';
import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';

export const method_badge = (method) =>
	h('span', { class: `method ${method.toLowerCase()}` }, method);

export const status_chip = (status) =>
	h('span', { class: `chip ${status < 300 ? 'good' : 'bad'}` }, status);

/* A long path may break after a slash. */
export const wrapping = (path) => path.split(/(?<=\/)/)
	.flatMap((part) => [part, h('wbr')]);

/* Text as it is, which the keyboard can scroll, with a button to copy it. */
export function listing(label, text) {
	const pre = h('pre', { class: 'listing', tabindex: 0, role: 'region',
		'aria-label': label }, text);

	return {
		el: h('div', { class: 'listing-box' }, pre, h('button', {
			type: 'button', class: 'button small copy',
			onclick: () => copy(pre.textContent),
		}, icon('copy'), t('common.copy'))),
		set: (more) => { pre.textContent = more; },
	};
}

/* "## heading", paragraphs, `code`: all that the introduction uses. */
export const markdown = (text) => text.split(/\n\n+/).map((block) =>
	block.startsWith('## ') ? h('h2', null, block.slice(3)) :
	h('p', null, inline(block)));

export const inline = (text) => text.split(/(`[^`]+`)/).map((part) =>
	part.startsWith('`') ? h('code', null, part.slice(1, -1)) : part);
