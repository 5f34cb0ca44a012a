/*
 * Corrections (T6): an employee asks for a change of his events, somebody
 * else decides.
 */
#include "events.h"

#include "base/clock.h"
#include "change.sql.h"
#include "correction.sql.h"
#include "work/correction.h"

#define STATES "pending|approved|rejected|withdrawn"

/* GET /corrections */

struct correction_page {
	const char *state;
	int64_t employee, branch;
	bool own;
	const char *from, *to;
	int64_t after;
	int32_t limit;
};

static const struct field correction_page_in[] = {
	FIELD(correction_page, state, .in = STATES, .optional = true),
	FIELD_ID(correction_page, employee, .def = DB_NULL, .optional = true),
	FIELD_ID(correction_page, branch, .def = DB_NULL, .optional = true),
	FIELD(correction_page, own, .optional = true),
	FIELD(correction_page, from, .is = is_date, .optional = true),
	FIELD(correction_page, to, .is = is_date, .optional = true),
	FIELD_PAGE(correction_page),
	FIELD_END,
};

static enum fault
correction_page(struct req *r, const void *arg)
{
	const struct correction_page *in = arg;
	enum fault f = check_dates(r, "to", in->from, in->to);

	if (f != OK)
		return f;
	return reply_page(r,
	    sql_correction_list(r->db, DB_NULL, r->person,
		r->roles & ROLE_MANAGER, r->branches, in->state, in->employee,
		in->branch, in->own, in->from, in->to, in->after, in->limit),
	    in->limit);
}

static struct rows
one_correction(struct req *r, int64_t id)
{
	return sql_correction_list(r->db, id, r->person,
	    r->roles & ROLE_MANAGER, r->branches, NULL, DB_NULL, DB_NULL, false,
	    NULL, NULL, DB_NULL, 1);
}

static enum fault
correction_get(struct req *r, const void *arg)
{
	const struct by_id *in = arg;

	return reply_row(r, 200, one_correction(r, in->id));
}

/* POST /corrections, and what it would do */

struct correction_new {
	int64_t employee, event;
	const char *action, *at, *kind, *reason;
};

#define CORRECTION_FIELDS \
	FIELD_ID(correction_new, employee, .def = DB_NULL, .optional = true), \
	    FIELD(correction_new, action, .in = "add|void|change"), \
	    FIELD_ID(correction_new, event, .def = DB_NULL, .optional = true), \
	    FIELD(correction_new, at, .is = is_time, .what = "An instant.", \
		.optional = true), \
	    FIELD(correction_new, kind, .in = "in|out", .optional = true)

static const struct field correction_new_in[] = { CORRECTION_FIELDS,
	FIELD(correction_new, reason, .min = 1, .max = 500, .is = is_line),
	FIELD_END };
static const struct field correction_preview_in[] = { CORRECTION_FIELDS,
	FIELD(correction_new, reason, .max = 500, .is = is_line,
	    .optional = true),
	FIELD_END };

/* One's own employment; somebody in charge may ask for another's. */
static enum fault
find_employee(struct req *r, int64_t asked, int64_t *employee)
{
	struct rows e = sql_correction_whose(r->db, asked, r->person,
	    r->roles & ROLE_MANAGER, r->branches);

	if (e.fault != OK)
		return e.fault;
	if (e.n == 0)
		return asked == DB_NULL ?
		    fail(r, FAULT_FORBIDDEN, "You are no employee here.") :
		    fail_field(r, "employee", "There is no such employee.");
	*employee = row_int(&e, 0, "id");
	return row_bool(&e, 0, "own") || row_bool(&e, 0, "mine") ?
	    OK :
	    FAULT_OTHER_BRANCH;
}

static enum fault
ask(struct req *r, const struct correction_new *in, int64_t *id)
{
	struct correction c = {
		.action = in->action,
		.event = in->event,
		.kind = kind_of(in->kind),
		.reason = in->reason != NULL ? in->reason : "-",
		.asked_by = r->person,
		.now = r->now,
	};
	struct change_effect e;
	enum fault f;

	if (in->at != NULL)
		clock_parse(in->at, &c.at);
	if ((f = find_employee(r, in->employee, &c.employee)) != OK)
		return f;
	f = correction_ask(r->db, &c, id, &e);
	return f == FAULT_BAD_FIELD ? fail_field(r, c.field, "%s", c.wrong) : f;
}

static enum fault
correction_new(struct req *r, const void *arg)
{
	int64_t id;
	enum fault f = ask(r, arg, &id);

	return f != OK ? f : reply_row(r, 201, one_correction(r, id));
}

/* Asked and taken back at once. */
static enum fault
correction_preview(struct req *r, const void *arg)
{
	struct change_effect e;
	int64_t id;
	enum fault f;

	if ((f = db_savepoint(r->db)) != OK || (f = ask(r, arg, &id)) != OK ||
	    (f = correction_effect(r->db,
		 &(struct decision){ .id = id,
		     .decided_by = r->person,
		     .now = r->now },
		 &e)) != OK ||
	    (f = db_undo(r->db)) != OK)
		return f;
	return reply_row(r, 200, e.rows);
}

/* GET /corrections/{id}/effect */

struct correction_show {
	int64_t id;
	const char *at;
	bool confirm_long;
};

#define OTHER_TIME(struct_) \
	FIELD(struct_, at, .is = is_time, .what = "An instant.", \
	    .optional = true)

static const struct field correction_show_in[] = {
	FIELD_ID(correction_show, id),
	OTHER_TIME(correction_show),
	FIELD(correction_show, confirm_long, .optional = true),
	FIELD_END,
};

static enum fault
correction_show(struct req *r, const void *arg)
{
	const struct correction_show *in = arg;
	struct rows c = one_correction(r, in->id);
	struct decision d = { .id = in->id,
		.confirm_long = in->confirm_long,
		.decided_by = r->person,
		.now = r->now };
	struct change_effect e;
	enum fault f;

	if (c.fault != OK || c.n == 0)
		return c.fault != OK ? c.fault : FAULT_NOT_FOUND;
	if (in->at != NULL)
		clock_parse(in->at, &d.at);
	f = correction_effect(r->db, &d, &e);
	if (f == FAULT_BAD_FIELD)
		return fail_field(r, "at", "%s", d.wrong);
	return f != OK ? f : reply_row(r, 200, e.rows);
}

/* POST /corrections/{id}/withdraw */

static enum fault
correction_withdrawn(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	enum fault f = correction_withdraw(r->db, in->id, r->person, r->now);

	return f != OK ? f : reply_row(r, 200, one_correction(r, in->id));
}

/* POST /corrections/{id}/approve, reject */

struct correction_decision {
	int64_t id;
	const char *at, *reason;
	bool confirm, confirm_long;
};

static const struct field correction_approve_in[] = {
	FIELD_ID(correction_decision, id),
	OTHER_TIME(correction_decision),
	FIELD(correction_decision, reason, .max = 500, .is = is_line,
	    .optional = true),
	FIELD(correction_decision, confirm, .optional = true),
	FIELD(correction_decision, confirm_long, .optional = true),
	FIELD_END,
};
static const struct field correction_reject_in[] = {
	FIELD_ID(correction_decision, id),
	FIELD(correction_decision, reason, .min = 1, .max = 500, .is = is_line),
	FIELD_END,
};

static enum fault
decide(struct req *r, const struct correction_decision *in, bool approve)
{
	struct change_effect e;
	struct decision d = {
		.id = in->id,
		.approve = approve,
		.reason = in->reason,
		.confirm = in->confirm,
		.confirm_long = in->confirm_long,
		.decided_by = r->person,
		.branches = r->branches,
		.now = r->now,
	};
	enum fault f;

	if (in->at != NULL)
		clock_parse(in->at, &d.at);
	f = correction_decide(r->db, &d, &e);
	if (f == FAULT_BAD_FIELD)
		return fail_field(r, "at", "%s", d.wrong);
	return f != OK ? change_refused(r, f, &e) :
			 reply_row(r, 200, one_correction(r, in->id));
}

static enum fault
correction_approve(struct req *r, const void *arg)
{
	return decide(r, arg, true);
}

static enum fault
correction_reject(struct req *r, const void *arg)
{
	return decide(r, arg, false);
}

const struct route correction_routes[] = {
	{ GET, "/corrections", EMPLOYEE, correction_page, IN(correction_page),
	    .what = "Requests to change events, one's own and those of a "
		    "manager's branches: those that wait in the order they "
		    "came, others newest first.  The days are those of the "
		    "events.",
	    GIVES_PAGE(correction_list) },
	{ POST, "/corrections", EMPLOYEE, correction_new, IN(correction_new),
	    .tx = true, .idem = true, .body_max = 4096,
	    .what = "Ask for a change of one's events of the past: add one, "
		    "void one, or change one, which voids it and adds what is "
		    "right.  Somebody in charge may ask for another.",
	    GIVES_ROW(201, correction_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_CORRECTION_PENDING,
		FAULT_EVENT_VOIDED } },
	{ POST, "/events/preview", EMPLOYEE, correction_preview,
	    IN_AS(correction_preview, correction_new), .tx = true,
	    .body_max = 4096,
	    .what = "What such a request would do to the hours of which days; "
		    "nothing is changed and nobody is asked.",
	    GIVES_ROW(200, change_effect),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_CORRECTION_PENDING,
		FAULT_EVENT_VOIDED, FAULT_PERIOD_CLOSED } },
	{ GET, "/corrections/{id}", EMPLOYEE, correction_get, IN(by_id),
	    .what = "One request, one's own or of a manager's branches.",
	    GIVES_ROW(200, correction_list) },
	{ GET, "/corrections/{id}/effect", EMPLOYEE, correction_show,
	    IN(correction_show), .tx = true,
	    .what = "What approving it, at that time or at another, would do "
		    "to the hours of which days, as things are now.",
	    GIVES_ROW(200, change_effect),
	    .faults = { FAULT_CORRECTION_DECIDED, FAULT_EVENT_VOIDED,
		FAULT_PERIOD_CLOSED } },
	{ POST, "/corrections/{id}/withdraw", EMPLOYEE, correction_withdrawn,
	    IN(by_id), .tx = true, .idem = true,
	    .what = "Take one's own request back.",
	    GIVES_ROW(200, correction_list),
	    .faults = { FAULT_CORRECTION_DECIDED } },
	{ POST, "/corrections/{id}/approve", MANAGER, correction_approve,
	    IN_AS(correction_approve, correction_decision), .tx = true,
	    .idem = true,
	    .what = "Make the change that somebody else asked for, at that "
		    "time or at another; what was asked stays.  What loses "
		    "hours or leaves an in or out missing is refused without "
		    "confirm, an interval beyond the limit without "
		    "confirm_long.",
	    GIVES_ROW(200, correction_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_CORRECTION_OWN,
		FAULT_CORRECTION_DECIDED, FAULT_EVENT_VOIDED,
		FAULT_CONFIRM_LOSS, FAULT_CONFIRM_LONG, FAULT_PERIOD_CLOSED } },
	{ POST, "/corrections/{id}/reject", MANAGER, correction_reject,
	    IN_AS(correction_reject, correction_decision), .tx = true,
	    .idem = true, .what = "Refuse a request; who asked is told why.",
	    GIVES_ROW(200, correction_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_CORRECTION_OWN,
		FAULT_CORRECTION_DECIDED } },
	{ .path = NULL }
};
