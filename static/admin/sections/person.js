/*
 * The panel of a person: data and rights, the month, events, changes.
 */

import { facts } from '../cells.js';
import { diff_list } from '../diff.js';
import { branches, options_of, positions } from '../lookups.js';
import { person_login } from '../login.js';
import { enter_button } from '../manual.js';
import { thing_panel } from '../section.js';
import { tabs } from '../tabs.js';
import { table } from '../table.js';
import { coming_weeks } from '../plan_weeks.js';
import { link } from '../router.js';
import { day_columns } from './days.js';
import { event_columns } from './events.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { add_months, duration, full_name, month_days, month_name,
	today } from '/shared/format.js';
import { languages, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { empty_state, error_state, loading, show_answer } from '/shared/ui.js';

const fields = [
	{ name: 'last_name', required: true, max_length: 100 },
	{ name: 'first_name', required: true, max_length: 100, half: true },
	{ name: 'middle_name', required: false, max_length: 100, half: true },
	{ name: 'phone', is: 'tel', required: false, half: true,
		pattern: /^\+?\d{7,15}$/, placeholder: '+380…',
		wrong: 'admin.wrong.phone' },
	{ name: 'language', is: 'choice', texts: true, required: true, half: true,
		start: 'ru', options: () => Object.entries(languages) },

	{ title: 'admin.person.work' },
	{ name: 'branch', is: 'choice', required: true,
		options: () => options_of(branches()) },
	{ name: 'position', is: 'choice', required: true,
		options: () => options_of(positions()) },
	{ name: 'personnel_number', required: false, max_length: 32, half: true,
		fault: 'PERSONNEL_NUMBER_TAKEN' },
	{ name: 'card_uid', required: false, half: true, fault: 'CARD_UID_TAKEN',
		pattern: /^([\dA-F]{2}[ :-]?){4,10}$/i, placeholder: '04A2B3C4',
		wrong: 'admin.wrong.card_uid' },
	{ name: 'hired_on', is: 'date', required: false, half: true,
		start: today() },
	{ name: 'active', is: 'flag', start: true, key: 'working',
		hint: 'admin.hint.person_active' },
	{ name: 'left_on', is: 'date', required: false, half: true,
		when: (v) => !v.active, hint: 'admin.hint.left_on',
		wrong: 'admin.wrong.left_on' },
	{ name: 'other_branches', is: 'set', hint: 'admin.hint.other_branches',
		options: () => options_of(branches()) },

	{ title: 'admin.person.rights' },
	{ name: 'admin', is: 'flag', hint: 'admin.hint.admin',
		fault: 'LAST_ADMIN' },
	{ name: 'manager_of', is: 'set', hint: 'admin.hint.manager_of',
		options: () => options_of(branches()) },
];

const read_only = [
	{ name: 'phone' },
	{ name: 'branch_name' },
	{ name: 'position_name' },
	{ name: 'personnel_number' },
	{ name: 'hired_on', is: 'date' },
	{ name: 'telegram', is: 'flag' },
];

export const load_person = (id) => api.get(`/employees/${id}`);

export const person_panel = (view) => (person, tools) => ({
	title: person ? full_name(person) : t('admin.people.new'),
	note: person && note(person),
	body: () => !person ? edit(view, person, tools) : tabs([
		['admin.person.data', () => view.is_admin ?
			edit(view, person, tools) : facts(read_only, person)],
		view.is_admin && ['admin.person.login',
			() => person_login(person, tools)],
		['admin.person.month', () => month(person)],
		['admin.person.plan', () => plan(person)],
		['admin.section.events', () => recent(person)],
		view.is_admin && ['admin.person.changes', () => changes(person)],
	]),
});

const note = (p) => [
	p.position_name, p.branch_name,
	!p.active && t('admin.person.inactive'),
	t(p.blocked ? 'admin.person.blocked' : p.telegram ?
		'admin.person.telegram' : 'admin.person.no_telegram'),
].filter(Boolean).join(' · ');

function edit(view, person, tools) {
	const spec = {
		path: '/employees', name: full_name, remove: will_happen,
		fields: fields.filter((f) => person || f.name !== 'left_on'),
		sent: ({ left_on, ...v }) => v.active ? v : { ...v, left_on },
		now: load_person,
		made: ({ id }) => view.amend({ open: id }),
	};

	return thing_panel(person, tools, spec);
}

/* Says before what the server will do. */
async function will_happen(person) {
	const page = await api.get('/events', { employee: person.id, limit: 1 });

	return page.items.length ? {
		verb: 'deactivate', text: t('admin.person.will_deactivate'),
	} : { text: t('admin.person.will_delete') };
}

function month(person) {
	const place = h('div'), name = h('h3', { 'aria-live': 'polite' });
	const step = (n, shape, text) => h('button', {
		type: 'button', class: 'button square',
		onclick: () => show(add_months(current, n)),
	}, icon(shape), h('span', { class: 'unseen' }, t(text)));
	let current = today().slice(0, 7);

	async function show(wanted) {
		const [from, to] = month_days(wanted);

		current = wanted;
		name.textContent = month_name(wanted);
		try {
			const page = await loading(place, api.get('/reports/days',
				{ employee: person.id, from, to, limit: 200 }), 5);

			if (current === wanted)
				draw(page.items);
		} catch (error) {
			mount(place, error_state(error, () => show(wanted)));
		}
	}

	function draw(days) {
		const sum = days.reduce((all, d) => all + d.worked_seconds, 0);
		const grid = table(
			[{ name: 'day', is: 'day', head: true }, ...day_columns],
			{ caption: month_name(current), opens: false,
				id: (d) => d.day });

		grid.show(days, true);
		mount(place, days.length ? [
			h('p', { class: 'sum' },
				h('strong', null, duration(sum)),
				h('span', { class: 'muted' },
					t('admin.person.days', { n: days.length }))),
			grid.el,
		] : empty_state({ icon: 'calendar', title: t('admin.month.empty') }));
	}

	show(current);
	return [h('div', { class: 'month-head' },
		step(-1, 'chevron_left', 'admin.month.before'), name,
		step(1, 'chevron_right', 'admin.month.after'),
		enter_button(() => ({
			employee: person.id, name: full_name(person), day: today(),
			time_zone: branches().find((b) =>
				b.id === person.branch)?.time_zone,
			done: () => show(current),
		}))), place];
}

const plan = (person) => h('div', { class: 'part' }, coming_weeks(person.id),
	h('div', { class: 'actions start' },
		h('a', { class: 'button', href: link('schedules',
			{ employee: person.id }) }, t('admin.section.schedules')),
		h('a', { class: 'button', href: link('schedules',
			{ open: 'new', for: person.id }) }, t('admin.schedules.make'))));

function recent(person) {
	const place = h('div');

	show_answer(place, () => api.get('/events',
		{ employee: person.id, limit: 30 }), ({ items }) => {
		const grid = table(event_columns,
			{ caption: t('admin.section.events') });

		grid.show(items, false);
		mount(place, items.length ? grid.el : empty_state({
			icon: 'list', title: t('admin.person.no_events'),
		}));
	}, 5);
	return place;
}

function changes(person) {
	const place = h('div');
	const about = (entity, entity_id) =>
		api.get('/audit', { entity, entity_id, limit: 50 });

	/* The person, his employment and his rights are rows of their own. */
	show_answer(place, () => Promise.all([
		about('employee', person.id),
		about('person', person.person),
		about('person_role', person.person),
		about('employee_branch', person.id),
	]), (pages) => {
		const items = pages.flatMap((page) => page.items)
			.sort((a, b) => b.id - a.id);

		mount(place, items.length ? diff_list(items) : empty_state({
			icon: 'shield', title: t('admin.person.no_changes'),
		}));
	}, 5);
	return place;
}
