/*
 * The server's clock, as well as a tablet can know it.
 *
 * Each answer of the feed is a sample: the server's time, and the moments
 * around the request.  The best sample (shortest round trip) is kept until it
 * is old.  Between samples time goes on by the larger of two counts: the
 * monotonic one stops while some tablets sleep, the wall one may be set back;
 * a code shown too long is worse than one that ends early.
 */

const drift = 0.0002;
const jump_ms = 500;

export function server_clock(perf = () => performance.now(),
	wall = () => Date.now())
{
	let anchor = null;

	const elapsed = () => Math.max(perf() - anchor.perf,
		wall() - anchor.wall);
	const jumped = () => Math.abs((perf() - anchor.perf) -
		(wall() - anchor.wall)) > jump_ms;
	const error = () => anchor.error + (perf() - anchor.perf) * drift;

	return {
		/* `sent` is perf() just before the request was made. */
		sample(server_ms, sent) {
			const half = (perf() - sent) / 2;

			if (anchor && !jumped() && error() < half)
				return;
			anchor = { server: server_ms + half, perf: perf(),
				wall: wall(), error: half };
		},

		known: () => anchor !== null,
		now: () => anchor ? anchor.server + elapsed() : wall(),

		/* How far the tablet's own clock is ahead, in ms; null: unknown. */
		offset: () => anchor ?
			Math.round(wall() - anchor.server - elapsed()) : null,
	};
}
