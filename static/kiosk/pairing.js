/*
 * First start: six digits from the admin pages, typed on a big keypad (or a
 * keyboard), are exchanged for this tablet's key.
 */

import { action_key, api } from '../shared/api.js';
import { $, $$, h, mount, on } from '../shared/dom.js';
import { fault_text, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { corner } from './panel.js';

const length = 6;
const keypad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', 'back'];

export function show_pairing(place, { notice, onpaired }) {
	let digits = '', busy = false, locked = 0, timer = 0;
	const message = h('p', { class: 'pair-message', role: 'alert' }, notice);
	const boxes = h('div', {
		class: 'pair-boxes', role: 'img', id: 'pairing-code',
	}, Array.from({ length }, () => h('span', { class: 'pair-box' })));

	mount(place,
		h('div', { class: 'pairing', data: { screen: 'pairing' } },
			h('div', { class: 'pair-text' },
				h('div', { class: 'pair-mark' }, icon('tablet')),
				h('h1', null, t('kiosk.pair_title')),
				h('p', null, t('kiosk.pair_text')),
				boxes, message),
			h('div', {
				class: 'keypad', role: 'group',
				'aria-label': t('kiosk.keypad'),
			}, keypad.map(button))),
		corner({ open: () => [] }));
	draw();

	function button(name) {
		if (name === '')
			return h('span');
		return h('button', {
			type: 'button', data: { key: name },
			onclick: () => press(name),
			'aria-label': name === 'back' ? t('kiosk.erase') : null,
		}, name === 'back' ? icon('backspace') : name);
	}

	function press(name) {
		if (busy || Date.now() < locked)
			return;
		if (name === 'back')
			digits = digits.slice(0, -1);
		else if (digits.length < length)
			digits += name;
		if (digits.length > 0)
			say('');
		draw();
		if (digits.length === length)
			send();
	}

	function draw() {
		$$('.pair-box', boxes).forEach((box, i) => {
			box.textContent = digits[i] ?? '';
			box.classList.toggle('next', i === digits.length);
		});
		boxes.setAttribute('aria-label', t('kiosk.typed',
			{ digits: [...digits].join(' ') || '—', n: digits.length }));
	}

	async function send() {
		busy = true;
		boxes.classList.add('busy');
		try {
			const { key } = await api.post('/register',
				{ pairing_code: digits }, { key: action_key() });

			onpaired(key);
		} catch (error) {
			failed(error);
		} finally {
			busy = false;
			boxes.classList.remove('busy');
		}
	}

	function failed(error) {
		digits = '';
		draw();
		if (error.code === 'TOO_MANY_TRIES')
			return lock(error.retryAfter || 60);
		say([fault_text(error), tries_text(error.data.tries_left)]
			.filter(Boolean).join(' '));
	}

	/* Nothing can be typed until the server listens again. */
	function lock(seconds) {
		locked = Date.now() + seconds * 1000;
		clearInterval(timer);
		const tick = () => {
			const left = Math.ceil((locked - Date.now()) / 1000);

			place.querySelector('.keypad')
				?.toggleAttribute('inert', left > 0);
			if (left <= 0) {
				clearInterval(timer);
				return say('');
			}
			say(t('common.wait', { n: left }));
		};

		timer = setInterval(tick, 1000);
		tick();
	}

	function say(text) {
		if (message.textContent !== text)
			message.textContent = text;
	}

	const off = on(document, 'keydown', (e) => {
		if ($('dialog[open]') || e.ctrlKey || e.metaKey || e.altKey)
			return;
		if (/^[0-9]$/.test(e.key))
			press(e.key);
		else if (e.key === 'Backspace')
			press('back');
	});

	return () => {
		clearInterval(timer);
		off();
	};
}

const tries_text = (left) => typeof left !== 'number' ? '' :
	t('kiosk.tries', { n: left });
