/*
 * Tokens with which other systems call.
 */
#include "system.h"

#include <string.h>

#include "system.sql.h"
#include "trust/crypto.h"

/* GET /service-tokens: never the tokens themselves. */

struct service_list {
	int64_t after;
	int32_t limit;
};

static const struct field service_list_in[] = {
	FIELD_PAGE(service_list),
	FIELD_END,
};

static enum fault
service_list(struct req *r, const void *arg)
{
	const struct service_list *in = arg;

	return reply_page(r, sql_service_list(r->db, in->after, in->limit),
	    in->limit);
}

/* POST /service-tokens: the token is in this answer, and nowhere else. */

enum { SERVICE_KEY = 32 };

struct service_new {
	const char *name;
	struct texts scopes;
};

static bool
is_scope(const char *s)
{
	return strcmp(s, "staff") == 0;
}

static const struct field service_new_in[] = {
	FIELD(service_new, name, .min = 1, .max = 100),
	FIELD(service_new, scopes, .is = is_scope, .what = "One of: staff."),
	FIELD_END,
};

static enum fault
service_new(struct req *r, const void *arg)
{
	const struct service_new *in = arg;
	uint8_t random[SERVICE_KEY];
	const char *token, *scopes = "{";
	struct rows made;

	if (in->scopes.n == 0)
		return fail_field(r, "scopes", "Name at least one: staff.");
	for (size_t i = 0; i < in->scopes.n; i++)
		scopes = pool_printf(r->pool, "%s%s%s", scopes, i ? "," : "",
		    in->scopes.v[i]);
	crypto_random(random, sizeof(random));
	token = pool_printf(r->pool, "ts_%s",
	    base64url(r->pool, random, sizeof(random)));
	made = sql_service_new(r->db, in->name, crypto_hash(r->pool, token),
	    pool_printf(r->pool, "%s}", scopes), r->person, r->now);
	if (made.fault != OK)
		return made.fault;
	r->status = 201;
	out_open(r->out, NULL, '{');
	reply_members(r, &made, 0);
	out_text(r->out, "token", token);
	out_close(r->out, '}');
	return OK;
}

/* DELETE /service-tokens/{id}: void from now on, but on record. */

static enum fault
service_revoke(struct req *r, const void *arg)
{
	const struct by_id *in = arg;

	return reply_gone(r, sql_service_revoke(r->db, in->id, r->now));
}

const struct route service_routes[] = {
	{ GET, "/service-tokens", ADMIN, service_list, IN(service_list),
	    .what = "Tokens of other systems, but never their secrets.",
	    GIVES_PAGE(service_list) },
	{ POST, "/service-tokens", ADMIN, service_new, IN(service_new),
	    .what = "Make a token for another system.  It is in this answer, "
		    "and nowhere else.",
	    GIVES_JSON(201, service_token),
	    .faults = { FAULT_SERVICE_NAME_TAKEN } },
	{ DELETE, "/service-tokens/{id}", ADMIN, service_revoke, IN(by_id),
	    .what = "Revoke a token: void from now on, but on record.",
	    GIVES_NOTHING },
	{ .path = NULL }
};
