import { chip, facts, instant } from '../cells.js';
import { form } from '../form.js';
import { listing } from '../listing.js';
import { branches, options_of, positions } from '../lookups.js';
import { queue } from '../queue.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { full_name } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { toast } from '/shared/ui.js';

export const registrations = queue({
	name: 'registrations', icon: 'inbox',
	states: ['pending', 'confirmed', 'rejected'],
	text: (state) => t(`admin.registration.${state}`),
	card, decided: (view, state) => decided(view, state).el,
	empty: () => ({ title: t('admin.empty.registrations.title'),
		text: t('admin.empty.registrations.text') }),
});

const decide_fields = (view) => [
	{ name: 'branch', is: 'choice', required: true, half: true,
		options: () => options_of(view.is_admin ? branches() :
			view.me.branches) },
	{ name: 'position', is: 'choice', required: true, half: true,
		options: () => options_of(positions()) },
	{ name: 'personnel_number', required: false, max_length: 32, half: true,
		fault: 'PERSONNEL_NUMBER_TAKEN' },
	...view.is_admin ? [
		{ name: 'manager', is: 'flag', hint: 'admin.hint.manager' },
		{ name: 'admin', is: 'flag', hint: 'admin.hint.admin' },
	] : [],
];

const contact = [
	{ name: 'phone', show: (r) => r.phone && [r.phone, ' ', r.phone_verified &&
		chip(t('admin.registration.verified'), 'good')] },
	{ name: 'branch_name' },
	{ name: 'created_at', is: 'at', key: 'applied_at' },
	{ name: 'pending_scans', show: (r) => r.pending_scans?.length > 0 &&
		h('ul', null, r.pending_scans.map((scan) => h('li', null,
			instant(scan.at, scan.time_zone),
			scan.branch_name !== r.branch_name &&
				` · ${scan.branch_name}`))) },
];

function card(view, r, done) {
	const name = full_name(r);
	const place = h('div');

	const confirm_form = () => form({
		fields: decide_fields(view), value: { branch: r.branch },
		submit: t('admin.registration.confirm'),
		others: h('button', {
			type: 'button', class: 'button quiet risky',
			onclick: () => mount(place, reject_form()),
		}, t('common.reject')),
		save: async (values) => {
			const answer = await decide('confirm', values);

			toast(t(answer.events ? 'app.confirmed_scans' : 'app.confirmed',
				{ name, n: answer.events }), 'good');
		},
	});

	function reject_form() {
		const el = form({
			fields: [{ name: 'reason', is: 'long_text', required: true,
				max_length: 500, hint: 'admin.hint.reject_reason' }],
			submit: t('common.reject'),
			others: h('button', {
				type: 'button', class: 'button quiet',
				onclick: () => mount(place, confirm_form()),
			}, t('common.back')),
			save: async (values) => {
				await decide('reject', values);
				toast(t('app.rejected_done', { name }));
			},
		});

		setTimeout(() => el.elements.reason.focus());
		return el;
	}

	async function decide(verb, values) {
		try {
			const answer = await api.post(
				`/registrations/${r.id}/${verb}`, values, { key: null });

			setTimeout(done);
			return answer;
		} catch (error) {
			/* Somebody else was quicker: then it waits no longer. */
			if (error.code === 'REGISTRATION_DECIDED')
				setTimeout(done, 3000);
			throw error;
		}
	}

	mount(place, confirm_form());
	return h('article', { class: 'card registration' },
		h('div', null, h('h2', null, name),
			facts(contact, r)),
		place);
}

const decided = (view, state) => listing(view, {
	from: '/registrations', fixed: { state }, opens: false,
	icon: 'inbox', empty: 'admin.empty.decided',
	caption: t(`admin.registration.${state}`),
	columns: [
		{ name: 'full_name', head: true, show: full_name, value: full_name },
		{ name: 'branch_name', from: 'middle' },
		{ name: 'created_at', is: 'at', key: 'applied_at', from: 'wide' },
		{ name: 'decided_at', is: 'at', from: 'narrow' },
		{ name: 'decided_by_name', from: 'middle' },
		...state === 'rejected' ? [{ name: 'reason' }] : [],
	],
});
