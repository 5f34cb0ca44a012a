/*
 * The board: the branch, a large clock, the code, and what is wrong if
 * something is.  Draws itself four times a second from what it holds; the
 * feed only fills that.
 */

import { h, mount } from '../shared/dom.js';
import { time_seconds } from '../shared/format.js';
import { fault_text, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { server_clock } from './clock.js';
import { code_store } from './codes.js';
import { echo_list } from './echo.js';
import { start_feed } from './feed.js';
import { keep_branch, kept_branch } from './key.js';
import { corner, set_corner } from './panel.js';
import { draw_qr } from './qr.js';
import { reason, since_text, skew_text, skewed, status_lines } from './status.js';
import { keep_awake } from './wakelock.js';

const tick_ms = 250;
const silent_ms = 2500;

let awake = 'off';
let awake_asked = false;

export function show_board(place, { key, onend }) {
	const clock = server_clock(), codes = code_store(), echo = echo_list();
	const seen = { branch: kept_branch(), good: null, bad_since: null, error: null,
		shown: undefined, online: false };
	const el = build(place, echo, {
		open: () => status_lines(seen, clock.offset(), awake),
		onunpair: () => { onend(''); },
	});
	const stop = start_feed({ key, clock, codes,
		onfeed(feed) {
			if (feed.branch.name !== seen.branch?.name ||
			    feed.branch.time_zone !== seen.branch.time_zone)
				keep_branch(feed.branch);
			seen.branch = feed.branch;
			seen.good = performance.now();
			seen.bad_since = seen.error = null;
			echo.take(feed.echo);
			draw();
		},
		onfail(error) {
			seen.error = error;
			seen.bad_since ??= clock.now();
			draw();
		},
		onrevoked: (error) => onend(fault_text(error)),
	});
	const draw = () => draw_board(el, seen, clock, codes);
	const timer = setInterval(draw, tick_ms);

	draw();
	if (!awake_asked) {
		awake_asked = true;
		keep_awake((state) => { awake = state; });
	}
	return () => {
		clearInterval(timer);
		stop();
		codes.clear();
	};
}

function build(place, echo, settings) {
	const el = {
		bands: h('div', { class: 'bands', role: 'status' }),
		branch: h('p', { class: 'branch' }),
		hours: h('span', { class: 'clock-hours' }),
		seconds: h('span', { class: 'clock-seconds' }),
		code: h('div', { class: 'code' }),
		fill: h('i'),
		corner: corner(settings),
	};
	const bar = h('div', { class: 'meter', 'aria-hidden': 'true' }, el.fill);

	el.board = h('div', { class: 'board', data: { screen: 'board' } },
		el.bands,
		h('header', { class: 'head' }, el.branch,
			h('p', { class: 'clock', role: 'timer', 'aria-live': 'off' },
				el.hours, el.seconds)),
		h('div', { class: 'stage' }, el.code),
		h('div', { class: 'foot' },
			h('p', { class: 'how' }, icon('camera'), t('kiosk.how')),
			bar),
		h('div', { class: 'news' }, echo.el));
	mount(place, h('h1', { class: 'unseen' }, t('kiosk.title')),
		el.board, el.corner);
	return el;
}

function draw_board(el, seen, clock, codes) {
	const now = clock.now();
	const code = clock.known() ? codes.at(now) : null;

	seen.online = seen.good !== null &&
	    performance.now() - seen.good < silent_ms;
	if (!seen.online && seen.good !== null)
		seen.bad_since ??= now;
	codes.drop(now);
	draw_clock(el, seen, now);
	draw_code(el, seen, code, now);
	draw_bands(el, seen, clock, code);
	draw_corner(el, seen, clock);
}

function draw_clock(el, seen, now) {
	const zone = seen.branch?.time_zone;
	const text = time_seconds(now, zone);

	put(el.branch, seen.branch?.name ?? '');
	put(el.hours, text.slice(0, 5));
	put(el.seconds, text.slice(5));
}

function draw_code(el, seen, code, now) {
	const name = code?.code ?? `none ${reason(seen)}`;

	el.fill.style.transform = code ?
	    `scaleX(${(code.until - now) / (code.until - code.from)})` :
	    'scaleX(0)';
	if (seen.shown === name)
		return;
	seen.shown = name;
	el.board.dataset.code = code ? 'shown' : 'none';
	mount(el.code, code ? draw_qr(code.qr, t('kiosk.code')) :
	    blank(seen));
}

/* Instead of a dead code: why there is none, and what happens next. */
function blank(seen) {
	const why = reason(seen);

	if (why === 'wait')
		return h('div', { class: 'blank', 'aria-busy': 'true' },
			h('div', { class: 'spinner' }),
			h('p', { class: 'blank-text' }, t('kiosk.wait')));
	return h('div', { class: 'blank' },
		icon(why === 'server_fault' ? 'alert' : 'wifi_off'),
		h('p', { class: 'blank-title' }, t(`kiosk.${why}_title`)),
		h('p', { class: 'blank-text' }, since_text(seen, `kiosk.${why}`)));
}

function draw_bands(el, seen, clock, code) {
	const skew = clock.offset();
	const list = [];

	if (skewed(skew))
		list.push(['bad', 'clock', skew_text(skew)]);
	if (!seen.online && code)
		list.push(['warn', 'wifi_off', since_text(seen,
			navigator.onLine ? 'kiosk.offline' : 'kiosk.offline_here')]);

	const name = JSON.stringify(list);

	if (el.bands.dataset.shown === name)
		return;
	el.bands.dataset.shown = name;
	mount(el.bands, list.map(([mood, shape, text]) =>
		h('p', { class: `notice ${mood}` }, icon(shape), text)));
}

function draw_corner(el, seen, clock) {
	const worst = status_lines(seen, clock.offset(), awake)
		.find(([mood]) => mood !== 'good');

	set_corner(el.corner, worst?.[0] ?? 'good',
		worst?.[2] ?? t('kiosk.online_short'));
}

function put(el, text) {
	if (el.textContent !== text)
		el.textContent = text;
}
