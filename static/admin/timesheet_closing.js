/* Closing a month, and opening it again. */

import { attempt } from './attempt.js';
import { form } from './form.js';
import { branch_name } from './lookups.js';
import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { month_name } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { confirm_dialog, open_dialog, toast } from '/shared/ui.js';

export async function close_period(of, period, reload) {
	const month = month_name(of.month);

	if (!await confirm_dialog({
		title: t('admin.timesheet.close_title', { month }),
		text: t('admin.timesheet.close_text',
			{ branch: branch_name(of.branch) }),
		yes: t('admin.timesheet.close'),
	}))
		return;
	await attempt(async () => {
		await api.post('/periods/close', of);
		toast(t('admin.timesheet.state_closed'), 'good');
	});
	reload();
}

export function reopen_period(of, reload) {
	const month = month_name(of.month);

	open_dialog(t('admin.timesheet.reopen_title', { month }), (close) => [
		h('p', null, t('admin.timesheet.reopen_text')),
		form({
			fields: [{ name: 'reason', required: true, max_length: 200,
				label: t('admin.timesheet.reopen_reason'),
				hint: 'admin.timesheet.reopen_hint',
				fault: 'PERIOD_OPEN' }],
			submit: t('admin.timesheet.reopen'),
			others: h('button', {
				type: 'button', class: 'button quiet',
				onclick: () => close(''),
			}, t('common.cancel')),
			save: async ({ reason }) => {
				await api.post('/periods/reopen', { ...of, reason });
				toast(t('admin.timesheet.reopen_done'), 'good');
				setTimeout(() => close('done'));
				return { reason };
			},
		}),
	], { onclose: (value) => value === 'done' && reload() });
}
