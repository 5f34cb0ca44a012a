/*
 * An event entered by hand: a dialog that shows what it would do before it
 * is saved.
 *
 *	enter_event({ employee, name, time_zone, day, kind, time, done })
 */

import { steady_key } from './attempt.js';
import { api } from '/shared/api.js';
import { effect_view, in_words } from '/shared/correction.js';
import { h, mount } from '/shared/dom.js';
import { fault_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { add_days, today, wall } from '/shared/format.js';
import { busy, error_band, field, open_dialog, set_error, show_errors,
	toast } from '/shared/ui.js';

const pause_ms = 300;

export const enter_button = (about) => h('button', {
	type: 'button', class: 'button', onclick: () => enter_event(about()),
}, icon('plus'), t('admin.manual.enter'));

/* What would make a day whole: { day, kind, time }. */
export const lacking = (d) => ({ day: d.day,
	kind: d.missing_out > 0 ? 'out' : 'in' });

function enter_event(about) {
	const input = (name, type, props) => field({ name, type,
		label: t(`admin.field.${name}`), ...props });
	const parts = {
		kind: field({ name: 'kind', label: t('admin.field.kind'),
			value: about.kind, options: ['in', 'out'].map((k) =>
				[k, t(`admin.kind.${k}`)]) }),
		day: input('day', 'date', { value: about.day,
			max: today(about.time_zone), required: true }),
		at: input('at', 'time', { value: about.time, required: true,
			label: t('admin.field.time') }),
		until: input('until', 'time', { optional: true }),
		reason: input('reason', 'text', { maxlength: 500, required: true }),
	};
	const of = (name) => parts[name].querySelector('.input');
	const effect = h('div', { class: 'effect-place', 'aria-live': 'polite' });
	const trouble = h('div');
	const key_of = steady_key();
	let timer = 0, turn = 0;

	for (const name of ['kind', 'day', 'at', 'until'])
		of(name).addEventListener('input', look_soon);
	for (const name of ['kind', 'day', 'at'])
		parts[name].classList.add('half');
	look_soon();

	open_dialog(t('admin.manual.title', { name: about.name }), (close) =>
		h('form', {
			class: 'form', novalidate: true,
			onsubmit: (e) => {
				e.preventDefault();
				busy(e.submitter ?? e.target.querySelector('.primary'),
					() => save(e.target, close));
			},
			onkeydown: (e) => {
				if (e.key === 'Enter' && (e.ctrlKey || e.metaKey))
					e.currentTarget.requestSubmit();
			},
		}, trouble, Object.values(parts), effect,
		h('div', { class: 'actions' },
			h('button', { type: 'button', class: 'button quiet',
				onclick: () => close('') }, t('common.cancel')),
			h('button', { class: 'button primary' }, t('common.save')))),
	{ onclose: () => clearTimeout(timer) });

	/* An out that is not after the in is of the next day. */
	function body() {
		const [day, at, until, kind] = ['day', 'at', 'until', 'kind']
			.map((name) => of(name).value);
		const ends = until > at ? day : day && add_days(day, 1);

		return day && at && {
			employee: about.employee, kind,
			at: wall(day, at, about.time_zone),
			until: kind === 'in' && until ?
				wall(ends, until, about.time_zone) : undefined,
		};
	}

	function look_soon() {
		parts.until.hidden = of('kind').value !== 'in';
		clearTimeout(timer);
		timer = setTimeout(look, pause_ms);
	}

	async function look() {
		const mine = ++turn, now = body();

		if (!now)
			return mount(effect);
		try {
			const shown = await api.post('/events/manual/preview', now,
				{ key: null });

			return mine === turn && mount(effect, effect_view(shown));
		} catch (error) {
			return mine === turn && mount(effect, h('p',
				{ class: 'chip bad' }, error.fields?.at ?
					t('admin.manual.when') : fault_text(error)));
		}
	}

	async function save(form, close) {
		const now = body();
		const empty = ['day', 'at', 'reason']
			.filter((name) => !of(name).value.trim());

		for (const name of empty)
			set_error(parts[name], t('common.required'));
		if (empty.length)
			return of(empty[0]).focus();
		now.reason = of('reason').value.trim();
		try {
			const made = await in_words((words) => {
				const sent = { ...now, ...words };

				return api.post('/events/manual', sent,
					{ key: key_of(sent) });
			});

			if (!made)
				return undefined;
			close('');
			toast(t('admin.manual.done'), 'good');
			about.done?.();
		} catch (error) {
			if (!show_errors(form, error))
				mount(trouble, error_band(error));
		}
		return undefined;
	}
}
