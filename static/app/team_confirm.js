/*
 * What waits for a decision.  Registrations: a card for each, with position and
 * branch chosen in place.  Corrections: what is asked and what it would do.
 */

import { action_key, api } from '../shared/api.js';
import { effect_view, in_words, wish } from '../shared/correction.js';
import { h, mount, $ } from '../shared/dom.js';
import { date_time, full_name, weekday_date } from '../shared/format.js';
import { fault_text, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { announce, busy, empty_state, error_band, field, loading,
	open_dialog, set_error, show_answer, show_errors } from
	'../shared/ui.js';
import { haptic } from './telegram.js';

export function confirm_view(place, me, { count }) {
	show_answer(place, () => Promise.all([
		api.get('/registrations', { state: 'pending', limit: 100 }),
		api.get('/positions', { limit: 200 }),
	]), ([{ items }, positions]) => {
		const view = { me, positions: positions.items, left: items.length,
			count, place };

		count(view.left);
		mount(place, items.length ? h('div', { class: 'cards' },
			items.map((item) => card(item, view))) : nothing());
	}, 2);
	return {};
}

const nothing = () => empty_state({ icon: 'inbox',
	title: t('app.no_registrations'), text: t('app.no_registrations_text') });

function card(item, view) {
	const admin = view.me.roles.includes('admin');
	const key = action_key();
	const trouble = h('div');
	const el = h('form', {
		class: 'card registration', novalidate: true,
		data: { registration: item.id }, 'aria-label': full_name(item),
		onsubmit: (e) => {
			e.preventDefault();
			busy(e.submitter ?? $('.primary', el),
				() => confirm(el, item, view, { key, trouble }));
		},
	},
	h('div', null, h('h2', null, full_name(item)), about(item)),
	item.pending_scans?.length > 0 && scans(item),
	trouble,
	field({ label: t('admin.field.position'), name: 'position', required: true,
		options: [['', t('app.position_choose')],
			...view.positions.map((p) => [p.id, p.name])] }),
	field({ label: t('admin.field.branch'), name: 'branch', value: item.branch,
		options: branches_of(item, view.me) }),
	admin && h('details', { class: 'more' },
		h('summary', null, t('app.rights')),
		check('manager', t('app.right_manager')),
		check('admin', t('app.right_admin'))),
	h('div', { class: 'actions fill' },
		h('button', { type: 'button', class: 'button',
			onclick: () => reject(el, item, view) }, t('common.reject')),
		h('button', { class: 'button primary' }, icon('check'),
			t('admin.registration.confirm'))));

	return el;
}

const check = (name, text) => h('label', { class: 'check' },
	h('input', { type: 'checkbox', name }), text);

/* What was asked for is always among them, also when it is not ours. */
const branches_of = (item, me) => [
	...me.branches.map((b) => [b.id, b.name]),
	...me.branches.some((b) => b.id === item.branch) ? [] :
		[[item.branch, item.branch_name]],
];

const about = (item) => h('p', { class: 'about' },
	item.phone && h('a', { href: `tel:${item.phone}` }, item.phone),
	item.phone && item.phone_verified && h('span', { class: 'chip good' },
		icon('check'), t('app.phone_verified')),
	h('span', { class: 'muted' }, date_time(item.created_at)));

const scans = (item) => h('p', { class: 'band good' }, icon('scan'),
	h('span', null, t('app.pending', { n: item.pending_scans.length }), ': ',
		item.pending_scans.map((s) => date_time(s.at, s.time_zone))
			.join(', ')));

async function confirm(el, item, view, { key, trouble }) {
	const data = new FormData(el);
	const body = { branch: Number(data.get('branch')),
		position: Number(data.get('position')) };

	if (!body.position) {
		const box = $('[data-field="position"]', el);

		set_error(box, t('app.position_choose'));
		$('.input', box).focus();
		return;
	}
	for (const right of ['manager', 'admin'])
		if (data.get(right))
			body[right] = true;
	try {
		const done = await api.post(`/registrations/${item.id}/confirm`,
			body, { key });

		haptic('success');
		decided(el, view, 'good', done.events > 0 ?
			t('app.confirmed_scans', { name: full_name(item),
				n: done.events }) :
			t('app.confirmed', { name: full_name(item) }));
	} catch (error) {
		failed(el, view, error, trouble);
	}
}

function reject(el, item, view) {
	const reason = h('textarea', { rows: 3, maxlength: 500, required: true });
	const box = field({ label: t('admin.field.reason'), name: 'reason',
		hint: t('admin.hint.reject_reason'), control: reason });
	const trouble = h('div');
	const key = action_key();

	open_dialog(t('app.reject_title', { name: full_name(item) }),
		(close) => h('form', {
			class: 'form', novalidate: true,
			onsubmit: (e) => {
				e.preventDefault();
				busy(e.submitter ?? $('.danger', e.target),
					() => send(close));
			},
		}, trouble, box, h('div', { class: 'actions' },
			h('button', { type: 'button', class: 'button quiet',
				onclick: () => close() }, t('common.cancel')),
			h('button', { class: 'button danger' }, t('common.reject')))));

	async function send(close) {
		if (!reason.value.trim()) {
			set_error(box, t('common.required'));
			return reason.focus();
		}
		try {
			await api.post(`/registrations/${item.id}/reject`,
				{ reason: reason.value.trim() }, { key });
		} catch (error) {
			return say(trouble, error);
		}
		close();
		return decided(el, view, '',
			t('app.rejected_done', { name: full_name(item) }));
	}
}

/* Somebody else was quicker: the card has served. */
function failed(el, view, error, trouble) {
	haptic('error');
	if (error.code === 'REGISTRATION_DECIDED')
		return decided(el, view, '', fault_text(error));
	if (error.status !== 401 && !show_errors(el, error))
		say(trouble, error);
	return undefined;
}

const say = (trouble, error) => mount(trouble, error_band(error));

/* What became of a card, in its place. */
function decided(el, view, mood, text) {
	const line = h('p', { class: `band ${mood}`, tabindex: '-1' },
		icon(mood === 'good' ? 'check' : 'info'), text);

	el.replaceWith(line);
	line.focus();
	announce(text);
	view.left--;
	view.count(view.left);
	if (!view.left)
		view.place.append((view.nothing ?? nothing)());
}

export function corrections_view(place, me, { count }) {
	show_answer(place, () => api.get('/corrections',
		{ state: 'pending', limit: 100 }), ({ items }) => {
		const wanted = items.filter((c) => c.may_decide);
		const view = { left: wanted.length, count, place,
			nothing: no_corrections };

		count(view.left);
		mount(place, view.left ? h('div', { class: 'cards' },
			wanted.map((c) => correction(c, view))) : no_corrections());
	}, 2);
	return {};
}

const no_corrections = () => empty_state({ icon: 'edit',
	title: t('correction.none'), text: t('correction.none_text') });

function correction(c, view) {
	const effect = h('div'), trouble = h('div');
	const reason = field({ name: 'reason', maxlength: 500, optional: true,
		label: t('admin.field.reason'), hint: t('admin.hint.reject_reason') });
	const no = h('button', { type: 'button', class: 'button',
		onclick: () => busy(no, () => decide('reject')) },
	t('common.reject'));
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
		(error) => say(effect, error));
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
			return decided(el, view, 'good',
				`${c.name}: ${t(`correction.${done.state}`)}`);
		} catch (error) {
			haptic('error');
			return error.code === 'CORRECTION_DECIDED' ?
				decided(el, view, '', fault_text(error)) :
				say(trouble, error);
		}
	}
}
