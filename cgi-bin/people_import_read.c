/*
 * The file: its charset, its first line, and batches of lines to judge.
 */
#include "people_import.h"

#include "base/charset.h"
#include "import.sql.h"

enum { LINES_MAX = 100000, BATCH = 500 };

/* Lines that were read go to the database, and their memory is free again. */
static enum fault
hand_over(struct import *im)
{
	struct req *r = im->r;
	size_t n;

	if (im->n_batch == 0)
		return OK;
	out_close(im->batch, ']');
	db_pool(r->db, im->pool);
	im->fault = sql_import_add(r->db, r->id, out_body(im->batch, &n)).fault;
	db_pool(r->db, r->pool);
	pool_reset(im->pool);
	im->n_batch = 0;
	return im->fault;
}

static void
read_heading(struct import *im, size_t i, const char *cell)
{
	enum import_column c = import_column(im->r->pool, cell);

	im->column[i] = (int)c;
	if (c == IMPORT_COLUMNS) {
		if (*cell != '\0')
			out_text(im->ignored, NULL, cell);
		return;
	}
	if (im->given[c])
		im->fault = fail_field(im->r, import_names[c],
		    "Two columns are for it.");
	im->given[c] = true;
	out_text(im->columns, NULL, import_names[c]);
}

/* Names may be in one column or in several, but not in both ways. */
static void
check_headings(struct import *im)
{
	static const enum import_column needed[] = { IMPORT_LAST,
		IMPORT_FIRST };

	for (size_t i = 0; i < 2; i++) {
		if (im->given[IMPORT_FULL] && im->given[needed[i]])
			im->fault = fail_field(im->r, import_names[needed[i]],
			    "Two columns are for it.");
		im->given[needed[i]] |= im->given[IMPORT_FULL];
	}
	im->given[IMPORT_MIDDLE] |= im->given[IMPORT_FULL];
	if (!im->given[IMPORT_NUMBER] && !im->given[IMPORT_ID])
		im->fault = fail_field(im->r, import_names[IMPORT_NUMBER],
		    "There is no column for it.");
}

static bool
read_first(struct import *im, size_t n, const char *const *cells)
{
	im->n_cells = n;
	out_open(im->columns, NULL, '[');
	out_open(im->ignored, NULL, '[');
	for (size_t i = 0; i < n; i++)
		read_heading(im, i, cells[i]);
	out_close(im->columns, ']');
	out_close(im->ignored, ']');
	check_headings(im);
	return im->fault == OK;
}

static bool
read_row(size_t line, size_t n, const char *const *cells, void *arg)
{
	const char *known[IMPORT_COLUMNS + 1] = { NULL };
	struct import *im = arg;
	bool wide = false;

	if (im->n_cells == 0)
		return read_first(im, n, cells);
	if (im->lines++ == LINES_MAX) {
		im->fault = fail_field(im->r, "csv", "At most %d lines.",
		    LINES_MAX);
		return false;
	}
	for (size_t i = 0; i < n; i++)
		if (i < im->n_cells)
			known[im->column[i]] = cells[i];
		else
			wide |= *cells[i] != '\0';
	if (im->n_batch++ == 0) {
		im->batch = out_new(im->pool);
		out_open(im->batch, NULL, '[');
	}
	import_line(im->pool, im->batch, line, known, wide);
	return im->n_batch < BATCH || hand_over(im) == OK;
}

static void
end_pool(void *pool)
{
	pool_free(pool);
}

enum fault
import_read(struct req *r, struct import *im)
{
	size_t n;
	const char *text = request_text(r, &n), *why;

	if (n == 0)
		return fail_field(r, "csv", "This is required.");
	text = charset_utf8(r->pool, text, &n, &im->charset);
	if (text == NULL)
		return fail_field(r, "csv", "Neither UTF-8 nor Windows-1251.");
	im->r = r;
	im->columns = out_new(r->pool);
	im->ignored = out_new(r->pool);
	im->pool = pool_new();
	pool_defer(r->pool, end_pool, im->pool);
	im->separator = csv_separator(text, n);
	why = csv_read(r->pool, text, n, im->separator, read_row, im);
	if (im->fault == OK && why != NULL)
		im->fault = fail_field(r, "csv", "%s", why);
	if (im->fault == OK && im->lines == 0)
		im->fault = fail_field(r, "csv", "There are no lines.");
	return im->fault != OK ? im->fault : hand_over(im);
}
