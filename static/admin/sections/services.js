/* Tokens with which other systems call. */

import { attempt } from '../attempt.js';
import { chip, facts } from '../cells.js';
import { form } from '../form.js';
import { list_section } from '../section.js';
import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { confirm_dialog, copy, open_dialog, toast } from '/shared/ui.js';

const state = (x) => x.revoked_at ? chip(t('admin.revoked')) :
	chip(t('admin.service.active'), 'good');

const columns = [
	{ name: 'name', head: true },
	{ name: 'last_seen_at', is: 'at', from: 'narrow' },
	{ name: 'created_at', is: 'at', from: 'middle' },
	{ name: 'created_by_name', from: 'wide' },
	{ name: 'state', show: state, value: (x) => x.revoked_at ?? '' },
];

const facts_of = [
	{ name: 'state', show: state },
	{ name: 'created_at', is: 'at' },
	{ name: 'created_by_name' },
	{ name: 'last_seen_at', is: 'at' },
];

const fields = [
	{ name: 'name', required: true, max_length: 100,
		fault: 'SERVICE_NAME_TAKEN' },
];

export const services = {
	name: 'services', icon: 'key', admin: true,

	show: (view) => list_section(view, {
		make: 'admin.services.make',
		lead: h('p', { class: 'lead' }, t('admin.services.text')),
		list: {
			from: '/service-tokens', columns,
			mark: (x) => x.revoked_at ? 'faint' : null,
		},
		panel: (service, tools) => ({
			title: service?.name ?? t('admin.services.new'),
			body: () => service ? about(service, tools) : make(tools),
		}),
	}),
};

const about = (service, tools) => [
	facts(facts_of, service),
	!service.revoked_at && h('div', { class: 'actions start' }, h('button', {
		type: 'button', class: 'button quiet risky',
		onclick: () => revoke(service, tools),
	}, icon('lock'), t('admin.revoke'))),
];

const make = (tools) => form({
	fields, submit: t('admin.make'),
	save: async ({ name }) => {
		const made = await api.post('/service-tokens',
			{ name, scopes: ['staff'] }, { key: null });

		tools.reload();
		setTimeout(() => {
			tools.close();
			show_once(made);
		});
	},
});

const show_once = (made) => open_dialog(made.name, (close) => [
	h('p', null, t('admin.services.once')),
	h('p', null, h('code', { class: 'secret' }, made.token)),
	h('div', { class: 'actions' },
		h('button', {
			type: 'button', class: 'button',
			onclick: () => copy(made.token),
		}, t('common.copy')),
		h('button', {
			type: 'button', class: 'button primary',
			onclick: () => close(''),
		}, t('common.close'))),
], { wide: true });

async function revoke(service, tools) {
	const sure = await confirm_dialog({
		title: t('admin.services.revoke_title', { name: service.name }),
		text: t('admin.services.revoke_text'),
		yes: t('admin.revoke'), danger: true,
	});

	if (sure)
		await attempt(async () => {
			await api.del(`/service-tokens/${service.id}`);
			toast(t('admin.services.revoked'), 'good');
			await tools.reload();
			tools.close();
		});
}
