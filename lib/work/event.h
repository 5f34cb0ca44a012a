/*
 * event: making a fact, and what it means, in one place.
 *
 * A QR claim, a card, a manual entry, a confirmed registration and the demo
 * data all come through here.  The caller has begun a transaction; an
 * employee's facts are made one at a time (a row lock that ends with it).
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "data/db.h"
#include "work/closed.h"
#include "work/pairing.h"

struct event_record {
	int64_t		 employee;
	enum kind	 given;		/* KIND_NONE: to be worked out (W2) */
	int64_t		 at;		/* unix seconds: the truth */
	int64_t		 recorded_at;
	int64_t		 branch;
	const char	*time_zone;	/* of the branch, as now */
	int64_t		 limit;		/* the branch's longest interval (W6) */
	const char	*source;	/* qr, nfc, manual, offline ... */
	const char	*flags;		/* "{place,other_branch}" */
	int64_t		 terminal, claim, made_by;	/* or DB_NULL */
	const char	*reason;	/* or NULL */
	int64_t		 longest;	/* W10: confirmed seconds of the
					   interval it makes, or 0 */
};

/*
 * Where an employee stands for a fact at that instant, after locking him.
 * newest_at is the instant of his last fact of any kind, 0 if there is none;
 * last and open are events.
 */
struct event_state {
	struct pairing	 pairing;
	int64_t		 last, open;
	int64_t		 newest_at;
};

enum fault	event_lock(struct db *, int64_t employee);
enum fault	event_state(struct db *, int64_t employee, int64_t at,
		    struct event_state *);

/*
 * Add a fact.  What somebody is told at once instead of a second event is in
 * *there: the event that is there already, and then *rows is it.  A repeat
 * (W3) added nothing, a redundant one (W5) is kept and changed nothing.
 * Otherwise *there is 0 and *rows is the new event.
 * PERIOD_CLOSED adds nothing and leaves the transaction as it was (W19).
 */
enum fault	event_record(struct db *, const struct event_record *,
		    int64_t *there, struct rows *rows);

/*
 * Make the derived rows of employees again, each from the first instant whose
 * facts are others now (W10), once, however many they are; until is the last
 * such instant.  A tap that means something new becomes an event.  In the
 * order of the employees' ids, all locked.
 */
struct event_since {
	int64_t		 employee, since, until;
};
enum fault	event_rebuild_since(struct db *, const struct event_since *,
		    size_t n, enum closed, int64_t now);

/* All derived rows of an employee, from all his facts. */
enum fault	event_rebuild(struct db *, int64_t employee, int64_t now);

/*
 * The same after his closed months, which stay as they were signed; from the
 * first *day after them, NULL if there are none.  day may be NULL.
 */
enum fault	event_rebuild_open(struct db *, int64_t employee, int64_t now,
		    const char **day);

/*
 * What follows from a change of the plan of these days (numbers from
 * 1970-01-01): facts that were paired by it are paired again.
 */
enum fault	event_replan(struct db *, int64_t employee, int32_t from,
		    int32_t to, int64_t now);

#endif
