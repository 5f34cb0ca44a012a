/*
 * Absences of people.
 */
#include "schedules.h"

#include "schedules.sql.h"
#include "work/event.h"

#define KINDS \
	"annual_leave|extra_leave|study_leave|study_unpaid|" \
	"unpaid_leave|unpaid_by_law|maternity|childcare|sick|sick_unpaid|" \
	"business_trip|training|public_duty|day_off|day_off_unpaid|idle|" \
	"suspended|strike|truancy|other"
#define STATES "requested|approved|declined|cancelled"

/* GET /absences: one's own, and of a manager's branches. */

struct absence_page {
	int64_t employee, branch;
	const char *state, *from, *to;
	int64_t after;
	int32_t limit;
};

static const struct field absence_page_in[] = {
	FIELD_ID(absence_page, employee, .def = DB_NULL, .optional = true),
	FIELD_ID(absence_page, branch, .def = DB_NULL, .optional = true),
	FIELD(absence_page, state, .in = STATES, .optional = true),
	FIELD(absence_page, from, .is = is_date, .optional = true),
	FIELD(absence_page, to, .is = is_date, .optional = true),
	FIELD_PAGE(absence_page),
	FIELD_END,
};

static enum fault
absence_page(struct req *r, const void *arg)
{
	const struct absence_page *in = arg;
	enum fault f = check_dates(r, "to", in->from, in->to);

	if (f != OK)
		return f;
	return reply_page(r,
	    sql_absence_list(r->db, DB_NULL, r->person, r->roles & ROLE_MANAGER,
		r->branches, in->employee, in->branch, in->state, in->from,
		in->to, in->after, in->limit),
	    in->limit);
}

static struct rows
one_absence(struct req *r, int64_t id)
{
	return sql_absence_list(r->db, id, r->person, true, NULL, DB_NULL,
	    DB_NULL, NULL, NULL, NULL, DB_NULL, 1);
}

/* POST /absences, PUT /absences/{id} */

struct absence {
	int64_t id, employee;
	const char *kind, *from, *to, *state, *note;
};

#define ABSENCE_FIELDS \
	FIELD(absence, kind, .in = KINDS), \
	    FIELD(absence, from, .is = is_date, .what = "A date."), \
	    FIELD(absence, to, .is = is_date, .what = "A date."), \
	    FIELD(absence, state, .in = STATES, .def_text = "approved", \
		.optional = true), \
	    FIELD(absence, note, .max = 200, .is = is_line, .def_text = "", \
		.optional = true), \
	    FIELD_END,

static const struct field absence_new_in[] = { FIELD_ID(absence, employee),
	ABSENCE_FIELDS };
static const struct field absence_put_in[] = { FIELD_ID(absence, id),
	ABSENCE_FIELDS };

static enum fault
absence_new(struct req *r, const void *arg)
{
	const struct absence *in = arg;
	enum fault f = check_dates(r, "to", in->from, in->to);
	struct rows made;

	if (f != OK || (f = planned_employee(r, in->employee)) != OK)
		return f;
	made = sql_absence_new(r->db, in->employee, in->kind, in->from, in->to,
	    in->state, in->note, r->person, r->now);
	if ((f = made.fault) != OK ||
	    (f = planned_change(r, in->employee, &made, NULL)) != OK)
		return f;
	return reply_row(r, 201, one_absence(r, row_int(&made, 0, "id")));
}

static enum fault
absence_put(struct req *r, const void *arg)
{
	const struct absence *in = arg;
	enum fault f = check_dates(r, "to", in->from, in->to);
	struct rows was, put;

	if (f != OK ||
	    (f = planned_row(r, sql_absence_get, in->id, &was)) != OK ||
	    (f = if_match(r, one_absence(r, in->id))) != OK)
		return f;
	put = sql_absence_put(r->db, in->id, in->kind, in->from, in->to,
	    in->state, in->note);
	if ((f = put.fault) != OK ||
	    (f = planned_change(r, row_int(&was, 0, "employee"), &put, &was)) !=
		OK)
		return f;
	return reply_row(r, 200, one_absence(r, in->id));
}

static enum fault
absence_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	struct rows was;
	enum fault f = planned_row(r, sql_absence_get, in->id, &was);

	if (f != OK || (f = if_match(r, one_absence(r, in->id))) != OK ||
	    (f = sql_absence_delete(r->db, in->id).fault) != OK ||
	    (f = planned_change(r, row_int(&was, 0, "employee"), &was, NULL)) !=
		OK)
		return f;
	return reply_nothing(r);
}

const struct route absence_routes[] = {
	{ GET, "/absences", EMPLOYEE, absence_page, IN(absence_page),
	    .what = "Absences: one's own and those of a manager's branches.",
	    GIVES_PAGE(absence_list) },
	{ POST, "/absences", MANAGER, absence_new, IN_AS(absence_new, absence),
	    .tx = true, .idem = true,
	    .what = "Enter an absence; an approved one cancels the plan of its "
		    "days.",
	    GIVES_ROW(201, absence_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_ABSENCE_OVERLAP,
		FAULT_PERIOD_CLOSED } },
	{ PUT, "/absences/{id}", MANAGER, absence_put,
	    IN_AS(absence_put, absence), .tx = true, .match = true,
	    .what = "Change an absence: what is left out gets its default.",
	    GIVES_ROW(200, absence_list),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_ABSENCE_OVERLAP,
		FAULT_PERIOD_CLOSED } },
	{ DELETE, "/absences/{id}", MANAGER, absence_delete, IN(by_id),
	    .tx = true, .match = true, .what = "Remove an absence.",
	    GIVES_NOTHING,
	    .faults = { FAULT_OTHER_BRANCH, FAULT_PERIOD_CLOSED } },
	{ .path = NULL }
};
