/*
 * What became of a statement: rows, a fault, or a lost connection.
 */
#include <string.h>

#include "base/log.h"
#include "base/pool.h"
#include "data/db.h"
#include "data/private.h"

/*
 * A connection that died often leaves no SQLSTATE at all, and an
 * administrator's command leaves one but an OK status; so the connection is
 * taken for lost unless everything says that it is not.
 */
static bool
is_lost(struct db *db, const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *severity = PQresultErrorField(res,
	    PG_DIAG_SEVERITY_NONLOCALIZED);

	return res == NULL || state == NULL || severity == NULL ||
	    strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0 ||
	    strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0 ||
	    PQstatus(db->conn) == CONNECTION_BAD;
}

/* The rule that was broken is named after the fault that it means. */
static enum fault
fault_of(const PGresult *res)
{
	static const char *const again[] = { "40001", "40P01", "55P03",
		"53300" };
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *constraint = PQresultErrorField(res,
	    PG_DIAG_CONSTRAINT_NAME);
	enum fault f = constraint ? fault_named(constraint) : OK;

	if (f != OK)
		return f;
	if (strcmp(state, "57014") == 0) /* it took too long */
		return FAULT_DATABASE_DOWN;
	for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++)
		if (strcmp(state, again[i]) == 0)
			return FAULT_RETRY;
	/* The detail of a violation quotes values, which are nobody's log. */
	log_error("db: %s %s %s", state, constraint ? constraint : "",
	    PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
	return FAULT_INTERNAL;
}

/* Of a closed period: which one it is. */
static const char *
detail_of(struct db *db, const PGresult *res, enum fault f)
{
	const char *s = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);

	return f == FAULT_PERIOD_CLOSED && s != NULL ?
	    pool_strdup(db->pool, s) :
	    NULL;
}

static enum fault
outcome(struct db *db, const PGresult *res)
{
	enum fault f;

	switch (PQresultStatus(res)) {
	case PGRES_TUPLES_OK:
	case PGRES_COPY_OUT:
	case PGRES_COMMAND_OK:
		return OK;
	default:
		break;
	}
	if (!is_lost(db, res)) {
		f = fault_of(res);
		db->detail = detail_of(db, res, f);
		return f;
	}
	log_warn("db: connection lost: %s", PQerrorMessage(db->conn));
	db_disconnect(db);
	return FAULT_DATABASE_DOWN;
}

static void
clear(void *res)
{
	PQclear(res);
}

struct rows
db_result(struct db *db, PGresult *res)
{
	struct rows rows = { .res = (const struct pg_result *)res };

	rows.fault = outcome(db, res);
	if (rows.fault == OK)
		rows.n = PQntuples(res);
	pool_defer(db->pool, clear, res);
	return rows;
}
