#include "base/clock.h"

#include <ctype.h>
#include <stddef.h>
#include <time.h>

#include "base/pool.h"

/* What can be written again in UTC: the years 1 to 9999. */
static const int64_t FIRST = -62135596800, LAST = 253402300799;

static int64_t
clock_read(clockid_t id, int64_t per_second)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * per_second +
	    t.tv_nsec / (1000000000 / per_second);
}

int64_t
clock_now(void)
{
	return clock_read(CLOCK_REALTIME, 1);
}

int64_t
clock_now_ms(void)
{
	return clock_read(CLOCK_REALTIME, 1000);
}

int64_t
clock_monotonic_us(void)
{
	return clock_read(CLOCK_MONOTONIC, 1000000);
}

char *
clock_rfc3339(struct pool *p, int64_t at)
{
	time_t t = (time_t)at;
	struct tm tm = { 0 };

	gmtime_r(&t, &tm);
	return pool_printf(p, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}

/* Exactly n digits, of a number at most most. */
static bool
digits(const char **s, int n, int most, int *v)
{
	for (*v = 0; n > 0; n--, (*s)++) {
		if (!isdigit((unsigned char)**s))
			return false;
		*v = *v * 10 + (**s - '0');
	}
	return *v <= most;
}

static bool
one_of(const char **s, char upper, char lower)
{
	if (**s != upper && **s != lower)
		return false;
	(*s)++;
	return true;
}

static bool
date_time(const char **s, struct tm *tm)
{
	struct tm given;

	if (!digits(s, 4, 9999, &tm->tm_year) || !one_of(s, '-', '-') ||
	    !digits(s, 2, 12, &tm->tm_mon) || !one_of(s, '-', '-') ||
	    !digits(s, 2, 31, &tm->tm_mday) || !one_of(s, 'T', 't') ||
	    !digits(s, 2, 23, &tm->tm_hour) || !one_of(s, ':', ':') ||
	    !digits(s, 2, 59, &tm->tm_min) || !one_of(s, ':', ':') ||
	    !digits(s, 2, 59, &tm->tm_sec) || tm->tm_year == 0)
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	given = *tm;
	/* timegm() turns 31 February into a day of March. */
	timegm(tm);
	return tm->tm_mon == given.tm_mon && tm->tm_mday == given.tm_mday;
}

/* What is written after the time: Z, or how far it is ahead of UTC. */
static bool
zone(const char **s, int64_t *seconds)
{
	int hours, minutes, sign = **s == '-' ? -1 : 1;

	*seconds = 0;
	if (one_of(s, 'Z', 'z'))
		return true;
	if (!one_of(s, '+', '-') || !digits(s, 2, 23, &hours) ||
	    !one_of(s, ':', ':') || !digits(s, 2, 59, &minutes))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool
clock_parse(const char *s, int64_t *at)
{
	struct tm tm = { 0 };
	int64_t utc, offset;

	if (!date_time(&s, &tm))
		return false;
	if (*s == '.') {
		if (!isdigit((unsigned char)*++s))
			return false;
		while (isdigit((unsigned char)*s))
			s++;
	}
	utc = (int64_t)timegm(&tm);
	if (!zone(&s, &offset) || *s != '\0' || utc - offset < FIRST ||
	    utc - offset > LAST)
		return false;
	*at = utc - offset;
	return true;
}
