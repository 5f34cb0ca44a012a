/* What a reader chooses for himself: the language and light or dark. */

import { h } from '/shared/dom.js';
import { language, languages, set_language, t } from '/shared/i18n.js';
import { current_theme, set_theme, themes } from '/shared/theme.js';
import { field, open_dialog } from '/shared/ui.js';

export const settings_dialog = () => open_dialog(t('docs.settings'), (close) => [
	field({
		label: t('common.language'), name: 'page_language',
		options: Object.entries(languages), value: language(),
		onchange: async (e) => {
			await set_language(e.target.value);
			location.reload();
		},
	}),
	field({
		label: t('common.theme'), name: 'page_theme',
		options: themes.map((name) => [name, t(`common.theme_${name}`)]),
		value: current_theme(),
		onchange: (e) => set_theme(e.target.value),
	}),
	h('p', { class: 'hint' }, t('docs.english')),
	h('div', { class: 'actions' }, h('button', {
		type: 'button', class: 'button', onclick: () => close(),
	}, t('common.close'))),
]);
