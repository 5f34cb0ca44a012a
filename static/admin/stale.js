/*
 * Somebody else has changed the same thing while a form was open.
 *
 *	const { whole, beside, list } = meet(fields, controls, before, mine, there)
 *
 * What the reader has not touched is then shown as it is there, and what he has
 * stays.  `whole` is what is there as the form reads it; `list` says by field
 * what somebody else has changed, and `beside` what stands there where both
 * have.
 */

import { t } from '/shared/i18n.js';
import { as_read, said, write } from './inputs.js';

export function meet(fields, controls, before, mine, there) {
	const whole = {}, beside = {}, list = {};

	for (const f of fields) {
		const { name } = f, now = as_read(f, there[name]);
		const value = said(f, now, there);

		whole[name] = now;
		if (same(now, before[name]) || same(now, mine[name]))
			continue;
		if (same(mine[name], before[name])) {
			write(f, controls.get(name), there[name]);
			list[name] = t('admin.stale.now', { value });
		} else {
			beside[name] = t('admin.stale.beside', { value });
			list[name] = t('admin.stale.both',
				{ value, mine: said(f, mine[name], mine) });
		}
	}
	return { whole, beside, list };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
