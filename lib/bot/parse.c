#include "bot/parse.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/json_check.h"
#include "base/pool.h"
#include "base/utf8.h"

enum { PART_MAX = 100, REASON_MAX = 500 /* characters */ };
enum { NUMBER_MAX = 400, EXPONENT_MAX = 3 /* digits */ };

/* PostgreSQL keeps numbers exactly, and has a limit; Telegram has far less. */
static bool
numbers_fit(const char *s)
{
	bool in_text = false;
	size_t n = 0;

	for (; *s != '\0'; s++) {
		if (in_text && *s == '\\') {
			s++;
			continue;
		}
		if (*s == '"')
			in_text = !in_text;
		n = !in_text && strchr("0123456789+-.eE", *s) != NULL ? n + 1 :
									0;
		if (n > NUMBER_MAX)
			return false;
		if (n > 0 && (*s == 'e' || *s == 'E') &&
		    strspn(s + 1 + (s[1] == '+' || s[1] == '-'), "0123456789") >
			EXPONENT_MAX)
			return false;
	}
	return true;
}

const char *
parse_update(struct pool *pool, const char *s, size_t n)
{
	const char *why;
	char *text, *at;

	if (!json_check(pool, s, n, &why) || s[strspn(s, " \t\r\n")] != '{')
		return NULL;
	at = text = pool_strndup(pool, s, n);
	if (!numbers_fit(text))
		return NULL;
	while ((at = strchr(at, '\\')) != NULL) {
		if (strncmp(at, "\\u0000", 6) == 0)
			memcpy(at, "\\ufffd", 6);
		at += 2;
	}
	return text;
}

const char *
parse_command(struct pool *pool, const char *text, const char *username,
    bool *another)
{
	size_t len = strlen(username), n;
	const char *at;
	char *name;

	*another = false;
	if (*text != '/' || (n = strcspn(text + 1, " @\n")) == 0)
		return NULL;
	at = text + 1 + n;
	*another = *at == '@' &&
	    (strncasecmp(at + 1, username, len) != 0 ||
		strchr(" \n", at[1 + len]) == NULL);
	name = pool_strndup(pool, text + 1, n);
	for (char *s = name; *s != '\0'; s++)
		*s = (char)tolower((unsigned char)*s);
	return name;
}

/* Digits, as many as a number of ours can have; *s is behind them then. */
static bool
number(const char **s, int64_t *n)
{
	const char *from = *s;

	for (*n = 0; **s >= '0' && **s <= '9'; (*s)++) {
		if (*s - from == 18)
			return false;
		*n = *n * 10 + (**s - '0');
	}
	return *s > from;
}

static bool
next(const char **s, int64_t *n)
{
	return *(*s)++ == ':' && number(s, n);
}

bool
parse_id(const char *data, int64_t *id)
{
	const char *s = data + 1;

	return *data != '\0' && next(&s, id) && *s == '\0';
}

bool
parse_pair(const char *data, int64_t *id, int64_t *n)
{
	const char *s = data + 1;

	return *data != '\0' && next(&s, id) && next(&s, n) && *s == '\0';
}

bool
parse_triple(const char *data, int64_t *id, int64_t *n, int64_t *more)
{
	const char *s = data + 1;

	*more = 0;
	if (*data == '\0' || !next(&s, id) || !next(&s, n))
		return false;
	return *s == '\0' || (next(&s, more) && *s == '\0');
}

const char *
parse_reason(struct pool *pool, const char *text)
{
	char *line, *at;

	if (text == NULL || utf8_length(text) > REASON_MAX)
		return NULL;
	line = pool_strdup(pool, text);
	for (at = line; *at != '\0'; at++)
		if (*at == '\n')
			*at = ' ';
	return line;
}

bool
parse_clock(const char *text, int *minutes)
{
	const char *s = text + strspn(text, " ");
	int64_t hour, minute;

	if (!number(&s, &hour) || (*s != ':' && *s != '.') || s[1] < '0' ||
	    s[1] > '5')
		return false;
	text = ++s;
	if (!number(&s, &minute) || s - text != 2 || hour > 23 ||
	    s[strspn(s, " ")] != '\0')
		return false;
	*minutes = (int)(hour * 60 + minute);
	return true;
}

bool
parse_press(const char *data, struct press *p)
{
	const char *s = data + 1;

	p->page = 0;
	if (*data != 'r' || !next(&s, &p->id) || p->id == 0 || *s++ != ':' ||
	    (p->verb = *s) == '\0')
		return false;
	s++;
	if (!next(&s, &p->branch) || !next(&s, &p->position))
		return false;
	return *s == '\0' || (next(&s, &p->page) && *s == '\0');
}

/* Letters of any script; not what only looks like a message of ours. */
static bool
is_part(const char *s)
{
	if (utf8_length(s) > PART_MAX)
		return false;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f ||
		    strchr("@/<>{}=", *s) != NULL)
			return false;
	return true;
}

bool
parse_name(struct pool *pool, const char *text, struct parsed_name *name)
{
	const char *part[3] = { "", "", "" };
	size_t n = 0;

	while (n < 3 && *(text += strspn(text, " \t")) != '\0') {
		size_t len = n == 2 ? strlen(text) : strcspn(text, " \t");

		/* blanks at the end are none of the last part */
		while (
		    n == 2 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
			len--;
		part[n] = pool_strndup(pool, text, len);
		if (!is_part(part[n++]))
			return false;
		text += len;
	}
	*name = (struct parsed_name){ part[0], part[1], part[2] };
	return n >= 2;
}

const char *
parse_phone(struct pool *pool, const char *s)
{
	char *phone = pool_strdup(pool, s), *to = phone;

	if (*s == '+')
		*to++ = '+';
	for (; *s != '\0'; s++)
		if (*s >= '0' && *s <= '9')
			*to++ = *s;
	*to = '\0';
	return phone;
}

size_t
parse_units(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += (size_t)(((unsigned char)*s & 0xc0) != 0x80) +
		    (size_t)((unsigned char)*s >= 0xf0);
	return n;
}
