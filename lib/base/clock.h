/*
 * clock: the time, and its two texts.
 *
 * Instants are unix seconds in UTC, whole (WORKTIME W1: cut, not rounded),
 * and lengths are seconds, here and in every header that says nothing else;
 * 0 stands for no instant where there may be none.
 * Local days are the database's business (local_day() in SQL).
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct pool;

int64_t		 clock_now(void);		/* unix seconds */
int64_t		 clock_now_ms(void);		/* unix milliseconds */
int64_t		 clock_monotonic_us(void);	/* for durations */
/* "2026-11-21T05:58:00Z" */
char		*clock_rfc3339(struct pool *, int64_t);

/*
 * Read "2026-11-21T05:58:00Z", or with fraction (cut), or with an offset
 * instead of Z (RFC 3339), of the years 1 to 9999 in UTC.  False if it is no
 * such instant, and then nothing is set; there is no leap second.
 */
bool		 clock_parse(const char *, int64_t *);

#endif
