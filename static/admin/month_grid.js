/*
 * People by days: a grid that is read like a sheet of paper and walked with
 * the arrow keys (the grid pattern of the ARIA Authoring Practices Guide).
 *
 *	const grid = month_grid({ days, open });
 *	grid.show(items);		// as GET /stats/worktime?by=grid gives them
 *
 * `days` are [{ day, number, name, off, today }]; open(id) is called with
 * "17" for a person and with "17.2026-11-19" for one of his days.  The first
 * rows are drawn at once, the others while nobody waits for them.
 */

import { h, mount } from '/shared/dom.js';
import { duration, hours } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { cell_of, so_far } from './month_cells.js';

const noticed = 3600;
const at_once = 24, at_a_time = 24, page_rows = 10;

export function month_grid({ days, today, caption, open }) {
	const body = h('tbody');
	const el = h('table', {
		class: 'month-grid', role: 'grid', 'aria-label': caption,
		onclick: (e) => act(e.target.closest('[data-open]')),
		onkeydown: steer, onfocusin: (e) => remember(e.target),
	}, h('colgroup', null, h('col', { class: 'col-name' }),
		days.map(() => h('col', { class: 'col-day' })),
		h('col', { class: 'col-total' })),
	h('thead', null, h('tr', null,
		h('th', { scope: 'col', class: 'corner' }, t('admin.field.employee')),
		days.map(head),
		h('th', { scope: 'col', class: 'grid-sum' },
			t('admin.month.total')))),
	body);
	let turn = 0, stop = null;

	function head(d) {
		return h('th', {
			scope: 'col', 'aria-label': d.name,
			class: [d.off && 'off', d.today && 'today'].filter(Boolean)
				.join(' ') || null,
		}, h('span', null, String(d.number)), h('small', null, d.week));
	}

	function show(items) {
		const mine = ++turn;
		const more = (from) => {
			if (mine !== turn || from >= items.length)
				return;
			body.append(...items.slice(from, from + at_a_time).map(row));
			setTimeout(more, 0, from + at_a_time);
		};

		el.setAttribute('aria-rowcount', String(items.length + 1));
		mount(body, items.slice(0, at_once).map(row));
		stop = null;
		stand(body.querySelector('[data-open]'));
		setTimeout(more, 0, at_once);
	}

	function row(item) {
		const by_day = new Map(item.grid.map((d) => [d.day, d]));

		return h('tr', null,
			h('th', {
				scope: 'row', role: 'rowheader', tabindex: -1,
				data: { open: item.employee },
			}, h('span', { title: item.name }, item.name),
			h('small', null, item.position_name)),
			days.map((d) => cell(item, d, by_day.get(d.day))),
			total(item));
	}

	function cell(item, { day, off, today: is_today }, d) {
		const { text, plan, kinds, words } = cell_of(d);

		return h('td', {
			role: 'gridcell', tabindex: -1,
			class: ['cell', off && 'off', is_today && 'today',
				...kinds]
				.filter(Boolean).join(' '),
			title: words, data: { open: `${item.employee}.${day}` },
		}, text, plan && h('small', null, plan));
	}

	function total(item) {
		const { worked_seconds: worked, planned_seconds: planned } = item;
		const difference = so_far(item.grid, today);

		return h('td', {
			role: 'gridcell', tabindex: -1, class: 'grid-sum',
			title: t('admin.month.total_of', {
				worked: duration(worked), planned: duration(planned),
			}),
			data: { open: item.employee },
		}, hours(worked), h('small', {
			class: difference <= -noticed ? 'minus' : null,
		}, planned ? signed(difference) : ''));
	}

	/* One stop for the tab key: the cell that was last walked to. */
	function stand(to) {
		if (stop)
			stop.tabIndex = -1;
		stop = to;
		if (stop)
			stop.tabIndex = 0;
	}

	function remember(target) {
		const to = target.closest?.('[data-open]');

		if (to && body.contains(to))
			stand(to);
	}

	function steer(e) {
		const from = e.target.closest('[data-open]');
		const to = from && !e.altKey && !e.metaKey && !e.shiftKey &&
			next(from, e.key, e.ctrlKey);

		if (from && (e.key === 'Enter' || e.key === ' ')) {
			e.preventDefault();
			act(from);
		} else if (to) {
			e.preventDefault();
			to.focus();
		}
	}

	function next(from, key, ctrl) {
		const tr = from.parentNode, rows = body.rows;
		const x = from.cellIndex, y = tr.sectionRowIndex;
		const last = tr.cells.length - 1;
		const at = (row_, column) => rows[Math.max(0,
			Math.min(rows.length - 1, row_))]?.cells[column];

		switch (key) {
		case 'ArrowLeft': return tr.cells[x - 1];
		case 'ArrowRight': return tr.cells[x + 1];
		case 'ArrowUp': return at(y - 1, x);
		case 'ArrowDown': return at(y + 1, x);
		case 'Home': return ctrl ? at(0, 0) : tr.cells[0];
		case 'End': return ctrl ? at(rows.length, last) : tr.cells[last];
		case 'PageUp': return at(y - page_rows, x);
		case 'PageDown': return at(y + page_rows, x);
		default: return null;
		}
	}

	const act = (at) => {
		if (!at || String(getSelection()))
			return;
		stand(at);
		open(at.dataset.open);
	};

	return {
		el,
		show,
		/* Marks the cell whose panel is open; without one, none. */
		current(id) {
			el.querySelector('.current')?.classList.remove('current');
			if (id)
				body.querySelector(`td[data-open="${CSS.escape(id)}"]`)
					?.classList.add('current');
		},
		focus: () => stop?.focus(),
		/* Shows the column of a day without moving the page. */
		reveal(index) {
			const box = el.parentNode, th = el.tHead.rows[0].cells[index + 1];
			const names = el.tHead.rows[0].cells[0].offsetWidth;
			const sums = el.tHead.rows[0].cells[days.length + 1].offsetWidth;

			box.scrollLeft = Math.max(0, th.offsetLeft + th.offsetWidth * 3 -
				(box.clientWidth - sums));
			if (th.offsetLeft - box.scrollLeft < names)
				box.scrollLeft = th.offsetLeft - names;
		},
	};
}

export const signed = (seconds) => Math.abs(seconds) < 60 ? '0:00' :
	`${seconds > 0 ? '+' : ''}${hours(seconds)}`;
