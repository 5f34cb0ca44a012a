/*
 * The first sign-in: the code that somebody was given becomes his user name
 * and password, and he is signed in.
 */

import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { fault_text, language, languages, load_language, set_language,
	t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { apply_theme } from '/shared/theme.js';
import { busy, field, set_error, show_errors } from '/shared/ui.js';

const root = document.body.appendChild(h('div', { id: 'root' }));

/* Faults that belong to a field. */
const at_field = { ACTIVATION_WRONG: 'code', USERNAME_TAKEN: 'username' };

function page(...parts) {
	mount(root, h('main', { class: 'sign-in' },
		h('div', { class: 'card' }, parts), language_select()));
	document.title = `${t('activate.title')} · Tabel`;
}

const language_select = () => field({
	label: t('common.language'), name: 'page_language',
	options: Object.entries(languages), value: language(),
	onchange: async (e) => {
		await set_language(e.target.value);
		location.reload();
	},
});

const fields = () => [
	field({
		label: t('admin.field.code'), name: 'code', required: true,
		hint: t('activate.code_hint'), autocomplete: 'one-time-code',
		autocapitalize: 'characters', spellcheck: 'false', minlength: 12,
		maxlength: 32, placeholder: 'XXXX-XXXX-XXXX',
	}),
	field({
		label: t('admin.field.username'), name: 'username', required: true,
		hint: t('activate.username_hint'), autocomplete: 'username',
		autocapitalize: 'none', spellcheck: 'false', minlength: 3,
		maxlength: 64,
	}),
	field({
		label: t('admin.field.password'), name: 'password', type: 'password',
		hint: t('activate.password_hint'), required: true,
		autocomplete: 'new-password', maxlength: 200,
	}),
	field({
		label: t('activate.again'), name: 'again', type: 'password',
		required: true, autocomplete: 'new-password', maxlength: 200,
	}),
];

function first_form() {
	const button = h('button', { class: 'button primary wide' },
		t('admin.sign_in'));
	const note = h('p', { class: 'band bad', role: 'alert', hidden: true });
	const el = h('form', {
		class: 'form', onsubmit: (e) => {
			e.preventDefault();
			busy(button, send);
		},
	}, note, fields(), button);
	const box = (name) => el.querySelector(`[data-field="${name}"]`);
	const value = (name) => el.elements[name].value;

	async function send() {
		note.hidden = true;
		if (value('again') !== value('password')) {
			set_error(box('again'), t('activate.differ'));
			el.elements.again.focus();
			return;
		}
		try {
			const answer = await api.post('/auth/activate', {
				code: value('code').trim(),
				username: value('username').trim(),
				password: value('password'),
			}, { bare: true, key: null, retry: false });

			welcome(answer);
		} catch (error) {
			tell(error);
		}
	}

	function tell(error) {
		const name = at_field[error.code];

		if (name) {
			set_error(box(name), fault_text(error));
			el.elements[name].select();
		} else if (error.fields?.username) {
			set_error(box('username'), t('activate.username_hint'));
			el.elements.username.select();
		} else if (error.fields?.password) {
			set_error(box('password'), t('activate.weak'));
			el.elements.password.select();
		} else if (!show_errors(el, error)) {
			note.hidden = false;
			mount(note, icon('alert'), h('span', null, fault_text(error)));
		}
	}

	return el;
}

function welcome({ person, roles }) {
	const desk = roles.includes('manager') || roles.includes('admin');

	page(h('div', { class: 'state', role: 'status' },
		h('div', { class: 'state-icon good' }, icon('check')),
		h('h1', { class: 'state-title', tabindex: -1 },
			t('activate.done', { name: person.first_name })),
		h('p', { class: 'state-text' },
			t(desk ? 'activate.done_desk' : 'activate.done_text')),
		desk && h('a', { class: 'button primary', href: '/admin/' },
			t('activate.go'))));
	root.querySelector('h1').focus();
}

async function start() {
	apply_theme();
	await load_language();
	page(h('h1', null, t('activate.title')),
		h('p', { class: 'muted' }, t('activate.text')), first_form());
	root.querySelector('[name="code"]').focus();
}

start();
