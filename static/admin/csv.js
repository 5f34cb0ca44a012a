/* The button that downloads what a list's filters show, as CSV. */

import { api, ApiError } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { fault_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, toast } from '/shared/ui.js';
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

/*
 * The browser itself takes the file, whatever its size.  It would save an
 * error as a file too: so the session is asked first.
 */
async function download(view, path, names, defaults, bom) {
	const given = names
		.map((name) => [name, view.param(name) || defaults[name]])
		.filter(([, value]) => value);
	const query = new URLSearchParams([...given, ['bom', String(bom)]]);

	try {
		await api.get('/me');
		h('a', { href: `${api.base}${path}?${query}`, download: true })
			.click();
		toast(t('admin.csv.started'), 'good');
	} catch (error) {
		if (!(error instanceof ApiError))
			throw error;
		toast(fault_text(error), 'bad');
	}
}
