#include "paper/grid.h"

#include <inttypes.h>
#include <string.h>

#include "base/pool.h"

enum { HOUR = 3600 };

struct grid *
grid_new(struct pool *pool, const char *title, int64_t made_at,
    const double *widths, int n)
{
	struct grid *g = pool_alloc(pool, sizeof(*g));

	*g = (struct grid){ .pool = pool,
		.title = title,
		.made_at = made_at,
		.widths = widths,
		.n_columns = n };
	return g;
}

/* Room for one more of that size: twice as much as before. */
static void *
grown(struct pool *pool, const void *old, size_t n, size_t room, size_t size)
{
	void *new = pool_alloc(pool, room * size);

	if (n > 0)
		memcpy(new, old, n * size);
	return new;
}

int
grid_row(struct grid *g, double height)
{
	if (g->n_rows == g->rows_room) {
		g->rows_room = g->rows_room == 0 ? 64 : g->rows_room * 2;
		g->rows = grown(g->pool, g->rows, (size_t)g->n_rows,
		    (size_t)g->rows_room, sizeof(*g->rows));
	}
	g->rows[g->n_rows] = (struct grid_row){ .height = height };
	return g->n_rows++;
}

void
grid_start(struct grid *g)
{
	g->rows[g->n_rows - 1].starts = true;
}

void
grid_repeat(struct grid *g, int head, int end)
{
	g->head = head;
	g->head_end = end;
}

static void
put(struct grid *g, const struct grid_cell *cell)
{
	if (g->n_cells == g->cells_room) {
		g->cells_room = g->cells_room == 0 ? 512 : g->cells_room * 2;
		g->cells = grown(g->pool, g->cells, g->n_cells, g->cells_room,
		    sizeof(*g->cells));
	}
	g->cells[g->n_cells++] = *cell;
}

void
grid_text(struct grid *g, int row, int column, int rows, int columns,
    unsigned style, const char *text)
{
	put(g,
	    &(struct grid_cell){ .row = row,
		.column = column,
		.rows = rows,
		.columns = columns,
		.style = style,
		.text = text });
}

void
grid_count(struct grid *g, int row, int column, int rows, int columns,
    unsigned style, int64_t n)
{
	put(g,
	    &(struct grid_cell){ .row = row,
		.column = column,
		.rows = rows,
		.columns = columns,
		.style = style,
		.text = pool_printf(g->pool, "%" PRId64, n),
		.is_number = true,
		.number = (double)n });
}

static int64_t
hundredths(int64_t seconds)
{
	return (seconds * 100 + HOUR / 2) / HOUR;
}

static int
decimals(int64_t seconds)
{
	int64_t n = hundredths(seconds);

	return n % 100 == 0 ? 0 : n % 10 == 0 ? 1 : 2;
}

const char *
grid_hours_text(struct pool *pool, int64_t seconds)
{
	int64_t n = hundredths(seconds);

	switch (decimals(seconds)) {
	case 0:
		return pool_printf(pool, "%" PRId64, n / 100);
	case 1:
		return pool_printf(pool, "%" PRId64 ",%" PRId64, n / 100,
		    n % 100 / 10);
	default:
		return pool_printf(pool, "%" PRId64 ",%02" PRId64, n / 100,
		    n % 100);
	}
}

void
grid_hours(struct grid *g, int row, int column, int rows, int columns,
    unsigned style, int64_t seconds)
{
	put(g,
	    &(struct grid_cell){ .row = row,
		.column = column,
		.rows = rows,
		.columns = columns,
		.style = style,
		.text = grid_hours_text(g->pool, seconds),
		.is_number = true,
		.number = (double)seconds / HOUR,
		.decimals = decimals(seconds) });
}

double
grid_width(const struct grid *g)
{
	double width = 0;

	for (int i = 0; i < g->n_columns; i++)
		width += g->widths[i];
	return width;
}

static double
height_of(const struct grid *g, int from, int to)
{
	double height = 0;

	for (int i = from; i < to; i++)
		height += g->rows[i].height;
	return height;
}

/* Where the block that begins there ends; rows before the first are one. */
static int
block_end(const struct grid *g, int row)
{
	do
		row++;
	while (row < g->n_rows && !g->rows[row].starts);
	return row;
}

int
grid_pages(struct grid *g)
{
	const double room = GRID_PAPER_HEIGHT - 2 * GRID_MARGIN;
	double used = 0;
	int page = 0, end;

	for (int row = 0; row < g->n_rows; row = end) {
		double height;

		end = block_end(g, row);
		height = height_of(g, row, end);
		if (used > 0 && used + height > room) {
			page++;
			used = height_of(g, g->head, g->head_end);
		}
		used += height;
		for (int i = row; i < end; i++)
			g->rows[i].page = page;
	}
	return page + 1;
}
