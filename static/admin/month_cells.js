/*
 * What a day of the month says in a cell, in words and in marks.
 *
 *	const { text, plan, kinds, words } = cell_of(day, 'past')
 *
 * `kinds` are names of classes: the looks and the legend share them.
 */

import { duration, hours } from '/shared/format.js';
import { t } from '/shared/i18n.js';

/* What the legend explains, in its order. */
export const marks = ['late', 'early', 'overtime', 'night', 'missing',
	'unexplained', 'away', 'holiday', 'open'];

export const absence_name = (kind) => t(`admin.absence_${kind}`);
const absence_short = (kind) => t(`admin.absence_short_${kind}`);

const lengths = [
	['worked_seconds', 'admin.cell.worked'],
	['planned_seconds', 'admin.cell.planned'],
	['late_seconds', 'admin.cell.late'],
	['early_seconds', 'admin.cell.early'],
	['overtime_seconds', 'admin.cell.overtime'],
	['night_seconds', 'admin.cell.night'],
];

export const is_missing = (d) => Boolean(d.missing_out || d.missing_in);

/* Something that somebody should look at. */
export const needs_look = (d) => is_missing(d) ||
	Boolean(d.unexplained || d.conflict);

export function kinds_of(d) {
	return [
		d.late_seconds && 'late', d.early_seconds && 'early',
		d.overtime_seconds && 'overtime', d.night_seconds && 'night',
		is_missing(d) && 'missing', d.unexplained && 'unexplained',
		d.absence && 'away', d.holiday && 'holiday',
		d.open && 'open',
	].filter(Boolean);
}

/* The same in words, for those who hear the grid and for its panel. */
const words_of = (d) => [
	d.absence && absence_name(d.absence),
	d.holiday && t('admin.mark.holiday'),
	d.unexplained && t('admin.mark.unexplained'),
	d.missing_out && t('admin.day.missing_out'),
	d.missing_in && t('admin.day.missing_in'),
	d.conflict && t('admin.cell.conflict'),
	d.open && t('admin.mark.open'),
	...lengths.map(([name, key]) => d[name] &&
		t(key, { length: duration(d[name]) })),
].filter(Boolean).join(', ');

/* An empty day has no row: `d` is undefined then. */
export function cell_of(d) {
	if (!d)
		return { text: '', plan: '', kinds: [], words: t('admin.cell.free') };
	return {
		text: text_of(d),
		plan: d.planned_seconds ? hours(d.planned_seconds) : '',
		kinds: kinds_of(d),
		words: words_of(d),
	};
}

function text_of(d) {
	const worked = d.worked_seconds ? hours(d.worked_seconds) : '';

	if (is_missing(d))
		return `${worked}!`;
	if (worked)
		return worked;
	if (d.absence)
		return absence_short(d.absence);
	if (d.unexplained)
		return '?';
	return d.open ? '•' : '';
}

/* Worked less planned, of the days that are over: those to come owe nothing. */
export const so_far = (days, today) => days
	.filter((d) => d.day < today).reduce((sum, d) => sum +
		(d.worked_seconds ?? 0) - (d.planned_seconds ?? 0), 0);

/* The sums of a person's days, by the names of the figures. */
export function sums_of(days) {
	const sums = { days: 0, shifts_missed: 0, late_days: 0, early_days: 0 };

	for (const d of days) {
		for (const [name, value] of Object.entries(d))
			if (typeof value === 'number')
				sums[name] = (sums[name] ?? 0) + value;
		sums.days += d.worked_seconds ? 1 : 0;
		sums.late_days += d.late_seconds ? 1 : 0;
		sums.early_days += d.early_seconds ? 1 : 0;
	}
	return sums;
}
