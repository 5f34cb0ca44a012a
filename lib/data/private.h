/*
 * What db.c, copy.c and rows.c share: libpq's types, seen by them alone.
 */
#ifndef DATA_PRIVATE_H
#define DATA_PRIVATE_H

#include <libpq-fe.h>

#include "data/db.h"

struct pool;

/* copy.c: the statement of db_csv(), with its arguments in it. */
const char	*copy_statement(struct pool *, PGconn *, const struct query *,
		    const char *const *args);

static inline const PGresult *
pg(const struct rows *rows)
{
	return (const PGresult *)rows->res;
}

#endif
