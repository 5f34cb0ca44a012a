import { chip, chips, facts, instant, word } from '../cells.js';
import { csv_menu } from '../csv.js';
import { branches, options_of } from '../lookups.js';
import { link } from '../router.js';
import { list_section } from '../section.js';
import { h } from '/shared/dom.js';
import { time_seconds, weekday_date, day_of, zone_name } from
	'/shared/format.js';
import { t } from '/shared/i18n.js';

export const kind = ({ kind: name }) => chip(word('kind', name),
	name === 'in' ? 'good' : '');

const plain_effects = new Set(['opens', 'closes']);

/* What went by the book needs no word. */
export const remarks = (e) => h('span', { class: 'chips' },
	!plain_effects.has(e.effect) && chip(word('effect', e.effect),
		['missing_in', 'voided'].includes(e.effect) ? 'bad' : ''),
	e.missing_out && chip(t('admin.day.missing_out'), 'bad'),
	chips(e.flags ?? []));

export const event_columns = [
	{ name: 'at', is: 'at' },
	{ name: 'kind', show: kind },
	{ name: 'branch_name', from: 'wide' },
	{ name: 'remarks', show: remarks },
];

const details = [
	{ name: 'kind', show: kind },
	{ name: 'day', show: (e) =>
		weekday_date(day_of(e.at, e.time_zone)) },
	{ name: 'time', show: (e) => time_seconds(e.at, e.time_zone) },
	{ name: 'time_zone', show: (e) => zone_name(e.time_zone, e.at) },
	{ name: 'branch_name' },
	{ name: 'effect', show: (e) => word('effect', e.effect) },
	{ name: 'source', show: (e) => word('source', e.source) },
	{ name: 'flags', show: (e) => e.flags?.length ? chips(e.flags) : null },
	{ name: 'reason' },
	{ name: 'receipt', show: (e) =>
		h('span', { class: 'receipt' }, e.receipt) },
];

export const period_filters = [
	{ name: 'from', is: 'date' },
	{ name: 'to', is: 'date' },
	{ name: 'employee', is: 'person' },
	{ name: 'branch', is: 'choice', options: () => options_of(branches()) },
];

export const person_link = (item) => h('a', {
	class: 'button', href: link('people', { open: item.employee }),
}, t('admin.person.open'));

export const events = {
	name: 'events', icon: 'list',

	show: (view) => list_section(view, {
		tools: csv_menu(view, '/reports/events.csv',
			['from', 'to', 'employee', 'branch', 'kind', 'irregular'],
			/* Without one the report is of a month, the list of all. */
			{ from: '1970-01-01' }),
		list: {
			from: '/events',
			filters: [
				...period_filters,
				{ name: 'kind', is: 'choice', options: () =>
					['in', 'out'].map((k) => [k, word('kind', k)]) },
				{ name: 'irregular', is: 'flag' },
			],
			columns: [
				{ name: 'at', is: 'at', from: 'narrow' },
				{ name: 'name', key: 'employee', head: true,
					show: (e) => [e.name, h('small',
						{ class: 'only-narrow' },
						instant(e.at, e.time_zone))],
					value: (e) => e.name },
				{ name: 'kind', show: kind },
				{ name: 'branch_name', from: 'middle' },
				{ name: 'remarks', show: remarks, from: 'narrow',
					sort: false },
			],
		},
		panel: (e) => ({
			title: e.name,
			note: instant(e.at, e.time_zone),
			body: () => [facts(details, e),
				h('div', { class: 'actions start' }, person_link(e))],
		}),
	}),
};
