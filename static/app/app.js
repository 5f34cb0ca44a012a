/*
 * The Mini App: finds out who is here and shows what he needs.
 */

import { api } from '../shared/api.js';
import { load_language, t } from '../shared/i18n.js';
import { follow_telegram } from './colours.js';
import { show_home } from './home.js';
import { show_ended, show_outside } from './outside.js';
import { claim_start, scan_was_done } from './scan.js';
import { open_session } from './session.js';
import { show_error, show_wait } from './screen.js';
import { show_inactive, show_register, show_rejected, show_waiting }
	from './stranger.js';
import { show_team } from './team.js';
import { is_manager } from './team_tabs.js';
import { init_data, ready, start_param, user_language } from './telegram.js';
import { set_home } from './home_way.js';

async function start() {
	ready();
	follow_telegram();
	await load_language(user_language());
	if (!init_data())
		return show_outside();
	document.addEventListener('languagechosen', home);
	set_home(home);
	return enter();
}

async function enter() {
	const code = start_param();

	show_wait(t('app.opening'));
	try {
		await open_session(show_ended);
		if (code && !scan_was_done(code))
			return await claim_start(code);
		return await home();
	} catch (error) {
		return error.status === 401 ? show_ended(error) :
			show_error(error, enter);
	}
}

/* The screen for who and what the person is now. */
async function home({ quiet } = {}) {
	let me;

	if (!quiet)
		show_wait(t('common.loading'));
	try {
		me = await api.get('/me');
	} catch (error) {
		if (error.status === 401)
			return undefined;
		return show_error(error, home);
	}
	if (me.employee)
		return show_home(me);
	if (is_manager(me))
		return show_team(me);
	if (me.state === 'inactive')
		return show_inactive();
	if (me.registration?.state === 'pending')
		return show_waiting(me);
	if (me.registration?.state === 'rejected')
		return show_rejected(me);
	return show_register(me);
}

start().catch((error) => show_error(error, () => location.reload()));
