/*
 * Somebody else has changed the same thing while a form was open.
 *
 *	const { whole, both, theirs } = meet(fields, controls, before, mine, there)
 *
 * What the reader has not touched is then shown as it is there, and what he has
 * stays.  `whole` is what is there as the form reads it; `theirs` and `both`
 * say by field what is there, where only they or both have changed it.
 */

import { t } from '/shared/i18n.js';
import { as_read, said, write } from './inputs.js';

export function meet(fields, controls, before, mine, there) {
	const whole = {}, both = {}, theirs = {};

	for (const f of fields) {
		const { name } = f, now = as_read(f, there[name]);

		whole[name] = now;
		if (same(now, before[name]) || same(now, mine[name]))
			continue;
		if (same(mine[name], before[name])) {
			write(f, controls.get(name), there[name]);
			theirs[name] = words('admin.stale.theirs', f, now, there);
		} else
			both[name] = words('admin.stale.both', f, now, there);
	}
	return { whole, both, theirs };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const words = (key, f, now, there) => t(key, { value: said(f, now, there) });
