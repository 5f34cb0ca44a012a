import { attempt } from '../attempt.js';
import { chip, facts, word } from '../cells.js';
import { branches, options_of } from '../lookups.js';
import { pair } from '../pairing.js';
import { list_section, thing_panel } from '../section.js';
import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { language, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, confirm_dialog, toast } from '/shared/ui.js';

const silent_ms = 60_000;
const clock_ms = 2000;
const refresh_ms = 10_000;

const fields = [
	{ name: 'name', required: true, max_length: 100,
		fault: 'TERMINAL_NAME_TAKEN', hint: 'admin.hint.terminal_name' },
	{ name: 'location', max_length: 200, required: false },
	{ name: 'branch', is: 'choice', required: true,
		options: () => options_of(branches()) },
	{ name: 'kind', is: 'choice', required: true, texts: true,
		start: 'tablet', key: 'terminal_kind',
		options: () => ['tablet', 'nfc'].map((k) => [k, word('kind', k)]) },
];

const heard = ({ last_seen_at }) =>
	last_seen_at && Date.now() - Date.parse(last_seen_at) < silent_ms;

/* A tablet asks once a second; a reader is heard when there is a card. */
const listens = ({ kind }) => kind === 'nfc';

function state(terminal) {
	if (!terminal.active)
		return chip(t('admin.revoked'));
	if (!terminal.paired)
		return chip(t('admin.terminal.unpaired'), 'warn');
	if (listens(terminal))
		return chip(t('admin.terminal.paired'), 'good');
	return heard(terminal) ? chip(t('admin.terminal.alive'), 'good') :
		chip(t('admin.terminal.silent'), 'bad');
}

function offset({ clock_offset_ms: ms }) {
	if (ms === null || ms === undefined)
		return null;

	const text = t('admin.seconds', { s: (ms / 1000).toLocaleString(
		language(), { maximumFractionDigits: 1, signDisplay: 'exceptZero' }) });

	return Math.abs(ms) < clock_ms ? text : chip(text, 'bad');
}

const columns = [
	{ name: 'name', head: true },
	{ name: 'branch_name', from: 'narrow' },
	{ name: 'location', from: 'wide' },
	{ name: 'kind', from: 'middle',
		show: (x) => word('kind', x.kind) },
	{ name: 'terminal_state', show: state, value: (x) =>
		[x.active, x.paired, listens(x) || Boolean(heard(x))].join() },
	{ name: 'last_seen_at', is: 'at', from: 'middle' },
	{ name: 'clock_offset_ms', show: offset, from: 'wide' },
];

const facts_of = [
	{ name: 'terminal_state', show: state },
	{ name: 'last_seen_at', is: 'at' },
	{ name: 'clock_offset_ms', show: offset },
	{ name: 'paired_at', is: 'at' },
];

const load = (id) => api.get(`/terminals/${id}`);

export const terminals = {
	name: 'terminals', icon: 'tablet', admin: true,

	show: (view) => list_section(view, {
		make: 'admin.terminals.make',
		load,
		list: {
			from: '/terminals', columns, refresh_ms,
			mark: (x) => x.active ? null : 'faint',
		},
		panel: (terminal, tools) => ({
			title: terminal?.name ?? t('admin.terminals.new'),
			note: terminal?.branch_name,
			body: () => [
				terminal && facts(facts_of, terminal),
				terminal && actions(terminal, tools),
				thing_panel(terminal, tools, {
					path: '/terminals', fields,
					name: (x) => x.name,
					made: async (made) => {
						await view.amend({ open: made.id });
						pair(made, () => refresh(tools));
					},
					remove: () => ({
						text: t(`admin.terminals.remove_${terminal.kind}`),
					}),
				}),
			],
		}),
	}),
};

function refresh(tools) {
	tools.reload();
	tools.again();
}

const actions = (terminal, tools) => h('div', { class: 'actions start' },
	h('button', {
		type: 'button', class: 'button',
		onclick: (e) => busy(e.currentTarget,
			() => pair(terminal, () => refresh(tools))),
	}, icon('tablet'), t(terminal.paired ? 'admin.terminals.pair_again' :
		'admin.terminals.pair')),
	terminal.active && terminal.paired && h('button', {
		type: 'button', class: 'button quiet risky',
		onclick: () => revoke(terminal, tools),
	}, icon('lock'), t('admin.revoke')));

async function revoke(terminal, tools) {
	const sure = await confirm_dialog({
		title: t('admin.terminals.revoke_title', { name: terminal.name }),
		text: t(`admin.terminals.revoke_${terminal.kind}`),
		yes: t('admin.revoke'), danger: true,
	});

	if (sure)
		await attempt(async () => {
			await api.post(`/terminals/${terminal.id}/revoke`, {},
				{ key: null });
			toast(t('admin.terminals.revoked'), 'good');
			refresh(tools);
		});
}
