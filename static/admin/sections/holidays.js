/* Holidays, of all branches and of single ones. */

import { branches, options_of } from '../lookups.js';
import { list_section, thing_panel } from '../section.js';
import { beside } from './schedules.js';
import { weekday_date } from '/shared/format.js';
import { t } from '/shared/i18n.js';

/* That of all branches is an administrator's business. */
const fields = (view) => [
	{ name: 'day', is: 'date', required: true, half: true,
		fault: 'HOLIDAY_TAKEN' },
	{ name: 'branch', is: 'choice', none: 'common.all_branches', half: true,
		required: view.is_admin ? undefined : true, fault: 'OTHER_BRANCH',
		options: () => options_of(branches()) },
	{ name: 'name', required: true, max_length: 100,
		placeholder: t('admin.holidays.example') },
];

export const holidays = {
	name: 'holidays', icon: 'sun', under: 'schedules', beside,

	show: (view) => list_section(view, {
		make: 'admin.holidays.make',
		list: {
			from: '/holidays',
			filters: [
				{ name: 'branch', is: 'choice',
					options: () => options_of(branches()) },
				{ name: 'from', is: 'date' },
				{ name: 'to', is: 'date' },
			],
			columns: [
				{ name: 'day', is: 'date' },
				{ name: 'name', head: true },
				{ name: 'branch_name', from: 'narrow', show: (x) =>
					x.branch_name ?? t('common.all_branches') },
			],
		},
		panel: (holiday, tools) => ({
			title: holiday?.name ?? t('admin.holidays.new'),
			note: holiday && weekday_date(holiday.day),
			body: () => thing_panel(holiday, tools, {
				path: '/holidays', fields: fields(view),
				name: (x) => x.name,
				remove: () => ({ text: t('admin.holidays.remove') }),
			}),
		}),
	}),
};
