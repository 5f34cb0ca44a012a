import { attempt } from '../attempt.js';
import { chip, facts, instant, word } from '../cells.js';
import { list_section } from '../section.js';
import { api } from '/shared/api.js';
import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy, toast } from '/shared/ui.js';

const moods = { blocked: 'bad', failed: 'bad', sent: 'good', waiting: 'warn' };

const state = (m) => chip(t(`admin.message.${m.state}`), moods[m.state]);
const to = (m) => m.to_name || t('admin.message.chat', { id: String(m.chat) });
const about = (m) => /^(bot|fault)\./.test(m.key) ? t('admin.about.bot') :
	word('about', m.key.split('.').pop().replace(same, ''));

/* Words that make no difference to what a message is about. */
const same = /^registration_(?=.)|(?<=^correction_)was_|_why$/;

const columns = [
	{ name: 'created_at', is: 'at', from: 'narrow' },
	{ name: 'recipient', head: true, show: (m) => [to(m),
		h('small', { class: 'only-narrow' }, about(m), ' · ',
			instant(m.created_at))] },
	{ name: 'about', show: about, from: 'narrow' },
	{ name: 'state', show: state },
	{ name: 'attempts', is: 'number', from: 'wide' },
	{ name: 'last_error', from: 'wide' },
];

const details = [
	{ name: 'about', show: about },
	{ name: 'state', show: state },
	{ name: 'created_at', is: 'at' },
	{ name: 'sent_at', is: 'at' },
	{ name: 'due_at', is: 'at' },
	{ name: 'attempts', is: 'number' },
	{ name: 'repeats', show: (m) => m.repeats > 0 && String(m.repeats) },
	{ name: 'last_error' },
];

/* What it means for the reader, where something is to be done. */
const advice = (m) => ['blocked', 'failed'].includes(m.state) &&
	h('p', { class: 'band warn' }, icon('info'),
		t(`admin.message.${m.state}_text`));

const again = (m, tools) => m.retry && h('div', { class: 'actions start' },
	h('button', {
		type: 'button', class: 'button',
		onclick: (e) => busy(e.currentTarget, () => retry(m, tools)),
	}, icon('refresh'), t('admin.message.retry')));

/* It may be under way by now: the list says what has become of it. */
async function retry(m, tools) {
	await attempt(async () => {
		await api.post(`/notifications/${m.id}/retry`, {}, { key: null });
		toast(t('admin.message.retried'), 'good');
	});
	await tools.reload();
	tools.again();
}

export const messages = {
	name: 'messages', icon: 'chat', admin: true,

	show: (view) => list_section(view, {
		list: {
			from: '/notifications', columns, refresh_ms: 20_000,
			filters: [
				{ name: 'state', is: 'choice', options: () =>
					Object.keys(moods).map((name) =>
						[name, t(`admin.message.${name}`)]) },
			],
		},
		panel: (m, tools) => ({
			title: to(m),
			body: () => [advice(m), facts(details, m), again(m, tools)],
		}),
	}),
};
