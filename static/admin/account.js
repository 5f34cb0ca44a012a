/* The reader's own panel: language, light or dark, password. */

import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, toast } from '/shared/ui.js';
import { language_select, theme_select } from './choices.js';
import { form } from './form.js';
import { may_leave } from './guard.js';
import { panel } from './panel.js';
import { amend } from './router.js';
import { sign_out } from './session.js';

const fields = [
	{ name: 'password', key: 'old_password', is: 'password', required: true,
		autocomplete: 'current-password', fault: 'BAD_CREDENTIALS' },
	{ name: 'new_password', is: 'password', required: true,
		pattern: /^.{10,}$/, wrong: 'admin.wrong.password',
		hint: 'admin.wrong.password' },
	{ name: 'again', is: 'password', required: true },
];

export async function account_panel() {
	if (!await may_leave())
		return;
	panel.show({
		title: t('admin.account'),
		onclose: async () => await amend({ open: null }) &&
			await may_leave() && panel.hide(),
		body: () => [
			h('div', { class: 'form' }, half(language_select()),
				half(theme_select())),
			h('section', { class: 'part' },
				h('h3', null, t('admin.password.title')),
				h('p', { class: 'muted' }, t('admin.password.text')),
				password_form()),
			h('section', { class: 'part' },
				h('h3', null, t('admin.everywhere.title')),
				h('p', { class: 'muted' }, t('admin.everywhere.text')),
				h('div', { class: 'actions start' }, h('button', {
					type: 'button', class: 'button',
					onclick: (e) => busy(e.currentTarget,
						() => sign_out(true)),
				}, icon('sign_out'), t('admin.everywhere.button')))),
		],
	});
}

const half = (el) => {
	el.classList.add('half');
	return el;
};

const password_form = () => {
	const el = form({
		fields,
		submit: t('admin.password.title'),
		check: (v) => v.new_password !== v.again &&
			{ again: t('admin.wrong.again') },
		save: async ({ password, new_password }) => {
			/* A wrong password is no ended session. */
			await api.post('/auth/password', { password, new_password },
				{ key: null, bare: true });
			toast(t('admin.password.done'), 'good');
			setTimeout(() => {
				el.reset();
				el.dispatchEvent(new Event('input'));
			});
		},
	});

	return el;
};
