/*
 * Tabs: [[key of the label, () => nodes], ...].  A tab is made when it is
 * first looked at and then stays, so that what was typed in it stays too.
 */

import { h, mount, unique } from '/shared/dom.js';
import { t } from '/shared/i18n.js';

export function tabs(list) {
	const id = unique('tabs');
	const parts = list.filter(Boolean).map(([key, make], i) => ({
		make, made: false,
		tab: h('button', {
			type: 'button', role: 'tab', id: `${id}-${i}`,
			'aria-controls': `${id}-${i}-panel`,
			onclick: () => show(i),
		}, t(key)),
		page: h('div', {
			role: 'tabpanel', id: `${id}-${i}-panel`, class: 'tab-page',
			'aria-labelledby': `${id}-${i}`,
		}),
	}));

	function show(at) {
		for (const [i, part] of parts.entries()) {
			part.tab.setAttribute('aria-selected', String(i === at));
			part.tab.tabIndex = i === at ? 0 : -1;
			part.page.hidden = i !== at;
		}
		if (!parts[at].made)
			mount(parts[at].page, [parts[at].make()]);
		parts[at].made = true;
	}

	function steer(e) {
		const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];

		if (!step)
			return;

		const at = parts.findIndex(({ page }) => !page.hidden);
		const to = (at + step + parts.length) % parts.length;

		show(to);
		parts[to].tab.focus();
	}

	show(0);
	return [
		h('div', { class: 'tabs', role: 'tablist', onkeydown: steer },
			parts.map(({ tab }) => tab)),
		parts.map(({ page }) => page),
	];
}
