/*
 * Parts that every page uses.  Their looks are in ui.css.
 *
 *	toast(text, 'good' | 'bad' | undefined)
 *	announce(text)			read out, not shown
 *	await copy(text, box)		onto the clipboard; `box` holds it, if any
 *	await confirm_dialog({ title, text, yes, no, danger })	true or false
 *	open_dialog(title, (close) => nodes, { wide })	a modal <dialog>
 *	await loading(place, promise)	skeleton after 300 ms, then the value
 *	empty_state({ icon, title, text, action })	a node
 *	error_state(error, retry)	a node with the request id
 *	error_band(error)		the same in a line, above a form
 *	field({ label, name, hint, control, … })	a labelled control
 *	show_errors(form, error)	faults to their fields; false: none shown
 *	await busy(button, work)	button disabled, spinner after 300 ms
 */

import { $, h, mount, unique } from './dom.js';
import { fault_text, t } from './i18n.js';
import { icon } from './icons.js';

const patience_ms = 300;
const toast_ms = 5000;

export function toast(text, mood = '') {
	const box = $('#toasts') ?? document.body.appendChild(
		h('div', { id: 'toasts', role: 'status', 'aria-live': 'polite' }));
	const el = h('div', { class: `toast ${mood}` },
		mood && icon(mood === 'good' ? 'check' : 'alert'),
		h('span', null, text));

	box.append(el);
	setTimeout(() => el.remove(), toast_ms);
}

export function announce(text) {
	const box = $('#announcer') ?? document.body.appendChild(
		h('div', { id: 'announcer', class: 'unseen', role: 'status',
			'aria-live': 'polite' }));

	/* Emptied first: a text that stays the same is not read again. */
	box.textContent = '';
	setTimeout(() => { box.textContent = text; }, 50);
}

/* Inside of Telegram on the web only the old way is allowed. */
export async function copy(text, box) {
	let done = true;

	box?.select();
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		done = Boolean(box) && document.execCommand('copy');
	}
	toast(t(done ? 'common.copied' : 'common.not_copied'),
		done ? 'good' : 'bad');
}

export function save_file(blob, name) {
	const url = URL.createObjectURL(blob);

	h('a', { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function open_dialog(title, content, { wide, onclose } = {}) {
	const id = unique('dialog');
	const before = document.activeElement, opened = performance.now();
	const close = (value) => dialog.close(value);
	const dialog = h('dialog', {
		class: wide ? 'dialog wide' : 'dialog', 'aria-labelledby': id,
		onclose: () => {
			dialog.remove();
			before?.focus?.();
			onclose?.(dialog.returnValue);
		},
		/* Beside it, unless something may have been typed. */
		onclick: (e) => e.target === dialog && !$('form', dialog) &&
			close(''),
	});

	/* The second half of a double click was not meant for what it opened. */
	dialog.addEventListener('click', (e) => {
		if (e.detail > 1 && e.timeStamp < opened + patience_ms)
			e.stopPropagation();
	}, true);
	mount(dialog, h('div', { class: 'dialog-body' },
		h('h2', { id }, title), content(close)));
	document.body.append(dialog);
	dialog.showModal();
	return dialog;
}

export const confirm_dialog = ({ title, text, yes, no, danger }) =>
	new Promise((done) => {
		open_dialog(title, (close) => [
			text && h('p', null, text),
			h('div', { class: 'actions' },
				h('button', {
					type: 'button', class: 'button quiet',
					onclick: () => close(''),
				}, no ?? t('common.cancel')),
				h('button', {
					type: 'button', autofocus: !danger,
					class: danger ? 'button danger' :
					    'button primary',
					onclick: () => close('yes'),
				}, yes ?? t('common.ok'))),
		], { onclose: (value) => done(value === 'yes') });
	});

/* Shows rows of grey in `place` if the answer lets itself be waited for. */
export async function loading(place, promise, rows = 3) {
	const timer = setTimeout(() => mount(place, skeleton(rows)), patience_ms);

	place.setAttribute('aria-busy', 'true');
	try {
		return await promise;
	} finally {
		clearTimeout(timer);
		place.removeAttribute('aria-busy');
	}
}

/* Draws what `ask` promises, or in `place` what went wrong, to ask again. */
export async function show_answer(place, ask, draw, rows) {
	try {
		draw(await loading(place, ask(), rows));
	} catch (error) {
		mount(place, error_state(error, () =>
			show_answer(place, ask, draw, rows)));
	}
}

export const skeleton = (rows = 3) =>
	h('div', { class: 'skeleton', role: 'status' },
		h('span', { class: 'unseen' }, t('common.loading')),
		Array.from({ length: rows }, () => h('div', { class: 'bone' })));

export const empty_state = ({ icon: name = 'inbox', title, text, action }) =>
	h('div', { class: 'state' },
		h('div', { class: 'state-icon' }, icon(name)),
		h('p', { class: 'state-title' }, title),
		text && h('p', { class: 'state-text' }, text),
		action);

export function error_state(error, retry) {
	const offline = ['NETWORK', 'TIMEOUT'].includes(error.code);

	if (!error.code)
		console.error(error);
	return h('div', { class: 'state bad', role: 'alert' },
		h('div', { class: 'state-icon' },
			icon(offline ? 'wifi_off' : 'alert')),
		h('p', { class: 'state-title' }, fault_text(error)),
		error.requestId && h('p', { class: 'request-id' },
			t('common.request_id', { id: error.requestId })),
		retry && h('button', {
			type: 'button', class: 'button', onclick: retry,
		}, icon('refresh'), t('common.retry')));
}

export const error_band = (error) =>
	h('div', { class: 'band bad', role: 'alert' }, icon('alert'),
		h('div', null, h('p', null, fault_text(error)),
			error.requestId && h('p', { class: 'request-id' },
				t('common.request_id', { id: error.requestId }))));

/*
 * A label above, the control, a hint and the place of the error below;
 * `optional: true` says so at the label.
 * `control` is any input made by the caller, or `options` ([[value, text]])
 * for a select; otherwise an input with the remaining props.
 */
export function field({ label, name, hint, optional, control, options,
	...props }) {
	const id = unique(name);
	const el = control ?? (options ? select(options, props) :
	    h('input', { type: 'text', ...props }));
	const notes = [`${id}-error`, hint && `${id}-hint`];

	el.id = id;
	el.setAttribute('name', name);
	el.setAttribute('aria-describedby', notes.filter(Boolean).join(' '));
	el.addEventListener('input', () => clear_error(el));
	el.classList.add('input');
	return h('div', { class: 'field', data: { field: name } },
		h('label', { for: id }, label, optional &&
			h('span', { class: 'optional' }, t('common.optional'))),
		el,
		hint && h('p', { class: 'hint', id: `${id}-hint` }, hint),
		h('p', { class: 'field-error', id: `${id}-error`, hidden: true }));
}

export const select = (options, { value, ...props } = {}) =>
	h('select', props, options.map(([key, text]) =>
		h('option', { value: key, selected: String(key) === String(value) },
			text)));

/* Tells at the fields what the server (or the form) found; focuses the first. */
export function show_errors(form, error) {
	let first = null;

	for (const [name, text] of Object.entries(error.fields ?? {})) {
		const box = $(`[data-field="${CSS.escape(name)}"]`, form);

		if (!box)
			continue;
		set_error(box, text);
		first ??= $('.input', box);
	}
	first?.focus();
	return first !== null;
}

export function set_error(box, text) {
	const note = $('.field-error', box);

	note.textContent = text;
	note.hidden = false;
	$('.input', box)?.setAttribute('aria-invalid', 'true');
}

function clear_error(el) {
	const note = el.closest('.field') && $('.field-error', el.closest('.field'));

	el.removeAttribute('aria-invalid');
	if (note)
		note.hidden = true;
}

/* Runs `work` once: further presses wait until it is over. */
export async function busy(button, work) {
	if (button.getAttribute('aria-busy') === 'true')
		return undefined;

	const timer = setTimeout(() => button.classList.add('spinning'),
		patience_ms);

	button.setAttribute('aria-busy', 'true');
	try {
		return await work();
	} finally {
		clearTimeout(timer);
		button.classList.remove('spinning');
		button.removeAttribute('aria-busy');
	}
}
