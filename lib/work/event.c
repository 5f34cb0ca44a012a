#include "work/event.h"

#include "base/out.h"
#include "base/pool.h"
#include "work/workday.h"
#include "event.sql.h"

enum fault
event_lock(struct db *db, int64_t employee)
{
	struct rows e = sql_employee_lock_id(db, employee);

	return e.fault != OK ? e.fault : e.n == 0 ? FAULT_NOT_FOUND : OK;
}

/* The shifts near the instant, and near what is open. */
static enum fault
state_plan(struct db *db, int64_t employee, int64_t at, struct event_state *s)
{
	struct pairing *p = &s->pairing;
	struct plan *plan = pool_alloc(db_its_pool(db), sizeof(*plan));
	int64_t from = p->open && p->open_at < at &&
		at - p->open_at <= p->open_limit ?
	    p->open_at :
	    at;

	p->plan = plan;
	return workday_plan(db, employee, from, at, plan);
}

enum fault
event_state(struct db *db, int64_t employee, int64_t at, struct event_state *s)
{
	struct rows r = sql_pairing_state(db, employee);

	if (r.fault != OK)
		return r.fault;
	*s = (struct event_state){
		.last = row_int(&r, 0, "last"),
		.open = row_int(&r, 0, "open"),
		.newest_at = row_time(&r, 0, "newest_at"),
		.pairing = {
			.any = !row_null(&r, 0, "last"),
			.last_at = row_time(&r, 0, "last_at"),
			.last_kind = kind_of(row_text(&r, 0, "last_kind")),
			.open = !row_null(&r, 0, "open"),
			.open_at = row_time(&r, 0, "open_at"),
			.open_limit = row_int(&r, 0, "open_limit"),
		},
	};
	return row_bool(&r, 0, "planned") ? state_plan(db, employee, at, s) :
					    OK;
}

static enum fault
add(struct db *db, const struct event_record *e, const struct step *step,
    int64_t since, int64_t limit, struct rows *rows)
{
	*rows = sql_event_add(db, e->employee, kind_name(e->given), e->at,
	    e->branch, e->time_zone, (int32_t)e->limit, e->recorded_at,
	    e->source, e->flags, e->terminal, e->claim, e->made_by, e->reason,
	    kind_name(step->kind), effect_name(step->effect), step->missing_out,
	    since, (int32_t)limit);
	return rows->fault;
}

/* The event, and the days that it changes. */
static enum fault
add_now(struct db *db, const struct event_record *e, const struct step *step,
    int64_t since, int64_t limit, struct rows *rows)
{
	enum fault f = add(db, e, step, since, limit, rows);

	return f != OK ? f : workday_touch(db, e->employee, e->at, e->at);
}

/* Its place is further back: added as nothing, then worked out from there. */
static enum fault
add_late(struct db *db, const struct event_record *e, enum kind kind,
    struct rows *rows)
{
	struct step nothing = { EFFECT_REDUNDANT, kind, false };
	struct event_since there = { e->employee, e->at, e->at };
	enum fault f = add(db, e, &nothing, 0, e->limit, rows);
	int64_t id;

	if (f != OK)
		return f;
	id = row_int(rows, 0, "id");
	if ((f = event_rebuild_since(db, &there, 1, e->recorded_at)) != OK)
		return f;
	*rows = sql_event_get(db, id);
	return rows->fault;
}

enum fault
event_record(struct db *db, const struct event_record *e, int64_t *there,
    struct rows *rows)
{
	struct fact fact = { e->at, e->given, e->limit };
	struct event_state s;
	struct pairing after;
	struct step step;
	enum fault f;

	*there = 0;
	if ((f = event_state(db, e->employee, e->at, &s)) != OK)
		return f;
	after = s.pairing;
	step = pairing_step(&after, &fact);
	if (s.newest_at <= e->at && step.effect == EFFECT_REPEAT)
		*there = s.last;
	else if (s.newest_at <= e->at && step.effect == EFFECT_REDUNDANT)
		*there = s.open;
	else if (s.newest_at >= e->at) /* the fold orders what is of a second */
		return add_late(db, e, step.kind, rows);
	if (*there == 0)
		return add_now(db, e, &step, s.pairing.open_at,
		    after.open_limit, rows);
	*rows = sql_event_get(db, *there);
	return rows->fault;
}

/*
 * The fold over the facts of one employee after another, written as JSON
 * arrays for one statement each.
 */
struct rewrite {
	struct db *db;
	int64_t open; /* event, 0 if nothing is open */
	int64_t limit; /* of what is open (W6) */
	struct plan plan;
	struct out *meanings, *intervals, *dropped;
};

/* What was folded of one employee: his rows, and the days they may touch. */
struct stretch {
	const struct event_since *of;
	int first, last; /* of the rows; one more */
	int64_t from, to; /* instants */
};

static void
put_interval(struct rewrite *w, int64_t out, bool missing)
{
	out_open(w->intervals, NULL, '{');
	out_int(w->intervals, "in_event", w->open);
	if (out != 0)
		out_int(w->intervals, "out_event", out);
	out_bool(w->intervals, "missing", missing);
	out_int(w->intervals, "limit_seconds", w->limit);
	out_close(w->intervals, '}');
	w->open = 0;
}

static void
put_step(struct rewrite *w, int64_t id, const struct fact *fact,
    const struct step *step)
{
	out_open(w->meanings, NULL, '{');
	out_int(w->meanings, "event", id);
	out_text(w->meanings, "kind", kind_name(step->kind));
	out_text(w->meanings, "effect", effect_name(step->effect));
	out_close(w->meanings, '}');
	if (step->missing_out)
		put_interval(w, 0, true);
	if (step->effect == EFFECT_CLOSES)
		put_interval(w, id, false);
	if (step->effect == EFFECT_OPENS) {
		w->open = id;
		w->limit = plan_limit(&w->plan, fact->at, fact->limit);
	}
}

static void
fold(struct rewrite *w, struct pairing *state, const struct rows *r,
    const struct stretch *s)
{
	struct pool *pool = db_its_pool(w->db);
	size_t n = (size_t)(s->last - s->first);
	size_t *order = pool_alloc(pool, n * sizeof(*order) + 1);
	struct fact *facts = pool_alloc(pool, n * sizeof(*facts) + 1);
	struct step *steps = pool_alloc(pool, n * sizeof(*steps) + 1);

	for (int i = 0; i < (int)n; i++)
		facts[i] = (struct fact){ row_time(r, s->first + i, "at"),
			kind_of(row_text(r, s->first + i, "kind")),
			row_int(r, s->first + i, "limit_seconds") };
	pairing_fold(state, facts, n, steps, order);
	for (size_t i = 0; i < n; i++)
		put_step(w, row_int(r, s->first + (int)order[i], "id"),
		    &facts[order[i]], &steps[order[i]]);
	if (w->open != 0)
		put_interval(w, 0, false);
}

static void
drop(struct rewrite *w, const struct event_since *s)
{
	out_open(w->dropped, NULL, '{');
	out_int(w->dropped, "employee", s->employee);
	out_time(w->dropped, "since", s->since);
	if (w->open != 0)
		out_int(w->dropped, "open", w->open);
	out_close(w->dropped, '}');
}

/* The state before his first row that is to be folded, which it takes off. */
static struct pairing
state_before(struct rewrite *w, const struct rows *r, struct stretch *s)
{
	struct pairing state = { .plan = &w->plan };
	int i = s->first;

	w->open = 0;
	if (i == s->last || !row_bool(r, i, "before"))
		return state;
	s->first++;
	state.any = true;
	state.last_at = row_time(r, i, "at");
	state.last_kind = kind_of(row_text(r, i, "kind"));
	state.open = row_bool(r, i, "opens");
	if (!state.open)
		return state;
	state.open_at = s->from = state.last_at;
	state.open_limit = w->limit = row_int(r, i, "limit_seconds");
	w->open = row_int(r, i, "id");
	return state;
}

static enum fault
rewrite_one(struct rewrite *w, const struct rows *r, struct stretch *s)
{
	bool planned = s->first < s->last && row_bool(r, s->first, "planned");
	struct pairing state;
	enum fault f = OK;

	s->from = s->of->since;
	s->to = s->of->until > s->from ? s->of->until : s->from;
	state = state_before(w, r, s);
	drop(w, s->of);
	if (s->first < s->last && row_time(r, s->last - 1, "at") > s->to)
		s->to = row_time(r, s->last - 1, "at");
	if (s->of->since == 0 && s->first < s->last)
		s->from = row_time(r, s->first, "at");
	w->plan = (struct plan){ NULL, 0 };
	if (planned)
		f = workday_plan(w->db, s->of->employee, s->from, s->to,
		    &w->plan);
	if (f == OK)
		fold(w, &state, r, s);
	return f;
}

static const char *
since_json(struct db *db, const struct event_since *v, size_t n)
{
	struct out *o = out_new(db_its_pool(db));
	size_t len;

	out_open(o, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		out_open(o, NULL, '{');
		out_int(o, "employee", v[i].employee);
		out_time(o, "since", v[i].since);
		out_close(o, '}');
	}
	out_close(o, ']');
	return out_body(o, &len);
}

static enum fault
write_back(struct rewrite *w, int64_t now)
{
	enum fault f;
	size_t n;

	out_close(w->meanings, ']');
	out_close(w->intervals, ']');
	out_close(w->dropped, ']');
	f = sql_intervals_drop(w->db, out_body(w->dropped, &n)).fault;
	if (f != OK)
		return f;
	return sql_facts_rewrite(w->db, out_body(w->meanings, &n),
	    out_body(w->intervals, &n), now)
	    .fault;
}

/* All pairings; the days that they may touch are then told by the stretches. */
static enum fault
rewrite(struct db *db, struct stretch *s, const struct event_since *v, size_t n,
    int64_t now)
{
	struct rows r = sql_facts_load(db, since_json(db, v, n));
	struct rewrite w = { .db = db,
		.meanings = out_new(db_its_pool(db)),
		.intervals = out_new(db_its_pool(db)),
		.dropped = out_new(db_its_pool(db)) };
	enum fault f = r.fault;
	int row = 0;

	out_open(w.meanings, NULL, '[');
	out_open(w.intervals, NULL, '[');
	out_open(w.dropped, NULL, '[');
	for (size_t i = 0; f == OK && i < n; i++) {
		s[i] = (struct stretch){ .of = &v[i], .first = row };
		while (
		    row < r.n && row_int(&r, row, "employee") == v[i].employee)
			row++;
		s[i].last = row;
		f = rewrite_one(&w, &r, &s[i]);
	}
	return f != OK ? f : write_back(&w, now);
}

enum fault
event_rebuild_since(struct db *db, const struct event_since *v, size_t n,
    int64_t now)
{
	struct stretch *s = pool_alloc(db_its_pool(db), n * sizeof(*s) + 1);
	enum fault f = rewrite(db, s, v, n, now);

	for (size_t i = 0; f == OK && i < n; i++)
		f = workday_touch(db, v[i].employee, s[i].from, s[i].to);
	return f;
}

enum fault
event_rebuild(struct db *db, int64_t employee, int64_t now)
{
	struct event_since all = { employee, 0, 0 };
	struct stretch s;
	enum fault f = rewrite(db, &s, &all, 1, now);

	return f != OK ? f : workday_rebuild(db, employee, now);
}

enum fault
event_replan(struct db *db, int64_t employee, int32_t from, int32_t to,
    int64_t now)
{
	struct rows r = sql_facts_since(db, employee, from);

	if (r.fault != OK)
		return r.fault;
	return row_bool(&r, 0, "any") ?
	    event_rebuild(db, employee, now) :
	    workday_replan(db, employee, from, to, now);
}
