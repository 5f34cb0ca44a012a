/* Try it: a field for each input, the command line, the answer. */

import { announce, busy, confirm_dialog, field, show_errors } from '/shared/ui.js';
import { h, mount } from '/shared/dom.js';
import { fault_text, t } from '/shared/i18n.js';
import { icon } from '/shared/icons.js';
import { access_options, use_token } from './access.js';
import { listing, status_chip } from './parts.js';
import { curl_of, request_of, sample } from './request.js';

const timeout_ms = 30_000;
const most_shown = 100_000;

export function attempt(api, operation) {
	const curl = listing(t('docs.curl'), '');
	const answer = h('div', { class: 'answer' });
	const button = h('button', { class: 'button primary' },
		icon('arrow_right'), t('common.send'));
	const form = h('form', {
		class: 'form', novalidate: true, autocomplete: 'off',
		oninput: refresh,
		onsubmit: (e) => {
			e.preventDefault();
			busy(button, run);
		},
	}, operation.inputs.map(control),
	h('div', { class: 'actions' }, button));

	function values() {
		return Object.fromEntries(operation.inputs.map(({ name }) =>
			[name, form.elements[name].value]));
	}

	function refresh() {
		curl.set(curl_of(api, operation, values()));
	}

	async function run() {
		const sure = operation.method !== 'DELETE' || await confirm_dialog({
			title: t('docs.sure.title'), text: t('docs.sure.text'),
			yes: t('common.send'), danger: true,
		});

		if (!sure)
			return;

		const outcome = await send(operation, values());

		mount(answer, outcome_view(outcome));
		announce(outcome.error ? fault_text(outcome.error) :
			t('docs.answered', { status: String(outcome.status) }));
		if (!show_errors(form, { fields: Object.fromEntries((outcome.data
			?.errors ?? []).map((e) => [e.field, e.detail])) }))
			answer.scrollIntoView({ block: 'nearest' });
	}

	refresh();
	return h('section', { class: 'attempt card' },
		h('h2', { tabindex: -1 }, t('docs.try')),
		operation.method !== 'GET' &&
			h('p', { class: 'band warn' }, icon('alert'), t('docs.live')),
		form, answer,
		h('h3', null, t('docs.curl')), curl.el);
}

function control(input) {
	const { name, schema, required } = input;
	const types = [schema.type].flat();
	const choices = schema.enum?.filter((v) => v !== null) ??
	    (types.includes('boolean') ? ['true', 'false'] : null);
	const about = { label: name, name, optional: !required };

	if (choices)
		return field({ ...about, value: '',
			options: [['', '—'], ...choices.map((v) => [v, v])] });
	if (input.place === 'text')
		return field({ ...about, control: h('textarea', {
			rows: 4, spellcheck: 'false', placeholder: sample(input),
		}) });
	return field({
		...about,
		type: /pass(word|phrase)/.test(name) ? 'password' :
		    schema.format === 'date' ? 'date' : 'text',
		hint: types.includes('array') && t('docs.commas'),
		inputmode: types.includes('integer') ? 'numeric' : null,
		placeholder: schema.format === 'date' ? null : String(sample(input)),
		autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none',
	});
}

/* { status, ms, type, id, text, data } or { error }. */
async function send(operation, values) {
	const { path, headers, body } = request_of(operation, values);
	const access = access_options();
	const began = performance.now();

	try {
		const answer = await fetch(`/api${path}`, {
			method: operation.method, body, cache: 'no-store',
			credentials: access.credentials,
			headers: { ...headers, ...access.headers },
			signal: AbortSignal.timeout(timeout_ms),
		});
		const text = await answer.text();
		const type = answer.headers.get('Content-Type') ?? '';

		return {
			status: answer.status, type, text,
			ms: Math.round(performance.now() - began),
			id: answer.headers.get('X-Request-Id'),
			data: /[/+]json/.test(type) ? JSON.parse(text) : null,
		};
	} catch (error) {
		return { error: {
			code: error.name === 'TimeoutError' ? 'TIMEOUT' : 'NETWORK' } };
	}
}

function outcome_view({ error, status, ms, type, id, text, data }) {
	if (error)
		return h('p', { class: 'band bad' }, icon('alert'), fault_text(error));

	const shown = data ? JSON.stringify(data, null, 2) : text;
	const secret = status < 300 && (data?.token ?? data?.key);

	return [
		h('p', { class: 'answer-head' }, status_chip(status),
			h('span', { class: 'muted' }, t('docs.took', { n: ms })),
			h('code', null, type)),
		id && h('p', { class: 'request-id muted' }, `X-Request-Id: ${id}`),
		typeof secret === 'string' && h('button', {
			type: 'button', class: 'button',
			onclick: () => use_token(secret),
		}, icon('key'), t('docs.access.use')),
		shown && listing(t('docs.answer'), shown.slice(0, most_shown)).el,
		shown.length > most_shown && h('p', { class: 'muted' }, t('docs.cut')),
	];
}
