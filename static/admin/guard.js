/*
 * Guards typed text: forms that hold changes register here, and whoever
 * would throw them away asks may_leave().
 */

import { on } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { confirm_dialog } from '/shared/ui.js';

const forms = new Map();

/* `is_dirty` is asked as long as `el` is in the page. */
export const guard = (el, is_dirty) => forms.set(el, is_dirty);

/* `hold` runs before the question is put. */
export async function may_leave(hold) {
	if (!dirty())
		return true;
	hold?.();

	const leave = await confirm_dialog({
		title: t('admin.unsaved.title'),
		text: t('admin.unsaved.text'),
		yes: t('admin.unsaved.leave'),
		no: t('admin.unsaved.stay'),
		danger: true,
	});

	if (leave)
		forms.clear();
	return leave;
}

function dirty() {
	for (const el of forms.keys())
		if (!el.isConnected)
			forms.delete(el);
	return [...forms.values()].some((is_dirty) => is_dirty());
}

on(window, 'beforeunload', (e) => dirty() && e.preventDefault());
