/* The first page: how the API works, and all calls. */

import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { inline, markdown, method_badge, wrapping } from './parts.js';

export const overview_page = (api) => h('article', { class: 'overview' },
	h('h1', { tabindex: -1 }, t('docs.title')),
	h('p', { class: 'lead' }, t('docs.lead')),
	h('p', null, h('a', {
		class: 'button', href: '/docs/openapi.json', download: 'tabel-openapi.json',
	}, icon('download'), t('docs.download'))),
	h('div', { class: 'prose', lang: 'en' }, markdown(api.introduction)),
	api.groups.map((group) => h('section', null,
		h('h2', null, group.name),
		h('p', { class: 'muted', lang: 'en' }, group.about),
		h('ul', { class: 'list' }, group.operations.map((o) =>
			h('li', null, h('a', { class: 'row', href: `#${o.id}` },
				method_badge(o.method),
				h('span', { class: 'row-text' },
					h('code', null, wrapping(o.path)),
					h('span', { class: 'muted', lang: 'en' },
						inline(o.what))))))))));
