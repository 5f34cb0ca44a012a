#include "work/event.h"

#include <string.h>

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
	struct rows r = sql_pairing_state(db, employee, at);

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
			.last_out = row_time(&r, 0, "last_out"),
			.open = !row_null(&r, 0, "open"),
			.open_at = row_time(&r, 0, "open_at"),
			.open_limit = row_int(&r, 0, "open_limit"),
		},
	};
	return row_bool(&r, 0, "planned") ? state_plan(db, employee, at, s) :
					    OK;
}

static bool
is_by_hand(const struct event_record *e)
{
	return strcmp(e->source, "manual") == 0 ||
	    strcmp(e->source, "correction") == 0;
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
    int64_t open, int64_t limit, struct rows *rows)
{
	*rows = sql_event_add(db, e->employee, kind_name(e->given), e->at,
	    e->branch, e->time_zone, (int32_t)e->limit, e->recorded_at,
	    e->source, e->flags, e->terminal, e->claim, e->made_by, e->reason,
	    (int32_t)e->longest, kind_name(step->kind),
	    effect_name(step->effect), step->missing_out,
	    open != 0 ? open : DB_NULL, (int32_t)limit);
	return rows->fault;
}

/* The event, the days that it changes, and who is to know. */
static enum fault
add_now(struct db *db, const struct event_record *e, const struct step *step,
    int64_t open, int64_t limit, struct rows *rows)
{
	enum fault f = add(db, e, step, open, limit, rows);
	int64_t late;

	if (f != OK || (f = workday_add(db, e->employee, e->at, &late)) != OK)
		return f;
	if (late == 0 || step->effect != EFFECT_OPENS || is_by_hand(e))
		return OK;
	return sql_notice_late(db, row_int(rows, 0, "id"), late, e->recorded_at)
	    .fault;
}

/* Its place is further back: added as nothing, then worked out from there. */
static enum fault
add_late(struct db *db, const struct event_record *e, enum kind kind,
    struct rows *rows)
{
	struct step nothing = { EFFECT_REPEAT, kind, false };
	struct event_since there = { e->employee, e->at, e->at };
	enum fault f = add(db, e, &nothing, 0, e->limit, rows);
	int64_t id;

	if (f != OK)
		return f;
	id = row_int(rows, 0, "id");
	if ((f = event_rebuild_since(db, &there, 1, CLOSED_REFUSED,
		 e->recorded_at)) != OK)
		return f;
	*rows = sql_event_get(db, id);
	return rows->fault;
}

static bool
is_there(const struct event_state *s, enum effect effect, int64_t *there)
{
	if (effect == EFFECT_REPEAT)
		*there = s->last;
	if (effect == EFFECT_REDUNDANT)
		*there = s->open;
	return *there != 0;
}

/* W3: a repeat is no event; W5: what is redundant is kept, and marked so. */
static enum fault
add_there(struct db *db, const struct event_record *e, const struct step *step,
    int64_t there, struct rows *rows)
{
	enum fault f = step->effect == EFFECT_REPEAT ?
	    OK :
	    add(db, e, step, 0, e->limit, rows);

	if (f != OK)
		return f;
	*rows = sql_event_get(db, there);
	return rows->fault;
}

enum fault
event_record(struct db *db, const struct event_record *e, int64_t *there,
    struct rows *rows)
{
	struct fact fact = { e->at, e->given, e->limit, e->longest, 0,
		is_by_hand(e) };
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
	if (s.newest_at <= e->at && is_there(&s, step.effect, there))
		return add_there(db, e, &step, *there, rows);
	if (e->made_by != DB_NULL || s.newest_at >= e->at)
		/* of the past; and the fold orders what is of a second */
		return add_late(db, e, step.kind, rows);
	return add_now(db, e, &step, s.open, after.open_limit, rows);
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
