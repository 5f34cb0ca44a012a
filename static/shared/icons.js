/*
 * Icons: icon('check') is an SVG of the text's size and colour, hidden from
 * screen readers; icon('check', 'Готово') is an image of that name.
 */

import { s } from './dom.js';

const shapes = {
	alert: 'M12 3 2.5 20h19zM12 10v4.5M12 17.4v.1',
	arrow_left: 'M19 12H5m6-6-6 6 6 6',
	arrow_right: 'M5 12h14m-6-6 6 6-6 6',
	backspace: 'M9 5h11v14H9l-6-7zM12 9.5l5 5m0-5-5 5',
	calendar: 'M4 6h16v14H4zM4 10h16M8 3v4m8-4v4',
	camera: 'M3 8h4l2-3h6l2 3h4v11H3zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 ' +
	    '0 0 0 0 7',
	card: 'M3 6h18v12H3zM3 10h18M6.5 14.5h4',
	chat: 'M4 5h16v11H10l-4 4v-4H4z',
	check: 'M4.5 12.5 10 18 19.5 7',
	chevron_down: 'm6 9 6 6 6-6',
	chevron_left: 'm15 6-6 6 6 6',
	chevron_right: 'm9 6 6 6-6 6',
	clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.5 2',
	copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
	cross: 'M6 6l12 12M18 6 6 18',
	dots: 'M5 12h.01M12 12h.01M19 12h.01',
	download: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
	edit: 'M4 20h4L20 8l-4-4L4 16zM13 7l4 4',
	external: 'M14 4h6v6M20 4 10 14M18 14v6H4V6h6',
	filter: 'M4 6h16M7 12h10M10 18h4',
	gear: 'M4 7h9m5 0h2M4 17h2m5 0h9M13 7a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 ' +
	    '0-5 0M6 17a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0',
	grid: 'M4 5h16v14H4zM4 10h16M4 14.5h16M9.5 5v14M15 5v14',
	home: 'M4 11.5 12 4l8 7.5V20h-5.5v-6h-5v6H4z',
	inbox: 'M3 13h5l1.5 3h5L16 13h5M3 13l3-8h12l3 8v6H3z',
	info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5m0-8.1V8',
	key: 'M14 10a5 5 0 1 1-1.2-3.2L21 15v4h-4v-3h-3v-3M8 9h.01',
	list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
	lock: 'M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3',
	menu: 'M4 7h16M4 12h16M4 17h16',
	more: 'M12 5h.01M12 12h.01M12 19h.01',
	person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 20.5c.8-4 4-6 8-6s7.2 2 ' +
	    '8 6',
	people: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 19.5c.6-3.4 ' +
	    '3.1-5 6.5-5s5.9 1.6 6.5 5M16 4.9a3.5 3.5 0 0 1 0 6.2m2 4c2 .7 ' +
	    '3.2 2.2 3.6 4.4',
	phone: 'M8 3h8v18H8zM11 18h2',
	place: 'M12 21c-4-4.5-6.5-7.8-6.5-11a6.5 6.5 0 0 1 13 0c0 3.2-2.5 ' +
	    '6.5-6.5 11M12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5',
	plus: 'M12 5v14M5 12h14',
	refresh: 'M20 12a8 8 0 1 1-2.3-5.6L20 8.5M20 4v4.5h-4.5',
	scan: 'M4 9V4h5m6 0h5v5m0 6v5h-5M9 20H4v-5M4 12h16',
	sheet: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
	search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l4.5 4.5',
	shield: 'M12 3l8 3v6c0 5-3.5 7.8-8 9-4.5-1.2-8-4-8-9V6z',
	shifts: 'M4 6h16v14H4zM4 10h16M8 3v4m8-4v4M7.5 13.5H12m0 3.2h4.5',
	sign_in: 'M14 4h6v16h-6M4 12h11m-4-4.5 4.5 4.5-4.5 4.5',
	sign_out: 'M10 4H4v16h6M9 12h11m-4-4.5 4.5 4.5-4.5 4.5',
	sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M12 2.5v2m0 15v2M' +
	    '2.5 12h2m15 0h2M5.3 5.3l1.4 1.4m10.6 10.6 1.4 1.40' +
	    '0m0-13.4-1.4 1.4M6.7 17.3l-1.4 1.4',
	tablet: 'M5 3h14v18H5zM10.5 18h3',
	trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5m4-5v5',
	wifi_off: 'M4 4l16 16M2.5 9.5a14 14 0 0 1 4-2.5m5-1a14 14 0 0 1 1' +
	    '0 3.5M6 13a9 9 0 0 1 4-2.3m5 .8A9 9 0 0 1 18 13M9.5 16.5a' +
	    '4 4 0 0 1 5 0M12 20h.01',
};

export function icon(name, label) {
	const named = label ? { role: 'img', 'aria-label': label } :
	    { 'aria-hidden': 'true' };

	return s('svg', {
		class: 'icon', viewBox: '0 0 24 24', fill: 'none',
		stroke: 'currentColor', 'stroke-width': '1.9',
		'stroke-linecap': 'round', 'stroke-linejoin': 'round', ...named,
	}, s('path', { d: shapes[name] ?? shapes.dots }));
}
