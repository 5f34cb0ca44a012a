/*
 * charset: texts that people's programs wrote, as UTF-8 (the only <iconv.h>).
 */
#ifndef CHARSET_H
#define CHARSET_H

#include <stddef.h>

struct pool;

/*
 * The text of a file, given with a NUL behind it: UTF-8 with or without a
 * byte order mark, UTF-16 with one, otherwise what spreadsheets here write,
 * Windows-1251.  It is valid UTF-8, NUL-terminated, holds no NUL and begins
 * after the mark; *n is its length, *charset the name of what it was.  NULL
 * if it is none of these.
 */
const char	*charset_utf8(struct pool *, const char *, size_t *n,
		    const char **charset);

#endif
