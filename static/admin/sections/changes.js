/* Days that are not as scheduled: other hours, or a day off. */

import { form } from '../form.js';
import { as_change, change_fields, change_of, check_change,
	save_change } from '../plan_change.js';
import { hours_list } from '../plan.js';
import { list_section, remove_button } from '../section.js';
import { unfinished } from '../shifts.js';
import { beside } from './schedules.js';
import { today, weekday_date } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { toast } from '/shared/ui.js';

const fields = [
	{ name: 'employee', is: 'person', required: true, fault: 'OTHER_BRANCH' },
	{ name: 'day', is: 'date', required: true, start: today(), half: true },
	...change_fields,
];

/* The server keeps one for each day: a new one takes the place of the old. */
function edit(change, tools) {
	let seen = as_change(change);

	const el = form({
		fields: change ? fields.filter((f) => !['employee', 'day']
			.includes(f.name)) : fields,
		value: seen,
		now: async (typed) => {
			const { employee, day } = change ?? typed;

			seen = await change_of(employee, day);
			return seen ?? as_change({ employee, day, shifts: [] });
		},
		submit: change ? undefined : t('admin.plan.change'),
		check: (v) => !v.off && unfinished(el) ?
			{ shifts: t('admin.wrong.span') } : check_change(v),
		save: async (values) => {
			const whole = { ...change && { employee: change.employee,
				day: change.day }, ...values };
			const kept = await save_change(whole, of_day(seen, whole));

			toast(t('admin.saved'), 'good');
			tools.changed(kept);
			if (!change)
				setTimeout(tools.close);
			seen = as_change(kept);
			return seen;
		},
		others: change && remove_button(seen, tools, {
			path: '/schedule-exceptions',
			name: (c) => `${c.name}, ${weekday_date(c.day)}`,
			remove: () => ({ text: t('admin.changes.remove') }),
		}),
	});

	return el;
}

/* What was seen of another day says nothing of this one. */
const of_day = (seen, { employee, day }) =>
	seen?.employee === employee && seen.day === day ? seen : undefined;

export const changes = {
	name: 'changes', icon: 'edit', under: 'schedules', beside,

	show: (view) => list_section(view, {
		make: 'admin.changes.make',
		list: {
			from: '/schedule-exceptions',
			filters: [
				{ name: 'employee', is: 'person' },
				{ name: 'from', is: 'date' },
				{ name: 'to', is: 'date' },
			],
			columns: [
				{ name: 'day', is: 'day' },
				{ name: 'name', key: 'employee', head: true },
				{ name: 'shifts', sort: false,
					show: (c) => hours_list(c.shifts) },
				{ name: 'reason', from: 'narrow' },
			],
		},
		panel: (change, tools) => ({
			title: change?.name ?? t('admin.changes.new'),
			note: change && weekday_date(change.day),
			body: () => edit(change, tools),
		}),
	}),
};
