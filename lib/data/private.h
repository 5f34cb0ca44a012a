/*
 * What db.c, rows.c and args.c share: libpq's types, seen by them alone.
 */
#ifndef DATA_PRIVATE_H
#define DATA_PRIVATE_H

#include <libpq-fe.h>

static inline const PGresult *
pg(const struct rows *rows)
{
	return (const PGresult *)rows->res;
}

#endif
