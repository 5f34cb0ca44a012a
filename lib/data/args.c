#include <inttypes.h>

#include "base/clock.h"
#include "base/pool.h"
#include "data/db.h"

const char *
arg_bool(struct db *db, bool b)
{
	(void)db;
	return b ? "t" : "f";
}

const char *
arg_int4(struct db *db, int32_t i)
{
	return i == INT32_MIN ? NULL :
				pool_printf(db_its_pool(db), "%" PRId32, i);
}

const char *
arg_int8(struct db *db, int64_t i)
{
	return i == DB_NULL ? NULL :
			      pool_printf(db_its_pool(db), "%" PRId64, i);
}

/* NaN is NULL: no statement wants it as a number. */
const char *
arg_float8(struct db *db, double d)
{
	return d != d ? NULL : pool_printf(db_its_pool(db), "%.17g", d);
}

const char *
arg_text(struct db *db, const char *s)
{
	(void)db;
	return s;
}

const char *
arg_timestamptz(struct db *db, int64_t at)
{
	return at == 0 ? NULL : clock_rfc3339(db_its_pool(db), at);
}

const char *
arg_bytea(struct db *db, struct bytes b)
{
	static const char digit[] = "0123456789abcdef";
	char *s;

	if (b.data == NULL)
		return NULL;
	s = pool_alloc(db_its_pool(db), 2 * b.len + 3);
	s[0] = '\\';
	s[1] = 'x';
	for (size_t i = 0; i < b.len; i++) {
		s[2 + 2 * i] = digit[b.data[i] >> 4];
		s[3 + 2 * i] = digit[b.data[i] & 15];
	}
	return s;
}
