/*
 * One's own data: all that is kept about the caller, as JSON or as CSV.
 *
 * Both are written of the same lines of the database, as they come: a cell
 * says to which section a line belongs, the last one is the row itself.
 */
#include "reports.h"

#include <string.h>

#include "own.sql.h"
#include "reports.sql.h"
#include "web/table.h"

/* In the order of the statements.  The first is one thing, not a list. */
static const char *const sections[] = { "person", "employments", "roles",
	"registrations", "sessions", "calendar_link", "messages", "scans",
	"events", "taps", "intervals", "days", "schedules",
	"schedule_exceptions", "absences", "corrections", "log" };

enum { SECTIONS = sizeof(sections) / sizeof(*sections) };

struct own {
	struct req *r;
	struct table *table;
	struct pool *pool; /* of one line */
	bool headed; /* the statement's header has been seen */
	bool any; /* line has been written, or item of the section */
	int section;
};

static void
end_pool(void *pool)
{
	pool_free(pool);
}

static struct own *
own_new(struct req *r, struct table *table)
{
	struct own *own = pool_alloc(r->pool, sizeof(*own));

	own->r = r;
	own->table = table;
	own->pool = pool_new();
	pool_defer(r->pool, end_pool, own->pool);
	return own;
}

static enum fault
own_data(struct own *own, db_line *line)
{
	typedef enum fault query(struct db *, int64_t, db_line *, void *);
	static query *const queries[] = { sql_own_about, sql_own_work,
		sql_own_plan, sql_own_log };
	enum fault f = sql_report_begin(own->r->db, "5min").fault;

	for (size_t i = 0; f == OK && i < sizeof(queries) / sizeof(*queries);
	     i++) {
		own->headed = false;
		f = queries[i](own->r->db, own->r->person, line, own);
	}
	return f;
}

/* GET /me/data.csv */

const struct field own_csv_in[] = {
	FIELD(own_csv, bom, .optional = true),
	FIELD_END,
};

static bool
csv_line(const char *line, size_t n, void *arg)
{
	struct own *own = arg;
	bool header = !own->headed;

	own->headed = true;
	if (header && own->any)
		return true;
	own->any = true;
	return table_line(line, n, own->table);
}

enum fault
own_csv(struct req *r, const void *arg)
{
	const struct own_csv *in = arg;
	struct table *t = table_csv(r, in->bom, "tabel-data.csv");

	return table_end(t, own_data(own_new(r, t), csv_line));
}

/* GET /me/data.json */

static void
section_begin(struct own *own)
{
	table_text(own->table,
	    pool_printf(own->r->pool, ",\"%s\":%s", sections[own->section],
		own->section == 0 ? "" : "["));
	own->any = false;
}

/* Up to that section: those before it that have no rows are empty. */
static void
section_go(struct own *own, int to)
{
	while (own->section < to) {
		if (own->section >= 0)
			table_text(own->table, own->section == 0 ? "" : "]");
		if (++own->section < SECTIONS)
			section_begin(own);
	}
}

static int
section_named(const char *name)
{
	int i = 0;

	while (i < SECTIONS && strcmp(sections[i], name) != 0)
		i++;
	return i;
}

static bool
json_line(const char *line, size_t n, void *arg)
{
	enum { CELLS = 6 }; /* the last is the row */
	const char *end = line + n, *name = NULL, *cell = NULL;
	struct own *own = arg;

	if (!own->headed) {
		own->headed = true;
		return true;
	}
	for (int i = 0; i < CELLS; i++) {
		cell = table_cell(own->pool, line, end, &line);
		name = i == 0 ? cell : name;
	}
	section_go(own, section_named(name));
	if (own->any)
		table_text(own->table, ",");
	own->any = true;
	table_text(own->table, cell);
	pool_reset(own->pool);
	return !table_gone(own->table);
}

enum fault
own_json(struct req *r, const void *arg)
{
	struct out *head = out_new(r->pool);
	struct own *own;
	enum fault f;
	size_t n;

	(void)arg;
	out_open(head, NULL, '{');
	out_time(head, "made_at", r->now);
	own = own_new(r, table_json(r, "tabel-data.json", out_body(head, &n)));
	own->section = -1;
	f = own_data(own, json_line);
	if (f == OK) {
		section_go(own, SECTIONS);
		table_text(own->table, "}");
	}
	return table_end(own->table, f);
}
