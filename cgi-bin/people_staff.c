/*
 * Staff records, as another system's backend makes them.
 */
#include "people.h"

#include "activation.sql.h"
#include "base/conf.h"
#include "people.sql.h"
#include "trust/secret.h"
#include "work/registration.h"
#include "work/setting.h"

/* POST /staff: an employee and, if his position may, a code for his user. */

struct staff_new {
	const char *last_name, *first_name, *middle_name;
	const char *email, *phone, *language;
	const char *personnel_number, *hired_on;
	int64_t position, branch, telegram_id;
	bool create_user, send;
};

static const struct field staff_new_in[] = {
	FIELD(staff_new, last_name, .min = 1, .max = 100, .is = is_line),
	FIELD(staff_new, first_name, .min = 1, .max = 100, .is = is_line),
	FIELD(staff_new, middle_name, .max = 100, .is = is_line, .def_text = "",
	    .optional = true),
	FIELD(staff_new, email, .min = 3, .max = 254, .is = is_email,
	    .what = "An e-mail address."),
	FIELD(staff_new, phone, .max = 32, .is = is_phone,
	    .what = "A phone number of 7 to 15 digits.", .optional = true),
	FIELD(staff_new, language, .in = "ru|uk|en", .optional = true),
	FIELD(staff_new, personnel_number, .max = 32, .is = is_line,
	    .optional = true),
	FIELD(staff_new, hired_on, .is = is_date, .optional = true),
	FIELD_ID(staff_new, position),
	FIELD_ID(staff_new, branch, .def = DB_NULL, .optional = true),
	FIELD_ID(staff_new, telegram_id, .def = DB_NULL, .optional = true),
	FIELD(staff_new, create_user, .optional = true),
	FIELD(staff_new, send, .optional = true),
	FIELD_END,
};

/* The one that was named, or the only one there is. */
static enum fault
find_branch(struct req *r, int64_t named, int64_t *branch)
{
	struct rows only;

	*branch = named;
	if (named != DB_NULL)
		return OK;
	only = sql_branch_only(r->db);
	if (only.fault != OK || only.n == 0)
		return only.fault != OK ?
		    only.fault :
		    fail_field(r, "branch",
			"There are several branches. Name one.");
	*branch = row_int(&only, 0, "id");
	return OK;
}

static enum fault
check(struct req *r, int64_t branch, int64_t position)
{
	struct rows known = sql_employee_check(r->db, branch, position, "{}",
	    "{}");
	enum fault f = known.fault;

	if (f == OK && !row_bool(&known, 0, "branch"))
		f = fail_field(r, "branch", "There is no such branch.");
	if (f == OK && !row_bool(&known, 0, "position"))
		f = fail_field(r, "position", "There is no such position.");
	return f;
}

static enum fault
employ(struct req *r, const struct staff_new *in, int64_t branch,
    int64_t *employee)
{
	struct rows made = sql_employee_new(r->db, in->last_name,
	    in->first_name, in->middle_name, people_phone(r->pool, in->phone),
	    in->language, in->telegram_id, branch, in->position,
	    in->personnel_number, NULL, in->hired_on, true, r->now);
	int32_t n;
	enum fault f;

	if (made.fault != OK || made.n == 0)
		return made.fault != OK ? made.fault : FAULT_TELEGRAM_ID_TAKEN;
	*employee = row_int(&made, 0, "id");
	if ((f = sql_person_email(r->db, row_int(&made, 0, "person"), in->email)
		     .fault) != OK)
		return f;
	return registration_scans(r->db, *employee, r->now, &n);
}

/* A fresh code; *code is NULL if there is to be none. */
struct activation {
	const char *code;
	int64_t expires_at;
	bool sent;
};

static enum fault
activation_make(struct req *r, int64_t employee, bool send,
    struct activation *a)
{
	struct rows who = sql_activation_who(r->db, employee), made;
	enum fault f;

	if (who.fault != OK || who.n == 0)
		return who.fault != OK ? who.fault : FAULT_NOT_FOUND;
	if (!row_bool(&who, 0, "active"))
		return FAULT_PERSON_INACTIVE;
	if (!row_bool(&who, 0, "web_access"))
		return FAULT_WEB_ACCESS_DENIED;
	f = sql_activation_void(r->db, row_int(&who, 0, "person")).fault;
	if (f != OK)
		return f;
	a->code = secret_code(r->pool);
	made = sql_activation_new(r->db, row_int(&who, 0, "person"),
	    secret_hash(r->pool, NULL, "activation", "",
		secret_typed(r->pool, a->code)),
	    send ? a->code : NULL,
	    pool_printf(r->pool, "%s/activate/", conf.PUBLIC_URL),
	    setting_int(r->db, SETTING_activation_hours), r->now);
	if (made.fault != OK)
		return made.fault;
	a->expires_at = row_time(&made, 0, "expires_at");
	a->sent = row_bool(&made, 0, "sent");
	return OK;
}

static void
put_activation(struct req *r, const struct activation *a)
{
	out_text(r->out, "activation_code", a->code);
	out_time(r->out, "activation_expires_at", a->expires_at);
	out_bool(r->out, "sent", a->sent);
}

static enum fault
staff_new(struct req *r, const void *arg)
{
	const struct staff_new *in = arg;
	struct activation a = { NULL, 0, false };
	int64_t branch, employee;
	struct rows row;
	enum fault f;

	if ((f = find_branch(r, in->branch, &branch)) != OK ||
	    (f = check(r, branch, in->position)) != OK ||
	    (f = employ(r, in, branch, &employee)) != OK ||
	    (in->create_user &&
		(f = activation_make(r, employee, in->send, &a)) != OK))
		return f;
	row = sql_staff_row(r->db, employee);
	if (row.fault != OK)
		return row.fault;
	r->status = 201;
	out_open(r->out, NULL, '{');
	reply_members(r, &row, 0);
	if (a.code != NULL)
		put_activation(r, &a);
	out_close(r->out, '}');
	return OK;
}

/* POST /staff/{id}/activation: a code again; the one before is void. */

struct staff_activation {
	int64_t id;
	bool send;
};

static const struct field staff_activation_in[] = {
	FIELD_ID(staff_activation, id),
	FIELD(staff_activation, send, .optional = true),
	FIELD_END,
};

static enum fault
staff_activation(struct req *r, const void *arg)
{
	const struct staff_activation *in = arg;
	struct activation a;
	enum fault f = activation_make(r, in->id, in->send, &a);

	if (f != OK)
		return f;
	r->status = 201;
	out_open(r->out, NULL, '{');
	put_activation(r, &a);
	out_close(r->out, '}');
	return OK;
}

/* No Idempotency-Key: its answers are kept, and a code must not be. */
const struct route staff_routes[] = {
	{ POST, "/staff", SERVICE, staff_new, IN(staff_new), .tx = true,
	    .scope = "staff",
	    .what = "Make a staff record; with create_user also a code for the "
		    "first sign-in, if the position may use the web pages.",
	    GIVES_JSON(201, staff),
	    .faults = { FAULT_EMAIL_TAKEN, FAULT_TELEGRAM_ID_TAKEN,
		FAULT_PERSONNEL_NUMBER_TAKEN, FAULT_WEB_ACCESS_DENIED } },
	{ POST, "/staff/{id}/activation", SERVICE, staff_activation,
	    IN(staff_activation), .tx = true, .scope = "staff",
	    .what = "A new code for the first sign-in; the one before is void.",
	    GIVES_JSON(201, activation),
	    .faults = { FAULT_WEB_ACCESS_DENIED } },
	{ .path = NULL }
};
