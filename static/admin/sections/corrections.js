import { instant } from '../cells.js';
import { listing } from '../listing.js';
import { page_head } from '../section.js';
import { count_waiting } from '../waiting.js';
import { action_key, api } from '/shared/api.js';
import { effect_view, in_words, state_chip, wish } from
	'/shared/correction.js';
import { $, h, mount } from '/shared/dom.js';
import { weekday_date } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { busy, empty_state, error_band, error_state, field, loading,
	set_error, toast } from '/shared/ui.js';

const states = ['pending', 'approved', 'rejected', 'withdrawn'];
const look_ms = 20_000;

export const corrections = {
	name: 'corrections', icon: 'edit', waits: true,

	show(view) {
		const place = h('div', { class: 'stack' });
		const buttons = states.map((state) => h('button', {
			type: 'button', onclick: () => view.amend(
				{ state: state === states[0] ? null : state }),
		}, t(state === states[0] ? 'admin.registration.pending' :
			`correction.${state}`)));

		mount(view.root, page_head(view),
			h('div', { class: 'tabs narrow', role: 'group',
				'aria-label': t('admin.field.state') }, buttons), place);
		view.on(['state'], () => {
			const state = view.param('state') || states[0];

			for (const [i, button] of buttons.entries())
				button.setAttribute('aria-pressed',
					String(states[i] === state));
			if (state === states[0])
				waiting(view, place);
			else
				mount(place, decided(view, state).el);
		});
	},
};

/* Cards stay as they are, with what was typed, while new ones come. */
function waiting(view, place) {
	const cards = new Map();
	const hint = h('p', { class: 'muted only-keys' },
		t('admin.correction.keys'));
	const done = (id) => {
		const next = cards.get(id)?.nextElementSibling;

		cards.delete(id);
		draw();
		(next ?? $('.correction', place) ?? $('.page-head h1'))?.focus();
		count_waiting().catch(() => {});
	};
	let last_error = null;

	mount(place);
	load();
	view.every(look_ms, () => !view.param('state') && load(true));

	async function load(quiet) {
		try {
			const answer = api.get('/corrections',
				{ state: 'pending', limit: 200 },
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
		const ids = new Set(items.map((c) => c.id));

		for (const id of cards.keys())
			if (!ids.has(id))
				cards.delete(id);
		for (const c of items)
			if (!cards.has(c.id))
				cards.set(c.id, card(c, () => done(c.id)));
	}

	function draw() {
		if (last_error)
			return mount(place, error_state(last_error, () => load()));
		if (!cards.size)
			return mount(place, h('div', { class: 'card' }, empty_state({
				icon: 'edit', title: t('correction.none'),
				text: t('correction.none_text'),
			})));

		/* Moving a card that is in its place would take the focus. */
		const wanted = [hint, ...cards.values()];

		if (wanted.some((el, i) => place.children[i] !== el) ||
		    place.children.length !== wanted.length)
			mount(place, wanted);
		return undefined;
	}
}

/* With a card in focus: A approves, R goes to the reason, arrows move on. */
function card(c, done) {
	const title = `title-${c.id}`;
	const effect = h('div', { class: 'effect-place' });
	const trouble = h('div');
	const reason = field({ name: 'reason', label: t('admin.field.reason'),
		hint: t('admin.correction.reason'), maxlength: 500 });
	const text = () => $('.input', reason).value.trim();
	const yes = h('button', { type: 'button', class: 'button primary',
		onclick: () => busy(yes, () => decide('approve')) },
	t('correction.approve'));
	const no = h('button', { type: 'button', class: 'button quiet risky',
		onclick: () => busy(no, reject) }, t('correction.reject'));
	const keys = {
		a: () => yes.click(), r: () => $('.input', reason).focus(),
		ArrowDown: () => el.nextElementSibling?.focus(),
		ArrowUp: () => el.previousElementSibling?.focus(),
	};
	const el = h('article', {
		class: 'card registration correction', tabindex: 0,
		'aria-labelledby': title,
		onkeydown: (e) => {
			const act = keys[e.code === 'KeyA' ? 'a' :
				e.code === 'KeyR' ? 'r' : e.key];

			if (e.target !== el || !act || !c.may_decide ||
			    e.ctrlKey || e.altKey || e.metaKey)
				return;
			e.preventDefault();
			act();
		},
	}, h('div', { class: 'stack' },
		h('div', null, h('h2', { id: title }, c.name),
			h('p', { class: 'muted' }, c.branch_name, ' · ',
				instant(c.asked_at))),
		h('p', null, weekday_date(c.day), h('br'),
			h('strong', null, wish(c))),
		h('blockquote', null, c.reason)),
	h('div', { class: 'stack' }, effect, trouble,
		c.may_decide ? [reason, h('div', { class: 'actions' }, no, yes)] :
			h('p', { class: 'muted' }, t('fault.CORRECTION_OWN'))));

	look();
	return el;

	async function look() {
		try {
			mount(effect, effect_view(await loading(effect,
				api.get(`/corrections/${c.id}/effect`), 1)));
		} catch (error) {
			mount(effect, error_band(error));
		}
	}

	function reject() {
		if (text())
			return decide('reject');
		set_error(reason, t('common.required'));
		return $('.input', reason).focus();
	}

	async function decide(verb) {
		const body = text() ? { reason: text() } : {};

		try {
			const answer = await in_words((words) => api.post(
				`/corrections/${c.id}/${verb}`,
				{ ...body, ...words }, { key: action_key() }));

			if (!answer)
				return;
			toast(`${c.name}: ${t(`correction.${answer.state}`)}`,
				verb === 'approve' ? 'good' : '');
			done();
		} catch (error) {
			mount(trouble, error_band(error));
			/* Somebody else was quicker: then it waits no longer. */
			if (error.code === 'CORRECTION_DECIDED')
				setTimeout(done, 3000);
		}
	}
}

const decided = (view, state) => listing(view, {
	from: '/corrections', fixed: { state }, opens: false,
	icon: 'edit', empty: 'admin.empty.decided',
	caption: t(`correction.${state}`),
	columns: [
		{ name: 'name', key: 'employee', head: true },
		{ name: 'day', is: 'day' },
		{ name: 'correction', key: 'correction', show: wish, sort: false },
		{ name: 'state', show: state_chip, sort: false, from: 'wide' },
		{ name: 'decided_at', is: 'at', from: 'narrow' },
		{ name: 'decided_by_name', from: 'middle' },
		{ name: 'decision', key: 'reason', from: 'middle' },
	],
});
