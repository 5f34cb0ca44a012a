/*
 * What is kept on the tablet until it is revoked: its key, and which branch
 * it hangs in, so that a reload without a network still knows.
 */

const store = 'tabel.kiosk.key';
const branch_store = 'tabel.kiosk.branch';

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
		localStorage.removeItem(branch_store);
	} catch {
		/* Nothing was kept. */
	}
}

export function kept_branch() {
	try {
		return JSON.parse(localStorage.getItem(branch_store));
	} catch {
		return null;
	}
}

export function keep_branch(branch) {
	try {
		localStorage.setItem(branch_store, JSON.stringify(branch));
	} catch {
		/* Comes with the next answer. */
	}
}
