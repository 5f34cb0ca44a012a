/* The form of one day that is not as scheduled. */

import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, error_state, loading, toast } from '/shared/ui.js';
import { if_seen } from './attempt.js';
import { form } from './form.js';
import { hours_list, planned_days } from './plan.js';
import { unfinished } from './shifts.js';

export const change_fields = [
	{ name: 'off', is: 'flag', key: 'day_off' },
	{ name: 'shifts', is: 'day_shifts', fault: ['EXCEPTION_OVERLAP'],
		say: ({ shifts }) => hours_list(shifts),
		when: (v) => !v.off },
	{ name: 'reason', required: false, max_length: 200,
		placeholder: ' ' },
];

/* Without hours it is a day off only if that was meant. */
export const check_change = ({ off, shifts }) =>
	off || shifts?.length ? {} : { shifts: t('admin.wrong.no_shifts') };

/* In place of the one that was seen, if any. */
export const save_change = ({ off, shifts, ...rest }, seen) =>
	api.post('/schedule-exceptions', { ...rest, shifts: off ? [] : shifts },
		if_seen(seen?.version));

export const as_change = (kept) =>
	kept && { ...kept, off: !kept.shifts.length };

/* That of a day, or nothing. */
export async function change_of(employee, day) {
	const { items } = await api.get('/schedule-exceptions',
		{ employee, from: day, to: day });

	return as_change(items[0]);
}

/* The day as it is planned, and what makes it another. */
export function change_form({ employee, day, saved }) {
	const place = h('div', { class: 'part' });

	async function show() {
		try {
			const [plan, change] = await loading(place, Promise.all([
				api.get('/plan', { employee, from: day, to: day }),
				change_of(employee, day),
			]));

			draw(planned_days(plan.items)[0], change);
		} catch (error) {
			mount(place, error_state(error, show));
		}
	}

	function draw(plan, change) {
		const planned = { off: false, shifts: plan?.shifts ?? [] };
		let seen = change;

		mount(place,
			h('p', null, t('admin.plan.that_day',
				{ hours: hours_list(plan?.shifts ?? []) }),
			change && ` (${t('admin.plan.changed')}${change.reason ?
				`: ${change.reason}` : ''})`),
			form({
				fields: change_fields, check: check_spans,
				value: { ...change ?? planned },
				now: async () => {
					seen = await change_of(employee, day);
					return seen ?? planned;
				},
				submit: t('admin.plan.change'),
				save: async (values) => {
					await save_change({ employee, day, ...values }, seen);
					toast(t('admin.saved'), 'good');
					setTimeout(saved);
				},
				others: change && h('button', {
					type: 'button', class: 'button quiet risky',
					onclick: (e) => busy(e.currentTarget, () =>
						undo(change)),
				}, icon('trash'), t('admin.plan.undo')),
			}));
	}

	const check_spans = (values) =>
		unfinished(place.querySelector('.cycle')) && !values.off ?
			{ shifts: t('admin.wrong.span') } : check_change(values);

	async function undo({ id, version }) {
		try {
			await api.del(`/schedule-exceptions/${id}`, if_seen(version));
			toast(t('admin.plan.undone'), 'good');
			saved();
		} catch (error) {
			mount(place, error_state(error, show));
		}
	}

	show();
	return place;
}
