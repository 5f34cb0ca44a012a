/*
 * Inputs of a form by kind: how one is made, and what it then says.
 *
 * A kind is { make(field), write(control, value), read(control, field) }:
 * `write` takes what the API gives, `read` gives what it wants, undefined for
 * nothing.  Without a `write` of its own a control takes the value as it is,
 * without a `say` of its own the value is as good as words.
 */

import { h } from '/shared/dom.js';
import { date_full } from '/shared/format.js';
import { language, t } from '/shared/i18n.js';
import { select } from '/shared/ui.js';
import { person_kinds } from './pickers.js';
import { shift_kinds } from './shifts.js';

const input = (f, props) => h('input', {
	required: f.required, maxlength: f.max_length,
	autocomplete: f.autocomplete ?? 'off', placeholder: f.placeholder,
	spellcheck: 'false', ...props,
});

const number = (text) => {
	const plain = text.trim().replace(',', '.').replace('−', '-');

	return plain === '' ? undefined : Number(plain);
};

const decimal = (n) => Number(n.toFixed(2)).toLocaleString(language(),
	{ useGrouping: false });

const trimmed = (el) => el.value.trim() || undefined;

export const kinds = {
	...person_kinds,
	...shift_kinds,

	choice: {
		make: (f) => select([
			['', t(f.none ?? (f.required ? 'admin.choose' : 'admin.none'))],
			...f.options(),
		], { required: f.required }),
		read: (el, f) => el.value === '' ? undefined :
			f.texts ? el.value : Number(el.value),
		say: (value, f) => names_of(f, [value]),
	},

	date: {
		make: (f) => input(f, { type: 'date' }),
		read: trimmed,
		say: date_full,
	},

	flag: {
		make: () => h('input', { type: 'checkbox' }),
		write: (el, value) => { el.checked = value === true; },
		read: (el) => el.checked,
		say: (value) => t(value ? 'admin.yes' : 'admin.no'),
	},

	/* Shown in hours, kept in minutes. */
	hours: {
		make: (f) => input(f,
			{ type: 'text', inputmode: 'decimal', class: 'short' }),
		write: (el, value) => {
			el.value = typeof value === 'number' ? decimal(value / 60) : '';
		},
		read: (el) => {
			const value = number(el.value);

			return value === undefined ? value : Math.round(value * 60);
		},
		say: (value) => decimal(value / 60),
	},

	lines: {
		make: (f) => h('textarea', {
			rows: 3, spellcheck: 'false', placeholder: f.placeholder,
		}),
		write: (el, value) => { el.value = (value ?? []).join('\n'); },
		read: (el) => el.value.split(/[\n,;]/).map((line) => line.trim())
			.filter(Boolean),
		say: (value) => value.join(', '),
	},

	number: {
		make: (f) => input(f,
			{ type: 'text', inputmode: 'decimal', class: 'short' }),
		read: (el) => number(el.value),
	},

	password: {
		make: (f) => input(f, {
			type: 'password', maxlength: 256,
			autocomplete: f.autocomplete ?? 'new-password',
		}),
		write: (el) => { el.value = ''; },
		read: (el) => el.value || undefined,
	},

	/* Any number of a few things, by id. */
	set: {
		group: true,
		make: (f) => h('div', { class: 'checks' },
			f.options().map(([id, text]) => h('label', { class: 'check' },
				h('input', { type: 'checkbox', value: String(id) }),
				text))),
		write: (el, value) => {
			for (const box of el.querySelectorAll('input'))
				box.checked = (value ?? []).includes(Number(box.value));
		},
		read: (el) => [...el.querySelectorAll('input:checked')]
			.map(({ value }) => Number(value)),
		say: (value, f) => names_of(f, value),
	},

	tel: {
		make: (f) => input(f, { type: 'tel' }),
		read: (el) => trimmed(el)?.replace(/[\s()-]/g, ''),
	},

	text: {
		make: (f) => input(f, { type: 'text' }),
		read: trimmed,
	},

	long_text: {
		make: (f) => h('textarea', {
			rows: 3, required: f.required, maxlength: f.max_length,
		}),
		read: trimmed,
	},

	zone: {
		make: (f) => input(f, { type: 'text', list: zone_list() }),
		read: trimmed,
	},
};

const names_of = (f, ids) => f.options().filter(([id]) => ids.includes(id))
	.map(([, name]) => name).join(', ');

/* What the control would read, had it been given that. */
export function as_read(f, value) {
	const kind = kinds[f.is ?? 'text'], control = kind.make(f);

	write(f, control, value);
	return kind.read(control, f);
}

/* A value in words; `item` is the thing that it is of. */
export const said = (f, value, item) => value === undefined ||
	value.length === 0 ? t('admin.none') :
	f.say?.(item) ?? String(kinds[f.is ?? 'text'].say?.(value, f) ?? value);

export const write = (f, control, value) => {
	const kind = kinds[f.is ?? 'text'];

	if (kind.write)
		kind.write(control, value);
	else
		control.value = value ?? '';
};

/* One list of time zones for all fields. */
function zone_list() {
	const id = 'time-zones';

	if (!document.getElementById(id))
		document.body.append(h('datalist', { id },
			['UTC', ...Intl.supportedValuesOf('timeZone')]
				.map((value) => h('option', { value }))));
	return id;
}

/* What is wrong with a value, as a sentence; nothing if it is right. */
export function wrong(f, value) {
	const absent = value === undefined || value === '' ||
		(Array.isArray(value) && f.required && !value.length);

	if (absent)
		return f.required ? t('common.required') : undefined;
	if (['number', 'hours'].includes(f.is) && !in_range(f, value))
		return range_text(f);
	if (f.pattern && ![value].flat().every((one) => f.pattern.test(one)))
		return t(f.wrong);
	return undefined;
}

const in_range = (f, value) => Number.isFinite(value) &&
	(f.decimal || Number.isInteger(value)) &&
	value >= (f.min ?? -Infinity) && value <= (f.max ?? Infinity);

function range_text(f) {
	const scale = f.is === 'hours' ? 60 : 1;

	return f.min === undefined ? t('admin.wrong.number') :
		t('admin.wrong.range', { min: f.min / scale, max: f.max / scale });
}
