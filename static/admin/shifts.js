/*
 * Inputs for shifts: those of a cycle, day by day, and those of one day.
 *
 * Their values are what the API takes: "0 09:00-18:00", "09:00-18:00".  What
 * is not whole yet is left out of them, and `unfinished(control)` says so.
 */

import { $$, h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { day_name } from './plan.js';

const usual = '09:00-18:00';

const tell = (el) => el.dispatchEvent(new Event('input', { bubbles: true }));

const small_button = (shape, text, onclick) => h('button', {
	type: 'button', class: 'button quiet square', onclick, title: text,
}, icon(shape), h('span', { class: 'unseen' }, text));

/* "9", "930" and "9.30" are understood; nothing else is a time. */
function clock_of(text) {
	const [, h = '', m = '0'] = /^(\d{1,2})(?:[:.,\s-]?(\d\d))?$/
		.exec(text.trim()) ?? [];

	return h !== '' && Number(h) < 24 && Number(m) < 60 ?
		`${h.padStart(2, '0')}:${m.padStart(2, '0')}` : '';
}

/* One span of time: from, to, and what takes it away. */
function span(value, label, gone) {
	const [from = '', to = ''] = value.split('-');
	const time = (text, key) => h('input', {
		type: 'text', class: 'input', value: text, inputmode: 'numeric',
		maxlength: 5, autocomplete: 'off', placeholder: '00:00',
		'aria-label': `${label}, ${t(key)}`,
		onchange: (e) => {
			e.target.value = clock_of(e.target.value) || e.target.value;
		},
	});
	const el = h('span', { class: 'span' },
		time(from, 'admin.plan.from'), '–', time(to, 'admin.plan.to'),
		small_button('cross', `${label}, ${t('admin.plan.remove')}`, () => {
			el.remove();
			gone();
		}), h('span', { class: 'span-note muted' }));

	return el;
}

const read_span = (el) => {
	const [from, to] = $$('input', el).map(({ value }) => clock_of(value));

	return from && to ? `${from}-${to}` : '';
};

/* Beside an end that is on the next day, or 24 hours later. */
function note_spans(root) {
	for (const el of $$('.span', root)) {
		const [from, to] = read_span(el).split('-');

		el.querySelector('.span-note').textContent = !to || to > from ? '' :
			t(to === from ? 'admin.plan.hours_24' : 'admin.plan.next_day');
	}
}

export const unfinished = (control) =>
	$$('.span', control).some((el) => !read_span(el));

/* The spans of a day, and a button for one more. */
function day_spans(values, label, changed) {
	const list = h('span', { class: 'spans' });
	const add = (value) => list.append(span(value, label, changed));
	const el = h('div', { class: 'day-spans' }, list,
		small_button('plus', `${label}, ${t('admin.plan.add')}`, () => {
			add(list.children.length ? '' : usual);
			list.lastChild.querySelector('input').focus();
			changed();
		}));

	values.forEach(add);
	return {
		el,
		values: () => $$('.span', list).map(read_span).filter(Boolean),
		set(next) {
			mount(list);
			next.forEach(add);
		},
	};
}

function cycle_input() {
	const el = h('div', { class: 'cycle', oninput: () => note_spans(el) });
	let kind = 'weekly', days = [];

	const changed = () => tell(el);

	function draw(values) {
		days = values.map((shifts, n) =>
			day_spans(shifts, day_name(kind, n), changed));
		mount(el, days.map(({ el: spans, set }, n) => h('div', {
			class: 'cycle-day',
		}, h('span', { class: 'cycle-name' }, day_name(kind, n)), spans,
		n > 0 && small_button('copy', `${day_name(kind, n)}, ${
			t('admin.plan.as_above')}`, () => {
			set(days[n - 1].values());
			changed();
		}))));
		note_spans(el);
	}

	el.cycle = {
		read: () => days.flatMap((d, n) =>
			d.values().map((times) => `${n} ${times}`)),

		write(values) {
			const each = Array.from({ length: Math.max(days.length, 7) },
				() => []);

			for (const value of values) {
				const [, n, times] = /^(\d+) (.+)$/.exec(value);

				(each[n] ??= []).push(times);
			}
			draw(Array.from(each, (some) => some ?? []));
		},

		/* As many days as the cycle has; what is in them stays. */
		fit(new_kind, n) {
			if (new_kind === kind && n === days.length)
				return;
			kind = new_kind;
			draw(Array.from({ length: n }, (_, i) =>
				days[i]?.values() ?? []));
		},
	};
	draw(Array.from({ length: 7 }, () => []));
	return el;
}

function day_input() {
	const el = h('div', { class: 'cycle', oninput: () => note_spans(el) });
	const day = day_spans([], t('admin.field.shifts'), () => tell(el));

	el.append(day.el);
	el.cycle = {
		read: day.values,
		write(values) {
			day.set(values);
			note_spans(el);
		},
	};
	return el;
}

const kind_of = (make) => ({
	group: true, make,
	write: (el, value) => el.cycle.write(value ?? []),
	read: (el) => el.cycle.read(),
});

export const shift_kinds = {
	cycle: kind_of(cycle_input),
	day_shifts: kind_of(day_input),
};
