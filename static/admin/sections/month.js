/*
 * The month: plan against fact, people by days.  What is shown comes with one
 * request; what is clicked is explained in the panel.
 */

import { branches } from '../lookups.js';
import { cell_of, is_missing, marks, needs_look, so_far, sums_of }
	from '../month_cells.js';
import { month_grid, signed } from '../month_grid.js';
import { explained, load_day, summed } from '../month_panel.js';
import { link } from '../router.js';
import { page_head, panel_on } from '../section.js';
import { api } from '/shared/api.js';
import { h, mount, on } from '/shared/dom.js';
import { add_days, add_months, day_of, hours, month_days, month_name, weekday,
	weekday_date } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { empty_state, error_state, field, loading, select }
	from '/shared/ui.js';

const narrow = matchMedia('(max-width: 699px)');

const zone_of = (branch) =>
	branches().find(({ id }) => id === Number(branch))?.time_zone;

/* Without a choice the first branch: a sheet is of one. */
const branch_of = (view) => view.param('branch') ||
	String(branches()[0]?.id ?? 'all');

const month_of = (view) => /^\d{4}-\d\d$/.test(view.param('month')) ?
	view.param('month') : today_of(view).slice(0, 7);

const today_of = (view) => day_of(Date.now(), zone_of(branch_of(view)));

function days_of(month, today) {
	const [first, last] = month_days(month);
	const days = [];

	for (let day = first; day <= last; day = add_days(day, 1))
		days.push({
			day, number: Number(day.slice(8)), week: weekday(day),
			name: weekday_date(day), today: day === today,
			off: [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()),
		});
	return days;
}

export const month = {
	name: 'month', icon: 'grid',

	show(view) {
		const place = h('div', { class: 'month-place' });
		const name = h('h2', { 'aria-live': 'polite', class: 'month-name' });
		const shown = { items: [], grid: null };
		let turn = 0, ready = Promise.resolve();

		async function load(quiet) {
			const mine = ++turn;
			const wanted = month_of(view), branch = branch_of(view);
			const [from, to] = month_days(wanted);

			name.textContent = month_name(wanted);
			try {
				const answer = api.get('/stats/worktime', {
					from, to, by: 'grid',
					branch: branch === 'all' ? undefined : branch,
				}, { signal: view.signal, timeout: 60_000 });
				const { items } = await (quiet ? answer :
					loading(place, answer, 10));

				if (mine !== turn)
					return;
				shown.items = items;
				draw();
			} catch (error) {
				if (mine === turn && !view.signal.aborted)
					mount(place, error_state(error, () => load()));
			}
		}

		function draw() {
			const items = view.param('remarks') ?
				shown.items.filter((i) => i.grid.some(has_remark)) :
				shown.items;

			shown.grid = null;
			if (!items.length)
				return mount(place, h('div', { class: 'card' },
					empty_state(shown.items.length ? {
						icon: 'check', title: t('admin.days.in_order'),
						text: t('admin.days.in_order_text'),
					} : {
						icon: 'people', title: t('admin.empty.month.title'),
						text: t('admin.empty.month.text'),
					})));
			return narrow.matches ? draw_list(items) : draw_grid(items);
		}

		function draw_grid(items) {
			const days = days_of(month_of(view), today_of(view));
			const grid = month_grid({
				days, today: today_of(view),
				caption: month_name(month_of(view)),
				open: (id) => view.amend({ open: id }),
			});
			const today = days.findIndex((d) => d.today);

			shown.grid = grid;
			grid.show(items);
			mount(place, h('div', { class: 'month-box card flush' }, grid.el),
				legend(items));
			grid.current(view.param('open'));
			if (today >= 0)
				grid.reveal(today);
		}

		const draw_list = (items) => mount(place,
			h('ul', { class: 'list month-list' }, items.map((item) =>
				h('li', null, h('a', {
					class: 'row', href: link('month', {
						...Object.fromEntries(new URLSearchParams(
							location.search)), open: item.employee,
					}),
				}, person(item, today_of(view)))))));

		const refresh = () => { ready = load(true); };

		mount(view.root, page_head(view, tools(view, name)), place);
		view.on(['month', 'branch'], () => { ready = load(); });
		view.on(['remarks'], () => shown.items.length && draw());
		view.signal.addEventListener('abort', on(narrow, 'change', draw));
		panel_on(view, {
			list: { ready: () => ready, reload: refresh },
			load: async (id) => {
				await ready;
				return load_day(id, shown.items);
			},
			panel: (item, panel_tools) => item.figures ?
				explained(view, item, panel_tools) :
				summed(item, month_of(view), today_of(view)),
		});

		let before = '';

		/* Back to the cell that the panel was opened from. */
		view.on(['open'], () => {
			const open = view.param('open');

			shown.grid?.current(open);
			if (before && !open)
				shown.grid?.focus();
			before = open;
		});
	},
};

const has_remark = (d) => needs_look(d) ||
	Boolean(d.late_seconds || d.early_seconds);

/* Which month, whose, and whether only what somebody should look at. */
function tools(view, name) {
	const step = (n, shape, text) => h('button', {
		type: 'button', class: 'button square',
		onclick: () => view.amend({ month: add_months(month_of(view), n),
			open: null }),
	}, icon(shape), h('span', { class: 'unseen' }, t(text)));
	const branch = select([
		...branches().map(({ id, name: text }) => [id, text]),
		['all', t('common.all_branches')],
	], { onchange: (e) => view.amend({ branch: e.target.value, open: null }) });
	const remarks = h('input', { type: 'checkbox', onchange: () =>
		view.amend({ remarks: remarks.checked ? 'true' : null }) });

	view.on(['branch', 'remarks'], () => {
		branch.value = branch_of(view);
		remarks.checked = Boolean(view.param('remarks'));
	});
	return h('div', { class: 'month-tools' },
		h('label', { class: 'check' }, remarks, t('admin.month.remarks')),
		branches().length > 1 && field({ label: t('admin.field.branch'),
			name: 'branch', control: branch }),
		h('div', { class: 'month-step' },
			step(-1, 'chevron_left', 'admin.month.before'), name,
			step(1, 'chevron_right', 'admin.month.after')));
}

/* Only what is on the page. */
function legend(items) {
	const seen = new Set(items.flatMap((i) =>
		i.grid.flatMap((d) => cell_of(d).kinds)));

	return h('ul', { class: 'legend', 'aria-label': t('admin.month.legend') },
		marks.filter((name) => seen.has(name)).map((name) => h('li', null,
			h('span', { class: `cell ${name}`, 'aria-hidden': 'true' },
				sample(name)),
			t(`admin.mark.${name}`))));
}

const sample = (name) => ({ missing: '!', unexplained: '?', open: '•',
	away: t('admin.absence_short_annual_leave') }[name] ?? '');

/* A person on a narrow screen: the sums, and what is to be looked at. */
function person(item, today) {
	const sums = sums_of(item.grid);
	const marked = [
		[item.grid.filter(is_missing).length, 'admin.month.n_missing', 'bad'],
		[sums.unexplained, 'admin.month.n_unexplained', 'bad'],
		[sums.late_days, 'admin.month.n_late', 'warn'],
	].filter(([n]) => n);

	return [
		h('span', { class: 'month-who' }, item.name,
			h('small', { class: 'muted' }, item.position_name),
			marked.length > 0 && h('span', { class: 'chips' },
				marked.map(([n, key, mood]) =>
					h('span', { class: `chip ${mood}` }, t(key, { n }))))),
		h('span', { class: 'month-sum' }, hours(item.worked_seconds),
			item.planned_seconds > 0 && h('small', { class: 'muted' },
				signed(so_far(item.grid, today)))),
	];
}
