#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/utf8.h"

/*
 * A line is one write() of at most PIPE_BUF bytes, so that the lines of
 * several processes on one pipe never mix.  What does not fit is cut.
 */
enum { LINE = 4096, END = 4, VALUE = 1024 };

static struct {
	const char *program;
	bool json;
	enum log_level least;
} log_to = { "tabel", false, LOG_INFO };

static const char *const level_names[] = { "debug", "info", "warn", "error" };

struct line {
	char text[LINE];
	size_t n;
};

enum log_level
log_level_of(const char *name)
{
	for (int i = LOG_DEBUG; i <= LOG_ERROR; i++)
		if (strcmp(level_names[i], name) == 0)
			return (enum log_level)i;
	return LOG_INFO;
}

void
log_open(const char *program, bool json, enum log_level least)
{
	log_to.program = program;
	log_to.json = json;
	log_to.least = least;
}

static bool
put(struct line *l, const char *s, size_t n)
{
	if (l->n + n > LINE - END)
		return false;
	memcpy(l->text + l->n, s, n);
	l->n += n;
	return true;
}

/*
 * One character of s, escaped, which is n bytes long.  Control characters
 * and what is no UTF-8 are shown by their numbers: a log is read on
 * terminals.  Returns the bytes taken, or 0 if there is no room.
 */
static size_t
put_escaped(struct line *l, const char *s, size_t n)
{
	size_t k = utf8_sequence(s, n);
	unsigned char c = (unsigned char)*s;
	char escape[8];

	if (k == 0)
		return put(l, "\\ufffd", 6) ? 1 : 0;
	if (k == 2 && c == 0xc2 && (unsigned char)s[1] < 0xa0) {
		c = (unsigned char)s[1];
	} else if (c == '"' || c == '\\') {
		escape[0] = '\\';
		escape[1] = (char)c;
		return put(l, escape, 2) ? 1 : 0;
	} else if (c >= ' ' && c != 0x7f) {
		return put(l, s, k) ? k : 0;
	}
	snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)c);
	return put(l, escape, 6) ? k : 0;
}

static bool
is_plain(const char *s)
{
	size_t n = strspn(s,
	    "0123456789abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-._~:/+@,%{}");

	return n > 0 && s[n] == '\0' && n <= VALUE;
}

static void
put_pair(struct line *l, const char *name, const char *value)
{
	size_t n = strlen(value), before = l->n, k;
	bool plain = !log_to.json && is_plain(value);
	char head[128];

	snprintf(head, sizeof(head),
	    log_to.json ? "%s\"%s\":\"" :
		plain   ? "%s%s=" :
			  "%s%s=\"",
	    before == 0     ? log_to.json ? "{" : "" :
		log_to.json ? "," :
			      " ",
	    name);
	if (!put(l, head, strlen(head))) {
		l->n = before;
		return;
	}
	if (n > VALUE)
		n = VALUE;
	for (; n > 0; value += k, n -= k)
		if ((k = put_escaped(l, value, n)) == 0)
			break;
	if (!plain)
		l->text[l->n++] = '"';
}

static void
line_begin(struct line *l, enum log_level level, const char *what)
{
	struct timespec now;
	struct tm tm;
	char time[40];
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(time + n, sizeof(time) - n, ".%03ldZ", now.tv_nsec / 1000000);

	l->n = 0;
	put_pair(l, "time", time);
	put_pair(l, "level", level_names[level]);
	put_pair(l, "program", log_to.program);
	put_pair(l, "msg", what);
}

static void
line_end(struct line *l)
{
	const char *at = l->text;
	ssize_t n;

	if (log_to.json)
		l->text[l->n++] = '}';
	l->text[l->n++] = '\n';
	for (; l->n > 0; at += n, l->n -= (size_t)n)
		if ((n = write(STDERR_FILENO, at, l->n)) <= 0)
			break;
}

void
log_line(enum log_level level, const char *what, ...)
{
	struct line l;
	const char *name, *value;
	va_list ap;

	if (level < log_to.least)
		return;
	line_begin(&l, level, what);
	va_start(ap, what);
	while ((name = va_arg(ap, const char *)) != NULL)
		if ((value = va_arg(ap, const char *)) != NULL)
			put_pair(&l, name, value);
	va_end(ap);
	line_end(&l);
}

__attribute__((format(printf, 2, 0))) static void
sentence(enum log_level level, const char *fmt, va_list ap)
{
	char text[VALUE + 1];

	/* libpq's own are lines, and end in one. */
	vsnprintf(text, sizeof(text), fmt, ap);
	for (size_t n = strlen(text); n > 0 && text[n - 1] == '\n'; n--)
		text[n - 1] = '\0';
	for (char *s = text; (s = strpbrk(s, "\n\t")) != NULL;)
		*s = ' ';
	log_line(level, text, NULL);
}

void
log_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence(LOG_ERROR, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence(LOG_WARN, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence(LOG_INFO, fmt, ap);
	va_end(ap);
}

void
log_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence(LOG_ERROR, fmt, ap);
	va_end(ap);
	exit(1);
}
