/*
 * Requests for corrections: what is asked, what it would do, yes or no.
 */

import { action_key, api } from '../shared/api.js';
import { effect_view, in_words, wish } from '../shared/correction.js';
import { $, h, mount } from '../shared/dom.js';
import { weekday_date } from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { announce, busy, empty_state, error_band, error_state, field, loading,
	set_error } from '../shared/ui.js';
import { haptic } from './telegram.js';

export function corrections_view(place, me, { count }) {
	fill(place, count);
	return {};
}

async function fill(place, count) {
	try {
		const { items } = await loading(place, api.get('/corrections',
			{ state: 'pending', limit: 100 }), 2);
		const wanted = items.filter((c) => c.may_decide);
		const view = { left: wanted.length, count, place };

		count(view.left);
		mount(place, view.left ? h('div', { class: 'cards' },
			wanted.map((c) => card(c, view))) : nothing());
	} catch (error) {
		mount(place, error_state(error, () => fill(place, count)));
	}
}

const nothing = () => empty_state({ icon: 'edit',
	title: t('correction.none'), text: t('correction.none_text') });

function card(c, view) {
	const effect = h('div'), trouble = h('div');
	const reason = field({ name: 'reason', maxlength: 500, optional: true,
		label: t('app.reject_reason'), hint: t('app.reject_hint') });
	const no = h('button', { type: 'button', class: 'button',
		onclick: () => busy(no, () => decide('reject')) },
	t('correction.reject'));
	const yes = h('button', { type: 'button', class: 'button primary',
		onclick: () => busy(yes, () => decide('approve')) },
	icon('check'), t('correction.approve'));
	const el = h('article', { class: 'card registration',
		data: { correction: c.id }, 'aria-label': c.name },
	h('div', null, h('h2', null, c.name),
		h('p', { class: 'muted' }, weekday_date(c.day))),
	h('p', { class: 'strong' }, wish(c)), h('p', null, c.reason),
	effect, trouble, reason, h('div', { class: 'actions fill' }, no, yes));

	loading(effect, api.get(`/corrections/${c.id}/effect`), 1).then(
		(e) => mount(effect, effect_view(e)),
		(error) => mount(effect, error_band(error)));
	return el;

	async function decide(verb) {
		const text = $('.input', reason).value.trim();

		if (verb === 'reject' && !text) {
			set_error(reason, t('common.required'));
			return $('.input', reason).focus();
		}
		try {
			const done = await in_words((words) => api.post(
				`/corrections/${c.id}/${verb}`,
				{ reason: text || undefined, ...words },
				{ key: action_key() }));

			if (!done)
				return undefined;
			haptic('success');
			return gone(`${c.name}: ${t(`correction.${done.state}`)}`);
		} catch (error) {
			haptic('error');
			mount(trouble, error_band(error));
			if (error.code === 'CORRECTION_DECIDED')
				gone(t('fault.CORRECTION_DECIDED'));
			return undefined;
		}
	}

	function gone(text) {
		const line = h('p', { class: 'band', tabindex: '-1' },
			icon('info'), text);

		el.replaceWith(line);
		line.focus();
		announce(text);
		view.count(--view.left);
		if (!view.left)
			view.place.append(nothing());
	}
}
