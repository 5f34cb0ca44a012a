/*
 * The codes a tablet holds: in memory only, each shown in its own window.
 */

export function code_store() {
	let held = [], sequence = null;

	return {
		/* Another sequence means: one was used, so all held ones are dead. */
		take(feed) {
			const fresh = feed.codes.map(unpack);

			held = feed.sequence === sequence ?
			    merged(held, fresh) : fresh;
			sequence = feed.sequence;
		},

		at: (now) => held.find((c) => c.from <= now && now < c.until) ??
			null,

		/* What the feed is told, to send only what is missing. */
		query: () => sequence === null ? {} : {
			sequence,
			held: Math.floor((held.at(-1)?.until ?? 0) / 1000),
		},

		drop(now) {
			held = held.filter((c) => now < c.until);
		},

		clear() {
			held = [];
			sequence = null;
		},
	};
}

const unpack = (item) => ({
	code: item.code,
	from: Date.parse(item.from),
	until: Date.parse(item.until),
	qr: item.qr,
});

const merged = (held, fresh) =>
	[...new Map([...held, ...fresh].map((c) => [c.from, c])).values()]
		.sort((a, b) => a.from - b.from);
