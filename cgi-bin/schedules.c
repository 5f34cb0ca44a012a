/*
 * schedules: who is to work when, and who is away.
 */
#include "schedules.h"

#include <string.h>

#include "base/clock.h"
#include "schedules.sql.h"
#include "work/event.h"

enum { PLAN_DAYS = 366, DAY = 24 * 3600 }; /* seconds */

enum fault
planned_employee(struct req *r, int64_t employee)
{
	struct rows e = sql_planned_employees(r->db,
	    ints_array(r->pool, (struct ints){ 1, &employee }), r->branches);

	if (e.fault != OK)
		return e.fault;
	if (e.n == 0)
		return fail_field(r, "employee", "There is no such employee.");
	return row_bool(&e, 0, "mine") ? OK : FAULT_OTHER_BRANCH;
}

/* One of the list: is he there, and of the caller's branches? */
static enum fault
check_listed(struct req *r, const struct rows *e, int64_t employee, size_t i)
{
	const char *name = pool_printf(r->pool, "employees.%zu", i);

	for (int k = 0; k < e->n; k++) {
		if (row_int(e, k, "id") != employee)
			continue;
		if (row_bool(e, k, "mine"))
			return OK;
		fail_field(r, name, "%s", fault_info[FAULT_OTHER_BRANCH].title);
		return FAULT_OTHER_BRANCH;
	}
	return fail_field(r, name, "There is no such employee.");
}

enum fault
planned_employees(struct req *r, const struct ints *list)
{
	struct rows e = sql_planned_employees(r->db, ints_array(r->pool, *list),
	    r->branches);
	enum fault f = e.fault, one;

	for (size_t i = 0; e.fault == OK && i < list->n; i++) {
		one = check_listed(r, &e, list->v[i], i);
		f = f == OK ? one : f;
	}
	return f;
}

static enum fault
found(const struct rows *rows)
{
	return rows->fault != OK ? rows->fault :
	    rows->n == 0         ? FAULT_NOT_FOUND :
				   OK;
}

enum fault
planned_row(struct req *r, struct rows (*get)(struct db *, int64_t), int64_t id,
    struct rows *row)
{
	enum fault f;

	*row = get(r->db, id);
	if ((f = found(row)) != OK ||
	    (f = planned_employee(r, row_int(row, 0, "employee"))) != OK)
		return f;
	*row = get(r->db, id);
	return found(row);
}

enum fault
planned_change(struct req *r, int64_t employee, const struct rows *rows,
    const struct rows *before)
{
	int32_t from = (int32_t)row_int(rows, 0, "from_day");
	int32_t to = (int32_t)row_int(rows, 0, "to_day");

	if (before != NULL && row_int(before, 0, "from_day") < from)
		from = (int32_t)row_int(before, 0, "from_day");
	if (before != NULL && row_int(before, 0, "to_day") > to)
		to = (int32_t)row_int(before, 0, "to_day");
	return event_replan(r->db, employee, from, to, r->now);
}

/* GET /plan: one's own shifts, or somebody's of a manager's branches. */

struct plan_get {
	const char *from, *to;
	int64_t employee;
};

static const struct field plan_get_in[] = {
	FIELD(plan_get, from, .is = is_date),
	FIELD(plan_get, to, .is = is_date),
	FIELD_ID(plan_get, employee, .def = DB_NULL, .optional = true),
	FIELD_END,
};

/* Before it is read: a plan has no end. */
static enum fault
check_period(struct req *r, const struct plan_get *in)
{
	enum fault f = check_dates(r, "to", in->from, in->to);
	int64_t first = 0, last = 0;

	clock_parse(pool_printf(r->pool, "%sT00:00:00Z", in->from), &first);
	clock_parse(pool_printf(r->pool, "%sT00:00:00Z", in->to), &last);
	return f != OK || (last - first) / DAY < PLAN_DAYS ?
	    f :
	    fail_field(r, "to", "At most %d days.", PLAN_DAYS);
}

static enum fault
plan_get(struct req *r, const void *arg)
{
	const struct plan_get *in = arg;
	enum fault f = check_period(r, in);
	struct rows e;

	if (f != OK)
		return f;
	e = sql_plan_employee(r->db, in->employee, r->person,
	    r->roles & ROLE_MANAGER, r->branches);
	if (e.fault != OK || e.n == 0)
		return e.fault != OK ? e.fault : FAULT_NOT_FOUND;
	return reply_items(r,
	    sql_plan_list(r->db, row_int(&e, 0, "id"), in->from, in->to));
}

static const struct route plan_routes[] = {
	{ GET, "/plan", EMPLOYEE, plan_get, IN(plan_get),
	    .what = "What somebody is to work on each day of a period of at "
		    "most 366 days: one's own plan, or that of an employee of "
		    "a manager's branches.",
	    GIVES_ITEMS(plan_list), .faults = { FAULT_NOT_FOUND } },
	{ .path = NULL }
};

static const struct route *const parts[] = { absence_routes, calendar_routes,
	holiday_routes, plan_routes, schedule_routes, exception_routes };

API_MAIN_PARTS("schedules", parts)
