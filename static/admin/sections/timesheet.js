/*
 * The timesheet of a month of a branch: what prevents its closing, overtime to
 * be decided, the sheet itself, and what was closed before.
 */

import { table } from '../table.js';
import { branches } from '../lookups.js';
import { blocker_list } from '../timesheet_blockers.js';
import { close_period, reopen_period } from '../timesheet_closing.js';
import { overtime_list } from '../timesheet_overtime.js';
import { print_menu, revision_name } from '../timesheet_print.js';
import { sheet_columns } from '../timesheet_sheet.js';
import { chip } from '../cells.js';
import { page_head } from '../section.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { add_months, date_time, day_of, month_name } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { empty_state, error_state, field, loading, select }
	from '/shared/ui.js';

const branch_of = (view) => branches().find(({ id }) =>
	id === Number(view.param('branch'))) ?? branches()[0];

/* The last month that is over, unless another is asked for. */
const month_of = (view) => /^\d{4}-(0[1-9]|1[0-2])$/.test(view.param('month')) ?
	view.param('month') :
	add_months(day_of(Date.now(), branch_of(view)?.time_zone).slice(0, 7), -1);

export const timesheet = {
	name: 'timesheet', icon: 'sheet',

	show(view) {
		const place = h('div', { class: 'stack' });
		const name = h('h2', { 'aria-live': 'polite', class: 'month-name' });
		let turn = 0;

		async function load(quiet) {
			const mine = ++turn;
			const of = { branch: branch_of(view)?.id, month: month_of(view) };

			name.textContent = month_name(of.month);
			if (!of.branch)
				return mount(place, nobody());
			try {
				const answer = ask(of, view.signal);
				const got = await (quiet ? answer :
					loading(place, answer, 8));

				if (mine === turn)
					mount(place, parts(view, of, got, () => load(true)));
			} catch (error) {
				if (mine === turn && !view.signal.aborted)
					mount(place, error_state(error, () => load()));
			}
			return undefined;
		}

		mount(view.root, page_head(view, tools(view, name)), place);
		view.on(['branch', 'month'], () => load());
	},
};

/* First where it stands: that brings the plan up to date. */
async function ask(of, signal) {
	const period = await api.get('/periods', of, { signal });
	const [sheet, overtime] = await Promise.all([
		api.get('/timesheets', of, { signal }),
		api.get('/overtime', of, { signal })]);

	return { period, sheet, overtime: overtime.items };
}

const nobody = () => h('div', { class: 'card' }, empty_state({
	icon: 'sheet', title: t('admin.empty.timesheet.title'),
	text: t('admin.empty.timesheet.text'),
}));

const part = (key, ...content) => h('section', null, h('h2', null, t(key)),
	content);

const parts = (view, of, { period, sheet, overtime }, reload) => [
	standing(view, of, period, reload),
	period.blockers.length > 0 && part('admin.timesheet.blockers',
		blocker_list(period)),
	overtime.length > 0 && part('admin.timesheet.overtime',
		overtime_list(of, period, overtime, reload)),
	part('admin.timesheet.sheet', sheet_part(sheet)),
	period.revisions.length > 0 && part('admin.timesheet.revisions',
		revisions(of, period)),
];

/* The month in a card: open or closed, and what to do. */
function standing(view, of, period, reload) {
	const closed = period.state === 'closed';
	const about = closed ?
		t('admin.timesheet.closed_by', { name: period.closed_by_name,
			at: date_time(period.closed_at, period.time_zone) }) :
		period.blocked ?
			t('admin.timesheet.blocked', { n: period.blocked }) :
			t('admin.timesheet.ready');

	return h('div', { class: 'card period' },
		h('div', { class: 'period-text' },
			h('p', { class: 'chips' },
				chip(t(`admin.timesheet.state_${period.state}`),
					closed ? 'good' : 'warn'),
				period.revision > 0 && chip(revision_name(period))),
			h('p', null, about),
			period.reason && h('p', { class: 'muted' },
				t('admin.timesheet.reopened', { reason: period.reason }))),
		h('div', { class: 'actions' },
			view.is_admin && closed && h('button', {
				type: 'button', class: 'button',
				onclick: () => reopen_period(of, reload),
			}, t('admin.timesheet.reopen')),
			print_menu(of),
			view.is_admin && !closed && !period.blocked && h('button', {
				type: 'button', class: 'button primary',
				onclick: () => close_period(of, period, reload),
			}, icon('lock'), t('admin.timesheet.close'))));
}

function sheet_part(sheet) {
	const grid = table(sheet_columns, {
		caption: t('admin.timesheet.sheet'), opens: false,
		id: (row) => row.employee,
	});

	if (!sheet.rows.length)
		return nobody();
	grid.show(sheet.rows, true);
	return [
		sheet.state === 'open' && h('p', { class: 'muted' },
			t('admin.timesheet.draft')),
		h('div', { class: 'card flush' }, grid.el),
	];
}

function revisions(of, period) {
	const grid = table([
		{ name: 'revision', head: true, show: revision_name },
		{ name: 'closed_at', is: 'at', show: (r) => h('time',
			{ datetime: r.closed_at },
			date_time(r.closed_at, period.time_zone)) },
		{ name: 'closed_by_name', from: 'middle' },
		{ name: 'reason', from: 'narrow' },
		{ name: 'print', label: t('common.download'), sort: false,
			show: (r) => print_menu({ ...of, revision: r.revision }) },
	], {
		caption: t('admin.timesheet.revisions'), opens: false,
		id: (r) => r.revision,
	});

	grid.show(period.revisions, true);
	return h('div', { class: 'card flush' }, grid.el);
}

function tools(view, name) {
	const step = (n, shape, text) => h('button', {
		type: 'button', class: 'button square',
		onclick: () => view.amend({ month: add_months(month_of(view), n) }),
	}, icon(shape), h('span', { class: 'unseen' }, t(text)));
	const whose = branches().length > 1 && field({
		label: t('admin.field.branch'), name: 'branch',
		control: select(branches().map((b) => [b.id, b.name]),
			{ value: branch_of(view)?.id }),
	});

	whose && whose.querySelector('select').addEventListener('change', (e) =>
		view.amend({ branch: e.target.value }));
	view.on(['branch'], () => {
		if (whose)
			whose.querySelector('select').value =
				branch_of(view)?.id ?? '';
	});
	return h('div', { class: 'month-tools' }, whose,
		h('div', { class: 'month-step' },
			step(-1, 'chevron_left', 'admin.month.before'), name,
			step(1, 'chevron_right', 'admin.month.after')));
}
