#include "base/charset.h"

#include <iconv.h>
#include <string.h>

#include "base/log.h"
#include "base/pool.h"
#include "base/utf8.h"

/* Two bytes of Windows-1251 or UTF-16 are at most three of UTF-8 each. */
enum { GROWTH = 3 };

static const char *
convert(struct pool *pool, const char *s, size_t *n, const char *charset)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	size_t room = GROWTH * *n, left = *n, rest = room, failed;
	char *text = pool_alloc(pool, room + 1), *to = text;
	char *from = pool_strndup(pool, s, *n);

	if (cd == (iconv_t)-1)
		log_die("iconv knows no %s", charset);
	failed = iconv(cd, &from, &left, &to, &rest);
	iconv_close(cd);
	if (failed == (size_t)-1 || left != 0)
		return NULL;
	*n = room - rest;
	return text;
}

static bool
begins(const char *s, size_t n, const char *mark)
{
	return n >= strlen(mark) && strncmp(s, mark, strlen(mark)) == 0;
}

static const char *
read_as(struct pool *pool, const char *s, size_t *n, const char **charset)
{
	if (begins(s, *n, "\xef\xbb\xbf")) {
		s += 3;
		*n -= 3;
	} else if (begins(s, *n, "\xff\xfe") || begins(s, *n, "\xfe\xff")) {
		*charset = "UTF-16";
		return convert(pool, s, n, *charset);
	}
	*charset = "UTF-8";
	if (utf8_valid(s, *n))
		return s;
	*charset = "WINDOWS-1251";
	return convert(pool, s, n, *charset);
}

const char *
charset_utf8(struct pool *pool, const char *s, size_t *n, const char **charset)
{
	const char *text = read_as(pool, s, n, charset);

	return text != NULL && memchr(text, '\0', *n) == NULL ? text : NULL;
}
