#include "data/db.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pool.h"
#include "data/private.h"

enum { PREPARED_MAX = 256 };

struct db {
	const char	*conninfo;
	PGconn		*conn;
	struct pool	*pool;
	bool		 in_tx;
	bool		 rested;	/* since the last statement */
	int		 n_prepared;
	const struct query *prepared[PREPARED_MAX];
};

struct db *
db_new(const char *conninfo)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL)
		log_die("db: out of memory");
	db->conninfo = conninfo;
	return db;
}

static void
disconnect(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->in_tx = false;
	db->n_prepared = 0;
}

void
db_free(struct db *db)
{
	disconnect(db);
	free(db);
}

void
db_pool(struct db *db, struct pool *pool)
{
	db->pool = pool;
	db->rested = true;
}

struct pool *
db_its_pool(struct db *db)
{
	return db->pool;
}

static void
ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

/*
 * A connection on which the server speaks unasked has been ended by it: an
 * administrator restarted PostgreSQL while we rested.  Seen before a
 * statement is sent, it costs nothing; afterwards nobody could say whether
 * the statement ran.
 */
static bool
has_ended(const struct db *db)
{
	struct pollfd fd = { .fd = PQsocket(db->conn), .events = POLLIN };

	return poll(&fd, 1, 0) != 0;
}

/* Times come as UTC in ISO form, whatever the role or the server says. */
static enum fault
connect(struct db *db)
{
	static const char *const names[] = { "dbname", "options",
	    "connect_timeout", "client_encoding", NULL };
	const char *const values[] = { db->conninfo,
	    "-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex",
	    "3", "UTF8", NULL };

	if (db->conn != NULL && db->rested && !db->in_tx && has_ended(db))
		disconnect(db);
	db->rested = false;
	if (db->conn != NULL)
		return OK;
	db->conn = PQconnectdbParams(names, values, 1);
	if (PQstatus(db->conn) == CONNECTION_OK) {
		PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
		return OK;
	}
	log_error("db: %s", PQerrorMessage(db->conn));
	disconnect(db);
	return FAULT_DATABASE_DOWN;
}

bool
db_up(struct db *db, const char **why)
{
	static const struct query ping = { "ping", 0, "SELECT 1" };
	const char *none[] = { NULL };

	if (db_run(db, &ping, none).fault == OK)
		return true;
	*why = "The database does not answer.";
	return false;
}

/*
 * A connection that died often leaves no SQLSTATE at all, and an
 * administrator's command leaves one but an OK status; so the connection is
 * taken for lost unless everything says that it is not.
 */
static bool
is_lost(struct db *db, const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *severity =
	    PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);

	return res == NULL || state == NULL || severity == NULL ||
	    strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0 ||
	    strncmp(state, "08", 2) == 0 || strncmp(state, "57P", 3) == 0 ||
	    PQstatus(db->conn) == CONNECTION_BAD;
}

/* The rule that was broken is named after the fault that it means. */
static enum fault
fault_of(const PGresult *res)
{
	static const char *const again[] = { "40001", "40P01", "55P03", "53300" };
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *constraint = PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME);
	enum fault f = constraint ? fault_named(constraint) : OK;

	if (f != OK)
		return f;
	for (size_t i = 0; i < sizeof(again) / sizeof(*again); i++)
		if (strcmp(state, again[i]) == 0)
			return FAULT_RETRY;
	/* The detail of a violation quotes values, which are nobody's log. */
	log_error("db: %s %s %s", state, constraint ? constraint : "",
	    PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
	return FAULT_INTERNAL;
}

static enum fault
check(struct db *db, const PGresult *res)
{
	switch (PQresultStatus(res)) {
	case PGRES_TUPLES_OK:
	case PGRES_COPY_OUT:
	case PGRES_COMMAND_OK:
		return OK;
	default:
		break;
	}
	if (!is_lost(db, res))
		return fault_of(res);
	log_warn("db: connection lost: %s", PQerrorMessage(db->conn));
	disconnect(db);
	return FAULT_DATABASE_DOWN;
}

static void
clear(void *res)
{
	PQclear(res);
}

static struct rows
result(struct db *db, PGresult *res)
{
	struct rows rows = { .res = (const struct pg_result *)res };

	rows.fault = check(db, res);
	if (rows.fault == OK)
		rows.n = PQntuples(res);
	pool_defer(db->pool, clear, res);
	return rows;
}

static enum fault
prepare(struct db *db, const struct query *q)
{
	struct rows p;

	for (int i = 0; i < db->n_prepared; i++)
		if (db->prepared[i] == q)
			return OK;
	p = result(db, PQprepare(db->conn, q->name, q->text, 0, NULL));
	if (p.fault == OK) {
		if (db->n_prepared == PREPARED_MAX)
			log_die("db: more than %d statements", PREPARED_MAX);
		db->prepared[db->n_prepared++] = q;
	}
	return p.fault;
}

static enum fault
ready(struct db *db, const struct query *q)
{
	enum fault f = connect(db);

	return f != OK ? f : prepare(db, q);
}

struct rows
db_run(struct db *db, const struct query *q, const char *const *args)
{
	enum fault f = ready(db, q);

	if (f != OK)
		return (struct rows){ .fault = f };
	return result(db, PQexecPrepared(db->conn, q->name, q->n_args, args,
	    NULL, NULL, 0));
}

enum fault
db_begin(struct db *db)
{
	enum fault f = connect(db);

	if (f == OK)
		f = result(db, PQexec(db->conn, "BEGIN")).fault;
	db->in_tx = f == OK;
	return f;
}

enum fault
db_commit(struct db *db, enum fault f)
{
	enum fault end;

	if (!db->in_tx)		/* lost on the way: nothing is committed */
		return f == FAULT_DATABASE_DOWN ? FAULT_RETRY : f;
	db->in_tx = false;
	end = result(db, PQexec(db->conn, f == OK ? "COMMIT" : "ROLLBACK")).fault;
	return f != OK ? f : end;
}

static void
cancel(struct db *db)
{
	PGcancel *c = PQgetCancel(db->conn);
	char why[256];

	PQcancel(c, why, sizeof(why));
	PQfreeCancel(c);
}

/* Hands on one line after another, until there are no more or no reader. */
static void
hand_on(struct db *db, db_line *line, void *arg, bool *wanted)
{
	char *s;
	int n;

	while ((n = PQgetCopyData(db->conn, &s, 0)) > 0) {
		if (*wanted && !(*wanted = line(s, (size_t)n, arg)))
			cancel(db);
		PQfreemem(s);
	}
}

static enum fault
copy_out(struct db *db, const char *text, db_line *line, void *arg)
{
	enum fault f = result(db, PQexec(db->conn, text)).fault;
	bool wanted = true;
	PGresult *res;

	if (f != OK)
		return f;
	hand_on(db, line, arg, &wanted);
	while (db->conn != NULL && (res = PQgetResult(db->conn)) != NULL) {
		if (wanted && f == OK)
			f = check(db, res);
		PQclear(res);
	}
	return f;
}

enum fault
db_csv(struct db *db, const struct query *q, const char *const *args,
    db_line *line, void *arg)
{
	bool alone = !db->in_tx;
	enum fault f = alone ? db_begin(db) : OK;

	if (f == OK)
		f = copy_out(db, copy_statement(db->pool, db->conn, q, args),
		    line, arg);
	return alone ? db_commit(db, f) : f;
}
