/* One call: what it takes, gives, how it fails, and a place to try it. */

import { h } from '/shared/dom.js';
import { t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { attempt } from './attempt.js';
import { inline, method_badge, status_chip, wrapping } from './parts.js';
import { members, required_chip, type_text } from './schema.js';

export const operation_page = (api, operation) =>
	h('article', { class: 'operation' },
		h('div', { class: 'reference' },
			head(operation),
			inputs(api, operation),
			answers(api, operation),
			faults(operation)),
		attempt(api, operation));

const head = (o) => h('header', null,
	h('p', { class: 'muted' }, o.group),
	h('h1', { tabindex: -1 }, method_badge(o.method), ' ',
		h('code', null, wrapping(o.path))),
	h('p', { class: 'lead', lang: 'en' }, inline(o.what)),
	h('p', { class: 'who', lang: 'en' },
		icon(o.who === 'ANYONE' ? 'people' : 'lock'), o.may),
	h('p', { class: 'jump' }, h('button', {
		type: 'button', class: 'button', onclick: () => {
			const place = document.querySelector('.attempt h2');

			place.scrollIntoView();
			place.focus();
		},
	}, icon('arrow_right'), t('docs.try'))));

function inputs(api, o) {
	return h('section', null, h('h2', null, t('docs.inputs')),
		o.inputs.length === 0 && h('p', null, t('docs.inputs.none')),
		['path', 'query', 'header', 'body', 'text'].map((place) => {
			const these = o.inputs.filter((i) => i.place === place);

			return these.length > 0 && [
				h('h3', null, t(`docs.place.${place}`)),
				h('ul', { class: 'members' },
					these.map((i) => input(api, i))),
			];
		}));
}

const input = (api, i) => h('li', null, h('div', { class: 'member', lang: 'en' },
	h('code', null, i.name), required_chip(i.required),
	h('span', { class: 'type' }, type_text(without_null(i.schema), api),
		i.schema.default !== undefined && `, default ${i.schema.default}`),
	i.description && h('span', { class: 'about' }, i.description)));

/* Null is the same as absent: what is optional says enough. */
function without_null(schema) {
	const types = [schema.type ?? []].flat();

	return {
		...schema,
		...schema.enum && { enum: schema.enum.filter((v) => v !== null) },
		...types.length > 1 && { type: types.filter((v) => v !== 'null') },
	};
}

const answers = (api, o) => h('section', null,
	h('h2', null, t('docs.answer')),
	o.answers.map(({ status, type, schema, note }) => [
		h('p', { class: 'answer-head' }, status_chip(status),
			h('code', null, type ?? t('docs.answer.nothing'))),
		h('div', { lang: 'en' }, note && h('p', null, note),
			schema && members(schema, api)),
	]));

/* Those of this call, then what any such call can meet. */
function faults(o) {
	const own = o.faults.filter((f) => f.own);
	const common = o.faults.filter((f) => !f.own);

	return h('section', null, h('h2', null, t('docs.faults')),
		own.length > 0 && fault_table(own),
		h('details', { class: 'more' },
			h('summary', { class: 'button small' }, icon('chevron_down'),
				t('docs.faults.common', { n: common.length })),
			fault_table(common)));
}

const fault_table = (these) => h('div', { class: 'faults' }, h('table', null,
	h('thead', null, h('tr', null,
		h('th', { scope: 'col' }, t('docs.status')),
		h('th', { scope: 'col' }, t('admin.field.code')),
		h('th', { scope: 'col' }, t('docs.meaning')))),
	h('tbody', { lang: 'en' }, these.map(({ status, code, title }) =>
		h('tr', null, h('td', null, status),
			h('th', { scope: 'row' }, h('code', null, code)),
			h('td', null, title))))));
