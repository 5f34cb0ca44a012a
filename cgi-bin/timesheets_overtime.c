/*
 * Overtime: what the days propose, and what was decided (W17).
 */
#include "timesheets.h"

#include "timesheets.sql.h"

/* GET /overtime */

struct overtime_page {
	int64_t branch, employee;
	const char *month, *state;
};

static const struct field overtime_page_in[] = {
	FIELD_ID(overtime_page, branch),
	FIELD(overtime_page, month, .is = is_month,
	    .what = "A month: 2026-10."),
	FIELD_ID(overtime_page, employee, .def = DB_NULL, .optional = true),
	FIELD(overtime_page, state, .in = "pending|approved|declined",
	    .optional = true),
	FIELD_END,
};

static enum fault
overtime_page(struct req *r, const void *arg)
{
	const struct overtime_page *in = arg;
	struct month m;
	enum fault f = find_month(r, in->branch, in->month, &m);

	if (f != OK)
		return f;
	return reply_items(r,
	    sql_overtime_list(r->db, m.branch, r->branches, m.first,
		in->employee, NULL, in->state));
}

/* POST /overtime: of the length that whoever decides has seen. */

struct overtime {
	int64_t employee;
	const char *day;
	int32_t seconds;
	bool approved;
};

static const struct field overtime_in[] = {
	FIELD_ID(overtime, employee),
	FIELD(overtime, day, .is = is_date, .what = "A date."),
	FIELD(overtime, seconds, .min = 1, .max = INT32_MAX),
	FIELD(overtime, approved, .optional = false),
	FIELD_END,
};

static bool
is_admin(const struct req *r)
{
	return r->roles & ROLE_ADMIN;
}

static enum fault
overtime(struct req *r, const void *arg)
{
	const struct overtime *in = arg;
	struct rows e = sql_overtime_employee(r->db, in->employee, in->day,
	    r->branches);
	struct rows done;

	if (e.fault != OK)
		return e.fault;
	if (e.n == 0)
		return fail_field(r, "employee", "There is no such employee.");
	if (!row_bool(&e, 0, "mine"))
		return FAULT_OTHER_BRANCH;
	if (row_int(&e, 0, "person") == r->person && !is_admin(r))
		return fail(r, FAULT_FORBIDDEN,
		    "Somebody else decides about one's own overtime.");
	done = sql_overtime_decide(r->db, in->employee, in->day, in->seconds,
	    in->approved, r->person, r->now);
	if (done.fault != OK || done.n == 0)
		return done.fault != OK ? done.fault : FAULT_CONFLICT;
	return reply_row(r, 200,
	    sql_overtime_list(r->db, row_int(&e, 0, "branch"), r->branches,
		row_text(&e, 0, "month"), in->employee, in->day, NULL));
}

/* POST /overtime/month: all that waits, if it is as much as was seen. */

struct overtime_month {
	int64_t branch;
	const char *month;
	int32_t pending;
	bool approved;
};

static const struct field overtime_month_in[] = {
	FIELD_ID(overtime_month, branch),
	FIELD(overtime_month, month, .is = is_month,
	    .what = "A month: 2026-10."),
	FIELD(overtime_month, pending, .min = 1, .max = 100000),
	FIELD(overtime_month, approved, .optional = false),
	FIELD_END,
};

static enum fault
overtime_month(struct req *r, const void *arg)
{
	const struct overtime_month *in = arg;
	struct rows done;
	struct month m;
	enum fault f = find_month(r, in->branch, in->month, &m);

	if (f != OK)
		return f;
	done = sql_overtime_decide_month(r->db, m.branch, m.first, in->pending,
	    in->approved, r->person, is_admin(r), r->now);
	if (done.fault == OK && row_int(&done, 0, "pending") != in->pending)
		return FAULT_CONFLICT;
	return reply_row(r, 200, done);
}

const struct route overtime_routes[] = {
	{ GET, "/overtime", MANAGER, overtime_page, IN(overtime_page),
	    .tx = true,
	    .what = "Overtime that days of a month of a branch propose, and "
		    "what was decided about it.",
	    GIVES_ITEMS(overtime_list), .faults = { FAULT_OTHER_BRANCH } },
	{ POST, "/overtime", MANAGER, overtime, IN(overtime), .tx = true,
	    .what = "Approve or decline the overtime of a day, of the length "
		    "that it has: only what is approved counts on a sheet.",
	    GIVES_ROW(200, overtime_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_CONFLICT,
		FAULT_PERIOD_CLOSED } },
	{ POST, "/overtime/month", MANAGER, overtime_month, IN(overtime_month),
	    .tx = true,
	    .what =
		"Approve or decline all overtime of a month of a branch "
		"that waits, if it is as many days as are said; a manager's "
		"own is not among it.",
	    GIVES_ROW(200, overtime_decide_month),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_CONFLICT,
		FAULT_PERIOD_CLOSED } },
	{ .path = NULL }
};
