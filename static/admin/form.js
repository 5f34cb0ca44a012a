/*
 * A form declared by its fields.
 *
 *	form({ fields, value, save, now, submit, lead, others, check })
 *
 * A field is { name, is, required, hint, options, min, max, pattern, wrong,
 * fault, when }: `wrong` is the text for a value that does not fit, `fault` a
 * fault of the server that belongs to it, `when(values)` whether it is shown.
 * { title } begins a group.  Ctrl-Enter saves; what is typed is guarded.
 * `follow(values, controls)` is called when the form is made and at each change.
 * `save(values, key)`: the key is a steady_key().  What it gives, or `now()`
 * when somebody else was quicker (STALE), goes into `value`, which so is what
 * the reader has seen last.
 */

import { ApiError } from '/shared/api.js';
import { $, $$, h, mount, unique } from '/shared/dom.js';
import { fault_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, field, set_error, toast } from '/shared/ui.js';
import { steady_key } from './attempt.js';
import { label_of } from './cells.js';
import { guard } from './guard.js';
import { kinds, write, wrong } from './inputs.js';
import { meet } from './stale.js';

export function form(spec) {
	const fields = spec.fields.filter((f) => f.name);
	const controls = new Map(), boxes = new Map();
	const note = h('div', { class: 'summary', role: 'alert' });
	const button = h('button', { class: 'button primary' },
		spec.submit ?? t('common.save'));
	const el = h('form', {
		class: 'form', novalidate: true,
		onsubmit: (e) => {
			e.preventDefault();
			send();
		},
		onkeydown: (e) => {
			if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
				e.preventDefault();
				send();
			}
		},
		oninput: adapt,
		onchange: adapt,
	}, note, spec.lead, groups().map(group),
	h('div', { class: 'actions form-foot' }, spec.others,
		h('kbd', { class: 'hint', 'aria-hidden': 'true' }, 'Ctrl Enter'),
		button));
	const seen = spec.value ?? {};
	let saved, key_of = steady_key();

	function groups() {
		const all = [{ fields: [] }];

		for (const f of spec.fields)
			if (f.title)
				all.push({ title: f.title, fields: [], when: f.when });
			else
				all.at(-1).fields.push(f);
		return all.filter((g) => g.fields.length);
	}

	function group(g) {
		const made = g.fields.map(box);

		return g.title ? h('fieldset', null,
			h('legend', null, t(g.title)), made) : made;
	}

	function box(f) {
		const kind = kinds[f.is ?? 'text'];
		const control = kind.make(f);
		const made = f.is === 'flag' ? flag_box(f, control) :
			kind.group ? group_box(f, control) : field({
				label: label_of(f), name: f.name, control,
				hint: hint_text(f), optional: f.required === false,
			});

		if (f.half)
			made.classList.add('half');
		write(f, control, spec.value?.[f.name] ?? f.start);
		controls.set(f.name, control);
		boxes.set(f.name, made);
		return made;
	}

	const values = () => Object.fromEntries(fields.map((f) => [f.name,
		kinds[f.is ?? 'text'].read(controls.get(f.name), f)]));

	const dirty = () => JSON.stringify(values()) !== saved;

	function adapt() {
		const now = values();

		for (const f of fields)
			if (f.when)
				boxes.get(f.name).hidden = !f.when(now);
		for (const set of el.querySelectorAll('fieldset'))
			set.hidden = ![...set.children].some((child) =>
				child.tagName !== 'LEGEND' && !child.hidden);
		spec.follow?.(now, controls);
		el.classList.toggle('dirty', dirty());
	}

	const send = () => busy(button, async () => {
		const now = values();
		const found = mistakes(now);

		mount(note);
		for (const f of fields)
			unblame(boxes.get(f.name));
		if (Object.keys(found).length)
			return tell(found, t('fault.BAD_FIELD'));
		try {
			settle(now, await spec.save(now, key_of(now)));
		} catch (error) {
			await refused(error).catch(refused);
		}
		return undefined;
	});

	async function refused(error) {
		if (!(error instanceof ApiError))
			throw error;
		if (error.code === 'STALE' && spec.now)
			return stale(await spec.now(values()));
		return tell(of_server(error), fault_text(error), error);
	}

	/* If what was typed is there, it was our answer that got lost. */
	function stale(there) {
		if (!there)
			throw new ApiError('NOT_FOUND', 404);

		const { whole, beside, list } = meet(fields, controls,
			JSON.parse(saved), values(), there);

		settle(whole);
		Object.assign(seen, there);
		if (!dirty() && !Object.keys(list).length)
			toast(t('admin.saved'), 'good');
		else
			tell(beside, t('admin.stale'), null, list);
	}

	/* Shows what was kept, unless somebody has typed on meanwhile. */
	function settle(sent, kept) {
		saved = JSON.stringify(sent);
		key_of = steady_key();
		Object.assign(seen, kept);
		if (kept && !dirty()) {
			for (const f of fields)
				write(f, controls.get(f.name), kept[f.name]);
			saved = JSON.stringify(values());
		}
		adapt();
	}

	function mistakes(now) {
		const found = fields.filter((f) => !boxes.get(f.name).hidden)
			.map((f) => [f.name, wrong(f, now[f.name])])
			.filter(([, text]) => text);

		return { ...Object.fromEntries(found), ...spec.check?.(now) };
	}

	/* The server's faults by field, in the reader's words. */
	function of_server(error) {
		const found = {};

		for (const [name, text] of Object.entries(error.fields)) {
			const f = fields.find((one) => one.name === plain(name));

			if (f)
				found[f.name] = t(f.wrong ?? 'admin.wrong.any');
			else
				console.error(`${name}: ${text}`);
		}
		for (const f of fields)
			if (f.fault && [f.fault].flat().includes(error.code))
				found[f.name] = fault_text(error);
		return found;
	}

	/* `list` is told instead of what is found, and is no fault. */
	function tell(found, text, error, list) {
		const told = list ?? found;
		const names = fields.map((f) => f.name).filter((n) => told[n]);

		for (const name of names)
			if (found[name] && $('.field-error', boxes.get(name)))
				set_error(boxes.get(name), found[name]);
		blame(Object.keys(error?.fields ?? {}));
		mount(note, h('div', { class: `band ${list ? 'warn' : 'bad'}` },
			icon('alert'),
			h('div', null, h('p', null, text),
				names.length > 0 && h('ul', null, names.map((name) =>
					h('li', null, h('button', {
						type: 'button', class: 'link',
						onclick: () => focus(name),
					}, label_of(fields.find((f) =>
						f.name === name))),
					`: ${told[name]}`))),
				error?.requestId && h('p', { class: 'request-id' },
					t('common.request_id', { id: error.requestId })))));
		if (names.length && !list)
			focus(names[0]);
		else
			note.scrollIntoView({ block: 'nearest' });
	}

	/* "employees.2" is about the third of them. */
	function blame(names) {
		for (const [, name, i] of names.map((n) => n.match(/^(\w+)\.(\d+)$/) ?? [])) {
			const f = fields.find((one) => one.name === name);

			if (f)
				kinds[f.is ?? 'text'].blame?.(controls.get(name), Number(i));
		}
	}

	function focus(name) {
		const control = controls.get(name);

		(control.matches('input, select, textarea') ? control :
			$('[aria-invalid]', control) ?? $('input, button', control))
			?.focus();
	}

	saved = JSON.stringify(values());
	adapt();
	guard(el, dirty);
	return el;
}

const unblame = (box) => {
	for (const el of $$('[aria-invalid]', box))
		el.removeAttribute('aria-invalid');
	for (const note of $$('.field-error', box))
		note.hidden = true;
};

/* "networks[0]" is about networks. */
const plain = (name) => name.replace(/[[.].*$/, '');

const hint_text = (f) => f.note ?? (f.hint && t(f.hint));

const hint_of = (f) => hint_text(f) &&
	h('p', { class: 'hint' }, hint_text(f));

const flag_box = (f, control) => {
	const id = unique(f.name);

	control.setAttribute('name', f.name);
	control.id = id;
	return h('div', { class: 'field flag-field', data: { field: f.name } },
		h('label', { class: 'check', for: id }, control, label_of(f)),
		hint_of(f));
};

/* Several controls under one name. */
const group_box = (f, control) => {
	const error = h('p', { class: 'field-error', hidden: true });

	control.addEventListener('input', () => {
		error.hidden = true;
		$('[aria-invalid]', control)?.removeAttribute('aria-invalid');
	});
	return h('fieldset', { class: 'field inner', data: { field: f.name } },
		h('legend', null, label_of(f)), control, hint_of(f), error);
};
