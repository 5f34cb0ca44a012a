/*
 * The table of routes as JSON: what the reference of the API and the tests
 * that ask every route are made from.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "web/private.h"

const char *const method_names[] = {
	[GET] = "GET",
	[POST] = "POST",
	[PUT] = "PUT",
	[DELETE] = "DELETE",
};
static const char *const who_names[] = {
	[ANYONE] = "ANYONE",
	[PERSON] = "PERSON",
	[EMPLOYEE] = "EMPLOYEE",
	[MANAGER] = "MANAGER",
	[ADMIN] = "ADMIN",
	[SERVICE] = "SERVICE",
	[TERMINAL] = "TERMINAL",
};
static const char *const reply_names[] = {
	[REPLY_NOTHING] = "nothing",
	[REPLY_ROW] = "row",
	[REPLY_PAGE] = "page",
	[REPLY_ITEMS] = "items",
	[REPLY_JSON] = "json",
	[REPLY_CSV] = "csv",
	[REPLY_FILE] = "file",
};

/* Nothing is open by omission, and the reference and metrics have no gaps. */
void
routes_check(const char *program, const struct route *routes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct route *r = &routes[i];

		if (r->who == WHO_UNSET || r->run == NULL || r->what == NULL ||
		    r->reply == REPLY_UNSET ||
		    (r->who == SERVICE && r->scope == NULL))
			log_die("%s: a route without who, run, what, reply or "
				"scope: %s %s",
			    program, method_names[r->method], r->path);
	}
}

static bool
has_body(const struct route *r)
{
	return r->method == POST || r->method == PUT;
}

/* What the request loop, the database and nginx may say to any such route. */
static bool
common(const struct route *r, enum fault f)
{
	switch (f) {
	case FAULT_BAD_REQUEST:
	case FAULT_HEADER_REPEATED:
	case FAULT_BAD_FIELD:
	case FAULT_TOO_MANY_TRIES:
	case FAULT_RETRY:
	case FAULT_DATABASE_DOWN:
	case FAULT_INTERNAL:
		return true;
	case FAULT_BODY_CUT:
	case FAULT_BODY_TOO_LARGE:
		return has_body(r);
	case FAULT_BAD_JSON:
	case FAULT_NOT_JSON:
		return has_body(r) && r->takes == NULL;
	case FAULT_NOT_CSV:
		return r->takes != NULL;
	case FAULT_CROSS_SITE:
		return r->method != GET;
	case FAULT_IDEMPOTENCY_MISMATCH:
		return r->idem && r->who != ANYONE;
	case FAULT_STALE:
		return r->match;
	case FAULT_NO_TOKEN:
	case FAULT_BAD_TOKEN:
	case FAULT_TOKEN_EXPIRED:
	case FAULT_SESSION_ENDED:
	case FAULT_TERMINAL_REVOKED:
	case FAULT_FORBIDDEN:
		return r->who != ANYONE;
	case FAULT_NOT_CONFIRMED:
	case FAULT_PERSON_INACTIVE:
		return r->who == EMPLOYEE || r->who == MANAGER ||
		    r->who == ADMIN || r->who == SERVICE;
	case FAULT_NOT_FOUND:
		return strchr(r->path, '{') != NULL;
	default:
		return false;
	}
}

static bool
may_fail(const struct route *r, enum fault f)
{
	for (int i = 0; i < ROUTE_FAULTS; i++)
		if (r->faults[i] == f)
			return true;
	return common(r, f);
}

bool
route_declares(const struct route *r, enum fault f, int status)
{
	if (f != OK)
		return may_fail(r, f);
	return status == r->status || (r->also != 0 && status == r->also);
}

static const char *
format_of(const struct field *f)
{
	static const struct {
		bool (*is)(const char *);
		const char *name;
	} formats[] = {
		{ is_time, "date-time" },
		{ is_date, "date" },
		{ is_email, "email" },
		{ is_phone, "phone" },
		{ is_cidr, "cidr" },
		{ is_username, "username" },
		{ is_base64url, "base64url" },
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (f->is == formats[i].is)
			return formats[i].name;
	return NULL;
}

static void
put_number(struct out *o, const struct field *f)
{
	out_int(o, "min", f->min);
	out_int(o, "max", f->max);
	if (f->optional && f->type != FIELD_DOUBLE && f->type != FIELD_INTS &&
	    f->def >= f->min && f->def <= f->max)
		out_int(o, "default", f->def);
}

static void
put_text(struct out *o, const struct field *f)
{
	if (f->max > 0) {
		out_int(o, "min", f->min);
		out_int(o, "max", f->max);
	}
	if (f->def_text != NULL && *f->def_text != '\0')
		out_text(o, "default", f->def_text);
	if (f->in != NULL)
		out_text(o, "in", f->in);
	if (format_of(f) != NULL)
		out_text(o, "format", format_of(f));
	if (f->what != NULL)
		out_text(o, "what", f->what);
}

static void put_fields(struct out *, const char *key, const struct field *);

static void
put_field(struct out *o, const struct field *f)
{
	static const char *const types[] = { [FIELD_BOOL] = "boolean",
		[FIELD_I32] = "integer",
		[FIELD_I64] = "integer",
		[FIELD_DOUBLE] = "number",
		[FIELD_TEXT] = "string",
		[FIELD_INTS] = "integer",
		[FIELD_TEXTS] = "string",
		[FIELD_ITEMS] = "object" };

	out_open(o, NULL, '{');
	out_text(o, "name", f->path ? f->path : f->name);
	out_text(o, "type", types[f->type]);
	out_bool(o, "optional", f->optional);
	if (f->type == FIELD_INTS || f->type == FIELD_TEXTS ||
	    f->type == FIELD_ITEMS)
		out_int(o, "list", f->most > 0 ? f->most : FIELD_LIST_MAX);
	if (f->type == FIELD_BOOL && f->optional)
		out_bool(o, "default", f->def != 0);
	else if (f->type == FIELD_TEXT || f->type == FIELD_TEXTS)
		put_text(o, f);
	else if (f->type == FIELD_ITEMS)
		put_fields(o, "of", f->of);
	else if (f->type != FIELD_BOOL)
		put_number(o, f);
	out_close(o, '}');
}

static void
put_fields(struct out *o, const char *key, const struct field *f)
{
	out_open(o, key, '[');
	for (; f && f->name != NULL; f++)
		put_field(o, f);
	out_close(o, ']');
}

static void
put_reply(struct out *o, const struct route *r)
{
	out_open(o, "reply", '{');
	out_text(o, "kind", reply_names[r->reply]);
	out_int(o, "status", r->status);
	if (r->also != 0)
		out_int(o, "also", r->also);
	if (r->of != NULL)
		out_text(o, "of", r->of);
	if (r->also_of != NULL)
		out_text(o, "also_of", r->also_of);
	out_close(o, '}');
}

static void
put_faults(struct out *o, const struct route *r)
{
	out_open(o, "faults", '[');
	for (int f = OK + 1; f < FAULT_MAX; f++) {
		if (!may_fail(r, (enum fault)f))
			continue;
		out_open(o, NULL, '{');
		out_text(o, "code", fault_info[f].code);
		out_int(o, "status", fault_info[f].status);
		out_text(o, "title", fault_info[f].title);
		out_bool(o, "own", !common(r, (enum fault)f));
		out_close(o, '}');
	}
	out_close(o, ']');
}

static void
put_route(struct out *o, const char *program, const struct route *r)
{
	out_open(o, NULL, '{');
	out_text(o, "program", program);
	out_text(o, "method", method_names[r->method]);
	out_text(o, "path", r->path);
	out_text(o, "who", who_names[r->who]);
	if (r->scope != NULL)
		out_text(o, "scope", r->scope);
	out_text(o, "what", r->what);
	out_bool(o, "idempotent", r->idem);
	out_bool(o, "match", r->match);
	out_bool(o, "raw", r->raw);
	if (has_body(r))
		out_int(o, "body_max", r->body_max ? r->body_max : BODY_MAX);
	if (r->takes != NULL)
		out_text(o, "takes", r->takes);
	put_fields(o, "in", r->in);
	put_reply(o, r);
	put_faults(o, r);
	out_close(o, '}');
}

void
routes_print(const char *program, const struct route *routes, size_t n)
{
	struct pool *pool = pool_new();
	struct out *o = out_new(pool);
	size_t len;

	out_open(o, NULL, '[');
	for (size_t i = 0; i < n; i++)
		put_route(o, program, &routes[i]);
	out_close(o, ']');
	puts(out_body(o, &len));
	pool_free(pool);
}
