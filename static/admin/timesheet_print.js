/* The forms of a sheet as files. */

import { menu } from './menu.js';
import { api, ApiError } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { fault_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, toast } from '/shared/ui.js';

export const revision_name = ({ revision: n }) => n === 0 ?
	t('admin.timesheet.first') : t('admin.timesheet.revision', { n });

export const print_menu = (of) => menu(
	[icon('download'), t('admin.timesheet.print')],
	['t13', 'p5'].flatMap((form) => ['pdf', 'xlsx'].map((type) =>
		h('button', {
			type: 'button', class: 'row',
			onclick: (e) => busy(e.currentTarget, () =>
				download(`${form}.${type}`, of)),
		}, h('span', null, t(`admin.timesheet.${form}`),
			h('small', { class: 'muted' },
				t(`admin.timesheet.${type}`)))))));

/* An error would be saved as a file too: the session is asked first. */
async function download(name, of) {
	try {
		await api.get('/me');
		h('a', {
			href: `${api.base}/timesheets/${name}?${new URLSearchParams(of)}`,
			download: true,
		}).click();
		toast(t('admin.csv.started'), 'good');
	} catch (error) {
		if (!(error instanceof ApiError))
			throw error;
		toast(fault_text(error), 'bad');
	}
}
