/*
 * The language, at the foot of a screen.
 */

import { h } from '../shared/dom.js';
import { language, languages, set_language, t } from '../shared/i18n.js';

export const language_button = () => h('nav', {
	class: 'languages', 'aria-label': t('common.language'),
}, Object.entries(languages).map(([code, name]) => h('button', {
	type: 'button', class: 'button quiet small', lang: code,
	'aria-pressed': String(code === language()),
	onclick: () => set_language(code),
}, name)));
