#include "work/change.h"

#include "change.sql.h"
#include "work/event.h"

enum { LONGEST = 36 * 3600 }; /* W10 */

/* What was added: an in and its out, or one of them. */
struct made {
	int64_t first, last; /* event, 0 for none */
	bool there;
};

static enum fault
add(struct db *db, const struct change *c, enum kind kind, int64_t at,
    int64_t longest, struct made *made)
{
	struct rows place = sql_change_place(db, c->employee, c->voids, at);
	struct rows event;
	int64_t there;
	enum fault f = place.fault;

	if (f != OK)
		return f;
	f = event_record(db,
	    &(struct event_record){
		.employee = c->employee,
		.given = kind,
		.at = at,
		.recorded_at = c->now,
		.branch = row_int(&place, 0, "branch"),
		.time_zone = row_text(&place, 0, "time_zone"),
		.limit = row_int(&place, 0, "limit_seconds"),
		.source = c->source,
		.flags = "{}",
		.terminal = DB_NULL,
		.claim = DB_NULL,
		.made_by = c->made_by,
		.reason = c->reason,
		.longest = longest,
	    },
	    &there, &event);
	if (f != OK)
		return f;
	made->last = row_int(&event, 0, "id");
	if (made->first == 0) {
		made->first = made->last;
		made->there = there != 0;
	}
	return OK;
}

static enum fault
take(struct db *db, const struct change *c)
{
	struct event_since there = { .employee = c->employee };
	struct rows v = sql_change_void(db, c->voids, c->employee,
	    c->correction);

	if (v.fault != OK || v.n == 0)
		return v.fault != OK ? v.fault : FAULT_EVENT_VOIDED;
	there.since = there.until = row_time(&v, 0, "at");
	return event_rebuild_since(db, &there, 1, CLOSED_REFUSED, c->now);
}

/* The last of what is added begins or ends the longest interval. */
static enum fault
apply(struct db *db, const struct change *c, int64_t longest, struct made *made)
{
	enum fault f = OK;

	*made = (struct made){ .first = 0 };
	if (c->voids != DB_NULL)
		f = take(db, c);
	if (f == OK && c->at != 0)
		f = add(db, c, c->kind, c->at, c->until != 0 ? 0 : longest,
		    made);
	if (f == OK && c->until != 0)
		f = add(db, c, KIND_OUT, c->until, longest, made);
	return f;
}

static enum fault
again(struct db *db, const struct change *c, int64_t longest, struct made *made)
{
	enum fault f = db_undo(db);

	if (f == OK)
		f = db_savepoint(db);
	return f != OK ? f : apply(db, c, longest, made);
}

/* What found no other end within the limit may find one beyond it. */
static enum fault
try_long(struct db *db, const struct change *c, struct made *made,
    struct change_effect *e)
{
	struct rows span;
	enum fault f;

	if (made->last == 0)
		return OK;
	span = sql_change_span(db, made->last, c->now);
	if (span.fault != OK || !row_bool(&span, 0, "missing"))
		return span.fault;
	if ((f = again(db, c, LONGEST, made)) != OK)
		return f;
	span = sql_change_span(db, made->last, c->now);
	if (span.fault != OK)
		return span.fault;
	e->long_seconds = row_int(&span, 0, "seconds");
	return again(db, c, c->confirm_long ? e->long_seconds : 0, made);
}

static int64_t
or_null(int64_t id)
{
	return id != 0 ? id : DB_NULL;
}

static enum fault
measure(struct db *db, const struct change *c, const struct made *made,
    const char *before, int64_t since, struct change_effect *e)
{
	struct rows after = sql_change_state(db, c->employee, since, c->now);

	if (after.fault != OK)
		return after.fault;
	e->rows = sql_change_effect(db, before, row_text(&after, 0, "state"),
	    c->employee, c->voids, or_null(made->first), made->there,
	    e->long_seconds);
	if (e->rows.fault != OK)
		return e->rows.fault;
	e->made = made->first;
	e->there = made->there;
	e->lost_seconds = row_int(&e->rows, 0, "lost_seconds");
	e->missing = (int32_t)row_int(&e->rows, 0, "missing");
	e->ends_running = row_bool(&e->rows, 0, "ends_running");
	return OK;
}

/* Within a savepoint, which stays. */
static enum fault
try(struct db *db, const struct change *c, struct change_effect *e)
{
	struct rows since, before;
	struct made made;
	enum fault f;

	*e = (struct change_effect){ .made = 0 };
	if ((f = event_lock(db, c->employee)) != OK)
		return f;
	since = sql_change_since(db, c->voids, c->at);
	if (since.fault != OK)
		return since.fault;
	before = sql_change_state(db, c->employee, row_time(&since, 0, "since"),
	    c->now);
	if ((f = before.fault) != OK || (f = db_savepoint(db)) != OK ||
	    (f = apply(db, c, 0, &made)) != OK ||
	    (f = try_long(db, c, &made, e)) != OK)
		return f;
	return measure(db, c, &made, row_text(&before, 0, "state"),
	    row_time(&since, 0, "since"), e);
}

enum fault
change_preview(struct db *db, const struct change *c, struct change_effect *e)
{
	enum fault f = try(db, c, e);

	return f != OK ? f : db_undo(db);
}

enum fault
change_make(struct db *db, const struct change *c, struct change_effect *e)
{
	enum fault f = try(db, c, e);

	if (f != OK || c->confirm)
		return f;
	if (e->long_seconds > 0 && !c->confirm_long)
		return FAULT_CONFIRM_LONG;
	return e->lost_seconds > 0 || e->missing > 0 || e->ends_running ?
	    FAULT_CONFIRM_LOSS :
	    OK;
}
