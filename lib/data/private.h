/*
 * What the files of this room share: libpq's types, seen by them alone.
 */
#ifndef DATA_PRIVATE_H
#define DATA_PRIVATE_H

#include <libpq-fe.h>

#include "data/db.h"

enum { PREPARED_MAX = 256 };

struct db {
	const char	*conninfo;
	PGconn		*conn;
	struct pool	*pool;
	bool		 in_tx;
	bool		 rested;	/* since the last statement */
	int		 n_prepared;
	const char	*detail;	/* of the last fault, or NULL */
	const struct query *prepared[PREPARED_MAX];
};

void		 db_disconnect(struct db *);
/* Its rows or its fault; the result lives as long as the pool. */
struct rows	 db_result(struct db *, PGresult *);

static inline const PGresult *
pg(const struct rows *rows)
{
	return (const PGresult *)rows->res;
}

#endif
