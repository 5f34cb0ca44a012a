/*
 * A change of the audit log as people read it: what it was about, and each
 * value before and after.
 */

import { instant, nothing, word } from './cells.js';
import { branch_name, position_name } from './lookups.js';
import { h } from '/shared/dom.js';
import { date_full, full_name } from '/shared/format.js';
import { has_text, languages, t } from '/shared/i18n.js';

const few = 4;

/* 'person:1', 'terminal:2', 'job:x', or a word of its own. */
export function actor({ actor: who, actor_name: name }) {
	const [kind, id] = who.split(':');

	if (name && kind === 'terminal')
		return t('admin.audit.terminal', { name });
	if (kind === 'job')
		return t('admin.audit.job', { name: id });
	return name || (id ? `${word('entity', kind)} ${id}` :
		word('audit', kind));
}

export const what = (a) => h('span', null,
	word('action', a.action), ': ', word('entity', a.entity), ' ',
	subject(a));

function subject({ entity, entity_id, subject: name, old, new: now }) {
	const all = { ...old, ...now };

	return name || known[entity]?.(entity_id) ||
		(all.last_name && all.first_name && full_name(all)) ||
		all.name || entity_id;
}

const known = { branch: branch_name, position: position_name,
	setting: (name) => has_text(`admin.setting.${name}`) &&
		t(`admin.setting.${name}`) };

/* The members that changed, old → new; of a new thing those that say much. */
export function diff(a, wanted = () => true) {
	const names = Object.keys({ ...a.old, ...a.new }).filter(wanted)
		.filter((name) => a.old && a.new ? a.old[name] !== a.new[name] :
			name !== 'id' && !is_nothing((a.new ?? a.old)[name]));

	return names.length ? h('ul', { class: 'diff' },
		names.map((name) => one(a, name))) : null;
}

/* Its beginning, for a row of a table: what has a name for everybody. */
export function diff_short(a) {
	const list = diff(a, (name) => has_text(key_of(name)));
	const rest = list ? [...list.children].slice(few) : [];

	if (rest.length > 1) {
		rest.forEach((li) => li.remove());
		list.append(h('li', { class: 'muted' },
			t('admin.audit.more', { n: rest.length })));
	}
	return list;
}

const is_nothing = (value) => value === null || value === '' ||
	(Array.isArray(value) && !value.length);

const one = (a, name) => h('li', null,
	h('span', { class: 'diff-name' }, label(name), ':'), ' ',
	a.old && name in a.old && a.new &&
		[h('del', null, shown(name, a.old[name])), h('span', {
			'aria-hidden': 'true' }, ' → ')],
	a.new ? h('ins', null, shown(name, a.new[name])) :
		h('del', null, shown(name, a.old[name])));

/* Columns that pages call otherwise. */
const others = { asked_at: 'at', asked_by: 'actor', closed_by: 'closed_by_name',
	created_by: 'created_by_name', device_at: 'tapped_at', ends: 'to',
	from_day: 'first_day', made_by: 'actor', number: 'tap_number',
	recorded_at: 'received_at', schedule: 'schedule_kind',
	seconds: 'overtime_seconds', starts: 'from', terminal: 'terminal_name',
	to_day: 'last_day', uid: 'card_uid' };

const key_of = (name) => `admin.field.${others[name] ?? name}`;

const label = (name) => has_text(key_of(name)) ? t(key_of(name)) : name;

function shown(name, value) {
	if (is_nothing(value))
		return nothing();
	if (typeof value === 'boolean')
		return t(value ? 'admin.yes' : 'admin.no');
	if (name === 'branch')
		return branch_name(value) ?? `${value}`;
	if (name === 'position')
		return position_name(value) ?? `${value}`;
	if (/^\d{4}-\d\d-\d\d$/.test(value))
		return date_full(value);
	if (/^\d{4}-\d\d-\d\dT[\d:.]+/.test(value))
		return instant(value);
	if (typeof value === 'object')
		return Array.isArray(value) ? value.join(', ') :
			JSON.stringify(value);
	if (name === 'language')
		return languages[value] ?? value;
	return word(name, value);
}

export const diff_list = (items) => h('ul', { class: 'changes' },
	items.map((a) => h('li', null,
		h('p', null, h('strong', null, actor(a)), ' ',
			h('span', { class: 'muted' }, instant(a.at))),
		h('p', null, what(a)), diff(a))));
