/*
 * The managers' tabs: my own day, and the team's.
 */

import { h } from '../shared/dom.js';
import { t } from '../shared/i18n.js';
import { go_home } from './home_way.js';

let open_team = () => {};

/* team.js says how it is opened: it imports this file itself. */
export const set_team = (open) => { open_team = open; };

export const is_manager = (me) =>
	me.roles.includes('manager') || me.roles.includes('admin');

export const my_tabs = (me) => is_manager(me) && me.employee ?
	both(me, 'mine') : null;

export const team_tabs = (me) => me.employee ? both(me, 'team') : null;

const both = (me, chosen) => h('nav', { class: 'tabs main-tabs' },
	tab(t('app.mine'), chosen === 'mine', () => go_home()),
	tab(t('app.team'), chosen === 'team', () => open_team(me)));

/* One of several buttons of which one is chosen. */
export const tab = (text, chosen, onclick, count) => h('button', {
	type: 'button', 'aria-pressed': String(chosen),
	onclick: () => !chosen && onclick(),
}, text, count > 0 && h('span', { class: 'count' }, String(count)));
