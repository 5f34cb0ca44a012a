/*
 * Employees from a file: choose it, look at what would become of each line,
 * then all of it or nothing.
 */

import { label_of } from '../cells.js';
import { import_result } from '../import_result.js';
import { branches, positions } from '../lookups.js';
import { link } from '../router.js';
import { page_head } from '../section.js';
import { api, ApiError } from '/shared/api.js';
import { $, h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { announce, busy, error_band, field, loading, save_file, toast } from
	'/shared/ui.js';

const path = '/employees.csv';
const columns = ['personnel_number', 'last_name', 'first_name', 'middle_name',
	'phone', 'branch', 'position', 'card_uid', 'hired_on'];

export const people_import = {
	name: 'import', icon: 'people', admin: true, under: 'people',

	show(view) {
		const place = h('section', { class: 'stack', 'aria-live': 'polite' });

		mount(view.root, page_head(view, h('a', {
			class: 'button', href: link('people'),
		}, icon('arrow_left'), t('admin.section.people'))),
		h('p', { class: 'lead' }, t('admin.import.text')),
		chooser(place), place);
	},
};

const chooser = (place) => {
	const file = h('input', {
		type: 'file', accept: '.csv,.txt,text/csv,text/plain',
		onchange: () => file.files.length && try_out(file.files[0]),
	});
	const pasted = h('textarea', {
		rows: 6, spellcheck: 'false', class: 'input',
		placeholder: heading().join(';'),
	});
	const check = h('button', {
		type: 'button', class: 'button',
		onclick: () => busy(check, () => try_out(new Blob([pasted.value]))),
	}, t('admin.import.check'));

	const try_out = (what) => dry_run(place, what, () => { file.value = ''; });

	return h('section', { class: 'card part' },
		field({ label: t('admin.import.file'), name: 'file', control: file,
			hint: t('admin.import.file_hint') }),
		h('div', { class: 'actions start' }, h('button', {
			type: 'button', class: 'button', onclick: template,
		}, icon('download'), t('admin.import.template'))),
		h('details', null,
			h('summary', { class: 'link' }, t('admin.import.paste')),
			h('div', { class: 'stack' },
				field({ label: t('admin.import.pasted'), name: 'pasted',
					control: pasted }),
				h('div', { class: 'actions start' }, check))));
};

const heading = () => columns.map((name) => label_of({ name }));

/* A file to begin with, as a spreadsheet here opens it. */
function template() {
	const [branch] = branches(), [position] = positions();
	const example = ['0001', ...t('admin.import.example').split(' '),
		'+380501112233', branch?.name, position?.name, '',
		new Date().toISOString().slice(0, 10)];
	const line = (cells) => cells.map((cell) =>
		`"${String(cell ?? '').replaceAll('"', '""')}"`).join(';');

	save_file(new Blob(
		['\ufeff', line(heading()), '\r\n', line(example), '\r\n'],
		{ type: 'text/csv' }), 'employees.csv');
}

async function dry_run(place, file, done) {
	mount(place);
	try {
		const plan = await loading(place,
			api.upload(path, file, 'text/csv', { dry_run: true }), 5);

		mount(place, planned(place, file, plan));
		announce(t('admin.import.plan'));
	} catch (error) {
		fail(place, error);
	} finally {
		done?.();
	}
}

function planned(place, file, plan) {
	const { create, update, refused } = plan.counts;
	const go = h('button', {
		type: 'button', class: 'button primary',
		onclick: () => busy(go, () => bring_in(place, file)),
	}, t('admin.import.go', { n: create + update }));

	return [
		h('h2', { tabindex: -1 }, t('admin.import.plan')),
		file.name && h('p', { class: 'muted' }, file.name),
		plan.ignored.length > 0 && h('p', { class: 'muted' },
			t('admin.import.ignored', { names: plan.ignored.join(', ') })),
		refused > 0 ? h('p', { class: 'band bad' }, icon('alert'),
			t('admin.import.refused', { n: refused })) :
		    create + update === 0 ? h('p', { class: 'band' }, icon('check'),
			t('admin.import.nothing')) :
		    h('div', { class: 'actions start' }, go),
		import_result(plan),
	];
}

async function bring_in(place, file) {
	try {
		const { counts } = await api.upload(path, file, 'text/csv',
			{ dry_run: false });

		toast(t('admin.import.done'), 'good');
		mount(place, h('div', { class: 'card part' },
			h('h2', { tabindex: -1 }, t('admin.import.done')),
			h('p', null, t('admin.import.counts', {
				created: counts.create, updated: counts.update })),
			h('div', { class: 'actions start' }, h('a', {
				class: 'button primary', href: link('people'),
			}, t('admin.import.look')))));
		$('h2', place).focus();
	} catch (error) {
		/* Somebody else has changed something: what is it now? */
		if (error.code === 'IMPORT_REFUSED')
			return dry_run(place, file);
		fail(place, error);
	}
	return undefined;
}

function fail(place, error) {
	if (!(error instanceof ApiError))
		throw error;
	mount(place, error.code !== 'BAD_FIELD' ? error_band(error) :
		h('div', { class: 'band bad', role: 'alert' }, icon('alert'),
			h('div', null, Object.entries(error.fields).map(([name, why]) =>
				name === 'csv' ? [
					h('p', null, t('admin.import.unreadable')),
					h('p', { class: 'muted', lang: 'en' }, why),
				] : h('p', null, t('admin.import.column',
					{ name: label_of({ name }) }))))));
}
