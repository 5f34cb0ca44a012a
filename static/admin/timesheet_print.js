/* The forms of a sheet as files. */

import { save_file } from './csv.js';
import { menu } from './menu.js';
import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy } from '/shared/ui.js';

export const revision_name = ({ revision: n }) => n === 0 ?
	t('admin.timesheet.first') : t('admin.timesheet.revision', { n });

export const print_menu = (of) => menu(
	[icon('download'), t('common.download')],
	['t13', 'p5'].flatMap((form) => ['pdf', 'xlsx'].map((type) =>
		h('button', {
			type: 'button', class: 'row',
			onclick: (e) => busy(e.currentTarget, () =>
				save_file(`/timesheets/${form}.${type}`, of)),
		}, h('span', null, t(`admin.timesheet.${form}`),
			h('small', { class: 'muted' },
				t(`admin.timesheet.${type}`)))))));
