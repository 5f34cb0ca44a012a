/*
 * Who asks, and may he?  The only place where a token becomes a person.
 */
#include <string.h>
#include <strings.h>

#include "access.sql.h"
#include "base/conf.h"
#include "trust/crypto.h"
#include "trust/keyring.h"
#include "trust/token.h"
#include "web/cookie.h"
#include "web/private.h"

static const char cookie_name[] = "__Host-tabel";
static const char service_prefix[] = "ts_";
static const char terminal_prefix[] = "tt_";

/* Headers that mean something must not come twice (nginx hands on both). */
static enum fault
no_repeats(struct req *r)
{
	static const char *const once[] = { "CONTENT_LENGTH", "CONTENT_TYPE",
		"HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_IDEMPOTENCY_KEY",
		"HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE" };

	for (size_t i = 0; i < sizeof(once) / sizeof(*once); i++)
		if (io_repeated(r->private->io, once[i]))
			return fail(r, FAULT_HEADER_REPEATED, "%s", once[i]);
	return OK;
}

/*
 * A browser sends its cookie along with requests that other sites make it
 * send; it also says so.  SameSite=Strict is the first fence, this the second.
 */
static enum fault
same_site(struct req *r, bool by_cookie)
{
	const char *site = request_header(r, "HTTP_SEC_FETCH_SITE");
	const char *origin = request_header(r, "HTTP_ORIGIN");

	if (r->route->method == GET)
		return OK;
	if (site != NULL)
		return strcmp(site, "same-origin") == 0 ||
			strcmp(site, "none") == 0 ?
		    OK :
		    FAULT_CROSS_SITE;
	if (by_cookie &&
	    (origin == NULL || strcmp(origin, conf.PUBLIC_URL) != 0))
		return FAULT_CROSS_SITE;
	return OK;
}

static enum fault
find_token(struct req *r, bool *by_cookie)
{
	const char *s = request_header(r, "HTTP_AUTHORIZATION");

	*by_cookie = false;
	if (s != NULL) {
		if (strncasecmp(s, "Bearer ", 7) != 0 || strlen(s) > 1024)
			return fail(r, FAULT_BAD_TOKEN,
			    "Authorization must be: Bearer <token>.");
		r->token = s + 7;
		return OK;
	}
	r->token = cookie_get(r->pool, request_header(r, "HTTP_COOKIE"),
	    cookie_name);
	*by_cookie = r->token != NULL;
	return OK;
}

static enum fault
terminal(struct req *r)
{
	struct rows t = sql_terminal_who(r->db, crypto_hash(r->pool, r->token),
	    r->id);

	if (t.fault != OK)
		return t.fault;
	if (t.n == 0 || !row_bool(&t, 0, "active"))
		return FAULT_TERMINAL_REVOKED;
	r->terminal = row_int(&t, 0, "id");
	return OK;
}

static enum fault
service(struct req *r)
{
	struct rows s = sql_service_who(r->db, crypto_hash(r->pool, r->token),
	    r->route->scope, r->id, r->now);

	if (s.fault != OK)
		return s.fault;
	if (s.n == 0)
		return FAULT_BAD_TOKEN;
	r->service = row_int(&s, 0, "id");
	r->in_scope = row_bool(&s, 0, "in_scope");
	r->branches = "{}";
	return OK;
}

static enum fault
open_token(struct req *r, struct token *token)
{
	int id = token_key(r->token);
	const struct key *key;
	enum fault f;

	if (id < 0)
		return FAULT_BAD_TOKEN;
	if ((f = keyring_by_id(r->db, KEY_TOKEN, (uint8_t)id, &key)) != OK)
		return f;
	if (key == NULL)
		return FAULT_BAD_TOKEN;
	return token_check(r->pool, key, r->token, r->now, token);
}

static enum fault
person(struct req *r)
{
	struct token token;
	struct rows s;
	enum fault f;

	if ((f = open_token(r, &token)) != OK)
		return f;
	s = sql_session_who(r->db, token.session, r->id, r->now);
	if (s.fault != OK)
		return s.fault;
	if (s.n == 0 || row_int(&s, 0, "person") != token.person)
		return FAULT_SESSION_ENDED;
	if (row_bool(&s, 0, "revoked") || row_bool(&s, 0, "expired"))
		return FAULT_SESSION_ENDED;
	r->person = token.person;
	r->session = token.session;
	r->state = row_text(&s, 0, "state");
	r->language = row_text(&s, 0, "language");
	r->branches = row_text(&s, 0, "branches");
	if (strcmp(r->state, "active") != 0) {
		r->branches = "{}";
		return OK;
	}
	r->roles = ROLE_EMPLOYEE;
	if (r->branches != NULL)
		r->roles |= ROLE_MANAGER;
	if (row_bool(&s, 0, "admin")) {
		r->roles |= ROLE_MANAGER | ROLE_ADMIN;
		r->branches = NULL;
	} else if (r->branches == NULL)
		r->branches = "{}";
	return OK;
}

static enum fault
not_active(const struct req *r)
{
	return strcmp(r->state, "inactive") == 0 ||
		strcmp(r->state, "erased") == 0 ?
	    FAULT_PERSON_INACTIVE :
	    FAULT_NOT_CONFIRMED;
}

static enum fault
may(const struct req *r)
{
	static const int needs[] = { [EMPLOYEE] = ROLE_EMPLOYEE,
		[MANAGER] = ROLE_MANAGER,
		[ADMIN] = ROLE_ADMIN,
		[SERVICE] = ROLE_ADMIN };

	if (r->route->who == TERMINAL)
		return r->terminal != 0 ? OK : FAULT_FORBIDDEN;
	if (r->service != 0)
		return r->in_scope ? OK : FAULT_FORBIDDEN;
	if (r->person == 0)
		return FAULT_FORBIDDEN;
	if (r->route->who == PERSON)
		return OK;
	if (r->roles == 0)
		return not_active(r);
	return r->roles & needs[r->route->who] ? OK : FAULT_FORBIDDEN;
}

/*
 * Nobody's requests are named too, but reading needs no name, and a hook
 * that only keeps what it is told has its own.
 */
static enum fault
nobody(struct req *r)
{
	return r->route->method == GET || r->route->raw ?
	    OK :
	    sql_nobody_who(r->db, r->id).fault;
}

enum fault
access_check(struct req *r)
{
	bool by_cookie = false;
	enum fault f;

	if ((f = no_repeats(r)) != OK)
		return f;
	if (r->route->who == ANYONE)
		return (f = same_site(r, false)) != OK ? f : nobody(r);
	if ((f = find_token(r, &by_cookie)) != OK ||
	    (f = same_site(r, by_cookie)) != OK)
		return f;
	if (r->token == NULL)
		return FAULT_NO_TOKEN;
	f = strncmp(r->token, terminal_prefix, 3) == 0 ? terminal(r) :
	    strncmp(r->token, service_prefix, 3) == 0  ? service(r) :
							 person(r);
	return f != OK ? f : may(r);
}
