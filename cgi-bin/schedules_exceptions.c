/*
 * Days that are not as scheduled.
 */
#include "schedules.h"

#include "schedules.sql.h"

/* GET /schedule-exceptions */

struct exception_page {
	int64_t employee;
	const char *from, *to;
	int64_t after;
	int32_t limit;
};

static const struct field exception_page_in[] = {
	FIELD_ID(exception_page, employee, .def = DB_NULL, .optional = true),
	FIELD(exception_page, from, .is = is_date, .optional = true),
	FIELD(exception_page, to, .is = is_date, .optional = true),
	FIELD_PAGE(exception_page),
	FIELD_END,
};

static enum fault
exception_page(struct req *r, const void *arg)
{
	const struct exception_page *in = arg;
	enum fault f = check_dates(r, "to", in->from, in->to);

	if (f != OK)
		return f;
	return reply_page(r,
	    sql_exception_list(r->db, DB_NULL, r->branches, in->employee,
		in->from, in->to, in->after, in->limit),
	    in->limit);
}

/* POST /schedule-exceptions: that day as it is now to be; none is a day off. */

struct exception_new {
	int64_t employee;
	const char *day, *reason;
	struct texts shifts;
};

static const struct field exception_new_in[] = {
	FIELD_ID(exception_new, employee),
	FIELD(exception_new, day, .is = is_date, .what = "A date."),
	FIELD(exception_new, reason, .max = 200, .is = is_line, .def_text = "",
	    .optional = true),
	FIELD(exception_new, shifts, .is = is_hours,
	    .what = "Hours: 09:00-18:00."),
	FIELD_END,
};

static struct rows
one_exception(struct req *r, int64_t id)
{
	return sql_exception_list(r->db, id, NULL, DB_NULL, NULL, NULL, DB_NULL,
	    1);
}

static enum fault
exception_new(struct req *r, const void *arg)
{
	const struct exception_new *in = arg;
	enum fault f = planned_employee(r, in->employee);
	struct rows x;
	int64_t id;

	if (f != OK ||
	    (f = if_match(r,
		 sql_exception_list(r->db, DB_NULL, NULL, in->employee, in->day,
		     in->day, DB_NULL, 1))) != OK)
		return f;
	x = sql_exception_put(r->db, in->employee, in->day, in->reason);
	if (x.fault != OK)
		return x.fault;
	id = row_int(&x, 0, "id");
	for (size_t i = 0; f == OK && i < in->shifts.n; i++)
		f = sql_exception_shift_new(r->db, id, in->shifts.v[i]).fault;
	x = sql_exception_get(r->db, id);
	if (f != OK || (f = x.fault) != OK ||
	    (f = planned_change(r, in->employee, &x, NULL)) != OK)
		return f;
	return reply_row(r, 201, one_exception(r, id));
}

static enum fault
exception_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	struct rows x = sql_exception_get(r->db, in->id);
	enum fault f = x.fault;
	int64_t employee;

	if (f != OK || x.n == 0)
		return f != OK ? f : FAULT_NOT_FOUND;
	employee = row_int(&x, 0, "employee");
	if ((f = planned_employee(r, employee)) != OK ||
	    (f = if_match(r, one_exception(r, in->id))) != OK ||
	    (f = sql_exception_delete(r->db, in->id).fault) != OK ||
	    (f = planned_change(r, employee, &x, NULL)) != OK)
		return f;
	return reply_nothing(r);
}

const struct route exception_routes[] = {
	{ GET, "/schedule-exceptions", MANAGER, exception_page,
	    IN(exception_page), .what = "Days that are not as scheduled.",
	    GIVES_PAGE(exception_list) },
	{ POST, "/schedule-exceptions", MANAGER, exception_new,
	    IN(exception_new), .tx = true, .idem = true, .match = true,
	    .what = "Say what somebody works on a day instead of what is "
		    "scheduled; no shifts make a day off.",
	    GIVES_ROW(201, exception_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_EXCEPTION_OVERLAP,
		FAULT_PERIOD_CLOSED } },
	{ DELETE, "/schedule-exceptions/{id}", MANAGER, exception_delete,
	    IN(by_id), .tx = true, .match = true,
	    .what = "Let the day be as scheduled again.", GIVES_NOTHING,
	    .faults = { FAULT_OTHER_BRANCH, FAULT_PERIOD_CLOSED } },
	{ .path = NULL }
};
