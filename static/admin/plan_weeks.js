/* The weeks that come, as the server plans them. */

import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { add_days, today } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { empty_state, error_state, loading } from '/shared/ui.js';
import { monday_of, planned_days, weeks } from './plan.js';

const days = 42;

export function coming_weeks(employee) {
	const place = h('div');

	async function show() {
		const from = monday_of(today());

		try {
			const { items } = await loading(place, api.get('/plan', {
				employee, from, to: add_days(from, days - 1),
			}), 6);
			const planned = planned_days(items);
			const known = planned.some((d) => d.shifts.length || d.absence);

			mount(place, known ? weeks(planned, today()) : empty_state({
				icon: 'shifts', title: t('admin.plan.none'),
				text: t('admin.plan.none_text'),
			}));
		} catch (error) {
			mount(place, error_state(error, show));
		}
	}

	show();
	return place;
}
