/* What stands around every page: the bar, the search, the list of calls. */

import { $, $$, h, mount, on } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { access_button } from './access.js';
import { matches } from './document.js';
import { method_badge, wrapping } from './parts.js';
import { settings_dialog } from './settings.js';

export function frame(api) {
	const content = h('main', { id: 'content', tabindex: -1 });
	const none = h('p', { class: 'muted', role: 'status' });
	const search = h('input', {
		id: 'search', type: 'search', class: 'input', autocomplete: 'off',
		spellcheck: 'false', placeholder: t('docs.search'),
		oninput: () => filter(search.value.trim()),
		onkeydown: (e) => e.key === 'Enter' && take_first(),
	});
	const nav = h('nav', { id: 'calls', class: 'calls',
		'aria-label': t('docs.calls') },
	h('div', { class: 'find' },
		h('label', { class: 'unseen', for: 'search' }, t('docs.search')),
		icon('search'), search, h('kbd', { 'aria-hidden': 'true' }, '/')),
	h('a', { class: 'call', href: '#', data: { id: '' } },
		icon('info'), t('docs.overview')),
	none,
	api.groups.map(group_list));
	const toggle = h('button', {
		type: 'button', class: 'button quiet square menu-toggle',
		'aria-expanded': 'false', 'aria-controls': 'calls',
		onclick: () => open(!nav.classList.contains('open')),
	}, icon('menu', t('docs.calls')));

	function open(now) {
		nav.classList.toggle('open', now);
		toggle.setAttribute('aria-expanded', String(now));
		if (now)
			search.focus();
	}

	function filter(text) {
		let n = 0;

		for (const a of $$('a[data-id]:not([data-id=""])', nav)) {
			const fits = matches(api.operation(a.dataset.id), text);

			a.parentElement.hidden = !fits;
			n += fits;
		}
		for (const group of $$('.group', nav))
			group.hidden = !$('li:not([hidden])', group);
		none.textContent = n ? '' : t('docs.none');
		none.className = n ? 'unseen' : 'muted none';
	}

	function take_first() {
		const first = $('li:not([hidden]) a', nav);

		if (first)
			location.hash = first.hash;
	}

	on(document, 'keydown', (e) => {
		if (e.key === '/' && !typing(e) && !$('dialog:modal')) {
			e.preventDefault();
			if (toggle.checkVisibility())
				open(true);
			search.focus();
		}
		if (e.key === 'Escape' && nav.classList.contains('open')) {
			open(false);
			toggle.focus();
		}
	});
	on(document, 'click', (e) => {
		if (!nav.contains(e.target) && !toggle.contains(e.target))
			open(false);
	});

	return {
		el: h('div', { class: 'frame' },
			h('a', { class: 'skip button primary', href: '#content',
				onclick: (e) => {
					e.preventDefault();
					content.focus();
				} }, t('admin.skip')),
			h('header', { class: 'bar' }, toggle,
				h('a', { class: 'brand', href: '#' }, 'Tabel API',
					h('span', { class: 'muted' }, api.version)),
				access_button(),
				h('button', {
					type: 'button', class: 'button quiet square',
					onclick: settings_dialog,
				}, icon('gear', t('docs.settings')))),
			nav, content),

		enter(page, operation) {
			for (const a of $$('a[data-id]', nav))
				if (a.dataset.id === (operation?.id ?? ''))
					a.setAttribute('aria-current', 'page');
				else
					a.removeAttribute('aria-current');
			$('[aria-current]', nav).scrollIntoView({ block: 'nearest' });
			open(false);
			mount(content, page);
		},
	};
}

const group_list = ({ name, operations }) => h('div', { class: 'group' },
	h('h2', { id: `group-${name}` }, name),
	h('ul', { 'aria-labelledby': `group-${name}` }, operations.map((o) =>
		h('li', null, h('a', {
			class: 'call', href: `#${o.id}`, data: { id: o.id },
		}, method_badge(o.method), h('code', null, wrapping(o.path)))))));

const typing = (e) => e.ctrlKey || e.metaKey || e.altKey ||
	e.target.closest?.('input, select, textarea');
