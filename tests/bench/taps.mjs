/*
 * taps: a thousand card taps of a day in one batch, against as many posted one
 * after the other, by a reader that keeps its connection.
 */

const people = 250, each = 4, singles = 250;
const uid = (i) => (0x04A2000000 + i).toString(16).toUpperCase().padStart(10, '0');

/* All of them have the same week. */
async function hire(stack, clinic) {
	await stack.db(`WITH p AS (
		INSERT INTO person (last_name, first_name, state)
		SELECT 'Карточкина', i::text, 'active' FROM generate_series(1, $1) i RETURNING id),
	e AS (
		INSERT INTO employee (person, branch, position, hired_on, card_uid)
		SELECT id, $2, $3, '2024-12-01', upper(lpad(to_hex(x'04A2000000'::int8 + row_number() OVER (ORDER BY id) - 1), 10, '0'))
		  FROM p RETURNING id),
	s AS (
		INSERT INTO schedule (employee, branch, time_zone, kind, valid_from, cycle_days, anchor)
		SELECT id, $2, 'Europe/Kyiv', 'weekly', '2025-01-06', 7, '2025-01-06' FROM e RETURNING id)
	INSERT INTO schedule_shift (schedule, cycle_days, day, starts, ends)
	SELECT id, 7, day, '09:00', '18:00' FROM s CROSS JOIN generate_series(0, 4) day`,
	[people, clinic.branch.id, clinic.position.id]);
}

export async function taps({ stack, clinic, note, rounds, median, fixed }) {
	await hire(stack, clinic);
	const { key } = await clinic.hang(clinic.branch, { kind: 'nfc' });
	const begin = Date.now() - 17 * 3600_000;
	let number = 0, round = 0;

	/* The k-th of the day of each; rounds lie twenty minutes apart. */
	const tap = (i, k) => ({ id: String(++number), uid: uid(i),
		at: new Date(begin + k * 3 * 3600_000 + round * 1200_000 + i * 1000).toISOString() });
	const post = async (body) => {
		const answer = await stack.api('POST', '/events/nfc', { token: key, body });
		if (answer.status !== 201)
			throw new Error(JSON.stringify(answer.body));
	};
	const rate = async (n, work) => {
		const began = process.hrtime.bigint();
		await work();
		return n * 1e9 / Number(process.hrtime.bigint() - began);
	};
	const one = [], many = [];
	for (; round < 2 * rounds; round++) {
		const now = (k) => Array.from({ length: people }, (_, i) => tap(i, k));
		if (round % 2)
			many.push(await rate(people * each, () =>
				post({ taps: Array.from({ length: each }, (_, k) => now(k)).flat() })));
		else
			one.push(await rate(singles, async () => {
				for (const body of now(4).slice(0, singles))
					await post(body);
			}));
	}
	note(`batch of ${people * each} taps, ${people} cards`, `${fixed(median(many), 0)}/s`,
		`one by one ${fixed(median(one), 0)}/s`, fixed(median(many) / median(one), 1), 20);
}
