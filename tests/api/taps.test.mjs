/*
 * Card taps (T4; WORKTIME W1 to W5, W8 to W10), with the programs' clock in
 * our hands and a terminal that loses its network.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { pairReader } from '../nfc.mjs';

const start = '2026-10-20T06:00:00Z';	/* 09:00 in Kyiv */
let stack, clinic, clock, reader;
let serial = 0;

before(async () => {
	stack = await startStack({ faketime: start, conf: { TOKEN_MINUTES: 1440 }, workers: 4 });
	clock = stack.clock;
	clinic = await openClinic(stack, { time_zone: 'Europe/Kyiv' });
	reader = await hangReader();
});
after(() => stack?.stop());

async function hangReader(branch = clinic.branch) {
	const terminal = await clinic.must(clinic.admin, 'POST', '/terminals',
		{ name: `Считыватель ${++serial}`, branch: branch.id, kind: 'nfc' });
	const { pairing_code } = await clinic.must(clinic.admin, 'POST', `/terminals/${terminal.id}/pairing`);
	return Object.assign(await pairReader(stack.api, pairing_code, clock), { terminal });
}
const newUid = () => (0x04A2000000 + ++serial).toString(16).toUpperCase().padStart(10, '0');
/* Somebody with a card, and nobody's telegram. */
async function hire(more = {}) {
	const uid = newUid();
	const employee = await clinic.must(clinic.admin, 'POST', '/employees', { first_name: 'Анна', last_name: 'Котова',
		branch: clinic.branch.id, position: clinic.position.id, hired_on: '2020-01-01', card_uid: uid, ...more });
	return { ...employee, uid };
}
async function at(instant) {
	await clock.set(instant);
	clinic.admin = (await stack.signIn()).token;
}
const iso = (seconds) => new Date(seconds * 1000).toISOString().replace('.000', '');
const epoch = (text) => Date.parse(text) / 1000;
function fault(answer, status, code) {
	assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(answer.body));
	return answer.body;
}

const eventsOf = (employee) => stack.db(`SELECT v.id, v.at, v.kind AS given, m.kind, m.effect, v.source, v.flags
	FROM event v JOIN event_meaning m ON m.event = v.id WHERE employee = $1 ORDER BY at, id`, [employee.id]);
const intervalsOf = async (employee) => (await stack.db(`SELECT in_at, out_at, state FROM interval
	WHERE employee = $1 ORDER BY in_at`, [employee.id])).map((i) =>
	[i.in_at.toISOString().slice(11, 19), i.out_at?.toISOString().slice(11, 19) ?? null, i.state]);

describe('a tap', () => {
	test('is an event at once: in, then out', async () => {
		const anna = await hire();
		await at('2026-10-20T06:00:00Z');
		const first = await reader.post({ id: 'a1', uid: anna.uid });
		assert.equal(first.status, 201, JSON.stringify(first.body));
		assert.deepEqual({ ...first.body, event: 0 }, { id: 'a1', state: 'accepted', reason: null, event: 0,
			at: '2026-10-20T06:00:00Z', kind: 'in', time_zone: 'Europe/Kyiv', name: 'Анна К.' });
		await at('2026-10-20T15:00:00Z');
		const second = await reader.post({ id: 'a2', uid: anna.uid });
		assert.deepEqual([second.status, second.body.kind], [201, 'out']);
		assert.deepEqual((await eventsOf(anna)).map((e) => [e.given, e.kind, e.source]),
			[[null, 'in', 'nfc'], [null, 'out', 'nfc']]);
		assert.deepEqual(await intervalsOf(anna), [['06:00:00', '15:00:00', 'closed']]);
	});
});
