import { facts, instant, word } from '../cells.js';
import { actor, diff, diff_short, what } from '../diff.js';
import { link } from '../router.js';
import { list_section } from '../section.js';
import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';

const entities = ['absence', 'branch', 'correction', 'employee',
	'employee_branch', 'event', 'holiday', 'key', 'overtime', 'period', 'person',
	'person_role', 'position', 'registration', 'schedule',
	'schedule_exception', 'service_token', 'setting', 'tap', 'terminal'];

const details = [
	{ name: 'at', is: 'at' },
	{ name: 'actor', show: actor },
	{ name: 'request_id' },
];

export const audit = {
	name: 'audit', icon: 'shield', admin: true,

	show: (view) => list_section(view, {
		list: {
			from: '/audit',
			filters: [
				{ name: 'actor', is: 'person',
					of: (p) => `person:${p.person}` },
				{ name: 'entity', is: 'choice', options: () =>
					entities.map((name) =>
						[name, word('entity', name)]) },
				{ name: 'entity_id', is: 'search' },
			],
			columns: [
				{ name: 'at', is: 'at', from: 'narrow' },
				{ name: 'actor', show: actor, from: 'narrow' },
				{ name: 'action', head: true, value: (a) => a.entity,
					show: (a) => [what(a), h('small', {
						class: 'only-narrow' }, actor(a), ', ',
					instant(a.at))] },
				{ name: 'changes', show: diff_short, from: 'middle',
					sort: false },
			],
		},
		panel: (a) => ({
			title: actor(a),
			note: what(a),
			body: () => [facts(details, a),
				h('h3', null, t('admin.field.changes')), diff(a),
				a.entity === 'employee' &&
					h('div', { class: 'actions start' }, h('a', {
						class: 'button',
						href: link('people', { open: a.entity_id }),
					}, t('admin.person.open')))],
		}),
	}),
};
