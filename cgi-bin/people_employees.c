/*
 * Employees: a person, his employment and his rights.
 */
#include "people.h"

#include "event.sql.h"
#include "people.sql.h"
#include "registration.sql.h"
#include "work/event.h"
#include "work/registration.h"
#include "work/tap.h"

static struct rows
one_employee(struct req *r, int64_t id)
{
	return sql_employee_list(r->db, id, r->branches, NULL, DB_NULL, DB_NULL,
	    "all", DB_NULL, 1);
}

/* GET /employees: by name; a manager sees those of his branches. */

struct employee_list {
	const char *search;
	int64_t branch, position;
	const char *state;
	int64_t after;
	int32_t limit;
};

static const struct field employee_list_in[] = {
	FIELD(employee_list, search, .max = 100, .optional = true),
	FIELD_ID(employee_list, branch, .def = DB_NULL, .optional = true),
	FIELD_ID(employee_list, position, .def = DB_NULL, .optional = true),
	FIELD(employee_list, state, .in = "active|inactive|all",
	    .def_text = "active", .optional = true),
	FIELD_PAGE(employee_list),
	FIELD_END,
};

static enum fault
employee_list(struct req *r, const void *arg)
{
	const struct employee_list *in = arg;

	return people_page(r, "employee", in->after, in->limit,
	    sql_employee_list(r->db, DB_NULL, r->branches, in->search,
		in->branch, in->position, in->state, in->after, in->limit));
}

/* GET /employees/{id} */

static enum fault
employee_get(struct req *r, const void *arg)
{
	const struct by_id *in = arg;

	return reply_row(r, 200, one_employee(r, in->id));
}

/* POST /employees, PUT /employees/{id} */

struct employee {
	int64_t id;
	const char *last_name, *first_name, *middle_name;
	const char *phone, *language;
	int64_t branch, position;
	const char *personnel_number, *card_uid, *hired_on, *left_on;
	bool active, admin;
	struct ints manager_of, other_branches;
	int64_t telegram_id;
};

#define EMPLOYEE_FIELDS \
	FIELD(employee, last_name, .min = 1, .max = 100, .is = is_line), \
	    FIELD(employee, first_name, .min = 1, .max = 100, .is = is_line), \
	    FIELD(employee, middle_name, .max = 100, .is = is_line, \
		.def_text = "", .optional = true), \
	    FIELD(employee, phone, .max = 32, .is = is_phone, \
		.what = "A phone number of 7 to 15 digits.", \
		.optional = true), \
	    FIELD(employee, language, .in = "ru|uk|en", .optional = true), \
	    FIELD_ID(employee, branch), FIELD_ID(employee, position), \
	    FIELD(employee, personnel_number, .max = 32, .is = is_line, \
		.optional = true), \
	    FIELD(employee, card_uid, .max = 40, .optional = true), \
	    FIELD(employee, hired_on, .is = is_date, .what = "A date.", \
		.optional = true), \
	    FIELD(employee, active, .def = true, .optional = true), \
	    FIELD(employee, admin, .optional = true), \
	    FIELD_ID(employee, manager_of, .optional = true), \
	    FIELD_ID(employee, other_branches, .optional = true), \
	    FIELD(employee, telegram_id, .min = 0, .max = FIELD_ID_MAX, \
		.def = DB_NULL, .optional = true), \
	    FIELD_END,

static const struct field employee_new_in[] = { EMPLOYEE_FIELDS };
static const struct field employee_put_in[] = { FIELD_ID(employee, id),
	FIELD(employee, left_on, .is = is_date, .what = "A date.",
	    .optional = true),
	EMPLOYEE_FIELDS };

/* What is named must exist; the card in its one form in *card. */
static enum fault
check_employee(struct req *r, const struct employee *in, const char **card)
{
	static const char *const names[] = { "branch", "position", "manager_of",
		"other_branches" };
	struct rows known = sql_employee_check(r->db, in->branch, in->position,
	    ints_array(r->pool, in->manager_of),
	    ints_array(r->pool, in->other_branches));
	enum fault f = known.fault;

	if (f != OK)
		return f;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!row_bool(&known, 0, names[i]))
			f = fail_field(r, names[i], "There is no such %s.",
			    i == 1 ? "position" : "branch");
	*card = in->card_uid ? tap_uid(r->pool, in->card_uid) : NULL;
	if (*card == NULL && in->card_uid != NULL)
		f = fail_field(r, "card_uid",
		    "4 to 10 bytes as hexadecimal digits.");
	return f;
}

/* The last day of whoever is not active: none that is still to come. */
static enum fault
check_left(struct req *r, const struct employee *in)
{
	struct rows day;

	if (in->left_on == NULL)
		return OK;
	if (in->active)
		return fail_field(r, "left_on",
		    "Whoever is active has not left.");
	day = sql_employee_left(r->db, in->id, in->branch, in->hired_on,
	    in->left_on, r->now);
	if (day.fault != OK)
		return day.fault;
	if (row_bool(&day, 0, "before"))
		return fail_field(r, "left_on", "Before the first day.");
	return row_bool(&day, 0, "future") ?
	    fail_field(r, "left_on", "Not a day that is still to come.") :
	    OK;
}

/* Whoever may take a right away comes one at a time: see keep_admin(). */
static enum fault
hold_employee(struct req *r, int64_t id, int64_t *person)
{
	struct rows e = sql_admins_hold(r->db);

	if (e.fault == OK)
		e.fault = tap_hold(r->db);
	if (e.fault != OK)
		return e.fault;
	e = sql_employee_hold(r->db, id);
	if (e.fault != OK || e.n == 0)
		return e.fault != OK ? e.fault : FAULT_NOT_FOUND;
	*person = row_int(&e, 0, "person");
	return if_match(r, one_employee(r, id));
}

static enum fault
keep_admin(struct req *r)
{
	struct rows left = sql_admins_left(r->db);

	if (left.fault != OK)
		return left.fault;
	return row_int(&left, 0, "n") == 0 ? FAULT_LAST_ADMIN : OK;
}

/* Sessions end at once; W7: what was open is lost. */
static enum fault
send_away(struct req *r, int64_t employee, int64_t person)
{
	enum fault f = sql_sessions_end(r->db, person, r->now).fault;

	return f != OK ? f : sql_open_lost(r->db, employee).fault;
}

static enum fault
set_rights(struct req *r, const struct employee *in, int64_t employee,
    int64_t person)
{
	enum fault f = sql_roles_set(r->db, person, in->admin,
	    ints_array(r->pool, in->manager_of))
			   .fault;

	if (f == OK)
		f = sql_other_branches_set(r->db, employee,
		    ints_array(r->pool, in->other_branches))
			.fault;
	if (f == OK && !in->active)
		f = send_away(r, employee, person);
	return f != OK ? f : keep_admin(r);
}

/* What an unknown card was tapped for counts once it is somebody's. */
static enum fault
adopt_taps(struct req *r, const struct employee *in, int64_t id)
{
	struct tap_made made;

	if (in->card_uid == NULL || !in->active)
		return OK;
	return tap_adopt(r->db, id, r->now, &made);
}

static enum fault
employee_new(struct req *r, const void *arg)
{
	const struct employee *in = arg;
	struct rows made;
	const char *card;
	int64_t id;
	int32_t n;
	enum fault f;

	if ((f = sql_admins_hold(r->db).fault) != OK ||
	    (f = tap_hold(r->db)) != OK ||
	    (f = check_employee(r, in, &card)) != OK)
		return f;
	made = sql_employee_new(r->db, in->last_name, in->first_name,
	    in->middle_name, people_phone(r->pool, in->phone), in->language,
	    in->telegram_id, in->branch, in->position, in->personnel_number,
	    card, in->hired_on, in->active, r->now);
	if (made.fault != OK || made.n == 0)
		return made.fault != OK ? made.fault : FAULT_TELEGRAM_ID_TAKEN;
	id = row_int(&made, 0, "id");
	if ((f = registration_scans(r->db, id, r->now, &n)) != OK ||
	    (f = adopt_taps(r, in, id)) != OK ||
	    (f = set_rights(r, in, id, row_int(&made, 0, "person"))) != OK)
		return f;
	return reply_row(r, 201, one_employee(r, id));
}

static enum fault
employee_put(struct req *r, const void *arg)
{
	const struct employee *in = arg;
	const char *card;
	int64_t person;
	enum fault f;

	if ((f = hold_employee(r, in->id, &person)) != OK ||
	    (f = check_employee(r, in, &card)) != OK ||
	    (f = check_left(r, in)) != OK ||
	    (f = sql_telegram_release(r->db, in->telegram_id, person, r->now)
		     .fault) != OK)
		return f;
	f = sql_employee_put(r->db, in->id, in->last_name, in->first_name,
	    in->middle_name, people_phone(r->pool, in->phone), in->language,
	    in->telegram_id, in->branch, in->position, in->personnel_number,
	    card, in->hired_on, in->left_on, in->active, r->now)
		.fault;
	if (f != OK || (f = set_rights(r, in, in->id, person)) != OK ||
	    (f = event_rebuild_open(r->db, in->id, r->now, NULL)) != OK ||
	    (f = adopt_taps(r, in, in->id)) != OK)
		return f;
	return reply_row(r, 200, one_employee(r, in->id));
}

/* DELETE /employees/{id}: somebody who left traces is only deactivated. */

static struct rows
deactivate(struct req *r, int64_t id, int64_t person)
{
	struct rows done = sql_employee_deactivate(r->db, id, r->now);

	if (done.fault == OK)
		done.fault = send_away(r, id, person);
	if (done.fault == OK)
		done.fault = event_rebuild_open(r->db, id, r->now, NULL);
	return done;
}

static struct rows delete (struct req *r, int64_t id, int64_t person)
{
	struct rows done = sql_employee_delete(r->db, id);

	if (done.fault == OK)
		done.fault = sql_person_strip(r->db, person, r->now).fault;
	if (done.fault == OK)
		done.fault = sql_person_delete(r->db, person).fault;
	return done;
}

static enum fault
employee_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	int64_t person;
	struct rows done;
	enum fault f = hold_employee(r, in->id, &person);

	if (f != OK)
		return f;
	done = sql_employee_facts(r->db, in->id, person);
	if (done.fault != OK)
		return done.fault;
	done = row_bool(&done, 0, "facts") ? deactivate(r, in->id, person) :
					     delete (r, in->id, person);
	if (done.fault != OK || (f = keep_admin(r)) != OK)
		return done.fault != OK ? done.fault : f;
	return reply_row(r, 200, done);
}

const struct route employee_routes[] = {
	{ GET, "/employees", MANAGER, employee_list, IN(employee_list),
	    .what = "Employees by name; a manager sees those of his branches.",
	    GIVES_PAGE(employee_list) },
	{ POST, "/employees", ADMIN, employee_new,
	    IN_AS(employee_new, employee), .tx = true, .idem = true,
	    .what = "Employ somebody: a new person, or the stranger of that "
		    "Telegram account.",
	    GIVES_ROW(201, employee_list),
	    .faults = { FAULT_TELEGRAM_ID_TAKEN, FAULT_PERSONNEL_NUMBER_TAKEN,
		FAULT_CARD_UID_TAKEN, FAULT_LAST_ADMIN, FAULT_PERIOD_CLOSED } },
	{ GET, "/employees/{id}", MANAGER, employee_get, IN(by_id),
	    .what = "One employee.", GIVES_ROW(200, employee_list) },
	{ PUT, "/employees/{id}", ADMIN, employee_put,
	    IN_AS(employee_put, employee), .tx = true, .match = true,
	    .what =
		"Change an employee and his rights: what is left out gets its "
		"default, but language, first day and Telegram account stay.  "
		"Whoever becomes inactive is signed out at once.",
	    GIVES_ROW(200, employee_list),
	    .faults = { FAULT_TELEGRAM_ID_TAKEN, FAULT_PERSONNEL_NUMBER_TAKEN,
		FAULT_CARD_UID_TAKEN, FAULT_LAST_ADMIN, FAULT_PERIOD_CLOSED } },
	{ DELETE, "/employees/{id}", ADMIN, employee_delete, IN(by_id),
	    .tx = true, .match = true,
	    .what = "Remove an employee; one who left traces is only "
		    "deactivated.",
	    GIVES_ROW(200, employee_delete),
	    .faults = { FAULT_LAST_ADMIN, FAULT_PERIOD_CLOSED } },
	{ .path = NULL }
};
