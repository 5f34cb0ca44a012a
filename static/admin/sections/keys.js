import { attempt } from '../attempt.js';
import { chip } from '../cells.js';
import { form } from '../form.js';
import { listing } from '../listing.js';
import { page_head } from '../section.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { today } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { confirm_dialog, save_file, toast } from '/shared/ui.js';

const rotated = ['seal', 'token'];

const columns = [
	{ name: 'id', label: '№', is: 'number' },
	{ name: 'purpose', head: true,
		show: (k) => t(`admin.key.${k.purpose}`) },
	{ name: 'active_from', is: 'at', from: 'narrow' },
	{ name: 'retired_at', is: 'at', from: 'narrow' },
	{ name: 'state', show: (k) => k.retired_at ?
		chip(t('admin.key.retired')) : chip(t('admin.key.active'), 'good'),
	value: (k) => k.retired_at ?? '' },
];

const backup_fields = [
	{ name: 'passphrase', is: 'password', required: true, half: true,
		pattern: /^.{12,}$/, wrong: 'admin.wrong.passphrase',
		hint: 'admin.wrong.passphrase' },
	{ name: 'again', is: 'password', required: true, half: true },
];

export const keys = {
	name: 'keys', icon: 'key', admin: true,

	show(view) {
		const list = listing(view, {
			from: '/keys', columns, icon: 'key', empty: 'admin.empty.keys',
			caption: t('admin.section.keys'), opens: false,
		});

		mount(view.root, page_head(view),
			h('p', { class: 'lead' }, t('admin.keys.text')),
			h('section', { class: 'card part' },
				h('h2', null, t('admin.backup.title')),
				h('p', null, t('admin.backup.text')),
				h('p', null, t('admin.backup.restore')),
				backup_form()),
			h('section', null,
				h('h2', null, t('admin.rotate.title')),
				h('p', { class: 'lead' }, t('admin.rotate.text')),
				h('div', { class: 'actions start' }, rotated.map((purpose) =>
					h('button', {
						type: 'button', class: 'button',
						onclick: () => rotate(purpose, list),
					}, icon('refresh'), t(`admin.rotate.${purpose}`)))),
				list.el));
	},
};

const backup_form = () => {
	const el = form({
		fields: backup_fields,
		submit: t('admin.backup.download'),
		check: ({ passphrase, again }) => passphrase !== again &&
			{ again: t('admin.wrong.again') },
		save: async ({ passphrase }) => {
			save_file(await api.post('/keys/backup', { passphrase },
				{ key: null, as: 'blob' }), `tabel-keys-${today()}.txt`);
			toast(t('admin.backup.done'), 'good');
			setTimeout(() => {
				el.reset();
				el.dispatchEvent(new Event('input'));
			});
		},
	});

	return el;
};

async function rotate(purpose, list) {
	const sure = await confirm_dialog({
		title: t(`admin.rotate.${purpose}_title`),
		text: t(`admin.rotate.${purpose}_text`),
		yes: t('admin.rotate.yes'),
	});

	if (sure)
		await attempt(async () => {
			await api.post('/keys/rotate', { purpose }, { key: null });
			toast(t('admin.rotate.done'), 'good');
			list.reload();
		});
}
