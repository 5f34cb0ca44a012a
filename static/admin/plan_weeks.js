/* The weeks that come, as the server plans them. */

import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { add_days, today } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { empty_state, show_answer } from '/shared/ui.js';
import { monday_of, planned_days, weeks } from './plan.js';

const days = 42;

export function coming_weeks(employee) {
	const place = h('div'), from = monday_of(today());

	show_answer(place, () => api.get('/plan', {
		employee, from, to: add_days(from, days - 1),
	}), ({ items }) => {
		const planned = planned_days(items);
		const known = planned.some((d) => d.shifts.length || d.absence);

		mount(place, known ? weeks(planned, today()) : empty_state({
			icon: 'shifts', title: t('admin.plan.none'),
			text: t('admin.plan.none_text'),
		}));
	}, 6);
	return place;
}
