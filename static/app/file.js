/* Phones' web views save no files, but they can share them. */

import { h } from '../shared/dom.js';
import { native } from './telegram.js';

export async function hand_over(blob, name) {
	const file = new File([blob], name, { type: blob.type });

	if (native() && navigator.canShare?.({ files: [file] }))
		return navigator.share({ files: [file] });

	const url = URL.createObjectURL(blob);

	h('a', { href: url, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(url), 60000);
	return undefined;
}
