/* Who is to work when: weekly schedules and rotations. */

import { if_seen } from '../attempt.js';
import { chip } from '../cells.js';
import { form } from '../form.js';
import { write } from '../inputs.js';
import { branches, one_of, options_of } from '../lookups.js';
import { draft_days, monday_of, schedule_words, weeks } from '../plan.js';
import { coming_weeks } from '../plan_weeks.js';
import { list_section, newest, remove_button } from '../section.js';
import { unfinished } from '../shifts.js';
import { tabs } from '../tabs.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { date_full, today } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { toast } from '/shared/ui.js';
import { presets } from '../presets.js';

const preview_days = 28;

const is_rotation = (v) => v.kind === 'rotation';

const fields = (is_new) => [
	is_new && { name: 'employees', is: 'people', required: true,
		key: 'schedule_people', fault: ['SCHEDULE_OVERLAP', 'OTHER_BRANCH', 'PERIOD_CLOSED'] },
	{ title: 'admin.schedules.pattern' },
	{ name: 'kind', is: 'choice', texts: true, required: true,
		key: 'schedule_kind', start: 'weekly', half: true,
		hint: 'admin.hint.schedule_kind', options: () =>
			['weekly', 'rotation'].map((kind) =>
				[kind, t(`admin.schedule_kind.${kind}`)]) },
	{ name: 'cycle_days', is: 'number', min: 1, max: 366, start: 7,
		required: true, half: true, when: is_rotation,
		hint: 'admin.hint.cycle_days' },
	{ name: 'anchor', is: 'date', required: false, half: true,
		when: is_rotation, hint: 'admin.hint.anchor' },
	{ name: 'shifts', is: 'cycle', fault: ['SHIFT_OVERLAP'], say: schedule_words,
		hint: 'admin.hint.shifts' },
	{ title: 'admin.schedules.rules' },
	{ name: 'break_minutes', is: 'number', min: 1, max: 480, half: true,
		required: false, hint: 'admin.hint.break_minutes' },
	{ name: 'break_after_minutes', is: 'hours', min: 0, max: 1440,
		half: true, required: false, hint: 'admin.hint.break_after' },
	{ name: 'grace_minutes', is: 'number', min: 0, max: 240, start: 5,
		required: true, half: true, hint: 'admin.hint.grace_minutes' },
	{ title: 'admin.schedules.period' },
	{ name: 'valid_from', is: 'date', required: true, half: true,
		start: today(), fault: is_new ? undefined : 'SCHEDULE_OVERLAP' },
	{ name: 'valid_to', is: 'date', required: false, half: true,
		hint: 'admin.hint.valid_to', wrong: 'admin.wrong.dates' },
	is_new && { name: 'ends_previous', is: 'flag', start: true,
		hint: 'admin.hint.ends_previous' },
].filter(Boolean);

function check(v, control) {
	const found = {};

	if (unfinished(control))
		found.shifts = t('admin.wrong.span');
	else if (!v.shifts.length)
		found.shifts = t('admin.wrong.no_shifts');
	if (v.valid_to && v.valid_to < v.valid_from)
		found.valid_to = t('admin.wrong.dates');
	if ((v.break_minutes === undefined) !==
	    (v.break_after_minutes === undefined))
		found[v.break_minutes === undefined ? 'break_minutes' :
			'break_after_minutes'] = t('admin.wrong.break');
	return found;
}

const sent = ({ cycle_days, anchor, ...v }) => ({
	...v, cycle_days: is_rotation(v) ? cycle_days : undefined,
	anchor: is_rotation(v) ? anchor : undefined,
});

function edit(view, schedule, tools) {
	const preview = h('div', { class: 'draft', 'aria-live': 'off' });
	const all = fields(!schedule);
	let controls = new Map();

	const put = (values) => {
		for (const f of all)
			if (f.name in values)
				write(f, controls.get(f.name), values[f.name]);
		el.dispatchEvent(new Event('input', { bubbles: true }));
	};

	function follow(v, made) {
		const n = is_rotation(v) ? v.cycle_days : 7;
		const cycle = made.get('shifts').cycle;

		controls = made;
		if (Number.isInteger(n) && n >= 1 && n <= 366)
			cycle.fit(v.kind, n);
		if (v.valid_from)
			mount(preview, h('h3', null, t('admin.schedules.preview')),
				weeks(draft_days({ ...v, shifts: cycle.read(),
					cycle_days: n || 7 }, monday_of(v.valid_from),
				preview_days), today()));
	}

	async function save(values, key) {
		if (!schedule) {
			await api.post('/schedules', sent(values), { key });
			toast(t('admin.schedules.given',
				{ n: values.employees.length }), 'good');
			setTimeout(tools.close);
			tools.reload();
			return undefined;
		}

		const kept = await api.put(`/schedules/${schedule.id}`, sent(values),
			if_seen(schedule.version));

		toast(t('admin.saved'), 'good');
		tools.changed(kept);
		return kept;
	}

	const given = view.param('for');
	const el = form({
		fields: all, follow, save,
		now: schedule && newest(tools, () =>
			one_of('/schedules')(schedule.id)),
		value: schedule ?? { employees: given ? [Number(given)] : [] },
		check: (v) => check(v, controls.get('shifts')),
		submit: schedule ? undefined : t('admin.schedules.give'),
		lead: presets(put),
		others: schedule && remove_button(schedule, tools, {
			path: '/schedules', name: (s) => s.name,
			remove: () => ({ text: t('admin.schedules.remove') }),
		}),
	});

	el.querySelector('.form-foot').before(preview);
	return el;
}

const period = (s) => [date_full(s.valid_from), s.valid_to ?
	date_full(s.valid_to) : t('admin.schedules.on')].join(' – ');

const is_over = (s) => s.valid_to && s.valid_to < today(s.time_zone);

export const beside = ['schedules', 'changes', 'holidays'];

export const schedules = {
	name: 'schedules', icon: 'shifts', beside,

	show: (view) => list_section(view, {
		make: 'admin.schedules.make',
		list: {
			from: '/schedules',
			mark: (s) => is_over(s) ? 'faint' : null,
			filters: [
				{ name: 'employee', is: 'person' },
				{ name: 'branch', is: 'choice',
					options: () => options_of(branches()) },
				{ name: 'day', is: 'date', key: 'on_day' },
			],
			columns: [
				{ name: 'name', key: 'employee', head: true },
				{ name: 'pattern', key: 'schedule_kind', sort: false,
					show: schedule_words },
				{ name: 'valid', key: 'valid', from: 'narrow',
					value: (s) => s.valid_from, show: (s) => [period(s),
						is_over(s) && chip(t('admin.schedules.over'))] },
				{ name: 'branch_name', from: 'wide' },
			],
		},
		panel: (schedule, tools) => ({
			title: schedule?.name ?? t('admin.schedules.make'),
			note: schedule && schedule_words(schedule),
			body: () => schedule ? tabs([
				['admin.schedules.weeks', () =>
					coming_weeks(schedule.employee)],
				['admin.schedules.edit', () =>
					edit(view, schedule, tools)],
			]) : edit(view, null, tools),
		}),
	}),
};

