/*
 * Where the reader is: /admin/<section>?<filters>&open=<id>.
 *
 * go() to another section, amend() the filters of this one.  What would
 * throw away typed text asks first, the browser's Back included.
 */

import { on } from '/shared/dom.js';
import { may_leave } from './guard.js';

const base = '/admin/';
let here = place(), changed = () => {};

export function place(url = location) {
	return {
		section: url.pathname.slice(base.length).replace(/\/$/, ''),
		query: new URLSearchParams(url.search),
		url: url.pathname + url.search,
	};
}

export function link(section, query = {}) {
	const given = Object.entries(query).filter(([, v]) => is_given(v));
	const text = new URLSearchParams(given).toString();

	return base + section + (text && `?${text}`);
}

export const go = (section, query) => move(link(section, query));

/* Sets some filters; an empty value takes one away. */
export function amend(changes, { replace = false } = {}) {
	const query = Object.fromEntries(place().query);

	return move(link(place().section, { ...query, ...changes }), replace);
}

/* Calls `show` now and at every change of place. */
export function follow(show) {
	changed = show;
	on(window, 'popstate', back);
	on(document, 'click', follow_link);
	changed();
}

async function move(url, replace) {
	const target = place(new URL(url, location));

	if (target.url === here.url)
		return true;
	if (leaves(target) && !await may_leave())
		return false;
	history[replace ? 'replaceState' : 'pushState'](null, '', url);
	here = target;
	changed();
	return true;
}

async function back() {
	const target = place();

	if (leaves(target) && !await may_leave(() =>
		history.pushState(null, '', here.url)))
		return;
	if (place().url !== target.url)
		history.replaceState(null, '', target.url);
	here = target;
	changed();
}

/* A plain click on a link of ours stays on this page. */
function follow_link(e) {
	const a = e.target.closest?.('a[href]');

	if (!a || e.defaultPrevented || e.button || e.metaKey || e.ctrlKey ||
	    e.shiftKey || e.altKey || a.target || a.hasAttribute('download') ||
	    a.origin !== location.origin || !a.pathname.startsWith(base))
		return;
	if (a.hash)
		return;
	e.preventDefault();
	move(a.pathname + a.search);
}

/* Filters keep what is being typed in the panel, the rest does not. */
const leaves = (target) => target.section !== here.section ||
	target.query.get('open') !== here.query.get('open') ||
	target.query.get('state') !== here.query.get('state');

const is_given = (v) => v !== null && v !== undefined && v !== '' &&
	v !== false;
