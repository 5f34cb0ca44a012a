/*
 * Worked time against tests/worktime_oracle.mjs: seeded random histories
 * around the nights on which clocks change, in several zones; taps at once,
 * late and out of order, entries by hand, corrections and what they show,
 * plans drawn later and anew, holidays and absences that come and go, people
 * who begin, move, leave and come back, branches that change.  Then the same
 * as sheets, forms, CSV, own data and calendar.
 *
 * ORACLE_SEEDS="7 8 20-40" runs other seeds, in order: each has one of 48
 * nights from 2026 to 2037, so a run does not reach over 48, 96, 144.  A
 * failure names its seed, and prints the person's plan and facts.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { execFileSync } from 'node:child_process';
import { parse } from 'csv-parse/sync';
import ICAL from 'ical.js';
import readSheet from 'read-excel-file/node';
import { startStack } from '../harness.mjs';
import { openClinic } from '../clinic.mjs';
import { pairReader } from '../nfc.mjs';
import { branchOn, dayAfter, instant, localDay, losesSomething, offset, pair, planOf, sheetDay, shiftState, worktime } from '../worktime_oracle.mjs';

const S = 1, M = 60, H = 3600, D = 24 * H;
const PEOPLE = 8, DAYS = 8, STEP = 2 * H;
const seeds = (process.env.ORACLE_SEEDS ?? '1-4 6 8').split(/\s+/).flatMap((word) => {
	const [from, to = from] = word.split('-').map(Number);
	return Array.from({ length: to - from + 1 }, (_, i) => from + i);
});
const zones = ['Europe/Kyiv', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Europe/Moscow'];
const longest = { 'America/New_York': 12 * 60, 'Asia/Kathmandu': 36 * 60, 'Europe/Moscow': 90 };	/* minutes; else 16 hours */

const iso = (at) => new Date(at * 1000).toISOString().replace('.000', '');
const epoch = (text) => Date.parse(text) / 1000;

/*
 * When clocks change in these zones, from 2026 on; of two that are near each
 * other the first in even years, the second in odd ones.
 */
const near = (a, b) => b !== undefined && Math.abs(a - b) < (DAYS + 5) * D;
const changes = zones.flatMap((zone) => {
	const found = [];
	for (let at = Date.UTC(2026, 0, 1) / 1000; at < Date.UTC(2038, 0, 1) / 1000; at += D)
		if (offset(zone, at) !== offset(zone, at + D))
			found.push(at);
	return found;
}).sort((a, b) => a - b).filter((at, i, all) => !near(at, all[i + (new Date(at * 1000).getUTCFullYear() % 2 ? 1 : -1)]));

/* --- Chance --- */

function chance(seed) {
	let a = seed * 2654435761 >>> 0;
	const next = () => {
		a = a + 0x6D2B79F5 | 0;
		let t = Math.imul(a ^ a >>> 15, 1 | a);
		t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
		return ((t ^ t >>> 14) >>> 0) / 4294967296;
	};
	const to = (n) => Math.floor(next() * n);
	return { to, of: (list) => list[to(list.length)], is: (p) => next() < p, from: (a_, b) => a_ + to(b - a_ + 1),
		mix: (list) => list.map((x) => [next(), x]).sort((x, y) => x[0] - y[0]).map((x) => x[1]) };
}

/* --- A plan --- */

const week = (...hours) => [0, 1, 2, 3, 4, 5, 6].flatMap((d) => hours.map((h) => `${d} ${h}`));
const workweek = (...hours) => [0, 1, 2, 3, 4].flatMap((d) => hours.map((h) => `${d} ${h}`));
const drawings = [
	{ kind: 'weekly', shifts: workweek('09:00-18:00'), break_after_minutes: 360, break_minutes: 60 },
	{ kind: 'weekly', shifts: workweek('09:00-13:00', '14:00-18:00') },
	{ kind: 'weekly', shifts: week('09:00-13:00', '13:30-18:00'), break_after_minutes: 480, break_minutes: 45 },
	{ kind: 'weekly', shifts: week('06:00-10:00', '12:00-14:00', '20:00-23:00'), break_after_minutes: 0, break_minutes: 30 },
	{ kind: 'weekly', shifts: week('08:00-14:00', '14:00-20:00') },
	{ kind: 'weekly', shifts: week('02:15-10:00'), break_after_minutes: 240, break_minutes: 30 },
	{ kind: 'weekly', shifts: week('21:00-01:45') },
	{ kind: 'weekly', shifts: week('22:00-06:00'), break_after_minutes: 360, break_minutes: 120 },
	{ kind: 'rotation', cycle_days: 4, shifts: ['0 08:00-20:00', '1 08:00-20:00'], break_after_minutes: 480, break_minutes: 60 },
	{ kind: 'rotation', cycle_days: 4, shifts: ['0 09:00-17:30', '1 09:00-17:30', '2 09:00-17:30'] },
	{ kind: 'rotation', cycle_days: 4, shifts: ['0 08:00-20:00', '1 20:00-08:00'] },
	{ kind: 'rotation', cycle_days: 1, shifts: ['0 20:00-08:00'], break_after_minutes: 600, break_minutes: 60 },
	{ kind: 'rotation', cycle_days: 2, shifts: ['0 20:00-08:00', '1 14:00-18:00'] },
	{ kind: 'rotation', cycle_days: 4, shifts: ['0 08:00-08:00'], break_after_minutes: 1320, break_minutes: 240 },
	{ kind: 'rotation', cycle_days: 2, shifts: ['0 02:30-02:30'] },
	{ kind: 'rotation', cycle_days: 3, shifts: ['0 00:00-00:00'] },
	{ kind: 'rotation', cycle_days: 1, shifts: ['0 00:30-04:30', '0 18:00-22:00'] },
	{ kind: 'rotation', cycle_days: 1, shifts: ['0 01:30-02:30', '0 16:00-01:00'] },
];
const reasons = ['annual_leave', 'extra_leave', 'sick', 'business_trip', 'unpaid_leave', 'training', 'day_off', 'truancy', 'other'];
const otherHours = [['13:00-21:00'], ['09:00-13:00'], ['22:00-06:00'], ['08:00-12:00', '16:00-20:00'], ['20:00-08:00'], ['08:00-08:00'], ['02:00-03:00'], []];

/* What is told to the API, and the same as the oracle reads it. */
function schedule(rng, from, to) {
	const drawing = rng.of(drawings);
	const body = { ...drawing, valid_from: from, valid_to: to, grace_minutes: rng.of([0, 5, 5, 15]) };
	if (drawing.kind === 'rotation' && rng.is(0.7))
		body.anchor = dayAfter(from, rng.from(-9, 9));
	return body;
}
const drawnSchedule = (answer) => ({ kind: answer.kind, from: answer.valid_from, to: answer.valid_to,
	cycle: answer.cycle_days, anchor: answer.anchor, shifts: answer.shifts, zone: answer.time_zone, branch: answer.branch,
	breakAfter: (answer.break_after_minutes ?? 0) * M, breakLength: (answer.break_minutes ?? 0) * M,
	grace: answer.grace_minutes * M });

const drawnOf = (body, place) => drawnSchedule({ cycle_days: 7, anchor: body.kind === 'weekly' ? '2026-01-05' : body.valid_from,
	time_zone: place.zone, branch: place.id, ...body });

/* --- A history --- */

/* Instants on the borders of the rules, for a shift. */
const comes = (rng, s) => s.start + rng.of([0, 0, -S, S, s.grace, s.grace + S, -4 * H, -4 * H - S, -2 * H, -2 * H - S, -2 * H + S,
	2 * H, 2 * H + S, rng.from(-40 * M, 20 * M), rng.from(-40 * M, 20 * M), rng.from(-5 * H, 5 * H)]);
const goes = (rng, s, came) => rng.of([s.end, s.end, s.end - s.grace, s.end - s.grace - S, s.end + 15 * M, s.end + 15 * M + S,
	s.end + 2 * H, s.end + 2 * H + S, s.end + 4 * H, s.end + 4 * H + S, s.end - S, s.end + S, came + 16 * H, came + 16 * H + S,
	came + s.end - s.start + 4 * H, came + s.end - s.start + 4 * H + S, came + 12 * H, came + 12 * H + S, came + 36 * H, came + 36 * H + S,
	rng.from(s.end - 40 * M, s.end + 40 * M), rng.from(s.end - 40 * M, s.end + 40 * M), rng.from(s.start, s.end + 6 * H)]);
/* What is near it on the clock: the night's beginning and end, midnight. */
const bound = (rng, zone, at) => instant(zone, localDay(zone, at), rng.of([22 * H, 22 * H, 6 * H, 6 * H, 0, D])) + rng.of([-S, 0, 0, S]);
/* As long as nothing is taken off, or all of it is (W14). */
const breaks = (rng, s, came) => came + s.breakAfter + rng.of([0, s.breakLength]) + rng.of([-S, 0, S, M]);
const repeats = [0, S, 59, 60, 60, 61, 299, 300, 300, 301];

function history(rng, shifts, begins, ends, style, zone) {
	const facts = [];
	const kind = (k) => style === 'given' ? k : style === 'kindless' ? null : rng.of([k, k, null]);
	const add = (at, k) => {
		facts.push({ at, given: kind(k) });
		if (rng.is(0.12))
			facts.push({ at: at + rng.of(repeats), given: kind(rng.is(0.8) ? k : k === 'in' ? 'out' : 'in') });
	};
	for (const s of shifts.filter((x) => begins <= x.start && x.start < ends)) {
		if (rng.is(0.12))	/* nobody came */
			continue;
		const came = rng.is(0.06) ? bound(rng, zone, s.start) : comes(rng, s);
		const last = rng.is(0.1) ? bound(rng, zone, s.end) : rng.is(0.1) ? breaks(rng, s, came) : goes(rng, s, came);
		const gone = last > came ? last : goes(rng, s, came);
		if (!rng.is(0.07))
			add(came, 'in');
		if (rng.is(0.35) && gone - came > 2 * H) {
			const out = rng.from(came + H, gone - H);
			add(out, 'out');
			add(out + rng.of([2 * H, 2 * H + S, 10 * M, 30 * M, 45 * M, H, rng.from(M, H)]), 'in');
		}
		if (!rng.is(0.1))
			add(gone, 'out');
	}
	/* Days off, days without a plan, a stray. */
	for (let n = rng.to(shifts.length === 0 ? 8 : 3); n > 0; n--) {
		const at = rng.from(begins, ends - 12 * H);
		add(at, 'in');
		if (rng.is(0.8))
			add(rng.is(0.15) ? Math.max(at + M, bound(rng, zone, at + 8 * H)) : at + rng.of([16 * H, 16 * H + S, 12 * H, 12 * H + S, 90 * M, 90 * M + S, rng.from(M, 10 * H)]), 'out');
	}
	if (rng.is(0.3))
		add(rng.from(begins, ends), rng.of(['in', 'out']));
	return facts.filter((f) => begins <= f.at && f.at < ends);
}

/* --- The clinic --- */

let stack, clinic, clock, boss, places, serial = 0;

before(async () => {
	stack = await startStack({ faketime: iso(changes[0] - 5 * D), conf: { TOKEN_MINUTES: 1440 } });
	clock = stack.clock;
	clinic = await openClinic(stack);
	boss = await clinic.hire({}, { admin: true });
	places = await openPlaces();
});
after(() => stack?.stop());

let signedIn = 0;
async function to(at) {
	await clock.set(at * 1000);
	if (at - signedIn < 20 * H)
		return;
	clinic.admin = (await stack.signIn()).token;
	boss.token = (await stack.signIn({ id: boss.telegram_id })).token;
	signedIn = at;
}
async function openPlaces() {
	return Promise.all(zones.map(async (time_zone) => {
		const branch = await clinic.openBranch({ time_zone, max_shift_minutes: longest[time_zone] ?? 960 });
		const hang = (kind) => clinic.must(clinic.admin, 'POST', '/terminals',
			{ name: `Т ${++serial}`, branch: branch.id, kind });
		const pairing = async (t) => (await clinic.must(clinic.admin, 'POST', `/terminals/${t.id}/pairing`)).pairing_code;
		const reader = await pairReader(stack.api, await pairing(await hang('nfc')), clock);
		const tablet = await clinic.hang(branch);
		return { ...branch, reader, tablet, queue: [], zone: time_zone, limit: branch.max_shift_minutes * M };
	}));
}
const factAt = (place, f) => ({ ...f, zone: place.zone, branch: place.id, limit: place.limit, serial: ++serial });

/*
 * A person: what is drawn for him, what he did, and how each became known.
 * steps of the whole round are { when, run }.
 */
async function person(rng, first, steps) {
	const place = rng.of([...places, places.changing, places.changing]), uid = (0x05000000 + ++serial).toString(16).toUpperCase().padStart(8, '0');
	const style = rng.of(['kindless', 'kindless', 'given', 'mixed', 'mixed']);
	const app = rng.is(0.1), strange = !app && rng.is(0.15);
	const hired = rng.is(0.12) ? dayAfter(first, rng.from(0, DAYS - 3)) : '2020-01-01';
	const who = await clinic.hire({ last_name: `Котова-${serial}` }, { branch: place.id, hired_on: hired, card_uid: strange ? undefined : uid,
		...(app ? {} : { telegram_id: undefined }) });
	const last = dayAfter(first, DAYS - 1), begins = instant(place.zone, first, 0), ends = begins + DAYS * D;
	const p = { ...who, uid, place, style, app, strange, facts: [], begins, ends, overtime: new Map(),
		drawn: { hired, states: [], schedules: [], exceptions: [], absences: [], holidays: places.holidays, zones: places.zones, stays: [{ branch: place.id, until: null }] } };
	p.home = place;
	const must = (path, body) => clinic.must(clinic.admin, 'POST', path, body);
	/* At once or later; what has gone again has no part in what he did. */
	const later = async (how, ...also) => {
		const when = rng.from(begins, ends);
		if (rng.is(0.25))
			steps.push({ when, run: unlessGone(p, how) });
		else
			await how();
		for (const [run, chance_] of also)
			if (rng.is(chance_))
				steps.push({ when: rng.from(when, ends), run: unlessGone(p, run) });
	};
	const drop = async (list, path, item) => {
		if (!p.drawn[list].includes(item))
			return;
		await clinic.must(clinic.admin, 'DELETE', `${path}/${item.id}`);
		p.drawn[list] = p.drawn[list].filter((x) => x !== item);
	};

	/* The plan, of which a part is drawn later.  planned is all of it. */
	const planned = { ...p.drawn, schedules: [], exceptions: [], absences: [] };
	const draw = (body) => {
		let made;
		/* Drawn anew in its place, with the zone that it has. */
		const redraw = async () => {
			if (!p.drawn.schedules.includes(made))
				return;
			const other = schedule(rng, made.from, made.to);
			const answer = await clinic.must(clinic.admin, 'PUT', `/schedules/${made.id}`, { ...other, valid_to: made.to ?? undefined });
			Object.assign(made, drawnSchedule(answer));
		};
		planned.schedules.push(drawnOf(body, place));
		return later(async () => {
			const answer = await must('/schedules', { employee: who.id, ...body });
			p.drawn.schedules.push(made = { ...drawnSchedule(answer), id: answer.id });
		}, [() => drop('schedules', '/schedules', made), 0.1], [redraw, 0.12]);
	};
	if (!rng.is(0.1)) {
		const change = rng.is(0.3) && dayAfter(first, rng.from(2, DAYS - 2));
		const joined = change && rng.is(0.3);	/* the second one ends the first */
		if (joined) {
			const one = schedule(rng, dayAfter(first, -3), dayAfter(change, -1));
			const two = schedule(rng, change, dayAfter(last, 3));
			planned.schedules.push(...[one, two].map((body) => drawnOf(body, place)));
			const both = [];
			for (const body of [{ ...one, valid_to: undefined }, { ...two, ends_previous: true }])
				both.push(async () => {
					const answer = await must('/schedules', { employee: who.id, ...body });
					for (const s of p.drawn.schedules.filter((x) => x.to === null))
						s.to = dayAfter(change, -1);
					p.drawn.schedules.push({ ...drawnSchedule(answer), id: answer.id });
				});
			await both[0]();
			await later(both[1]);
		} else {
			await draw(schedule(rng, dayAfter(first, -3), change ? dayAfter(change, -1) : dayAfter(last, 3)));
			if (change)
				await draw(schedule(rng, change, dayAfter(last, 3)));
		}
	}
	for (let n = rng.to(3), used = []; n > 0; n--) {
		const exception = { day: dayAfter(first, rng.to(DAYS)), shifts: rng.of(otherHours), zone: place.zone };
		if (used.includes(exception.day))
			continue;
		used.push(exception.day);
		planned.exceptions.push(exception);
		const put = async () => {
			const { day, shifts } = exception;
			exception.id = (await must('/schedule-exceptions', { employee: who.id, day, shifts })).id;
			const { branch } = p.drawn.stays.find((s) => s.until === null || day < s.until);
			exception.zone = places.find((x) => x.id === branch).zone;	/* W1, W12 */
			p.drawn.exceptions = [...p.drawn.exceptions.filter((x) => x !== exception), exception];
		};
		await later(put, [() => drop('exceptions', '/schedule-exceptions', exception), 0.1],
			[() => { exception.shifts = rng.of(otherHours); return put(); }, 0.1]);
	}
	if (rng.is(0.3)) {
		const from = dayAfter(first, rng.to(DAYS));
		const absence = { kind: rng.of(reasons), from, to: dayAfter(from, rng.to(3)), state: rng.of(['approved', 'approved', 'requested']) };
		const asked = { kind: absence.kind, from, to: absence.to };
		planned.absences.push(asked);
		const known_ = () => {	/* what is not approved cancels nothing */
			p.drawn.absences = absence.state === 'approved' ? [absence] : [];
			p.drawn.requested = absence.state === 'requested' ? absence : null;
		};
		const put = async (to) => {
			if (absence.id === undefined || absence.gone)
				return;
			const { kind, state } = absence;
			await clinic.must(clinic.admin, 'PUT', `/absences/${absence.id}`, { kind, from, to: absence.to, state, ...to });
			Object.assign(absence, to);
			known_();
		};
		await later(async () => {
			const { id } = await must('/absences', { employee: who.id, ...asked, state: absence.state });
			absence.id = id;
			known_();
		}, [async () => {
			if (absence.id === undefined || absence.gone)
				return;
			await clinic.must(clinic.admin, 'DELETE', `/absences/${absence.id}`);
			absence.gone = true;
			absence.state = 'declined';
			known_();
		}, 0.1], [() => put({ state: rng.of(['approved', 'approved', 'declined', 'cancelled']) }), 0.4],
		[() => put({ kind: rng.of(reasons), to: dayAfter(from, rng.to(5)) }), 0.15]);
	}

	/* He goes to another branch. */
	if (rng.is(0.15))
		steps.push({ when: rng.from(begins, ends), run: () => move(p, rng.of(places.filter((x) => x !== p.home))) });

	/* What he did, and how that arrives. */
	const shifts = planOf(planned, first, last).flatMap((d) => d.shifts);
	const facts = history(rng, shifts, begins + 12 * H, ends - 6 * H, app ? 'given' : style, place.zone);
	const restless = rng.is(0.15) ? 0.5 : 0.04;
	let at = place;
	for (const f of facts.sort((a, b) => a.at - b.at)) {
		if (rng.is(restless))	/* elsewhere, or from now on */
			at = rng.of([place, rng.of(places)]);
		const where = rng.is(0.03) ? rng.of(places) : at;
		const from = at;
		if (app)
			steps.push({ when: f.at, run: unlessGone(p, () => scan(p, from, f)) });
		else if (f.given && !strange && f.at >= instant(place.zone, hired, 0) + D && rng.is(0.08))
			steps.push({ when: f.at + rng.of([S, H, rng.from(S, 3 * D)]), run: unlessGone(p, () => byHand(p, f)) });
		else if (rng.is(0.1))
			steps.push({ when: f.at, run: unlessGone(p, () => tapNow(p, where, f)) });
		else
			steps.push({ when: f.at + rng.of([0, 0, rng.from(0, 6 * H), rng.from(0, 16 * H)]), late: true,
				run: unlessGone(p, () => void where.queue.push({ p, f, id: `q${++serial}` })) });
	}
	/* What was known is corrected while he goes on; he leaves. */
	if (!strange && rng.is(0.25))
		for (let n = rng.from(1, 3); n > 0; n--)
			steps.push({ when: rng.from(begins + 2 * D, ends), run: unlessGone(p, () => correct(rng, p, Math.floor(clock.now() / 1000))) });
	if (!strange && rng.is(0.1))
		steps.push({ when: rng.from(begins + 3 * D, ends), run: unlessGone(p, () => lengthen(rng, p,
			worktime(p, dayAfter(first, -1), dayAfter(last, 2), clock.now() / 1000), clock.now() / 1000)) });
	if (!strange && rng.is(0.15))
		leaves(rng, p, steps);
	return p;
}

function leaves(rng, p, steps) {
	const when = rng.from(p.begins + 3 * D, p.ends - D);
	p.rng = rng;
	steps.push({ when, run: () => depart(p) });
	if (rng.is(0.7))
		steps.push({ when: when + rng.of([H, 3 * H, rng.from(M, D)]), run: () => comeBack(p) });
}
const unlessGone = (p, run) => () => p.gone ? undefined : run();

/* W7, with what is under way; and perhaps he comes back. */
async function depart(p) {
	for (const place of places)
		await arrive(p.rng, place);
	if (p.facts.length === 0)	/* who left no traces is removed, not deactivated */
		return;
	p.gone = true;
	const at = Math.floor(clock.now() / 1000), today = localDay(p.home.zone, at);
	const back = p.drawn.hired > today ? 0 : p.rng.of([0, 0, 1, 2, 3]);
	p.drawn.left = [p.drawn.hired, dayAfter(today, -back)].sort()[1];
	if (back === 0)
		await clinic.must(clinic.admin, 'DELETE', `/employees/${p.id}`);
	else	/* some days ago, it is said now */
		await putEmployee(p, p.home, { active: false, left_on: p.drawn.left });
	p.drawn.states.push({ at, active: false });
}
async function comeBack(p) {
	if (!p.gone)
		return;
	await putEmployee(p, p.home, { active: true });
	p.gone = false;
	delete p.drawn.left;
	p.drawn.states.push({ at: Math.floor(clock.now() / 1000), active: true });
}
const putEmployee = (p, place, more) => clinic.must(clinic.admin, 'PUT', `/employees/${p.id}`, { last_name: p.last_name,
	first_name: p.first_name, branch: place.id, position: clinic.position.id, ...(!p.strange && { card_uid: p.uid }),
	hired_on: p.drawn.hired, ...more });

/* W1: what was there keeps the zone and the limit that it had. */
async function changeBranch(rng, place) {
	const { name, time_zone, max_shift_minutes } = place;
	const more = rng.of([{ time_zone: rng.of(zones) }, { max_shift_minutes: rng.of([12 * 60, 24 * 60, 60]) }]);
	const set = async (body) => {
		await clinic.must(clinic.admin, 'PUT', `/branches/${place.id}`, { name, time_zone, max_shift_minutes, ...body });
		places.zones[place.id] = place.zone = body.time_zone ?? time_zone;
		place.limit = (body.max_shift_minutes ?? max_shift_minutes) * M;
	};
	await set(more);
	places.restore.push(() => set({}));
}

async function changeHolidays(rng, first) {
	const list = places.known;
	const show = () => {
		for (const place of places)
			places.holidays[place.id] = list.filter((h) => [null, place.id].includes(h.branch)).map((h) => h.day);
	};
	if (places.fresh.length > 0 && rng.is(0.5)) {
		const holiday = rng.of(places.fresh), day = dayAfter(first, rng.to(DAYS));
		if (rng.is(0.5) || list.some((h) => h.day === day)) {
			await clinic.must(clinic.admin, 'DELETE', `/holidays/${holiday.id}`);
			list.splice(list.indexOf(holiday), 1);
			places.fresh.splice(places.fresh.indexOf(holiday), 1);
		} else {
			const { branch } = holiday;
			await clinic.must(clinic.admin, 'PUT', `/holidays/${holiday.id}`, { day, name: 'Праздник', ...(branch && { branch }) });
			holiday.day = day;
		}
		return show();
	}
	const day = dayAfter(first, rng.to(DAYS)), branch = rng.is(0.3) ? null : rng.of(places).id;
	if (!list.some((h) => h.day === day)) {
		const { id } = await clinic.must(clinic.admin, 'POST', '/holidays', { day, name: 'Праздник', ...(branch && { branch }) });
		list.push({ id, day, branch });
		places.fresh.push(list.at(-1));
	}
	return show();
}

async function move(p, place) {
	if (p.gone)
		return;
	await putEmployee(p, place);
	const until = localDay(place.zone, clock.now() / 1000);
	p.drawn.stays.at(-1).until = until;
	p.drawn.stays.push({ branch: place.id, until: null });
	for (const exception of p.drawn.exceptions.filter((x) => x.day >= until))
		exception.zone = place.zone;	/* W12 */
	p.home = place;
}

/* A card that is held to a reader now. */
async function tapNow(p, place, f) {
	const fact = factAt(place, f);
	const shifts = planOf(p.drawn, localDay(place.zone, f.at), localDay(place.zone, f.at)).flatMap((d) => d.shifts);
	p.facts.push(fact);
	const { status, body } = await place.reader.post({ id: `n${++serial}`, uid: p.uid, ...(f.given && { kind: f.given }) });
	assert.ok(status < 300, JSON.stringify(body));
	if (p.strange)
		return;
	/* W2, W3: answered as the rules have it with what is known. */
	const meant = pair(p.facts, shifts, f.at, p.drawn.states).meant.find((m) => m.fact === fact);
	if (meant.fact.at === Math.max(...p.facts.map((x) => x.at)))
		told(p, [body.kind, body.state === 'repeated'],
			[meant.kind, meant.effect === 'repeat' || meant.effect === 'redundant'], `tap at ${iso(f.at)}`);
}

/* The Mini App: what is proposed, then what he says. */
async function scan(p, place, f) {
	const fact = factAt(place, f);
	p.token = (await stack.signIn({ id: p.telegram_id })).token;
	const claim = await clinic.scan(p.token, place.tablet);
	assert.equal(claim.status, 201, JSON.stringify(claim.body));
	const shifts = planOf(p.drawn, localDay(place.zone, f.at), localDay(place.zone, f.at)).flatMap((d) => d.shifts);
	const proposed = pair([...p.facts, { ...fact, given: null }], shifts, f.at, p.drawn.states).meant.at(-1);
	if (proposed.effect !== 'repeat' && p.facts.every((x) => x.at !== f.at))
		told(p, claim.body.proposed, proposed.kind, `proposed at ${iso(f.at)}`);
	const answer = await clinic.tap(p.token, claim.body.id, f.given);
	assert.ok(answer.status < 300, JSON.stringify(answer.body));
	known(p, fact, answer, shifts);
}

/* An event, or what was there already: a repeat is none (W3), what is redundant is kept (W5). */
function known(p, fact, { status, body }, shifts) {
	const isLast = p.facts.every((f) => f.at <= fact.at);
	fact.recorded = true;
	p.facts.push(fact);
	const meant = pair(p.facts, shifts, clock.now() / 1000, p.drawn.states).meant.find((m) => m.fact === fact);
	/* An entry of what is long over need not be answered with what was open then. */
	if (status === 200 || (isLast && meant.effect !== 'redundant'))
		told(p, [status, body.at], [['repeat', 'redundant'].includes(meant.effect) ? 200 : 201, iso(meant.as)],
			`${fact.given} at ${iso(fact.at)}`);
	if (status === 200 && meant.effect === 'repeat')
		p.facts.pop();
}

async function byHand(p, f) {
	const shifts = planOf(p.drawn, localDay(p.place.zone, f.at), localDay(p.place.zone, f.at)).flatMap((d) => d.shifts);
	const answer = await clinic.as(clinic.admin, 'POST', '/events/manual',
		{ employee: p.id, at: iso(f.at), kind: f.given, reason: 'Не работал планшет', confirm: true });
	assert.ok(answer.status < 300, JSON.stringify(answer.body));
	/* Answered with what is open, it is kept with its own branch (W5). */
	known(p, { ...factAt(p.place, f), byHand: true, ...await placeOf(p, f.at) }, answer, shifts);
}

/* W1: where what is entered by hand was. */
async function placeOf(p, at) {
	const [kept] = await stack.db(`SELECT branch, time_zone, limit_seconds FROM event WHERE employee = $1 AND at = $2
		AND source IN ('manual', 'correction') ORDER BY id DESC LIMIT 1`, [p.id, iso(at)]);
	return kept && { branch: Number(kept.branch), zone: kept.time_zone, limit: kept.limit_seconds };
}

/* W4: what waits at a place arrives, in any order. */
async function arrive(rng, place) {
	const items = rng.mix(place.queue.splice(0)).filter(({ p }) => !p.gone);
	if (items.length === 0)
		return;
	const { status, body } = await place.reader.post({ taps: items.map(({ p, f, id }) =>
		({ id, uid: p.uid, at: iso(f.at), ...(f.given && { kind: f.given }) })) });
	assert.ok(status < 300, JSON.stringify(body));
	for (const [i, { p, f }] of items.entries()) {
		assert.ok(['accepted', 'repeated', 'unknown'].includes(body.items[i].state), JSON.stringify(body.items[i]));
		p.facts.push(factAt(place, f));
	}
	for (const p of new Set(items.map((x) => x.p)))
		if (!p.strange)
			settle(p);
}

/* W4: the borders of what a reader may still say, or already. */
async function borders(p, place, now) {
	const taps = [-18 * H - S, -18 * H, 10 * M, 10 * M + S].map((back) => ({ at: now + back, given: null, id: `b${++serial}` }));
	const { body } = await place.reader.post({ taps: taps.map(({ at, id }) => ({ id, uid: p.uid, at: iso(at) })) });
	told(p, body.items.map((x) => x.reason), ['TAP_TOO_OLD', null, null, 'TAP_TOO_EARLY'], 'borders');
	for (const { at, given } of taps.slice(1, 3))
		p.facts.push(factAt(place, { at, given }));
}

/* W10: an out beyond the limit, which somebody confirms in so many words; not beyond 36 hours. */
async function lengthen(rng, p, truth, now) {
	const lost = truth.intervals.filter((i) => i.state === 'missing_out'
		&& !p.drawn.left && i.in.at >= instant(p.place.zone, dayAfter(p.drawn.hired, 1), 0) && p.facts.every((f) => f.at <= i.in.at || f.at > i.in.at + 37 * H) && i.in.at + 37 * H < now);
	if (lost.length === 0)
		return;
	const { in: { at }, limit: most } = rng.of(lost);
	const length = most >= 36 * H ? most + S : rng.of([most + S, 36 * H, 36 * H + S]), long = length <= 36 * H;
	const body = { employee: p.id, at: iso(at + length), kind: 'out', reason: 'Дежурила', ...(long ? {} : { confirm: true }) };
	if (long)
		told(p, (await clinic.as(clinic.admin, 'POST', '/events/manual', body)).body.code, 'CONFIRM_LONG', iso(at + length));
	const made = await clinic.must(clinic.admin, 'POST', '/events/manual', { ...body, confirm_long: long });
	told(p, made.effect, long ? 'closes' : 'missing_in', `an out after ${length} s`);
	p.facts.push({ ...factAt(p.place, { at: at + length, given: 'out', byHand: true, ...(long && { until: length }) }), ...await placeOf(p, at + length) });
}

/* W7: who is deactivated has nothing open, and no plan from then on. */
async function leave(p, now) {
	p.gone = true;
	await to(now);
	await tapNow(p, p.home, { at: now, given: 'in' });
	await to(now + H);
	await clinic.must(clinic.admin, 'DELETE', `/employees/${p.id}`);
	p.drawn.left = localDay(p.home.zone, now + H);
	p.drawn.states.push({ at: Math.floor(clock.now() / 1000), active: false });
}

/* A change of what is known; or of what is not: somebody says he was there. */
async function correct(rng, p, now) {
	settle(p);
	const there = p.facts.filter((f) => !f.voided);
	if (there.length === 0)
		return;
	const fact = rng.of(there), adds = rng.is(0.2);
	const { items } = await clinic.must(boss.token, 'GET', `/events?employee=${p.id}&limit=200`);
	const event = items.find((e) => e.at === iso(fact.at) && e.voided_by === null);
	const same = there.filter((f) => f.at === fact.at);
	const change = (adds || rng.is(0.6)) && { at: fact.at + rng.of([H, -H, 30 * M, -20 * M, 6 * M, 60, 61, -3 * H]), given: rng.of(['in', 'out']) };
	if (!adds && (!event || same.length > 1))	/* a tap that meant nothing new, or one of two */
		return;
	const last = p.drawn.left ? instant(p.home.zone, dayAfter(p.drawn.left, 2), 0) - 1 : now;
	if (change && (change.at > Math.min(now, last) || change.at < instant(p.place.zone, dayAfter(p.drawn.hired, 1), 0)
		|| p.facts.some((f) => f.at === change.at)))
		return;
	const asked = await clinic.as(boss.token, 'POST', '/corrections', { employee: p.id, reason: 'Было не так',
		...(adds ? {} : { event: event.id }), ...(change ? { action: adds ? 'add' : 'change', at: iso(change.at), kind: change.given } : { action: 'void' }) });
	told(p, asked.status, 201, `asking for a change of ${iso(fact.at)}: ${JSON.stringify(asked.body)}`);
	const { id } = asked.body;
	const days = [dayAfter(localDay('UTC', fact.at), -6), dayAfter(localDay('UTC', fact.at), 6)];
	const before = worktime(p, ...days, now, places.overtimeFrom);
	const effect = await clinic.must(clinic.admin, 'GET', `/corrections/${id}/effect`);
	const first = await clinic.as(clinic.admin, 'POST', `/corrections/${id}/approve`, {});
	const long = first.body.code === 'CONFIRM_LONG';
	if (first.status >= 300)
		await clinic.must(clinic.admin, 'POST', `/corrections/${id}/approve`, { confirm: true });
	fact.voided = !adds;
	/* W3: what repeated it was no event, and is none now. */
	for (const f of p.facts.filter((x) => !adds && !x.recorded && x.at >= fact.at && x.at <= fact.at + 5 * M))
		f.voided = true;
	/* What arrives only now is news. */
	if (!adds && rng.is(0.3) && now - fact.at < 15 * H)
		rng.of(places).queue.push({ p, f: { at: fact.at + rng.of(repeats), given: rng.of(['in', 'out', null]) }, id: `v${++serial}` });
	if (!change)
		return compareEffect(p, before, days, now, effect, first, long, fact);
	const made = { ...fact, ...change, voided: false, recorded: true, byHand: true, serial: ++serial, until: undefined, ...await placeOf(p, change.at) };
	p.facts.push(made);
	if (effect.there && pair(p.facts, shiftsAround(p, change.at), now, p.drawn.states).meant.find((m) => m.fact === made).effect === 'repeat')
		p.facts.pop();
	return compareEffect(p, before, days, now, effect, first, long, adds ? undefined : fact, made);
}

/* Which taps have become events (W3): from then on they are facts to be judged. */
function settle(p) {
	const shifts = planOf(p.drawn, localDay('UTC', p.begins), localDay('UTC', p.ends)).flatMap((d) => d.shifts);
	for (const { fact, effect } of pair(p.facts, shifts, clock.now() / 1000, p.drawn.states).meant)
		fact.recorded ||= effect !== 'repeat';
}

const shiftsAround = (p, at) => planOf(p.drawn, localDay('UTC', at - 3 * D), localDay('UTC', at + 3 * D)).flatMap((d) => d.shifts);

/* W10: its effect was shown, and what loses something asked for. */
function compareEffect(p, before, days, now, effect, first, long, taken, made) {
	const after = worktime(p, ...days, now, places.overtimeFrom);
	const shown = ({ planned_seconds, worked_seconds, late_seconds, early_seconds, night_seconds, overtime_seconds,
		missing_out, missing_in }) => ({ planned_seconds, worked_seconds, late_seconds, early_seconds, night_seconds,
		overtime_seconds, missing_out, missing_in });
	const wanted = before.days.map((d, i) => ({ day: d.day, before: shown(d), after: shown(after.days[i]) }))
		.filter((d) => !isDeepStrictEqual(d.before, d.after));
	told(p, effect.days, wanted, `effect of a change of ${taken && iso(taken.at)} to ${made && iso(made.at)} ${made?.given}`);
	told(p, long ? 'long' : first.body.code === 'CONFIRM_LOSS', long ? 'long' : losesSomething(before, after, taken, made),
		`whether to confirm a change of ${taken && iso(taken.at)} to ${made && iso(made.at)} ${made?.given}`);
}

/* --- Comparing --- */

/* Of two lists, what only one of them has. */
const difference = (got, wanted) => [[got, wanted, 'got   '], [wanted, got, 'wanted']].map(([list, other, name]) =>
	`${name} ${JSON.stringify(got.length === wanted.length ? list.filter((x, i) => !isDeepStrictEqual(x, other[i]))
		: list.filter((x) => !other.some((y) => isDeepStrictEqual(x, y))))} of ${list.length}`);

let seed;
function told(p, got, wanted, what) {
	if (isDeepStrictEqual(got, wanted))
		return;
	const local = (at) => new Date((at + offset(p.place.zone, at)) * 1000).toISOString().slice(5, 19);
	const shifts = planOf(p.drawn, localDay(p.place.zone, p.begins), localDay(p.place.zone, p.ends)).flatMap((d) => d.shifts);
	const paired = pair(p.facts, shifts, clock.now() / 1000, p.drawn.states);
	throw new assert.AssertionError({ actual: got, expected: wanted, operator: 'deepStrictEqual', message: [
		`ORACLE_SEEDS=${seed}: employee ${p.id}, ${what}, now ${local(clock.now() / 1000)} in ${p.place.zone}`,
		...Array.isArray(got) && Array.isArray(wanted) ? difference(got, wanted) : [`got    ${JSON.stringify(got)}`, `wanted ${JSON.stringify(wanted)}`],
		...p.drawn.schedules.map((x) => `schedule ${JSON.stringify(x)}`),
		`more ${JSON.stringify({ ...p.drawn, schedules: undefined })}`,
		...shifts.map((x) => `shift ${x.day}: ${local(x.start)} to ${local(x.end)}`),
		...[...p.facts].sort((a, b) => a.at - b.at).map((f) => {
			const m = paired.meant.find((x) => x.fact === f);
			return `fact ${local(f.at)} (${iso(f.at)}) ${f.given ?? '-'} ${f.zone} ${f.limit / H}h: ${m?.kind ?? 'voided'} ${m?.effect ?? ''}`;
		}),
		...paired.intervals.map((i) => `interval ${local(i.in.at)} to ${i.out && local(i.out.at)} ${i.state} on ${i.day}`),
	].join('\n') });
}

const nothing = { shifts: 0, worked_seconds: 0, planned_seconds: 0, difference_seconds: 0, break_seconds: 0, late_seconds: 0,
	early_seconds: 0, overtime_seconds: 0, night_seconds: 0, missing_out: 0, missing_in: 0, unexplained: 0, holiday: false,
	absence: null, conflict: false, open: false };

/* W13, and that what a figure is made of adds up to it. */
async function compareToday(p, truth, now) {
	p.token = (await stack.signIn({ id: p.telegram_id })).token;
	const { today } = await clinic.me(p.token);
	const running = truth.intervals.find((i) => i.state === 'open');
	const over = truth.intervals.findLast((i) => i.state === 'closed' && i.out.at > now - 4 * H);
	told(p, [today.day, today.open?.since ?? null], [running?.day ?? over?.day ?? localDay(p.home.zone, now),
		running ? iso(running.in.at) : null], 'today');
}
async function compareReasons(p, truth, day, now) {
	const { reasons, shifts } = await clinic.must(clinic.admin, 'GET', `/stats/worktime/explain?employee=${p.id}&day=${day.day}`);
	const made = (figure) => reasons.filter((r) => r.figure === figure).reduce((sum, r) => sum + r.seconds, 0);
	for (const figure of ['worked', 'planned', 'late', 'early', 'night', 'overtime'])
		told(p, made(figure), day[`${figure}_seconds`], `reasons of ${figure} on ${day.day}`);
	told(p, shifts.map((s) => [s.starts_at, s.state]), truth.shifts.filter((s) => s.day === day.day)
		.map((s) => [iso(s.start), shiftState(truth.shifts, truth, s, now)]), `shifts of ${day.day}`);
}

async function compare(people, first, rng) {
	const from = dayAfter(first, -1), until = dayAfter(first, DAYS + 1), now = clock.now() / 1000;
	const get = async (path) => (await clinic.must(clinic.admin, 'GET', path)).items;
	const byDay = await get(`/stats/worktime?from=${from}&to=${until}&by=day`);
	const totals = await get(`/stats/worktime?from=${from}&to=${until}`);
	const presence = await get('/presence');
	const listed = await everyDay(from, until);
	const grids = await get(`/stats/worktime?from=${from}&to=${until}&by=grid`);
	for (const p of people) {
		if (p.strange)
			continue;
		const truth = worktime(p, from, until, now, places.overtimeFrom);
		for (const day of truth.days) {
			const { employee, name, branch, ...row } = byDay.find((d) => d.employee === p.id && d.day === day.day)
				?? { day: day.day, ...nothing, holiday: day.holiday };
			const wanted = Object.fromEntries(Object.keys(row).map((k) => [k, day[k]]));
			told(p, row, wanted, `by=day of ${day.day}`);
		}
		const { grid } = grids.find((g) => g.employee === p.id);
		for (const day of truth.days)
			told(p, { worked_seconds: 0, planned_seconds: 0, unexplained: 0, ...grid.find((d) => d.day === day.day) },
				gridOf(day, grid.some((d) => d.day === day.day)), `by=grid of ${day.day}`);
		const total = totals.find((t) => t.employee === p.id);
		for (const [name, figure] of Object.entries(truth.total))
			told(p, total[name], figure, `by=total, ${name}`);
		if (!p.drawn.left)
			comparePresence(p, truth, presence.find((x) => x.employee === p.id), now);
		compareListed(p, truth, listed.filter((d) => d.employee === p.id), now);
		if (p.app && !p.drawn.left)
			await compareToday(p, truth, now);
		if (rng.is(0.2))
			await compareReasons(p, truth, rng.of(truth.days), now);
	}
}

/* What is nothing is left out of a grid; a holiday alone may have no row yet, which the worker makes. */
function gridOf(day, listed) {
	const { shifts, difference_seconds, break_seconds, ...row } = day;
	const some = Object.entries(row).filter(([name, x]) => x || ['worked_seconds', 'planned_seconds', 'unexplained'].includes(name));
	return Object.fromEntries(some.filter(([name]) => listed || !['day', 'holiday'].includes(name)));
}

/* The board knows only open intervals (W11), and of a shift how it stands (W18). */
function comparePresence(p, truth, row, now) {
	const open = truth.intervals.find((i) => i.state === 'open');
	told(p, [row.state, row.since, row.running_seconds],
		open ? ['in', iso(open.in.at), Math.max(0, now - open.in.at)] : [row.state === 'in' ? 'out' : row.state, open ? '' : row.since, null], 'presence');
	if (row.shift_starts_at) {
		const shift = truth.shifts.find((s) => iso(s.start) === row.shift_starts_at && iso(s.end) === row.shift_ends_at);
		told(p, row.plan, shift && shiftState(truth.shifts, truth, shift, now), `presence at ${row.shift_starts_at}`);
	}
}

async function everyDay(from, until) {
	const items = [];
	for (let next = ''; next !== null;) {
		const page = await clinic.must(clinic.admin, 'GET', `/reports/days?from=${from}&to=${until}&limit=200${next && `&after=${next}`}`);
		items.push(...page.items);
		next = page.next;
	}
	return items;
}

function compareListed(p, truth, rows, now) {
	for (const day of truth.days) {
		const row = rows.find((d) => d.day === day.day);
		const intervals = truth.intervals.filter((i) => i.day === day.day);
		const running = intervals.filter((i) => i.state === 'open').reduce((sum, i) => sum + Math.max(0, now - i.in.at), 0);
		if (!row) {
			told(p, null, intervals.length + day.missing_in + day.unexplained > 0 ? 'a row' : null, `/reports/days of ${day.day}`);
			continue;
		}
		const outs = intervals.filter((i) => i.out).map((i) => i.out.at);
		told(p, [row.worked_seconds, row.planned_seconds, row.late_seconds, row.early_seconds, row.open, Number(row.missing_out),
			row.missing_in, row.unexplained, row.first_in, row.intervals], [day.worked_seconds + running, day.planned_seconds,
			day.late_seconds, day.early_seconds, day.open, day.missing_out, day.missing_in, day.unexplained,
			intervals.length > 0 ? iso(intervals[0].in.at) : null, intervals.map((i) => ({ in_at: iso(i.in.at),
				out_at: i.out ? iso(i.out.at) : null, state: i.state }))], `/reports/days of ${day.day}`);
		if (day.missing_in === 0)
			told(p, row.last_out, outs.length > 0 ? iso(Math.max(...outs)) : null, `last_out of ${day.day}`);
	}
}

/* --- The same on paper, as CSV, for oneself and for a calendar --- */

const worked = { work: 'Я Р', night: 'Н РН', overtime: 'С НУ', rest_work: 'РВ РВ' };
const away = { annual_leave: 'ОТ В', extra_leave: 'ОД Д', sick: 'Б ТН', unpaid_leave: 'ДО НА', training: 'ПК ІН', day_off: 'ОВ ІВ',
	truancy: 'ПР ПР', other: 'НН І', unexplained: 'НН НЗ' };
const letters = { ...worked, ...away, business_trip: 'К ВД', rest: 'В ', holiday: 'В ', missing: '? ?', open: '? ?',
	outside: ' ', expected: ' ', unplanned: ' ' };
/* On paper rounded to hundredths of an hour, half up. */
const hundredths = (seconds) => Math.floor((seconds * 100 + 1800) / 3600);
const hoursText = (seconds) => String(hundredths(seconds) / 100).replace('.', ',');
const monthDays = (month) => Array.from({ length: new Date(Date.UTC(month.slice(0, 4), month.slice(5), 0)).getUTCDate() },
	(_, i) => `${month}-${String(i + 1).padStart(2, '0')}`);

/* What a sheet has to say of somebody; null if he is not on it. */
function rowOf(p, branch, month, first, now) {
	const list = monthDays(month), span = [...list, dayAfter(first, -1), dayAfter(first, DAYS + 1)].sort();
	const truth = worktime(p, span[0], span.at(-1), now, places.overtimeFrom);
	const days = truth.days.filter((d) => list.includes(d.day)).map((d) => {
		const here = branchOn(p.drawn, d.day) === branch, decided = p.overtime.get(d.day);
		const approved = here && decided?.approved && decided.seconds === d.overtime_seconds ? decided.seconds : 0;
		return { day: d.day, here, figures: here ? d : undefined, approved,
			kinds: sheetDay(p.drawn, branch, truth.plan.find((x) => x.day === d.day), d, approved) };
	});
	const employed = (day) => !(p.drawn.hired > day) && !(p.drawn.left < day);
	return days.some((d) => d.here && (employed(d.day)
		|| d.figures.worked_seconds + d.figures.missing_out + d.figures.missing_in > 0)) ? days : null;
}

function compareRow(p, row, days) {
	told(p, row?.days ?? null, days && days.map((d) => {
		const f = d.figures ?? nothing;
		return { day: d.day, kinds: d.kinds, planned_seconds: f.planned_seconds, worked_seconds: f.worked_seconds,
			night_seconds: f.night_seconds, overtime_seconds: d.approved, proposed_seconds: f.overtime_seconds, conflict: f.conflict };
	}), 'a sheet');
	if (!days)
		return;
	const sum = (list, name) => list.reduce((total, d) => total + (d.figures?.[name] ?? 0), 0);
	const half = (list) => ({ days: list.filter((d) => d.figures?.worked_seconds > 0).length, worked_seconds: sum(list, 'worked_seconds') });
	const kinds = {};
	for (const { kind, seconds } of days.flatMap((d) => d.kinds).filter((k) => k.kind !== 'outside')) {
		kinds[kind] ??= { days: 0 };
		kinds[kind].days++;
		if (seconds !== undefined)
			kinds[kind].seconds = (kinds[kind].seconds ?? 0) + seconds;
	}
	told(p, { halves: row.halves, worked_days: row.worked_days, planned: row.planned_seconds, night: row.night_seconds, kinds: row.kinds },
		{ halves: [half(days.slice(0, 15)), half(days.slice(15))], worked_days: half(days).days,
			planned: sum(days, 'planned_seconds'), night: sum(days, 'night_seconds'), kinds }, 'totals of a sheet');
}

/* W19: what prevents the month from being closed, of him. */
function compareBlockers(p, blockers, days) {
	const wanted = days?.filter((d) => d.here).flatMap(({ day, figures: d, approved }) => [
		[d.open, 'open'], [d.missing_out > 0, 'missing_out'], [d.missing_in > 0, 'missing_in'], [d.unexplained > 0, 'unexplained'],
		[d.overtime_seconds > 0 && p.overtime.get(day)?.seconds !== d.overtime_seconds && !approved, 'overtime'],
	].filter(([is]) => is).map(([, reason]) => `${reason} ${day}`)) ?? [];
	told(p, blockers.filter((b) => b.employee === p.id && !['shift_runs', 'absence', 'scan', 'correction'].includes(b.reason))
		.map((b) => `${b.reason} ${b.day}`).sort(), wanted.sort(), 'what prevents closing');
}

async function compareSheets(people, first, onPaper) {
	const now = clock.now() / 1000;
	const months = [...new Set([dayAfter(first, -1), dayAfter(first, DAYS + 1)].map((d) => d.slice(0, 7)))];
	const sums = new Map();
	for (const place of places)
		for (const month of months.filter((m) => `${m}-01` <= localDay(place.zone, now))) {
			const query = `?branch=${place.id}&month=${month}`;
			const sheet = await clinic.must(clinic.admin, 'GET', `/timesheets${query}`);
			const { blockers, blocked } = await clinic.must(clinic.admin, 'GET', `/periods${query}`);
			for (const p of people) {
				const days = rowOf(p, place.id, month, first, now);
				const row = sheet.rows.find((r) => r.employee === p.id);
				compareRow(p, row, days);
				sums.set(`${month} ${p.id}`, sheetFigures.map((k, i) => (sums.get(`${month} ${p.id}`)?.[i] ?? 0) + (row?.[k] ?? 0)));
				if (blocked === blockers.length)
					compareBlockers(p, blockers, days);
			}
			if (onPaper && sheet.rows.length > 0)
				await comparePaper(sheet, query, people[0]);
		}
	/* The sheets of all branches come to what the page of the month says. */
	for (const month of new Set([...sums.keys()].map((k) => k.slice(0, 7)))) {
		const days = monthDays(month);
		const { items } = await clinic.must(clinic.admin, 'GET', `/stats/worktime?from=${days[0]}&to=${days.at(-1)}`);
		for (const p of people) {
			const item = items.find((x) => x.employee === p.id);
			told(p, ['days', ...sheetFigures.slice(1)].map((k) => item?.[k] ?? 0), sums.get(`${month} ${p.id}`) ?? [0, 0, 0, 0], `the month ${month} and its sheets`);
		}
	}
}
const sheetFigures = ['worked_days', 'worked_seconds', 'night_seconds', 'planned_seconds'];

async function file(path) {
	const answer = await fetch(`${stack.url}/api${path}`, { headers: { authorization: `Bearer ${clinic.admin}` } });
	assert.equal(answer.status, 200, path);
	return Buffer.from(await answer.arrayBuffer());
}

/* Both forms, as workbook and as PDF, say what the sheet says; in the workbook nothing is rounded. */
async function comparePaper(sheet, query, p) {
	for (const [n, form, column] of [[0, 't13', 3], [1, 'p5', 4]]) {
		const cells = await readSheet(await file(`/timesheets/${form}.xlsx${query}`));
		const words = execFileSync('pdftotext', ['-layout', '-', '-'], { input: await file(`/timesheets/${form}.pdf${query}`),
			encoding: 'utf8' }).split(/\s+/);
		const expected = [];
		let at = 0;
		for (const [i, row] of sheet.rows.entries()) {
			while (!(cells[at][0] === i + 1 && typeof cells[at + 1]?.[0] !== 'number'))
				at++;
			const what = `${form} of ${row.name}, employee ${row.employee}, ${sheet.month}`;
			const got = (line, from, to) => cells[at + line].slice(from, to).map((c) => typeof c === 'number' ? Math.round(c * 36e5) / 36e5 : c ?? '');
			const hours = (kinds) => {
				const list = kinds.filter((k) => k.seconds > 0);
				if (list.length > 0)
					expected.push(list.map((k) => hoursText(k.seconds)).join('/'));
				return list.length === 1 && kinds.length === 1 ? Math.round(list[0].seconds * 1000) / 36e5 : list.map((k) => hoursText(k.seconds)).join('/');
			};
			const marks = row.days.map((d) => d.kinds.map((k) => letters[k.kind].split(' ')[n]).join('/'));
			const lines = [marks, row.days.map((d) => hours(d.kinds))];
			for (const [half, x] of [[0, 0], [1, 15]])
				for (const k of [0, 1]) {
					const list = lines[k].slice(x, half ? 31 : 15);
					told(p, got(2 * half + k, column, column + 16), [...list, ...Array(16 - list.length).fill('X')], `line ${2 * half + k} of ${what}`);
				}
			const near = (seconds) => Math.round(seconds * 1000) / 36e5;
			if (form === 't13')
				told(p, [0, 1, 2, 3].map((k) => got(k, 19, 20)[0]).concat([got(0, 20, 21)[0], got(2, 20, 21)[0]]),
					[...row.halves.flatMap((x) => [x.days, near(x.worked_seconds)]), row.worked_days, near(row.worked_seconds)], `totals of ${what}`);
			else
				told(p, got(0, 20, 27), [row.worked_days, near(row.worked_seconds), near(row.overtime_seconds - restOvertime(row)) || '', near(row.night_seconds) || '', '',
					near(row.kinds.rest_work?.seconds ?? 0) || '', Object.entries(row.kinds).reduce((sum, [k, x]) => sum + (k in away ? x.days : 0), 0) || ''],
				`totals of ${what}`);
			at += 4;
		}
		const times = (list, word) => list.filter((w) => w === word).length;
		for (const word of new Set(expected))
			told(p, times(words, word) >= times(expected, word), true, `${times(expected, word)} times ${word} in ${form}.pdf of ${query}: ${times(words, word)}`);
	}
}
/* Approved overtime of a day off is that day's work on the sheet. */
const restOvertime = (row) => row.days.filter((d) => d.kinds[0].kind === 'rest_work').reduce((sum, d) => sum + d.overtime_seconds, 0);

const localText = (zone, at) => new Date((at + offset(zone, at)) * 1000).toISOString().slice(0, 19).replace('T', ' ');
const csvHours = (seconds) => (Math.sign(seconds) * hundredths(Math.abs(seconds)) / 100).toFixed(2).replace(/^-(0.00)$/, '$1');

async function compareCsv(people, from, until, now) {
	const read = async (path) => parse(await clinic.must(clinic.admin, 'GET', path), { columns: true, record_delimiter: '\r\n' });
	const range = `from=${from}&to=${until}`;
	const byDay = await read(`/stats/worktime.csv?${range}&by=day`), totals = await read(`/stats/worktime.csv?${range}`);
	const days = await read(`/reports/days.csv?${range}`), events = await read(`/reports/events.csv?${range}`);
	for (const p of people) {
		const truth = worktime(p, from, until, now, places.overtimeFrom);
		const mine = (rows) => rows.filter((r) => r.employee_id === String(p.id));
		const figures = (d) => [d.shifts, ...['worked', 'planned', 'difference', 'break'].map((k) => csvHours(d[`${k}_seconds`])),
			...['late', 'early'].map((k) => Math.floor(d[`${k}_seconds`] / 60)), ...['overtime', 'night'].map((k) => csvHours(d[`${k}_seconds`])),
			d.missing_out, d.missing_in, d.unexplained].map(String);
		const said = (r) => [r.shifts, r.worked_hours, r.planned_hours, r.difference_hours, r.break_hours, r.late_minutes, r.early_minutes,
			r.overtime_hours, r.night_hours, r.missing_out, r.missing_in, r.unexplained];
		for (const d of truth.days) {
			const row = mine(byDay).find((r) => r.date === d.day);
			told(p, row ? [...said(row), row.absence] : figures(nothing).concat(''), figures(d).concat(d.absence ?? ''), `worktime.csv of ${d.day}`);
		}
		const [total] = mine(totals);
		if (total)
			told(p, [...said(total), total.days, total.absence_days], [...figures(truth.total), String(truth.total.days),
				String(truth.total.absence_days)], 'worktime.csv in total');
		for (const d of truth.days)
			compareDayCsv(p, truth, d, mine(days).find((r) => r.date === d.day), now);
		told(p, mine(events).map((r) => [r.date, r.time, r.time_zone, r.kind, r.effect].join(' ')).sort(),
			truth.meant.filter(({ fact }) => fact.recorded && localDay(fact.zone, fact.at) >= from && localDay(fact.zone, fact.at) <= until)
				.map(({ fact, kind, effect }) => [localText(fact.zone, fact.at), fact.zone, kind, effect].join(' ')).sort(), 'events.csv');
	}
}

function compareDayCsv(p, truth, day, row, now) {
	const intervals = truth.intervals.filter((i) => i.day === day.day), lone = truth.lone.filter((l) => l.day === day.day);
	if (!row || intervals.length + lone.length === 0)
		return told(p, Boolean(row), intervals.length + lone.length + day.unexplained > 0, `a line of days.csv, ${day.day}`);
	const running = intervals.filter((i) => i.state === 'open').reduce((sum, i) => sum + Math.max(0, now - i.in.at), 0);
	const outs = [...intervals.filter((i) => i.out).map((i) => ({ at: i.out.at, zone: i.in.zone })),
		...lone.map((l) => ({ at: l.fact.at, zone: l.fact.zone }))].sort((a, b) => a.at - b.at);
	const closed = intervals.some((i) => i.state === 'closed');
	const state = [day.missing_out > 0 && 'missing_out', day.missing_in > 0 && 'missing_in', day.unexplained > 0 && 'unexplained',
		day.open ? 'open' : closed && day.missing_out + day.missing_in === 0 && 'closed'].filter(Boolean).join(' ');
	told(p, [row.first_in, row.last_out, row.worked_hours, row.planned_hours, row.late_minutes, row.early_minutes, row.state],
		[intervals.length > 0 ? localText(intervals[0].in.zone, intervals[0].in.at) : '',
			outs.length > 0 ? localText(outs.at(-1).zone, outs.at(-1).at) : '', csvHours(day.worked_seconds + running), csvHours(day.planned_seconds),
			String(Math.floor(day.late_seconds / 60)), String(Math.floor(day.early_seconds / 60)), state], `days.csv of ${day.day}`);
}

/* Own data, own plan, own calendar. */
async function compareOwn(p, from, until, now) {
	const truth = worktime(p, from, until, now, places.overtimeFrom);
	p.token = (await stack.signIn({ id: p.telegram_id })).token;
	const data = await clinic.must(p.token, 'GET', '/me/data.json');
	told(p, data.intervals.map((i) => [epoch(i.in_at), i.out_at && epoch(i.out_at)]), truth.intervals.map((i) => [i.in.at, i.out?.at ?? null]), 'own intervals');
	for (const d of truth.days) {
		const row = data.days.find((x) => x.day === d.day) ?? nothing;
		told(p, [row.worked_seconds, row.planned_seconds, row.night_seconds, row.late_seconds], [d.worked_seconds, d.planned_seconds,
			d.night_seconds, d.late_seconds], `own day ${d.day}`);
	}
	const { items } = await clinic.must(p.token, 'GET', `/plan?from=${from}&to=${until}`);
	const shifts = truth.shifts.filter((s) => s.day >= from && s.day <= until);
	told(p, items.flatMap((d) => d.shifts.map((s) => [d.day, s.starts_at, s.ends_at, s.seconds])),
		shifts.map((s) => [s.day, iso(s.start), iso(s.end), s.end - s.start]), 'own plan');
	const { url } = await clinic.must(p.token, 'POST', '/me/calendar', {});
	const text = await (await fetch(url)).text();
	const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((c) => new ICAL.Event(c));
	const seen = localDay(p.home.zone, now), spans = (list) => list.map(([a, b]) => `${iso(a)} ${iso(b)}`).sort();
	const inside = ([a]) => localDay('UTC', a) >= [from, dayAfter(seen, -12)].sort()[1] && localDay('UTC', a) < until;
	told(p, spans(events.filter((e) => !e.startDate.isDate).map((e) => [e.startDate, e.endDate].map((t) => t.toJSDate() / 1000)).filter(inside)),
		spans(truth.shifts.filter((s) => s.end > s.start).map((s) => [s.start, s.end]).filter(inside)), 'own calendar');
}

/* W17: some of the overtime is decided. */
async function decide(rng, p, first, now) {
	for (const d of worktime(p, dayAfter(first, -1), dayAfter(first, DAYS + 1), now, places.overtimeFrom).days)
		if (d.overtime_seconds > 0 && rng.is(0.5)) {
			const decided = { seconds: d.overtime_seconds, approved: rng.is(0.8) };
			await clinic.must(clinic.admin, 'POST', '/overtime', { employee: p.id, day: d.day, ...decided });
			p.overtime.set(d.day, decided);
		}
}

async function compareAll(people, first, onPaper) {
	people.forEach(settle);
	const now = clock.now() / 1000, range = [dayAfter(first, -1), dayAfter(first, DAYS + 1)];
	await compareCsv(people, ...range, now);
	for (const p of people.filter((x) => x.app && !x.gone))
		await compareOwn(p, ...range, now);
	await compareSheets(people, first, onPaper);
}

/* --- A round --- */

async function round(number) {
	const rng = chance(number), change = changes[(number - 1) % changes.length];
	const first = localDay('UTC', change - 4 * D), start = epoch(`${first}T00:00:00Z`) - D;
	await to(Math.max(start, clock.now() / 1000));
	places.changing = places.find((p) => offset(p.zone, change) !== offset(p.zone, change + D));
	Object.assign(places, { known: places.known ?? [], fresh: [], restore: [],
		holidays: places.holidays ?? Object.fromEntries(places.map((x) => [x.id, []])),
		zones: places.zones ?? Object.fromEntries(places.map((x) => [x.id, x.zone])) });
	for (let n = rng.to(4); n > 0; n--)
		await changeHolidays(rng, first);
	places.overtimeFrom = rng.of([15, 15, 0, 30]) * M;	/* W17 */
	await clinic.must(clinic.admin, 'PUT', '/settings/overtime_minutes', { value: String(places.overtimeFrom / M) });
	const steps = [], people = [];
	for (let n = rng.to(3); n > 0; n--)
		steps.push({ when: start + D + rng.to(DAYS * D), run: () => changeHolidays(rng, first) });
	if (rng.is(0.3))
		steps.push({ when: start + 3 * D + rng.to(5 * D), run: () => changeBranch(rng, rng.of(places)) });
	for (let n = 0; n < PEOPLE; n++)
		people.push(await person(rng, first, steps));
	const end = Math.max(...people.map((p) => p.ends)) + D;
	/* Late ones are kept until the next time that the readers are online. */
	for (const step of steps.filter((s) => s.late))
		step.when = Math.ceil(step.when / STEP) * STEP - 1;
	for (let at = Math.ceil(start / STEP) * STEP; at <= end; at += STEP)
		steps.push({ when: at, run: async () => {
			for (const place of places)
				await arrive(rng, place);
			const p = rng.of(people);
			if (rng.is(0.1) && !p.app && !p.strange && !p.gone)
				await borders(p, rng.of(places), clock.now() / 1000);
		} });
	for (let n = 1; n <= 3; n++)
		steps.push({ when: start + D + n * 2 * D + rng.to(12 * H), run: () => compare(people, first, rng) });
	steps.sort((a, b) => a.when - b.when);
	for (const step of steps) {
		if (step.when > clock.now() / 1000)
			await to(step.when);
		await step.run();
		for (const p of people.filter((x) => !x.strange))
			settle(p);
	}
	await to(end + D);
	for (const p of people.filter((x) => x.strange)) {
		/* All at once: the card is given to somebody. */
		if (p.facts.length > 0)
			await clinic.must(clinic.admin, 'POST', `/cards/unknown/${p.uid}/assign`, { employee: p.id });
		p.strange = false;
		settle(p);
	}
	await compare(people, first, rng);
	for (const p of people)
		await decide(rng, p, first, clock.now() / 1000);
	await compareAll(people, first, number === seeds.at(-1));
	for (const p of people) {
		if (rng.is(0.5))
			await correct(rng, p, Math.floor(clock.now() / 1000));
		if (rng.is(0.5))
			await lengthen(rng, p, worktime(p, dayAfter(first, -1), dayAfter(first, DAYS + 1), end + D), end + D);
	}
	await compare(people, first, rng);
	for (const p of people.filter((x) => !x.app && !x.gone && x.facts.length > 0))
		if (rng.is(0.3))
			await leave(p, clock.now() / 1000 + H);
	await compare(people, first, rng);
	await compareAll(people, first, false);
	/* W10: from all facts at once it is the same. */
	if (number === seeds.at(-1)) {
		await stack.tabelctl('rebuild');
		await compare(people, first, rng);
	}
	for (const restore of places.restore)
		await restore();
}

describe('worked time is what the rules say', () => {
	for (const number of seeds)
		test(`seed ${number}`, async () => {
			seed = number;
			await round(number);
		});
});
