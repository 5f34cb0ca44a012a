/*
 * A section of what waits for a decision, as cards, and behind tabs of what
 * was decided.
 *
 *	export const registrations = queue({
 *		name, icon, states,		// the first one waits
 *		text: (state) => …,		// of a tab
 *		card: (view, item, done) => …,	// done() once it is decided
 *		decided: (view, state) => …,	// an element
 *		empty: () => ({ title, text }),
 *		hint: () => …,			// above the cards, if any
 *	});
 */
import { page_head } from './section.js';
import { count_waiting } from './waiting.js';
import { api } from '/shared/api.js';
import { $, h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { empty_state, error_state, loading } from '/shared/ui.js';

const look_ms = 20_000;

export const queue = (spec) => ({
	name: spec.name, icon: spec.icon, waits: true,

	show(view) {
		const [first] = spec.states;
		const place = h('div', { class: 'stack' });
		const buttons = spec.states.map((state) => h('button', {
			type: 'button', onclick: () => view.amend(
				{ state: state === first ? null : state }),
		}, spec.text(state)));

		mount(view.root, page_head(view),
			h('div', { class: 'tabs narrow', role: 'group',
				'aria-label': t('admin.field.state') }, buttons), place);
		view.on(['state'], () => {
			const state = view.param('state') || first;

			for (const [i, button] of buttons.entries())
				button.setAttribute('aria-pressed',
					String(spec.states[i] === state));
			if (state === first)
				waiting(view, place, spec);
			else
				mount(place, spec.decided(view, state));
		});
	},
});

/* Cards stay as they are, with what was typed, while new ones come. */
function waiting(view, place, spec) {
	const cards = new Map();
	const hint = spec.hint?.();
	let last_error = null;

	mount(place);
	load();
	view.every(look_ms, () => !view.param('state') && load(true));

	async function load(quiet) {
		try {
			const answer = api.get(`/${spec.name}`,
				{ state: spec.states[0], limit: 200 },
				{ signal: view.signal });
			const { items } = await (quiet ? answer :
				loading(place, answer));

			last_error = null;
			keep(items);
		} catch (error) {
			if (view.signal.aborted || quiet)
				return;
			last_error = error;
		}
		if (!view.param('state'))
			draw();
	}

	function keep(items) {
		const ids = new Set(items.map((item) => item.id));

		for (const id of cards.keys())
			if (!ids.has(id))
				cards.delete(id);
		for (const item of items)
			if (!cards.has(item.id))
				cards.set(item.id,
					spec.card(view, item, () => done(item.id)));
	}

	/* The next card is at hand. */
	function done(id) {
		const next = cards.get(id)?.nextElementSibling;

		cards.delete(id);
		draw();
		(next ?? $('.card', place) ?? $('.page-head h1'))?.focus();
		count_waiting().catch(() => {});
	}

	function draw() {
		if (last_error)
			return mount(place, error_state(last_error, () => load()));
		if (!cards.size)
			return mount(place, h('div', { class: 'card' },
				empty_state({ icon: spec.icon, ...spec.empty() })));

		/* Moving a card that is in its place would take the focus. */
		const wanted = [...hint ? [hint] : [], ...cards.values()];

		if (wanted.some((el, i) => place.children[i] !== el) ||
		    place.children.length !== wanted.length)
			mount(place, wanted);
		return undefined;
	}
}
