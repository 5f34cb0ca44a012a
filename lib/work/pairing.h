/*
 * pairing: facts become intervals (WORKTIME W2, W3, W5 to W9).
 *
 * A fold: pairing_step() takes the state before a fact and the fact, and
 * says what the fact means and does to the open interval.  The live tap and
 * the rebuild from all facts are the same steps.  Pure: no clock, no
 * database.  All lengths are elapsed seconds between instants.  The planned
 * shifts near the facts are part of the state.
 */
#ifndef PAIRING_H
#define PAIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "work/plan.h"

enum kind { KIND_NONE, KIND_IN, KIND_OUT };

enum {
	REPEAT_GIVEN = 60,		/* W3: same kind, inclusive */
	REPEAT_KINDLESS = 5 * 60	/* W3: kindless tap, inclusive */
};

struct fact {
	int64_t		 at;
	enum kind	 given;		/* KIND_NONE: to be worked out */
	int64_t		 limit;		/* W6: longest interval that this
					   fact may open without a plan */
	int64_t		 longest;	/* W10: confirmed length of the one
					   it begins or ends; 0: none */
	int64_t		 spell;		/* W7: how often he had left or come
					   back before */
	bool		 by_hand;	/* a correction, not a scan */
};

enum effect {
	EFFECT_OPENS,			/* an interval begins */
	EFFECT_CLOSES,			/* the open interval ends */
	EFFECT_REDUNDANT,		/* W5: an in while one is open */
	EFFECT_REPEAT,			/* W3: the last accepted one again */
	EFFECT_MISSING_IN		/* W9: an out with nothing open */
};

struct pairing {
	bool		 any;		/* is there a last accepted fact? */
	int64_t		 last_at;
	enum kind	 last_kind;	/* as meant */
	int64_t		 last_out;	/* W8; 0: none that is near */
	bool		 open;
	int64_t		 open_at, open_limit, open_spell;
	const struct plan *plan;	/* NULL: nothing is planned */
};

struct step {
	enum effect	 effect;
	enum kind	 kind;		/* as meant */
	bool		 missing_out;	/* W7: what was open is lost */
};

/* What a kindless or proposed scan of this spell would mean (W8). */
enum kind	 pairing_propose(const struct pairing *, int64_t at);
/*
 * Facts come in order of at.  What is redundant or a repeat changes nothing,
 * and is not the last accepted one.
 */
struct step	 pairing_step(struct pairing *, const struct fact *);
/*
 * All steps from the state before: facts in order of at, then as recorded;
 * in the same second the out comes first if something is open, else the in.
 * steps[i] is that of facts[i]; order[] says in which order they were taken.
 */
void		 pairing_fold(struct pairing *, const struct fact *facts,
		    size_t n, struct step *steps, size_t *order);

/* "in", "out", or NULL for KIND_NONE; and back. */
const char	*kind_name(enum kind);
enum kind	 kind_of(const char *);		/* NULL is KIND_NONE */
const char	*effect_name(enum effect);	/* "opens", "missing_in" */

#endif
