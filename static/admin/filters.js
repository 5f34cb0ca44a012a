/*
 * The filters above a list: declared by name and kind, kept in the address.
 *
 *	{ name, is: 'search' | 'choice' | 'date' | 'flag' | 'person', options }
 */

import { h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { field } from '/shared/ui.js';
import { label_of } from './cells.js';
import { finder, person_named } from './finder.js';

const pause_ms = 250;

export function filter_bar(view, filters) {
	const reset = h('button', {
		type: 'button', class: 'button quiet small reset',
		onclick: () => view.amend(Object.fromEntries(
			filters.map(({ name }) => [name, null]))),
	}, icon('cross'), t('admin.reset'));
	const parts = filters.map((f) => kinds[f.is](view, f));
	const how_many = h('span');
	const toggle = h('button', {
		type: 'button', class: 'button small filter-toggle',
		'aria-expanded': 'false', onclick: () => {
			const open = el.classList.toggle('open');

			toggle.setAttribute('aria-expanded', String(open));
		},
	}, icon('filter'), how_many);
	const el = h('div', { class: 'filters', role: 'search' },
		filters.length > 1 && toggle, parts.map((part) => part.el), reset);

	view.on(filters.map(({ name }) => name), () => {
		for (const [i, f] of filters.entries())
			parts[i].set(view.param(f.name));

		const n = filters.filter(({ name }) => view.param(name)).length;

		reset.hidden = n === 0;
		how_many.textContent = n ? t('admin.filters.some', { n }) :
			t('admin.filters');
	});
	return el;
}

const kinds = {
	search(view, f) {
		let timer = 0;
		const box = field({
			label: label_of(f), name: f.name, type: 'search',
			autocomplete: 'off', spellcheck: 'false',
			oninput: (e) => {
				clearTimeout(timer);
				timer = setTimeout(() => view.amend(
					{ [f.name]: e.target.value.trim() },
					{ replace: true }), pause_ms);
			},
		});

		return input_part(box);
	},

	choice: (view, f) => input_part(field({
		label: label_of(f), name: f.name,
		options: [['', f.all ?? t('admin.all')], ...f.options()],
		onchange: (e) => view.amend({ [f.name]: e.target.value }),
	})),

	date: (view, f) => input_part(field({
		label: label_of(f), name: f.name, type: 'date',
		onchange: (e) => view.amend({ [f.name]: e.target.value }),
	})),

	flag(view, f) {
		const input = h('input', {
			type: 'checkbox',
			onchange: () => view.amend(
				{ [f.name]: input.checked ? 'true' : null }),
		});

		return {
			el: h('label', { class: 'check' }, input, label_of(f)),
			set: (value) => { input.checked = value === 'true'; },
		};
	},

	person(view, f) {
		const el = h('div', { class: 'person-filter' });
		const find = finder({
			label: label_of(f),
			pick: (p) => view.amend({ [f.name]: f.of ? f.of(p) : p.id }),
		});
		let shown = null;

		async function set(value) {
			if (value === shown)
				return;
			shown = value;
			mount(el, value ? await picked(value) : find);
		}

		const picked = async (value) => h('div', { class: 'field' },
			h('span', { class: 'label' }, label_of(f)),
			h('button', {
				type: 'button', class: 'input picked',
				onclick: () => view.amend({ [f.name]: null }),
			}, await person_named(value), icon('cross'),
			h('span', { class: 'unseen' }, t('admin.reset'))));

		return { el, set };
	},
};

/* What is being typed is not overwritten. */
function input_part(el) {
	const input = el.querySelector('.input');

	return {
		el,
		set(value) {
			if (input !== document.activeElement || !value)
				input.value = value;
		},
	};
}
