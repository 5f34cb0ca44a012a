/*
 * pooled: one pool for all tests of a group.
 *
 *	return cmocka_run_group_tests_name("x", tests, make_pool, free_pool);
 */
#ifndef POOLED_H
#define POOLED_H

#include "unit.h"

#include "base/pool.h"

static struct pool *pool;

static int
make_pool(void **state)
{
	(void)state;
	pool = pool_new();
	return 0;
}

static int
free_pool(void **state)
{
	(void)state;
	pool_free(pool);
	return 0;
}

#endif
