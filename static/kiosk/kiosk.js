/*
 * The tablet's page: pairing first, then the board with the code.
 */

import { $ } from '../shared/dom.js';
import { load_language } from '../shared/i18n.js';
import { apply_theme } from '../shared/theme.js';
import { show_board } from './board.js';
import { show_pairing } from './pairing.js';
import { forget_key, kept_key, keep_key } from './key.js';

const place = $('#kiosk');
let end = () => {};

/* Draws what belongs there: the board with a key, the pairing without. */
function show(notice) {
	const key = kept_key();

	end();
	end = key ? show_board(place, { key, onend: unpaired }) :
	    show_pairing(place, { notice, onpaired: paired });
}

function paired(key) {
	keep_key(key);
	show();
}

function unpaired(notice) {
	forget_key();
	show(notice);
}

async function start() {
	apply_theme('tabel.kiosk.theme');
	try {
		await load_language();
	} catch {
		setTimeout(start, 3000);
		return;
	}
	document.addEventListener('languagechosen', () => show());
	show();
}

navigator.serviceWorker?.register('sw.js').catch(() => {});
start();
