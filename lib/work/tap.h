/*
 * tap: cards and their taps, on the way to becoming events (T4, W3, W4).
 *
 * A tap is kept in the table of that name, whatever becomes of it; what it
 * means is worked out with all other facts of its employee (event.h).
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "data/db.h"

struct pool;

enum {
	TAP_BACK = 18 * 3600,		/* W4, inclusive */
	TAP_AHEAD = 10 * 60,
	TAP_LIVE = 60			/* so near to now, it was sent live */
};

/* A card's number in its one form, or NULL if it is none: 4 to 10 bytes in
   hex, in either case, with blanks, colons or dashes between them. */
const char	*tap_uid(struct pool *, const char *);
/* Is that device time to be believed (W4)? */
enum fault	 tap_time(int64_t at, int64_t now);

/*
 * Accepted taps, rows with id, employee and at in the order of employee and
 * at, become events where they mean something new.  One at which the database
 * takes offence is refused for that reason, and the others count.
 */
enum fault	 tap_count(struct db *, const struct rows *, int64_t now);
/* What became of them. */
struct tap_made {
	int64_t		 taps, events, refused;
};
enum fault	 tap_made(struct db *, const struct rows *, struct tap_made *);

/* Before a card is given to somebody, and before he is locked. */
enum fault	 tap_hold(struct db *);
/* The taps of an employee's card that nobody had are his, and count. */
enum fault	 tap_adopt(struct db *, int64_t employee, int64_t now,
		    struct tap_made *);

#endif
