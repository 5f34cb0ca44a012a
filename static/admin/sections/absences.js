/* Who is away, and why. */

import { attempt, if_seen } from '../attempt.js';
import { chip, word } from '../cells.js';
import { form } from '../form.js';
import { branches, one_of, options_of } from '../lookups.js';
import { absence_name } from '../month_cells.js';
import { list_section, newest, or_again,
	remove_button } from '../section.js';
import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { add_days, date_range, today } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { busy, confirm_dialog, toast } from '/shared/ui.js';

const kinds = ['annual_leave', 'extra_leave', 'study_leave', 'study_unpaid',
	'unpaid_leave', 'unpaid_by_law', 'maternity', 'childcare', 'sick',
	'sick_unpaid', 'business_trip', 'training', 'public_duty', 'day_off',
	'day_off_unpaid', 'idle', 'suspended', 'strike', 'truancy', 'other'];
const states = ['requested', 'approved', 'declined', 'cancelled'];
const moods = { requested: 'warn', approved: 'good' };

const state_options = () =>
	states.map((name) => [name, t(`admin.absence_state.${name}`)]);

const fields = (is_new) => [
	is_new && { name: 'employee', is: 'person', required: true,
		fault: 'OTHER_BRANCH' },
	{ name: 'kind', is: 'choice', texts: true, required: true,
		key: 'absence_kind', options: () =>
			kinds.map((name) => [name, absence_name(name)]) },
	{ name: 'from', is: 'date', required: true, half: true, key: 'first_day',
		fault: 'ABSENCE_OVERLAP' },
	{ name: 'to', is: 'date', required: true, half: true, key: 'last_day',
		wrong: 'admin.wrong.dates' },
	{ name: 'state', is: 'choice', texts: true, required: true,
		start: 'approved', options: state_options,
		hint: 'admin.hint.absence_state' },
	{ name: 'note', required: false, max_length: 200 },
].filter(Boolean);

const check = ({ from, to }) => from && to && to < from ?
	{ to: t('admin.wrong.dates') } : {};

function edit(view, absence, tools) {
	const day = view.param('at') || undefined;

	return form({
		fields: fields(!absence), check,
		value: absence ?? { employee: Number(view.param('for')) || undefined,
			from: day, to: day },
		submit: absence ? undefined : t('admin.make'),
		now: absence && newest(tools, () =>
			one_of('/absences')(absence.id)),
		save: async (values) => {
			const kept = absence ?
				await api.put(`/absences/${absence.id}`, values,
					if_seen(absence.version)) :
				await api.post('/absences', values);

			toast(t(absence ? 'admin.saved' : 'admin.made'), 'good');
			tools.changed(kept);
			if (!absence)
				setTimeout(tools.close);
			return kept;
		},
		others: absence && [
			remove_button(absence, tools, {
				path: '/absences', name: title_of,
				remove: () => ({ text: t('admin.absences.remove') }),
			}),
			['requested', 'approved'].includes(absence.state) &&
				h('button', {
					type: 'button', class: 'button quiet',
					onclick: (e) => busy(e.currentTarget, () =>
						cancel(absence, tools)),
				}, t('admin.absences.cancel')),
		],
	});
}

const title_of = (a) => `${a.name}: ${absence_name(a.kind)}`;

/* What was decided stays to be seen. */
async function cancel(absence, tools) {
	const { id, version, kind, from, to, note } = absence;
	const sure = await confirm_dialog({
		title: t('admin.absences.cancel_title', { name: title_of(absence) }),
		text: t('admin.absences.cancel_text'),
		yes: t('admin.absences.cancel'), danger: true,
	});

	if (sure)
		await attempt(async () => {
			await or_again(tools, api.put(`/absences/${id}`,
				{ kind, from, to, note, state: 'cancelled' },
				if_seen(version)));
			toast(t('admin.absences.cancelled'), 'good');
			await tools.reload();
			tools.close();
		});
}

const n_days = ({ from, to }) =>
	Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;

const period = (a) => date_range(a.from, a.to);

export const absences = {
	name: 'absences', icon: 'sun',

	show: (view) => list_section(view, {
		make: 'admin.absences.make',
		list: {
			from: '/absences',
			mark: (a) => a.to < add_days(today(), -1) ||
				!moods[a.state] ? 'faint' : null,
			filters: [
				{ name: 'employee', is: 'person' },
				{ name: 'branch', is: 'choice',
					options: () => options_of(branches()) },
				{ name: 'state', is: 'choice',
					options: state_options },
				{ name: 'from', is: 'date' },
				{ name: 'to', is: 'date' },
			],
			columns: [
				{ name: 'name', key: 'employee', head: true },
				{ name: 'kind', key: 'absence_kind',
					show: (a) => absence_name(a.kind) },
				{ name: 'from', key: 'absence_days', show: period,
					value: (a) => a.from },
				{ name: 'days', key: 'n_days', is: 'number', from: 'wide',
					show: n_days, value: n_days },
				{ name: 'state', from: 'narrow', show: (a) => chip(
					word('absence_state', a.state), moods[a.state]),
				value: (a) => a.state },
			],
		},
		panel: (absence, tools) => ({
			title: absence?.name ?? t('admin.absences.new'),
			note: absence && `${absence_name(absence.kind)}, ${
				period(absence)}`,
			body: () => edit(view, absence, tools),
		}),
	}),
};
