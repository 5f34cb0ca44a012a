/*
 * Schedules: weekly ones and rotations, and days that are not as scheduled.
 *
 * A shift is a text: "0 09:00-18:00" is day 0 of the cycle (Monday of a
 * week), an end that is not after the start is on the next day, an equal one
 * 24 hours later.
 */
#include "schedules.h"

#include <stdlib.h>
#include <string.h>

#include "schedules.sql.h"

enum { WEEK = 7 };

static struct rows
one_schedule(struct req *r, int64_t id)
{
	return sql_schedule_list(r->db,
	    ints_array(r->pool, (struct ints){ 1, &id }), NULL, DB_NULL,
	    DB_NULL, NULL, DB_NULL, 1);
}

/* "09:00" */
static bool
is_clock(const char *s)
{
	return s[0] >= '0' && s[0] <= '2' && s[1] >= '0' && s[1] <= '9' &&
	    (s[0] < '2' || s[1] <= '3') && s[2] == ':' && s[3] >= '0' &&
	    s[3] <= '5' && s[4] >= '0' && s[4] <= '9';
}

/* "09:00-18:00" */
static bool
is_hours(const char *s)
{
	return strlen(s) == 11 && is_clock(s) && s[5] == '-' && is_clock(s + 6);
}

/* "0 09:00-18:00" */
static bool
is_shift(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n >= 1 && n <= 3 && s[n] == ' ' && is_hours(s + n + 1);
}

/* GET /schedules */

struct schedule_page {
	int64_t employee, branch;
	const char *day;
	int64_t after;
	int32_t limit;
};

static const struct field schedule_page_in[] = {
	FIELD_ID(schedule_page, employee, .def = DB_NULL, .optional = true),
	FIELD_ID(schedule_page, branch, .def = DB_NULL, .optional = true),
	FIELD(schedule_page, day, .is = is_date, .optional = true),
	FIELD_ID(schedule_page, after, .def = DB_NULL, .optional = true),
	FIELD(schedule_page, limit, .min = 1, .max = 200, .def = 50,
	    .optional = true),
	FIELD_END,
};

static enum fault
schedule_page(struct req *r, const void *arg)
{
	const struct schedule_page *in = arg;

	return reply_page(r,
	    sql_schedule_list(r->db, NULL, r->branches, in->employee,
		in->branch, in->day, in->after, in->limit),
	    in->limit);
}

/* POST /schedules, PUT /schedules/{id} */

struct schedule {
	int64_t id, employee;
	struct ints employees;
	const char *kind, *valid_from, *valid_to, *anchor;
	int32_t cycle_days, grace_minutes;
	int64_t break_after_minutes, break_minutes;
	bool ends_previous;
	struct texts shifts;
};

#define SCHEDULE_FIELDS \
	FIELD(schedule, kind, .in = "weekly|rotation"), \
	    FIELD(schedule, valid_from, .is = is_date, .what = "A date."), \
	    FIELD(schedule, valid_to, .is = is_date, .what = "A date.", \
		.optional = true), \
	    FIELD(schedule, cycle_days, .min = 1, .max = 366, .def = WEEK, \
		.optional = true), \
	    FIELD(schedule, anchor, .is = is_date, .what = "A date.", \
		.optional = true), \
	    FIELD(schedule, break_after_minutes, .min = 0, .max = 1440, \
		.def = DB_NULL, .optional = true), \
	    FIELD(schedule, break_minutes, .min = 1, .max = 480, \
		.def = DB_NULL, .optional = true), \
	    FIELD(schedule, grace_minutes, .min = 0, .max = 240, .def = 5, \
		.optional = true), \
	    FIELD(schedule, shifts, .is = is_shift, \
		.what = "A day of the cycle and hours: 0 09:00-18:00."), \
	    FIELD_END,

static const struct field schedule_new_in[] = {
	FIELD_ID(schedule, employee, .def = DB_NULL, .optional = true),
	FIELD_ID(schedule, employees, .optional = true),
	FIELD(schedule, ends_previous, .optional = true), SCHEDULE_FIELDS
};
static const struct field schedule_put_in[] = { FIELD_ID(schedule, id),
	SCHEDULE_FIELDS };

static enum fault
check_schedule(struct req *r, const struct schedule *in)
{
	enum fault f = check_dates(r, "valid_to", in->valid_from, in->valid_to);

	if (strcmp(in->kind, "weekly") == 0 && in->cycle_days != WEEK)
		f = fail_field(r, "cycle_days", "A week has 7 days.");
	if ((in->break_after_minutes == DB_NULL) !=
	    (in->break_minutes == DB_NULL))
		f = fail_field(r,
		    in->break_minutes == DB_NULL ? "break_minutes" :
						   "break_after_minutes",
		    "break_after_minutes and break_minutes go together.");
	for (size_t i = 0; i < in->shifts.n; i++)
		if (strtol(in->shifts.v[i], NULL, 10) >= in->cycle_days)
			f = fail_field(r, "shifts",
			    "Days of the cycle count from 0.");
	return f;
}

/* Each is of digits, blanks and ":-" (is_shift). */
static const char *
shifts_array(struct pool *p, const struct texts *shifts)
{
	const char *s = "{";

	for (size_t i = 0; i < shifts->n; i++)
		s = pool_printf(p, "%s%s\"%s\"", s, i > 0 ? "," : "",
		    shifts->v[i]);
	return pool_printf(p, "%s}", s);
}

static enum fault
add_shifts(struct req *r, int64_t id, const struct texts *shifts)
{
	enum fault f = OK;

	for (size_t i = 0; f == OK && i < shifts->n; i++)
		f = sql_schedule_shift_new(r->db, id, shifts->v[i]).fault;
	return f;
}

/* One, or some of whom nobody is named twice. */
static enum fault
check_people(struct req *r, const struct schedule *in)
{
	const struct ints *list = &in->employees;
	enum fault f = OK;

	if ((in->employee == DB_NULL) == (list->v == NULL))
		return fail_field(r, list->v ? "employees" : "employee",
		    "Either an employee or a list of them.");
	if (list->v == NULL)
		return OK;
	if (list->n == 0)
		return fail_field(r, "employees", "At least one.");
	for (size_t i = 1; i < list->n; i++)
		for (size_t k = 0; k < i; k++)
			if (list->v[k] == list->v[i])
				f = fail_field(r,
				    pool_printf(r->pool, "employees.%zu", i),
				    "That one is named twice.");
	return f;
}

/* The one that would go on ends the day before. */
static enum fault
end_previous(struct req *r, const struct schedule *in, int64_t employee,
    struct rows *was)
{
	*was = (struct rows){ .n = 0 };
	if (in->ends_previous)
		*was = sql_schedule_end(r->db, employee, in->valid_from);
	return was->fault;
}

static enum fault
give(struct req *r, const struct schedule *in, int64_t employee, int64_t *id)
{
	struct rows made, was;
	enum fault f = end_previous(r, in, employee, &was);

	if (f != OK)
		return f;
	made = sql_schedule_new(r->db, employee, in->kind, in->valid_from,
	    in->valid_to, in->cycle_days, in->anchor, in->break_after_minutes,
	    in->break_minutes, in->grace_minutes);
	if (made.fault != OK)
		return made.fault;
	*id = row_int(&made, 0, "id");
	f = add_shifts(r, *id, &in->shifts);
	return f != OK ?
	    f :
	    planned_change(r, employee, &made, was.n > 0 ? &was : NULL);
}

/* All of them or nobody; at whom it failed is told. */
static enum fault
give_all(struct req *r, const struct schedule *in)
{
	const struct ints *list = &in->employees;
	int64_t *ids = pool_alloc(r->pool, (list->n + 1) * sizeof(*ids));
	struct ints made = { list->n, ids };
	enum fault f = planned_employees(r, list);

	for (size_t i = 0; f == OK && i < list->n; i++) {
		f = give(r, in, list->v[i], &ids[i]);
		if (f == FAULT_SCHEDULE_OVERLAP || f == FAULT_PERIOD_CLOSED)
			fail_field(r, pool_printf(r->pool, "employees.%zu", i),
			    "%s", fault_info[f].title);
	}
	if (f != OK)
		return f;
	r->status = 201;
	return reply_items(r,
	    sql_schedule_list(r->db, ints_array(r->pool, made), NULL, DB_NULL,
		DB_NULL, NULL, DB_NULL, (int32_t)made.n));
}

static enum fault
schedule_new(struct req *r, const void *arg)
{
	const struct schedule *in = arg;
	enum fault people = check_people(r, in), f = check_schedule(r, in);
	int64_t id;

	if (people != OK || f != OK)
		return FAULT_BAD_FIELD;
	if (in->employees.v != NULL)
		return give_all(r, in);
	if ((f = planned_employee(r, in->employee)) != OK ||
	    (f = give(r, in, in->employee, &id)) != OK)
		return f;
	return reply_row(r, 201, one_schedule(r, id));
}

/* Its employee is locked, and then it is read again. */
static enum fault
hold_schedule(struct req *r, int64_t id, struct rows *was)
{
	enum fault f;

	*was = sql_schedule_get(r->db, id);
	if (was->fault != OK || was->n == 0)
		return was->fault != OK ? was->fault : FAULT_NOT_FOUND;
	f = planned_employee(r, row_int(was, 0, "employee"));
	if (f != OK)
		return f;
	*was = sql_schedule_get(r->db, id);
	return was->fault != OK ? was->fault :
	    was->n == 0         ? FAULT_NOT_FOUND :
				  if_match(r, one_schedule(r, id));
}

static enum fault
schedule_put(struct req *r, const void *arg)
{
	const struct schedule *in = arg;
	enum fault f = check_schedule(r, in);
	struct rows was, put;

	if (f != OK || (f = hold_schedule(r, in->id, &was)) != OK ||
	    (f = sql_schedule_shifts_drop(r->db, in->id, in->cycle_days,
		 shifts_array(r->pool, &in->shifts))
		     .fault) != OK)
		return f;
	put = sql_schedule_put(r->db, in->id, in->kind, in->valid_from,
	    in->valid_to, in->cycle_days, in->anchor, in->break_after_minutes,
	    in->break_minutes, in->grace_minutes);
	if (put.fault != OK)
		return put.fault;
	if ((f = add_shifts(r, in->id, &in->shifts)) != OK ||
	    (f = planned_change(r, row_int(&was, 0, "employee"), &put, &was)) !=
		OK)
		return f;
	return reply_row(r, 200, one_schedule(r, in->id));
}

/* DELETE /schedules/{id} */

struct by_id {
	int64_t id;
};

static const struct field by_id_in[] = {
	FIELD_ID(by_id, id),
	FIELD_END,
};

static enum fault
schedule_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	struct rows was;
	enum fault f = hold_schedule(r, in->id, &was);

	if (f != OK || (f = sql_schedule_delete(r->db, in->id).fault) != OK ||
	    (f = planned_change(r, row_int(&was, 0, "employee"), &was, NULL)) !=
		OK)
		return f;
	return reply_nothing(r);
}

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
	FIELD_ID(exception_page, after, .def = DB_NULL, .optional = true),
	FIELD(exception_page, limit, .min = 1, .max = 200, .def = 50,
	    .optional = true),
	FIELD_END,
};

static enum fault
exception_page(struct req *r, const void *arg)
{
	const struct exception_page *in = arg;

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

const struct route schedule_routes[] = {
	{ GET, "/schedules", MANAGER, schedule_page, IN(schedule_page),
	    .what = "Schedules of a manager's branches.",
	    GIVES_PAGE(schedule_list) },
	{ POST, "/schedules", MANAGER, schedule_new, .in = schedule_new_in,
	    .in_size = sizeof(struct schedule), .tx = true, .idem = true,
	    .what = "Give an employee a schedule, a week or a rotation; or a "
		    "list of them, all or none.",
	    GIVES_JSON(201, schedules_given),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_SCHEDULE_OVERLAP,
		FAULT_SHIFT_OVERLAP, FAULT_PERIOD_CLOSED } },
	{ PUT, "/schedules/{id}", MANAGER, schedule_put, .in = schedule_put_in,
	    .in_size = sizeof(struct schedule), .tx = true, .match = true,
	    .what = "Change a schedule: what is left out gets its default.",
	    GIVES_ROW(200, schedule_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_SCHEDULE_OVERLAP,
		FAULT_SHIFT_OVERLAP, FAULT_PERIOD_CLOSED } },
	{ DELETE, "/schedules/{id}", MANAGER, schedule_delete, IN(by_id),
	    .tx = true, .match = true,
	    .what = "Remove a schedule, as if it had never been.",
	    GIVES_NOTHING,
	    .faults = { FAULT_OTHER_BRANCH, FAULT_PERIOD_CLOSED } },
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
