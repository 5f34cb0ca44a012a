/*
 * Holidays, of all branches and of single ones.
 */
#include "schedules.h"

#include "schedules.sql.h"
#include "work/event.h"

/* GET /holidays */

struct holiday_page {
	int64_t branch;
	const char *from, *to;
	int64_t after;
	int32_t limit;
};

static const struct field holiday_page_in[] = {
	FIELD_ID(holiday_page, branch, .def = DB_NULL, .optional = true),
	FIELD(holiday_page, from, .is = is_date, .optional = true),
	FIELD(holiday_page, to, .is = is_date, .optional = true),
	FIELD_PAGE(holiday_page),
	FIELD_END,
};

static enum fault
holiday_page(struct req *r, const void *arg)
{
	const struct holiday_page *in = arg;
	enum fault f = check_dates(r, "to", in->from, in->to);

	if (f != OK)
		return f;
	return reply_page(r,
	    sql_holiday_list(r->db, DB_NULL, in->branch, in->from, in->to,
		in->after, in->limit),
	    in->limit);
}

/* POST /holidays, PUT /holidays/{id}; without a branch it is for all. */

struct holiday {
	int64_t id, branch;
	const char *day, *name;
};

#define HOLIDAY_FIELDS \
	FIELD(holiday, day, .is = is_date, .what = "A date."), \
	    FIELD_ID(holiday, branch, .def = DB_NULL, .optional = true), \
	    FIELD(holiday, name, .min = 1, .max = 100, .is = is_line), \
	    FIELD_END,

static const struct field holiday_new_in[] = { HOLIDAY_FIELDS };
static const struct field holiday_put_in[] = { FIELD_ID(holiday, id),
	HOLIDAY_FIELDS };

/* A holiday of all branches is an admin's business. */
static enum fault
check_branch(struct req *r, int64_t branch)
{
	struct rows b;

	if (branch == DB_NULL)
		return r->branches == NULL ? OK : FAULT_OTHER_BRANCH;
	b = sql_holiday_branch(r->db, branch, r->branches);
	if (b.fault != OK)
		return b.fault;
	if (b.n == 0)
		return fail_field(r, "branch", "There is no such branch.");
	return row_bool(&b, 0, "mine") ? OK : FAULT_OTHER_BRANCH;
}

static int64_t
branch_of(const struct rows *h)
{
	return row_null(h, 0, "branch") ? DB_NULL : row_int(h, 0, "branch");
}

/* Everybody's day of it, as columns of the row. */
static enum fault
follow(struct req *r, const struct rows *h)
{
	int32_t day = (int32_t)row_int(h, 0, "day");
	struct rows e = sql_holiday_employees(r->db, branch_of(h), day);
	enum fault f = e.fault;

	for (int i = 0; f == OK && i < e.n; i++)
		f = event_replan(r->db, row_int(&e, i, "id"), day, day, r->now);
	return f;
}

static struct rows
one_holiday(struct req *r, int64_t id)
{
	return sql_holiday_list(r->db, id, DB_NULL, NULL, NULL, DB_NULL, 1);
}

static enum fault
holiday_new(struct req *r, const void *arg)
{
	const struct holiday *in = arg;
	enum fault f = check_branch(r, in->branch);
	struct rows made;

	if (f != OK)
		return f;
	made = sql_holiday_new(r->db, in->day, in->branch, in->name);
	if ((f = made.fault) != OK || (f = follow(r, &made)) != OK)
		return f;
	return reply_row(r, 201, one_holiday(r, row_int(&made, 0, "id")));
}

static enum fault
hold_holiday(struct req *r, int64_t id, struct rows *was)
{
	enum fault f;

	*was = sql_holiday_get(r->db, id);
	if (was->fault != OK || was->n == 0)
		return was->fault != OK ? was->fault : FAULT_NOT_FOUND;
	f = check_branch(r, branch_of(was));
	return f != OK ? f : if_match(r, one_holiday(r, id));
}

static enum fault
holiday_put(struct req *r, const void *arg)
{
	const struct holiday *in = arg;
	struct rows was, put;
	enum fault f = hold_holiday(r, in->id, &was);

	if (f != OK || (f = check_branch(r, in->branch)) != OK)
		return f;
	put = sql_holiday_put(r->db, in->id, in->day, in->branch, in->name);
	if ((f = put.fault) != OK || (f = follow(r, &was)) != OK ||
	    (f = follow(r, &put)) != OK)
		return f;
	return reply_row(r, 200, one_holiday(r, in->id));
}

static enum fault
holiday_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	struct rows was;
	enum fault f = hold_holiday(r, in->id, &was);

	if (f != OK || (f = sql_holiday_delete(r->db, in->id).fault) != OK ||
	    (f = follow(r, &was)) != OK)
		return f;
	return reply_nothing(r);
}

const struct route holiday_routes[] = {
	{ GET, "/holidays", EMPLOYEE, holiday_page, IN(holiday_page),
	    .what = "Holidays, of all branches and of single ones.",
	    GIVES_PAGE(holiday_list) },
	{ POST, "/holidays", MANAGER, holiday_new, IN_AS(holiday_new, holiday),
	    .tx = true, .idem = true,
	    .what = "Enter a holiday: of all branches if it names none, which "
		    "only an administrator may.  It cancels the plan of weekly "
		    "schedules.",
	    GIVES_ROW(201, holiday_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_HOLIDAY_TAKEN,
		FAULT_PERIOD_CLOSED } },
	{ PUT, "/holidays/{id}", MANAGER, holiday_put,
	    IN_AS(holiday_put, holiday), .tx = true, .match = true,
	    .what = "Change a holiday.", GIVES_ROW(200, holiday_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_HOLIDAY_TAKEN,
		FAULT_PERIOD_CLOSED } },
	{ DELETE, "/holidays/{id}", MANAGER, holiday_delete, IN(by_id),
	    .tx = true, .match = true, .what = "Remove a holiday.",
	    GIVES_NOTHING,
	    .faults = { FAULT_OTHER_BRANCH, FAULT_PERIOD_CLOSED } },
	{ .path = NULL }
};
