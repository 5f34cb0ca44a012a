/* How many registrations and corrections wait: the numbers at their names. */

import { api } from '/shared/api.js';

const most = 200;
let told = () => {};

/* `tell(section, n)` is called at each count; n is capped at 200. */
export const on_waiting = (tell) => { told = tell; };

export async function count_waiting() {
	await Promise.all(['registrations', 'corrections'].map(async (name) => {
		const { items } = await api.get(`/${name}`,
			{ state: 'pending', limit: most });

		told(name, items.filter((i) => i.may_decide !== false).length);
	}));
}
