/*
 * The tablet's own key, kept on the tablet until it is revoked.
 */

const store = 'tabel.kiosk.key';

/* For a browser that keeps nothing: good until the next reload. */
let spare = null;

export function kept_key() {
	try {
		return localStorage.getItem(store) ?? spare;
	} catch {
		return spare;
	}
}

export function keep_key(key) {
	spare = key;
	try {
		localStorage.setItem(store, key);
	} catch {
		/* `spare` has it. */
	}
}

export function forget_key() {
	spare = null;
	try {
		localStorage.removeItem(store);
	} catch {
		/* Nothing was kept. */
	}
}
