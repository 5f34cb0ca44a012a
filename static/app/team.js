/*
 * For managers: who is in now, who wants to be confirmed, the days.
 */

import { api } from '../shared/api.js';
import { h } from '../shared/dom.js';
import { t } from '../shared/i18n.js';
import { confirm_view, corrections_view } from './team_confirm.js';
import { days_view } from './team_days.js';
import { now_view } from './team_now.js';
import { set_team, tab, team_tabs } from './team_tabs.js';
import { show } from './screen.js';

const views = { now: now_view, registrations: confirm_view,
	corrections: corrections_view, days: days_view };
const lists = { registrations: '/registrations', corrections: '/corrections' };
const waiting = {};

export function show_team(me, name = 'now', options = {}) {
	const place = h('div', { class: 'view' });
	const bar = h('nav', { class: 'tabs sub-tabs',
		'aria-label': t('app.team') });
	const again = () => show_team(me, name, options);
	const draw = () => bar.replaceChildren(...Object.keys(views).map((key) =>
		tab(t(`admin.section.${key}`), key === name,
			() => show_team(me, key), waiting[key])));
	const count = (key) => (n) => {
		waiting[key] = n;
		draw();
	};
	const { end, action } = views[name](place, me, { count: count(name),
		again, options,
		back: () => show_team(me, name, options) });

	draw();
	show({ name: `team-${name}`, title: t('app.team'),
		hide_title: Boolean(me.employee), tabs: [team_tabs(me), bar],
		content: place, action, end });
	for (const key of Object.keys(lists))
		if (key !== name)
			count_waiting(lists[key], count(key));
}

async function count_waiting(list, count) {
	try {
		const { items } = await api.get(list,
			{ state: 'pending', limit: 100 });

		count(items.filter((i) => i.may_decide !== false).length);
	} catch {
		/* Only a figure on a tab. */
	}
}

set_team(show_team);
