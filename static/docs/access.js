/*
 * In whose name calls are tried: with a token, with the cookie of whoever is
 * signed in on the admin pages, or as nobody.  The token is kept only until
 * the page is left.
 */

import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { full_name } from '/shared/format.js';
import { fault_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { field, open_dialog, toast } from '/shared/ui.js';

const ways = ['cookie', 'token', 'nobody'];
const listeners = new Set();
let way = 'cookie', token = '';

/* What fetch() takes. */
export const access_options = () => ({
	credentials: way === 'cookie' ? 'same-origin' : 'omit',
	headers: way === 'token' ? { Authorization: `Bearer ${token}` } : {},
});

export function use_token(text) {
	choose('token', text);
	toast(t('docs.access.used'), 'good');
}

function choose(how, text = token) {
	way = how;
	token = text.trim().replace(/^Bearer\s+/i, '');
	if (way === 'token' && !token)
		way = 'nobody';
	for (const changed of listeners)
		changed();
}

export function access_button() {
	const name = h('span', { class: 'access-name' });
	const el = h('button', {
		type: 'button', class: 'button access', onclick: access_dialog,
	}, icon('key'), h('span', { class: 'unseen' }, t('docs.access')), name);
	const show = () => { name.textContent = t(`docs.access.${way}`); };

	listeners.add(show);
	show();
	return el;
}

function access_dialog() {
	open_dialog(t('docs.access'), (close) => {
		const secret = field({
			label: t('docs.access.token_field'), name: 'token',
			type: 'password', value: token, autocomplete: 'off',
			hint: t('docs.access.token_hint'),
		});
		const select = field({
			label: t('docs.access.as'), name: 'way', value: way,
			options: ways.map((name) => [name, t(`docs.access.${name}`)]),
			onchange: show,
		});
		const who = h('p', { role: 'status' });

		function show() {
			const chosen = select.querySelector('select').value;

			secret.hidden = chosen !== 'token';
			mount(who);
			if (chosen === 'cookie')
				tell_who(who);
		}

		show();
		return h('form', {
			class: 'form', onsubmit: (e) => {
				e.preventDefault();
				choose(e.target.elements.way.value,
					e.target.elements.token.value);
				close();
			},
		}, select, secret, who,
		h('div', { class: 'actions' },
			h('button', {
				type: 'button', class: 'button quiet',
				onclick: () => close(),
			}, t('common.cancel')),
			h('button', { class: 'button primary' }, t('common.ok'))));
	});
}

async function tell_who(place) {
	try {
		const me = await api.get('/me', {}, { bare: true, retry: false });

		mount(place, t('docs.access.who', { name: full_name(me.person) }));
	} catch (error) {
		mount(place, error.status === 401 ? [t('docs.access.nobody_here'), ' ',
			h('a', { href: '/admin/' }, t('admin.sign_in'))] :
			fault_text(error));
	}
}
