/*
 * The rules of worked time a second time, written from their text alone
 * (W1 to W19), plainly and slowly: everything is worked out anew from the
 * facts, and nothing is shared with lib/work.
 *
 *	const days = worktime({ facts, plan }, now);	// by day, see figures()
 *
 * Instants and lengths are seconds.  A fact is { at, given: 'in'|'out'|null,
 * zone, branch, limit, serial }: given is what somebody said (W2), limit the
 * branch's maximum shift, serial the order of recording.  A fact may say
 * until, a length that was confirmed in so many words (W10), and byHand, that
 * somebody entered it (W7).  A plan is what shiftsOf() makes.
 *
 * Where the text allows more than one reading, this one is taken: what is
 * redundant is no "last accepted event" (W3, W5); what repeated a fact before
 * that one was voided was no event and is none after (the caller marks it); a
 * shift ends before its end second (W11); a lone out is of what ended up to
 * four hours ago, as W18 has presence (W11); a last interval that is lost
 * gives no early leave (W15).
 */

const M = 60, H = 3600;

/* --- Clocks (W12) --- */

const formats = new Map(), offsets = new Map();

/* What the wall clock of a zone shows, as if it were UTC. */
function wall(zone, at) {
	if (!formats.has(zone))
		formats.set(zone, new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric',
			month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }));
	const part = Object.fromEntries(formats.get(zone).formatToParts(at * 1000).map((p) => [p.type, Number(p.value)]));
	return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000;
}

/* Clocks change on quarters of an hour only. */
export function offset(zone, at) {
	const quarter = Math.floor(at / (15 * M)) * 15 * M, key = `${zone} ${quarter}`;
	if (!offsets.has(key))
		offsets.set(key, wall(zone, quarter) - quarter);
	return offsets.get(key);
}

const dayNumber = (day) => Date.parse(`${day}T00:00:00Z`) / 1000 / 86400;
const dayName = (number) => new Date(number * 86400 * 1000).toISOString().slice(0, 10);
export const dayAfter = (day, n = 1) => dayName(dayNumber(day) + n);
export const localDay = (zone, at) => dayName(Math.floor((at + offset(zone, at)) / 86400));

/*
 * W12: the instant of a wall time.  What the clock shows twice is the later
 * one, what it does not show is taken with the offset from before the gap.
 */
const instants = new Map();
export function instant(zone, day, seconds) {
	const key = `${zone} ${day} ${seconds}`;
	if (!instants.has(key))
		instants.set(key, instantOf(zone, dayNumber(day) * 86400 + seconds));
	return instants.get(key);
}
function instantOf(zone, shown) {
	const around = new Set();
	for (let at = shown - 36 * H; at <= shown + 36 * H; at += 15 * M)
		around.add(offset(zone, at));
	const found = [...around].map((o) => shown - o).filter((at) => at + offset(zone, at) === shown);
	return found.length > 0 ? Math.max(...found) : shown - offset(zone, shown - 36 * H);
}

/* --- The plan (W12, W18) --- */

const clockSeconds = (text) => Number(text.slice(0, 2)) * H + Number(text.slice(3, 5)) * M;
const mod = (a, b) => ((a % b) + b) % b;

/*
 * What was drawn: { schedules: [{ kind, from, to, cycle, anchor, shifts,
 * breakAfter, breakLength, grace, zone, branch }], zones: { branch: zone },
 * exceptions: [{ day, shifts, zone }], absences: [{ kind, from, to }],
 * holidays: { branch: [day] }, stays: [{ branch, until }], hired: day, left:
 * day, states: see pair() }, lengths in seconds, shifts as in the API.  until
 * is the first day elsewhere, null of where somebody is now; hired is the first
 * day, left the last one of who is deactivated.
 */
const isEmployed = (drawn, day) => !(drawn.hired > day) && !(drawn.left < day);
export const branchOn = (drawn, day) => drawn.stays.find((s) => s.until === null || day < s.until).branch;
export function planOfDay(drawn, day) {
	if (!isEmployed(drawn, day))
		return { day, shifts: [], holiday: false, absence: null, away: false, scheduled: false };
	const schedule = drawn.schedules.find((s) => s.from <= day && (s.to === null || day <= s.to));
	const exception = drawn.exceptions.find((e) => e.day === day);
	const absence = drawn.absences.find((a) => a.from <= day && day <= a.to);
	/* W18: the holidays are those of the branch where he was. */
	const holiday = drawn.holidays[branchOn(drawn, day)].includes(day);
	const plan = { day, shifts: [], holiday, absence: absence?.kind ?? null, scheduled: Boolean(schedule ?? exception),
		grace: schedule?.grace ?? 5 * M, breakAfter: schedule?.breakAfter ?? 0, breakLength: schedule?.breakLength ?? 0 };
	/* W18: a holiday inside annual leave stays a holiday; work on it is work in the leave all the same. */
	plan.away = absence !== undefined;
	if (holiday && ['annual_leave', 'extra_leave'].includes(absence?.kind))
		plan.absence = null;
	/* W18: an absence cancels the plan of its days. */
	if (absence)
		return plan;
	let lines = [], zone;
	if (exception) {
		lines = exception.shifts;
		zone = exception.zone;
	} else if (schedule && !(holiday && schedule.kind === 'weekly')) {	/* W18 */
		const turn = mod(dayNumber(day) - dayNumber(schedule.anchor), schedule.cycle);
		lines = schedule.shifts.filter((s) => Number(s.split(' ')[0]) === turn).map((s) => s.split(' ')[1]);
		/* W12: where he was on that day. */
		zone = schedule.branch === branchOn(drawn, day) ? schedule.zone : drawn.zones[branchOn(drawn, day)];
	}
	for (const line of lines) {
		const [from, to] = line.split('-').map(clockSeconds);
		plan.shifts.push({ day, grace: plan.grace, breakAfter: plan.breakAfter, breakLength: plan.breakLength, start: instant(zone, day, from),
			/* W12: end <= start is the next day, equal is 24 hours. */
			end: to <= from ? instant(zone, dayAfter(day), to) : instant(zone, day, to) });
	}
	plan.shifts.sort((a, b) => a.start - b.start);
	return plan;
}

/* The days from one to another, both with a margin that is never enough. */
export function planOf(drawn, from, to) {
	const days = [];
	for (let day = dayAfter(from, -4); day <= dayAfter(to, 4); day = dayAfter(day))
		days.push(planOfDay(drawn, day));
	return days;
}
const shiftsOf = (plan) => plan.flatMap((day) => day.shifts);

/* W11: the shift in which something begins. */
function shiftAt(shifts, at) {
	const having = shifts.filter((s) => s.start - 4 * H <= at && at < s.end);
	const running = having.filter((s) => s.start <= at);
	const nearest = (list) => list.reduce((a, b) =>
		a === undefined || Math.abs(b.start - at) < Math.abs(a.start - at) ? b : a, undefined);
	return nearest(running) ?? nearest(having);
}
const dayAt = (shifts, fact) => shiftAt(shifts, fact.at)?.day ?? localDay(fact.zone, fact.at);

/*
 * W11, W18: an out without an in is on the day of the shift that it is within
 * 4 h of: the one that runs, else the nearer of what ended and what begins;
 * far from any, on its local date.
 */
function loneDay(shifts, fact) {
	const near = shifts.filter((s) => s.start - 4 * H <= fact.at && fact.at <= s.end + 4 * H);
	const running = near.filter((s) => s.start <= fact.at && fact.at < s.end);
	const distance = (s) => fact.at < s.start ? s.start - fact.at : fact.at - s.end;
	const ended = (s) => s.end <= fact.at;
	near.sort((a, b) => distance(a) - distance(b) || ended(b) - ended(a));
	running.sort((a, b) => b.start - a.start);
	return (running[0] ?? near[0])?.day ?? localDay(fact.zone, fact.at);
}

/* --- Facts to intervals (W3 to W9) --- */

/* W6: how long an interval may be. */
function limitOf(shifts, fact) {
	const shift = shiftAt(shifts, fact.at);
	return shift ? Math.max(fact.limit, shift.end - shift.start + 4 * H) : fact.limit;
}

/* W8: its planned end passed more than 4 h ago, and a planned start is within 2 h. */
function isNextShift(shifts, open, at) {
	const shift = shiftAt(shifts, open.in.at);
	return shift !== undefined && at - shift.end > 4 * H && shifts.some((s) => Math.abs(s.start - at) <= 2 * H);
}

/* W8: what a scan means that says nothing. */
function meaning(shifts, open, lastOut, at) {
	if (open)
		return isNextShift(shifts, open, at) ? 'in' : 'out';
	if (lastOut !== undefined && at - lastOut <= 2 * H)
		return 'in';
	if (shifts.some((s) => s.start >= at && s.start - at < 2 * H))
		return 'in';
	const toEnd = Math.min(...shifts.map((s) => Math.abs(s.end - at)));
	const toStart = Math.min(...shifts.map((s) => Math.abs(s.start - at)));
	return toEnd <= 2 * H && toEnd < toStart ? 'out' : 'in';
}

/*
 * { intervals: [{ in, out, state, day }], lone: [{ fact, day }], meant: [{ fact, kind, effect, as }] },
 * as: the instant of the event that it is answered with; states are the
 * instants at which somebody left or came back: { at, active } (W7).
 */
export function pair(facts, shifts, now, states = []) {
	const rest = facts.filter((f) => !f.voided).sort((a, b) => a.at - b.at || a.serial - b.serial);
	const intervals = [], lone = [], meant = [];
	let open, lastOut, last;	/* last: the last accepted event */

	/* W7: what is of the second of leaving is before it, of coming back after it. */
	const spell = (at) => states.filter((s) => s.at < at || (s.at === at && s.active)).length;
	const within = (at) => open !== undefined && at - open.in.at <= open.limit && spell(at) === spell(open.in.at);
	const kindOf = (fact) => fact.given ?? meaning(shifts, within(fact.at) ? open : undefined, lastOut, fact.at);

	while (rest.length > 0) {
		/* W5: of one second the out first if something is open, else the in; then as recorded. */
		const same = rest.filter((f) => f.at === rest[0].at);
		const first = within(rest[0].at) ? 'out' : 'in';
		const fact = same.find((f) => kindOf(f) === first) ?? same[0];
		rest.splice(rest.indexOf(fact), 1);
		const kind = kindOf(fact), { at } = fact;

		/* W3: repeats. */
		if (last !== undefined && (fact.given === null ? at - last.at <= 5 * M : kind === last.kind && at - last.at <= 60)) {
			meant.push({ fact, kind: last.kind, effect: 'repeat', as: last.at });
			continue;
		}
		const note = (effect, as = at) => meant.push({ fact, kind, effect, as });
		if (kind === 'in') {
			if (within(at) && !isNextShift(shifts, open, at)) {
				note('redundant', open.in.at);	/* W5: changes nothing, also what is the last accepted one */
				continue;
			}
			last = { kind, at };
			if (open)
				open.state = 'missing_out';	/* W7, W8 */
			open = { in: fact, out: null, state: 'open', limit: limitOf(shifts, fact), day: dayAt(shifts, fact) };
			intervals.push(open);
			note('opens');
			continue;
		}
		last = { kind, at };
		lastOut = at;
		/* W7, W10: by hand whenever he left, or as long as it was confirmed. */
		const longest = Math.max(fact.byHand ? open?.limit : 0, fact.until ?? 0, open?.in.until ?? 0);
		if (within(at) || (open && at - open.in.at <= longest)) {
			open.out = fact;			/* W6 */
			open.state = 'closed';
			note('closes');
		} else {
			if (open)
				open.state = 'missing_out';	/* W7 */
			lone.push({ fact, day: loneDay(shifts, fact) });	/* W9, W19 */
			note('missing_in');
		}
		open = undefined;
	}
	/* W7: beyond the limit, or of a person who is deactivated. */
	if (open && (!within(now) || states.filter((s) => s.at <= now).length !== spell(open.in.at)))
		open.state = 'missing_out';
	return { intervals, lone, meant };
}

/* --- Figures of a day (W14 to W18) --- */

/* W14: what is taken off by itself of these pieces of work; to is null of one whose end is not known. */
function breakOf(plan, pieces) {
	const gross = pieces.reduce((sum, p) => sum + (p.to === null ? 0 : p.to - p.from), 0);
	let gaps = 0;
	for (let i = 1; i < pieces.length; i++)
		if (pieces[i - 1].to !== null)
			gaps += Math.max(0, pieces[i].from - pieces[i - 1].to);
	if (plan.shifts.length === 0 || plan.breakLength === 0 || gross <= plan.breakAfter)
		return 0;
	return Math.min(Math.max(plan.breakLength - gaps, 0), gross - plan.breakAfter);
}

/* W16: between 22:00 and 06:00 on the clock of the in, by real length. */
function nightOf(zone, from, to) {
	let night = 0;
	for (let at = from, next; at < to; at = next) {
		next = Math.min(to, Math.floor(at / (15 * M)) * 15 * M + 15 * M);
		const hour = Math.floor(mod(at + offset(zone, at), 86400) / H);
		if (hour >= 22 || hour < 6)
			night += next - at;
	}
	return night;
}

/* What is known of an interval's end: of one that is lost, nothing after its in. */
const endOf = (i, now) => i.state === 'closed' ? i.out.at : i.state === 'open' ? now + 1 : i.in.at;

/* W15, W18: the intervals that belong to a shift or overlap it. */
function ofShift(shifts, intervals, shift, now) {
	return intervals.filter((i) => shiftAt(shifts, i.in.at) === shift
		|| (i.in.at < shift.end && endOf(i, now) > shift.start));
}

/* W18 of one shift: came, expected, not_here or unexplained. */
export function shiftState(shifts, { intervals, lone }, shift, now) {
	if (ofShift(shifts, intervals, shift, now).length > 0)
		return 'came';
	if (lone.some((l) => shift.start - 4 * H <= l.fact.at && l.fact.at <= shift.end + 4 * H))
		return 'came';
	return now < shift.start ? 'expected' : now < shift.end ? 'not_here' : 'unexplained';
}

function lateOf(mine, shift) {
	const late = Math.min(...mine.map((i) => i.in.at)) - shift.start;
	return mine.length > 0 && late > shift.grace ? late : 0;	/* W15: strictly more */
}

function earlyOf(mine, shift) {
	const lastOne = mine.reduce((a, b) => a === undefined || b.in.at > a.in.at ? b : a, undefined);
	if (lastOne?.state !== 'closed')	/* still here, or not known until when */
		return 0;
	const early = shift.end - lastOne.out.at;
	return early > shift.grace ? early : 0;
}

function figures(plan, shifts, paired, now, overtimeFrom) {
	const intervals = paired.intervals.filter((i) => i.day === plan.day);
	const closed = intervals.filter((i) => i.state === 'closed');
	const gross = closed.reduce((sum, i) => sum + i.out.at - i.in.at, 0);
	const off = breakOf(plan, intervals.map((i) => ({ from: i.in.at, to: i.out?.at ?? null })));
	const drawn = plan.shifts.map((s) => ({ from: s.start, to: s.end }));
	const planned = drawn.reduce((sum, p) => sum + p.to - p.from, 0) - breakOf(plan, drawn);	/* W14 */
	const worked = gross - off;
	const night = closed.reduce((sum, i) => sum + nightOf(i.in.zone, i.in.at, i.out.at), 0);
	const of = (shift) => ofShift(shifts, paired.intervals, shift, now);
	const sum = (count) => plan.shifts.reduce((total, s) => total + count(s), 0);
	return {
		day: plan.day,
		shifts: plan.shifts.length,
		worked_seconds: worked,
		planned_seconds: planned,
		difference_seconds: worked - planned,
		break_seconds: off,
		late_seconds: sum((s) => lateOf(of(s), s)),
		early_seconds: sum((s) => earlyOf(of(s), s)),
		/* W17: more than 15 minutes; on a day without plan all of it. */
		overtime_seconds: plan.shifts.length === 0 ? worked : worked - planned > overtimeFrom ? worked - planned : 0,
		night_seconds: night - Math.max(0, off - (gross - night)),	/* W14: from day hours first */
		missing_out: intervals.filter((i) => i.state === 'missing_out').length,
		missing_in: paired.lone.filter((l) => l.day === plan.day).length,
		unexplained: sum((s) => shiftState(shifts, paired, s, now) === 'unexplained' ? 1 : 0),
		holiday: plan.holiday,
		absence: plan.absence,
		/* W18; an out alone was presence too. */
		conflict: plan.away && intervals.length + paired.lone.filter((l) => l.day === plan.day).length > 0,
		open: intervals.some((i) => i.state === 'open'),
	};
}

/* Everything of a person from one day to another: { days, total, intervals, lone, shifts, … }. */
export function worktime({ facts, drawn }, from, to, now, overtimeFrom = 15 * M) {
	const plan = planOf(drawn, from, to);
	const shifts = shiftsOf(plan);
	const paired = pair(facts, shifts, now, drawn.states);
	const days = plan.filter((p) => from <= p.day && p.day <= to)
		.map((p) => figures(p, shifts, paired, now, overtimeFrom));
	return { days, total: totalOf(days), plan, shifts, ...paired };
}

function totalOf(days) {
	const sum = (name) => days.reduce((total, d) => total + d[name], 0);
	const count = (is) => days.filter(is).length;
	const total = { days: count((d) => d.worked_seconds > 0), open: days.some((d) => d.open),
		late_days: count((d) => d.late_seconds > 0), early_days: count((d) => d.early_seconds > 0),
		absence_days: count((d) => d.absence !== null), conflicts: count((d) => d.conflict), absences: {} };
	for (const name of ['shifts', 'worked_seconds', 'planned_seconds', 'difference_seconds', 'break_seconds',
		'late_seconds', 'early_seconds', 'overtime_seconds', 'night_seconds', 'missing_out', 'missing_in', 'unexplained'])
		total[name] = sum(name);
	for (const { absence } of days)
		if (absence !== null)
			total.absences[absence] = (total.absences[absence] ?? 0) + 1;
	return total;
}

/* --- What a change does (W10) --- */

const lostIns = (truth) => truth.intervals.filter((i) => i.state === 'missing_out').map((i) => i.in);
const loneOuts = (truth) => truth.lone.map((l) => l.fact);
const runs = (i) => i.state === 'open';

/*
 * Does it lose hours, leave a new missing in or out, or end what runs?  taken
 * is the fact that made stands for now; either may be undefined.
 */
export function losesSomething(before, after, taken, made) {
	const worked = (truth) => truth.days.reduce((sum, d) => sum + d.worked_seconds, 0);
	const isNew = (list) => list(after).some((f) => !list(before).includes(f)
		&& !(f === made && list(before).includes(taken)));
	const opens = (fact) => after.intervals.some((i) => i.in === fact);
	return worked(after) < worked(before) || isNew(lostIns) || isNew(loneOuts)
		|| before.intervals.some((i) => runs(i) && !opens(i.in) && !(i.in === taken && opens(made)));
}

/* --- A sheet (W16 to W19) --- */

/*
 * What a sheet of a branch has on a day: [{ kind, seconds }], from the figures
 * of the day and its plan; approved is the overtime that was approved of it.
 */
export function sheetDay(drawn, branch, plan, figures, approved = 0) {
	const here = branchOn(drawn, plan.day) === branch;
	if (!here)
		return [{ kind: 'outside' }];
	const { worked_seconds: worked, night_seconds: night } = figures;
	if (worked > 0) {
		const rest = figures.holiday || (plan.scheduled && figures.shifts === 0 && figures.absence === null);
		if (rest)
			return [{ kind: 'rest_work', seconds: worked }];
		/* Of the day's hours before those of the night. */
		const overDay = Math.min(approved, worked - night), overNight = approved - overDay;
		return [{ kind: 'work', seconds: worked - night - overDay }, { kind: 'night', seconds: night - overNight },
			{ kind: 'overtime', seconds: approved }].filter((k) => k.seconds > 0);
	}
	const kind = figures.open ? 'open'
		: figures.missing_out + figures.missing_in > 0 ? 'missing'
			: figures.absence !== null ? figures.absence
				: figures.unexplained > 0 ? 'unexplained'
					: figures.shifts > 0 ? 'expected'
						: !isEmployed(drawn, plan.day) ? 'outside'
							: figures.holiday ? 'holiday' : plan.scheduled ? 'rest' : 'unplanned';
	return [{ kind }];
}
