/*
 * Draws a QR code as one SVG path: `modules` is the base64 of size × size
 * bits, row by row, the most significant bit first.  The white quiet zone of
 * four modules is part of the picture, whatever the page's colours.
 */

import { s } from '../shared/dom.js';

const quiet = 4;

export function draw_qr({ size, modules }, label) {
	const side = size + 2 * quiet;

	return s('svg', {
		class: 'qr', viewBox: `0 0 ${side} ${side}`, role: 'img',
		'aria-label': label, 'shape-rendering': 'crispEdges',
	},
	s('rect', { width: side, height: side, fill: '#fff' }),
	s('path', { d: path_of(size, modules), fill: '#000' }));
}

/* Each run of dark modules of a row becomes one rectangle. */
function path_of(size, modules) {
	const bytes = Uint8Array.from(atob(modules), (c) => c.charCodeAt(0));
	const dark = (i) => bytes[i >> 3] >> (7 - (i & 7)) & 1;
	let d = '';

	for (let y = 0; y < size; y++)
		for (let x = 0; x < size; x++) {
			const from = x;

			while (x < size && dark(y * size + x))
				x++;
			if (x > from)
				d += `M${from + quiet} ${y + quiet}` +
				    `h${x - from}v1h${from - x}z`;
		}
	return d;
}
