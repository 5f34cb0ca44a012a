#include "web/table.h"

#include <string.h>

#include "base/pool.h"

struct table {
	struct req *r;
	const char *type, *file_name, *head;
	bool begun, gone;
	size_t lines; /* of the database; the first is a header */
	size_t len;
	char buf[16 * 1024];
};

static struct table *
table_new(struct req *r, const char *type, const char *file_name,
    const char *head)
{
	struct table *t = pool_alloc(r->pool, sizeof(*t));

	t->r = r;
	t->type = type;
	t->file_name = file_name;
	t->head = head;
	return t;
}

struct table *
table_csv(struct req *r, bool bom, const char *file_name)
{
	return table_new(r, "text/csv; charset=utf-8; header=present",
	    file_name, bom ? "\xef\xbb\xbf" : "");
}

struct table *
table_json(struct req *r, const char *file_name, const char *head)
{
	return table_new(r, "application/json; charset=utf-8", file_name, head);
}

static void
flush(struct table *t)
{
	t->gone = t->gone || !stream_put(t->r, t->buf, t->len);
	t->len = 0;
}

static void
put(struct table *t, const char *s, size_t n)
{
	while (n > sizeof(t->buf) - t->len) {
		size_t room = sizeof(t->buf) - t->len;

		memcpy(t->buf + t->len, s, room);
		t->len += room;
		flush(t);
		s += room;
		n -= room;
	}
	memcpy(t->buf + t->len, s, n);
	t->len += n;
}

static void
begin(struct table *t)
{
	if (t->begun)
		return;
	t->begun = true;
	stream_begin(t->r, t->type, t->file_name);
	put(t, t->head, strlen(t->head));
}

void
table_put(struct table *t, const char *s, size_t n)
{
	begin(t);
	put(t, s, n);
}

void
table_text(struct table *t, const char *s)
{
	table_put(t, s, strlen(s));
}

bool
table_gone(const struct table *t)
{
	return t->gone;
}

/* RFC 4180 wants CRLF. */
bool
table_line(const char *line, size_t n, void *arg)
{
	struct table *t = arg;

	table_put(t, line, n - 1);
	put(t, "\r\n", 2);
	return !t->gone;
}

/* It is in quotes, and quotes in it are doubled. */
bool
table_item(const char *line, size_t n, void *arg)
{
	struct table *t = arg;

	begin(t);
	if (t->lines++ == 0)
		return true;
	if (t->lines > 2)
		put(t, ",", 1);
	for (size_t i = 1, from = 1; i < n; i++) {
		if (line[i] != '"')
			continue;
		put(t, line + from, i - from);
		if (++i == n || line[i] != '"')
			break;
		from = i;
	}
	return !t->gone;
}

enum fault
table_end(struct table *t, enum fault f)
{
	if (f == OK)
		flush(t);
	return f;
}

const char *
table_cell(struct pool *pool, const char *s, const char *end, const char **next)
{
	char *cell, *to;

	if (s >= end || *s != '"') {
		const char *comma = s < end ?
		    memchr(s, ',', (size_t)(end - s)) :
		    NULL;

		*next = comma != NULL ? comma + 1 : end;
		return NULL;
	}
	cell = to = pool_alloc(pool, (size_t)(end - s));
	for (s++; s < end; s++) {
		if (*s == '"' && (++s == end || *s != '"'))
			break;
		*to++ = *s;
	}
	*next = s < end ? s + 1 : end;
	return cell;
}
