/*
 * Inputs of a form by kind: how one is made, and what it then says.
 *
 * A kind is { make(field, value), read(control) }; `read` gives what the API
 * wants, undefined for nothing.
 */

import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { select } from '/shared/ui.js';

const input = (f, value, props) => h('input', {
	value: value ?? '', required: f.required, maxlength: f.max_length,
	autocomplete: f.autocomplete ?? 'off', placeholder: f.placeholder,
	spellcheck: 'false', ...props,
});

const number = (text) => {
	const plain = text.trim().replace(',', '.').replace('−', '-');

	return plain === '' ? undefined : Number(plain);
};

const trimmed = (el) => el.value.trim() || undefined;

export const kinds = {
	choice: {
		make: (f, value) => {
			const el = select([
				...value === undefined || value === null || !f.required ?
					[['', f.none ?? t(f.required ? 'admin.choose' :
						'admin.none')]] : [],
				...f.options(),
			], { value: value ?? '', required: f.required });

			return el;
		},
		read: (el, f) => el.value === '' ? undefined :
			f.texts ? el.value : Number(el.value),
	},

	date: {
		make: (f, value) => input(f, value, { type: 'date' }),
		read: trimmed,
	},

	flag: {
		make: (f, value) => h('input', {
			type: 'checkbox', checked: value === true,
		}),
		read: (el) => el.checked,
	},

	/* Shown in hours, kept in minutes. */
	hours: {
		make: (f, value) => input(f,
			typeof value === 'number' ? value / 60 : '',
			{ type: 'text', inputmode: 'decimal', class: 'short num' }),
		read: (el) => {
			const value = number(el.value);

			return value === undefined ? value : Math.round(value * 60);
		},
	},

	lines: {
		make: (f, value) => h('textarea', {
			rows: 3, spellcheck: 'false', value: (value ?? []).join('\n'),
			placeholder: f.placeholder,
		}),
		read: (el) => el.value.split(/[\n,;]/).map((line) => line.trim())
			.filter(Boolean),
	},

	number: {
		make: (f, value) => input(f, value,
			{ type: 'text', inputmode: 'decimal', class: 'short num' }),
		read: (el) => number(el.value),
	},

	password: {
		make: (f) => input(f, '', {
			type: 'password', maxlength: 256,
			autocomplete: f.autocomplete ?? 'new-password',
		}),
		read: (el) => el.value || undefined,
	},

	/* Any number of a few things, by id. */
	set: {
		make: (f, value) => h('div', { class: 'checks' },
			f.options().map(([id, text]) => h('label', { class: 'check' },
				h('input', {
					type: 'checkbox', value: String(id),
					checked: (value ?? []).includes(id),
				}), text))),
		read: (el) => [...el.querySelectorAll('input:checked')]
			.map(({ value }) => Number(value)),
	},

	tel: {
		make: (f, value) => input(f, value, { type: 'tel' }),
		read: (el) => trimmed(el)?.replace(/[\s()-]/g, ''),
	},

	text: {
		make: (f, value) => input(f, value, { type: 'text' }),
		read: trimmed,
	},

	long_text: {
		make: (f, value) => h('textarea', {
			rows: 3, value: value ?? '', required: f.required,
			maxlength: f.max_length,
		}),
		read: trimmed,
	},

	zone: {
		make: (f, value) => input(f, value,
			{ type: 'text', list: zone_list() }),
		read: trimmed,
	},
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
	const absent = value === undefined || value === '';

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
