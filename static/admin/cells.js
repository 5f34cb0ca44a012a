/*
 * How values are shown: in tables, in panels, the same everywhere.
 *
 * A column (or a fact in a panel) is { name, is, key, show }: `is` names a
 * kind below, `show(item)` makes the node itself.
 */

import { h } from '/shared/dom.js';
import { date_full, date_time, duration, time, weekday_date,
	zone_note } from '/shared/format.js';
import { has_text, language, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';

const kinds = {
	at: (v, item) => instant(v, item.time_zone),
	date: (v) => date_full(v),
	day: (v) => weekday_date(v),
	flag: (v) => v ? icon('check', t('admin.yes')) : '',
	length: (v) => duration(v),
	minutes: (v) => duration(v * 60),
	number: (v) => v.toLocaleString(language()),
	text: (v) => v,
	time: (v, item) => clock(v, item.time_zone),
};

const right = new Set(['length', 'minutes', 'number', 'time']);

export const is_right = (column) => right.has(column.is);

/* `key` where the name of a field means something else elsewhere. */
export const label_of = ({ name, label, key }) =>
	label ?? t(`admin.field.${key ?? name.replace(ours, '$1')}`);

/* The name of a branch is labelled as the branch itself. */
const ours = /^(branch|position|decided_by)_name$/;

export function shown(column, item) {
	const value = column.show ? column.show(item) : item[column.name];

	if (value === null || value === undefined || value === false ||
	    (value === '' && !column.show))
		return column.is === 'flag' && value === false ? '' : nothing();
	return column.show ? value : kinds[column.is ?? 'text'](value, item);
}

export const nothing = () => h('span', { class: 'muted' },
	h('span', { 'aria-hidden': 'true' }, '–'),
	h('span', { class: 'unseen' }, t('admin.none')));

export const chip = (text, mood = '') =>
	h('span', { class: `chip ${mood}` }, text);

export const chips = (names) => h('span', { class: 'chips' },
	names.map((name) => chip(word('flag', name), 'warn')));

/* "21 нояб., 07:58", and whose clock it is if not the reader's. */
export const instant = (at, zone) => h('time', { datetime: at },
	date_time(at, zone), zone_mark(at, zone));

export const clock = (at, zone) => h('time', { datetime: at },
	time(at, zone), zone_mark(at, zone));

function zone_mark(at, zone) {
	const note = zone_note(zone, at);

	return note && h('span', { class: 'zone' }, note);
}

/* A word of ours for a word of the server's, or that word itself. */
export const word = (group, value) => {
	const key = `admin.${group}.${value}`;

	return has_text(key) ? t(key) : String(value);
};

/* A list of facts: [column, ...] of one thing. */
export const facts = (columns, item) => h('dl', { class: 'facts' },
	columns.map((column) => h('div', null,
		h('dt', null, label_of(column)),
		h('dd', null, shown(column, item)))));
