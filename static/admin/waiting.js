/* How many registrations wait: the number at the section's name. */

import { api } from '/shared/api.js';

const most = 200;
let told = () => {};

/* `tell(n)` is called at each count; n is capped at 200. */
export const on_waiting = (tell) => { told = tell; };

export async function count_waiting() {
	const { items } = await api.get('/registrations',
		{ state: 'pending', limit: most });

	told(items.length);
}
