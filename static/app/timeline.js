/*
 * A day's events, one below the other.
 */

import { h } from '../shared/dom.js';
import { time_zoned } from '../shared/format.js';
import { t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';

/* `home`: the branch that need not be named. */
export const timeline = (events, home) => events.length ?
	h('ol', { class: 'list timeline' }, events.map((e) => row(e, home))) :
	h('p', { class: 'card muted' }, t('app.no_events'));

function row(event, home) {
	const notes = [
		event.branch_name !== home && event.branch_name,
		event.source !== 'qr' && t(`app.source_${event.source}`),
		effect_note(event.effect),
	].filter(Boolean);

	return h('li', { class: `row event ${event.kind}` },
		h('span', { class: 'event-mark' },
			icon(event.kind === 'in' ? 'sign_in' : 'sign_out')),
		h('span', { class: 'event-text' }, t(`app.kind_${event.kind}`),
			notes.length > 0 &&
				h('span', { class: 'note' }, notes.join(' · '))),
		h('span', { class: 'event-time' },
			time_zoned(event.at, event.time_zone)));
}

const effect_note = (effect) =>
	effect === 'missing_in' ? t('app.effect_missing_in') :
	['redundant', 'repeat'].includes(effect) ? t('app.effect_repeat') : '';
