/*
 * pool: memory that lives as long as one request.
 *
 * Nothing allocated from a pool is ever freed by its user.  Whatever a
 * function that takes a pool returns lives in it, unless its header says
 * otherwise; what comes with a struct db lives in db_pool().  Allocation
 * does not fail: a program that runs out of memory logs and exits, and its
 * supervisor starts another.  Foreign objects are tied to a pool where they
 * are made, by pool_defer().
 */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

struct pool;

struct pool	*pool_new(void);
void		 pool_free(struct pool *);
/* Makes the deferred calls, the newest first, and takes all memory back. */
void		 pool_reset(struct pool *);
void		*pool_alloc(struct pool *, size_t);	/* zeroed, aligned */
char		*pool_strdup(struct pool *, const char *);
char		*pool_strndup(struct pool *, const char *, size_t);
char		*pool_printf(struct pool *, const char *, ...)
		    __attribute__((format(printf, 2, 3)));
/* The call is made when the pool is reset or freed. */
void		 pool_defer(struct pool *, void (*)(void *), void *);

#endif
