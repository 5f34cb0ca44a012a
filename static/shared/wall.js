/*
 * What a clock on the wall shows, as an instant: wall('2026-11-10', '18:00',
 * 'Europe/Kyiv').  By PostgreSQL's rule (W12): a time in the gap is taken
 * after it, in the doubled hour the later one.
 */

const day_ms = 86400000;

export function wall(day, time, zone) {
	const shown = Date.parse(`${day}T${time}Z`);
	const instants = [-day_ms, day_ms].map((far) =>
		shown - ahead(shown + far, zone));
	const right = instants.filter((at) => at + ahead(at, zone) === shown);

	return new Date(Math.max(...right.length ? right : instants))
		.toISOString().replace('.000', '');
}

/* By how much the clocks of the zone are ahead of UTC. */
const ahead = (at, zone) => Date.parse(`${new Intl.DateTimeFormat('sv-SE', {
	timeZone: zone, dateStyle: 'short', timeStyle: 'medium',
}).format(at).replace(' ', 'T')}Z`) - at;
