/*
 * Who is in, since when; looks again every five seconds and says so.
 */

import { api } from '../shared/api.js';
import { every, h, mount, $ } from '../shared/dom.js';
import { date_time, day_of, duration, one_zone, time, time_seconds,
	zone_note }
	from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { empty_state, select, show_answer } from '../shared/ui.js';
import { show_month, zone_line } from './month.js';

const period_ms = 5000;
const groups = ['in', 'not_here', 'unexplained', 'expected', 'missing_out',
	'away', 'out'];

/* Who is not in may be away, awaited or missed. */
const stands = (i) => i.state !== 'out' ? i.state : i.absence ? 'away' :
	i.plan && i.plan !== 'came' ? i.plan : 'out';

export function now_view(place, me, { back, options }) {
	const list = h('div', { class: 'groups' });
	const state = h('p', { class: 'updated', role: 'status' });
	const view = { list, state, back, options, seen: null, good: null,
		many: me.branches.length > 1 };
	const look = () => refresh(view);

	mount(place, branch_filter(me, options, look), state, list);
	first_look(view);
	return { end: every(period_ms, look) };
}

/* Only for who has several branches. */
export const branch_filter = (me, options, onchange) =>
	me.branches.length > 1 && h('label', { class: 'filter' },
		h('span', { class: 'unseen' }, t('admin.field.branch')),
		select([['', t('common.all_branches')],
			...me.branches.map((b) => [b.id, b.name])], {
			class: 'input', value: options.branch ?? '',
			onchange: (e) => {
				options.branch = e.target.value;
				onchange();
			},
		}));

const ask = (view) => api.get('/presence',
	{ branch: view.options.branch });

const first_look = (view) => show_answer(view.list, () => ask(view),
	(answer) => draw(view, answer), 6);

async function refresh(view) {
	try {
		draw(view, await ask(view));
	} catch (error) {
		if (!view.good)
			return;
		view.state.classList.add('stale');
		mount(view.state, icon('wifi_off'), t('app.stale',
			{ time: time(view.good) }));
	}
}

function draw(view, { items }) {
	const seen = JSON.stringify(items.map((i) => [i.employee, stands(i),
		i.since, i.last_at, Math.floor(i.worked_seconds / 60)]));

	view.good = Date.now();
	view.state.classList.remove('stale');
	/* Not read out every five seconds: only the change of mood is. */
	view.state.setAttribute('aria-live', 'off');
	mount(view.state, h('span', { class: 'dot' }),
		t('admin.now.fresh', { time: time_seconds(view.good) }));
	if (seen === view.seen)
		return;
	view.seen = seen;

	const focused = document.activeElement?.dataset.employee;

	view.zone = one_zone(items);
	mount(view.list, items.length ? [zone_line(view.zone), groups.map(
		(name) => group(name, items.filter((i) => stands(i) === name), view))] :
		empty_state({ icon: 'people', title: t('admin.empty.now.title'),
			text: t('app.nobody_text') }));
	if (focused)
		$(`[data-employee="${focused}"]`, view.list)?.focus();
}

const group = (name, items, view) => items.length > 0 && h('section', null,
	h('h2', { class: 'label' }, t(`admin.presence.${name}`),
		h('span', { class: 'count' }, String(items.length))),
	h('div', { class: 'list' }, items.map((item) => row(item, view))));

const row = (item, { back, many, zone }) => h('button', {
	type: 'button', class: `row person ${item.state}`,
	data: { employee: item.employee },
	onclick: () => show_month({ month: day_of(Date.now(), item.time_zone)
		.slice(0, 7), zone: item.time_zone, employee: item.employee,
	name: item.name, back }),
},
h('span', { class: 'dot' }),
h('span', { class: 'person-name' }, item.name,
	h('span', { class: 'note' },
		[item.position_name, many && item.branch_name,
			item.absence && t(`admin.absence_${item.absence}`),
			item.late_seconds > 0 && t('admin.cell.late',
				{ length: duration(item.late_seconds) })]
			.filter(Boolean).join(' · '))),
h('span', { class: 'person-time' }, times(item, zone)));

function times(item, named) {
	const zone = !named && zone_note(item.time_zone);
	const note = (...texts) => h('span', { class: 'note' },
		texts.filter(Boolean).join(' · '));

	if (item.state === 'in')
		return [time(item.since, item.time_zone),
			note(duration(item.worked_seconds)), zone && note(zone)];
	if (item.plan && item.plan !== 'came')
		return [time(item.shift_starts_at, item.time_zone),
			zone && note(zone)];
	if (!item.last_at)
		return note(t('app.never'));
	return [note(same_day(item) ? time(item.last_at, item.time_zone) :
		date_time(item.last_at, item.time_zone)), zone && note(zone)];
}

const same_day = ({ last_at, time_zone }) =>
	day_of(last_at, time_zone) === day_of(Date.now(), time_zone);
