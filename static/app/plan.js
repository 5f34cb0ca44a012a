/*
 * What one is to work: today's shift at home, this week and the next day by
 * day.
 */

import { api } from '../shared/api.js';
import { h, mount } from '../shared/dom.js';
import { add_days, weekday, weekday_date } from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { go_home } from './home_way.js';
import { show } from './screen.js';

const weeks = 2;

const monday_of = (day) =>
	add_days(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));

/* "09:00–18:00", or why there is nothing to do. */
const plan_text = (d) =>
	d.absence ? t(`admin.absence_${d.absence}`) :
	d.shifts.length ? d.shifts.map((s) => `${s.start}–${s.end}`).join(', ') :
	t(d.holiday ? 'admin.mark.holiday' : 'admin.plan.off');

/* The card at home; nobody who has no plan sees one. */
export async function fill_plan(me, place) {
	const { day } = me.today;
	const from = monday_of(day);

	try {
		const { items } = await api.get('/plan',
			{ from, to: add_days(from, weeks * 7 - 1) });
		const near = items.filter((d) =>
			d.day === day || d.day === add_days(day, 1));

		if (near.length && items.some((d) => d.shifts.length || d.absence))
			mount(place, card(near, day, () =>
				show_plan(items, me.today.day, from)));
	} catch {
		/* Home is complete without it. */
	}
}

const card = (near, today, onclick) => [
	h('h2', { class: 'label' }, t('app.plan')),
	h('button', { type: 'button', class: 'card plan-card', onclick },
		h('span', { class: 'plan-days' }, near.map((d) => h('span', null,
			h('span', { class: 'muted' },
				t(d.day === today ? 'app.today' : 'app.tomorrow')),
			h('span', null, plan_text(d))))),
		icon('chevron_right')),
];

function show_plan(items, today, from) {
	const week = (n) => items.filter((d) => d.day >= add_days(from, n * 7) &&
		d.day < add_days(from, n * 7 + 7));

	show({
		name: 'plan', title: t('app.plan'), back: go_home,
		content: ['app.this_week', 'app.next_week'].map((key, n) =>
			h('section', null,
				h('h2', { class: 'label' }, t(key)),
				h('div', { class: 'list' }, week(n).map((d) =>
					row(d, today))))),
	});
}

const row = (d, today) => h('div', {
	class: `row day ${d.day === today ? 'now' : ''}`,
	'aria-current': d.day === today && 'date',
}, date_of(d.day), h('span', {
	class: `day-times ${d.shifts.length ? '' : 'muted'}`,
}, plan_text(d), d.changed && h('span', { class: 'note' },
	t('admin.plan.changed'))));

/* The number and the weekday of a day, as the rows of months have them. */
export const date_of = (day) => h('span', { class: 'day-date' },
	h('span', { 'aria-hidden': 'true', class: 'day-number' },
		String(Number(day.slice(8)))),
	h('span', { 'aria-hidden': 'true', class: 'day-week' }, weekday(day)),
	h('span', { class: 'unseen' }, weekday_date(day)));
