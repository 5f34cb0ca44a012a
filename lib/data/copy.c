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
		log_die("db: %s", PQerrorMessage(conn));	/* no UTF-8 */
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

const char *
copy_statement(struct pool *pool, PGconn *conn, const struct query *q,
    const char *const *args)
{
	struct out *text = out_new(pool);
	size_t n;

	out_printf(text, "COPY (");
	put_statement(conn, text, q, args);
	out_printf(text, ") TO STDOUT WITH (FORMAT csv, HEADER,"
	    " FORCE_QUOTE *)");
	return out_body(text, &n);
}
