/*
 * CSV: what, from when to when; then the file.
 */

import { api } from '../shared/api.js';
import { $, h, mount } from '../shared/dom.js';
import { today } from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { busy, error_band, field, open_dialog, toast } from '../shared/ui.js';
import { hand_over } from './file.js';

export function csv_dialog(me, { branch }) {
	const last = today(me.employee?.time_zone);
	const trouble = h('div');

	open_dialog(t('admin.csv'), (close) => h('form', {
		class: 'form', novalidate: true,
		onsubmit: (e) => {
			e.preventDefault();
			busy($('.primary', e.target), () => download(e.target, close));
		},
	},
	trouble,
	field({ label: t('app.csv_what'), name: 'what', options: [
		['days', t('app.csv_days')], ['events', t('app.csv_events')]] }),
	h('div', { class: 'pair' },
		field({ label: t('admin.field.from'), name: 'from', type: 'date',
			value: `${last.slice(0, 7)}-01`, max: last }),
		field({ label: t('admin.field.to'), name: 'to', type: 'date',
			value: last, max: last })),
	h('div', { class: 'actions' },
		h('button', { type: 'button', class: 'button quiet',
			onclick: () => close() }, t('common.cancel')),
		h('button', { class: 'button primary' }, icon('download'),
			t('common.download')))));

	async function download(form, close) {
		const { what, from, to } = Object.fromEntries(new FormData(form));

		try {
			const blob = await api.blob(`/reports/${what}.csv`,
				{ from, to, branch, bom: true });

			await hand_over(blob, `tabel-${what}-${from}-${to}.csv`);
			close();
			toast(t('app.csv_done'), 'good');
		} catch (error) {
			if (error.name !== 'AbortError')
				mount(trouble, error_band(error));
		}
	}
}
