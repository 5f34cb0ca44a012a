/*
 * Events entered by hand (T5): by somebody in charge, of the past, with a
 * reason, after a look at what they do to the hours (W10).
 */
#include "events.h"

#include <inttypes.h>

#include "base/clock.h"
#include "change.sql.h"
#include "correction.sql.h"
#include "event.sql.h"
#include "work/correction.h"

enum fault
change_refused(struct req *r, enum fault f, const struct change_effect *e)
{
	if (f == FAULT_CONFIRM_LONG) {
		r->extra = "long_seconds";
		r->extra_value = e->long_seconds;
		return fail(r, f,
		    "An interval of %" PRId64 " h %02" PRId64
		    " min, beyond the limit: confirm_long if it is right, "
		    "confirm to leave its end missing.",
		    e->long_seconds / 3600, e->long_seconds / 60 % 60);
	}
	if (f != FAULT_CONFIRM_LOSS)
		return f;
	r->extra = "lost_seconds";
	r->extra_value = e->lost_seconds;
	return fail(r, f,
	    "It takes away %" PRId64 " h %02" PRId64 " min, leaves %" PRId32
	    " more without the other end%s: confirm if that is right.",
	    e->lost_seconds / 3600, e->lost_seconds / 60 % 60, e->missing,
	    e->ends_running ? ", and ends the interval that runs" : "");
}

struct manual {
	int64_t employee;
	const char *at, *kind, *until, *reason;
	bool confirm, confirm_long;
};

#define MANUAL_FIELDS \
	FIELD_ID(manual, employee), \
	    FIELD(manual, at, .is = is_time, .what = "An instant."), \
	    FIELD(manual, kind, .in = "in|out"), \
	    FIELD(manual, until, .is = is_time, .what = "An instant.", \
		.optional = true)

static const struct field manual_new_in[] = { MANUAL_FIELDS,
	FIELD(manual, reason, .min = 1, .max = 500, .is = is_line),
	FIELD(manual, confirm, .optional = true),
	FIELD(manual, confirm_long, .optional = true), FIELD_END };
static const struct field manual_preview_in[] = { MANUAL_FIELDS,
	FIELD(manual, confirm_long, .optional = true), FIELD_END };

/* Of the caller's branches; a manager's own hours are another's business. */
static enum fault
check_employee(struct req *r, int64_t employee)
{
	struct rows e = sql_correction_whose(r->db, employee, r->person, true,
	    r->branches);

	if (e.fault != OK)
		return e.fault;
	if (e.n == 0)
		return fail_field(r, "employee", "There is no such employee.");
	if (!row_bool(&e, 0, "mine"))
		return FAULT_OTHER_BRANCH;
	return row_bool(&e, 0, "own") && !(r->roles & ROLE_ADMIN) ?
	    FAULT_CORRECTION_OWN :
	    OK;
}

static enum fault
check_time(struct req *r, int64_t employee, const char *field, int64_t at)
{
	const char *why;
	enum fault f = correction_in_time(r->db, employee, at, r->now, &why);

	return f == OK && why != NULL ? fail_field(r, field, "%s", why) : f;
}

static enum fault
check(struct req *r, const struct manual *in, struct change *c)
{
	enum fault f = check_employee(r, in->employee);

	*c = (struct change){
		.employee = in->employee,
		.voids = DB_NULL,
		.kind = kind_of(in->kind),
		.source = "manual",
		.reason = in->reason != NULL ? in->reason : "-",
		.made_by = r->person,
		.now = r->now,
		.confirm = in->confirm,
		.confirm_long = in->confirm_long,
	};
	clock_parse(in->at, &c->at);
	if (f != OK || (f = check_time(r, in->employee, "at", c->at)) != OK ||
	    in->until == NULL)
		return f;
	clock_parse(in->until, &c->until);
	if (c->kind != KIND_IN)
		return fail_field(r, "until", "Only an in has an end.");
	if (c->until <= c->at)
		return fail_field(r, "until", "Not after its beginning.");
	return check_time(r, in->employee, "until", c->until);
}

static enum fault
manual_new(struct req *r, const void *arg)
{
	const struct manual *in = arg;
	struct change c;
	struct change_effect e;
	enum fault f;

	if ((f = check(r, in, &c)) != OK)
		return f;
	if ((f = change_make(r->db, &c, &e)) != OK)
		return change_refused(r, f, &e);
	return reply_row(r, e.there ? 200 : 201, sql_event_get(r->db, e.made));
}

static enum fault
manual_preview(struct req *r, const void *arg)
{
	const struct manual *in = arg;
	struct change c;
	struct change_effect e;
	enum fault f;

	if ((f = check(r, in, &c)) != OK ||
	    (f = change_preview(r->db, &c, &e)) != OK)
		return f;
	return reply_row(r, 200, e.rows);
}

const struct route manual_routes[] = {
	{ POST, "/events/manual", MANAGER, manual_new,
	    IN_AS(manual_new, manual), .tx = true, .idem = true,
	    .body_max = 4096,
	    .what = "Enter an event of the past for an employee of the "
		    "caller's branches, or an in and its out together; 200 "
		    "means that it was there already.  What loses hours or "
		    "leaves an in or out missing is refused without "
		    "confirm, an interval beyond the limit without "
		    "confirm_long.",
	    GIVES_ROW(201, event_add), .also = 200,
	    .faults = { FAULT_OTHER_BRANCH, FAULT_CORRECTION_OWN,
		FAULT_CONFIRM_LOSS, FAULT_CONFIRM_LONG, FAULT_PERIOD_CLOSED } },
	{ POST, "/events/manual/preview", MANAGER, manual_preview,
	    IN_AS(manual_preview, manual), .tx = true, .body_max = 4096,
	    .what = "What an entry by hand would do to the hours of which "
		    "days; nothing is changed.",
	    GIVES_ROW(200, change_effect),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_CORRECTION_OWN,
		FAULT_PERIOD_CLOSED } },
	{ .path = NULL }
};
