#include "base/json_check.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/utf8.h"

/* A member's name, decoded: two in one object must differ. */
struct name {
	size_t object; /* where it begins */
	const char *text;
	size_t len, at;
};

struct walk {
	struct pool *pool;
	const char *start, *s, *end;
	int depth;
	struct name *names;
	size_t n_names, room;
	const char *why;
};

static bool value(struct walk *);

static bool
no(struct walk *w, const char *at, const char *what)
{
	if (w->why == NULL)
		w->why = pool_printf(w->pool, "%s at byte %zu.", what,
		    (size_t)(at - w->start) + 1);
	return false;
}

/* The byte ahead, or -1 at the end. */
static int
peek(const struct walk *w)
{
	return w->s < w->end ? (unsigned char)*w->s : -1;
}

static bool
take(struct walk *w, char c)
{
	if (peek(w) != c)
		return false;
	w->s++;
	return true;
}

static void
blanks(struct walk *w)
{
	while (take(w, ' ') || take(w, '\t') || take(w, '\n') || take(w, '\r'))
		;
}

static bool
word(struct walk *w, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(w->end - w->s) < n || memcmp(w->s, text, n) != 0)
		return no(w, w->s, "Not a value");
	w->s += n;
	return true;
}

static bool
digits(struct walk *w)
{
	const char *first = w->s;

	while (peek(w) >= '0' && peek(w) <= '9')
		w->s++;
	return w->s > first || no(w, w->s, "A digit is missing");
}

static bool
number(struct walk *w)
{
	take(w, '-');
	if (take(w, '0')) {
		if (peek(w) >= '0' && peek(w) <= '9')
			return no(w, w->s, "A number begins with zero");
	} else if (!digits(w)) {
		return false;
	}
	if (take(w, '.') && !digits(w))
		return false;
	if (take(w, 'e') || take(w, 'E')) {
		if (!take(w, '+'))
			take(w, '-');
		return digits(w);
	}
	return true;
}

static bool
hex4(struct walk *w, uint32_t *v)
{
	*v = 0;
	for (int i = 0; i < 4; i++, w->s++) {
		int c = peek(w);

		if (c >= '0' && c <= '9')
			c -= '0';
		else if (c >= 'a' && c <= 'f')
			c -= 'a' - 10;
		else if (c >= 'A' && c <= 'F')
			c -= 'A' - 10;
		else
			return no(w, w->s,
			    "Four hexadecimal digits must follow \\u");
		*v = *v << 4 | (uint32_t)c;
	}
	return true;
}

/*
 * After the backslash.  Half of a surrogate pair is no character, so a text
 * with one is refused although the grammar has it.
 */
static bool
escape(struct walk *w, uint32_t *v)
{
	static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *at = w->s, *letter;
	uint32_t low;

	if (take(w, 'u')) {
		if (!hex4(w, v))
			return false;
		if (*v < 0xd800 || *v > 0xdfff)
			return true;
		if (*v > 0xdbff || !take(w, '\\') || !take(w, 'u') ||
		    !hex4(w, &low) || low < 0xdc00 || low > 0xdfff)
			return no(w, at, "Half a surrogate pair");
		*v = 0x10000 + ((*v - 0xd800) << 10) + (low - 0xdc00);
		return true;
	}
	if (peek(w) <= 0 || (letter = strchr(letters, peek(w))) == NULL)
		return no(w, at, "An unknown escape");
	*v = (unsigned char)means[letter - letters];
	w->s++;
	return true;
}

/* The string ahead; decoded into out, if that is not NULL. */
static bool
string(struct walk *w, char *out, size_t *len)
{
	const char *first = w->s, *begin = out;
	uint32_t v;
	size_t n;

	if (!take(w, '"'))
		return no(w, w->s, "A string is missing");
	while (!take(w, '"')) {
		if (w->s == w->end)
			return no(w, first, "A string does not end");
		v = (unsigned char)*w->s;
		if (v < ' ')
			return no(w, w->s, "A control character in a string");
		if (take(w, '\\')) {
			if (!escape(w, &v))
				return false;
			if (out != NULL)
				out += utf8_put(out, v);
			continue;
		}
		n = utf8_sequence(w->s, (size_t)(w->end - w->s));
		if (n == 0)
			return no(w, w->s, "Not UTF-8");
		if (out != NULL)
			out = (char *)memcpy(out, w->s, n) + n;
		w->s += n;
	}
	if (out != NULL)
		*len = (size_t)(out - begin);
	return true;
}

static bool
name(struct walk *w, size_t object)
{
	const char *at = w->s;
	struct walk ahead = *w;
	struct name *more;
	char *text;
	size_t len = 0;

	/* Once for its length: decoding never makes a string longer. */
	if (!string(&ahead, NULL, NULL)) {
		w->why = ahead.why;
		return false;
	}
	text = pool_alloc(w->pool, (size_t)(ahead.s - at));
	string(w, text, &len);
	if (memchr(text, '\0', len) != NULL)
		return no(w, at, "A NUL in a name");
	if (w->n_names == w->room) {
		w->room = w->room == 0 ? 16 : 2 * w->room;
		more = pool_alloc(w->pool, w->room * sizeof(*more));
		if (w->n_names > 0)
			memcpy(more, w->names, w->n_names * sizeof(*more));
		w->names = more;
	}
	w->names[w->n_names++] = (struct name){ object, text, len,
		(size_t)(at - w->start) };
	return true;
}

static bool
object(struct walk *w)
{
	size_t here = (size_t)(w->s - w->start);

	w->s++;
	blanks(w);
	if (take(w, '}'))
		return true;
	do {
		blanks(w);
		if (!name(w, here))
			return false;
		blanks(w);
		if (!take(w, ':'))
			return no(w, w->s, "A colon is missing");
		if (!value(w))
			return false;
	} while (take(w, ','));
	return take(w, '}') || no(w, w->s, "A comma or } is missing");
}

static bool
array(struct walk *w)
{
	w->s++;
	blanks(w);
	if (take(w, ']'))
		return true;
	do
		if (!value(w))
			return false;
	while (take(w, ','));
	return take(w, ']') || no(w, w->s, "A comma or ] is missing");
}

/* A value with the blanks around it. */
static bool
value(struct walk *w)
{
	bool ok;

	blanks(w);
	switch (peek(w)) {
	case '{':
	case '[':
		if (++w->depth > JSON_DEPTH)
			return no(w, w->s, "Nested too deeply");
		ok = *w->s == '{' ? object(w) : array(w);
		w->depth--;
		break;
	case '"':
		ok = string(w, NULL, NULL);
		break;
	case 't':
		ok = word(w, "true");
		break;
	case 'f':
		ok = word(w, "false");
		break;
	case 'n':
		ok = word(w, "null");
		break;
	case -1:
		return no(w, w->s, "A value is missing");
	default:
		ok = number(w);
	}
	blanks(w);
	return ok;
}

static int
by_object_and_text(const void *one, const void *two)
{
	const struct name *a = one, *b = two;
	int c;

	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	if ((c = memcmp(a->text, b->text, a->len)) != 0)
		return c;
	return a->at < b->at ? -1 : a->at > b->at;
}

static bool
all_differ(struct walk *w)
{
	if (w->n_names < 2)
		return true;
	qsort(w->names, w->n_names, sizeof(*w->names), by_object_and_text);
	for (size_t i = 1; i < w->n_names; i++) {
		const struct name *a = &w->names[i - 1], *b = a + 1;

		if (a->object == b->object && a->len == b->len &&
		    memcmp(a->text, b->text, a->len) == 0)
			return no(w, w->start + b->at,
			    "A member occurs twice in one object,");
	}
	return true;
}

bool
json_check(struct pool *p, const char *text, size_t n, const char **why)
{
	struct walk w = { .pool = p,
		.start = text,
		.s = text,
		.end = text + n };
	bool ok;

	ok = n < INT_MAX ? value(&w) : no(&w, text, "Too long");
	if (ok && w.s < w.end)
		ok = no(&w, w.s, "Something follows the value");
	if (ok)
		ok = all_differ(&w);
	if (!ok)
		*why = w.why;
	return ok;
}
