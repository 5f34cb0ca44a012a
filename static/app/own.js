/*
 * What is one's own: the shifts in a calendar program, and all data.
 */

import { api } from '../shared/api.js';
import { h, mount } from '../shared/dom.js';
import { date_time } from '../shared/format.js';
import { fault_text, t } from '../shared/i18n.js';
import { icon } from '../shared/icons.js';
import { busy, confirm_dialog, copy, show_answer, toast } from
	'../shared/ui.js';
import { hand_over } from './file.js';
import { show } from './screen.js';
import { native } from './telegram.js';

const path = '/me/calendar';

export function show_own({ back }) {
	const place = h('div');

	show({
		name: 'own', title: t('app.own'), back,
		content: [
			h('section', { class: 'card own' },
				h('h2', null, t('app.own_calendar')),
				h('p', { class: 'muted' }, t('app.own_calendar_text')),
				place),
			h('section', { class: 'card own' },
				h('h2', null, t('app.own_data')),
				h('p', { class: 'muted' }, t('app.own_data_text')),
				h('div', { class: 'tools' }, ['csv', 'json'].map((kind) =>
					action(kind.toUpperCase(), 'download', () =>
						download(kind))))),
		],
	});
	link_state(place);
}

const action = (text, shape, run) => {
	const button = h('button', { type: 'button', class: 'button',
		onclick: () => busy(button, () => run().catch(tell)) },
	icon(shape), text);

	return button;
};

function tell(error) {
	if (error.name !== 'AbortError')
		toast(fault_text(error), 'bad');
}

async function download(kind) {
	const blob = await api.blob(`/me/data.${kind}`,
		kind === 'csv' ? { bom: true } : {});

	await hand_over(blob, `tabel-data.${kind}`);
}

const link_state = (place) => show_answer(place, () => api.get(path),
	({ subscribed, last_read_at }) => mount(place,
		subscribed && h('p', null, last_read_at ?
			t('app.own_read', { at: date_time(last_read_at) }) :
			t('app.own_unread')),
		h('div', { class: 'tools' },
			action(t(subscribed ? 'app.own_renew' : 'app.own_make'),
				subscribed ? 'refresh' : 'calendar',
				() => make(place, subscribed)),
			subscribed && action(t('app.own_end'), 'trash',
				() => end(place)))), 1);

async function make(place, again) {
	if (again && !await confirm_dialog({ title: t('app.own_renew'),
		text: t('app.own_renew_text'), yes: t('app.own_renew') }))
		return;

	const { url } = await api.post(path, {}, { key: null });
	const box = h('input', { class: 'input', readonly: true, value: url,
		'aria-label': t('app.own_address'), onfocus: () => box.select() });

	mount(place, h('p', null, t('app.own_once')), box,
		h('div', { class: 'tools' },
			action(t('common.copy'), 'copy', () => copy(url, box)),
			!native() && h('a', { class: 'button',
				href: url.replace(/^https?/, 'webcal') },
			icon('calendar'), t('app.own_open'))));
	box.focus();
}

async function end(place) {
	if (!await confirm_dialog({ title: t('app.own_end'),
		text: t('app.own_end_text'), yes: t('app.own_end'), danger: true }))
		return;
	await api.del(path);
	await link_state(place);
}
