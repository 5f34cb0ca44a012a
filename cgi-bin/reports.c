/*
 * reports: worked days and events, as pages and as CSV of any size.
 */
#include "reports.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "own.sql.h"
#include "reports.sql.h"
#include "web/table.h"

enum { DAY = 24 * 3600, DAYS = 31, DATE = 10 }; /* seconds; days; letters */

/* The date that an instant has in UTC. */
static const char *
date_of(struct req *r, int64_t at)
{
	return pool_strndup(r->pool, clock_rfc3339(r->pool, at), DATE);
}

/*
 * The last 31 days, unless something else is asked for.  Today begins first
 * where the clocks are 14 hours ahead of UTC.
 */
enum fault
set_period(struct req *r, const char **from, const char **to)
{
	int64_t last;

	if (*to == NULL)
		*to = date_of(r, r->now + 14 * 3600);
	clock_parse(pool_printf(r->pool, "%sT00:00:00Z", *to), &last);
	if (*from == NULL)
		*from = date_of(r, last - (DAYS - 1) * DAY);
	if (strcmp(*from, *to) > 0)
		return fail_field(r, "to", "Not before from.");
	return OK;
}

/* GET /reports/days: what everybody, or one, worked on which day. */

struct day_list {
	const char *from, *to;
	int64_t employee, branch;
	bool irregular;
	const char *after;
	int32_t limit;
};

/* "2026-11-21.17": the day and the employee of the last item. */
static bool
is_day_cursor(const char *s)
{
	char day[DATE + 1] = "";
	size_t n = strlen(s);

	if (n < DATE + 2 || n > DATE + 1 + 15 || s[DATE] != '.')
		return false;
	memcpy(day, s, DATE);
	return is_date(day) &&
	    strspn(s + DATE + 1, "0123456789") == n - DATE - 1;
}

static const struct field day_list_in[] = {
	FIELD(day_list, from, .is = is_date, .optional = true),
	FIELD(day_list, to, .is = is_date, .optional = true),
	FIELD_ID(day_list, employee, .def = DB_NULL, .optional = true),
	FIELD_ID(day_list, branch, .def = DB_NULL, .optional = true),
	FIELD(day_list, irregular, .optional = true),
	FIELD(day_list, after, .is = is_day_cursor, .optional = true),
	FIELD_LIMIT(day_list),
	FIELD_END,
};

static enum fault
day_list(struct req *r, const void *arg)
{
	const struct day_list *in = arg;
	const char *from = in->from, *to = in->to, *day = NULL;
	int64_t employee = DB_NULL;
	enum fault f;

	if ((f = set_period(r, &from, &to)) != OK ||
	    (f = sql_report_begin(r->db, "5s").fault) != OK)
		return f;
	if (in->after != NULL) {
		day = pool_strndup(r->pool, in->after, DATE);
		employee = strtoll(in->after + DATE + 1, NULL, 10);
	}
	return reply_page(r,
	    sql_day_list(r->db, r->person, r->roles & ROLE_MANAGER, r->branches,
		from, to, in->employee, in->branch, in->irregular, day,
		employee, r->now, in->limit),
	    in->limit);
}

/* Its first cell, "date time", becomes two. */
static bool
dated_line(const char *line, size_t n, void *arg)
{
	struct table *t = arg;
	const char *blank = memchr(line, ' ', n);
	size_t date = blank ? (size_t)(blank - line) : 0;

	table_put(t, line, date);
	table_text(t, *line == '"' ? "\",\"" : ",");
	return table_line(line + date + 1, n - date - 1, arg);
}

/* What is asked of a CSV: each takes some of it. */

struct csv {
	const char *from, *to;
	int64_t employee, branch;
	const char *kind, *by;
	bool irregular, bom;
};

#define CSV_FIELDS \
	FIELD(csv, from, .is = is_date, .optional = true), \
	    FIELD(csv, to, .is = is_date, .optional = true), \
	    FIELD_ID(csv, employee, .def = DB_NULL, .optional = true), \
	    FIELD_ID(csv, branch, .def = DB_NULL, .optional = true), \
	    FIELD(csv, bom, .optional = true)

/* With a period, and the file that it is called after. */
static enum fault
csv_begin(struct req *r, const char *what, struct csv *in, struct table **t)
{
	enum fault f = set_period(r, &in->from, &in->to);

	if (f != OK || (f = sql_report_begin(r->db, "30min").fault) != OK)
		return f;
	*t = table_csv(r, in->bom,
	    pool_printf(r->pool, "%s-%s-%s.csv", what, in->from, in->to));
	return OK;
}

/* GET /reports/days.csv */

static const struct field day_csv_in[] = { CSV_FIELDS, FIELD_END };

static enum fault
day_csv(struct req *r, const void *arg)
{
	struct csv in = *(const struct csv *)arg;
	struct table *t;
	enum fault f = csv_begin(r, "days", &in, &t);

	if (f != OK)
		return f;
	return table_end(t,
	    sql_day_csv(r->db, r->person, r->branches, in.from, in.to,
		in.employee, in.branch, r->now, table_line, t));
}

/* GET /reports/events.csv */

static const struct field event_csv_in[] = { CSV_FIELDS,
	FIELD(csv, kind, .in = "in|out", .optional = true),
	FIELD(csv, irregular, .optional = true), FIELD_END };

static enum fault
event_csv(struct req *r, const void *arg)
{
	struct csv in = *(const struct csv *)arg;
	struct table *t;
	enum fault f = csv_begin(r, "events", &in, &t);

	if (f != OK)
		return f;
	return table_end(t,
	    sql_event_csv(r->db, r->person, r->branches, in.from, in.to,
		in.employee, in.branch, in.kind, in.irregular, r->now,
		dated_line, t));
}

/* GET /stats/worktime.csv */

static const struct field worktime_csv_in[] = { CSV_FIELDS,
	FIELD(csv, by, .in = "day|total", .def_text = "total",
	    .optional = true),
	FIELD_END };

static enum fault
worktime_csv(struct req *r, const void *arg)
{
	struct csv in = *(const struct csv *)arg;
	struct table *t;
	enum fault f = csv_begin(r, "worktime", &in, &t);

	if (f != OK)
		return f;
	return table_end(t,
	    sql_worktime_csv(r->db, r->person, r->branches, in.from, in.to,
		in.employee, in.branch, strcmp(in.by, "day") == 0, r->now,
		table_line, t));
}

/* Each tells the database first how to go about it. */
static const struct route routes[] = {
	{ GET, "/reports/days", EMPLOYEE, day_list, IN(day_list), .tx = true,
	    .what =
		"Worked days, newest first: one's own and those of a "
		"manager's branches; the last 31 days unless something else is "
		"asked for.",
	    GIVES_PAGE(day_list) },
	{ GET, "/reports/days.csv", MANAGER, day_csv, IN_AS(day_csv, csv),
	    .tx = true, .stream = true,
	    .what = "Worked days as CSV of any size.", GIVES_CSV(day_csv) },
	{ GET, "/reports/events.csv", MANAGER, event_csv, IN_AS(event_csv, csv),
	    .tx = true, .stream = true,
	    .what = "Events as CSV of any size, in local time.",
	    GIVES_CSV(event_csv) },
	{ GET, "/me/data.csv", PERSON, own_csv, IN(own_csv), .tx = true,
	    .stream = true,
	    .what = "All that is kept about the caller, as CSV of any size, in "
		    "local time; item is the row itself, as JSON.",
	    GIVES_CSV(own_about) },
	{ GET, "/me/data.json", PERSON, own_json, NO_IN, .tx = true,
	    .stream = true, .what = "All that is kept about the caller.",
	    GIVES_JSON(200, own_data) },
	{ GET, "/stats/worktime", EMPLOYEE, worktime, IN(worktime), .tx = true,
	    .stream = true,
	    .what =
		"Worked time against the plan, by employee or by day: one's "
		"own and that of a manager's branches; the last 31 days unless "
		"something else is asked for.  A branch is that of who belongs "
		"there now, with all their days: its sheet (GET /timesheets) "
		"has the days on which somebody belonged there.",
	    GIVES_JSON(200, worktime) },
	{ GET, "/stats/worktime.csv", MANAGER, worktime_csv,
	    IN_AS(worktime_csv, csv), .tx = true, .stream = true,
	    .what = "Worked time against the plan as CSV, in hours.",
	    GIVES_CSV(worktime_csv) },
	{ GET, "/stats/worktime/explain", EMPLOYEE, worktime_explain,
	    IN(worktime_explain), .tx = true,
	    .what = "The facts and rules behind each figure of a day.",
	    GIVES_JSON(200, worktime_explain), .faults = { FAULT_NOT_FOUND } },
};

API_MAIN("reports", routes)
