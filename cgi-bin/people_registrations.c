/*
 * Registrations: a stranger says who he is, somebody in charge decides.
 */
#include "people.h"

#include <string.h>

#include "base/conf.h"
#include "people.sql.h"
#include "trust/initdata.h"
#include "work/event.h"
#include "work/setting.h"

/* GET /registrations: those that wait, or how they were decided. */

struct registration_list {
	const char *state;
	int64_t after;
	int32_t limit;
};

static const struct field registration_list_in[] = {
	FIELD(registration_list, state, .in = "pending|confirmed|rejected",
	    .def_text = "pending", .optional = true),
	FIELD_ID(registration_list, after, .def = DB_NULL, .optional = true),
	FIELD(registration_list, limit, .min = 1, .max = 200, .def = 50,
	    .optional = true),
	FIELD_END,
};

static enum fault
registration_list(struct req *r, const void *arg)
{
	const struct registration_list *in = arg;

	return people_page(r, "registration", in->after, in->limit,
	    sql_registration_list(r->db, in->state, r->branches, in->after,
		in->limit));
}

/* POST /registrations */

struct registration_new {
	const char *last_name, *first_name, *middle_name;
	const char *phone, *contact, *language;
	int64_t branch;
};

static const struct field registration_new_in[] = {
	FIELD(registration_new, last_name, .min = 1, .max = 100, .is = is_line),
	FIELD(registration_new, first_name, .min = 1, .max = 100,
	    .is = is_line),
	FIELD(registration_new, middle_name, .max = 100, .is = is_line,
	    .def_text = "", .optional = true),
	FIELD(registration_new, phone, .max = 32, .is = is_phone,
	    .what = "A phone number of 7 to 15 digits.", .optional = true),
	FIELD(registration_new, contact, .max = 4096, .optional = true),
	FIELD(registration_new, language, .in = "ru|uk|en", .optional = true),
	FIELD_ID(registration_new, branch),
	FIELD_END,
};

/* Who is employed has no need to; read again, as he may be by now. */
static enum fault
check_stranger(struct req *r, int64_t *telegram_id)
{
	struct rows p = sql_person_hold(r->db, r->person);
	const char *state;

	if (p.fault != OK)
		return p.fault;
	state = row_text(&p, 0, "state");
	*telegram_id = row_int(&p, 0, "telegram_id");
	if (strcmp(state, "active") == 0)
		return FAULT_ALREADY_EMPLOYED;
	if (strcmp(state, "new") != 0 && strcmp(state, "unconfirmed") != 0)
		return FAULT_PERSON_INACTIVE;
	return setting_bool(r->db, SETTING_registration_open) ?
	    OK :
	    FAULT_REGISTRATION_CLOSED;
}

/* The number that Telegram vouches for, or the one that was typed. */
static enum fault
find_phone(struct req *r, const struct registration_new *in,
    int64_t telegram_id, const char **phone)
{
	*phone = people_phone(r->pool, in->phone);
	if (in->contact == NULL)
		return OK;
	if (initdata_contact(r->pool, conf.BOT_TOKEN, in->contact,
		strlen(in->contact), r->now, conf.INIT_DATA_MINUTES * 60,
		telegram_id, phone) != OK)
		return fail_field(r, "contact",
		    "Telegram did not sign this as your own contact.");
	return OK;
}

static enum fault
registration_new(struct req *r, const void *arg)
{
	const struct registration_new *in = arg;
	const char *phone;
	int64_t telegram_id;
	struct rows branch;
	enum fault f;

	if ((f = check_stranger(r, &telegram_id)) != OK ||
	    (f = find_phone(r, in, telegram_id, &phone)) != OK)
		return f;
	branch = sql_branch_open(r->db, in->branch);
	if (branch.fault != OK || branch.n == 0)
		return branch.fault != OK ?
		    branch.fault :
		    fail_field(r, "branch", "There is no such branch.");
	return reply_row(r, 201,
	    sql_registration_new(r->db, r->person, in->branch, in->last_name,
		in->first_name, in->middle_name, phone, in->contact != NULL,
		in->language, r->now));
}

/* POST /registrations/{id}/confirm */

struct registration_confirm {
	int64_t id, branch, position;
	const char *personnel_number;
	bool manager, admin;
};

static const struct field registration_confirm_in[] = {
	FIELD_ID(registration_confirm, id),
	FIELD_ID(registration_confirm, branch),
	FIELD_ID(registration_confirm, position),
	FIELD(registration_confirm, personnel_number, .max = 32, .is = is_line,
	    .optional = true),
	FIELD(registration_confirm, manager, .optional = true),
	FIELD(registration_confirm, admin, .optional = true),
	FIELD_END,
};

/* Locked, still waiting, and addressed to a branch of the caller. */
static enum fault
hold_registration(struct req *r, int64_t id, int64_t *person)
{
	struct rows g = sql_registration_hold(r->db, id, r->branches);

	if (g.fault != OK || g.n == 0)
		return g.fault != OK ? g.fault : FAULT_NOT_FOUND;
	if (!row_bool(&g, 0, "mine"))
		return FAULT_OTHER_BRANCH;
	*person = row_int(&g, 0, "person");
	return strcmp(row_text(&g, 0, "state"), "pending") == 0 ?
	    OK :
	    FAULT_REGISTRATION_DECIDED;
}

static enum fault
check_confirm(struct req *r, const struct registration_confirm *in)
{
	struct rows known = sql_confirm_check(r->db, in->branch, in->position,
	    r->branches);
	enum fault f = known.fault;

	if (f != OK)
		return f;
	if (!row_bool(&known, 0, "branch"))
		f = fail_field(r, "branch", "There is no such branch.");
	if (!row_bool(&known, 0, "position"))
		f = fail_field(r, "position", "There is no such position.");
	if (f == OK && !row_bool(&known, 0, "mine"))
		f = FAULT_OTHER_BRANCH;
	if (f == OK && (in->manager || in->admin) && !(r->roles & ROLE_ADMIN))
		f = fail(r, FAULT_FORBIDDEN,
		    "Only an administrator gives rights.");
	return f;
}

static enum fault
decide(struct req *r, int64_t id, const char *state, const char *reason)
{
	struct rows g = sql_registration_decide(r->db, id, state, r->person,
	    reason, r->now);

	if (g.fault != OK)
		return g.fault;
	return g.n == 0 ? FAULT_REGISTRATION_DECIDED : OK;
}

/*
 * One after another, as if he had been known when he scanned; not those in a
 * period that is closed by now, which stay scans that wait.
 */
enum fault
registration_scans(struct req *r, int64_t employee, int32_t *n)
{
	struct rows claims = sql_claims_pending(r->db, employee), event;
	enum fault f = claims.fault;
	int64_t there;

	*n = 0;
	for (int i = 0; f == OK && i < claims.n; i++) {
		f = event_record(r->db,
		    &(struct event_record){
			.employee = employee,
			.given = KIND_NONE,
			.at = row_time(&claims, i, "at"),
			.recorded_at = r->now,
			.branch = row_int(&claims, i, "branch"),
			.time_zone = row_text(&claims, i, "time_zone"),
			.limit = row_int(&claims, i, "limit_seconds"),
			.source = "qr",
			.flags = row_text(&claims, i, "flags"),
			.terminal = row_int(&claims, i, "terminal"),
			.claim = row_int(&claims, i, "id"),
			.made_by = DB_NULL,
		    },
		    &there, &event);
		*n += f == OK && there == 0;
		if (f == FAULT_PERIOD_CLOSED)
			f = OK;
	}
	return f;
}

static enum fault
employ(struct req *r, const struct registration_confirm *in, int64_t person,
    int64_t *employee)
{
	struct rows made = sql_registration_employ(r->db, person, in->branch,
	    in->position, in->personnel_number, r->now);
	const struct ints manager_of = { in->manager, &in->branch };

	if (made.fault != OK)
		return made.fault;
	*employee = row_int(&made, 0, "id");
	return sql_roles_set(r->db, person, in->admin,
	    people_array(r->pool, manager_of))
	    .fault;
}

static enum fault
registration_confirm(struct req *r, const void *arg)
{
	const struct registration_confirm *in = arg;
	int64_t person, employee;
	int32_t n;
	enum fault f;

	if ((f = hold_registration(r, in->id, &person)) != OK ||
	    (f = check_confirm(r, in)) != OK ||
	    (f = decide(r, in->id, "confirmed", NULL)) != OK ||
	    (f = employ(r, in, person, &employee)) != OK ||
	    (f = registration_scans(r, employee, &n)) != OK)
		return f;
	return reply_row(r, 200,
	    sql_registration_confirmed(r->db, in->id, employee, n, r->now));
}

/* POST /registrations/{id}/reject */

struct registration_reject {
	int64_t id;
	const char *reason;
};

static const struct field registration_reject_in[] = {
	FIELD_ID(registration_reject, id),
	FIELD(registration_reject, reason, .min = 1, .max = 500),
	FIELD_END,
};

static enum fault
registration_reject(struct req *r, const void *arg)
{
	const struct registration_reject *in = arg;
	int64_t person;
	enum fault f;

	if ((f = hold_registration(r, in->id, &person)) != OK ||
	    (f = decide(r, in->id, "rejected", in->reason)) != OK)
		return f;
	return reply_row(r, 200,
	    sql_registration_rejected(r->db, in->id, r->now));
}

const struct route registration_routes[] = {
	{ GET, "/registrations", MANAGER, registration_list,
	    IN(registration_list),
	    .what =
		"Registrations of the caller's branches: those that wait, or "
		"how they were decided.",
	    GIVES_PAGE(registration_list) },
	{ POST, "/registrations", PERSON, registration_new,
	    IN(registration_new), .tx = true, .idem = true,
	    .what = "Say who one is and where one works, to be confirmed.",
	    GIVES_ROW(201, registration_new),
	    .faults = { FAULT_ALREADY_EMPLOYED, FAULT_PERSON_INACTIVE,
		FAULT_REGISTRATION_CLOSED, FAULT_REGISTRATION_PENDING } },
	{ POST, "/registrations/{id}/confirm", MANAGER, registration_confirm,
	    IN(registration_confirm), .tx = true, .idem = true,
	    .what = "Employ who registered; scans that waited become events.  "
		    "Only an administrator may give rights.",
	    GIVES_ROW(200, registration_confirmed),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_REGISTRATION_DECIDED,
		FAULT_PERSONNEL_NUMBER_TAKEN } },
	{ POST, "/registrations/{id}/reject", MANAGER, registration_reject,
	    IN(registration_reject), .tx = true, .idem = true,
	    .what = "Refuse a registration; the person is told why.",
	    GIVES_ROW(200, registration_rejected),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_REGISTRATION_DECIDED } },
	{ .path = NULL }
};
