/* A person's sign-in to these pages: set, changed, taken away. */

import { attempt } from './attempt.js';
import { form } from './form.js';
import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { full_name } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, confirm_dialog, open_dialog, toast } from '/shared/ui.js';

const fields = [
	{ name: 'username', required: true, max_length: 64, half: true,
		pattern: /^[\w.@-]{3,64}$/, wrong: 'admin.wrong.username',
		fault: 'USERNAME_TAKEN' },
	{ name: 'password', is: 'password', required: true, half: true,
		pattern: /^.{10,}$/, wrong: 'admin.wrong.password' },
];

export const person_login = (person, tools) =>
	h('section', { class: 'part' },
		h('h3', null, t('admin.login.title')),
		h('p', { class: 'muted' }, person.username ?
			t('admin.login.has', { name: person.username }) :
			t('admin.login.none')),
		activation(person),
		form({
			fields, value: { username: person.username },
			submit: t(person.username ? 'admin.password.title' :
				'admin.login.set'),
			save: async (values) => {
				await api.put(`/employees/${person.id}/login`, values);
				toast(t('admin.login.done'), 'good');
				setTimeout(tools.again);
			},
			others: person.username && h('button', {
				type: 'button', class: 'button quiet risky',
				onclick: () => take_away(person, tools),
			}, icon('trash'), t('admin.login.remove')),
		}));

/* He chooses name and password himself. */
const activation = (person) => h('div', { class: 'actions start' },
	h('button', {
		type: 'button', class: 'button',
		onclick: (e) => busy(e.currentTarget, () => give_code(person)),
	}, icon('key'), t('admin.activation.make')));

async function give_code(person) {
	let made;

	if (!await attempt(async () => {
		made = await api.post(`/staff/${person.id}/activation`,
			{ send: person.telegram }, { key: null });
	}))
		return;
	open_dialog(t('admin.activation.title', { name: full_name(person) }),
		(close) => [
			h('p', null, t(made.sent ? 'admin.activation.sent' :
				'admin.activation.tell')),
			h('p', null, h('code', { class: 'secret' },
				made.activation_code)),
			h('p', { class: 'muted' }, `${location.origin}/activate/`),
			h('div', { class: 'actions' }, h('button', {
				type: 'button', class: 'button primary',
				autofocus: true, onclick: () => close(''),
			}, t('common.close'))),
		]);
}

async function take_away(person, tools) {
	const sure = await confirm_dialog({
		title: t('admin.login.remove_title'),
		text: t('admin.login.remove_text', { name: full_name(person) }),
		yes: t('admin.login.remove'), danger: true,
	});

	if (sure)
		await attempt(async () => {
			await api.del(`/employees/${person.id}/login`);
			toast(t('admin.login.removed'), 'good');
			tools.again();
		});
}
