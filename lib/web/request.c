#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "web/private.h"

const char *
request_header(struct req *r, const char *cgi_name)
{
	const char *s = io_param(r->private->io, cgi_name);

	return s != NULL && *s != '\0' ? s : NULL;
}

static bool
is_type(const char *type, const char *wanted)
{
	size_t n = strlen(wanted);

	return type != NULL && strncasecmp(type, wanted, n) == 0 &&
	    (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

static enum fault
content_length(struct req *r, size_t *n)
{
	const char *s = request_header(r, "CONTENT_LENGTH");
	int32_t max = r->route->body_max ? r->route->body_max : BODY_MAX;
	char *end;
	unsigned long long len;

	*n = 0;
	if (s == NULL)
		return OK;
	if (strspn(s, "0123456789") != strlen(s) || strlen(s) > 18)
		return fail(r, FAULT_BAD_REQUEST,
		    "Content-Length is no number.");
	len = strtoull(s, &end, 10);
	if (len > (unsigned long long)max)
		return fail(r, FAULT_BODY_TOO_LARGE, "At most %d bytes.",
		    (int)max);
	*n = (size_t)len;
	return OK;
}

const char *
raw_header(struct req *r, const char *cgi_name)
{
	return io_repeated(r->private->io, cgi_name) ?
	    NULL :
	    request_header(r, cgi_name);
}

/* Versions are of hexadecimal digits: what is in quotes is found as text. */
enum fault
if_match_version(struct req *r, const char *version)
{
	const char *tags = request_header(r, "HTTP_IF_MATCH");
	const char *none = request_header(r, "HTTP_IF_NONE_MATCH");

	if (none != NULL && strcmp(none, "*") == 0 && version != NULL)
		return FAULT_STALE;
	if (tags == NULL)
		return OK;
	if (strcmp(tags, "*") == 0)
		return version != NULL ? OK : FAULT_STALE;
	if (strchr(tags, '"') == NULL)
		return fail(r, FAULT_BAD_REQUEST,
		    "If-Match takes a version in quotes.");
	if (version == NULL ||
	    strstr(tags, pool_printf(r->pool, "\"%s\"", version)) == NULL)
		return FAULT_STALE;
	return OK;
}

enum fault
if_match(struct req *r, struct rows now)
{
	if (now.fault != OK)
		return now.fault;
	return if_match_version(r,
	    now.n > 0 ? row_text(&now, 0, "version") : NULL);
}

enum fault
raw_body(struct req *r, const char **text, size_t *n)
{
	enum fault f;
	char *body;

	if ((f = content_length(r, n)) != OK)
		return f;
	*text = body = pool_alloc(r->pool, *n + 1);
	return *n == 0 || io_read(r->private->io, body, *n) ? OK :
							      FAULT_BODY_CUT;
}

static enum fault
parse(struct req *r)
{
	struct api_private *p = r->private;
	const char *why = NULL;

	p->json = json_parse(r->pool, p->body, p->body_len, &why);
	if (p->json == NULL)
		return fail(r, FAULT_BAD_JSON, "%s", why ? why : "");
	if (json_type_of(p->json) != JSON_OBJECT)
		return fail(r, FAULT_BAD_FIELD, "The body must be an object.");
	return OK;
}

enum fault
request_body(struct req *r)
{
	const char *takes = r->route->takes;
	struct api_private *p = r->private;
	enum fault f;
	char *body;
	size_t n;

	if ((f = content_length(r, &n)) != OK || n == 0)
		return f;
	if (!is_type(request_header(r, "CONTENT_TYPE"),
		takes ? takes : "application/json"))
		return takes ? FAULT_NOT_CSV : FAULT_NOT_JSON;
	body = pool_alloc(r->pool, n + 1);
	if (!io_read(p->io, body, n))
		return FAULT_BODY_CUT;
	p->body = body;
	p->body_len = n;
	return takes ? OK : parse(r);
}

const char *
request_text(struct req *r, size_t *n)
{
	*n = r->private->body_len;
	return r->private->body ? r->private->body : "";
}
