#include "web/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/pool.h"
#include "base/utf8.h"

enum { PAIRS_MAX = 32 };

static int
digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *p = c ? strchr(digits, c) : NULL;

	return p == NULL ? -1 : (int)(p - digits) - (p - digits > 15 ? 6 : 0);
}

static const char *
decode(struct pool *pool, const char *s, size_t n)
{
	char *out = pool_alloc(pool, n + 1), *o = out;

	for (size_t i = 0; i < n; i++) {
		int high, low;

		if (s[i] != '%') {
			*o++ = s[i] == '+' ? ' ' : s[i];
			continue;
		}
		if (n - i < 3 || (high = digit(s[i + 1])) < 0 ||
		    (low = digit(s[i + 2])) < 0 || high + low == 0)
			return NULL;
		*o++ = (char)(high * 16 + low);
		i += 2;
	}
	return utf8_valid(out, (size_t)(o - out)) ? out : NULL;
}

static bool
add(struct pool *pool, struct query_pair *pairs, const char *s, size_t n)
{
	const char *eq = memchr(s, '=', n);
	size_t name = eq ? (size_t)(eq - s) : n;
	struct query_pair *q = pairs;

	while (q->name != NULL)
		q++;
	if (q == pairs + PAIRS_MAX)
		return false;
	q->name = decode(pool, s, name);
	q->value = eq ? decode(pool, eq + 1, n - name - 1) : "";
	if (q->name == NULL || q->value == NULL)
		return false;
	while (pairs < q)
		if (strcmp(pairs++->name, q->name) == 0)
			return false;
	return true;
}

struct query_pair *
query_parse(struct pool *pool, const char *s)
{
	struct query_pair *pairs = pool_alloc(pool,
	    sizeof(*pairs) * (PAIRS_MAX + 1));

	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, "&");

		if (n > 0 && !add(pool, pairs, s, n))
			return NULL;
		s += n + (s[n] == '&');
	}
	return pairs;
}

const char *
query_get(const struct query_pair *q, const char *name)
{
	for (; q != NULL && q->name != NULL; q++)
		if (strcmp(q->name, name) == 0)
			return q->value;
	return NULL;
}
