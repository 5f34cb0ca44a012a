/*
 * Employees from a CSV file, and as one.
 *
 * A dry run does all that the import does but the writing, so that both say
 * the same of each line.  All lines are written, or none.
 */
#include "people.h"

#include <inttypes.h>
#include <string.h>

#include "base/charset.h"
#include "base/csv_read.h"
#include "import.sql.h"
#include "people_import.h"
#include "web/table.h"
#include "work/tap.h"
#include "work/workday.h"

enum { BODY = 16 * 1024 * 1024, LINES_MAX = 100000, BATCH = 500 };

struct import {
	struct req *r;
	const char *charset;
	char separator;
	size_t n_cells; /* of the first line */
	int column[CSV_CELLS_MAX]; /* of each cell: import_column */
	bool given[IMPORT_COLUMNS];
	struct out *columns, *ignored;
	size_t lines;
	struct pool *pool; /* of the lines that are not handed over yet */
	struct out *batch;
	size_t n_batch;
	enum fault fault;
};

/* POST /employees.csv */

struct employee_import {
	bool dry_run;
};

static const struct field employee_import_in[] = {
	FIELD(employee_import, dry_run, .def = true, .optional = true),
	FIELD_END,
};

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

static enum fault
read_file(struct req *r, struct import *im)
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

/* The columns of the file, as the statements name them: "{id,phone}". */
static const char *
given(const struct import *im)
{
	const char *s = "{";

	for (int i = 0; i < IMPORT_COLUMNS; i++)
		if (im->given[i])
			s = pool_printf(im->r->pool, "%s%s%s", s,
			    s[1] != '\0' ? "," : "",
			    i == IMPORT_BRANCH       ? "branch" :
				i == IMPORT_POSITION ? "position" :
						       import_names[i]);
	return pool_printf(im->r->pool, "%s}", s);
}

/* Whoever else is about to change them waits, cards first (tap.h). */
static enum fault
hold(struct req *r, const struct import *im, const char *columns)
{
	enum fault f = im->given[IMPORT_CARD] ? tap_hold(r->db) : OK;

	if (f == OK)
		f = sql_import_match(r->db, r->id, columns).fault;
	return f != OK ? f : sql_import_hold(r->db, r->id).fault;
}

static enum fault
judge(struct req *r, const struct import *im, bool dry_run)
{
	const char *columns = given(im);
	enum fault f = dry_run ? OK : hold(r, im, columns);

	if (f == OK)
		f = sql_import_match(r->db, r->id, columns).fault;
	if (f == OK)
		f = sql_import_judge(r->db, r->id, r->now).fault;
	if (f == OK)
		f = sql_import_closed(r->db, r->id, r->now).fault;
	return f != OK ? f : sql_import_decide(r->db, r->id, r->now).fault;
}

/* What unknown cards were tapped for counts once they are somebody's. */
static enum fault
adopt_taps(struct req *r)
{
	struct rows cards = sql_import_cards(r->db, r->id);
	struct tap_made made;
	enum fault f = cards.fault;

	for (int i = 0; f == OK && i < cards.n; i++)
		f = tap_adopt(r->db, row_int(&cards, i, "employee"), r->now,
		    &made);
	return f;
}

static enum fault
write_all(struct req *r)
{
	struct rows again;
	enum fault f;

	if ((f = sql_import_write(r->db).fault) != OK ||
	    (f = sql_import_create(r->db, r->id).fault) != OK ||
	    (f = sql_import_update(r->db, r->id, r->now).fault) != OK)
		return f;
	again = sql_import_replanned(r->db, r->id);
	f = again.fault;
	for (int i = 0; f == OK && i < again.n; i++)
		f = workday_rebuild(r->db, row_int(&again, i, "employee"),
		    CLOSED_KEPT, r->now);
	return f != OK ? f : adopt_taps(r);
}

static enum fault
refuse(struct req *r)
{
	struct rows wrong = sql_import_refused(r->db, r->id);

	for (int i = 0; wrong.fault == OK && i < wrong.n; i++)
		fail_field(r,
		    pool_printf(r->pool, "line %s: %s",
			row_text(&wrong, i, "line"),
			row_text(&wrong, i, "field")),
		    "%s", row_text(&wrong, i, "detail"));
	return wrong.fault != OK ? wrong.fault : FAULT_IMPORT_REFUSED;
}

static const char *
head(struct req *r, const struct import *im, bool dry_run,
    const struct rows *counts)
{
	struct out *o = out_new(r->pool);
	size_t n;

	out_open(o, NULL, '{');
	out_bool(o, "dry_run", dry_run);
	out_text(o, "charset", im->charset);
	out_text(o, "separator", (char[]){ im->separator, '\0' });
	out_raw(o, "columns", out_body(im->columns, &n));
	out_raw(o, "ignored", out_body(im->ignored, &n));
	out_open(o, "counts", '{');
	for (int i = 0; i < row_columns(counts); i++)
		out_raw(o, row_column(counts, i), row_value(counts, 0, i));
	out_close(o, '}');
	out_open(o, "items", '[');
	return out_body(o, &n);
}

static enum fault
reply(struct req *r, const struct import *im, bool dry_run,
    const struct rows *counts)
{
	struct table *t = table_json(r, NULL, head(r, im, dry_run, counts));
	enum fault f = sql_import_result(r->db, r->id, table_item, t);

	if (f == OK)
		f = sql_import_end(r->db, r->id).fault;
	if (f == OK)
		table_text(t, "]}");
	return table_end(t, f);
}

static enum fault
employee_import(struct req *r, const void *arg)
{
	const struct employee_import *in = arg;
	struct import *im = pool_alloc(r->pool, sizeof(*im));
	struct rows counts;
	enum fault f;

	if ((f = sql_import_begin(r->db).fault) != OK ||
	    (f = read_file(r, im)) != OK ||
	    (f = judge(r, im, in->dry_run)) != OK)
		return f;
	counts = sql_import_counts(r->db, r->id);
	if (counts.fault != OK)
		return counts.fault;
	if (!in->dry_run && row_int(&counts, 0, "refused") > 0)
		return refuse(r);
	if (!in->dry_run && (f = write_all(r)) != OK)
		return f;
	return reply(r, im, in->dry_run, &counts);
}

/* GET /employees.csv */

struct employee_csv {
	const char *search;
	int64_t branch, position;
	const char *state;
	bool bom;
};

static const struct field employee_csv_in[] = {
	FIELD(employee_csv, search, .max = 100, .optional = true),
	FIELD_ID(employee_csv, branch, .def = DB_NULL, .optional = true),
	FIELD_ID(employee_csv, position, .def = DB_NULL, .optional = true),
	FIELD(employee_csv, state, .in = "active|inactive|all",
	    .def_text = "all", .optional = true),
	FIELD(employee_csv, bom, .optional = true),
	FIELD_END,
};

static enum fault
employee_csv(struct req *r, const void *arg)
{
	const struct employee_csv *in = arg;
	struct table *t = table_csv(r, in->bom, "employees.csv");

	return table_end(t,
	    sql_employee_csv(r->db, in->search, in->branch, in->position,
		in->state, table_line, t));
}

const struct route import_routes[] = {
	{ GET, "/employees.csv", ADMIN, employee_csv, IN(employee_csv),
	    .tx = true, .stream = true,
	    .what = "Employees as CSV that can be imported again.",
	    GIVES_CSV(employee_csv) },
	{ POST, "/employees.csv", ADMIN, employee_import, IN(employee_import),
	    .tx = true, .stream = true, .body_max = BODY, .takes = "text/csv",
	    .what =
		"Employ and change people by a CSV file, all lines or none; a "
		"dry run, which is the default, only says what would become of "
		"each line.",
	    GIVES_JSON(200, employee_import),
	    .faults = { FAULT_IMPORT_REFUSED, FAULT_PERSONNEL_NUMBER_TAKEN,
		FAULT_CARD_UID_TAKEN, FAULT_PERIOD_CLOSED } },
	{ .path = NULL }
};
