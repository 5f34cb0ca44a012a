/*
 * The smallest useful builder of elements.
 *
 *	h('button', { class: 'button', onclick: save }, icon('check'), t('save'))
 *
 * Props: on… is a listener, `data` an object for dataset, `style` an object
 * set through CSSOM (the CSP forbids style attributes), `value`, `checked`
 * and `selected` are properties, all else is an attribute: true means empty,
 * false, null and undefined mean none.  Children: nodes, texts, numbers,
 * arrays of those; false, null and undefined are left out.
 */

const svg_ns = 'http://www.w3.org/2000/svg';
const properties = new Set(['value', 'checked', 'selected', 'indeterminate']);

export const h = (tag, props, ...children) =>
	fill(document.createElement(tag), props, children);

/* The same for SVG. */
export const s = (tag, props, ...children) =>
	fill(document.createElementNS(svg_ns, tag), props, children);

/* Replaces everything in `el`. */
export function mount(el, ...children) {
	el.replaceChildren(...flat(children));
	return el;
}

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) =>
	[...root.querySelectorAll(selector)];

/* Listens, and returns what ends it. */
export function on(target, type, listener, options) {
	target.addEventListener(type, listener, options);
	return () => target.removeEventListener(type, listener, options);
}

let counter = 0;

/* An id that no other element has, to tie labels to what they label. */
export const unique = (stem) => `${stem}-${++counter}`;

/*
 * Runs `work` every `ms` while the page is visible, at once when it becomes
 * visible again, never two at a time.  Returns what ends it.
 */
export function every(ms, work) {
	let timer = 0, busy = false, ended = false;

	const run = async () => {
		clearTimeout(timer);
		if (busy || ended || document.hidden)
			return;
		busy = true;
		try {
			await work();
		} finally {
			busy = false;
			if (!ended)
				timer = setTimeout(run, ms);
		}
	};
	const off = on(document, 'visibilitychange', run);

	timer = setTimeout(run, ms);
	return () => {
		ended = true;
		clearTimeout(timer);
		off();
	};
}

function fill(el, props, children) {
	for (const [name, value] of Object.entries(props ?? {}))
		set(el, name, value);
	el.append(...flat(children));
	return el;
}

function set(el, name, value) {
	if (value === null || value === undefined || value === false)
		return;
	if (name.startsWith('on'))
		el.addEventListener(name.slice(2), value);
	else if (name === 'data')
		Object.assign(el.dataset, value);
	else if (name === 'style')
		paint(el, value);
	else if (properties.has(name))
		el[name] = value;
	else
		el.setAttribute(name, value === true ? '' : value);
}

function paint(el, style) {
	for (const [name, value] of Object.entries(style))
		el.style.setProperty(name, value);
}

const flat = (children) => children.flat(Infinity)
	.filter((c) => c !== null && c !== undefined && c !== false);
