/* Cards that nobody has, and taps that were refused. */

import { attempt } from '../attempt.js';
import { facts, instant, word } from '../cells.js';
import { finder } from '../finder.js';
import { listing } from '../listing.js';
import { page_head, panel_on } from '../section.js';
import { count_waiting } from '../waiting.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { full_name } from '/shared/format.js';
import { has_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, confirm_dialog, toast } from '/shared/ui.js';

const look_ms = 20_000;
const most = 200;

/* 04A2B3C4 as people compare it: 04 A2 B3 C4. */
const card_number = (uid) => h('span', { class: 'card-number' },
	/^[0-9A-F]+$/.test(uid) ? uid.match(/../g).join('\u00a0') : uid);

const reason = ({ reason: code }) =>
	has_text(`fault.${code}`) ? t(`fault.${code}`) : code;

const kinds = {
	unknown: {
		from: '/cards/unknown', id: (card) => card.uid,
		columns: [
			{ name: 'uid', key: 'card_uid', head: true,
				show: (c) => card_number(c.uid), value: (c) => c.uid },
			{ name: 'last_at', is: 'at' },
			{ name: 'first_at', is: 'at', from: 'wide' },
			{ name: 'taps', is: 'number', from: 'narrow' },
			{ name: 'terminal_name', from: 'narrow' },
			{ name: 'branch_name', from: 'wide' },
		],
		panel: (card, tools) => ({
			title: card_number(card.uid).textContent,
			note: t('admin.cards.unknown_note'),
			body: () => [facts(card_facts, card), assigning(card, tools)],
		}),
	},
	refused: {
		from: '/taps/refused', id: (tap) => tap.id,
		columns: [
			{ name: 'at', head: true, is: 'at' },
			{ name: 'name', key: 'employee', show: (x) => x.name ??
				card_number(x.uid), value: (x) => x.name ?? x.uid },
			{ name: 'reason', show: reason, value: reason, from: 'narrow' },
			{ name: 'terminal_name', from: 'middle' },
		],
		panel: (tap, tools) => ({
			title: tap.name ?? card_number(tap.uid).textContent,
			note: instant(tap.at, tap.time_zone),
			body: () => [
				h('p', { class: 'band warn' }, icon('alert'),
					h('span', null, reason(tap))),
				facts(tap_facts, tap),
				h('p', { class: 'muted' }, t('admin.cards.refused_note')),
				h('div', { class: 'actions start' }, h('button', {
					type: 'button', class: 'button primary',
					onclick: (e) => busy(e.currentTarget,
						() => seen([tap], tools)),
				}, icon('check'), t('admin.cards.seen'))),
			],
		}),
	},
};

const card_facts = [
	{ name: 'taps', is: 'number' },
	{ name: 'last_at', is: 'at' },
	{ name: 'first_at', is: 'at' },
	{ name: 'terminal_name' },
	{ name: 'branch_name' },
];

const tap_facts = [
	{ name: 'uid', key: 'card_uid', show: (x) => card_number(x.uid) },
	{ name: 'name', key: 'employee' },
	{ name: 'kind', show: (x) => x.kind && word('kind', x.kind) },
	{ name: 'at', is: 'at', key: 'tapped_at' },
	{ name: 'received_at', is: 'at' },
	{ name: 'terminal_name' },
	{ name: 'branch_name' },
	{ name: 'number', key: 'tap_number' },
];

export const cards = {
	name: 'cards', icon: 'card', admin: true, waits: true,

	show(view) {
		const place = h('div', { class: 'stack' });
		const names = Object.keys(kinds);
		const shown = () => names.includes(view.param('what')) ?
			view.param('what') : names[0];
		const buttons = names.map((name) => h('button', {
			type: 'button', onclick: () => view.amend({ open: null,
				what: name === names[0] ? null : name }),
		}, t(`admin.cards.${name}`)));
		let list, items = [];

		const all_seen = h('button', {
			type: 'button', class: 'button',
			onclick: () => busy(all_seen, () =>
				seen(items.slice(0, most), { reload, close() {} })),
		}, icon('check'), t('admin.cards.all_seen'));
		const reload = () => list.reload();
		const take = (new_items) => {
			items = new_items;
			all_seen.hidden = shown() !== 'refused' || !items.length;
		};

		mount(view.root, page_head(view, all_seen),
			h('div', { class: 'tabs narrow', role: 'group',
				'aria-label': t('admin.section.cards') }, buttons),
			place);
		view.on(['what'], () => {
			const name = shown();

			for (const [i, button] of buttons.entries())
				button.setAttribute('aria-pressed',
					String(names[i] === name));
			take([]);
			list = listing(view, { ...kinds[name], icon: 'card', seen: take,
				empty: `admin.empty.cards_${name}`,
				caption: t(`admin.cards.${name}`) });
			mount(place, list.el);
		});
		panel_on(view, {
			list: { reload, ready: () => list.ready(),
				find: (id) => list.find(id) },
			panel: (item, tools) => kinds[shown()].panel(item, tools),
		});
		view.every(look_ms, reload);
	},
};

/* Whose is it?  One choice, and one question before it counts. */
const assigning = (card, tools) => h('div', { class: 'stack' },
	finder({
		label: t('admin.cards.whose'), placeholder: t('admin.find.label'),
		pick: (person) => assign(card, person, tools),
	}),
	h('p', { class: 'hint' }, t('admin.cards.whose_hint')),
	h('div', { class: 'actions start' }, h('button', {
		type: 'button', class: 'button quiet risky',
		onclick: () => dismiss(card, tools),
	}, icon('trash'), t('admin.cards.dismiss'))));

async function assign(card, person, tools) {
	const name = full_name(person);
	const text = [t('admin.cards.assign_text', { n: card.taps })];

	if (person.card_uid)
		text.push(t('admin.cards.replaces',
			{ card: card_number(person.card_uid).textContent }));
	if (!await confirm_dialog({
		title: t('admin.cards.assign_title', { name }),
		text: text.join(' '), yes: t('admin.cards.assign'),
	}))
		return;
	await decide(tools, async () => {
		const done = await api.post(`/cards/unknown/${card.uid}/assign`,
			{ employee: person.id }, { key: null });

		toast(t('admin.cards.assigned', { name, n: done.events }), 'good');
		if (done.refused)
			toast(t('admin.cards.some_refused', { n: done.refused }), 'bad');
	});
}

async function dismiss(card, tools) {
	if (!await confirm_dialog({
		title: t('admin.cards.dismiss_title'),
		text: t('admin.cards.dismiss_text', { n: card.taps }),
		yes: t('admin.cards.dismiss'), danger: true,
	}))
		return;
	await decide(tools, async () => {
		await api.post(`/cards/unknown/${card.uid}/dismiss`, {},
			{ key: null });
		toast(t('admin.cards.dismissed'), 'good');
	});
}

const seen = (taps, tools) => decide(tools, () =>
	api.post('/taps/refused/dismiss', { taps: taps.map((x) => x.id) },
		{ key: null }));

/* What could not be done may be done by now: the list says what is left. */
async function decide(tools, work) {
	if (await attempt(work))
		tools.close();
	await tools.reload();
	count_waiting().catch(() => {});
}
