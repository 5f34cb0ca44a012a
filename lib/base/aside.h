/*
 * aside: a long computation that leaves the machine to everybody else.
 *
 * It runs when the processors have nothing else to do (SCHED_IDLE).  Without a
 * right that no program of Tabel has, a thread cannot come back from there
 * (sched(7)); so on a machine that is too busy for an answer within
 * ASIDE_PATIENCE the same is computed once more at nice 10, and the first to
 * end counts: a busy machine delays it, but never stops it.
 */
#ifndef ASIDE_H
#define ASIDE_H

#include <stddef.h>

enum { ASIDE_PATIENCE = 500 };	/* milliseconds */

/*
 * Returns when compute has made its result of the size bytes at work, which it
 * gets as a copy: they have no pointers into themselves, compute changes
 * nothing else, and no copy of them remains.  For one thread at a time.
 */
void		 aside_run(void (*compute)(void *), void *work, size_t size);

#endif
