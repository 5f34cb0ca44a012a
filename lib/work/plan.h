/*
 * plan: planned shifts as instants, and which of them an instant is of
 * (WORKTIME W6, W8, W11).  Wall-clock times become instants in the database
 * (planned_shifts(), W12).  Pure: no clock, no database.
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PLAN_BEFORE = 4 * 3600,		/* W11: so long before its start */
	PLAN_EXTRA = 4 * 3600,		/* W6: beyond the planned length */
	PLAN_OVER = 4 * 3600,		/* W8: its end passed so long ago */
	PLAN_NEAR = 2 * 3600		/* W8: a start or an end is near */
};

struct shift {
	int32_t		 day;		/* days since 1970-01-01 */
	int64_t		 start, end;	/* unix seconds */
	int32_t		 grace;		/* W15, seconds */
	int32_t		 break_after, break_length; /* W14, seconds; 0: none */
};

struct plan {
	const struct shift *shifts;	/* by start */
	size_t		 n;
};

/* All take NULL for no plan. */

/* The shift that an interval which begins then belongs to, or NULL (W11). */
const struct shift *plan_shift(const struct plan *, int64_t at);
/* The longest interval that may begin then, given that of the branch (W6). */
int64_t		 plan_limit(const struct plan *, int64_t at, int64_t limit);
/* Is a planned start within PLAN_NEAR, on either side? */
bool		 plan_starts(const struct plan *, int64_t at);
/* Is it rather the end of a shift than the start of one (W8)? */
bool		 plan_ends(const struct plan *, int64_t at);

#endif
