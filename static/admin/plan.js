/*
 * Plans in words and as a calendar of weeks.
 *
 * A shift is "09:00-18:00", one of a schedule "0 09:00-18:00" with its day of
 * the cycle before it; an end that is not after the start is on the next day.
 */

import { h } from '/shared/dom.js';
import { add_days, date_short, weekday, weekday_date } from
	'/shared/format.js';
import { t } from '/shared/i18n.js';
import { absence_name } from './month_cells.js';

/* Monday, Tuesday, … in the reader's language; a cycle's days by number. */
export const day_name = (kind, n) => kind === 'weekly' ?
	weekday(add_days('2024-01-01', n)) : t('admin.plan.day_n', { n: n + 1 });

/* "09:00–18:00", "20:00–08:00 (+1)", "08:00, сутки". */
function hours_text(shift) {
	const [from, to] = shift.split('-');

	if (from === to)
		return t('admin.plan.around', { from });
	return to < from ? `${from}–${to} (+1)` : `${from}–${to}`;
}

export const hours_list = (shifts) => shifts.length ?
	shifts.map(hours_text).join(', ') : t('admin.plan.off');

export function by_day({ kind, cycle_days = 7, shifts }) {
	const days = Array.from({ length: kind === 'weekly' ? 7 : cycle_days },
		() => []);

	for (const shift of shifts) {
		const [, n, times] = /^(\d+) (.+)$/.exec(shift);

		days[n]?.push(times);
	}
	return days;
}

/* "пн–пт 09:00–18:00, сб 10:00–15:00" or "2 через 2, 08:00–20:00". */
export function schedule_words(schedule) {
	const days = by_day(schedule);
	const runs = [];

	for (const [n, shifts] of days.entries()) {
		const text = shifts.map(hours_text).join(', ');

		if (runs.at(-1)?.text === text)
			runs.at(-1).last = n;
		else
			runs.push({ first: n, last: n, text });
	}
	if (schedule.kind === 'rotation')
		return rotation_words(runs, days.length);

	const worked = runs.filter(({ text }) => text);

	return worked.length ? worked.map(({ first, last, text }) =>
		`${day_range(first, last)} ${text}`).join('; ') :
	    t('admin.plan.no_days');
}

function rotation_words(runs, cycle) {
	const [work, rest] = runs;

	if (runs.length <= 2 && work.text && !rest?.text)
		return `${t('admin.plan.rotation', { on: work.last + 1,
			off: cycle - work.last - 1 })}, ${work.text}`;
	return `${t('admin.plan.cycle', { n: cycle })}: ${runs
		.filter(({ text }) => text).map(({ first, last, text }) =>
			`${first + 1}${last > first ? `–${last + 1}` : ''} ${text}`)
		.join('; ')}`;
}

const day_range = (first, last) => first === last ?
	day_name('weekly', first) :
	`${day_name('weekly', first)}–${day_name('weekly', last)}`;

export const monday_of = (day) =>
	add_days(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));

/* What a draft would plan, from `from` on: the same rule as the server's. */
export function draft_days(schedule, from, n) {
	const days = by_day(schedule);
	const anchor = schedule.kind === 'weekly' ? monday_of(from) :
		schedule.anchor ?? schedule.valid_from;

	return Array.from({ length: n }, (_, i) => {
		const day = add_days(from, i);
		const at = Math.round((Date.parse(day) - Date.parse(anchor)) /
			86_400_000);
		const valid = day >= schedule.valid_from &&
			(!schedule.valid_to || day <= schedule.valid_to);

		return { day, outside: !valid, shifts: valid ?
			days[((at % days.length) + days.length) % days.length] : [] };
	});
}

/* Items of GET /plan in the same form. */
export const planned_days = (items) => items.map((d) => ({
	day: d.day, absence: d.absence, holiday: d.holiday, changed: d.changed,
	shifts: d.shifts.map((s) => `${s.start}-${s.end}`),
}));

/* Whole weeks, Monday to Sunday; `today` is marked. */
export function weeks(days, today) {
	const by_date = new Map(days.map((d) => [d.day, d]));
	const first = monday_of(days[0].day);
	const rows = [];

	for (let day = first; day <= days.at(-1).day; day = add_days(day, 7))
		rows.push(Array.from({ length: 7 }, (_, i) => add_days(day, i)));
	return h('div', { class: 'weeks-box' }, h('table', { class: 'weeks' },
		h('thead', null, h('tr', null, rows[0].map((day) =>
			h('th', { scope: 'col' }, weekday(day))))),
		h('tbody', null, rows.map((row) => h('tr', null,
			row.map((day) => week_cell(day, by_date.get(day), today)))))));
}

const week_cell = (day, d, today) => h('td', {
	class: [d?.shifts.length ? 'on' : 'off', d?.holiday && 'holiday',
		d?.absence && 'away', day === today && 'today',
		(!d || d.outside) && 'outside'].filter(Boolean).join(' '),
},
h('span', { class: 'week-date' },
	h('span', { 'aria-hidden': 'true' }, date_short(day)),
	h('span', { class: 'unseen' }, weekday_date(day))),
d?.absence && h('small', null, absence_name(d.absence)),
d?.holiday && !d.absence && h('small', null, t('admin.mark.holiday')),
d?.shifts.map((s) => h('span', { class: 'week-hours' }, hours_text(s))),
d?.changed && h('small', null, t('admin.plan.changed')));
