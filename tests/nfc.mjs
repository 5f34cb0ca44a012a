/*
 * An NFC terminal: takes its key by a pairing code, posts taps, keeps them
 * while nobody answers, and posts them again until somebody has.
 *
 *	const reader = await pairReader(stack.api, pairing_code);
 *	await reader.tap('04:a2:b3:c4');
 *	reader.online = false;
 *
 * Or by hand: lines of "UID [in|out]" on standard input become taps.
 *
 *	node tests/nfc.mjs http://127.0.0.1:8080 123456
 */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { api } from './harness.mjs';

const batch = 1000;	/* the most that the server takes at once */

export async function pairReader(call, pairing_code, clock) {
	const answer = await call('POST', '/register', { body: { pairing_code } });
	if (answer.status !== 201)
		throw new Error(`register: ${JSON.stringify(answer.body)}`);
	return new Reader(call, answer.body.key, clock);
}

export class Reader {
	online = true;
	kept = [];

	constructor(call, key, clock = Date) {
		Object.assign(this, { call, key, clock });
	}

	post = (body) => this.call('POST', '/events/nfc', { token: this.key,
		body: { ...body, now: new Date(this.clock.now()).toISOString() } });

	/* What the display shows; undefined while it is kept for later. */
	async tap(uid, more = {}) {
		this.kept.push({ id: randomUUID(), uid,
			at: new Date(this.clock.now()).toISOString(), ...more });
		return this.online ? (await this.flush()).at(-1) : undefined;
	}

	/* Everything that is kept, in as many posts as it takes. */
	async flush() {
		const told = [];
		while (this.kept.length > 0) {
			const taps = this.kept.slice(0, batch);
			const { status, body } = await this.post({ taps });
			if (status >= 300)
				throw new Error(`taps: ${JSON.stringify(body)}`);
			told.push(...body.items);
			this.kept.splice(0, taps.length);
		}
		return told;
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const [url, pairing_code] = process.argv.slice(2);
	const reader = await pairReader((...words) => api(url, ...words), pairing_code);
	console.log(`key ${reader.key}`);
	for await (const line of createInterface({ input: process.stdin })) {
		const [uid, kind] = line.trim().split(/\s+/);
		if (uid)
			console.log(await reader.tap(uid, kind ? { kind } : {})
				.catch((error) => `kept for later: ${error.message}`));
	}
}
