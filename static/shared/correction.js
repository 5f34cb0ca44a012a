/*
 * Corrections of events, as the pages show them and have them confirmed.
 */

import { h } from './dom.js';
import { day_of, duration, hours, time, weekday_date } from './format.js';
import { t } from './i18n.js';
import { icon } from './icons.js';
import { confirm_dialog, open_dialog } from './ui.js';

/*
 * "Arrival 08:00 → 08:30", and what was approved instead; the day stands
 * elsewhere.
 */
export function wish(c) {
	const moment = (at) => {
		const day = day_of(at, c.time_zone);

		return time(at, c.time_zone) +
			(day === c.day ? '' : ` (${weekday_date(day)})`);
	};
	const one = (kind, at) => `${t(`correction.${kind}`)} ${moment(at)}`;
	const now = c.at && one(c.kind, c.at);
	const was = c.event_at && one(c.was, c.event_at);

	if (!now)
		return t('correction.void', { what: was });
	return (was ? `${was} → ${c.kind === c.was ? moment(c.at) : now}` :
		t('correction.add', { what: now })) +
		(c.made_at && c.made_at !== c.at ? `, ${t('correction.made',
			{ time: moment(c.made_at) })}` : '');
}

const moods = { approved: 'good', rejected: 'bad', pending: 'warn' };

export const state_chip = ({ state }) => h('span',
	{ class: `chip ${moods[state] ?? ''}` }, t(`correction.${state}`));

/* What it would do to which days. */
export function effect_view(e) {
	const notes = [
		e.there && t('correction.there'),
		!e.days.length && !e.there && t('correction.nothing'),
	].filter(Boolean);
	const worries = [
		e.long_seconds > 0 && t('correction.long',
			{ length: duration(e.long_seconds) }),
		e.lost_seconds > 0 && t('correction.lost',
			{ length: duration(e.lost_seconds) }),
		e.ends_running && t('correction.ends'),
		...missing(e.missing_in, 'in'), ...missing(e.missing_out, 'out'),
	].filter(Boolean);

	return h('div', { class: 'effect' },
		e.days.map((d) => h('p', null, `${weekday_date(d.day)}: `,
			h('del', null, hours(d.before.worked_seconds)), ' → ',
			h('strong', null, hours(d.after.worked_seconds)))),
		notes.map((text) => h('p', { class: 'muted' }, text)),
		worries.map((text) => h('p', { class: 'chip bad' }, icon('alert'),
			text)));
}

const missing = (list, kind) => list.map((m) =>
	t(`correction.missing_${kind}`, { time: time(m.at, m.time_zone) }));

/*
 * Calls send(words) until the reader has confirmed all that the server wants
 * in so many words; null if he does not.
 */
export async function in_words(send) {
	const words = {};

	for (;;)
		try {
			return await send(words);
		} catch (error) {
			const word = await ask[error.code]?.(error.data);

			if (word === undefined)
				throw error;
			if (!word)
				return null;
			words[word] = true;
		}
}

const ask = {
	CONFIRM_LOSS: async ({ lost_seconds }) => await confirm_dialog({
		title: t('correction.sure'), danger: true, yes: t('correction.insist'),
		text: t(lost_seconds > 0 ? 'correction.sure_lost' :
			'correction.sure_missing', { length: duration(lost_seconds) }),
	}) && 'confirm',

	CONFIRM_LONG: ({ long_seconds }) => new Promise((done) => {
		const length = duration(long_seconds);

		open_dialog(t('correction.sure_long', { length }), (close) => [
			h('p', null, t('correction.sure_long_text')),
			h('div', { class: 'actions fill' }, [
				['confirm', 'button', t('correction.leave')],
				['confirm_long', 'button danger',
					t('correction.is_long', { length })],
			].map(([word, name, text]) => h('button', { type: 'button',
				class: name, onclick: () => close(word) }, text))),
		], { onclose: done });
	}),
};
