/*
 * What a section gets to live in: a root to fill, the filters of the address
 * bar, and an end, at which its polls and requests stop.
 */

import { every, h } from '/shared/dom.js';
import { amend, place } from './router.js';

export function open_view(me, section) {
	const ender = new AbortController();
	const watchers = [];
	let seen = place().query;

	return {
		me,
		section,
		root: h('div', { class: `page ${section.name}` }),
		signal: ender.signal,
		is_admin: me.roles.includes('admin'),
		param: (name) => place().query.get(name) ?? '',
		amend,

		/* Runs `work` now and when one of these filters changes. */
		on(names, work) {
			watchers.push({ names, work });
			work();
		},

		every(ms, work) {
			ender.signal.addEventListener('abort', every(ms, work));
		},

		changed() {
			const before = seen;

			seen = place().query;
			for (const { names, work } of watchers)
				if (names.some((n) =>
					before.get(n) !== seen.get(n)))
					work();
		},

		end: () => ender.abort(),
	};
}
