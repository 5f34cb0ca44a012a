#include "paper/xlsx.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/log.h"
#include "base/pool.h"
#include "base/utf8.h"
#include "paper/grid.h"

enum { DECIMALS = 3, A4 = 9 };
#define INCH 72.0
/* Of the common size of letters, more or less: words are not cut. */
#define LETTER 4.4
#define LINE 8.2

struct book {
	struct grid *grid;
	lxw_workbook *book;
	lxw_worksheet *sheet;
	/* One for each look: a workbook has few. */
	lxw_format *formats[GRID_STYLES][DECIMALS];
};

static lxw_format *
format_new(struct book *b, unsigned style, int decimals)
{
	static const char *const patterns[DECIMALS] = { "0", "0.0", "0.00" };
	lxw_format *f = workbook_add_format(b->book);

	format_set_font_name(f, "Arial");
	format_set_font_size(f,
	    style & GRID_LARGE     ? 11 :
		style & GRID_SMALL ? 6 :
				     7);
	format_set_num_format(f, patterns[decimals]);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	if (style & GRID_BOLD)
		format_set_bold(f);
	if (style & GRID_BOX)
		format_set_border(f, LXW_BORDER_THIN);
	if (style & GRID_UNDER)
		format_set_bottom(f, LXW_BORDER_THIN);
	if (style & (GRID_CENTRE | GRID_RIGHT))
		format_set_align(f,
		    style & GRID_CENTRE ? LXW_ALIGN_CENTER : LXW_ALIGN_RIGHT);
	if (style & GRID_WRAP)
		format_set_text_wrap(f);
	else
		format_set_shrink(f);
	if (style & GRID_UPRIGHT)
		format_set_rotation(f, 90);
	return f;
}

/* A program that shows the workbook does not make a text fit that wraps. */
static bool
is_crowded(const struct grid *g, const struct grid_cell *c)
{
	double width = 0, height = 0, lines = 0;

	if (!(c->style & GRID_WRAP))
		return false;
	for (int i = c->column; i < c->column + c->columns; i++)
		width += g->widths[i];
	for (int i = c->row; i < c->row + c->rows; i++)
		height += g->rows[i].height;
	for (const char *s = c->text; *s != '\0'; s += *s == '\n') {
		size_t n = strcspn(s, "\n");

		lines += ceil((double)utf8_length(pool_strndup(g->pool, s, n)) *
		    LETTER / width);
		s += n;
	}
	return lines * LINE > height;
}

static lxw_format *
format_of(struct book *b, const struct grid_cell *c)
{
	unsigned style = c->style | (is_crowded(b->grid, c) ? GRID_SMALL : 0);
	lxw_format **f = &b->formats[style][c->decimals];

	if (*f == NULL)
		*f = format_new(b, style, c->decimals);
	return *f;
}

static void
write_cell(struct book *b, const struct grid_cell *c)
{
	lxw_row_t row = (lxw_row_t)c->row;
	lxw_col_t column = (lxw_col_t)c->column;
	lxw_format *f = format_of(b, c);

	if (c->rows > 1 || c->columns > 1)
		worksheet_merge_range(b->sheet, row, column,
		    (lxw_row_t)(c->row + c->rows - 1),
		    (lxw_col_t)(c->column + c->columns - 1), "", f);
	if (c->is_number)
		worksheet_write_number(b->sheet, row, column, c->number, f);
	else if (*c->text != '\0')
		worksheet_write_string(b->sheet, row, column, c->text, f);
	else if (c->rows == 1 && c->columns == 1)
		worksheet_write_blank(b->sheet, row, column, f);
}

static void
lay_out(struct book *b)
{
	struct grid *g = b->grid;

	for (int i = 0; i < g->n_columns; i++)
		worksheet_set_column_pixels(b->sheet, (lxw_col_t)i,
		    (lxw_col_t)i, (uint32_t)(g->widths[i] * 96 / INCH + 0.5),
		    NULL);
	for (int i = 0; i < g->n_rows; i++)
		worksheet_set_row(b->sheet, (lxw_row_t)i, g->rows[i].height,
		    NULL);
	worksheet_set_landscape(b->sheet);
	worksheet_set_paper(b->sheet, A4);
	worksheet_set_margins(b->sheet, GRID_MARGIN / INCH, GRID_MARGIN / INCH,
	    GRID_MARGIN / INCH, GRID_MARGIN / INCH);
	worksheet_fit_to_pages(b->sheet, 1, 0);
	worksheet_gridlines(b->sheet, LXW_HIDE_ALL_GRIDLINES);
	if (g->head_end > g->head)
		worksheet_repeat_rows(b->sheet, (lxw_row_t)g->head,
		    (lxw_row_t)g->head_end - 1);
}

static void
break_pages(struct book *b)
{
	const struct grid *g = b->grid;
	lxw_row_t *breaks;
	int n = 0, pages = grid_pages(b->grid);

	if (pages == 1)
		return;
	breaks = pool_alloc(g->pool, (size_t)pages * sizeof(*breaks));
	for (int i = 1; i < g->n_rows; i++)
		if (g->rows[i].page != g->rows[i - 1].page)
			breaks[n++] = (lxw_row_t)i;
	worksheet_set_h_pagebreaks(b->sheet, breaks);
}

static bool
write_book(struct grid *g, const char *path)
{
	struct book *b = pool_alloc(g->pool, sizeof(*b));
	lxw_doc_properties about = { .title = pool_strdup(g->pool, g->title),
		.created = (time_t)g->made_at };
	lxw_error error;

	b->grid = g;
	b->book = workbook_new(path);
	if (b->book == NULL)
		return false;
	workbook_set_properties(b->book, &about);
	b->sheet = workbook_add_worksheet(b->book, NULL);
	lay_out(b);
	break_pages(b);
	for (size_t i = 0; i < g->n_cells; i++)
		write_cell(b, &g->cells[i]);
	error = workbook_close(b->book);
	if (error != LXW_NO_ERROR)
		log_error("xlsx: %s", lxw_strerror(error));
	return error == LXW_NO_ERROR;
}

static const char *
read_all(struct pool *pool, int fd, size_t *n)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *s;
	ssize_t got;

	if (size <= 0)
		return NULL;
	s = pool_alloc(pool, (size_t)size);
	for (*n = 0; *n < (size_t)size; *n += (size_t)got)
		if ((got = pread(fd, s + *n, (size_t)size - *n, (off_t)*n)) <=
		    0)
			return NULL;
	return s;
}

/* The library writes to a path: here one that is memory. */
const char *
xlsx_of(struct grid *g, size_t *n)
{
	int fd = memfd_create("xlsx", MFD_CLOEXEC);
	const char *s = NULL;

	if (fd < 0) {
		log_error("xlsx: no memory for a file");
		return NULL;
	}
	if (write_book(g, pool_printf(g->pool, "/proc/self/fd/%d", fd)))
		s = read_all(g->pool, fd, n);
	close(fd);
	return s;
}
