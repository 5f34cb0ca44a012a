/*
 * aside: a long computation that leaves the machine to everybody else.
 *
 * A child computes when the processors have nothing else to do (SCHED_IDLE).
 * It has a session of its own: where the kernel shares time out among sessions
 * first (autogroup, sched(7)), how nice a thread is means nothing to others.
 * From there nobody comes back without a right that no program of Tabel has;
 * so on a machine too busy for an answer within ASIDE_PATIENCE a second child
 * computes the same at nice 10, and the first to end counts: a busy machine
 * delays it, but never stops it.
 */
#ifndef ASIDE_H
#define ASIDE_H

#include <stddef.h>

enum { ASIDE_PATIENCE = 500 };	/* milliseconds */

/*
 * Returns when compute has made its result of the size bytes at work, and
 * nothing else; no copy of them remains, nor a child.  Where none can be
 * started, or it is killed, the caller computes.
 */
void		 aside_run(void (*compute)(void *), void *work, size_t size);

#endif
