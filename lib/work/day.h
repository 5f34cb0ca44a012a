/*
 * day: what intervals and planned shifts come to, per day (WORKTIME W11 and
 * W14 to W18).  Pure: no clock, no database.  Instants are unix seconds,
 * lengths seconds, days numbers from 1970-01-01.
 *
 * Every figure can name what it is made of: day_figures() tells a callback
 * each part, with the number of its rule, and the parts of a figure add up
 * to it.
 */
#ifndef DAY_H
#define DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "work/plan.h"

struct span {
	int64_t		 from, to;
};

struct spans {
	const struct span *v;		/* in order, none touches another */
	size_t		 n;
};

enum worked_state { WORKED_CLOSED, WORKED_OPEN, WORKED_MISSING_OUT };

/* An interval; shift and day are found by day_attribute(). */
struct worked {
	int64_t		 id;
	enum worked_state state;
	int64_t		 in_at, out_at;		/* out_at of a closed one */
	int64_t		 limit_at;		/* of an open one */
	int32_t		 date;			/* local, of its in */
	const struct spans *nights;		/* of its zone */
	const struct shift *shift;		/* or NULL */
	int32_t		 day;
};

/* An out with nothing open: missing in. */
struct stray {
	int64_t		 id, at;
	int32_t		 date;
	int32_t		 since;			/* of days before it, none */
	int32_t		 day;
};

struct facts {
	struct plan	 plan;
	struct worked	*worked;		/* by in_at */
	size_t		 n_worked;
	struct stray	*strays;		/* by at */
	size_t		 n_strays;
	int64_t		 overtime_from;		/* W17: 15 minutes */
};

enum { DAY_SHIFTS = 16 };			/* of one day, at most */

struct figures {
	int32_t		 shifts;
	int64_t		 planned, worked, pause, late, early, night, overtime;
	int32_t		 missing_out, missing_in, intervals;
	int64_t		 open_until;		/* 0: nothing is open */
	/* When each shift that nobody came to becomes unexplained (W18). */
	int64_t		 unexplained[DAY_SHIFTS];
	int32_t		 n_unexplained;
};

struct reason {
	const char	*figure;		/* "worked" */
	const char	*rule;			/* "W14" */
	int64_t		 from, to;		/* 0: of the whole day */
	int64_t		 seconds;		/* what it adds */
};
typedef void day_why(const struct reason *, void *);

/* Which shift and which day everything belongs to (W11). */
void		 day_attribute(struct facts *);
/* The figures of a day; why may be NULL. */
void		 day_figures(const struct facts *, int32_t day,
		    struct figures *, day_why *why, void *);

/* How late the interval that begins then is the first of a shift (W15). */
int64_t		 day_late(const struct facts *, int64_t in_at);

/* W18: where a shift stands at an instant. */
enum presence { PRESENCE_CAME, PRESENCE_EXPECTED, PRESENCE_NOT_HERE,
    PRESENCE_UNEXPLAINED };
enum presence	 day_presence(const struct facts *, const struct shift *,
		    int64_t now);
const char	*presence_name(enum presence);

#endif
