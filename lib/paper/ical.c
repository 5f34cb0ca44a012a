#include "paper/ical.h"

#include <string.h>

#include "base/clock.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/utf8.h"

enum { LINE = 75 }; /* octets, without the end of the line */

struct folded {
	struct out *out;
	size_t n; /* octets of the line so far */
};

static void
put(struct folded *l, const char *s, size_t n)
{
	if (l->n + n > LINE) {
		out_put(l->out, "\r\n ", 3);
		l->n = 1;
	}
	out_put(l->out, s, n);
	l->n += n;
}

/* What stands for a character of a text; NULL: nothing, it is as it is. */
static const char *
escape(char c)
{
	switch (c) {
	case '\\':
		return "\\\\";
	case ';':
		return "\\;";
	case ',':
		return "\\,";
	case '\n':
		return "\\n";
	default:
		return (unsigned char)c < 0x20 || c == 0x7f ? "" : NULL;
	}
}

static void
put_value(struct folded *l, const char *s, bool as_text)
{
	for (size_t n = strlen(s), k; n > 0; s += k, n -= k) {
		const char *as = as_text ? escape(*s) : NULL;

		k = utf8_sequence(s, n);
		k = k == 0 ? 1 : k;
		if (as == NULL)
			put(l, s, k);
		else if (*as != '\0')
			put(l, as, strlen(as));
	}
	out_put(l->out, "\r\n", 2);
}

static void
put_line(struct out *o, const char *name, const char *value, bool as_text)
{
	struct folded l = { o, 0 };

	put(&l, name, strlen(name));
	put(&l, ":", 1);
	put_value(&l, value, as_text);
}

void
ical_line(struct out *o, const char *name, const char *value)
{
	put_line(o, name, value, false);
}

void
ical_text(struct out *o, const char *name, const char *text)
{
	put_line(o, name, text, true);
}

char *
ical_time(struct pool *pool, int64_t at)
{
	char *text = clock_rfc3339(pool, at), *to = text;

	for (const char *s = text; *s != '\0'; s++)
		if (*s != '-' && *s != ':')
			*to++ = *s;
	*to = '\0';
	return text;
}
