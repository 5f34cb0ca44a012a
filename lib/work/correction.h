/*
 * correction: a request to change somebody's events, and its decision (T6).
 *
 * One asks, another decides.  Pages and the bot come through here; the
 * caller has begun a transaction.  State moves by compare-and-swap, so that
 * of two who decide at once one wins.
 */
#ifndef CORRECTION_H
#define CORRECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "work/change.h"

struct correction {
	int64_t		 employee;
	const char	*action;	/* add, void, change */
	int64_t		 event;		/* void, change; else DB_NULL */
	int64_t		 at;		/* add, change; else 0 */
	enum kind	 kind;		/* add; of a change NONE is as it was */
	const char	*reason;
	int64_t		 asked_by;	/* person */
	int64_t		 now;
	/* After BAD_FIELD: which, and why. */
	const char	*field, *wrong;
};

/*
 * Ask: *id is the request, which waits.  Those in charge of the branch are
 * told if its notices are on.  NOT_FOUND without such an employee, BAD_FIELD,
 * EVENT_VOIDED, CORRECTION_PENDING.
 */
enum fault	correction_ask(struct db *, struct correction *, int64_t *id);

/* Take one's own request back.  NOT_FOUND, CORRECTION_DECIDED. */
enum fault	correction_withdraw(struct db *, int64_t id, int64_t person,
		    int64_t now);

struct decision {
	int64_t		 id;		/* of the correction */
	bool		 approve;
	int64_t		 at;		/* in place of the time that was asked
					   for; 0: that one */
	const char	*reason;	/* may be NULL to approve */
	bool		 confirm, confirm_long;	/* see change.h */
	int64_t		 decided_by;	/* person ... */
	const char	*branches;	/* ... in charge of "{1,2}", or all */
	int64_t		 now;
	const char	*wrong;		/* after BAD_FIELD: why not then */
};

/* What approving it would do; whether the caller may ask is his business. */
enum fault	correction_effect(struct db *, struct decision *,
		    struct change_effect *);

/*
 * Approve or reject; those concerned are told.  What was asked for stays as
 * it was.  NOT_FOUND, OTHER_BRANCH, CORRECTION_OWN, CORRECTION_DECIDED,
 * BAD_FIELD, and what change_make() says.
 */
enum fault	correction_decide(struct db *, struct decision *,
		    struct change_effect *);

/*
 * Was he employed then?  An instant of the past, from the day he was hired
 * until the day after he left.  *why is a sentence if not.
 */
enum fault	correction_in_time(struct db *, int64_t employee, int64_t at,
		    int64_t now, const char **why);

#endif
