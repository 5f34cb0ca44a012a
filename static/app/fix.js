/*
 * A person asks for a correction of his own events: from a day with something
 * missing in two taps, of any event in a few.
 */

import { action_key, api } from '../shared/api.js';
import { state_chip, wish } from '../shared/correction.js';
import { $, h, mount } from '../shared/dom.js';
import { add_days, day_of, time, today, wall, weekday_date }
	from '../shared/format.js';
import { fault_text, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { busy, error_band, field, open_dialog, set_error, show_answer,
	toast } from '../shared/ui.js';
import { haptic } from './telegram.js';

const day_ms = 9 * 3600000;

const button = (text, act, name = '') => {
	const el = h('button', { type: 'button', class: `button ${name}`,
		onclick: () => busy(el, act) }, text);

	return el;
};

/* For a day with something missing: proposes when it was. */
export function fix_button(item, view) {
	const kind = item.missing_out > 0 ? 'out' : 'in';
	const lost = item.intervals.find((i) => i.state === 'missing_out');

	return button([icon('edit'), t('correction.fix')], async () => {
		const at = await likely(item, kind, lost, view);

		ask({ action: 'add', kind, at, item, after: lost?.in_at,
			day: day_of(kind === 'out' ? lost.in_at : at,
				item.time_zone) }, view);
	}, 'small');
}

/* As planned, else as usual this month, else a day's length away. */
async function likely(item, kind, lost, view) {
	const out = kind === 'out';
	const known = Date.parse(out ? lost.in_at : item.last_out);
	const shifts = await api.get('/plan',
		{ from: item.day, to: item.day, employee: view.employee })
		.then(({ items }) => items.flatMap((d) => d.shifts), () => []);
	const now = Date.now();
	const fits = (at) => out ? at > known && at <= now : at < known;

	return [
		...shifts.map((s) => out ? s.ends_at : s.starts_at),
		usual(item, out ? 'last_out' : 'first_in', view),
		known + (out ? day_ms : -day_ms),
	].map((at) => typeof at === 'string' ? Date.parse(at) : at).find(fits) ??
		now - now % 60000;
}

/* As on the newest day that is whole. */
function usual({ day, time_zone }, name, { items }) {
	const like = items.find((d) => d[name] && !d.missing_in && !d.missing_out);

	return like && wall(day, time(like[name], like.time_zone), time_zone);
}

/* What is in a day that the reader opened, to be changed one by one. */
export function day_events(place, item, view) {
	const ends = new Set(item.intervals.flatMap((i) => [i.in_at, i.out_at]));

	return show_answer(place, () => api.get('/events', {
		employee: view.employee, from: item.day,
		to: add_days(item.day, 1), limit: 100 }), ({ items }) => {
		const mine = items.reverse().filter((e) => ends.has(e.at) ||
			day_of(e.at, e.time_zone) === item.day);

		mount(place, h('ul', null, mine.map((e) => h('li', null,
			event_line(e), !e.voided_by && button(t('correction.fix'),
				() => ask({ action: 'change', event: e, kind: e.kind,
					day: day_of(e.at, e.time_zone), at: e.at, item },
				view), 'small quiet')))),
		add_button(view, item.day, 'small'));
	}, 2);
}

const event_line = (e) => h(e.voided_by ? 'del' : 'span', null,
	`${t(`correction.${e.kind}`)} ${time(e.at, e.time_zone)}`);

/* Anything else, of any day. */
export const add_button = (view, day = today(view.zone), name = 'wide') =>
	button(t('correction.add_event'), () => ask({ action: 'add', day,
		item: { time_zone: view.zone }, any: true }, view), name);

function ask(what, view) {
	const { item, event } = what;
	const zone = event?.time_zone ?? item.time_zone;
	const key = action_key();
	const kind = what.any && field({ name: 'kind', options: ['in', 'out']
		.map((k) => [k, t(`correction.${k}`)]), label: t('correction.what') });
	const day = what.any && field({ name: 'day', type: 'date',
		value: what.day, max: today(zone), label: t('app.date') });
	const when = field({ name: 'at', type: 'time', required: true,
		label: t('correction.when'),
		value: what.at && time(what.at, zone) });
	const gone = event && h('label', { class: 'check' },
		h('input', { type: 'checkbox', onchange: (e) => {
			when.hidden = e.target.checked;
		} }), t('correction.was_not'));
	const why = field({ name: 'reason', maxlength: 500, required: true,
		label: t('admin.field.reason'),
		value: event ? '' : t('correction.forgot') });
	const trouble = h('div');
	const value = (box) => $('.input', box).value.trim();

	open_dialog(what.any ? t('correction.add_event') :
		`${t(`correction.${what.kind}`)}, ${weekday_date(what.day)}`,
	(close) => h('form', {
		class: 'form', novalidate: true,
		onsubmit: (e) => {
			e.preventDefault();
			busy($('.primary', e.target), () => send(close));
		},
	}, trouble, kind, day, when, gone, why, h('div', { class: 'actions fill' },
		h('button', { type: 'button', class: 'button',
			onclick: () => close('') }, t('common.cancel')),
		h('button', { class: 'button primary' }, t('common.send')))));

	/* An out not after its in is of the next day. */
	function instant() {
		const of = day ? value(day) : what.day;
		const at = wall(of, value(when), zone);

		return what.after && at <= what.after ?
			wall(add_days(of, 1), value(when), zone) : at;
	}

	async function send(close) {
		const voids = gone && $('input', gone).checked;
		const empty = [!voids && when, day, why]
			.filter((box) => box && !value(box));

		for (const box of empty)
			set_error(box, t('common.required'));
		if (empty.length)
			return $('.input', empty[0]).focus();
		try {
			await api.post('/corrections', {
				action: voids ? 'void' : what.action, event: event?.id,
				employee: view.employee, reason: value(why),
				...!voids && { at: instant(),
					kind: kind ? value(kind) : what.kind },
			}, { key });
		} catch (error) {
			haptic('error');
			return mount(trouble, error.fields?.at ? h('p', {
				class: 'band bad', role: 'alert',
			}, t('correction.not_then')) : error_band(error));
		}
		close('');
		haptic('success');
		toast(t('correction.asked'), 'good');
		return view.again();
	}
}

/* What was asked for in a month; the days that wait for a decision. */
export async function requests(place, from, to, view) {
	const { items } = await api.get('/corrections',
		{ own: true, employee: view.employee, from, to, limit: 50 })
		.catch(() => ({ items: [] }));

	mount(place, items.length > 0 && [
		h('h2', { class: 'label' }, t('correction.mine')),
		h('ul', { class: 'list requests' }, items.map((c) =>
			h('li', { class: 'row' },
				h('span', { class: 'event-text' },
					wish(c), h('span', { class: 'note' },
						weekday_date(c.day), ' ', state_chip(c)),
					c.decision && h('span', { class: 'note' },
						c.decision)),
				c.may_withdraw && button(t('correction.withdraw'),
					() => withdraw(c, view), 'small quiet'))))]);
	return new Set(items.filter((c) => c.state === 'pending')
		.map((c) => c.day));
}

async function withdraw(c, view) {
	try {
		await api.post(`/corrections/${c.id}/withdraw`);
	} catch (error) {
		toast(fault_text(error), 'bad');
	}
	view.again();
}
