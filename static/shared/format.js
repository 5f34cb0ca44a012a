/*
 * Times, dates and lengths as people read them.
 *
 * An instant is RFC 3339 text, a Date or epoch milliseconds; a day is
 * "2026-11-21"; a zone is an IANA name (none: the reader's own).
 *
 *	time('2026-11-21T05:58:00Z', 'Europe/Kyiv')	07:58
 *	time_zoned(…)	07:58, and "07:58 (Украина)" for a reader elsewhere
 *	date('2026-11-21')	21 ноября · weekday_date: сб, 21 ноября
 *	date_time(instant, zone)	21 нояб., 07:58
 *	duration(11520)	3 ч 12 мин · hours(11520)	3:12
 *	today(zone)	2026-11-21 · add_days('2026-11-30', 1)	2026-12-01
 *	wall('2026-11-21', '07:58', zone)	2026-11-21T05:58:00Z
 */

import { language, t } from './i18n.js';

const formats = new Map();

/* English as Europe writes it: day before month, 24 hours. */
const locale = () => language() === 'en' ? 'en-GB' : language();

export const own_zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const time = (instant, zone) =>
	put(instant, zone, { hour: '2-digit', minute: '2-digit' });

export const time_seconds = (instant, zone) => put(instant, zone,
	{ hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function time_zoned(instant, zone) {
	const name = zone_note(zone, instant);

	return time(instant, zone) + (name && ` (${name})`);
}

/* The year too if it is not this one. */
export const date_time = (instant, zone) => put(instant, zone, {
	year: this_year(instant) ? undefined : 'numeric', day: 'numeric',
	month: 'short', hour: '2-digit', minute: '2-digit',
});

export const date = (day) => put_day(day, { day: 'numeric', month: 'long' });

export const date_short = (day) =>
	put_day(day, { day: 'numeric', month: 'short' });

export const date_full = (day) =>
	put_day(day, { day: 'numeric', month: 'long', year: 'numeric' });

export const weekday_date = (day) =>
	put_day(day, { weekday: 'short', day: 'numeric', month: 'long' });

/* "24–30 нояб." */
export const date_range = (from, to) => formatter('UTC',
	{ day: 'numeric', month: 'short', year: this_year(from) &&
		this_year(to) ? undefined : 'numeric' })
	.formatRange(new Date(from), new Date(to));

export const weekday = (day) => put_day(day, { weekday: 'short' });

/* "ноябрь 2026" of "2026-11". */
export function month_name(month) {
	const text = put_day(`${month}-01`, { month: 'long', year: 'numeric' });

	return text.replace(/\s*[гр]\.$/, '');
}

export function duration(seconds) {
	const minutes = Math.floor(Math.max(0, seconds) / 60);
	const h = Math.floor(minutes / 60), m = minutes % 60;

	const text = !h ? t('unit.m', { m }) :
	    m ? t('unit.hm', { h, m }) : t('unit.h', { h });

	return text.replace(/(\d) /g, '$1\u00a0');
}

/* For columns of figures: hours and minutes, "3:12". */
export function hours(seconds) {
	const minutes = Math.floor(Math.abs(seconds) / 60);
	const m = String(minutes % 60).padStart(2, '0');

	return `${seconds <= -60 ? '−' : ''}${Math.floor(minutes / 60)}:${m}`;
}

/* The zone's name if its clocks show another time than the reader's. */
export function zone_note(zone, instant = Date.now()) {
	if (!zone || stamp(instant, zone) === stamp(instant, undefined))
		return '';
	return zone_name(zone, instant);
}

/* The place if the browser knows it in this language, else GMT+3. */
export function zone_name(zone, instant = Date.now()) {
	const name = zone_part(zone, instant, 'shortGeneric')
		.replace(/^час: /, '');

	return language() !== 'en' && /^[A-Z]/.test(name) ?
	    zone_part(zone, instant, 'shortOffset') : name;
}

const zone_part = (zone, instant, timeZoneName) =>
	formatter(zone, { timeZoneName }).formatToParts(new Date(instant))
		.find((p) => p.type === 'timeZoneName').value;

/*
 * The zone that all of a list share, to be named once above it; null if there
 * are several and each row needs its own.
 */
export const one_zone = (items) =>
	new Set(items.map((i) => i.time_zone)).size === 1 ?
	    items[0].time_zone : null;

/* The local day of an instant; Sweden writes dates as ISO does. */
export const day_of = (instant, zone) => new Intl.DateTimeFormat('sv-SE', {
	timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit',
}).format(new Date(instant));

export const today = (zone) => day_of(Date.now(), zone);

/*
 * What a clock on the wall shows, as an instant, by PostgreSQL's rule (W12): a
 * time in the gap is taken after it, in the doubled hour the later one.
 */
export function wall(day, time_shown, zone) {
	const shown = Date.parse(`${day}T${time_shown}Z`);
	const instants = [-1, 1].map((n) =>
		shown - ahead(shown + n * 86400000, zone));
	const right = instants.filter((at) => at + ahead(at, zone) === shown);

	return new Date(Math.max(...right.length ? right : instants))
		.toISOString().replace('.000', '');
}

/* By how much the clocks of the zone are ahead of UTC. */
const ahead = (at, zone) => Date.parse(`${new Intl.DateTimeFormat('sv-SE', {
	timeZone: zone, dateStyle: 'short', timeStyle: 'medium',
}).format(at).replace(' ', 'T')}Z`) - at;

/* Days are counted in UTC, where each has 24 hours. */
export function add_days(day, n) {
	const d = new Date(`${day}T00:00:00Z`);

	d.setUTCDate(d.getUTCDate() + n);
	return d.toISOString().slice(0, 10);
}

export function add_months(month, n) {
	const d = new Date(`${month}-01T00:00:00Z`);

	d.setUTCMonth(d.getUTCMonth() + n);
	return d.toISOString().slice(0, 7);
}

/* The first and the last day of "2026-11". */
export const month_days = (month) =>
	[`${month}-01`, add_days(`${add_months(month, 1)}-01`, -1)];

/* "Коваленко Анна Петровна". */
export const full_name = (p) =>
	[p.last_name, p.first_name, p.middle_name].filter(Boolean).join(' ');

function formatter(zone, parts) {
	const key = JSON.stringify([language(), zone, parts]);

	if (!formats.has(key))
		formats.set(key, new Intl.DateTimeFormat(locale(),
			{ timeZone: zone, hourCycle: 'h23', ...parts }));
	return formats.get(key);
}

const put = (instant, zone, parts) =>
	formatter(zone, parts).format(new Date(instant));

const this_year = (instant) =>
	new Date(instant).getFullYear() === new Date().getFullYear();

const put_day = (day, parts) => put(`${day}T12:00:00Z`, 'UTC', parts);

const stamp = (instant, zone) => formatter(zone, {
	day: 'numeric', hour: 'numeric', minute: 'numeric',
}).format(new Date(instant));
