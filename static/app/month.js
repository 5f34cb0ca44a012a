/*
 * A person's month: as a strip of columns, and day by day.
 */

import { api } from '../shared/api.js';
import { h, mount, s } from '../shared/dom.js';
import { add_days, add_months, day_of, duration, hours, month_days,
	month_name, one_zone, time, zone_note }
	from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { empty_state, show_answer } from '../shared/ui.js';
import { add_button, day_events, fix_button, requests } from './fix.js';
import { date_of } from './plan.js';
import { show } from './screen.js';

const full_day = 10 * 3600;

/* One column a day; its height is the hours. */
export function month_strip(month, items, today) {
	const [first, last] = month_days(month);
	const by_day = new Map(items.map((i) => [i.day, i]));
	const columns = [];

	for (let day = first, x = 0; day <= last; day = add_days(day, 1), x++)
		columns.push(column(x, by_day.get(day), day === today));
	return s('svg', {
		class: 'strip', viewBox: `0 0 ${columns.length * 10} 44`,
		preserveAspectRatio: 'none', 'aria-hidden': 'true',
	}, columns);
}

function column(x, item, is_today) {
	const part = Math.min(1, (item?.worked_seconds ?? 0) / full_day);
	const plan = 40 * Math.min(1, (item?.planned_seconds ?? 0) / full_day);
	const wrong = item && irregular(item);
	const height = wrong ? Math.max(8, 40 * part) : 40 * part;

	return [
		s('rect', { class: 'strip-base', x: x * 10 + 2, y: 42, width: 6,
			height: 2 }),
		plan > 0 && s('rect', { class: 'strip-plan', x: x * 10 + 2,
			y: 42 - plan, width: 6, height: plan, rx: 2 }),
		s('rect', {
			class: `strip-day ${wrong ? 'wrong' : ''} ${is_today ?
				'today' : ''}`,
			x: x * 10 + 2, y: 42 - height, width: 6, height, rx: 2,
		}),
	];
}

export const irregular = (item) => item.missing_in > 0 ||
	item.missing_out > 0 || item.unexplained > 0;

/* What there is to say of a day: what is missing, late, early. */
export const remarks = (item) => [
	irregular(item) && h('span', { class: 'chip warn' }, icon('alert'),
		missing_text(item)),
	...['late', 'early'].map((name) => item[`${name}_seconds`] > 0 &&
		h('span', { class: 'chip' }, t(`admin.day.${name}`,
			{ length: duration(item[`${name}_seconds`]) }))),
];

/* `own`: the reader's own month; otherwise `name` is whose it is. */
export function show_month({ month, zone, employee, name, own, back }) {
	const place = h('div', { class: 'days' });
	const asked = own && h('section');
	const again = (other) => show_month({ month: other, zone, employee, name,
		own, back });

	show({
		name: 'month', title: own ? t('app.month') : name, back,
		content: [switcher(month, zone, again), place, asked],
	});
	fill(place, { month, employee, own, zone, asked,
		again: () => again(month) });
}

function switcher(month, zone, again) {
	const newest = day_of(Date.now(), zone).slice(0, 7);
	const arrow = (n, shape, label) => h('button', {
		type: 'button', class: 'button quiet', 'aria-label': label,
		disabled: n > 0 && month >= newest,
		onclick: () => again(add_months(month, n)),
	}, icon(shape));

	return h('div', { class: 'switcher' },
		arrow(-1, 'chevron_left', t('admin.month.before')),
		h('p', { 'aria-live': 'polite' }, month_name(month)),
		arrow(1, 'chevron_right', t('admin.month.after')));
}

function fill(place, view) {
	const [from, to] = month_days(view.month);
	const query = { from, to, employee: view.employee };

	return show_answer(place, () => Promise.all([
		api.get('/reports/days', { ...query, limit: 200 }),
		api.get('/stats/worktime', { ...query, by: 'grid' }),
		view.own && requests(view.asked, from, to, view),
	]), ([{ items: facts }, { items: [whole] }, waiting]) => {
		const items = with_absences(facts, whole?.grid ?? []);

		Object.assign(view, { items, waiting });
		mount(place, items.length ? [
			total(facts, whole?.planned_seconds), rows(items, view)] :
			empty_state({ icon: 'calendar',
				title: t('admin.month.empty'),
				text: t('app.month_empty_text') }),
		view.own && add_button(view));
	}, 6);
}

/* Days of leave have nothing to report, and belong to the month all the same. */
function with_absences(facts, grid) {
	const there = new Set(facts.map((d) => d.day));
	const newest = day_of(Date.now());

	return [...facts, ...grid.filter((d) => d.absence && d.day <= newest &&
		!there.has(d.day)).map((d) => ({ ...d, intervals: [] }))]
		.sort((a, b) => a.day < b.day ? 1 : -1);
}

function total(items, planned) {
	const seconds = items.reduce((sum, i) => sum + i.worked_seconds, 0);
	const days = new Set(items.filter((i) => i.worked_seconds > 0)
		.map((i) => i.day)).size;
	const wrong = items.filter(irregular).length;

	return h('section', { class: 'card totals' },
		h('p', { class: 'figure' }, duration(seconds)),
		h('p', { class: 'muted' }, [planned > 0 && t('app.of_plan',
			{ length: duration(planned) }), t('app.days', { n: days })]
			.filter(Boolean).join(' · ')),
		wrong > 0 && h('p', { class: 'chip warn' }, icon('alert'),
			t('app.irregular', { n: wrong })));
}

function rows(items, view) {
	const zone = one_zone(items);

	return [
		zone_line(zone),
		h('div', { class: 'list' },
			items.map((item) => day_row(item, view, zone))),
	];
}

/* Whose clock the times are of, unless it shows the reader's time. */
export function zone_line(zone) {
	const note = zone && zone_note(zone);

	return note ? h('p', { class: 'zone-line' }, icon('clock'),
		t('app.zone', { zone: note })) : null;
}

function day_row(item, view, zone) {
	const wrong = irregular(item);
	const line = [
		date_of(item.day),
		h('span', { class: 'day-times' }, item.absence && !item.first_in ?
			t(`admin.absence_${item.absence}`) : span_text(item, zone),
		remarks(item)),
		h('span', { class: 'day-hours' }, item.absence ? '' :
			hours(item.worked_seconds), item.planned_seconds > 0 &&
			h('span', { class: 'note' }, hours(item.planned_seconds))),
	];

	if (view.own)
		return own_day(item, view, line);
	if (!wrong && item.intervals.length < 2)
		return h('div', { class: 'row day' }, line);
	return h('details', { class: 'day-more' },
		h('summary', { class: 'row day' }, line),
		h('div', { class: 'day-detail' },
			h('ul', null, item.intervals.map((i) =>
				h('li', null, interval_text(i, item.time_zone))))));
}

/* What is missing is asked for beside the day; all else inside it. */
function own_day(item, view, line) {
	const inside = h('div', { class: 'day-detail' });

	return [h('details', { class: 'day-more',
		ontoggle: (e) => e.target.open && day_events(inside, item, view),
	}, h('summary', { class: 'row day' }, line), inside),
	(item.missing_in > 0 || item.missing_out > 0) && h('div',
		{ class: 'day-fix' },
		h('span', null, t('correction.no_hours')),
		view.waiting.has(item.day) ?
			h('span', { class: 'chip' }, t('correction.pending')) :
			fix_button(item, view))];
}

/* `named`: the zone stands above the list already. */
export function span_text(item, named) {
	const zone = item.time_zone;
	const note = !named && zone_note(zone, item.first_in ??
		item.last_out ?? Date.now());
	const from = item.first_in ? time(item.first_in, zone) : '—';
	const to = item.open ? t('app.now') : item.last_out ?
		time(item.last_out, zone) : '—';

	return `${from} – ${to}${note ? ` (${note})` : ''}`;
}

const missing_text = (item) => t(item.missing_out > 0 ?
	'admin.day.missing_out' : item.missing_in > 0 ? 'admin.day.missing_in' :
	    'app.unexplained');

const interval_text = (i, zone) => `${i.in_at ? time(i.in_at, zone) : '—'} – ${
	i.out_at ? time(i.out_at, zone) : i.state === 'open' ? t('app.now') :
		'—'}`;
