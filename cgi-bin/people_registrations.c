/*
 * Registrations: a stranger says who he is, somebody in charge decides.
 */
#include "people.h"

#include <string.h>

#include "base/conf.h"
#include "people.sql.h"
#include "registration.sql.h"
#include "trust/initdata.h"
#include "work/registration.h"

/* GET /registrations: those that wait, or how they were decided. */

struct registration_list {
	const char *state;
	int64_t after;
	int32_t limit;
};

static const struct field registration_list_in[] = {
	FIELD(registration_list, state, .in = "pending|confirmed|rejected",
	    .def_text = "pending", .optional = true),
	FIELD_PAGE(registration_list),
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
	struct rows made;
	enum fault f;

	if ((f = registration_check(r->db, r->person, &telegram_id)) != OK ||
	    (f = find_phone(r, in, telegram_id, &phone)) != OK ||
	    (f = registration_make(r->db,
		 &(struct registration_form){ .person = r->person,
		     .branch = in->branch,
		     .last_name = in->last_name,
		     .first_name = in->first_name,
		     .middle_name = in->middle_name,
		     .phone = phone,
		     .verified = in->contact != NULL,
		     .language = in->language,
		     .now = r->now },
		 &made)) != OK)
		return f;
	return made.n > 0 ? reply_row(r, 201, made) :
			    fail_field(r, "branch", "There is no such branch.");
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

static enum fault
name_wrong(struct req *r, enum fault f, int wrong)
{
	if (wrong & REGISTRATION_BRANCH)
		fail_field(r, "branch", "There is no such branch.");
	if (wrong & REGISTRATION_POSITION)
		fail_field(r, "position", "There is no such position.");
	if (wrong & REGISTRATION_RIGHTS)
		fail(r, f, "Only an administrator gives rights.");
	return f;
}

static enum fault
registration_confirm(struct req *r, const void *arg)
{
	const struct registration_confirm *in = arg;
	struct rows made;
	int wrong;
	enum fault f;

	f = registration_accept(r->db,
	    &(struct registration_decision){ .id = in->id,
		.by = r->person,
		.branches = r->branches,
		.gives_rights = r->roles & ROLE_ADMIN,
		.now = r->now,
		.branch = in->branch,
		.position = in->position,
		.personnel_number = in->personnel_number,
		.manager = in->manager,
		.admin = in->admin },
	    &wrong, &made);
	return f != OK ? name_wrong(r, f, wrong) : reply_row(r, 200, made);
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
	struct rows made;
	enum fault f;

	f = registration_refuse(r->db,
	    &(struct registration_decision){ .id = in->id,
		.by = r->person,
		.branches = r->branches,
		.now = r->now,
		.reason = in->reason },
	    &made);
	return f != OK ? f : reply_row(r, 200, made);
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
