#include "web/csv.h"

#include <string.h>

static void
flush(struct csv *c)
{
	if (c->len > 0 && !c->failed)
		c->failed = !c->sink(c->arg, c->buf, c->len);
	c->len = 0;
}

static void
put(struct csv *c, const char *s, size_t n)
{
	while (n > sizeof(c->buf) - c->len) {
		size_t room = sizeof(c->buf) - c->len;

		memcpy(c->buf + c->len, s, room);
		c->len += room;
		flush(c);
		s += room;
		n -= room;
	}
	memcpy(c->buf + c->len, s, n);
	c->len += n;
}

void
csv_open(struct csv *c, csv_sink *sink, void *arg, bool bom)
{
	c->sink = sink;
	c->arg = arg;
	c->failed = c->inside = false;
	c->len = 0;
	if (bom)
		put(c, "\xef\xbb\xbf", 3);
}

void
csv_plain(struct csv *c, const char *s, size_t n)
{
	if (c->inside)
		put(c, ",", 1);
	c->inside = true;
	if (n > 0)
		put(c, s, n);
}

static void
quoted(struct csv *c, const char *s, bool guard)
{
	size_t n;

	csv_plain(c, "\"'", guard ? 2 : 1);
	for (; *s != '\0'; s += n) {
		n = strcspn(s, "\"");
		put(c, s, n);
		if (s[n] == '"') {
			put(c, "\"\"", 2);
			n++;
		}
	}
	put(c, "\"", 1);
}

void
csv_text(struct csv *c, const char *s)
{
	bool guard;
	size_t n;

	if (s == NULL)
		s = "";
	guard = *s != '\0' && strchr("=+-@\t\r\n", *s) != NULL;
	n = strcspn(s, "\",;\r\n");
	if (guard || s[n] != '\0')
		quoted(c, s, guard);
	else
		csv_plain(c, s, n);
}

bool
csv_row(struct csv *c)
{
	put(c, "\r\n", 2);
	c->inside = false;
	return !c->failed;
}

bool
csv_close(struct csv *c)
{
	flush(c);
	return !c->failed;
}
