/*
 * The answer to a request that carries an Idempotency-Key is kept in the
 * transaction that made it; the same request again gets the same answer, and
 * one that comes while the first is at work waits for it.
 */
#include <string.h>

#include "access.sql.h"
#include "base/clock.h"
#include "trust/crypto.h"
#include "web/private.h"

static const char *
owner(struct req *r)
{
	if (r->service != 0)
		return pool_printf(r->pool, "service:%lld",
		    (long long)r->service);
	return r->terminal != 0 ?
	    pool_printf(r->pool, "terminal:%lld", (long long)r->terminal) :
	    pool_printf(r->pool, "person:%lld", (long long)r->person);
}

/* What makes it the same request: method, path and body. */
static const char *
fingerprint(struct req *r)
{
	const struct api_private *p = r->private;
	return crypto_hash(r->pool,
	    pool_printf(r->pool, "%d %s\n%s", (int)r->route->method, p->path,
		p->body ? p->body : ""));
}

static enum fault
replay(struct req *r, const char *key, const char *request)
{
	struct rows kept = sql_idempotency_get(r->db, owner(r), key);

	if (kept.fault != OK)
		return kept.fault;
	if (kept.n == 0 || row_null(&kept, 0, "status"))
		return FAULT_RETRY;
	if (strcmp(row_text(&kept, 0, "request"), request) != 0)
		return FAULT_IDEMPOTENCY_MISMATCH;
	r->status = (int)row_int(&kept, 0, "status");
	out_put(r->out, row_text(&kept, 0, "body"),
	    strlen(row_text(&kept, 0, "body")));
	r->private->replayed = true;
	return OK;
}

enum fault
idem_begin(struct req *r, const char *key)
{
	const char *request = fingerprint(r);
	struct rows made;

	if (strlen(key) > 64 || !is_base64url(key))
		return fail(r, FAULT_BAD_REQUEST,
		    "Idempotency-Key must be 1 to 64 of A-Z a-z 0-9 _ -.");
	made = sql_idempotency_begin(r->db, owner(r), key, request, r->now);
	if (made.fault != OK)
		return made.fault;
	return row_bool(&made, 0, "made") ? OK : replay(r, key, request);
}

enum fault
idem_end(struct req *r, const char *key)
{
	size_t n;
	const char *body = out_body(r->out, &n);

	return sql_idempotency_end(r->db, owner(r), key, r->status,
	    pool_strndup(r->pool, n ? body : "", n))
	    .fault;
}
