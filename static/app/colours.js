/*
 * Telegram's colours, made readable.
 *
 * Themes are chosen by taste: many have a hint or a button whose text has a
 * contrast of two or three.  Such a colour is moved towards the text's (or a
 * button towards black or white) until it has 4.5, WCAG's AA.
 */

import { $ } from '../shared/dom.js';
import { native, on_theme, theme_params } from './telegram.js';

const enough = 4.5;

export function follow_telegram() {
	if (!native() && !theme_params().bg_color)
		return;
	paint();
	on_theme(paint);
}

function paint() {
	const root = document.documentElement;
	const given = theme_params();

	root.classList.toggle('telegram', Boolean(given.bg_color));
	if (!given.bg_color)
		return;

	const card = parse(given.section_bg_color ?? given.bg_color);
	const page = parse(given.secondary_bg_color ?? given.bg_color);
	const dark = luminance(page) < 0.2;
	const text = parse(given.text_color ?? '#000000');
	const label = parse(given.button_text_color ?? '#ffffff');
	const readable = (colour) => toward(parse(colour), text,
		(c) => Math.min(contrast(c, card), contrast(c, page)) >= enough);
	const button = toward(parse(given.button_color ?? '#2353c0'),
		luminance(label) > 0.5 ? [0, 0, 0] : [255, 255, 255],
		(c) => contrast(c, label) >= enough);

	$('#dark').media = dark ? 'all' : 'not all';
	for (const [name, colour] of Object.entries({
		page, card, text,
		muted: readable(given.hint_color ?? given.text_color),
		link: readable(given.link_color ?? given.button_color),
		accent: button, 'accent-press': button, 'accent-text': label,
		'accent-soft': mix(card, button, 0.14),
		well: mix(card, text, 0.07),
		raised: dark ? mix(card, text, 0.2) : card,
		line: mix(card, text, 0.14),
		edge: mix(card, text, 0.5),
	}))
		root.style.setProperty(`--${name}`, `rgb(${colour.join(' ')})`);
}

/* `from`, moved in steps of a tenth until `good`. */
function toward(from, goal, good) {
	for (let part = 0; part < 1; part += 0.1) {
		const colour = mix(from, goal, part);

		if (good(colour))
			return colour;
	}
	return goal;
}

const parse = (text) =>
	[1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));

const mix = (a, b, part) =>
	a.map((v, i) => Math.round(v + (b[i] - v) * part));

/* https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
function luminance(colour) {
	const [r, g, b] = colour.map((v) => v / 255).map((v) =>
		v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);

	return (high + 0.05) / (low + 0.05);
}
