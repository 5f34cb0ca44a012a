import { chip, word } from '../cells.js';
import { look_again, look_up } from '../lookups.js';
import { list_section, thing_panel } from '../section.js';
import { own_zone, time } from '/shared/format.js';
import { t } from '/shared/i18n.js';

const network = /^([\d.]{7,15}|[\da-f:.]{2,45})(\/\d{1,3})?$/i;
const choices = (group, ...names) => () =>
	names.map((name) => [name, t(`admin.${group}.${name}`)]);
const checked = ({ place_rule }) => place_rule !== 'off';
const told = ({ notice }) => notice !== 'off';

const fields = [
	{ name: 'name', required: true, max_length: 100,
		fault: 'BRANCH_NAME_TAKEN' },
	{ name: 'time_zone', is: 'zone', required: true, start: own_zone(),
		hint: 'admin.hint.time_zone', wrong: 'admin.wrong.time_zone',
		pattern: /^(UTC|[A-Z][\w+-]*(\/[A-Z][\w+-]*){1,2})$/ },
	{ name: 'rotation_seconds', is: 'number', required: true,
		min: 10, max: 60, start: 30, half: true,
		hint: 'admin.hint.rotation_seconds' },
	{ name: 'max_shift_minutes', is: 'hours', required: true,
		min: 60, max: 2160, start: 960, half: true,
		hint: 'admin.hint.max_shift_minutes' },

	{ title: 'admin.branches.place' },
	{ name: 'place_rule', is: 'choice', texts: true, required: true,
		start: 'off', hint: 'admin.hint.place_rule',
		options: choices('place_rule', 'off', 'flag', 'refuse') },
	{ name: 'networks', is: 'lines', when: checked, pattern: network,
		placeholder: '203.0.113.0/24', hint: 'admin.hint.networks',
		wrong: 'admin.wrong.networks' },
	{ name: 'latitude', is: 'number', decimal: true, when: checked,
		min: -90, max: 90, half: true, placeholder: '50.4501',
		hint: 'admin.hint.latitude' },
	{ name: 'longitude', is: 'number', decimal: true, when: checked,
		min: -180, max: 180, half: true, placeholder: '30.5234' },
	{ name: 'radius_m', is: 'number', when: checked, half: true,
		min: 10, max: 100000, placeholder: '150' },

	{ title: 'admin.branches.notices' },
	{ name: 'notice', is: 'choice', texts: true, required: true,
		start: 'off', options: choices('notice', 'off', 'irregular', 'all') },
	{ name: 'notice_chat', is: 'number', when: told,
		hint: 'admin.hint.notice_chat', wrong: 'admin.wrong.notice_chat' },

	{ title: 'admin.field.state' },
	{ name: 'active', is: 'flag', start: true,
		hint: 'admin.hint.branch_active' },
];

/* A circle needs all of its three figures. */
function circle(values) {
	const names = ['latitude', 'longitude', 'radius_m'];
	const absent = names.filter((name) => values[name] === undefined);

	if (absent.length === names.length)
		return {};
	return Object.fromEntries(absent.map((name) =>
		[name, t('admin.wrong.circle')]));
}

export const branches = {
	name: 'branches', icon: 'place', admin: true,

	show: (view) => list_section(view, {
		make: 'admin.branches.make',
		list: {
			from: '/branches',
			mark: (b) => b.active ? null : 'faint',
			columns: [
				{ name: 'name', head: true },
				{ name: 'time_zone', from: 'middle', show: zone },
				{ name: 'employees', is: 'number' },
				{ name: 'terminals', is: 'number', from: 'narrow' },
				{ name: 'place_rule', from: 'wide',
					show: (b) => word('place_rule', b.place_rule) },
				{ name: 'notice', from: 'wide',
					show: (b) => word('notice', b.notice) },
				{ name: 'state', from: 'narrow', show: (b) => b.active ?
					chip(t('admin.field.active'), 'good') :
					chip(t('admin.off')), value: (b) => b.active },
			],
		},
		panel: (branch, tools) => ({
			title: branch?.name ?? t('admin.branches.new'),
			note: branch && t('admin.branches.counts', {
				people: branch.employees, terminals: branch.terminals,
			}),
			body: () => thing_panel(branch, tools, {
				path: '/branches', fields, check: circle,
				now: look_again('branches'),
				name: (b) => b.name,
				saved: () => look_up('branches'),
				remove: (b) => b.employees || b.terminals ?
					{ not: t('admin.branches.in_use', {
						people: b.employees, terminals: b.terminals,
					}) } : { text: t('admin.branches.remove') },
			}),
		}),
	}),
};

const zone = (b) => `${b.time_zone}, ${time(Date.now(), b.time_zone)}`;
