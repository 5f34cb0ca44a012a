/*
 * How pages look: every state of them in three languages, light and dark, on
 * three sizes of screen, in front of the demo clinic and a branch of our own.
 *
 *	const house = await openHouse();	// { stack, clinic, admin, people }
 *	await look(page, { size: phone, thumbs: true, paint: emulate(page) });
 */
import assert from 'node:assert/strict';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { accessibilityFaults, midday, rawKeys, sideways, sizes, smallTargets } from './lib.mjs';

export const languages = ['ru', 'uk', 'en'];

/* The reader is in another zone than the clinic: all is longer so. */
export const calm = { reducedMotion: 'reduce', timezoneId: 'Europe/Kyiv' };

export async function openHouse() {
	const stack = await startStack();
	const { stdout } = await stack.tabelctl('demo');
	const rows = await stack.db(`SELECT p.telegram_id, p.first_name, p.last_name, r.role
		FROM person p JOIN employee e ON e.person = p.id LEFT JOIN person_role r ON r.person = p.id
		WHERE p.telegram_id IS NOT NULL ORDER BY p.telegram_id`);
	const user = (wanted) => {
		const { telegram_id, first_name, last_name } = rows.find(({ role }) => role === wanted);
		return { id: telegram_id, first_name, last_name };
	};
	const signIn = (who = user('admin'), more) => stack.signIn(who, more);
	return {
		stack,
		admin: { username: 'admin', password: stdout.match(/password (\S+)/)[1] },
		people: { employee: user(null), manager: user('manager') },
		clinic: await openClinic({ ...stack, signIn }, { name: 'Клиника на Садовой, дом 17', time_zone: midday }),
	};
}

export const emulate = (page) => (colorScheme) => page.emulateMedia({ colorScheme });

/*
 * Nothing for axe-core to find, no key of a catalogue in place of a text,
 * nothing that scrolls sideways and, with `thumbs`, nothing too small for
 * one.  `paint(theme)` makes the page light or dark; only colours change then.
 */
export async function look(page, { size, thumbs, paint }) {
	const found = { keys: await rawKeys(page), axe: await accessibilityFaults(page) };
	await paint('dark');
	found.dark = await accessibilityFaults(page, ['color-contrast']);
	await paint('light');
	for (const [name, one] of Object.entries(sizes)) {
		await page.setViewportSize(one);
		found[`sideways on ${name}`] = await sideways(page);
		if (thumbs)
			found[`small on ${name}`] = await smallTargets(page);
	}
	await page.setViewportSize(size);
	assert.deepEqual(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length)), {});
}
