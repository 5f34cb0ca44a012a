/*
 * events: what the parts of this program share.
 *
 * Each part has a route table of its own, ended by a row without a path.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdint.h>

#include "web/api.h"
#include "work/change.h"

extern const struct route card_routes[], claim_routes[], correction_routes[],
    manual_routes[], tap_routes[];

/* CONFIRM_LOSS and CONFIRM_LONG say what the change would do. */
enum fault	 change_refused(struct req *, enum fault,
		    const struct change_effect *);

#endif
