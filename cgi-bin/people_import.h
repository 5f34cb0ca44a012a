/*
 * people_import: what the files of the import share.
 */
#ifndef PEOPLE_IMPORT_H
#define PEOPLE_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/csv_read.h"
#include "web/api.h"

enum import_column { IMPORT_ID, IMPORT_NUMBER, IMPORT_LAST, IMPORT_FIRST,
    IMPORT_MIDDLE, IMPORT_FULL, IMPORT_PHONE, IMPORT_LANGUAGE, IMPORT_BRANCH,
    IMPORT_POSITION, IMPORT_CARD, IMPORT_HIRED, IMPORT_LEFT, IMPORT_COLUMNS };

/* Names of the members of a line; IMPORT_FULL is split into three. */
extern const char *const import_names[IMPORT_COLUMNS];

/* What a cell of the first line means; IMPORT_COLUMNS: nothing to us. */
enum import_column import_column(struct pool *, const char *heading);
/*
 * A line as an object for the statement import_add, with the errors that can
 * be seen in it alone; a cell that is NULL has no column.
 */
void		 import_line(struct pool *, struct out *, size_t line,
		    const char *const cells[IMPORT_COLUMNS], bool wide);

/* A file, while it is read, and what is told of it. */
struct import {
	struct req	*r;
	const char	*charset;
	char		 separator;
	size_t		 n_cells;	/* of the first line */
	int		 column[CSV_CELLS_MAX];	/* import_column of each cell */
	bool		 given[IMPORT_COLUMNS];
	struct out	*columns, *ignored;
	size_t		 lines;
	struct pool	*pool;		/* of lines not handed over yet */
	struct out	*batch;
	size_t		 n_batch;
	enum fault	 fault;
};

/* Reads the body; its lines are in the database then (import_add). */
enum fault	 import_read(struct req *, struct import *);

#endif
