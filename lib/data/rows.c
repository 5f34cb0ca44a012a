#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pool.h"
#include "data/db.h"
#include "data/private.h"

/* The built-in types that matter, by pg_type.oid. */
enum {
	BOOLOID = 16,
	INT8OID = 20,
	INT2OID = 21,
	INT4OID = 23,
	JSONOID = 114,
	FLOAT4OID = 700,
	FLOAT8OID = 701,
	TIMESTAMPTZOID = 1184,
	JSONBOID = 3802
};

static int
column(const struct rows *rows, const char *name)
{
	int i = PQfnumber(pg(rows), name);

	if (i < 0)
		log_die("db: no column %s", name);
	return i;
}

bool
row_null(const struct rows *rows, int row, const char *name)
{
	return PQgetisnull(pg(rows), row, column(rows, name));
}

const char *
row_text(const struct rows *rows, int row, const char *name)
{
	return row_value(rows, row, column(rows, name));
}

int64_t
row_int(const struct rows *rows, int row, const char *name)
{
	const char *s = row_text(rows, row, name);

	return s ? strtoll(s, NULL, 10) : 0;
}

double
row_double(const struct rows *rows, int row, const char *name)
{
	const char *s = row_text(rows, row, name);

	return s ? strtod(s, NULL) : 0;
}

bool
row_bool(const struct rows *rows, int row, const char *name)
{
	const char *s = row_text(rows, row, name);

	return s != NULL && *s == 't';
}

/* PostgreSQL's "2026-11-21 05:58:00+00" is RFC 3339 but for the zone. */
int64_t
row_time(const struct rows *rows, int row, const char *name)
{
	const char *s = row_text(rows, row, name);
	char text[64];
	size_t n;
	int64_t at;

	if (s == NULL)
		return 0;
	n = strcspn(s, "+");
	if (n + 2 > sizeof(text))
		log_die("db: odd time %s", s);
	memcpy(text, s, n);
	memcpy(text + n, "Z", 2);
	if (n > 10)
		text[10] = 'T';
	if (!clock_parse(text, &at))
		log_die("db: odd time %s", s);
	return at;
}

static void
free_bytes(void *p)
{
	PQfreemem(p);
}

const uint8_t *
row_bytes(struct db *db, const struct rows *rows, int row, const char *name,
    size_t *n)
{
	const char *s = row_text(rows, row, name);
	uint8_t *bytes;

	*n = 0;
	if (s == NULL)
		return NULL;
	bytes = PQunescapeBytea((const unsigned char *)s, n);
	pool_defer(db_its_pool(db), free_bytes, bytes);
	return bytes;
}

int
row_columns(const struct rows *rows)
{
	return PQnfields(pg(rows));
}

const char *
row_column(const struct rows *rows, int i)
{
	return PQfname(pg(rows), i);
}

const char *
row_value(const struct rows *rows, int row, int i)
{
	return PQgetisnull(pg(rows), row, i) ? NULL :
					       PQgetvalue(pg(rows), row, i);
}

enum row_type
row_type(const struct rows *rows, int i)
{
	switch (PQftype(pg(rows), i)) {
	case BOOLOID:
		return ROW_BOOL;
	case INT2OID:
	case INT4OID:
	case INT8OID:
	case FLOAT4OID:
	case FLOAT8OID:
		return ROW_NUMBER;
	case JSONOID:
	case JSONBOID:
		return ROW_JSON;
	case TIMESTAMPTZOID:
		return ROW_TIME;
	default:
		return ROW_TEXT;
	}
}
