/*
 * Texts in the reader's language.
 *
 *	await load_language(hint);	// hint: Telegram's language_code, or none
 *	t('app.scan')
 *	t('kiosk.tries', { n: 3 })	// kiosk.tries.few, by Intl.PluralRules
 *
 * The catalogues are /i18n/<language>.json, one flat object each.  The
 * language is the first of: ?lang=, what was chosen before, the hint, the
 * browser's.
 */

export const languages = { ru: 'Русский', uk: 'Українська', en: 'English' };

const store = 'tabel.language';
const fallback = 'ru';
let current = fallback, texts = {}, plural = new Intl.PluralRules(fallback);

export const language = () => current;

export function t(key, params) {
	const text = texts[form_of(key, params)] ?? texts[key];

	if (text === undefined) {
		console.error(`No text for ${key} in ${current}`);
		return key;
	}
	return params ? text.replace(/\{(\w+)\}/g, (all, name) =>
		name in params ? value_of(params[name]) : all) : text;
}

/* Is there such a text?  For keys made of what the server says. */
export const has_text = (key) => key in texts;

export async function load_language(hint) {
	const wanted = choose_language(hint);
	const answer = await fetch(`/i18n/${wanted}.json`);

	if (!answer.ok)
		throw new Error(`/i18n/${wanted}.json: ${answer.status}`);
	texts = await answer.json();
	current = wanted;
	plural = new Intl.PluralRules(current);
	document.documentElement.lang = current;
}

/* Chooses for good, on this device; the caller draws the page again. */
export async function set_language(code) {
	remember(code);
	await load_language(code);
	document.dispatchEvent(new CustomEvent('languagechosen'));
}

export function choose_language(hint) {
	const asked = new URLSearchParams(location.search).get('lang');

	if (asked in languages)
		remember(asked);
	return [asked, remembered(), hint, ...navigator.languages]
		.map((code) => code?.slice(0, 2).toLowerCase())
		.find((code) => code in languages) ?? fallback;
}

/* What went wrong, in a sentence that says what to do. */
export function fault_text(error) {
	const key = `fault.${error?.code ?? 'INTERNAL'}`;

	return t(has_text(key) ? key : 'fault.INTERNAL');
}

const form_of = (key, params) => typeof params?.n === 'number' ?
	`${key}.${plural.select(params.n)}` : key;

const value_of = (value) => typeof value === 'number' ?
	value.toLocaleString(current) : String(value);

function remembered() {
	try {
		return localStorage.getItem(store);
	} catch {
		return null;
	}
}

function remember(code) {
	try {
		localStorage.setItem(store, code);
	} catch {
		/* A browser without storage asks again next time. */
	}
}
