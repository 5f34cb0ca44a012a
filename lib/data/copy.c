/*
 * COPY takes no parameters, so the arguments go into the statement as
 * literals, which libpq quotes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/out.h"
#include "base/pool.h"
#include "data/db.h"
#include "data/private.h"

static void
put_literal(PGconn *conn, struct out *o, const char *arg)
{
	char *s;

	if (arg == NULL) {
		out_put(o, "NULL", 4);
		return;
	}
	if ((s = PQescapeLiteral(conn, arg, strlen(arg))) == NULL)
		log_die("db: %s", PQerrorMessage(conn)); /* no UTF-8 */
	out_put(o, s, strlen(s));
	PQfreemem(s);
}

/* The statement with its "$n" replaced. */
static void
put_statement(PGconn *conn, struct out *o, const struct query *q,
    const char *const *args)
{
	for (const char *s = q->text, *next; *s != '\0'; s = next) {
		size_t n = strcspn(s, "$");
		char *end;
		long i;

		out_put(o, s, n);
		next = s + n;
		if (*next == '\0')
			break;
		i = strtol(next + 1, &end, 10);
		if (i >= 1 && i <= q->n_args)
			put_literal(conn, o, args[i - 1]);
		next = end > next + 1 ? end : next + 1;
	}
}

static const char *
copy_statement(struct pool *pool, PGconn *conn, const struct query *q,
    const char *const *args)
{
	struct out *text = out_new(pool);
	size_t n;

	out_printf(text, "COPY (");
	put_statement(conn, text, q, args);
	out_printf(text,
	    ") TO STDOUT WITH (FORMAT csv, HEADER,"
	    " FORCE_QUOTE *)");
	return out_body(text, &n);
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
	enum fault f = db_result(db, PQexec(db->conn, text)).fault;
	bool wanted = true;
	PGresult *res;

	if (f != OK)
		return f;
	hand_on(db, line, arg, &wanted);
	while (db->conn != NULL && (res = PQgetResult(db->conn)) != NULL) {
		if (wanted && f == OK)
			f = db_result(db, res).fault;
		else
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
