/* The common patterns of work, to begin a schedule with. */

import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';

const week = (n, ...times) => Array.from({ length: n }, (_, day) =>
	times.map((time) => `${day} ${time}`)).flat();

const rest = { break_minutes: 60, break_after_minutes: 360 };
const none = { break_minutes: undefined, break_after_minutes: undefined };

const patterns = {
	office: { kind: 'weekly', shifts: week(5, '09:00-18:00'), ...rest },
	split: { kind: 'weekly', shifts: week(5, '09:00-13:00', '14:00-18:00'),
		...none },
	two_two: { kind: 'rotation', cycle_days: 4, ...none,
		shifts: week(2, '08:00-20:00') },
	three_one: { kind: 'rotation', cycle_days: 4, ...none,
		shifts: week(3, '09:00-18:00') },
	night: { kind: 'rotation', cycle_days: 4, ...none,
		shifts: week(2, '20:00-08:00') },
	day_night: { kind: 'rotation', cycle_days: 4, ...none,
		shifts: ['0 08:00-20:00', '1 20:00-08:00'] },
	duty: { kind: 'rotation', cycle_days: 4, ...none,
		shifts: week(1, '08:00-08:00') },
};

/* `put(values)` fills the form with one of them. */
export const presets = (put) => h('div', {
	class: 'presets', role: 'group', 'aria-label': t('admin.presets'),
}, h('span', { class: 'muted' }, t('admin.presets')),
Object.entries(patterns).map(([name, values]) => h('button', {
	type: 'button', class: 'button small', onclick: () => put(values),
}, t(`admin.preset.${name}`))));
