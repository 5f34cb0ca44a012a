/*
 * Doing what the API may refuse.
 */

import { ApiError, action_key } from '/shared/api.js';
import { fault_text, t } from '/shared/i18n.js';
import { toast } from '/shared/ui.js';

/* Says why it was refused, and gives false then; `words`: keys of ours by fault. */
export async function attempt(work, words = {}) {
	try {
		await work();
		return true;
	} catch (error) {
		if (!(error instanceof ApiError))
			throw error;
		toast(error.code in words ? t(words[error.code]) :
			fault_text(error), 'bad');
		return false;
	}
}

/* Only while this version is there, as seen; or, without one, nothing is. */
export const if_seen = (version) => ({ headers: version ?
	{ 'If-Match': `"${version}"` } : { 'If-None-Match': '*' } });

/*
 * An Idempotency-Key that stays as long as the same is sent: who presses again
 * when no answer came does not make a thing twice.
 */
export function steady_key() {
	let text, key;

	return (sent) => {
		if (text !== JSON.stringify(sent)) {
			text = JSON.stringify(sent);
			key = action_key();
		}
		return key;
	};
}
