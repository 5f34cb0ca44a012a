/* Schemas in words: the type of a value with its bounds, members as a tree. */

import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';

/* "integer from 1 to 200, or null", in the language of the reference. */
export function type_text(schema, api) {
	const at = api.follow(schema);

	if (at.anyOf)
		return at.anyOf.map((one) => type_text(one, api)).join(' or ');
	if (at.const !== undefined)
		return JSON.stringify(at.const);

	const types = [at.type ?? []].flat().filter((type) => type !== 'null');
	const text = at.enum ? at.enum.filter((v) => v !== null).join(' | ') :
	    types.map((type) => (words[type] ?? (() => type))(at, api)).join(' or ');

	return may_be_null(at) ? `${text}, or null` : text;
}

const may_be_null = (at) => at.enum?.includes(null) ||
	[at.type].flat().includes('null');

const words = {
	integer: (at) => `integer${bounds(at)}`,
	number: (at) => `number${bounds(at)}`,
	string: (at) => at.format === 'date' ? 'day, 2026-11-21' :
	    at.format === 'date-time' ? 'instant, 2026-11-21T05:58:00Z' :
	    `text${length(at)}`,
	array: (at, api) => `list of ${type_text(at.items, api)}`,
	boolean: () => 'true or false',
};

/* Ids reach to the end of what JSON can carry, which says nothing. */
function bounds({ minimum, maximum }) {
	const most = maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
	const least = minimum > -Number.MAX_SAFE_INTEGER ? minimum : undefined;

	if (least !== undefined && most !== undefined)
		return ` from ${least} to ${most}`;
	return most !== undefined ? ` up to ${most}` :
	    least !== undefined ? `, at least ${least}` : '';
}

function length({ minLength, maxLength }) {
	if (maxLength === undefined)
		return '';
	return minLength === maxLength ? ` of ${maxLength} characters` :
	    minLength > 1 ? ` of ${minLength} to ${maxLength} characters` :
	    ` of at most ${maxLength} characters`;
}

/* The members of an object, or of the objects in a list; null if none. */
export function members(schema, api, depth = 0) {
	const at = inner(schema, api);

	if (at?.anyOf)
		return at.anyOf.map((one, i) => [
			i > 0 && h('p', { class: 'or' }, 'or'),
			members(one, api, depth)]);
	if (!at?.properties)
		return null;
	return h('ul', { class: 'members' },
		Object.entries(at.properties).map(([name, one]) => h('li', null,
			member_line(name, one, api), members(one, api, depth + 1))));
}

function member_line(name, schema, api) {
	const at = api.follow(schema);

	return h('div', { class: 'member' }, h('code', null, name),
		h('span', { class: 'type' }, short(at, api)),
		at.description && h('span', { class: 'about' }, at.description));
}

/* Where the members follow, the type says only what kind of thing it is. */
const short = (at, api) => !inner(at, api)?.properties &&
	!inner(at, api)?.anyOf ? type_text(at, api) :
	[[at.type].flat().includes('array') ? 'list of objects' : 'object',
		may_be_null(at) && 'or null'].filter(Boolean).join(', ');

function inner(schema, api) {
	const at = schema && api.follow(schema);

	return at?.items ? inner(at.items, api) : at;
}

export const required_chip = (required) =>
	required && h('span', { class: 'chip required' }, t('docs.required'));
