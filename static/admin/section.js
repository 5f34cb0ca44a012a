/*
 * What most sections are: a heading, a list, and a panel for the one that
 * `?open=` names.
 *
 *	list_section(view, { title, list, panel, load, make, tools })
 *
 * `panel(item, tools)` gives { title, note, body() } for the panel; `load(id)`
 * fetches one that is not in the list; `make` is the text of the button that
 * opens an empty panel (item null).
 */

import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, confirm_dialog, error_state, open_dialog, skeleton,
	toast } from '/shared/ui.js';
import { attempt, if_seen } from './attempt.js';
import { form } from './form.js';
import { listing } from './listing.js';
import { one_of } from './lookups.js';
import { panel } from './panel.js';
import { link } from './router.js';

export const page_head = (view, ...tools) => [
	h('header', { class: 'page-head' },
		h('h1', { tabindex: -1 }, t(`admin.section.${view.section.name}`)),
		h('div', { class: 'actions' }, tools)),
	view.section.beside && beside(view),
];

/* Sections that share an entry of the menu lead to each other. */
const beside = (view) => h('nav', {
	class: 'tabs beside', 'aria-label': t('admin.beside'),
}, view.section.beside.map((name) => h('a', {
	href: link(name), 'aria-current': name === view.section.name && 'page',
}, t(`admin.section.${name}`))));

export function list_section(view, spec) {
	const list = listing(view, {
		caption: t(`admin.section.${view.section.name}`),
		icon: view.section.icon,
		empty: `admin.empty.${view.section.name}`,
		...spec.list,
	});

	mount(view.root, page_head(view, spec.tools, spec.make &&
		h('button', {
			type: 'button', class: 'button primary',
			onclick: () => view.amend({ open: 'new', for: null, at: null }),
		}, icon('plus'), t(spec.make))),
	spec.lead, list.el);
	panel_on(view, { ...spec, list });
	return list;
}

/* Shows the thing that the address names, and hides it again. */
export function panel_on(view, { panel: content, list, load, make }) {
	let turn = 0;

	const onclose = () => view.amend({ open: null, for: null, at: null });
	const tools = (id) => ({
		close: onclose,
		reload: () => list?.reload(),
		/* The panel's form shows it already. */
		changed: (item) => {
			list?.reload();
			if (view.param('open') === id)
				panel.head(content(item, tools(id)));
		},
		/* Draws the panel again, with what the server has now. */
		again: () => show(view.param('open')),
	});

	async function show(id) {
		const mine = ++turn;

		if (!id)
			return leave();
		if (id === 'new' && make)
			return panel.show({ ...content(null, tools(id)), onclose });

		try {
			const item = await fetched(id, mine);

			if (mine !== turn)
				return undefined;
			if (!item)
				return onclose();
			panel.show({ ...content(item, tools(id)), onclose });
		} catch (error) {
			if (mine === turn && !view.signal.aborted)
				panel.show({
					title: t('admin.panel.failed'), onclose,
					body: () => error_state(error, () => show(id)),
				});
		}
		return undefined;
	}

	async function fetched(id, mine) {
		if (load) {
			const wait = setTimeout(() => mine === turn && panel.show({
				title: t('common.loading'), body: () => skeleton(5), onclose,
			}), 300);

			return load(id).finally(() => clearTimeout(wait));
		}
		await list.ready();
		return list.find(id);
	}

	function leave() {
		if (!panel.is_open)
			return;
		panel.hide();
		back_to_row();
	}

	view.on(['open'], () => show(view.param('open')));
	view.signal.addEventListener('abort', () => {
		turn++;
		panel.hide();
	});
}

let last_row = null;

document.addEventListener('click', (e) => {
	last_row = e.target.closest?.('tr')?.dataset.id ?? last_row;
}, true);

function back_to_row() {
	const row = document.querySelector(
		`tr[data-id="${CSS.escape(last_row ?? '')}"] th a`);

	(row ?? document.querySelector('.page-head h1'))?.focus();
}

/*
 * The panel of a thing that is made, changed and deleted:
 * { path, fields, check, start, name(item), saved, made, remove, now(id) }.
 *
 * `now(id)` fetches it again, when somebody else was quicker.
 * `remove(item)` says what will happen: { text, verb }, verb "deactivate" if
 * it is not a deletion; or { not: text } if it cannot be.
 */
export function thing_panel(item, tools, spec) {
	const save = async (values, key) => {
		const sent = spec.sent?.(values) ?? values;
		const done = item ? await api.put(`${spec.path}/${item.id}`, sent,
			if_seen(item.version)) :
			await api.post(spec.path, sent, { key });

		toast(t(item ? 'admin.saved' : 'admin.made'), 'good');
		await spec.saved?.();
		tools.changed(done);
		return done;
	};

	return form({
		fields: spec.fields, value: item ?? spec.start,
		check: spec.check, now: item && newest(tools, () =>
			(spec.now ?? one_of(spec.path))(item.id)), save: async (...sent) => {
			const done = await save(...sent);

			if (!item)
				setTimeout(() => spec.made ? spec.made(done) :
					tools.close());
			return done;
		},
		submit: item ? undefined : t('admin.make'),
		others: item && spec.remove && remove_button(item, tools, spec),
	});
}

/* What somebody else has changed is shown as it is now, in the list too. */
export const newest = (tools, get) => async (typed) => {
	const there = await get(typed);

	if (there)
		tools.changed(there);
	return there;
};

export const or_again = (tools, work) => work.catch(async (error) => {
	if (error.code === 'STALE') {
		await tools.reload();
		tools.again();
	}
	throw error;
});

export const remove_button = (item, tools, spec) => h('button', {
	type: 'button', class: 'button quiet risky',
	onclick: (e) => busy(e.currentTarget, () => remove(item, tools, spec)),
}, icon('trash'), t('admin.delete'));

const remove = (item, tools, spec) => attempt(async () => {
	const name = spec.name(item);
	const { verb = 'delete', text, not } = await spec.remove(item);

	if (not)
		return explain(t('admin.delete.not', { name }), not);
	if (!await confirm_dialog({
		title: t(`admin.${verb}.title`, { name }), text,
		yes: t(`admin.${verb}`), danger: true,
	}))
		return undefined;

	const done = await or_again(tools, api.del(`${spec.path}/${item.id}`,
		if_seen(item.version)));

	toast(t(done?.deactivated ? 'admin.deactivated' : 'admin.deleted',
		{ name }), 'good');
	await spec.saved?.();
	await tools.reload();
	return tools.close();
});

const explain = (title, text) => open_dialog(title, (close) => [
	h('p', null, text),
	h('div', { class: 'actions' }, h('button', {
		type: 'button', class: 'button primary',
		onclick: () => close(''),
	}, t('common.ok'))),
]);
