/* The overtime of a month, to be approved or declined. */

import { attempt } from './attempt.js';
import { chip } from './cells.js';
import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { duration, weekday_date } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, confirm_dialog } from '/shared/ui.js';

const moods = { pending: 'warn', approved: 'good', declined: '' };

export function overtime_list(of, period, items, reload) {
	const waiting = items.filter((o) => o.state === 'pending');
	const may = period.state === 'open';

	return [
		h('div', { class: 'group-head' },
			h('p', { class: 'muted' }, t('admin.timesheet.overtime_text')),
			may && waiting.length > 1 && h('button', {
				type: 'button', class: 'button small',
				onclick: (e) => busy(e.currentTarget, () =>
					approve_all(of, waiting.length, reload)),
			}, icon('check'), t('admin.timesheet.approve_all',
				{ n: waiting.length }))),
		h('div', { class: 'card blockers' },
			h('ul', { class: 'blocker-list' }, items.map((o) => h('li', null,
				h('span', { class: 'blocker-what' },
					h('span', null, o.name),
					h('span', { class: 'muted day' }, weekday_date(o.day)),
					h('span', null,
						`+${duration(o.overtime_seconds)}`)),
				decision(o, may, reload))))),
	];
}

/* What was decided, and the other way; both while nothing is. */
const decision = (o, may, reload) => h('span', { class: 'decision' },
	!(may && o.state === 'pending') &&
		chip(t(`admin.timesheet.${o.state}`), moods[o.state]),
	may && o.state !== 'approved' && decide_button(o, true, reload),
	may && o.state !== 'declined' && decide_button(o, false, reload));

const decide_button = (o, approved, reload) => h('button', {
	type: 'button', class: 'button small',
	onclick: (e) => busy(e.currentTarget, () => settle(reload, () =>
		api.post('/overtime', { employee: o.employee, day: o.day,
			seconds: o.overtime_seconds, approved }))),
}, t(approved ? 'admin.timesheet.approve' : 'common.reject'),
h('span', { class: 'unseen' }, `: ${o.name}, ${weekday_date(o.day)}`));

async function approve_all(of, n, reload) {
	if (await confirm_dialog({
		title: t('admin.timesheet.approve_all_title'),
		text: t('admin.timesheet.approve_all_text', { n }),
		yes: t('admin.timesheet.approve'),
	}))
		await settle(reload, () => api.post('/overtime/month',
			{ ...of, pending: n, approved: true }));
}

async function settle(reload, work) {
	await attempt(work, { CONFLICT: 'admin.timesheet.changed' });
	await reload();
}
