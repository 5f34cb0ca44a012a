/*
 * A list from the API: filters, table, "more", and every state of it.
 *
 *	listing(view, { from: '/branches', columns, filters, fixed, empty,
 *	    icon, caption, refresh_ms, id, mark })
 *
 * Returns { el, reload, find, ready }.  reload() keeps what is shown until
 * the answer is here.
 */

import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { announce, busy, empty_state, error_state,
	loading } from '/shared/ui.js';
import { filter_bar } from './filters.js';
import { table } from './table.js';

const page_size = 50;
const most = 200;

export function listing(view, spec) {
	const { from, columns, filters = [], fixed } = spec;
	const names = filters.map(({ name }) => name);
	const grid = table(columns, spec);
	const place = h('div', { class: 'list-place' });
	const foot = h('div', { class: 'list-foot' });
	const count = h('span', { class: 'muted' });
	const more = h('button', {
		type: 'button', class: 'button',
		onclick: () => busy(more, add),
	}, t('common.more'));
	let items = [], next = null, turn = 0, fresh = Promise.resolve();

	const query = (others) => ({
		limit: spec.page ?? page_size, ...spec.defaults,
		...Object.fromEntries(names.map((n) => [n, view.param(n)])),
		...fixed, ...others,
	});

	const ask = (others) =>
		api.get(from, query(others), { signal: view.signal });

	async function load(quiet, others) {
		const mine = ++turn;

		try {
			const answer = ask(others);
			const page = await (quiet ? answer :
				loading(place, answer, 6));

			if (mine === turn)
				take(page.items, page.next);
		} catch (error) {
			if (mine === turn && !view.signal.aborted && !quiet)
				fail(error);
		}
	}

	function take(new_items, new_next) {
		items = new_items;
		next = new_next ?? null;
		draw();
		spec.seen?.(items, next);
	}

	async function add() {
		const mine = turn;

		try {
			const page = await ask({ after: next });

			if (mine !== turn)
				return;
			take([...items, ...page.items], page.next);
			announce(t('admin.shown', { n: items.length }));
		} catch (error) {
			mount(foot, error_state(error, () => draw()));
		}
	}

	function draw() {
		if (!items.length) {
			mount(place, spec.nothing?.() ?? empty());
			mount(foot);
			return;
		}
		grid.show(items, next === null);
		if (grid.el.parentNode !== place)
			mount(place, grid.el);
		count.textContent = t(next === null ? 'admin.shown_all' :
			'admin.shown', { n: items.length });
		mount(foot, count, next !== null && more);
	}

	function empty() {
		const filtered = names.some((n) => view.param(n));

		return empty_state(filtered ? {
			icon: 'search', title: t('admin.empty.filtered'),
			text: t('admin.empty.filtered_text'),
		} : {
			icon: spec.icon, title: t(`${spec.empty}.title`),
			text: t(`${spec.empty}.text`),
		});
	}

	function fail(error) {
		items = [];
		mount(place, error.code === 'BAD_FIELD' ? empty_state({
			icon: 'filter', title: t('admin.empty.bad_filter'),
			text: t('admin.empty.bad_filter_text'),
		}) : error_state(error, () => load()));
		mount(foot);
	}

	/* After a change: as many as were shown, at most what one asks for. */
	const reload = () => load(items.length > 0, {
		limit: Math.min(most, Math.max(spec.page ?? page_size, items.length)),
	});

	view.on(names, () => { fresh = load(); });
	view.on(['open'], () => grid.current());
	if (spec.refresh_ms)
		view.every(spec.refresh_ms, () => items.length <= page_size &&
			!place.contains(document.querySelector('.bad.state')) &&
			load(true));
	return {
		el: h('div', { class: 'listing' },
			filters.length > 0 && !spec.bare &&
				filter_bar(view, filters),
			h('div', { class: 'card flush' }, place), foot),
		reload,
		ready: () => fresh,
		find: (id) => items.find((item) =>
			String((spec.id ?? ((i) => i.id))(item)) === id),
	};
}
