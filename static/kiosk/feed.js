/*
 * Asks the server once a second, for as long as the page lives.
 *
 * onfeed(feed), onfail(error), onrevoked(error).  Each request has its own
 * time limit, so that none can hold up the next; coming back to the page or
 * to the network asks at once.  Returns what ends it.
 */

import { api } from '../shared/api.js';
import { on } from '../shared/dom.js';

const period_ms = 1000;
const slow_period_ms = 3000;
const slow_after_ms = 60000;
const limit_ms = 5000;
const hung_ms = 2000;
const longest_ms = 15000;

export function start_feed({ key, clock, codes, onfeed, onfail, onrevoked }) {
	let timer = 0, current = null, ended = false;
	let last_good = performance.now(), asked_pause = 0;

	async function ask() {
		const mine = { stop: new AbortController(),
			sent: performance.now() };

		clearTimeout(timer);
		current = mine;
		try {
			const feed = await api.get('/kiosk/feed', {
				...codes.query(),
				offset_ms: clock.offset() ?? undefined,
			}, { token: key, retry: false, timeout: limit_ms,
				signal: mine.stop.signal });

			if (current !== mine)
				return;
			clock.sample(feed.now_ms, mine.sent);
			codes.take(feed);
			last_good = performance.now();
			asked_pause = 0;
			onfeed(feed);
		} catch (error) {
			if (current !== mine)
				return;
			if (error.status === 401)
				return stop(), onrevoked(error);
			asked_pause = Math.min(longest_ms,
				(error.retryAfter ?? 0) * 1000);
			onfail(error);
		}
		current = null;
		if (!ended)
			timer = setTimeout(ask, pause(mine.sent));
	}

	const pause = (sent) => {
		const now = performance.now();
		const period = now - last_good > slow_after_ms ?
		    slow_period_ms * (0.75 + Math.random() / 2) : period_ms;

		return Math.max(200, asked_pause, period - (now - sent));
	};

	const hurry = () => {
		if (ended || document.hidden)
			return;
		if (current && performance.now() - current.sent < hung_ms)
			return;
		current?.stop.abort();
		ask();
	};

	function stop() {
		ended = true;
		clearTimeout(timer);
		current?.stop.abort();
		current = null;
		offs.forEach((off) => off());
	}

	const offs = [
		on(document, 'visibilitychange', hurry),
		on(window, 'online', hurry),
		on(window, 'pageshow', hurry),
	];

	ask();
	return stop;
}
