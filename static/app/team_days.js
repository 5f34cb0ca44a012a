/*
 * A day of the team, yesterday's at first; what is irregular comes first.
 */

import { api } from '../shared/api.js';
import { h, mount } from '../shared/dom.js';
import { add_days, hours, one_zone, today, weekday_date }
	from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { empty_state, error_state, loading } from '../shared/ui.js';
import { csv_dialog } from './csv.js';
import { irregular, remarks, show_month, span_text, zone_line }
	from './month.js';
import { branch_filter } from './team_now.js';

export function days_view(place, me, { again, back, options }) {
	const zone = me.employee?.time_zone;
	const list = h('div', { class: 'days' });
	const view = { list, back, options, newest: today(zone) };

	options.day ??= add_days(view.newest, -1);
	mount(place,
		switcher(view, again),
		h('div', { class: 'tools' },
			branch_filter(me, options, () => fill(view)),
			h('button', {
				type: 'button', class: 'button',
				onclick: () => csv_dialog(me, options),
			}, icon('download'), 'CSV')),
		list);
	fill(view);
	return {};
}

function switcher(view, again) {
	const { options, newest } = view;
	const go = (day) => {
		options.day = day;
		again();
	};
	const arrow = (n, shape, label) => h('button', {
		type: 'button', class: 'button quiet', 'aria-label': label,
		disabled: n > 0 && options.day >= newest,
		onclick: () => go(add_days(options.day, n)),
	}, icon(shape));

	return h('div', { class: 'switcher' },
		arrow(-1, 'chevron_left', t('app.day_before')),
		h('label', { class: 'day-pick' },
			h('span', null, day_name(options.day, newest)),
			h('input', {
				type: 'date', value: options.day, max: newest,
				'aria-label': t('app.date'),
				onchange: (e) => e.target.value && go(e.target.value),
			})),
		arrow(1, 'chevron_right', t('app.day_after')));
}

function day_name(day, newest) {
	const text = weekday_date(day);

	if (day === newest)
		return `${t('app.today')}, ${text}`;
	return day === add_days(newest, -1) ? `${t('app.yesterday')}, ${text}` :
	    text;
}

async function fill(view) {
	const { day, branch } = view.options;

	try {
		const items = await loading(view.list,
			all({ from: day, to: day, branch, limit: 200 }), 6);

		if (view.options.day === day)
			draw(view, items);
	} catch (error) {
		mount(view.list, error_state(error, () => fill(view)));
	}
}

async function all(query) {
	const items = [];

	for await (const item of api.pages('/reports/days', query))
		items.push(item);
	return items;
}

function draw(view, items) {
	const to_see = (i) => irregular(i) || i.late_seconds + i.early_seconds > 0;
	const wrong = items.filter(to_see);
	const right = items.filter((i) => !to_see(i));
	const zone = one_zone(items);
	const part = (title, some) => some.length > 0 && h('section', null,
		h('h2', { class: 'label' }, title,
			h('span', { class: 'count' }, String(some.length))),
		h('div', { class: 'list' }, some.map((i) => row(i, view, zone))));

	mount(view.list, items.length ? [
		zone_line(zone),
		part(t('app.days_wrong'), wrong),
		part(t('app.days_right'), right),
	] : empty_state({ icon: 'calendar', title: t('app.day_empty'),
		text: t('app.day_empty_text') }));
}

const row = (item, { back }, zone) => h('button', {
	type: 'button', class: 'row person',
	onclick: () => show_month({ month: item.day.slice(0, 7),
		zone: item.time_zone, employee: item.employee, name: item.name,
		back }),
},
h('span', { class: 'person-name' }, item.name,
	h('span', { class: 'note' }, span_text(item, zone)),
	remarks(item)),
h('span', { class: 'day-hours' }, hours(item.worked_seconds)));
