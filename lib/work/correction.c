#include "work/correction.h"

#include <string.h>

#include "correction.sql.h"
#include "work/event.h"

static enum fault
wrong(struct correction *c, const char *field, const char *why)
{
	c->field = field;
	c->wrong = why;
	return FAULT_BAD_FIELD;
}

enum fault
correction_in_time(struct db *db, int64_t employee, int64_t at, int64_t now,
    const char **why)
{
	struct rows e = sql_correction_employed(db, employee);

	*why = NULL;
	if (e.fault != OK)
		return e.fault;
	if (e.n == 0)
		return FAULT_NOT_FOUND;
	if (at > now)
		*why = "That is in the future.";
	else if (at < row_time(&e, 0, "from_at"))
		*why = "That is before the day of hiring.";
	else if (!row_null(&e, 0, "until_at") &&
	    at >= row_time(&e, 0, "until_at"))
		*why = "That is after the employment.";
	return OK;
}

/* What an action takes and what it does not. */
static enum fault
check_fields(struct correction *c)
{
	bool adds = strcmp(c->action, "add") == 0;
	bool voids = strcmp(c->action, "void") == 0;

	if (adds && c->event != DB_NULL)
		return wrong(c, "event", "What is added has no event yet.");
	if (!adds && c->event == DB_NULL)
		return wrong(c, "event", "Say which event is wrong.");
	if (voids && c->at != 0)
		return wrong(c, "at", "What is voided has no other time.");
	if (voids && c->kind != KIND_NONE)
		return wrong(c, "kind", "What is voided has no other kind.");
	if (!voids && c->at == 0)
		return wrong(c, "at", "Say when it was.");
	if (adds && c->kind == KIND_NONE)
		return wrong(c, "kind", "Say whether it was in or out.");
	return OK;
}

/* The event that is wrong: one's own, and not corrected before. */
static enum fault
check_event(struct db *db, struct correction *c, const char **was)
{
	struct rows e;
	enum kind kind;

	*was = NULL;
	if (c->event == DB_NULL)
		return OK;
	e = sql_correction_event(db, c->event, c->employee);
	if (e.fault != OK)
		return e.fault;
	if (e.n == 0)
		return wrong(c, "event", "There is no such event.");
	if (row_bool(&e, 0, "voided"))
		return FAULT_EVENT_VOIDED;
	*was = row_text(&e, 0, "kind");
	kind = kind_of(*was);
	if (c->at == 0)
		return OK;
	if (c->kind == KIND_NONE)
		c->kind = kind;
	return c->at == row_time(&e, 0, "at") && c->kind == kind ?
	    wrong(c, "at", "That is what the event says already.") :
	    OK;
}

enum fault
correction_ask(struct db *db, struct correction *c, int64_t *id)
{
	const char *was, *why = NULL;
	struct rows made;
	enum fault f;

	if ((f = check_fields(c)) != OK ||
	    (f = event_lock(db, c->employee)) != OK)
		return f;
	if (c->at != 0 &&
	    (f = correction_in_time(db, c->employee, c->at, c->now, &why)) !=
		OK)
		return f;
	if (why != NULL)
		return wrong(c, "at", why);
	if ((f = check_event(db, c, &was)) != OK)
		return f;
	made = sql_correction_new(db, c->employee, c->action, c->event, was,
	    c->at, kind_name(c->kind), c->reason, c->asked_by, c->now);
	if (made.fault == OK)
		*id = row_int(&made, 0, "id");
	return made.fault;
}

enum fault
correction_withdraw(struct db *db, int64_t id, int64_t person, int64_t now)
{
	struct rows c = sql_correction_withdraw(db, id, person, now);

	if (c.fault != OK || c.n == 0)
		return c.fault != OK ? c.fault : FAULT_NOT_FOUND;
	return row_bool(&c, 0, "done") ?
	    sql_correction_settled(db, id, now).fault :
	    FAULT_CORRECTION_DECIDED;
}

/* At another time than the one that was asked for? */
static enum fault
set_time(struct db *db, struct decision *d, struct change *change)
{
	enum fault f;

	d->wrong = NULL;
	if (d->at == 0)
		return OK;
	if (change->at == 0) {
		d->wrong = "What is voided has no other time.";
		return FAULT_BAD_FIELD;
	}
	f = correction_in_time(db, change->employee, d->at, d->now, &d->wrong);
	change->at = d->at;
	return f == OK && d->wrong != NULL ? FAULT_BAD_FIELD : f;
}

static enum fault
change_of(struct db *db, const struct rows *c, struct decision *d,
    struct change *change)
{
	bool voids = !row_null(c, 0, "event"), adds = !row_null(c, 0, "at");

	*change = (struct change){
		.employee = row_int(c, 0, "employee"),
		.voids = voids ? row_int(c, 0, "event") : DB_NULL,
		.correction = d->id,
		.at = adds ? row_time(c, 0, "at") : 0,
		.kind = kind_of(row_text(c, 0, "kind")),
		.source = "correction",
		.reason = row_text(c, 0, "reason"),
		.made_by = d->decided_by,
		.now = d->now,
		.confirm = d->confirm,
		.confirm_long = d->confirm_long,
	};
	return set_time(db, d, change);
}

enum fault
correction_effect(struct db *db, struct decision *d, struct change_effect *e)
{
	struct rows c = sql_correction_hold(db, d->id, NULL, DB_NULL);
	struct change change;
	enum fault f;

	if (c.fault != OK || c.n == 0)
		return c.fault != OK ? c.fault : FAULT_NOT_FOUND;
	if (strcmp(row_text(&c, 0, "state"), "pending") != 0)
		return FAULT_CORRECTION_DECIDED;
	f = change_of(db, &c, d, &change);
	return f != OK ? f : change_preview(db, &change, e);
}

static enum fault
check_decider(const struct rows *c)
{
	if (c->fault != OK || c->n == 0)
		return c->fault != OK ? c->fault : FAULT_NOT_FOUND;
	if (!row_bool(c, 0, "mine"))
		return FAULT_OTHER_BRANCH;
	if (row_bool(c, 0, "own"))
		return FAULT_CORRECTION_OWN;
	return strcmp(row_text(c, 0, "state"), "pending") == 0 ?
	    OK :
	    FAULT_CORRECTION_DECIDED;
}

enum fault
correction_decide(struct db *db, struct decision *d, struct change_effect *e)
{
	struct rows c = sql_correction_hold(db, d->id, d->branches,
	    d->decided_by);
	struct change change;
	enum fault f = check_decider(&c);

	*e = (struct change_effect){ .made = 0 };
	if (f != OK || (f = change_of(db, &c, d, &change)) != OK)
		return f;
	if (d->approve && (f = change_make(db, &change, e)) != OK)
		return f;
	c = sql_correction_decide(db, d->id,
	    d->approve ? "approved" : "rejected", d->decided_by, d->reason,
	    e->made != 0 ? e->made : DB_NULL, d->now);
	if (c.fault != OK)
		return c.fault;
	return c.n == 0 ? FAULT_CORRECTION_DECIDED :
			  sql_correction_settled(db, d->id, d->now).fault;
}
