/*
 * Keeps the tablet's page itself, so that a reload without a network shows
 * what is wrong instead of the browser's error.  The network comes first;
 * /api is never kept, and neither are codes.
 */

const shelf = 'tabel-kiosk-1';
const patience_ms = 4000;

const shell = [
	'/kiosk/', 'kiosk.css', 'kiosk.js', 'board.js', 'clock.js', 'codes.js',
	'echo.js', 'feed.js', 'key.js', 'pairing.js', 'panel.js', 'qr.js',
	'status.js', 'wakelock.js', 'manifest.webmanifest',
	'/shared/api.js', '/shared/dark.css', '/shared/dom.js',
	'/shared/format.js', '/shared/i18n.js', '/shared/icon.svg',
	'/shared/icons.js', '/shared/theme.css', '/shared/theme.js',
	'/shared/ui.css', '/shared/ui.js',
	'/i18n/ru.json', '/i18n/uk.json', '/i18n/en.json',
];

self.addEventListener('install', (e) => {
	self.skipWaiting();
	e.waitUntil(caches.open(shelf).then((cache) => cache.addAll(shell)));
});

self.addEventListener('activate', (e) => e.waitUntil(tidy()));

self.addEventListener('fetch', (e) => {
	const url = new URL(e.request.url);

	if (e.request.method === 'GET' && url.origin === location.origin &&
	    !url.pathname.startsWith('/api/'))
		e.respondWith(answer(e.request));
});

async function tidy() {
	for (const name of await caches.keys())
		if (name.startsWith('tabel-kiosk-') && name !== shelf)
			await caches.delete(name);
	await self.clients.claim();
}

async function answer(request) {
	const cache = await caches.open(shelf);
	const kept = await cache.match(request, { ignoreSearch: true });

	if (!kept)
		return fetch(request);
	try {
		const fresh = await fetch(request,
			{ signal: AbortSignal.timeout(patience_ms) });

		if (!fresh.ok)
			return fresh.status >= 500 ? kept : fresh;
		await cache.put(new URL(request.url).pathname, fresh.clone());
		return fresh;
	} catch {
		return kept;
	}
}
