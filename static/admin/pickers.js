/* Inputs that choose people: one, or several at once. */

import { h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { finder, person_named } from './finder.js';

function picker(many) {
	const chosen = h('div', { class: 'picked-people' });
	const el = h('div', { class: 'person-pick' }, chosen);
	let ids = [];

	const find = finder({
		label: t(many ? 'admin.pick.people' : 'admin.find.label'),
		unlabelled: true, placeholder: t('admin.pick.hint'),
		pick: (p) => set(many ? [...new Set([...ids, p.id])] : [p.id], true),
	});

	function set(next, told) {
		ids = next;
		mount(chosen, ids.map(one));
		find.hidden = !many && ids.length > 0;
		if (told) {
			el.dispatchEvent(new Event('input', { bubbles: true }));
			(find.hidden ? chosen : find).querySelector('button, input')
				?.focus();
		}
	}

	/* Which of them it is about. */
	function blame(i) {
		for (const [k, button] of [...chosen.children].entries())
			if (k === i)
				button.setAttribute('aria-invalid', 'true');
			else
				button.removeAttribute('aria-invalid');
	}

	function one(id) {
		const name = h('span', null, '…');

		person_named(String(id)).then((text) => { name.textContent = text; });
		return h('button', {
			type: 'button', class: 'input picked',
			onclick: () => set(ids.filter((i) => i !== id), true),
		}, name, icon('cross'),
		h('span', { class: 'unseen' }, t('admin.reset')));
	}

	el.append(find);
	el.people = { get: () => ids, set, blame };
	return el;
}

export const person_kinds = {
	person: {
		group: true,
		make: () => picker(false),
		write: (el, value) => el.people.set(value ? [value] : []),
		read: (el) => el.people.get()[0],
	},
	people: {
		group: true,
		make: () => picker(true),
		write: (el, value) => el.people.set(value ?? []),
		read: (el) => el.people.get(),
		blame: (el, i) => el.people.blame(i),
	},
};
