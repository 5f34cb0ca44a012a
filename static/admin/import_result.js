/* What becomes of each line of an imported file: counts, filter, table. */

import { chip, label_of } from './cells.js';
import { table } from './table.js';
import { h, mount } from '/shared/dom.js';
import { has_text, t } from '/shared/i18n.js';
import { empty_state } from '/shared/ui.js';

const most = 200;
const kinds = ['refused', 'create', 'update', 'same'];
const moods = { refused: 'bad', create: 'good', update: 'warn' };

const columns = () => [
	{ name: 'line', is: 'number', label: '№' },
	{ name: 'action', value: (i) => kinds.indexOf(i.action),
		show: (i) => chip(t(`admin.import.is.${i.action}`), moods[i.action]) },
	{ name: 'name', head: true, key: 'full_name', value: (i) => i.name,
		show: (i) => [i.name, h('div', { class: 'only-narrow' }, what(i))] },
	{ name: 'personnel_number', from: 'narrow' },
	{ name: 'what', label: t('admin.import.what'), sort: false, show: what, from: 'narrow' },
];

export function import_result({ items, counts }) {
	const grid = table(columns(), { caption: t('admin.import.plan'),
		opens: false, id: (i) => i.line });
	const place = h('div', { class: 'card flush' });
	const foot = h('div', { class: 'list-foot' });
	const buttons = kinds.map((kind) => h('button', {
		type: 'button', class: `count ${moods[kind] ?? ''}`,
		disabled: counts[kind] === 0,
		onclick: () => choose(chosen === kind ? null : kind),
	}, h('strong', null, counts[kind]), t(`admin.import.count.${kind}`)));
	let chosen = null, shown = most;

	function choose(kind) {
		chosen = kind;
		shown = most;
		draw();
	}

	function draw() {
		const these = items.filter((i) => !chosen || i.action === chosen);

		for (const [i, kind] of kinds.entries())
			buttons[i].setAttribute('aria-pressed', kind === chosen);
		grid.show(these.slice(0, shown), these.length <= shown);
		mount(place, these.length ? grid.el : empty_state({
			icon: 'filter', title: t('admin.empty.filtered') }));
		mount(foot, these.length > shown && [
			h('span', { class: 'muted' }, t('admin.shown', { n: shown })),
			h('button', {
				type: 'button', class: 'button', onclick: () => {
					shown += most;
					draw();
				},
			}, t('common.more')),
		]);
	}

	choose(counts.refused > 0 ? 'refused' : null);
	return h('div', { class: 'stack' },
		h('div', { class: 'counts' }, buttons), place, foot);
}

function what({ errors, changes }) {
	if (errors.length)
		return h('ul', { class: 'bare' }, errors.map((e) =>
			h('li', null, h('strong', null, label_of({ name: e.field })),
				': ', sentence(e))));
	return changes.map((name) => label_of({ name })).join(', ') || null;
}

function sentence({ code, detail, about }) {
	const key = `admin.import.wrong.${code}`;

	return has_text(key) ? t(key, { about: about ?? '' }) : detail;
}
