/*
 * What stands around every section: the bar with the search, the menu of
 * sections, the account.
 */

import { $, h, mount, on } from '/shared/dom.js';
import { full_name } from '/shared/format.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { busy } from '/shared/ui.js';
import { account_panel } from './account.js';
import { finder } from './finder.js';
import { may_leave } from './guard.js';
import { menu } from './menu.js';
import { go, link } from './router.js';
import { sign_out } from './session.js';

export function frame(me, groups) {
	const content = h('main', { id: 'content', tabindex: -1 });
	const find = finder({
		label: t('admin.find.label'), placeholder: t('admin.find.label'),
		unlabelled: true, pick: (p) => go('people', { open: p.id }),
	});
	const nav = h('nav', { id: 'sections', class: 'sections',
		'aria-label': t('admin.sections') }, groups.map((group) =>
		h('ul', null,
			group.filter((s) => !s.under).map(entry))), docs_link());
	const toggle = h('button', {
		type: 'button', class: 'button quiet square menu-toggle',
		'aria-expanded': 'false', 'aria-controls': 'sections',
		onclick: () => open_menu(!nav.classList.contains('open')),
	}, icon('menu', t('admin.sections')));

	function open_menu(open) {
		nav.classList.toggle('open', open);
		toggle.setAttribute('aria-expanded', String(open));
	}

	const el = h('div', { class: 'frame' },
		h('a', { class: 'skip button primary', href: '#content',
			onclick: (e) => {
				e.preventDefault();
				content.focus();
			} }, t('admin.skip')),
		h('header', { class: 'bar' },
			toggle,
			h('a', { class: 'brand', href: link(groups[0][0].name) },
				me.organisation || 'Tabel'),
			h('div', { class: 'find' }, icon('search'), find,
				h('kbd', { 'aria-hidden': 'true' }, '/')),
			account(me)),
		nav, content);

	on(document, 'keydown', (e) => {
		if (e.key === '/' && !typing(e) &&
		    !$('dialog:modal') && !el.inert) {
			e.preventDefault();
			$('input', find).focus();
		}
		if (e.key === 'Escape' && nav.classList.contains('open')) {
			open_menu(false);
			toggle.focus();
		}
	});
	on(document, 'click', (e) => {
		if (!nav.contains(e.target) && !toggle.contains(e.target))
			open_menu(false);
	});

	return {
		el,

		enter(view) {
			const name = t(`admin.section.${view.section.name}`);

			document.title = `${name} · ${me.organisation || 'Tabel'}`;
			for (const a of nav.querySelectorAll('a'))
				if (a.dataset.name === (view.section.under ??
				    view.section.name))
					a.setAttribute('aria-current', 'page');
				else
					a.removeAttribute('aria-current');
			open_menu(false);
			mount(content, view.root);
			scrollTo(0, 0);
		},

		waiting(name, n) {
			const badge = $(`[data-name="${name}"] .badge`, nav);

			mount(badge, n > 0 && [h('span', { 'aria-hidden': 'true' }, n),
				h('span', { class: 'unseen' }, t('admin.waiting', { n }))]);
		},
	};
}

const entry = (section) => h('li', null, h('a', {
	href: link(section.name), data: { name: section.name },
}, icon(section.icon), h('span', null, t(`admin.section.${section.name}`)),
section.waits && h('span', { class: 'badge' })));

/* For those who write programs against the same API. */
const docs_link = () => h('ul', null, h('li', null, h('a', {
	href: '/docs/',
}, icon('external'), h('span', null, t('admin.docs')))));

const account = (me) => menu(
	[icon('person'), h('span', { class: 'account-name' },
		`${me.person.first_name} ${me.person.last_name.slice(0, 1)}.`),
	h('span', { class: 'unseen' }, t('admin.account'))],
	[
		h('p', { class: 'row account-full' }, h('span', null,
			full_name(me.person), h('small', { class: 'muted' },
				t(me.roles.includes('admin') ? 'admin.field.admin' :
					'admin.field.manager')))),
		h('button', {
			type: 'button', class: 'row', onclick: account_panel,
		}, icon('gear'), t('admin.account')),
		h('button', {
			type: 'button', class: 'row',
			onclick: (e) => busy(e.currentTarget, async () =>
				await may_leave() && sign_out()),
		}, icon('sign_out'), t('admin.sign_out')),
	], { class: 'button quiet account' });

const typing = (e) => e.ctrlKey || e.metaKey || e.altKey ||
	e.target.closest?.('input, select, textarea, [contenteditable]');
