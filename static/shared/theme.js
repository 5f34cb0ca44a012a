/*
 * Light or dark: what ?theme=light|dark|auto says, kept on this device.
 *
 *	apply_theme();			at the start of a page
 *	set_theme('dark');		and current_theme() tells
 *
 * auto follows the system.  `store` keeps pages of one device apart.
 */

export const themes = ['light', 'dark', 'auto'];

/* When dark.css applies. */
const media = { light: 'not all', dark: 'all',
	auto: '(prefers-color-scheme: dark)' };
let store = 'tabel.theme', current = 'auto';

export const current_theme = () => current;

export function apply_theme(own_store = store) {
	const asked = new URLSearchParams(location.search).get('theme');

	store = own_store;
	set_theme(themes.includes(asked) ? asked : kept());
}

export function set_theme(theme) {
	current = themes.includes(theme) ? theme : 'auto';
	document.querySelector('#dark').media = media[current];
	try {
		localStorage.setItem(store, current);
	} catch {
		/* Without storage the next load asks the system again. */
	}
}

function kept() {
	try {
		return localStorage.getItem(store);
	} catch {
		return null;
	}
}
