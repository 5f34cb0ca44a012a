#include "data/db.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "data/private.h"

struct db *
db_new(const char *conninfo)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL)
		log_die("db: out of memory");
	db->conninfo = conninfo;
	return db;
}

void
db_disconnect(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->in_tx = false;
	db->n_prepared = 0;
}

void
db_free(struct db *db)
{
	db_disconnect(db);
	free(db);
}

void
db_pool(struct db *db, struct pool *pool)
{
	db->pool = pool;
	db->detail = NULL;
	db->rested = true;
}

const char *
db_detail(const struct db *db)
{
	return db->detail;
}

void
db_refuse(struct db *db, const char *detail)
{
	db->detail = detail;
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

/*
 * Times come as UTC in ISO form, whatever the role or the server says.  No
 * statement is so long that compiling it (jit) would be worth its while; that
 * of a table of JSON looks dear enough, and would take half a second.
 */
static enum fault
connect(struct db *db)
{
	static const char options[] =
	    "-c TimeZone=UTC -c DateStyle=ISO -c bytea_output=hex -c jit=off";
	static const char *const names[] = { "dbname", "options",
		"connect_timeout", "client_encoding", NULL };
	const char *const values[] = { db->conninfo, options, "3", "UTF8",
		NULL };

	if (db->conn != NULL && db->rested && !db->in_tx && has_ended(db))
		db_disconnect(db);
	db->rested = false;
	if (db->conn != NULL)
		return OK;
	db->conn = PQconnectdbParams(names, values, 1);
	if (PQstatus(db->conn) == CONNECTION_OK) {
		PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
		return OK;
	}
	log_error("db: %s", PQerrorMessage(db->conn));
	db_disconnect(db);
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

static enum fault
prepare(struct db *db, const struct query *q)
{
	struct rows p;

	for (int i = 0; i < db->n_prepared; i++)
		if (db->prepared[i] == q)
			return OK;
	p = db_result(db, PQprepare(db->conn, q->name, q->text, 0, NULL));
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
	return db_result(db,
	    PQexecPrepared(db->conn, q->name, q->n_args, args, NULL, NULL, 0));
}

enum fault
db_begin(struct db *db)
{
	enum fault f = connect(db);

	if (f == OK)
		f = db_result(db, PQexec(db->conn, "BEGIN")).fault;
	db->in_tx = f == OK;
	return f;
}

enum fault
db_commit(struct db *db, enum fault f)
{
	enum fault end;

	if (!db->in_tx) /* lost on the way: nothing is committed */
		return f == FAULT_DATABASE_DOWN ? FAULT_RETRY : f;
	db->in_tx = false;
	end = db_result(db, PQexec(db->conn, f == OK ? "COMMIT" : "ROLLBACK"))
		  .fault;
	return f != OK ? f : end;
}

enum fault
db_savepoint(struct db *db)
{
	return db_result(db, PQexec(db->conn, "SAVEPOINT s")).fault;
}

enum fault
db_undo(struct db *db)
{
	return db_result(db,
	    PQexec(db->conn, "ROLLBACK TO SAVEPOINT s; RELEASE SAVEPOINT s"))
	    .fault;
}

enum fault
db_replan(struct db *db)
{
	enum fault f = connect(db);

	return f != OK ? f :
			 db_result(db, PQexec(db->conn, "DISCARD PLANS")).fault;
}
