#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "web/private.h"

enum fault
fail(struct req *r, enum fault f, const char *fmt, ...)
{
	va_list ap;
	char s[512];

	va_start(ap, fmt);
	vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	r->detail = pool_strdup(r->pool, s);
	return f;
}

enum fault
fail_field(struct req *r, const char *field, const char *fmt, ...)
{
	struct api_private *p = r->private;
	va_list ap;
	char s[512];

	va_start(ap, fmt);
	vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	if (p->n_errors < ERRORS_MAX)
		p->errors[p->n_errors++] = (struct field_error){
			pool_strdup(r->pool, field), pool_strdup(r->pool, s)
		};
	return FAULT_BAD_FIELD;
}

enum fault
fail_later(struct req *r, enum fault f, int64_t seconds)
{
	r->later = true;
	reply_header(r, "Retry-After",
	    pool_printf(r->pool, "%" PRId64, seconds < 1 ? 1 : seconds));
	return f;
}

void
reply_header(struct req *r, const char *name, const char *value)
{
	for (const char *s = value; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20)
			return;
	out_printf(r->private->headers, "%s: %s\r\n", name, value);
}

/* "2026-11-21 05:58:00+00" as RFC 3339: "2026-11-21T05:58:00Z". */
static const char *
instant(struct req *r, const char *s)
{
	char *t = pool_strndup(r->pool, s, strcspn(s, "+") + 1);

	t[10] = 'T';
	t[strlen(t) - 1] = 'Z';
	return t;
}

void
reply_members(struct req *r, const struct rows *rows, int row)
{
	struct out *o = r->out;

	for (int i = 0; i < row_columns(rows); i++) {
		const char *key = row_column(rows, i);
		const char *v = row_value(rows, row, i);

		if (v == NULL) {
			out_raw(o, key, "null");
			continue;
		}
		switch (row_type(rows, i)) {
		case ROW_BOOL:
			out_bool(o, key, *v == 't');
			break;
		case ROW_NUMBER:
		case ROW_JSON:
			out_raw(o, key, v);
			break;
		case ROW_TIME:
			out_text(o, key, instant(r, v));
			break;
		case ROW_TEXT:
			out_text(o, key, v);
			break;
		}
	}
}

enum fault
reply_row(struct req *r, int status, struct rows rows)
{
	if (rows.fault != OK)
		return rows.fault;
	if (rows.n == 0)
		return FAULT_NOT_FOUND;
	r->status = status;
	out_open(r->out, NULL, '{');
	reply_members(r, &rows, 0);
	out_close(r->out, '}');
	return OK;
}

static void
put_items(struct req *r, const struct rows *rows, int n)
{
	out_open(r->out, "items", '[');
	for (int i = 0; i < n; i++) {
		out_open(r->out, NULL, '{');
		reply_members(r, rows, i);
		out_close(r->out, '}');
	}
	out_close(r->out, ']');
}

enum fault
reply_page(struct req *r, struct rows rows, int32_t limit)
{
	int n = rows.n > limit ? limit : rows.n;

	if (rows.fault != OK)
		return rows.fault;
	out_open(r->out, NULL, '{');
	put_items(r, &rows, n);
	if (rows.n <= limit)
		out_raw(r->out, "next", "null");
	else if (row_type(&rows, 0) == ROW_NUMBER)
		out_raw(r->out, "next", row_value(&rows, n - 1, 0));
	else
		out_text(r->out, "next", row_value(&rows, n - 1, 0));
	out_close(r->out, '}');
	return OK;
}

enum fault
reply_items(struct req *r, struct rows rows)
{
	if (rows.fault != OK)
		return rows.fault;
	out_open(r->out, NULL, '{');
	out_time(r->out, "now", r->now);
	put_items(r, &rows, rows.n);
	out_close(r->out, '}');
	return OK;
}

enum fault
reply_json(struct req *r, int status, struct rows rows)
{
	if (rows.fault != OK)
		return rows.fault;
	if (rows.n == 0 || row_value(&rows, 0, 0) == NULL)
		return FAULT_NOT_FOUND;
	r->status = status;
	out_raw(r->out, NULL, row_value(&rows, 0, 0));
	return OK;
}

enum fault
reply_nothing(struct req *r)
{
	r->status = 204;
	return OK;
}

enum fault
reply_gone(struct req *r, struct rows rows)
{
	if (rows.fault != OK)
		return rows.fault;
	return rows.n == 0 ? FAULT_NOT_FOUND : reply_nothing(r);
}

enum fault
reply_text(struct req *r, const char *content_type, const char *text)
{
	r->private->type = content_type;
	out_put(r->out, text, strlen(text));
	return OK;
}

void
reply_cache(struct req *r, const char *cache_control)
{
	r->private->cache = cache_control;
}

static void
problem(struct req *r, enum fault f)
{
	const struct fault_info *info = &fault_info[f];
	const struct api_private *p = r->private;

	r->status = info->status;
	r->private->cache = NULL;
	if (info->status == 401) /* RFC 9110, 15.5.2 */
		reply_header(r, "WWW-Authenticate", "Bearer");
	out_clear(r->out);
	out_open(r->out, NULL, '{');
	out_text(r->out, "type", "about:blank");
	out_text(r->out, "title", info->title);
	out_int(r->out, "status", info->status);
	out_text(r->out, "code", info->code);
	if (r->detail != NULL && *r->detail != '\0')
		out_text(r->out, "detail", r->detail);
	if (p->n_errors > 0) {
		out_open(r->out, "errors", '[');
		for (size_t i = 0; i < p->n_errors; i++) {
			out_open(r->out, NULL, '{');
			out_text(r->out, "field", p->errors[i].field);
			out_text(r->out, "detail", p->errors[i].detail);
			out_close(r->out, '}');
		}
		out_close(r->out, ']');
	}
	if (f == FAULT_PERIOD_CLOSED && db_detail(r->db) != NULL)
		out_raw(r->out, "period", db_detail(r->db));
	if (r->extra != NULL)
		out_int(r->out, r->extra, r->extra_value);
	out_text(r->out, "request_id", r->id);
	out_close(r->out, '}');
}

static void
send_headers(struct req *r, const char *type)
{
	struct out *head = out_new(r->pool);
	const char *s;
	size_t n;

	out_printf(head, "Status: %d\r\n", r->status);
	if (type != NULL)
		out_printf(head, "Content-Type: %s\r\n", type);
	out_printf(head, "Cache-Control: %s\r\nX-Request-Id: %s\r\n",
	    r->private->cache ? r->private->cache : "no-store", r->id);
	s = out_body(r->private->headers, &n);
	if (n > 0)
		out_put(head, s, n);
	out_put(head, "\r\n", 2);
	s = out_body(head, &n);
	io_write(r->private->io, s, n);
}

void
reply_send(struct req *r, enum fault f)
{
	const char *body;
	size_t n;

	if (r->private->streaming) {
		/* What went out cannot be taken back, only be cut. */
		if (f != OK || !io_flush(r->private->io))
			io_abort(r->private->io);
		return;
	}
	if (f != OK)
		problem(r, f);
	body = out_body(r->out, &n);
	send_headers(r,
	    n == 0               ? NULL :
		f != OK          ? "application/problem+json" :
		r->private->type ? r->private->type :
				   "application/json; charset=utf-8");
	if (n > 0)
		io_write(r->private->io, body, n);
	io_flush(r->private->io);
}

bool
stream_begin(struct req *r, const char *content_type, const char *file_name)
{
	if (file_name != NULL)
		reply_header(r, "Content-Disposition",
		    pool_printf(r->pool, "attachment; filename=\"%s\"",
			file_name));
	send_headers(r, content_type);
	r->private->streaming = true;
	return true;
}

bool
stream_put(struct req *r, const char *s, size_t n)
{
	return io_write(r->private->io, s, n);
}
