/*
 * bot: how fast updates of Telegram are taken, against a responder that only
 * makes the same row; and the outbox: how fast it is gone through, and what
 * of it goes out in a minute while five thousand wait.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const waiting = 5000, minute = Number(process.env.BENCH_MINUTE ?? 60);

const supervise = (stack, what) =>
	run('supervisorctl', ['-c', join(stack.dir, 'etc/supervisord.conf'), what, 'worker']);

/* Nobody handles them meanwhile. */
export async function webhook({ stack, file, rounds, note, load, median, fixed, secret }) {
	await supervise(stack, 'stop');
	const ours = [], theirs = [];
	for (let i = 0; i < rounds; i++)
		for (const [list, path] of [[ours, '/api/bot/webhook'], [theirs, '/bare/bot/webhook']]) {
			await stack.db('TRUNCATE bot_update');
			list.push(await load('hook', path, file, [secret]));
		}
	await stack.db('TRUNCATE bot_update');
	await supervise(stack, 'start');
	const rate = (list) => median(list.map((r) => r.rate));
	note('update to the webhook', `${fixed(rate(ours), 0)}/s`, `bare ${fixed(rate(theirs), 0)}/s`,
		fixed(rate(ours) / rate(theirs)), 0.8);
	note('', `p95 ${fixed(median(ours.map((r) => r.p95)), 1)} ms`,
		`p95 ${fixed(median(theirs.map((r) => r.p95)), 1)} ms`, '', '');
}

/* To people in turn, and every tenth to a group. */
const fill = (stack, late) => stack.db(`
	WITH p AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS all_
		     FROM person WHERE telegram_id IS NOT NULL)
	INSERT INTO notification (person, chat, key, params, due_at, dedupe, created_at, expires_at)
	SELECT p.id, CASE WHEN p.id IS NULL THEN -1000 - i / 10 % 5 END, 'notice.in',
	       '{"name": "Котова Анна", "time": "08:58", "branch": "Садовая"}', now() - interval '1 second', 'bench ' || i, now(),
	       CASE WHEN $2 THEN now() - interval '1 second' END
	  FROM generate_series(1, $1::int) i
	  LEFT JOIN p ON i % 10 > 0 AND p.n = i % p.all_`, [waiting, late]);

/* The most that fall into any span of so many milliseconds. */
function most(instants, span) {
	let first = 0, best = 0;
	instants.forEach((at, last) => {
		while (at - instants[first] >= span)
			first++;
		best = Math.max(best, last - first + 1);
	});
	return best;
}

export async function outbox({ stack, telegram, note, rss, fixed }) {
	await supervise(stack, 'stop');
	await stack.db('TRUNCATE notification');
	/* What is too late is decided upon like any other, and not sent. */
	await fill(stack, true);
	const began = process.hrtime.bigint();
	await stack.worker();
	const seconds = Number(process.hrtime.bigint() - began) / 1e9;
	const [{ left }] = await stack.db("SELECT count(*)::int AS left FROM notification WHERE state = 'waiting'");
	note(`outbox, ${waiting} gone through`, `${fixed((waiting - left) / seconds, 0)}/s`, '', '', '>= 1000/s');

	await stack.db('TRUNCATE notification');
	await fill(stack, false);
	telegram.sent.length = telegram.refusals.length = 0;
	await supervise(stack, 'start');
	await telegram.arrived(1);
	await new Promise((done) => setTimeout(done, minute * 1000));
	const memory = await rss('worker', 'VmHWM');
	await supervise(stack, 'stop');
	const at = telegram.sent.map((m) => m.at), chats = Map.groupBy ? Map.groupBy(telegram.sent, (m) => m.chat_id) :
		telegram.sent.reduce((map, m) => map.set(m.chat_id, [...map.get(m.chat_id) ?? [], m]), new Map());
	const of = (test, span) => Math.max(0, ...[...chats].filter(([id]) => test(id))
		.map(([, list]) => most(list.map((m) => m.at), span)));
	note(`sent in ${minute} s while they wait`, `${at.length}`, '', '', '');
	note('', `at most ${most(at, 1000)} a second`, '', '', '<= 30');
	note('', `at most ${of(() => true, 1000)} a second to one`, '', '', '<= 1');
	note('', `at most ${of((id) => id < 0, 60_000)} a minute to a group`, '', '', '<= 20');
	note('', `worker ${fixed(memory, 1)} MB at most`, '', '', '< 32 MB');
	if (telegram.refusals.length > 0)
		throw new Error(`Telegram refused: ${JSON.stringify(telegram.refusals[0])}`);
	await stack.db('TRUNCATE notification');
	await supervise(stack, 'start');
}
