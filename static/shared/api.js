/*
 * Talks to /api.
 *
 *	const me = await api.get('/me');
 *	const page = await api.get('/events', { from: '2026-11-01', limit: 50 });
 *	await api.post('/events', { claim, kind }, { key });
 *
 * A failure is an ApiError: `code` (a fault, or NETWORK or TIMEOUT),
 * `status`, `fields` ({name: sentence}), `requestId`, `retryAfter` (seconds)
 * and `data` (the whole problem).  GET, PUT, DELETE and POST with a key are
 * tried again by themselves when the network or the server stumbles.
 *
 * A POST carries an Idempotency-Key: one for each call, unless the caller
 * passes `key` (from action_key()) to keep it when the person presses the
 * button again.  `key: null` sends none and never tries again.
 *
 * api.token is sent as Bearer; without it the browser's cookie speaks.
 * api.onUnauthorized(error) may sign in again and return true: the request is
 * then repeated once.
 */

const tries = 3;
const pause_ms = 400;
const longest_pause_ms = 3000;

export class ApiError extends Error {
	constructor(code, status = 0, data = {}, retryAfter = 0) {
		super(data.title ?? code);
		this.name = 'ApiError';
		this.code = code;
		this.status = status;
		this.data = data;
		this.retryAfter = retryAfter;
		this.requestId = data.request_id ?? null;
		this.fields = Object.fromEntries((data.errors ?? [])
			.map((e) => [e.field, e.detail]));
	}
}

export const api = {
	base: '/api',
	token: null,
	timeout: 10000,
	onUnauthorized: null,

	get: (path, query, options) => send('GET', path, { query, ...options }),
	post: (path, body, options) =>
		send('POST', path, { body, key: action_key(), ...options }),
	put: (path, body, options) => send('PUT', path, { body, ...options }),
	del: (path, options) => send('DELETE', path, options),

	/* A file as it is, once; however long that takes. */
	upload: (path, file, type, query, options) => send('POST', path,
		{ file, type, query, timeout: 0, ...options }),

	/* The answer as a Blob, for downloads. */
	blob: (path, query, options) =>
		send('GET', path, { query, as: 'blob', timeout: 0, ...options }),

	/* All pages of a list, one item after the other. */
	async *pages(path, query, options) {
		for (let after; after !== null;) {
			const page = await api.get(path,
				{ ...query, after }, options);

			yield* page.items;
			after = page.next ?? null;
		}
	},
};

/* A fresh Idempotency-Key: make one for each thing the person wants done. */
export function action_key() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));

	return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

async function send(method, path, options = {}) {
	const again = method !== 'POST' || Boolean(options.key);
	let signed = false;

	for (let n = 1; ; n++) {
		try {
			return await once(method, path, options);
		} catch (error) {
			if (options.signal?.aborted)
				throw error;
			if (error.status === 401 && !signed && !options.bare &&
			    await api.onUnauthorized?.(error)) {
				signed = true;
				continue;
			}
			if (!again || options.retry === false || n >= tries ||
			    !passing(error))
				throw error;
			await wait(error, n);
		}
	}
}

async function once(method, path, options) {
	const timeout = options.timeout ?? api.timeout;
	const clock = new AbortController();
	const timer = timeout && setTimeout(() => clock.abort(), timeout);
	const cancel = () => clock.abort();

	options.signal?.addEventListener('abort', cancel);
	try {
		const answer = await fetch(url_of(path, options.query), {
			method,
			headers: headers_of(options),
			body: options.body === undefined ? options.file :
			    JSON.stringify(options.body),
			cache: 'no-store',
			signal: clock.signal,
		});

		return await read(answer, options.as);
	} catch (error) {
		if (error instanceof ApiError || options.signal?.aborted)
			throw error;
		throw new ApiError(clock.signal.aborted ? 'TIMEOUT' : 'NETWORK');
	} finally {
		clearTimeout(timer);
		options.signal?.removeEventListener('abort', cancel);
	}
}

function url_of(path, query = {}) {
	const given = Object.entries(query)
		.filter(([, v]) => v !== undefined && v !== null && v !== '');
	const text = new URLSearchParams(given).toString();

	return api.base + path + (text && `?${text}`);
}

function headers_of(options) {
	const headers = { Accept: 'application/json', ...options.headers };
	const token = options.token ?? api.token;

	if (options.as === 'blob')
		headers.Accept = '*/*';
	if (token && !options.bare)
		headers.Authorization = `Bearer ${token}`;
	if (options.body !== undefined || options.type)
		headers['Content-Type'] = options.type ?? 'application/json';
	if (options.key)
		headers['Idempotency-Key'] = options.key;
	return headers;
}

async function read(answer, as) {
	if (answer.ok && as === 'blob')
		return answer.blob();
	if (answer.status === 204)
		return null;

	const type = answer.headers.get('Content-Type') ?? '';
	const data = /[/+]json/.test(type) ?
	    await answer.json().catch(() => null) : null;

	if (answer.ok && data !== null)
		return data;
	throw new ApiError(data?.code ?? code_of(answer.status), answer.status, {
		request_id: answer.headers.get('X-Request-Id') ?? undefined,
		...data,
	}, Number(answer.headers.get('Retry-After')) || 0);
}

/* For answers of nginx, which knows no faults. */
const code_of = (status) => ({
	404: 'NO_ROUTE', 413: 'BODY_TOO_LARGE', 429: 'TOO_MANY_TRIES',
	502: 'RETRY', 503: 'RETRY', 504: 'RETRY',
}[status] ?? 'INTERNAL');

/* May it be different in a moment? */
const passing = (error) => ['NETWORK', 'TIMEOUT'].includes(error.code) ||
	[502, 503, 504].includes(error.status);

function wait(error, n) {
	const ms = error.retryAfter * 1000 || pause_ms * n * n;

	return new Promise((done) =>
		setTimeout(done, Math.min(ms, longest_pause_ms)));
}
