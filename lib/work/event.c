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

/* W19: said before the database would refuse it, and end the transaction. */
static enum fault
check_period(struct db *db, const struct event_record *e)
{
	struct rows p = sql_fact_period(db, e->employee, kind_name(e->given),
	    e->at, e->time_zone);

	if (p.fault != OK || p.n == 0)
		return p.fault;
	db_refuse(db, row_text(&p, 0, "detail"));
	return FAULT_PERIOD_CLOSED;
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

	return f != OK ? f : workday_touch(db, e->employee, e->at);
}

/* Its place is further back: added as nothing, then all is worked out again. */
static enum fault
add_late(struct db *db, const struct event_record *e, enum kind kind,
    struct rows *rows)
{
	struct step nothing = { EFFECT_REDUNDANT, kind, false };
	enum fault f = add(db, e, &nothing, 0, e->limit, rows);
	int64_t id;

	if (f != OK)
		return f;
	id = row_int(rows, 0, "id");
	if ((f = event_rebuild(db, e->employee, e->recorded_at)) != OK)
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
	if ((f = check_period(db, e)) != OK)
		return f;
	if ((f = event_state(db, e->employee, e->at, &s)) != OK)
		return f;
	after = s.pairing;
	step = pairing_step(&after, &fact);
	if (s.newest_at > e->at)
		return add_late(db, e, step.kind, rows);
	if (step.effect == EFFECT_REPEAT)
		*there = s.last;
	else if (step.effect == EFFECT_REDUNDANT)
		*there = s.open;
	if (*there == 0)
		return add_now(db, e, &step, s.pairing.open_at,
		    after.open_limit, rows);
	*rows = sql_event_get(db, *there);
	return rows->fault;
}

/* The fold over all facts, written as two JSON arrays for one statement. */
struct rewrite {
	int64_t open; /* event, 0 if nothing is open */
	int64_t limit; /* of what is open (W6) */
	struct plan plan;
	struct out *meanings, *intervals;
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
fold(struct rewrite *w, struct pool *pool, const struct rows *rows)
{
	size_t n = (size_t)rows->n;
	size_t *order = pool_alloc(pool, n * sizeof(*order));
	struct fact *facts = pool_alloc(pool, n * sizeof(*facts));
	struct step *steps = pool_alloc(pool, n * sizeof(*steps));
	struct pairing state = { .plan = &w->plan };

	for (int i = 0; i < rows->n; i++)
		facts[i] = (struct fact){ row_time(rows, i, "at"),
			kind_of(row_text(rows, i, "kind")),
			row_int(rows, i, "limit_seconds") };
	pairing_fold(&state, facts, n, steps, order);
	out_open(w->meanings, NULL, '[');
	out_open(w->intervals, NULL, '[');
	for (size_t i = 0; i < n; i++)
		put_step(w, row_int(rows, (int)order[i], "id"),
		    &facts[order[i]], &steps[order[i]]);
	if (w->open != 0)
		put_interval(w, 0, false);
	out_close(w->meanings, ']');
	out_close(w->intervals, ']');
}

static enum fault
rewrite(struct db *db, int64_t employee, const struct rows *facts, int64_t now)
{
	struct rewrite w = { .meanings = out_new(db_its_pool(db)),
		.intervals = out_new(db_its_pool(db)) };
	enum fault f;
	size_t n;

	if (facts->n == 0)
		return OK;
	if ((f = workday_plan(db, employee, row_time(facts, 0, "at"),
		 row_time(facts, facts->n - 1, "at"), &w.plan)) != OK)
		return f;
	fold(&w, db_its_pool(db), facts);
	if ((f = sql_intervals_drop(db, employee).fault) != OK)
		return f;
	return sql_facts_rewrite(db, employee, out_body(w.meanings, &n),
	    out_body(w.intervals, &n), now)
	    .fault;
}

enum fault
event_rebuild(struct db *db, int64_t employee, int64_t now)
{
	struct rows facts = sql_facts_of(db, employee);
	enum fault f = facts.fault;

	if (f == OK)
		f = rewrite(db, employee, &facts, now);
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
