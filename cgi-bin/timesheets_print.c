/*
 * Sheets: as JSON, and on paper.
 */
#include "timesheets.h"

#include <inttypes.h>
#include <string.h>

#include "paper/grid.h"
#include "paper/pdf.h"
#include "paper/xlsx.h"
#include "timesheets.sql.h"

struct timesheet {
	int64_t branch;
	const char *month;
	int64_t revision;
};

static const struct field timesheet_in[] = {
	FIELD_ID(timesheet, branch),
	FIELD(timesheet, month, .is = is_month, .what = "A month: 2026-10."),
	FIELD(timesheet, revision, .min = 0, .max = 1000000, .def = DB_NULL,
	    .optional = true),
	FIELD_END,
};

/* What was frozen; if the month is open, what it would be now. */
static enum fault
find_sheet(struct req *r, const struct timesheet *in, struct rows *sheet)
{
	const char *now;
	struct month m;
	enum fault f = find_month(r, in->branch, in->month, &m);

	if (f != OK)
		return f;
	*sheet = sql_timesheet_get(r->db, m.branch, m.first, in->revision);
	if (sheet->fault != OK || sheet->n > 0)
		return sheet->fault;
	if (in->revision != DB_NULL)
		return FAULT_NOT_FOUND;
	if ((f = make_sheet(r, &m, &now)) != OK)
		return f;
	*sheet = sql_timesheet_draft(r->db, m.branch, m.first, now);
	return sheet->fault;
}

/* GET /timesheets */

static enum fault
timesheet(struct req *r, const void *arg)
{
	struct rows sheet;
	enum fault f = find_sheet(r, arg, &sheet);

	return f != OK ? f : reply_json(r, 200, sheet);
}

/* GET /timesheets/t13.pdf and the like; XLSX is ECMA-376's media type. */

static bool
ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static enum fault
print(struct req *r, const void *arg)
{
	const struct timesheet *in = arg;
	const char *name = strrchr(r->route->path, '/') + 1, *body;
	struct rows json;
	struct sheet *sheet;
	struct grid *g;
	enum fault f = find_sheet(r, in, &json);
	size_t n;

	if (f != OK)
		return f;
	sheet = sheet_read(r->pool, row_text(&json, 0, "sheet"));
	if (sheet == NULL)
		return fail(r, FAULT_INTERNAL, "The sheet cannot be read.");
	g = name[0] == 't' ? t13_of(r->pool, sheet) : p5_of(r->pool, sheet);
	body = ends(name, ".pdf") ? pdf_of(g, &n) : xlsx_of(g, &n);
	if (body == NULL)
		return FAULT_INTERNAL;
	stream_begin(r, r->route->of,
	    pool_printf(r->pool, "%.*s-%s-%" PRId64 "-%" PRId64 "%s",
		(int)strcspn(name, "."), name, in->month, in->branch,
		sheet->revision, strchr(name, '.')));
	stream_put(r, body, n);
	return OK;
}

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
const struct route sheet_routes[] = {
	{ GET, "/timesheets", MANAGER, timesheet, IN(timesheet), .tx = true,
	    .what = "The sheet of a month of a branch, in neutral kinds: as it "
		    "was frozen when it was closed (a revision, or the last "
		    "one), or as it would be now.",
	    GIVES_JSON(200, timesheet),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_NOT_FOUND } },
	{ GET, "/timesheets/p5.pdf", MANAGER, print, IN(timesheet), .tx = true,
	    .stream = true, .what = "The sheet as form P-5, to be printed.",
	    GIVES_FILE("application/pdf"),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_NOT_FOUND } },
	{ GET, "/timesheets/p5.xlsx", MANAGER, print, IN(timesheet), .tx = true,
	    .stream = true, .what = "The sheet as form P-5, as a workbook.",
	    GIVES_FILE(XLSX),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_NOT_FOUND } },
	{ GET, "/timesheets/t13.pdf", MANAGER, print, IN(timesheet), .tx = true,
	    .stream = true, .what = "The sheet as form T-13, to be printed.",
	    GIVES_FILE("application/pdf"),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_NOT_FOUND } },
	{ GET, "/timesheets/t13.xlsx", MANAGER, print, IN(timesheet),
	    .tx = true, .stream = true,
	    .what = "The sheet as form T-13, as a workbook.", GIVES_FILE(XLSX),
	    .faults = { FAULT_OTHER_BRANCH, FAULT_NOT_FOUND } },
	{ .path = NULL }
};
