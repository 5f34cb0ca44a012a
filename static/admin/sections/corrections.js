import { instant } from '../cells.js';
import { listing } from '../listing.js';
import { queue } from '../queue.js';
import { api } from '/shared/api.js';
import { effect_view, in_words, state_chip, wish } from
	'/shared/correction.js';
import { $, h, mount } from '/shared/dom.js';
import { day_of, time, wall, weekday_date } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { busy, error_band, field, loading, set_error, toast } from
	'/shared/ui.js';

export const corrections = queue({
	name: 'corrections', icon: 'edit',
	states: ['pending', 'approved', 'rejected', 'withdrawn'],
	text: (state) => t(state === 'pending' ? 'admin.registration.pending' :
		`correction.${state}`),
	hint: () => h('p', { class: 'muted only-keys' },
		t('admin.correction.keys')),
	card, decided: (view, state) => decided(view, state).el,
	empty: () => ({ title: t('correction.none'),
		text: t('correction.none_text') }),
});

/* With a card in focus: A approves, R goes to the reason, arrows move on. */
function card(view, c, done) {
	const title = `title-${c.id}`;
	const effect = h('div', { class: 'effect-place' });
	const trouble = h('div');
	const when = c.at && field({ name: 'at', type: 'time',
		label: t('correction.when'), hint: t('admin.correction.time'),
		value: time(c.at, c.time_zone), onchange: look });
	const reason = field({ name: 'reason', label: t('admin.field.reason'),
		hint: t('admin.correction.reason'), maxlength: 500 });
	const text = () => $('.input', reason).value.trim();
	const yes = h('button', { type: 'button', class: 'button primary',
		onclick: () => busy(yes, () => decide('approve')) },
	t('correction.approve'));
	const no = h('button', { type: 'button', class: 'button quiet risky',
		onclick: () => busy(no, reject) }, t('common.reject'));
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
		c.may_decide ? [when, reason, h('div', { class: 'actions' }, no, yes)] :
			h('p', { class: 'muted' }, t('fault.CORRECTION_OWN'))));

	look();
	return el;

	/* Another time than the one that was asked for, of the same day. */
	function at() {
		const typed = when && $('.input', when).value;

		return typed && typed !== time(c.at, c.time_zone) ?
			wall(day_of(c.at, c.time_zone), typed, c.time_zone) : undefined;
	}

	async function look() {
		const asked = at();
		let shown;

		try {
			shown = effect_view(await loading(effect,
				api.get(`/corrections/${c.id}/effect`, { at: asked }), 1));
		} catch (error) {
			shown = error_band(error);
		}
		if (asked === at())
			mount(effect, shown);
	}

	function reject() {
		if (text())
			return decide('reject');
		set_error(reason, t('common.required'));
		return $('.input', reason).focus();
	}

	async function decide(verb) {
		const body = { reason: text() || undefined,
			at: verb === 'approve' ? at() : undefined };

		try {
			const answer = await in_words((words) => api.post(
				`/corrections/${c.id}/${verb}`,
				{ ...body, ...words }));

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
