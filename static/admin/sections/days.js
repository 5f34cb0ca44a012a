import { chip, chips, clock, facts } from '../cells.js';
import { csv_menu } from '../csv.js';
import { enter_button, lacking } from '../manual.js';
import { listing } from '../listing.js';
import { link } from '../router.js';
import { page_head, panel_on } from '../section.js';
import { table } from '../table.js';
import { event_columns, period_filters, person_link } from './events.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { duration, hours, weekday_date } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { empty_state, show_answer } from '/shared/ui.js';

const day_marks = (d) => h('span', { class: 'chips' },
	d.open && chip(t('admin.day.open'), 'good'),
	d.missing_out > 0 && chip(t('admin.day.missing_out'), 'bad'),
	d.missing_in > 0 && chip(t('admin.day.missing_in'), 'bad'),
	d.unexplained > 0 && chip(t('admin.day.unexplained'), 'bad'),
	d.late_seconds > 0 && chip(t('admin.day.late',
		{ length: duration(d.late_seconds) }), 'warn'),
	d.early_seconds > 0 && chip(t('admin.day.early',
		{ length: duration(d.early_seconds) }), 'warn'),
	chips(d.flags ?? []));

export const worked = (d) => hours(d.worked_seconds);

export const day_columns = [
	{ name: 'first_in', is: 'time', from: 'narrow' },
	{ name: 'last_out', is: 'time', from: 'narrow' },
	{ name: 'worked_seconds', is: 'length', show: worked },
	{ name: 'planned_seconds', is: 'length', from: 'middle',
		show: (d) => d.planned_seconds ? hours(d.planned_seconds) : null },
	{ name: 'remarks', show: day_marks, sort: false },
];

const columns = [
	{ name: 'day', is: 'day', from: 'narrow' },
	{ name: 'name', key: 'employee', head: true, show: (d) => [d.name,
		h('small', { class: 'only-narrow' }, weekday_date(d.day))],
	value: (d) => d.name },
	{ name: 'branch_name', from: 'wide' },
	...day_columns,
];

const id = (d) => `${d.day}.${d.employee}`;

export const days = {
	name: 'days', icon: 'calendar',

	show(view) {
		const spec = {
			from: '/reports/days', columns, id, icon: 'calendar',
			empty: 'admin.empty.days', filters: period_filters,
		};
		const irregular = listing(view, {
			...spec, fixed: { irregular: true }, bare: true, page: 10,
			caption: t('admin.days.irregular'), nothing: in_order,
		});
		const all = listing(view, {
			...spec, caption: t('admin.days.all'),
		});

		const period = h('p', { class: 'muted' }, t('admin.days.period'));

		view.on(['from'], () => { period.hidden = Boolean(view.param('from')); });
		/* The filters rule both lists: they stand above the first. */
		mount(view.root,
			page_head(view, csv_menu(view, '/reports/days.csv',
				['from', 'to', 'employee', 'branch'])),
			all.el.querySelector('.filters'), period,
			h('section', null,
				h('h2', null, t('admin.days.irregular')), irregular.el),
			h('section', null,
				h('h2', null, t('admin.days.all')), all.el));
		panel_on(view, {
			list: {
				ready: () => Promise.all([irregular.ready(), all.ready()]),
				find: (key) => irregular.find(key) ?? all.find(key),
			},
			panel: (d, tools) => ({
				title: d.name,
				note: weekday_date(d.day),
				body: () => [day_details(d), h('div', { class: 'actions start' },
					enter_button(() => ({ ...d, ...lacking(d),
						done: () => Promise.all([irregular.reload(),
							all.reload()]).then(tools.again) })),
					person_link(d))],
			}),
		});
	},
};

const in_order = () => empty_state({
	icon: 'check', title: t('admin.days.in_order'),
	text: t('admin.days.in_order_text'),
});

/* A day, the intervals in it and the events behind them. */
function day_details(d) {
	const place = h('div');

	events_of(d, place);
	return [
		facts([
			{ name: 'branch_name' },
			{ name: 'worked_seconds', is: 'length' },
			{ name: 'planned_seconds', is: 'length' },
			{ name: 'remarks', show: day_marks },
		], d),
		h('div', { class: 'actions start' }, h('a', {
			class: 'button', href: link('month', { branch: 'all',
				month: d.day.slice(0, 7), open: `${d.employee}.${d.day}` }),
		}, t('admin.month.why'))),
		h('h3', null, t('admin.day.intervals')),
		h('ul', { class: 'intervals' }, d.intervals.map((i) => h('li', null,
			clock(i.in_at, d.time_zone), ' – ',
			i.out_at ? clock(i.out_at, d.time_zone) :
				chip(t(`admin.interval.${i.state}`),
					i.state === 'open' ? 'good' : 'bad'),
			i.out_at && h('span', { class: 'muted' }, duration(
				(Date.parse(i.out_at) - Date.parse(i.in_at)) / 1000))))),
		h('h3', null, t('admin.section.events')), place,
	];
}

const events_of = (d, place) => show_answer(place, () => api.get('/events', {
	employee: d.employee, from: d.day, to: d.day, limit: 200,
}), ({ items }) => {
	const grid = table(event_columns,
		{ caption: t('admin.section.events') });

	grid.show(items.reverse(), false);
	mount(place, grid.el);
});
