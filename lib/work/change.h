/*
 * change: entering and voiding facts by hand, and what that does to the
 * hours (WORKTIME W10).
 *
 * A fact is never overwritten: what is wrong is voided, what is right is
 * added.  The effect is not foretold but measured: the change is made, and
 * taken back where only its effect is asked for.  The caller has begun a
 * transaction.
 */
#ifndef CHANGE_H
#define CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "data/db.h"
#include "work/pairing.h"

struct change {
	int64_t		 employee;
	int64_t		 voids;		/* event, or DB_NULL ... */
	int64_t		 correction;	/* ... and by which correction */
	int64_t		 at;		/* what is added; 0: nothing */
	enum kind	 kind;
	int64_t		 until;		/* of an in: its out too; or 0 */
	const char	*source;	/* manual, correction */
	const char	*reason;
	int64_t		 made_by;
	int64_t		 now;
	bool		 confirm;	/* hours may be lost, ins or outs
					   may be missing */
	bool		 confirm_long;	/* an interval beyond the limit, of
					   up to 36 hours, is right */
};

struct change_effect {
	int64_t		 made;		/* event; 0: none was added */
	bool		 there;		/* it had been there (W3, W5) */
	int64_t		 lost_seconds;
	int32_t		 missing;	/* new ones, in or out */
	bool		 ends_running;	/* the open interval is gone */
	int64_t		 long_seconds;	/* beyond the limit; else 0 */
	struct rows	 rows;		/* of the statement change_effect */
};

/* What the change would do. */
enum fault	change_preview(struct db *, const struct change *,
		    struct change_effect *);
/*
 * Make it.  CONFIRM_LOSS and CONFIRM_LONG say what has to be confirmed, and
 * *effect then is what it would do.
 */
enum fault	change_make(struct db *, const struct change *,
		    struct change_effect *);

#endif
