/*
 * Starts the admin pages: the language, who is there, then the section that
 * the address names.
 */

import { api } from '/shared/api.js';
import { every, h, mount } from '/shared/dom.js';
import { language, choose_language, load_language, t } from
	'/shared/i18n.js';
import { apply_theme } from '/shared/theme.js';
import { error_state, loading } from '/shared/ui.js';
import { frame } from './frame.js';
import { look_up } from './lookups.js';
import { follow, go, place } from './router.js';
import { sections_for } from './sections.js';
import { may_enter, no_entry_page, sign_in_page, who } from './session.js';
import { open_view } from './view.js';
import { count_waiting, on_waiting } from './waiting.js';

const waiting_ms = 30_000;
const root = document.body.appendChild(h('div', { id: 'root' }));

async function start() {
	apply_theme();
	await load_language();
	try {
		await enter();
	} catch (error) {
		mount(root, h('main', { class: 'sign-in' },
			h('div', { class: 'card' },
				error_state(error, () => location.reload()))));
	}
}

async function enter() {
	let me = await loading(root, who());

	if (!me) {
		document.title = `${t('admin.sign_in')} · Tabel`;
		await sign_in_page(root,
			await api.get('/system/about').catch(() => null));
		me = await who();
	}
	if (!may_enter(me))
		return no_entry_page(root);
	if (choose_language(me.person.language) !== language())
		await load_language(me.person.language);
	await loading(root, look_up());
	run(me);
	return undefined;
}

function run(me) {
	const groups = sections_for(me);
	const sections = groups.flat();
	const surround = frame(me, groups);
	let view = null;

	mount(root, surround.el);
	on_waiting(surround.waiting, sections);
	every(waiting_ms, () => count_waiting().catch(() => {}));
	count_waiting().catch(() => {});
	follow(() => {
		const { section: name } = place();
		const section = sections.find((s) => s.name === name);

		if (!section)
			return go(sections[0].name);
		if (view?.section === section)
			return view.changed();

		const first = !view;

		view?.end();
		view = open_view(me, section);
		surround.enter(view);
		section.show(view);
		if (!first)
			view.root.querySelector('h1')?.focus();
		return undefined;
	});
}

start();
