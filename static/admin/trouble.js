/*
 * Why somebody was not let in, above a form; too many tries are counted down
 * while its button waits.
 *
 *	const note = trouble_note(button);
 *	note.tell(error)	true if he has to wait
 *	noted_form(note, button, send, ...fields)
 */

import { h, mount } from '/shared/dom.js';
import { fault_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy } from '/shared/ui.js';

export function trouble_note(button) {
	const el = h('p', { class: 'band bad', role: 'alert', hidden: true });

	function tell(error) {
		el.hidden = false;
		if (error.code === 'TOO_MANY_TRIES' && error.retryAfter) {
			count_down(error.retryAfter);
			return true;
		}
		mount(el, icon('alert'), h('span', null, fault_text(error)));
		return false;
	}

	function count_down(seconds) {
		const left = h('span', { 'aria-hidden': 'true' });
		const until = Date.now() + seconds * 1000;

		/* Read out once, not every second. */
		button.disabled = true;
		mount(el, icon('clock'), left, h('span', { class: 'unseen' },
			t('common.wait', { n: seconds })));

		const timer = setInterval(tick, 1000);

		function tick() {
			const n = Math.ceil((until - Date.now()) / 1000);

			left.textContent = t('common.wait', { n });
			if (n > 0 && el.isConnected)
				return;
			clearInterval(timer);
			button.disabled = false;
			el.hidden = true;
		}
		tick();
	}

	return { el, tell, clear: () => { el.hidden = true; } };
}

export const noted_form = (note, button, send, ...fields) => h('form', {
	class: 'form', onsubmit: (e) => {
		e.preventDefault();
		busy(button, send);
	},
}, note.el, fields, button);
