/*
 * db: named statements on one PostgreSQL connection (the only <libpq-fe.h>).
 *
 * A program has one struct db.  It connects when it is first used and again
 * after the connection was lost.  Statements are prepared once per
 * connection.  Results live in the pool that db_pool() named last.
 *
 * The typed functions sql_<statement>() that sql/embed.awk makes from
 * sql/<group>.sql are the only way to run SQL.
 */
#ifndef DB_H
#define DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct db;
struct pool;
struct pg_result;

/* One statement; sql/embed.awk writes these. */
struct query {
	const char	*name;
	int		 n_args;
	const char	*text;
};

/* A result: a fault, or n rows. */
struct rows {
	enum fault		 fault;
	int			 n;
	const struct pg_result	*res;
};

/* conninfo is libpq's, and is kept as it is.  Nothing is connected yet. */
struct db	*db_new(const char *conninfo);
void		 db_free(struct db *);
void		 db_pool(struct db *, struct pool *);	/* of what follows */
struct pool	*db_its_pool(struct db *);

/*
 * What the last refusal of a rule says besides its name, as JSON, or NULL:
 * only rules of ours whose detail is meant for the client say anything.
 */
const char	*db_detail(const struct db *);
void		 db_refuse(struct db *, const char *detail);

/* True if a connection stands or could be made; *why is a sentence. */
bool		 db_up(struct db *, const char **why);

struct rows	 db_run(struct db *, const struct query *,
		    const char *const *args);

/*
 * Transactions.  db_commit() rolls back and returns f if f is a fault.
 * A connection lost before COMMIT was sent is RETRY: nothing is committed,
 * the whole transaction may run again.  Lost later, or in a statement on its
 * own, it is DATABASE_DOWN and nobody can say whether it happened.
 */
enum fault	 db_begin(struct db *);
enum fault	 db_commit(struct db *, enum fault f);

/*
 * A point within a transaction, and back to it: what ran since is undone,
 * locks stay.  They nest.
 */
enum fault	 db_savepoint(struct db *);
enum fault	 db_undo(struct db *);

/*
 * Plans are made again for tables as they are now.  Those of a connection, and
 * of the checks of foreign keys, may date from when they were almost empty,
 * and read all of them for each row; before thousands of rows that pays.
 */
enum fault	 db_replan(struct db *);

/*
 * The rows as CSV that the server writes (COPY), with constant memory, in
 * the transaction that runs or one of its own: a header with the names of
 * the columns, then a line for each row, ending in LF, every cell but NULL
 * in quotes.  The callback gets one after another; false stops it.
 */
typedef bool	 db_line(const char *, size_t n, void *);
enum fault	 db_csv(struct db *, const struct query *,
		    const char *const *args, db_line *, void *);

/*
 * Columns of a row, by the names of the SELECT list; a name that is not there
 * ends the program.  Null is a NULL text, 0 and false: ask row_null() where
 * that is a value, too.  row_time() is unix seconds.
 */
bool		 row_null(const struct rows *, int row, const char *name);
const char	*row_text(const struct rows *, int row, const char *name);
int64_t		 row_int(const struct rows *, int row, const char *name);
double		 row_double(const struct rows *, int row, const char *name);
bool		 row_bool(const struct rows *, int row, const char *name);
int64_t		 row_time(const struct rows *, int row, const char *name);
/* A bytea; its length in *n. */
const uint8_t	*row_bytes(struct db *, const struct rows *, int row,
		    const char *name, size_t *n);

/* Columns by number, for those that walk a whole row. */
int		 row_columns(const struct rows *);
const char	*row_column(const struct rows *, int i);	/* its name */
const char	*row_value(const struct rows *, int row, int i); /* or NULL */
enum row_type { ROW_TEXT, ROW_NUMBER, ROW_BOOL, ROW_JSON, ROW_TIME };
enum row_type	 row_type(const struct rows *, int i);

/* Arguments of statements, made by the generated functions. */
struct bytes {
	const uint8_t	*data;		/* NULL is NULL */
	size_t		 len;
};
const char	*arg_bool(struct db *, bool);
const char	*arg_int4(struct db *, int32_t);
const char	*arg_int8(struct db *, int64_t);
const char	*arg_float8(struct db *, double);
const char	*arg_text(struct db *, const char *);	/* NULL is NULL */
const char	*arg_timestamptz(struct db *, int64_t);	/* unix seconds */
const char	*arg_bytea(struct db *, struct bytes);
/* Types with "?" take NULL: DB_NULL for int8, and 0 for timestamptz. */
#define DB_NULL INT64_MIN

#endif
