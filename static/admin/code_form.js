/*
 * Signing in with the six digits that the bot sends: first the Telegram id,
 * then the code.  Whether there is such a person is not told.
 */

import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { field } from '/shared/ui.js';
import { noted_form, trouble_note } from './trouble.js';

const quiet = { bare: true, key: null, retry: false };

export function code_form(done) {
	const button = h('button', { class: 'button primary wide' },
		t('admin.code.send'));
	const note = trouble_note(button);
	const step = h('div', { class: 'form' });
	const el = noted_form(note, button, send, field({
		label: t('admin.field.telegram_id'), name: 'telegram_id',
		hint: t('admin.code.id_hint'), inputmode: 'numeric',
		autocomplete: 'username', required: true,
		pattern: '[1-9][0-9]{0,15}', maxlength: 16,
	}), step);
	const again = h('button', {
		type: 'button', class: 'button quiet wide', hidden: true,
		onclick: begin,
	}, t('admin.code.again'));
	let asked = false;

	el.append(again);

	const telegram_id = () => Number(el.elements.telegram_id.value.trim());

	async function send() {
		note.clear();
		try {
			if (asked)
				await verify();
			else
				await ask();
		} catch (error) {
			if (!note.tell(error) && asked)
				el.elements.code.select();
		}
	}

	async function ask() {
		await api.post('/auth/code', { telegram_id: telegram_id() }, quiet);
		asked = true;
		again.hidden = false;
		el.elements.telegram_id.readOnly = true;
		mount(step,
			h('p', { role: 'status' }, t('admin.code.sent')),
			field({
				label: t('admin.field.code'), name: 'code',
				inputmode: 'numeric', autocomplete: 'one-time-code',
				required: true, pattern: '[0-9 ]{6,7}', maxlength: 7,
			}));
		button.textContent = t('admin.sign_in');
		el.elements.code.focus();
	}

	/* With the number at hand: it may have been the wrong one. */
	function begin() {
		asked = false;
		again.hidden = true;
		note.clear();
		mount(step);
		button.textContent = t('admin.code.send');
		el.elements.telegram_id.readOnly = false;
		el.elements.telegram_id.focus();
	}

	async function verify() {
		const answer = await api.post('/auth/code/verify', {
			telegram_id: telegram_id(),
			code: el.elements.code.value.trim(),
		}, quiet);

		done(answer.person.id);
	}

	return el;
}
