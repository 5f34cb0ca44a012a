/*
 * Telegram sends an update again when it is not sure that it arrived, and
 * several at once arrive in any order: ten thousand of them, through the
 * webhook and several workers, change nothing twice.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { firstAdmin, startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';

const run = promisify(execFile);
const headers = { 'x-telegram-bot-api-secret-token': 'again_and_again' };
const people = 25, first_chat = 640000;
let stack, clinic, update_id = 50000, guards;

before(async () => {
	/* Nothing is sent: what is said stays in the outbox, where it is counted. */
	stack = await startStack({ conf: { TELEGRAM_API_URL: 'http://127.0.0.1:1',
		BOT_WEBHOOK_SECRET: headers['x-telegram-bot-api-secret-token'] } });
	await run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), 'stop', 'worker']);
	clinic = await openClinic(stack);
	guards = [firstAdmin.id, (await clinic.hire({}, { manager_of: [clinic.branch.id] })).telegram_id];
});
after(() => stack?.stop());

const from = (id) => ({ id, is_bot: false, first_name: 'Вера', language_code: 'ru' });
const chat = (id) => ({ id, type: 'private' });
const text = (id, words) => ({ update_id: ++update_id,
	message: { message_id: update_id, date: 1, chat: chat(id), from: from(id), text: words } });
const press = (id, data) => ({ update_id: ++update_id, callback_query: { id: `q${update_id}`, from: from(id), chat_instance: '1',
	data, message: { message_id: 1, date: 1, chat: chat(id) } } });

const shuffled = (list) => list.map((x) => [Math.random(), x]).sort(([a], [b]) => a - b).map(([, x]) => x);
/* With so many connections as Telegram opens; what is no 2XX comes again. */
async function deliver(updates) {
	const left = updates.values();
	await Promise.all(Array.from({ length: 40 }, async () => {
		for (const body of left) {
			let status;
			do
				({ status } = await stack.api('POST', '/bot/webhook', { headers, body }));
			while (status === 429);
			assert.equal(status, 204);
		}
	}));
}
const handle = async () => {
	await Promise.all([stack.worker(), stack.worker(), stack.worker()]);
	await stack.worker();
	assert.deepEqual(await stack.db("SELECT * FROM bot_update WHERE state <> 'done'"), []);
};
/* All that updates can change, and how often it was told. */
const snapshot = () => stack.db(`SELECT jsonb_build_object(
	'people', (SELECT jsonb_agg(to_jsonb(p) ORDER BY id) FROM person p),
	'registrations', (SELECT jsonb_agg(to_jsonb(g) ORDER BY id) FROM registration g),
	'employees', (SELECT jsonb_agg(to_jsonb(e) ORDER BY id) FROM employee e),
	'dialogues', (SELECT jsonb_agg(to_jsonb(d) ORDER BY chat) FROM dialogue d),
	'said', (SELECT jsonb_agg(jsonb_build_array(id, dedupe, key, params, body, buttons) ORDER BY id) FROM notification),
	'audit', (SELECT count(*) FROM audit),
	'updates', (SELECT jsonb_agg(to_jsonb(u) ORDER BY update_id) FROM bot_update u)) AS all`);

test('ten thousand updates, replayed and reordered, change nothing twice', async () => {
	const stories = Array.from({ length: people }, (_, i) => ['/start', `Лис${i} Вера`, '+380671112233', `lis${i}@example.org`, '/start']
		.map((words) => text(first_chat + i, words)));
	const known = JSON.parse(await readFile(new URL('../vectors/tg_updates.json', import.meta.url), 'utf8'))
		.map((update) => ({ ...update, update_id: ++update_id }));
	const future = Array.from({ length: 20 }, (_, i) => ({ update_id: ++update_id,
		[`kind_of_${2030 + i}`]: { message: { chat: chat(first_chat + i), from: from(first_chat + i), text: '/cancel' } } }));

	/* All of it several times over and in any order, before anything is done. */
	const asked = [...stories.flat(), ...known, ...future];
	await deliver(shuffled([...asked, ...asked, ...asked]));
	await handle();
	const waiting = await stack.db(`SELECT g.id FROM registration g JOIN person p ON p.id = g.person
		WHERE g.state = 'pending' AND p.telegram_id >= $1 ORDER BY g.id`, [first_chat]);
	assert.equal(waiting.length, people);

	/* Several decide each of them, while the same comes again. */
	const decided = waiting.flatMap(({ id }) => guards.flatMap((guard) =>
		Array.from({ length: 3 }, () => press(guard, `r:${id}:c:${clinic.branch.id}:${clinic.position.id}`))));
	await Promise.all([deliver(shuffled([...decided, ...decided, ...asked])), stack.worker(), stack.worker()]);
	await handle();
	const [{ hired, told, refused }] = await stack.db(`SELECT
		(SELECT count(*)::int FROM employee e JOIN person p ON p.id = e.person WHERE p.telegram_id BETWEEN $1 AND $2) AS hired,
		(SELECT count(*)::int FROM notification WHERE key = 'message.confirmed') AS told,
		(SELECT count(*)::int FROM bot_update WHERE fault = 'REGISTRATION_DECIDED') AS refused`,
	[first_chat, first_chat + people]);
	assert.deepEqual([hired, told, refused], [people, people, decided.length - people]);

	const all = [...asked, ...decided], before_ = await snapshot();
	const again = Array.from({ length: Math.ceil(10000 / all.length) }, () => shuffled(all)).flat().slice(0, 10000);
	await Promise.all([deliver(again), stack.worker(), stack.worker()]);
	await handle();
	assert.deepEqual(await snapshot(), before_);
});
