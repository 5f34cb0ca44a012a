/*
 * A field that finds a person by name, phone or personnel number.
 * (The combobox pattern of the ARIA Authoring Practices Guide.)
 */

import { api } from '/shared/api.js';
import { h, mount, unique } from '/shared/dom.js';
import { full_name } from '/shared/format.js';
import { fault_text, t } from '/shared/i18n.js';

const pause_ms = 200;
const most = 8;
const names = new Map();

export function finder({ label, placeholder, pick, unlabelled }) {
	const id = unique('find');
	const list = h('ul', {
		role: 'listbox', id: `${id}-list`, class: 'found',
		'aria-label': label, hidden: true,
	});
	const note = h('p', { class: 'found note', role: 'status', hidden: true });
	const input = h('input', {
		id, type: 'search', class: 'input', role: 'combobox', placeholder,
		autocomplete: 'off', spellcheck: 'false', 'aria-expanded': 'false',
		'aria-controls': `${id}-list`, 'aria-autocomplete': 'list',
		oninput: later, onkeydown: steer, onblur: hide, onfocus: later,
	});
	let timer = 0, asked = 0, people = [], at = -1;

	function later() {
		clearTimeout(timer);
		timer = setTimeout(find, pause_ms);
	}

	async function find() {
		const search = input.value.trim(), mine = ++asked;

		if (!search)
			return hide();

		const page = await api.get('/employees',
			{ search, state: 'all', limit: most })
			.catch((error) => ({ items: [], text: fault_text(error) }));

		if (mine === asked && document.activeElement === input)
			show(page.items, page.text ?? t('admin.find.none'));
		return undefined;
	}

	function show(items, text) {
		people = items;
		at = items.length ? 0 : -1;
		mount(list, items.map((p, i) => h('li', {
			role: 'option', id: `${id}-${i}`,
			/* Before the field loses the focus. */
			onpointerdown: (e) => {
				e.preventDefault();
				choose(i);
			},
		}, h('span', null, full_name(p)), h('small', { class: 'muted' },
			[p.position_name, p.branch_name,
				!p.active && t('admin.person.inactive')]
				.filter(Boolean).join(' · ')))));
		list.hidden = !items.length;
		note.hidden = Boolean(items.length);
		note.textContent = text;
		input.setAttribute('aria-expanded', String(!list.hidden));
		point();
	}

	function point() {
		for (const [i, li] of [...list.children].entries())
			li.setAttribute('aria-selected', String(i === at));
		if (at < 0)
			input.removeAttribute('aria-activedescendant');
		else
			input.setAttribute('aria-activedescendant', `${id}-${at}`);
		list.children[at]?.scrollIntoView({ block: 'nearest' });
	}

	function steer(e) {
		const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];

		if (step && people.length && !list.hidden) {
			e.preventDefault();
			at = (at + step + people.length) % people.length;
			point();
		} else if (e.key === 'Enter' && !list.hidden && at >= 0) {
			e.preventDefault();
			choose(at);
		} else if (e.key === 'Escape' && input.value) {
			e.preventDefault();
			input.value = '';
			hide();
		}
	}

	function choose(i) {
		const person = people[i];

		names.set(String(person.id), full_name(person));
		names.set(`person:${person.person}`, full_name(person));
		input.value = '';
		hide();
		pick(person);
	}

	function hide() {
		clearTimeout(timer);
		asked++;
		list.hidden = true;
		note.hidden = true;
		input.setAttribute('aria-expanded', 'false');
		input.removeAttribute('aria-activedescendant');
	}

	return h('div', { class: 'field finder' },
		h('label', { for: id, class: unlabelled && 'unseen' }, label),
		input, list, note);
}

/* The name behind an employee's id or an actor of the audit log. */
export async function person_named(value) {
	if (!names.has(value) && /^\d+$/.test(value)) {
		const person = await api.get(`/employees/${value}`)
			.catch(() => null);

		if (person)
			names.set(value, full_name(person));
	}
	return names.get(value) ?? value;
}
