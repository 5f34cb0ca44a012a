/*
 * Employees from a CSV file, and as one.
 *
 * A dry run does all that the import does but the writing, so that both say
 * the same of each line.  All lines are written, or none.
 */
#include "people.h"

#include "import.sql.h"
#include "people_import.h"
#include "web/table.h"
#include "work/event.h"
#include "work/tap.h"

enum { BODY = 16 * 1024 * 1024 };

/* POST /employees.csv */

struct employee_import {
	bool dry_run;
};

static const struct field employee_import_in[] = {
	FIELD(employee_import, dry_run, .def = true, .optional = true),
	FIELD_END,
};

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
		f = event_rebuild_open(r->db, row_int(&again, i, "employee"),
		    r->now, NULL);
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
	    (f = import_read(r, im)) != OK ||
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
