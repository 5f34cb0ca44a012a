/*
 * closed: what is to become of the days of a closed month that come out
 * otherwise than they did.
 *
 * A change that moves them is refused.  Who changed nothing there keeps them
 * as they were signed, whatever is known better now.
 */
#ifndef CLOSED_H
#define CLOSED_H

enum closed { CLOSED_REFUSED, CLOSED_KEPT };

#endif
