/*
 * Signing in with six digits that the bot sends.
 */
#include "auth.h"

#include <inttypes.h>

#include "access.sql.h"
#include "auth.sql.h"
#include "base/conf.h"
#include "trust/keyring.h"
#include "trust/secret.h"

enum { CODE_LIFE = 300, CODE_TRIES = 5, FREE_CODES = 3, CODES_WAIT = 900 };

static enum fault
code_hash(struct req *r, int64_t telegram_id, const char *code,
    const char **hash)
{
	const struct key *pepper;
	enum fault f = keyring_active(r->db, KEY_PEPPER, &pepper);

	if (f != OK)
		return f;
	*hash = secret_hash(r->pool, pepper, "login",
	    pool_printf(r->pool, "%" PRId64, telegram_id), code);
	return OK;
}

/* What is counted: codes that are sent, and tries to guess one. */
static const char *
account(struct req *r, const char *what, int64_t telegram_id)
{
	return pool_printf(r->pool, "%s:%" PRId64, what, telegram_id);
}

/*
 * POST /auth/code.  The answer is the same for everybody: whether there is
 * such a person, and whether he was sent one just now, is nobody's business.
 */

struct code_new {
	int64_t telegram_id;
};

static const struct field code_new_in[] = {
	FIELD_ID(code_new, telegram_id),
	FIELD_END,
};

static enum fault
code_new(struct req *r, const void *arg)
{
	const struct code_new *in = arg;
	const char *code = secret_digits(r->pool), *hash, *key;
	enum fault f = auth_key(r, account(r, "codes", in->telegram_id), &key);
	struct rows t;

	if (f != OK)
		return f;
	t = sql_throttle_try(r->db, key, r->now, FREE_CODES, CODES_WAIT);
	r->status = 202;
	out_open(r->out, NULL, '{');
	out_int(r->out, "valid_seconds", CODE_LIFE);
	out_close(r->out, '}');
	if (t.fault != OK || row_int(&t, 0, "wait") > 0)
		return t.fault;
	if ((f = code_hash(r, in->telegram_id, code, &hash)) != OK ||
	    (f = sql_login_code_void(r->db, in->telegram_id).fault) != OK)
		return f;
	return sql_login_code_new(r->db, in->telegram_id, hash, code,
	    CODE_TRIES, r->now, r->now + CODE_LIFE)
	    .fault;
}

/*
 * POST /auth/code/verify.  Each statement stands for itself: a failed try
 * has to count although the request fails.
 */

struct code_verify {
	int64_t telegram_id;
	const char *code;
};

static const struct field code_verify_in[] = {
	FIELD_ID(code_verify, telegram_id),
	FIELD(code_verify, code, .min = 6, .max = 12),
	FIELD_END,
};

static enum fault
code_verify(struct req *r, const void *arg)
{
	const struct code_verify *in = arg;
	const char *tries = account(r, "code", in->telegram_id);
	const char *key, *hash, *token;
	struct rows who;
	enum fault f;

	if ((f = auth_key(r, tries, &key)) != OK ||
	    (f = auth_throttle(r, key)) != OK ||
	    (f = code_hash(r, in->telegram_id, secret_typed(r->pool, in->code),
		 &hash)) != OK)
		return f;
	who = sql_login_code_try(r->db, in->telegram_id, hash, r->now);
	if (who.fault != OK || who.n == 0)
		return who.fault != OK ? who.fault : FAULT_LOGIN_CODE_WRONG;
	if ((f = auth_known(r, tries)) != OK ||
	    (f = auth_known(r, account(r, "codes", in->telegram_id))) != OK ||
	    (f = auth_session(r, row_int(&who, 0, "person"), "code", NULL,
		 &token)) != OK)
		return f;
	auth_cookie(r, token, conf.TOKEN_MINUTES * 60);
	return OK;
}

const struct route code_routes[] = {
	{ POST, "/auth/code", ANYONE, code_new, IN(code_new), .tx = true,
	    .what = "Let the bot send six digits to somebody's Telegram.  The "
		    "answer is the same whether there is such a person or not.",
	    GIVES_JSON(202, code_sent) },
	{ POST, "/auth/code/verify", ANYONE, code_verify, IN(code_verify),
	    .what = "Sign in with the six digits that the bot has sent; the "
		    "answer also sets the cookie.",
	    GIVES_JSON(200, session), .faults = { FAULT_LOGIN_CODE_WRONG } },
	{ .path = NULL }
};
