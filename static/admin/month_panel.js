/*
 * The panel of the month: a person's sums, and what is behind a day.
 */

import { chip, facts } from './cells.js';
import { absence_name, kinds_of, so_far, sums_of } from './month_cells.js';
import { change_form } from './plan_change.js';
import { link, place } from './router.js';
import { event_columns, person_link } from './sections/events.js';
import { table } from './table.js';
import { tabs } from './tabs.js';
import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { date_time, day_of, duration, hours, month_name, time, weekday_date }
	from '/shared/format.js';
import { has_text, t } from '/shared/i18n.js';
import { empty_state } from '/shared/ui.js';

/* "17" is somebody in the list, "17.2026-11-19" a day of his. */
export async function load_day(id, items) {
	const [employee, day] = id.split('.');

	if (!day)
		return items.find((i) => String(i.employee) === employee);
	return api.get('/stats/worktime/explain', { employee, day });
}

const length = (name, of = duration) => ({
	name, key: `sum.${name}`, is: 'length', show: (d) => d[name] ?
		of(d[name]) : null,
});

const difference = (seconds) => (seconds <= -60 ? '−' : seconds >= 60 ? '+' :
	'') + duration(Math.abs(seconds));

const figures = [
	{ name: 'worked_seconds', key: 'sum.worked_seconds',
		show: (d) => h('strong', null, duration(d.worked_seconds ?? 0)) },
	{ name: 'planned_seconds', key: 'sum.planned_seconds',
		show: (d) => duration(d.planned_seconds ?? 0) },
	{ name: 'difference_seconds', key: 'sum.difference_seconds',
		show: (d) => difference(d.difference_seconds) },
	{ name: 'difference_so_far', key: 'sum.difference_so_far',
		show: (d) => difference(d.difference_so_far) },
];

const rarer = [
	length('break_seconds'), length('late_seconds'), length('early_seconds'),
	length('overtime_seconds'), length('night_seconds'),
	...['missing_out', 'missing_in', 'unexplained'].map((name) =>
		({ name, key: `sum.${name}`, show: (d) => d[name] || null })),
];

const facts_of = (d) => facts([
	...figures.filter((f) => d[f.name] !== undefined),
	...rarer.filter((f) => d[f.name]),
], d);

/* Somebody's month: the sums, then the days that they are of. */
export const summed = (item, month, today) => ({
	title: item.name,
	note: `${month_name(month)} · ${item.position_name}`,
	body: () => [
		facts_of({ worked_seconds: 0, planned_seconds: 0,
			...sums_of(item.grid),
			difference_so_far: so_far(item.grid, today) }),
		h('div', { class: 'actions start' }, person_link(item),
			h('a', { class: 'button', href: link('schedules',
				{ employee: item.employee }) },
			t('admin.month.schedule'))),
		h('h3', null, t('admin.section.days')),
		item.grid.length ? day_list(item) : empty_state({
			icon: 'calendar', title: t('admin.month.empty') }),
	],
});

function day_list(item) {
	const grid = table([
		{ name: 'day', is: 'day', show: (d) => h('a', {
			href: link('month', { ...Object.fromEntries(place().query),
				open: `${item.employee}.${d.day}` }),
		}, weekday_date(d.day)) },
		{ name: 'worked_seconds', is: 'length',
			show: (d) => d.worked_seconds ? hours(d.worked_seconds) : null },
		{ name: 'planned_seconds', is: 'length',
			show: (d) => d.planned_seconds ? hours(d.planned_seconds) : null },
		{ name: 'remarks', sort: false, show: day_chips },
	], { caption: t('admin.section.days'), opens: false, id: (d) => d.day });

	grid.show(item.grid, false);
	return grid.el;
}

const moods = { missing: 'bad', unexplained: 'bad', late: 'warn',
	early: 'warn', open: 'good' };

const day_chips = (d) => h('span', { class: 'chips' },
	kinds_of(d).filter((name) => name !== 'night').map((name) =>
		chip(name === 'away' ? absence_name(d.absence) :
			name === 'missing' ? t(d.missing_out ?
				'admin.day.missing_out' : 'admin.day.missing_in') :
				t(`admin.mark.${name}`), moods[name])));

/* A day: why each number is what it is, and how it should have been. */
export const explained = (view, d, tools) => ({
	title: d.name,
	note: `${weekday_date(d.day)} · ${d.branch_name}`,
	body: () => tabs([
		['admin.month.why', () => why(d)],
		['admin.month.plan', () => change_form({
			employee: d.employee, day: d.day,
			saved: () => {
				tools.reload();
				tools.again();
			},
		})],
	]),
});

function why(d) {
	return [
		remarks(d),
		facts_of({ ...d.figures }),
		...reasons(d),
		d.shifts.length > 0 && [
			h('h3', null, t('admin.month.shifts')),
			h('ul', { class: 'intervals' }, d.shifts.map((s) =>
				h('li', null, span(d, s.starts_at, s.ends_at),
					chip(t(`admin.shift.${s.state}`), s.state ===
						'unexplained' ? 'bad' : s.state === 'came' ?
						'good' : '')))),
		],
		h('h3', null, t('admin.section.events')),
		d.events.length ? events(d) : h('p', { class: 'muted' },
			t('admin.month.no_events')),
		h('div', { class: 'actions start' },
			h('a', { class: 'button', href: link('month', {
				...Object.fromEntries(place().query), open: d.employee,
			}) }, t('admin.month.whole')),
			!d.absence && h('a', { class: 'button', href: link('absences', {
				open: 'new', for: d.employee, at: d.day,
			}) }, t('admin.absences.make'))),
	];
}

function remarks(d) {
	const parts = [
		d.absence && absence_name(d.absence),
		d.holiday && t('admin.mark.holiday'),
		d.cancelled && t('admin.month.cancelled'),
	].filter(Boolean);

	return parts.length > 0 && h('p', { class: 'band' }, parts.join('. '));
}

/* The order of the reading, not that of the counting. */
const order = ['worked', 'planned', 'late', 'early', 'overtime', 'night',
	'open', 'missing_out', 'missing_in', 'unexplained'];

const reasons = (d) => order.map((figure) => {
	const some = d.reasons.filter((r) => r.figure === figure);

	return some.length > 0 && h('section', { class: 'reasons' },
		h('h3', null, t(`admin.field.sum.${figure}${has_text(
			`admin.field.sum.${figure}`) ? '' : '_seconds'}`)),
		h('ul', null, some.map((r) => h('li', null, reason(d, r)))));
});

function reason(d, r) {
	const key = `admin.rule.${r.figure}.${r.rule}`;

	return [
		h('span', { class: 'reason-span' }, r.from ?
			span(d, r.from, r.to) : t('admin.month.whole_day')),
		h('span', null, r.seconds ? `${r.seconds < 0 ? '−' : ''}${
			duration(Math.abs(r.seconds))}` : ''),
		h('small', { class: 'muted', title: r.rule },
			has_text(key) ? t(key) : r.rule),
	];
}

/* Times of another date say which. */
function span(d, from, to) {
	const at = (instant) => day_of(instant, d.time_zone) === d.day ?
		time(instant, d.time_zone) : date_time(instant, d.time_zone);

	return from === to || !to ? at(from) : `${at(from)} – ${at(to)}`;
}

function events(d) {
	const grid = table(event_columns.map((c) => c.name === 'at' ? {
		...c, is: 'time', name: 'at', show: (e) =>
			span(d, e.at, e.at) } : c),
	{ caption: t('admin.section.events'), opens: false });

	grid.show(d.events, false);
	return grid.el;
}
