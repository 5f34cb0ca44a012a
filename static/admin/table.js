/*
 * A table declared by its columns.
 *
 *	{ name, is, label, show, head, from, value }
 *
 * `head` is the cell that names the row and opens its panel; `from` is the
 * width ("wide", "middle") below which the column is left to the panel.
 * A list that is here as a whole can be sorted by `value(item)`.
 */

import { $, h, mount } from '/shared/dom.js';
import { language } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { is_right, label_of, shown } from './cells.js';
import { link, place } from './router.js';

export function table(columns, {
	caption, mark, opens = true, id = (item) => item.id,
}) {
	const head = h('thead');
	const body = h('tbody');
	const el = h('table', { class: 'table' },
		h('caption', { class: 'unseen' }, caption), head, body);
	let items = [], whole = false, order = null;

	function show(new_items, is_whole) {
		items = new_items;
		whole = is_whole && items.length > 1;
		draw();
	}

	function draw() {
		const focused = document.activeElement?.closest?.('tr')
			?.dataset.id;

		mount(head, h('tr', null, columns.map(heading)));
		mount(body, (whole && order ? sorted() : items).map(row));
		current();
		if (focused !== undefined && !el.contains(document.activeElement))
			$(`tr[data-id="${CSS.escape(focused)}"] a`, body)?.focus();
	}

	const heading = (column) => h('th', {
		scope: 'col', class: class_of(column),
		'aria-sort': order?.column === column && whole &&
		    (order.down ? 'descending' : 'ascending'),
	}, whole && column.sort !== false ? h('button', {
		type: 'button', class: 'sort', onclick: () => sort_by(column),
	}, label_of(column), order?.column === column &&
		h('span', { class: order.down ? 'turn down' : 'turn' },
			icon('chevron_down'))) : label_of(column));

	const row = (item) => h('tr', {
		data: { id: id(item) }, class: mark?.(item),
		onclick: open_row,
	}, columns.map((column) => h(column.head ? 'th' : 'td', {
		class: class_of(column), scope: column.head && 'row',
	}, column.head && opens ? h('a', {
		href: link(place().section,
			{ ...Object.fromEntries(place().query), open: id(item) }),
	}, shown(column, item)) : shown(column, item))));

	function sort_by(column) {
		const down = order?.column === column && !order.down;

		order = { column, down };
		draw();
		$(`th[aria-sort] button`, head)?.focus();
	}

	function sorted() {
		const { column, down } = order;
		const value = column.value ?? ((item) => item[column.name]);
		const turn = down ? -1 : 1;

		return [...items].sort((a, b) => turn * compare(value(a), value(b)));
	}

	/* Marks the row whose panel is open. */
	function current() {
		const open = place().query.get('open');

		for (const tr of body.rows)
			tr.classList.toggle('current', tr.dataset.id === open);
	}

	return { el, show, current };
}

/* A click anywhere in a row is one on its link; selecting text is not. */
function open_row(e) {
	if (e.target.closest('a, button, input, label') ||
	    String(getSelection()))
		return;
	$('th a', e.currentTarget)?.click();
}

const class_of = (column) => [is_right(column) && 'num', column.from,
	['day', 'flag'].includes(column.is) && column.is].filter(Boolean).join(' ') || null;

const compare = (a, b) => typeof a === 'string' && typeof b === 'string' ?
	a.localeCompare(b, language()) : (a ?? -Infinity) - (b ?? -Infinity);
