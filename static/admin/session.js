/*
 * Who is signed in.
 *
 * The session is a cookie.  When it ends while somebody works, a dialog asks
 * for the password over the page and the request is made again, so that
 * nothing that was typed is lost.
 */

import { api } from '/shared/api.js';
import { h, mount, unique } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { field } from '/shared/ui.js';
import { language_select } from './choices.js';
import { code_form } from './code_form.js';
import { noted_form, trouble_note } from './trouble.js';

let me = null, asking = null;

/* The person behind the cookie, or null. */
export async function who() {
	me = await api.get('/me', {}, { bare: true }).catch((error) => {
		if (error.status === 401)
			return null;
		throw error;
	});
	return me;
}

export const may_enter = ({ roles }) =>
	roles.includes('admin') || roles.includes('manager');

/* The whole page; resolves when somebody has signed in. */
export const sign_in_page = (root, about) => new Promise((done) => {
	mount(root, h('main', { class: 'sign-in' },
		h('div', { class: 'card' },
			h('div', { class: 'sign-in-head' },
				icon('clock'),
				h('h1', null, about?.organisation || 'Tabel')),
			h('p', { class: 'muted' }, t('admin.sign_in.text')),
			sign_in_forms(done)),
		language_select()));
	root.querySelector('input').focus();
});

/* Signed in, but these pages are not for everybody. */
export const no_entry_page = (root) =>
	mount(root, h('main', { class: 'sign-in' },
		h('div', { class: 'card state' },
			h('div', { class: 'state-icon' }, icon('lock')),
			h('h1', { class: 'state-title' }, t('admin.no_entry.title')),
			h('p', { class: 'state-text' }, t('admin.no_entry.text')),
			h('button', {
				type: 'button', class: 'button',
				onclick: () => sign_out(),
			}, t('admin.sign_out')))));

export async function sign_out(everywhere = false) {
	await api.post('/auth/logout', { everywhere }, { bare: true, key: null })
		.catch((error) => {
			if (error.status !== 401)
				throw error;
		});
	location.assign('/admin/');
}

api.onUnauthorized = () => asking ??= ask_again()
	.finally(() => { asking = null; });

async function ask_again() {
	if (!me)
		return false;

	const person = await sign_in_dialog();

	/* Somebody else has other rights, branches and texts. */
	if (person !== me.person.id)
		location.reload();
	return true;
}

const sign_in_dialog = () => new Promise((done) => {
	const id = unique('again');
	const before = document.activeElement;
	const dialog = h('dialog', {
		class: 'dialog', 'aria-labelledby': id,
		oncancel: (e) => e.preventDefault(),
	}, h('div', { class: 'dialog-body' },
		h('h2', { id }, t('admin.again.title')),
		h('p', null, t('admin.again.text')),
		sign_in_forms((person) => {
			dialog.remove();
			before?.focus?.();
			done(person);
		})));

	document.body.append(dialog);
	dialog.showModal();
});

/* Calls `done` with the id of the person; one way is shown at a time. */
function sign_in_forms(done) {
	const place = h('div', { class: 'form' });

	function show(form, other, text) {
		mount(place, form, h('button', {
			type: 'button', class: 'button quiet wide',
			onclick: () => {
				other();
				place.querySelector('input').focus();
			},
		}, t(text)));
	}

	const by_password = () =>
		show(login_form(done), by_code, 'admin.sign_in.by_code');
	const by_code = () =>
		show(code_form(done), by_password, 'admin.sign_in.by_password');

	by_password();
	return place;
}

function login_form(done) {
	const button = h('button', { class: 'button primary wide' },
		t('admin.sign_in'));
	const note = trouble_note(button);
	const el = noted_form(note, button, send, field({
		label: t('admin.field.username'), name: 'username',
		autocomplete: 'username', autocapitalize: 'none',
		spellcheck: 'false', required: true, maxlength: 64,
	}), field({
		label: t('admin.field.password'), name: 'password',
		type: 'password', autocomplete: 'current-password',
		required: true, maxlength: 256,
	}));

	async function send() {
		note.clear();
		try {
			const answer = await api.post('/auth/login', {
				username: el.elements.username.value.trim(),
				password: el.elements.password.value,
			}, { bare: true, key: null, retry: false });

			done(answer.person.id);
		} catch (error) {
			if (!note.tell(error))
				el.elements.password.select();
		}
	}

	return el;
}
