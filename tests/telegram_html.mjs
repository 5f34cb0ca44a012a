/*
 * The text of a message in parse_mode HTML, as Telegram reads it:
 * https://core.telegram.org/bots/api#html-style
 */
const tags = {
	a: /^ href="[^"<>]*"$/,
	b: /^$/, strong: /^$/, i: /^$/, em: /^$/, u: /^$/, ins: /^$/,
	s: /^$/, strike: /^$/, del: /^$/, code: /^( class="language-[^"<>]+")?$/,
	pre: /^$/, blockquote: /^( expandable)?$/, 'tg-spoiler': /^$/,
	span: /^ class="tg-spoiler"$/, 'tg-emoji': /^ emoji-id="\d+"$/,
};
const entities = { lt: '<', gt: '>', amp: '&', quot: '"' };

function entity(name, whole) {
	if (/^#\d+$/.test(name))
		return String.fromCodePoint(Number(name.slice(1)));
	if (/^#x[0-9a-f]+$/i.test(name))
		return String.fromCodePoint(parseInt(name.slice(2), 16));
	return entities[name] ?? whole;
}

/* bad(text) makes the error that is thrown if the tags do not match up. */
export function plainText(html, bad) {
	const open = [];
	const wrong = (what) => bad(`can't parse entities: ${what}`);
	const text = html.replace(/<[^>]*>?|&(#?\w+);|&/g, (whole, name, at) => {
		const offset = Buffer.byteLength(html.slice(0, at));
		if (whole === '&')	/* stricter: the real one lets it pass */
			throw wrong(`Unescaped "&" at byte offset ${offset}`);
		if (name !== undefined)
			return entity(name, whole);
		if (!whole.endsWith('>'))
			throw wrong(`Unclosed start tag at byte offset ${offset}`);
		const end = /^<\/([\w-]+)>$/.exec(whole);
		if (end) {
			if (open.length === 0)
				throw wrong(`Unexpected end tag at byte offset ${offset}`);
			const last = open.pop();
			if (last !== end[1])
				throw wrong(`Unmatched end tag at byte offset ${offset}, ` +
					`expected "</${last}>", found "</${end[1]}>"`);
			return '';
		}
		const [, tag = '', rest = ''] = /^<([\w-]*)([^]*)>$/.exec(whole) ?? [];
		if (!tags[tag]?.test(rest))
			throw wrong(`Unsupported start tag "${tag}" at byte offset ${offset}`);
		open.push(tag);
		return '';
	});
	if (open.length > 0)
		throw wrong(`Can't find end tag corresponding to start tag "${open.pop()}"`);
	return text;
}
