/*
 * What prevents a month from being closed, each with the way to settle it;
 * overtime has a part of its own on the page.
 */

import { link } from './router.js';
import { h } from '/shared/dom.js';
import { date_time, weekday_date } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';

const day_link = ({ branch, month }, b) => [link('month', { branch, month,
	open: `${b.employee}.${b.day}` }), 'admin.timesheet.go'];

/* Where each is settled; the rest settles itself. */
const ways = {
	open: day_link,
	missing_out: day_link,
	missing_in: day_link,
	unexplained: day_link,
	correction: () => [link('corrections'), 'admin.timesheet.go_correction'],
	absence: (p, b) => [link('absences', { employee: b.employee,
		state: 'requested' }), 'admin.timesheet.go_absence'],
};

export function blocker_list(period) {
	const reasons = [...new Set(period.blockers.map((b) => b.reason))];

	return [
		reasons.map((reason) => group(period, reason)),
		period.blocked > period.blockers.length && h('p', { class: 'muted' },
			t('admin.timesheet.more', { n: period.blockers.length })),
	];
}

const group = (period, reason) => h('div', { class: 'card blockers' },
	h('h3', null, t(`admin.blocker.${reason}`), ' ',
		h('span', { class: 'muted' }, period.counts[reason])),
	reason !== 'overtime' && h('ul', { class: 'blocker-list' },
		period.blockers.filter((b) => b.reason === reason)
			.map((b) => h('li', null, what(period, b), way(period, b)))));

const what = (period, b) => h('span', { class: 'blocker-what' },
	b.name && h('span', null, b.name),
	b.day && h('span', { class: 'muted day' }, weekday_date(b.day)),
	b.until && h('span', { class: 'muted' }, t('admin.timesheet.until',
		{ at: date_time(b.until, period.time_zone) })));

function way(period, b) {
	const [href, key] = ways[b.reason]?.(period, b) ?? [];

	return href && h('a', { class: 'button small', href }, t(key),
		h('span', { class: 'unseen' },
			[b.name, weekday_date(b.day)].join(', ')),
		icon('chevron_right'));
}
