/*
 * table: the database's lines (db_csv) on their way out, as CSV or as items
 * of JSON, in pieces and with constant memory.
 *
 * Until there is a first line nothing is sent: a fault is still an answer of
 * its own then.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "web/api.h"

struct table;

/* A file to be saved, with or without a byte order mark. */
struct table	*table_csv(struct req *, bool bom, const char *file_name);
/* With that text first; a file to be saved if it has a name. */
struct table	*table_json(struct req *, const char *file_name,
		    const char *head);

/* For db_csv(): a line as it comes, but for its end. */
bool		 table_line(const char *, size_t n, void *table);
/* The first cell of each line but the header, a text of JSON, as an item. */
bool		 table_item(const char *, size_t n, void *table);

void		 table_put(struct table *, const char *, size_t n);
void		 table_text(struct table *, const char *);
bool		 table_gone(const struct table *);	/* the client is */
/* Sends what is left, unless something went wrong; returns f. */
enum fault	 table_end(struct table *, enum fault f);

/*
 * The cell at s, which ends before end, unquoted into the pool; *next is
 * behind the comma that follows.  NULL is a cell without quotes.
 */
const char	*table_cell(struct pool *, const char *s, const char *end,
		    const char **next);

#endif
