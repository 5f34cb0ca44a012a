/* The button that downloads what a list's filters show, as CSV. */

import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, toast } from '/shared/ui.js';
import { attempt } from './attempt.js';
import { menu } from './menu.js';

export const csv_menu = (view, path, names, defaults = {}) =>
	menu([icon('download'), t('admin.csv')], [true, false].map((bom) =>
		h('button', {
			type: 'button', class: 'row',
			onclick: (e) => busy(e.currentTarget, () =>
				download(view, path, names, defaults, bom)),
		}, h('span', null, t(bom ? 'admin.csv.bom' : 'admin.csv.plain'),
			h('small', { class: 'muted' }, t(bom ?
				'admin.csv.bom_text' : 'admin.csv.plain_text'))))));

const download = (view, path, names, defaults, bom) => save_file(path,
	[...names.map((name) => [name, view.param(name) || defaults[name]])
		.filter(([, value]) => value), ['bom', String(bom)]]);

/*
 * The browser itself takes the file, whatever its size.  It would save an
 * error as a file too: so the session is asked first.
 */
export const save_file = (path, query) => attempt(async () => {
	await api.get('/me');
	h('a', { href: `${api.base}${path}?${new URLSearchParams(query)}`,
		download: true }).click();
	toast(t('admin.csv.started'), 'good');
});
