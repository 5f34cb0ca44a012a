/*
 * POST /register: a pairing code becomes the tablet's key, which is shown
 * this once.  Each statement stands for itself: a failed try has to count
 * although the request fails.
 */
#include "terminals.h"

#include <string.h>

#include "access.sql.h"
#include "terminals.sql.h"
#include "trust/crypto.h"
#include "trust/pairing_code.h"

enum { FREE_TRIES = 5, LONGEST_WAIT = 900, TERMINAL_KEY = 32 };

struct terminal_register {
	const char *pairing_code;
};

static bool
is_pairing_code(const char *s)
{
	return strlen(s) == 6 && strspn(s, "0123456789") == 6;
}

static const struct field terminal_register_in[] = {
	FIELD(terminal_register, pairing_code, .min = 6, .max = 6,
	    .is = is_pairing_code, .what = "Six digits."),
	FIELD_END,
};

static const char *
terminal_key(struct req *r)
{
	uint8_t random[TERMINAL_KEY];

	crypto_random(random, sizeof(random));
	return pool_printf(r->pool, "tt_%s",
	    base64url(r->pool, random, sizeof(random)));
}

static enum fault
pairing_wrong(struct req *r, int64_t failures)
{
	r->extra = "tries_left";
	r->extra_value = failures < FREE_TRIES ? FREE_TRIES - failures : 0;
	return FAULT_PAIRING_WRONG;
}

static enum fault
reply_registered(struct req *r, const char *key, const struct rows *t)
{
	r->status = 201;
	out_open(r->out, NULL, '{');
	out_text(r->out, "key", key);
	out_open(r->out, "terminal", '{');
	out_int(r->out, "id", row_int(t, 0, "id"));
	out_text(r->out, "name", row_text(t, 0, "name"));
	out_text(r->out, "branch_name", row_text(t, 0, "branch_name"));
	out_close(r->out, '}');
	out_close(r->out, '}');
	return OK;
}

static enum fault
terminal_register(struct req *r, const void *arg)
{
	const struct terminal_register *in = arg;
	const char *who = pool_printf(r->pool, "pairing:%s", r->ip);
	const char *key = terminal_key(r);
	struct rows t = sql_throttle_try(r->db, who, r->now, FREE_TRIES,
	    LONGEST_WAIT);
	int64_t failures;

	if (t.fault != OK)
		return t.fault;
	if (row_int(&t, 0, "wait") > 0)
		return fail_later(r, FAULT_TOO_MANY_TRIES,
		    row_int(&t, 0, "wait"));
	failures = row_int(&t, 0, "failures");
	t = sql_terminal_register(r->db,
	    pairing_code_hash(r->pool, in->pairing_code),
	    crypto_hash(r->pool, key), r->now);
	if (t.fault != OK || t.n == 0)
		return t.fault != OK ? t.fault : pairing_wrong(r, failures);
	sql_throttle_clear(r->db, who);
	return reply_registered(r, key, &t);
}

const struct route register_routes[] = {
	{ POST, "/register", ANYONE, terminal_register, IN(terminal_register),
	    .what = "Turn a pairing code into a terminal's key, which is shown "
		    "this once.",
	    GIVES_JSON(201, registered), .faults = { FAULT_PAIRING_WRONG } },
	{ .path = NULL }
};
