/*
 * Who is here: Telegram's initData is exchanged for a token once; when the
 * token ends, again, without a word, as long as initData is fresh enough.
 */

import { api } from '../shared/api.js';
import { init_data } from './telegram.js';

const store = 'tabel.session';
let ended = () => {};

/* `onend(error)` is called when no silent way in is left. */
export async function open_session(onend) {
	const kept = recall();

	ended = onend;
	api.onUnauthorized = renew;
	if (kept)
		api.token = kept.token;
	else
		await sign_in();
}

async function sign_in() {
	const answer = await api.post('/auth/telegram',
		{ init_data: init_data() }, { bare: true });

	api.token = answer.token;
	keep({ token: answer.token, until: answer.expires_at,
		init_data: init_data() });
	return answer;
}

async function renew() {
	api.token = null;
	keep(null);
	try {
		await sign_in();
		return true;
	} catch (error) {
		if (error.status !== 401)
			throw error;
		ended(error);
		return false;
	}
}

/* The token of this very launch, unless it is about to end. */
function recall() {
	try {
		const kept = JSON.parse(sessionStorage.getItem(store));

		return kept?.init_data === init_data() &&
		    Date.parse(kept.until) > Date.now() + 60000 ? kept : null;
	} catch {
		return null;
	}
}

function keep(value) {
	try {
		if (value)
			sessionStorage.setItem(store, JSON.stringify(value));
		else
			sessionStorage.removeItem(store);
	} catch {
		/* Without storage a reload signs in again. */
	}
}
