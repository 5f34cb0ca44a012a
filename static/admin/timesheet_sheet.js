/* The columns of a sheet: half months, the month, and what it is made of. */

import { h } from '/shared/dom.js';
import { hours } from '/shared/format.js';
import { t } from '/shared/i18n.js';

const work = new Set(['work', 'night', 'overtime', 'rest_work', 'rest',
	'holiday', 'outside', 'unplanned', 'expected', 'open', 'missing']);

const kind_name = (kind) => t(kind === 'unexplained' ?
	'admin.kind.unexplained' : `admin.absence_${kind}`);

const days_and_hours = (days, seconds) => h('span', { class: 'days-hours' },
	h('small', { class: 'muted' }, t('app.days', { n: days })),
	' ', hours(seconds));

const absences = ({ kinds }) => Object.entries(kinds)
	.filter(([kind]) => !work.has(kind))
	.map(([kind, { days: n }]) => `${kind_name(kind)}: ${n}`)
	.join(', ') || null;

const half = (i) => ({
	name: `half_${i + 1}`, is: 'length', from: 'middle',
	show: ({ halves: { [i]: { days, worked_seconds } } }) =>
		days_and_hours(days, worked_seconds),
	value: (row) => row.halves[i].worked_seconds,
});

export const sheet_columns = [
	{ name: 'name', key: 'employee', head: true, show: (row) => [row.name,
		h('small', { class: 'muted' }, [row.personnel_number,
			row.position_name].filter(Boolean).join(' · '))],
	value: (row) => row.name },
	half(0), half(1),
	{ name: 'worked_seconds', key: 'sheet_month', is: 'length',
		show: (row) => days_and_hours(row.worked_days, row.worked_seconds) },
	{ name: 'night_seconds', key: 'sheet_night', is: 'length', from: 'wide',
		show: (row) => row.night_seconds ? hours(row.night_seconds) : null },
	{ name: 'overtime_seconds', key: 'sheet_overtime', is: 'length',
		from: 'wide', show: (row) => row.overtime_seconds ?
			hours(row.overtime_seconds) : null },
	{ name: 'absences', key: 'sheet_absences', from: 'narrow', sort: false,
		show: absences },
];
