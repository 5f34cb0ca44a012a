/*
 * Home: the state in one sentence with a large figure, today's events, the
 * month.
 */

import { api } from '../shared/api.js';
import { every, h, mount } from '../shared/dom.js';
import { duration, month_days, month_name, time_zoned }
	from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { skeleton } from '../shared/ui.js';
import { go_home } from './home_way.js';
import { language_button } from './language.js';
import { month_strip, show_month } from './month.js';
import { fill_plan } from './plan.js';
import { scan_action } from './scan.js';
import { show_own } from './own.js';
import { show } from './screen.js';
import { my_tabs } from './team_tabs.js';
import { timeline } from './timeline.js';

const fresh_ms = 15000;

export function show_home(me, { quiet } = {}) {
	const figure = h('p', { class: 'figure' });
	const strip = h('div', { class: 'strip-place' }, skeleton(1));
	const plan = h('section', { class: 'plan-place' });
	const loaded = Date.now();
	const tick = () => {
		figure.textContent = duration(worked_now(me, loaded));
	};
	const timer = setInterval(tick, 1000);
	const stop = every(fresh_ms, () => refresh(me));

	tick();
	show({
		name: 'home', title: me.organisation, quiet, tabs: my_tabs(me),
		subtitle: who(me),
		content: [
			state_card(me, figure),
			h('section', null,
				h('h2', { class: 'label' }, t('app.today')),
				timeline(me.today.events, me.employee.branch_name)),
			plan,
			month_card(me, strip),
			h('button', {
				type: 'button', class: 'button quiet',
				onclick: () => show_own({ back: go_home }),
			}, icon('download'), t('app.own')),
			language_button(),
		],
		action: scan_action(),
		end: () => {
			clearInterval(timer);
			stop();
		},
	});
	fill_plan(me, plan);
	fill_strip(me, strip);
}

/* Somebody else (a tablet, a manager) may have changed the day. */
async function refresh(me) {
	try {
		const now = await api.get('/me');
		const key = (m) => JSON.stringify([m.today?.events, m.today?.day,
			m.employee, m.roles, m.today?.open]);

		if (key(now) !== key(me))
			go_home({ quiet: true });
	} catch {
		/* What is shown stays true; the next try may succeed. */
	}
}

/* What runs is counted here only. */
const with_today = (grid, { day, worked_seconds }) => [
	...grid.filter((d) => d.day !== day),
	{ ...grid.find((d) => d.day === day), day, worked_seconds },
];

const worked_now = (me, loaded) => me.today.worked_seconds +
	(me.today.open ? Math.floor((Date.now() - loaded) / 1000) : 0);

function state_card(me, figure) {
	const { open, events } = me.today;
	const last = events.at(-1);

	return h('section', { class: `card state-card ${open ? 'at-work' : ''}`,
		'aria-label': t('admin.field.state') },
	h('p', { class: 'state-line' }, h('span', { class: 'dot' }),
		state_text(open, last)),
	(open || me.today.worked_seconds > 0) && figure,
	!open && me.today.worked_seconds > 0 && h('p', { class: 'muted' },
		t('app.worked_today')),
	open && open.branch_name !== me.employee.branch_name &&
		h('p', { class: 'muted' }, open.branch_name),
	!open && !last && h('p', { class: 'muted' }, t('app.not_yet_how')));
}

const who = ({ person, employee }) => [
	[person.first_name, person.last_name].filter(Boolean).join(' '),
	employee.position_name,
].filter(Boolean).join(' · ');

function state_text(open, last) {
	if (open)
		return t('app.at_work', { time: time_zoned(open.since,
			open.time_zone) });
	if (last?.kind === 'out')
		return t('app.left_at', { time: time_zoned(last.at,
			last.time_zone) });
	return t('app.not_yet');
}

function month_card(me, strip) {
	const name = month_name(me.month.month);

	return h('section', null,
		h('h2', { class: 'label' }, name),
		h('button', {
			type: 'button', class: 'card month-card',
			onclick: () => show_month({ month: me.month.month,
				zone: me.employee.time_zone, back: go_home,
				employee: me.employee.id, own: true }),
		},
		h('span', { class: 'month-line' },
			h('span', { class: 'month-hours' },
				duration(me.month.worked_seconds)),
			icon('chevron_right')),
		h('span', { class: 'muted' }, me.month.planned_seconds ?
			t('app.of_plan', { length:
				duration(me.month.planned_seconds) }) :
			t('app.days', { n: me.month.days })),
		strip));
}

async function fill_strip(me, strip) {
	const [from, to] = month_days(me.month.month);

	try {
		const { items: [mine] } = await api.get('/stats/worktime',
			{ from, to, employee: me.employee.id, by: 'grid' });

		mount(strip, month_strip(me.month.month, with_today(mine.grid,
			me.today), me.today.day));
	} catch {
		mount(strip);
	}
}
