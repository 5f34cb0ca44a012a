/*
 * The web sign-in of an employee.
 */
#include "people.h"

#include "people.sql.h"
#include "trust/keyring.h"
#include "trust/password.h"

/*
 * PUT /employees/{id}/login: the web sign-in; his sessions there end.  Each
 * statement stands for itself: no transaction waits while a password is hashed.
 */

struct employee_login {
	int64_t id;
	const char *username, *password;
};

static const struct field employee_login_in[] = {
	FIELD_ID(employee_login, id),
	FIELD(employee_login, username, .min = 3, .max = 64, .is = is_username,
	    .what = "Latin letters, digits and . _ - @"),
	FIELD(employee_login, password, .min = 1, .max = PASSWORD_MAX,
	    .raw = true),
	FIELD_END,
};

static enum fault
employee_login(struct req *r, const void *arg)
{
	const struct employee_login *in = arg;
	struct rows made;
	const char *weak = password_weakness(in->password, in->username);
	const struct key *pepper;
	enum fault f;

	if (weak != NULL)
		return fail_field(r, "password", "%s", weak);
	if ((f = keyring_active(r->db, KEY_PEPPER, &pepper)) != OK)
		return f;
	made = sql_employee_login(r->db, in->id, in->username,
	    password_hash(r->pool, pepper, in->password));
	if (made.fault == OK)
		made.fault = sql_web_sessions_end(r->db, in->id, r->now).fault;
	return reply_row(r, 200, made);
}

/* DELETE /employees/{id}/login */

static enum fault
employee_login_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	struct rows gone = sql_employee_login_delete(r->db, in->id);

	if (gone.fault == OK)
		gone.fault = sql_web_sessions_end(r->db, in->id, r->now).fault;
	return reply_gone(r, gone);
}

const struct route login_routes[] = {
	{ PUT, "/employees/{id}/login", ADMIN, employee_login,
	    IN(employee_login),
	    .what = "Set an employee's user name and password; his sessions on "
		    "the web end.",
	    GIVES_ROW(200, employee_login),
	    .faults = { FAULT_USERNAME_TAKEN } },
	{ DELETE, "/employees/{id}/login", ADMIN, employee_login_delete,
	    IN(by_id),
	    .what = "Take an employee's user name and password away.",
	    GIVES_NOTHING },
	{ .path = NULL }
};
