import { if_seen } from '../attempt.js';
import { word } from '../cells.js';
import { language_select, theme_select } from '../choices.js';
import { form } from '../form.js';
import { page_head } from '../section.js';
import { api } from '/shared/api.js';
import { h, mount } from '/shared/dom.js';
import { has_text, languages, t } from '/shared/i18n.js';
import { error_state, loading, toast } from '/shared/ui.js';

export const settings = {
	name: 'settings', icon: 'gear', admin: true,

	show(view) {
		const place = h('div');

		mount(view.root, page_head(view),
			h('section', { class: 'card part' },
				h('h2', null, t('admin.settings.organisation')), place),
			h('section', { class: 'card part' },
				h('h2', null, t('admin.settings.page')),
				h('p', { class: 'muted' }, t('admin.settings.page_text')),
				h('div', { class: 'form' },
					half(language_select()), half(theme_select()))));
		load(view, place);
	},
};

function half(el) {
	el.classList.add('half');
	return el;
}

const get_settings = (options) =>
	api.get('/settings', { limit: 200 }, options);

async function load(view, place) {
	try {
		const { items } = await loading(place, get_settings(
			{ signal: view.signal }), 4);

		mount(place, settings_form(items));
	} catch (error) {
		if (!view.signal.aborted)
			mount(place, error_state(error, () => load(view, place)));
	}
}

/* What is asked for often comes first; what is not named here follows. */
const order = ['organisation', 'organisation_code', 'language',
	'registration_open', 'overtime_minutes', 'activation_hours',
	'notification_days', 'erase_months', 'key_rotation_days'];

const place_of = ({ name }) => order.indexOf(name) + 1 || order.length + 1;

/* One field for each setting that the server has, by its type. */
function settings_form(list) {
	const items = [...list].sort((a, b) => place_of(a) - place_of(b));
	let kept;

	const values_of = (now) => {
		kept = new Map(now.map((s) => [s.name, s]));
		return Object.fromEntries(now.map((s) => [s.name, value_of(s)]));
	};

	return form({
		fields: items.map(field_of),
		value: values_of(items),
		now: async () => values_of((await get_settings()).items),
		save: async (values) => {
			for (const s of items) {
				const value = text_of(s, values[s.name]);

				if (value === kept.get(s.name).value)
					continue;
				kept.set(s.name, await api.put(`/settings/${s.name}`,
					{ value }, if_seen(kept.get(s.name).version))
					.catch((error) => { throw named(error, s.name); }));
			}
			toast(t('admin.saved'), 'good');
		},
	});
}

/* The server calls it "value"; here it is one of several. */
function named(error, name) {
	if ('value' in (error.fields ?? {}))
		error.fields = { [name]: error.fields.value };
	return error;
}

const kinds = { bool: 'flag', choice: 'choice', int: 'number', text: 'text' };

const field_of = (s) => ({
	name: s.name,
	is: kinds[s.type] ?? 'text',
	label: has_text(`admin.setting.${s.name}`) ?
		t(`admin.setting.${s.name}`) : s.name,
	note: has_text(`admin.setting.${s.name}_text`) ?
		t(`admin.setting.${s.name}_text`) : s.sentence,
	required: s.type !== 'bool',
	texts: true,
	min: s.minimum ?? undefined,
	max: s.maximum ?? undefined,
	max_length: s.type === 'text' ? s.maximum : undefined,
	options: () => choices_of(s).map((name) => [name,
		languages[name] ?? word(s.name, name)]),
});

const choices_of = ({ choices }) => Array.isArray(choices) ? choices :
	(choices ?? '').split('|');

const is_on = (value) => ['on', 'true'].includes(value);

const value_of = (s) => s.type === 'bool' ? is_on(s.value) :
	s.type === 'int' ? Number(s.value) : s.value;

const text_of = (s, value) => s.type === 'bool' ? (value ? 'on' : 'off') :
	String(value ?? '');
