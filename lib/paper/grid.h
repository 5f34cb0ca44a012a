/*
 * grid: a form, as cells on a grid of columns and rows.
 *
 * What a form says is put here once; paper/pdf.c and paper/xlsx.c draw it,
 * with the same words, figures and pages.  Lengths are points (1/72 inch);
 * the paper is A4, landscape.  Texts and the grid live in the pool.
 */
#ifndef GRID_H
#define GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

enum {
	GRID_BOLD	= 1 << 0,
	GRID_BOX	= 1 << 1,	/* a line on each side */
	GRID_UNDER	= 1 << 2,	/* a line below */
	GRID_CENTRE	= 1 << 3,
	GRID_RIGHT	= 1 << 4,
	GRID_WRAP	= 1 << 5,
	GRID_UPRIGHT	= 1 << 6,	/* turned, read from below */
	GRID_LARGE	= 1 << 7,
	GRID_SMALL	= 1 << 8,
	GRID_STYLES	= 1 << 9
};

struct grid_cell {
	int		 row, column, rows, columns;
	unsigned	 style;
	const char	*text;		/* never NULL */
	bool		 is_number;
	double		 number;
	int		 decimals;	/* of the number, as shown */
};

struct grid_row {
	double		 height;
	bool		 starts;	/* a block, which no page cuts */
	int		 page;		/* from 0; see grid_pages() */
};

struct grid {
	struct pool	*pool;
	const char	*title;		/* of the document */
	int64_t		 made_at;	/* unix seconds, of the document */
	const double	*widths;
	int		 n_columns;
	struct grid_row	*rows;
	int		 n_rows, rows_room;
	struct grid_cell *cells;
	size_t		 n_cells, cells_room;
	int		 head, head_end; /* rows that each page repeats */
};

/* The paper, and what is left of it between the margins. */
#define GRID_PAPER_WIDTH 841.89
#define GRID_PAPER_HEIGHT 595.28
#define GRID_MARGIN 22.0

struct grid	*grid_new(struct pool *, const char *title, int64_t made_at,
		    const double *widths, int n);
/* Appends a row and gives its number. */
int		 grid_row(struct grid *, double height);
/* The last row starts a block. */
void		 grid_start(struct grid *);
/* The rows from head up to, not including, end are repeated. */
void		 grid_repeat(struct grid *, int head, int end);

void		 grid_text(struct grid *, int row, int column, int rows,
		    int columns, unsigned style, const char *text);
/* A whole number. */
void		 grid_count(struct grid *, int row, int column, int rows,
		    int columns, unsigned style, int64_t n);
/* Seconds as hours with up to two decimals. */
void		 grid_hours(struct grid *, int row, int column, int rows,
		    int columns, unsigned style, int64_t seconds);
/* The text of those: "7,88". */
const char	*grid_hours_text(struct pool *, int64_t seconds);

/* Puts each row on its page; how many there are. */
int		 grid_pages(struct grid *);
double		 grid_width(const struct grid *);

#endif
