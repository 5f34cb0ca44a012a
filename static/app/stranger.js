/*
 * Before somebody is an employee: registration, waiting, refusal.
 */

import { action_key, api } from '../shared/api.js';
import { $, every, h } from '../shared/dom.js';
import { date_time } from '../shared/format.js';
import { language, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { announce, busy, empty_state, error_band, field, set_error,
	show_errors } from '../shared/ui.js';
import { go_home } from './home_way.js';
import { language_button } from './language.js';
import { scan_action } from './scan.js';
import { show, show_error, show_wait } from './screen.js';
import { can_request_contact, haptic, request_contact } from './telegram.js';

const look_ms = 5000;

/* Three things on one screen: the name in parts, the phone, the branch. */
export async function show_register(me) {
	let branches;

	show_wait(t('common.loading'));
	try {
		branches = (await api.get('/branches', { limit: 200 })).items;
	} catch (error) {
		return show_error(error, () => show_register(me));
	}
	if (!branches.length)
		return show({ name: 'register', title: t('app.register'),
			content: empty_state({ icon: 'place',
				title: t('app.no_branches'),
				text: t('app.no_branches_text') }) });

	const state = { key: action_key(), contact: null };
	const form = register_form(me, branches, state);

	return show({
		name: 'register', title: t('app.register'),
		content: [
			pending_band(me),
			h('p', { class: 'muted' }, t('app.register_text')),
			form, language_button(),
		],
		action: { text: t('app.register_send'), icon: 'check',
			run: () => send(form, state) },
	});
}

function register_form(me, branches, state) {
	const { person } = me;
	const name = (key, value, autocomplete, required) => field({
		label: t(`admin.field.${key}`), name: key, value: value ?? '',
		autocomplete, maxlength: 64, optional: !required, required,
		autocapitalize: 'words' });

	return h('form', {
		class: 'form card', novalidate: true,
		onsubmit: (e) => {
			e.preventDefault();
			send(e.currentTarget, state);
		},
		oninput: () => { state.key = action_key(); },
	},
	name('last_name', person.last_name, 'family-name', true),
	name('first_name', person.first_name, 'given-name', true),
	name('middle_name', person.middle_name, 'additional-name', false),
	phone_field(person, state),
	field({ label: t('admin.field.branch'), name: 'branch', required: true,
		options: [...branches.length > 1 ?
			[['', t('app.branch_choose')]] : [],
		...branches.map((b) => [b.id, b.name])] }),
	h('button', { class: 'unseen', tabindex: '-1', 'aria-hidden': 'true' }));
}

/* Telegram's own answer is signed; a typed number is just a number. */
function phone_field(person, state) {
	const box = field({ label: t('admin.field.phone'), name: 'phone', type: 'tel',
		value: person.phone ?? '', autocomplete: 'tel', inputmode: 'tel',
		maxlength: 20, optional: true });
	const input = $('.input', box);

	input.addEventListener('input', () => { state.contact = null; });
	if (can_request_contact())
		box.append(h('button', {
			type: 'button', class: 'button wide',
			onclick: (e) => busy(e.currentTarget, () => ask(state, input)),
		}, icon('phone'), t('app.phone_telegram')));
	return box;
}

async function ask(state, input) {
	const contact = await request_contact();

	if (!contact)
		return;
	state.contact = contact.response;
	state.key = action_key();
	input.value = contact.phone ? `+${contact.phone.replace(/\D/g, '')}` : '';
	announce(t('app.phone_taken'));
}

async function send(form, state) {
	const body = read(form, state);

	if (!body)
		return;
	try {
		await api.post('/registrations', body, { key: state.key });
	} catch (error) {
		haptic('error');
		if (error.code === 'REGISTRATION_PENDING' ||
		    error.code === 'ALREADY_EMPLOYED')
			return go_home();
		if (error.status === 401 || show_errors(form, local(error)))
			return undefined;
		return show_trouble(form, error);
	}
	haptic('success');
	return go_home();
}

/* The server's sentences are English: ours say which field it is. */
const local = (error) => ({ fields: Object.fromEntries(
	Object.keys(error.fields ?? {}).map((name) =>
		[name, t('app.field_wrong')])) });

function read(form, { contact }) {
	const data = Object.fromEntries([...new FormData(form)]
		.map(([name, value]) => [name, value.trim()]));
	const missing = ['branch', 'first_name', 'last_name']
		.filter((name) => !data[name]);
	const body = { last_name: data.last_name, first_name: data.first_name,
		branch: Number(data.branch), language: language() };

	for (const name of missing) {
		const box = $(`[data-field="${name}"]`, form);

		set_error(box, t('common.required'));
		$('.input', box).focus();
	}
	if (missing.length)
		return null;
	if (data.middle_name)
		body.middle_name = data.middle_name;
	if (data.phone)
		body.phone = data.phone.replace(/[^\d+]/g, '');
	if (contact)
		body.contact = contact;
	return body;
}

function show_trouble(form, error) {
	$('.trouble', form)?.remove();
	form.prepend(h('div', { class: 'trouble' }, error_band(error)));
	scrollTo(0, 0);
}

/* The scans that will count once the person is confirmed. */
const pending_band = (me) => me.pending.length > 0 &&
	h('section', { class: 'band good pending' }, icon('check'),
		h('div', null,
			h('p', { class: 'strong' },
				t('app.pending', { n: me.pending.length })),
			h('ul', null, me.pending.map((p) => h('li', null,
				`${date_time(p.at, p.time_zone)} · ${p.branch_name}`))),
			h('p', null, t('app.pending_text'))));

export function show_waiting(me, { quiet } = {}) {
	const known = key_of(me);
	const stop = every(look_ms, async () => {
		try {
			const now = await api.get('/me');

			if (now.employee || now.registration?.state !== 'pending')
				go_home({ quiet: true });
			else if (key_of(now) !== known)
				show_waiting(now, { quiet: true });
		} catch {
			/* Looks again in a moment. */
		}
	});

	show({
		name: 'waiting', title: t('app.waiting'), quiet, end: stop,
		content: [
			h('section', { class: 'card waiting' },
				h('div', { class: 'state-icon' }, icon('clock')),
				h('p', null, t('app.waiting_text',
					{ branch: me.registration.branch_name }))),
			pending_band(me),
			h('section', null,
				h('h2', { class: 'label' }, t('app.next')),
				h('ol', { class: 'steps card' },
					['app.next_1', 'app.next_2', 'app.next_3']
						.map((key) => h('li', null, t(key))))),
			language_button(),
		],
		action: scan_action(),
	});
}

const key_of = (me) => JSON.stringify([me.registration, me.pending]);

export const show_rejected = (me) => show({
	name: 'rejected', title: t('app.rejected'),
	content: [
		h('section', { class: 'card' },
			h('p', { class: 'muted' }, t('admin.field.reason')),
			h('p', { class: 'reason' }, me.registration.reason || '—')),
		pending_band(me),
		h('p', { class: 'muted' }, t('app.rejected_text')),
		language_button(),
	],
	action: { text: t('app.register_again'), icon: 'edit',
		run: () => show_register(me) },
});

export const show_inactive = () => show({
	name: 'inactive', title: t('app.inactive'), hide_title: true,
	content: [
		empty_state({ icon: 'lock', title: t('app.inactive'),
			text: t('app.inactive_text') }),
		language_button(),
	],
});
