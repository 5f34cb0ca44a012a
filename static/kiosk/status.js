/*
 * What is wrong with the tablet, if anything, in words.
 */

import { time } from '../shared/format.js';
import { t } from '../shared/i18n.js';

const skew_ms = 2000;

/* Does the tablet's own clock show a wrong time? */
export const skewed = (skew) => skew !== null && Math.abs(skew) >= skew_ms;

export const skew_text = (skew) => t(skew > 0 ? 'kiosk.fast' : 'kiosk.slow',
	{ n: Math.round(Math.abs(skew) / 1000) });

export const since_text = (seen, key) => t(key, {
	time: time(seen.bad_since ?? Date.now(), seen.branch?.time_zone),
});

/* Why there is no code: the tablet's network, the server, or just not yet. */
export function reason(seen) {
	if (seen.online || seen.good === null && seen.error === null)
		return 'wait';
	if (!navigator.onLine)
		return 'no_network';
	return seen.error?.status ? 'server_fault' : 'no_server';
}

/* [mood, sentence, short word] of connection, clock and screen. */
export const status_lines = (seen, skew, awake) => [
	connection(seen),
	skew === null ?
	    ['warn', t('kiosk.clock_unknown'), t('kiosk.connecting')] :
	    skewed(skew) ? ['bad', skew_text(skew), t('kiosk.clock_short')] :
		['good', t('kiosk.clock_right')],
	awake === 'on' ? ['good', t('kiosk.awake_on')] :
	    ['warn', t(`kiosk.awake_${awake}`), t('kiosk.awake_short')],
];

function connection(seen) {
	if (seen.online)
		return ['good', t('kiosk.online')];
	if (reason(seen) === 'wait')
		return ['warn', t('kiosk.connecting'), t('kiosk.connecting')];
	return ['warn', since_text(seen, 'kiosk.offline_since'),
		t('kiosk.offline_short')];
}
