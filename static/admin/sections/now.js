import { chip } from '../cells.js';
import { branches, options_of } from '../lookups.js';
import { absence_name } from '../month_cells.js';
import { page_head, panel_on } from '../section.js';
import { filter_bar } from '../filters.js';
import { table } from '../table.js';
import { load_person, person_panel } from './person.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { date_time, day_of, duration, time, today, zone_note } from
	'/shared/format.js';
import { t } from '/shared/i18n.js';
import { empty_state, error_state, loading } from '/shared/ui.js';

const refresh_ms = 10_000;
const moods = { in: 'good', not_here: 'warn', expected: '',
	unexplained: 'bad', missing_out: 'bad', away: '', out: '' };
const states = Object.keys(moods);

/* Who is not in may be away, awaited or missed (W18). */
const stands = (p) => p.state !== 'out' ? p.state :
	p.absence ? 'away' : p.plan && p.plan !== 'came' ? p.plan : 'out';

/* The others are shown when there are some. */
const always = new Set(['in', 'missing_out', 'out']);

/* The time, and the day too when it was another one; the zone stands above. */
const when = (at, zone) => at && h('time', { datetime: at },
	day_of(at, zone) === today(zone) ? time(at, zone) : date_time(at, zone));

const columns = [
	{ name: 'name', key: 'employee', head: true },
	{ name: 'position_name', from: 'wide' },
	{ name: 'state', value: (p) => states.indexOf(stands(p)),
		show: (p) => h('span', { class: 'chips' },
			chip(p.absence && stands(p) === 'away' ?
				absence_name(p.absence) :
				t(`admin.presence.${stands(p)}`), moods[stands(p)]),
			p.late_seconds > 0 && chip(t('admin.cell.late',
				{ length: duration(p.late_seconds) }), 'warn')) },
	{ name: 'shift', from: 'middle', value: (p) => p.shift_starts_at,
		show: (p) => p.shift_starts_at && `${
			time(p.shift_starts_at, p.time_zone)}–${
			time(p.shift_ends_at, p.time_zone)}` },
	{ name: 'since', is: 'time',
		show: (p) => when(p.since ?? p.last_at, p.time_zone),
		value: (p) => p.since ?? p.last_at },
	{ name: 'worked_today', is: 'length', from: 'middle',
		value: (p) => p.worked_seconds, show: (p) =>
			p.worked_seconds ? duration(p.worked_seconds) : null },
];

export const now = {
	name: 'now', icon: 'clock',

	show(view) {
		const place = h('div', { class: 'stack' });
		const counts = h('div', { class: 'counts', role: 'group',
			'aria-label': t('admin.field.state') });
		const fresh = h('p', { class: 'muted fresh' });
		const tables = new Map();
		let items = [], last = '';

		async function load(quiet) {
			try {
				const answer = api.get('/presence',
					{ branch: view.param('branch') },
					{ signal: view.signal });
				const board = await (quiet ? answer :
					loading(place, answer, 6));

				items = board.items;
				last = time(board.now);
				fresh.textContent = t('admin.now.fresh',
					{ time: last });
				fresh.classList.remove('late');
				draw();
			} catch (error) {
				if (view.signal.aborted)
					return;
				if (!quiet || !items.length) {
					mount(place, error_state(error, () => load()));
					return;
				}
				fresh.textContent = t('admin.now.late', { time: last });
				fresh.classList.add('late');
			}
		}

		function draw() {
			const wanted = view.param('state');
			const shown = items.filter((p) =>
				!wanted || stands(p) === wanted);

			mount(counts, states.map((state) => [state,
				items.filter((p) => stands(p) === state).length])
				.filter(([state, n]) => n || always.has(state) ||
					state === wanted)
				.map(([state, n]) => count(state, n)));
			if (!shown.length)
				return mount(place, h('div', { class: 'card' },
					empty_state({ icon: 'people',
						title: t(wanted ? 'admin.empty.filtered' :
							'admin.empty.now.title'),
						text: t(wanted ? 'admin.empty.filtered_text' :
							'admin.empty.now.text') })));

			return mount(place, grouped(shown).map(group));
		}

		const count = (state, n) => h('button', {
			type: 'button', class: `count ${n ? moods[state] : ''}`,
			'aria-pressed': String(view.param('state') === state),
			onclick: () => view.amend({ state:
				view.param('state') === state ? null : state }),
		}, h('strong', null, n), h('span', null,
			t(`admin.presence.${state}`)));

		function group(people) {
			const { branch, branch_name, time_zone } = people[0];
			const note = zone_note(time_zone);
			const here = people.filter((p) => p.state === 'in').length;

			if (!tables.has(branch))
				tables.set(branch, table(columns,
					{ caption: branch_name, id: (p) => p.employee }));

			const grid = tables.get(branch);

			grid.show(people, true);
			return h('section', null,
				h('div', { class: 'group-head' },
					h('h2', null, branch_name),
					h('span', { class: 'muted' },
						t('admin.now.of', { here, all: people.length }),
						note && ` · ${time(Date.now(), time_zone)} ` +
							`(${note})`)),
				h('div', { class: 'card flush' }, grid.el));
		}

		mount(view.root, page_head(view, fresh,
			branches().length > 1 && filter_bar(view, [
				{ name: 'branch', is: 'choice',
					all: t('common.all_branches'),
					options: () => options_of(branches()) },
			])), counts, place);
		view.on(['branch'], () => load());
		view.on(['state'], () => items.length && draw());
		view.on(['open'], () =>
			tables.forEach((grid) => grid.current()));
		view.every(refresh_ms, () => load(true));
		panel_on(view, {
			load: load_person, panel: person_panel(view),
			list: { reload: () => load(true) },
		});
	},
};

function grouped(people) {
	const groups = new Map();

	for (const p of people)
		groups.set(p.branch, [...groups.get(p.branch) ?? [], p]);
	return [...groups.values()].sort(([a], [b]) =>
		a.branch_name.localeCompare(b.branch_name));
}
