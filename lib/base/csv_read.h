/*
 * csv_read: tables that spreadsheets wrote (the only <csv.h>).
 *
 * RFC 4180 with any of its three separators and any line end; blanks around
 * a cell without quotes are not part of it, empty lines are no rows.
 */
#ifndef CSV_READ_H
#define CSV_READ_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

enum { CSV_CELLS_MAX = 64 };		/* of a row */

/* A row, and the line of the text on which it begins; false ends reading. */
typedef bool	 csv_row(size_t line, size_t n, const char *const *cells,
		    void *);

/* What separates the cells of the first line that is not empty: ',', ';' or
   a tab. */
char		 csv_separator(const char *text, size_t n);
/*
 * Each row in order.  The text is UTF-8 without NUL; cells live until the
 * callback returns.  A sentence if the text is no table, otherwise NULL;
 * rows before the fault have been handed on.
 */
const char	*csv_read(struct pool *, const char *text, size_t n,
		    char separator, csv_row *, void *);

#endif
