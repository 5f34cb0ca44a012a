/*
 * How many registrations, corrections, unknown cards and refused taps wait: the
 * numbers at the sections' names.
 */

import { api } from '/shared/api.js';

const most = 200;

const counts = {
	async registrations() {
		const { items } = await api.get('/registrations',
			{ state: 'pending', limit: most });

		return items.length;
	},

	async corrections() {
		const { items } = await api.get('/corrections',
			{ state: 'pending', limit: most });

		return items.filter((c) => c.may_decide).length;
	},

	async cards() {
		const { unknown_cards, refused_taps } =
			await api.get('/taps/waiting');

		return unknown_cards + refused_taps;
	},
};
let told = () => {}, names = [];

/* `tell(name, n)` is called at each count, of those sections that are there. */
export const on_waiting = (tell, sections) => {
	told = tell;
	names = sections.filter((s) => s.waits).map((s) => s.name);
};

export const count_waiting = () => Promise.all(names.map(async (name) =>
	told(name, await counts[name]())));
