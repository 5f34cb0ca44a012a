import { t } from '/shared/i18n.js';
import { look_again, look_up } from '../lookups.js';
import { list_section, thing_panel } from '../section.js';

const fields = [
	{ name: 'name', required: true, max_length: 100,
		fault: 'POSITION_NAME_TAKEN' },
	{ name: 'weekly_minutes', is: 'hours', min: 60, max: 10080,
		hint: 'admin.hint.weekly_minutes' },
	{ name: 'web_access', is: 'flag', hint: 'admin.hint.web_access' },
];

export const positions = {
	name: 'positions', icon: 'person', admin: true,

	show: (view) => list_section(view, {
		make: 'admin.positions.make',
		list: {
			from: '/positions',
			columns: [
				{ name: 'name', head: true },
				{ name: 'employees', is: 'number' },
				{ name: 'weekly_minutes', is: 'minutes', from: 'narrow' },
				{ name: 'web_access', is: 'flag', from: 'middle' },
			],
		},
		panel: (position, tools) => ({
			title: position?.name ?? t('admin.positions.new'),
			body: () => thing_panel(position, tools, {
				path: '/positions', fields,
				now: look_again('positions'),
				name: (p) => p.name,
				saved: () => look_up('positions'),
				remove: (p) => p.employees ?
					{ not: t('admin.positions.in_use',
						{ n: p.employees }) } :
					{ text: t('admin.positions.remove') },
			}),
		}),
	}),
};
