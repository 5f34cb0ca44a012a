/*
 * The reference of the API: reads /docs/openapi.json, which is made of what
 * the programs say of themselves, and shows what the address names.
 */

import { h, mount, on } from '/shared/dom.js';
import { load_language, t } from '/shared/i18n.js';
import { apply_theme } from '/shared/theme.js';
import { error_state, loading } from '/shared/ui.js';
import { read_document } from './document.js';
import { frame } from './frame.js';
import { operation_page } from './operation.js';
import { overview_page } from './overview.js';

const root = document.body.appendChild(h('div', { id: 'root' }));

async function start() {
	apply_theme();
	await load_language();
	try {
		run(await loading(root, read_document(), 8));
	} catch (error) {
		mount(root, h('main', null,
			error_state(error, () => location.reload())));
	}
}

function run(api) {
	const surround = frame(api);
	let first = true;

	mount(root, surround.el);
	show();
	on(window, 'hashchange', show);

	function show() {
		const operation = api.operation(location.hash.slice(1));
		const page = operation ? operation_page(api, operation) :
		    overview_page(api);

		document.title = operation ?
		    `${operation.method} ${operation.path} · Tabel API` :
		    t('docs.title');
		surround.enter(page, operation);
		scrollTo(0, 0);
		if (!first)
			page.querySelector('h1').focus();
		first = false;
	}
}

start();
