/* Phones' web views save no files, but they can share them. */

import { save_file } from '../shared/ui.js';
import { native } from './telegram.js';

export async function hand_over(blob, name) {
	const file = new File([blob], name, { type: blob.type });

	if (native() && navigator.canShare?.({ files: [file] }))
		return navigator.share({ files: [file] });

	return save_file(blob, name);
}
