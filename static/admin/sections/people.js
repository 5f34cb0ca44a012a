import { branches, options_of, positions } from '../lookups.js';
import { chip } from '../cells.js';
import { csv_menu } from '../csv.js';
import { link } from '../router.js';
import { list_section } from '../section.js';
import { load_person, person_panel } from './person.js';
import { h } from '/shared/dom.js';
import { full_name } from '/shared/format.js';
import { t } from '/shared/i18n.js';

const state = (p) => !p.active ? chip(t('admin.person.inactive')) :
	p.blocked ? chip(t('admin.person.blocked'), 'bad') :
	p.admin ? chip(t('admin.field.admin'), 'good') :
	p.manager_of.length ? chip(t('admin.field.manager'), 'good') : '';

export const people = {
	name: 'people', icon: 'people',

	show: (view) => list_section(view, {
		make: view.is_admin && 'admin.people.make',
		tools: view.is_admin && [
			csv_menu(view, '/employees.csv',
				['search', 'branch', 'position', 'state'],
				{ state: 'active' }),
			h('a', { class: 'button', href: link('import') },
				t('admin.import.open')),
		],
		load: load_person,
		list: {
			from: '/employees',
			defaults: { state: 'active' },
			mark: (p) => p.active ? null : 'faint',
			filters: [
				{ name: 'search', is: 'search' },
				{ name: 'branch', is: 'choice',
					options: () => options_of(branches()) },
				{ name: 'position', is: 'choice',
					options: () => options_of(positions()) },
				{ name: 'state', is: 'choice',
					all: t('admin.person.active_only'), options: () => [
						['inactive', t('admin.person.inactive_only')],
						['all', t('admin.all')],
					] },
			],
			columns: [
				{ name: 'full_name', head: true, value: full_name,
					show: (p) => [full_name(p), h('small',
						{ class: 'only-narrow' }, p.position_name)] },
				{ name: 'position_name', from: 'narrow' },
				{ name: 'branch_name', from: 'middle' },
				{ name: 'phone', from: 'wide' },
				{ name: 'personnel_number', from: 'wide' },
				{ name: 'remarks', show: state, sort: false },
			],
		},
		panel: person_panel(view),
	}),
};
