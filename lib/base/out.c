#include "base/out.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pool.h"

struct out {
	struct pool *pool;
	char *buf;
	size_t len, size;
	bool comma;
};

struct out *
out_new(struct pool *pool)
{
	struct out *o = pool_alloc(pool, sizeof(*o));

	o->pool = pool;
	return o;
}

void
out_clear(struct out *o)
{
	o->len = 0;
	o->comma = false;
}

static void
grow(struct out *o, size_t n)
{
	size_t size = o->size < 1024 ? 1024 : o->size;
	char *buf;

	while (size - o->len <= n)
		size *= 2;
	buf = pool_alloc(o->pool, size);
	if (o->len > 0)
		memcpy(buf, o->buf, o->len);
	o->buf = buf;
	o->size = size;
}

void
out_put(struct out *o, const char *s, size_t n)
{
	if (o->size - o->len <= n)
		grow(o, n);
	memcpy(o->buf + o->len, s, n);
	o->len += n;
}

void
out_printf(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (o->size - o->len <= (size_t)n)
		grow(o, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(o->buf + o->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	o->len += (size_t)n;
}

static void
put_text(struct out *o, const char *s)
{
	out_put(o, "\"", 1);
	for (const char *from = s;; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		out_put(o, from, (size_t)(s - from));
		if (c == '\0')
			break;
		out_printf(o, "\\u%04x", c);
		from = s + 1;
	}
	out_put(o, "\"", 1);
}

static void
element(struct out *o, const char *key)
{
	if (o->comma)
		out_put(o, ",", 1);
	if (key != NULL) {
		put_text(o, key);
		out_put(o, ":", 1);
	}
	o->comma = true;
}

void
out_open(struct out *o, const char *key, char bracket)
{
	element(o, key);
	out_put(o, &bracket, 1);
	o->comma = false;
}

void
out_close(struct out *o, char bracket)
{
	out_put(o, &bracket, 1);
	o->comma = true;
}

void
out_raw(struct out *o, const char *key, const char *json)
{
	element(o, key);
	out_put(o, json, strlen(json));
}

void
out_text(struct out *o, const char *key, const char *s)
{
	if (s == NULL) {
		out_raw(o, key, "null");
		return;
	}
	element(o, key);
	put_text(o, s);
}

void
out_int(struct out *o, const char *key, int64_t i)
{
	element(o, key);
	out_printf(o, "%" PRId64, i);
}

void
out_bool(struct out *o, const char *key, bool b)
{
	out_raw(o, key, b ? "true" : "false");
}

void
out_time(struct out *o, const char *key, int64_t at)
{
	out_text(o, key, clock_rfc3339(o->pool, at));
}

const char *
out_body(const struct out *o, size_t *len)
{
	*len = o->len;
	if (o->buf != NULL)
		o->buf[o->len] = '\0';
	return o->buf;
}
