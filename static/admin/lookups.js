/*
 * Branches and positions: few, needed everywhere, kept until they change.
 */

import { api } from '/shared/api.js';

const lists = { branches: [], positions: [] };

export const branches = () => lists.branches;
export const positions = () => lists.positions;

/* One list, or both. */
export async function look_up(...names) {
	const wanted = names.length ? names : Object.keys(lists);

	await Promise.all(wanted.map(async (name) => {
		const items = [];

		for await (const item of api.pages(`/${name}`, { limit: 200 }))
			items.push(item);
		lists[name] = items;
	}));
}

/* One thing of a list in the order of ids, as it is now. */
export const one_of = (path) => async (id) => {
	const { items } = await api.get(path,
		{ after: id > 1 ? id - 1 : undefined, limit: 1 });

	return items.find((one) => one.id === id);
};

/* One of them, as it is now. */
export const look_again = (name) => async (id) => {
	await look_up(name);
	return lists[name].find((one) => one.id === id);
};

export const options_of = (items) => items.map(({ id, name }) => [id, name]);

export const branch_name = (id) => name_in(lists.branches, id);
export const position_name = (id) => name_in(lists.positions, id);

const name_in = (items, id) =>
	items.find((one) => one.id === Number(id))?.name;
