/*
 * Keeps the screen on.  The lock is for the visible document only and cannot
 * be reused once released, so it is asked for again whenever the page comes
 * back.  onchange(state): on, off, refused or unsupported.
 */

const again_ms = 30000;

export function keep_awake(onchange) {
	let lock = null, timer = 0;

	const say = (state) => {
		clearTimeout(timer);
		if (state === 'refused')
			timer = setTimeout(ask, again_ms);
		onchange(state);
	};

	async function ask() {
		if (document.hidden || lock)
			return;
		try {
			lock = await navigator.wakeLock.request('screen');
			lock.addEventListener('release', lost);
			say('on');
		} catch {
			say('refused');
		}
	}

	function lost() {
		lock = null;
		say('off');
		ask();
	}

	if (!('wakeLock' in navigator))
		return say('unsupported');
	document.addEventListener('visibilitychange', ask);
	/* Some browsers want a touch first. */
	document.addEventListener('pointerdown', ask);
	return ask();
}
