/* What a reader chooses for himself: the language and light or dark. */

import { language, languages, set_language, t } from '/shared/i18n.js';
import { current_theme, set_theme, themes } from '/shared/theme.js';
import { field } from '/shared/ui.js';
import { may_leave } from './guard.js';

export const language_select = () => field({
	label: t('common.language'), name: 'page_language',
	options: Object.entries(languages), value: language(),
	onchange: async (e) => {
		if (await may_leave()) {
			await set_language(e.target.value);
			location.reload();
		}
		e.target.value = language();
	},
});

export const theme_select = () => field({
	label: t('common.theme'), name: 'page_theme',
	options: themes.map((name) => [name, t(`common.theme_${name}`)]),
	value: current_theme(),
	onchange: (e) => set_theme(e.target.value),
});
