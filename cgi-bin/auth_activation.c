/*
 * The first sign-in: a code becomes a user name and a password.
 */
#include "auth.h"

#include "access.sql.h"
#include "auth.sql.h"
#include "base/conf.h"
#include "trust/keyring.h"
#include "trust/password.h"
#include "trust/secret.h"

/*
 * POST /auth/activate.  Each statement stands for itself: a wrong code has
 * to count although the request fails.  Who guesses has no name yet, so it
 * counts against his address.
 */

struct auth_activate {
	const char *code;
	const char *username, *password;
};

static const struct field auth_activate_in[] = {
	FIELD(auth_activate, code, .min = 12, .max = 32),
	FIELD(auth_activate, username, .min = 3, .max = 64, .is = is_username,
	    .what = "Latin letters, digits and . _ - @."),
	FIELD(auth_activate, password, .min = 1, .max = 256, .raw = true),
	FIELD_END,
};

static enum fault
code_check(struct req *r, const char *hash)
{
	const char *key = pool_printf(r->pool, "activate:%s", r->ip);
	enum fault f = auth_throttle(r, key);
	struct rows found;

	if (f != OK)
		return f;
	found = sql_activation_find(r->db, hash, r->now);
	if (found.fault != OK)
		return found.fault;
	return found.n == 0 ? FAULT_ACTIVATION_WRONG :
			      sql_throttle_clear(r->db, key).fault;
}

static enum fault
auth_activate(struct req *r, const void *arg)
{
	const struct auth_activate *in = arg;
	const char *hash = secret_hash(r->pool, NULL, "activation", "",
		       secret_typed(r->pool, in->code)),
		   *password, *token, *weakness;
	const struct key *pepper;
	struct rows made;
	enum fault f;

	weakness = password_weakness(in->password, in->username);
	if (weakness != NULL)
		return fail_field(r, "password", "%s", weakness);
	if ((f = code_check(r, hash)) != OK ||
	    (f = keyring_active(r->db, KEY_PEPPER, &pepper)) != OK)
		return f;
	password = password_hash(r->pool, pepper, in->password);
	made = sql_activate(r->db, hash, in->username, password, r->now);
	if (made.fault != OK || made.n == 0)
		return made.fault != OK ? made.fault : FAULT_ACTIVATION_WRONG;
	if ((f = auth_session(r, row_int(&made, 0, "id"), "password", password,
		 &token)) != OK)
		return f;
	auth_cookie(r, token, conf.TOKEN_MINUTES * 60);
	return OK;
}

const struct route activation_routes[] = {
	{ POST, "/auth/activate", ANYONE, auth_activate, IN(auth_activate),
	    .what = "The first sign-in: an activation code becomes a user name "
		    "and a password; the answer also sets the cookie.",
	    GIVES_JSON(200, session),
	    .faults = { FAULT_ACTIVATION_WRONG, FAULT_USERNAME_TAKEN } },
	{ .path = NULL }
};
