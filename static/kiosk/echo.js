/*
 * Greets those who have just scanned: a green band for the newest, the two
 * before it fading below.  A claim is greeted once; when its kind is known
 * the same line says so.
 */

import { h } from '../shared/dom.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { time } from '../shared/format.js';

const shown_ms = 12000;
const most = 3;

export function echo_list() {
	const el = h('div', { class: 'echo', role: 'log', 'aria-live': 'polite',
		'aria-label': t('kiosk.echo') });
	const lines = new Map();
	let ended = 0;

	function take(items) {
		for (const item of [...items].sort((a, b) => a.id - b.id))
			if (lines.has(item.id))
				lines.get(item.id).tell(item);
			else if (item.id > ended)
				add(item);
		while (lines.size > most)
			remove(lines.keys().next().value);
	}

	function add(item) {
		const kind = h('span', { class: 'echo-kind' });
		const line = h('p', { class: 'echo-line', data: { id: item.id } },
			h('span', { class: 'echo-name' }, item.name),
			icon('check', t('kiosk.recorded')),
			h('span', { class: 'echo-time' },
				time(item.at, item.time_zone)),
			kind);
		const tell = ({ kind: name }) => {
			if (name)
				kind.textContent = t(`kiosk.echo_${name}`);
		};

		tell(item);
		lines.set(item.id, { line, tell,
			timer: setTimeout(remove, shown_ms, item.id) });
		el.prepend(line);
	}

	/* Ids only grow: what has been shown does not come back. */
	function remove(id) {
		const entry = lines.get(id);

		if (!entry)
			return;
		clearTimeout(entry.timer);
		entry.line.remove();
		lines.delete(id);
		ended = Math.max(ended, id);
	}

	return { el, take };
}
