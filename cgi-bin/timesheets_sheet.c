/*
 * A sheet, read from its JSON.
 */
#include "timesheets.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "paper/grid.h"

static const struct kind_info kinds[] = {
#define KIND(name, group, t13, p5) { #name, KIND_##group, { t13, p5 } },
#include "timesheets_kinds.def"
#undef KIND
};

static int
compare(const void *name, const void *kind)
{
	return strcmp(name, ((const struct kind_info *)kind)->name);
}

static const struct kind_info *
kind_named(const char *name)
{
	return bsearch(name, kinds, sizeof(kinds) / sizeof(*kinds),
	    sizeof(*kinds), compare);
}

static const char *
text(struct json_object *o, const char *name)
{
	const char *s;

	return json_text(o, name, &s) ? s : NULL;
}

static const char *
text_or_nothing(struct json_object *o, const char *name)
{
	const char *s = text(o, name);

	return s != NULL ? s : "";
}

static int64_t
number(struct json_object *o, const char *name)
{
	int64_t n;

	return json_int(o, name, &n) ? n : 0;
}

static bool
read_day(struct json_object *o, struct sheet_day *day)
{
	struct json_object *list = json_get(o, "kinds");
	size_t n = json_length(list);

	for (size_t i = 0; i < n && i < DAY_PARTS; i++) {
		struct json_object *part = json_at(list, i);
		const char *name = text(part, "kind");
		const struct kind_info *kind = name ? kind_named(name) : NULL;

		if (kind == NULL)
			return false;
		day->parts[day->n_parts++] = (struct part){ kind,
			number(part, "seconds") };
	}
	return n <= DAY_PARTS;
}

static bool
read_kind(const char *name, struct json_object *o, void *arg)
{
	struct sheet_row *row = arg;
	const struct kind_info *kind = kind_named(name);

	if (kind != NULL && row->n_kinds < ROW_KINDS)
		row->kinds[row->n_kinds++] = (struct sheet_kind){ kind,
			number(o, "days"), number(o, "seconds") };
	return true;
}

static bool
read_row(struct json_object *o, struct sheet_row *row)
{
	struct json_object *days = json_get(o, "days");
	struct json_object *halves = json_get(o, "halves");
	size_t n = json_length(days);

	row->name = text_or_nothing(o, "short_name");
	row->number = text_or_nothing(o, "personnel_number");
	row->position = text_or_nothing(o, "position_name");
	row->month = (struct sheet_total){ number(o, "worked_days"),
		number(o, "worked_seconds") };
	row->night = number(o, "night_seconds");
	for (size_t i = 0; i < 2; i++)
		row->halves[i] = (struct sheet_total){
			number(json_at(halves, i), "days"),
			number(json_at(halves, i), "worked_seconds")
		};
	json_each(json_get(o, "kinds"), read_kind, row);
	for (size_t i = 0; i < n && i < MONTH_DAYS; i++)
		if (!read_day(json_at(days, i), &row->days[i]))
			return false;
	return n <= MONTH_DAYS && json_length(halves) == 2;
}

struct sheet *
sheet_read(struct pool *pool, const char *json)
{
	struct json_object *o = json_parse(pool, json, strlen(json), NULL);
	struct json_object *rows = json_get(o, "rows");
	struct sheet *s = pool_alloc(pool, sizeof(*s));
	const char *closed = text(o, "closed_at");

	*s = (struct sheet){ .organisation = text_or_nothing(o, "organisation"),
		.code = text_or_nothing(o, "organisation_code"),
		.branch = text_or_nothing(o, "branch_name"),
		.reason = text(o, "reason"),
		.from = text(o, "from"),
		.to = text(o, "to"),
		.closed_on = text(o, "closed_on"),
		.revision = number(o, "revision"),
		.branch_id = number(o, "branch"),
		.n_rows = json_length(rows) };
	if (s->from == NULL || s->to == NULL ||
	    (closed != NULL && !clock_parse(closed, &s->closed_at)))
		return NULL;
	s->n_days = (int)strtol(s->to + strlen("2026-10-"), NULL, 10);
	s->rows = pool_alloc(pool, s->n_rows * sizeof(*s->rows) + 1);
	for (size_t i = 0; i < s->n_rows; i++)
		if (!read_row(json_at(rows, i), &s->rows[i]))
			return NULL;
	return s;
}

const char *
sheet_letters(struct pool *pool, const struct sheet_day *day, enum form form)
{
	const char *s = "";

	for (int i = 0; i < day->n_parts; i++)
		s = pool_printf(pool, "%s%s%s", s, i > 0 ? "/" : "",
		    day->parts[i].kind->letters[form]);
	return s;
}

const char *
sheet_hours(struct pool *pool, const struct sheet_day *day)
{
	const char *s = "";

	for (int i = 0; i < day->n_parts; i++)
		if (day->parts[i].seconds > 0)
			s = pool_printf(pool, "%s%s%s", s, i > 0 ? "/" : "",
			    grid_hours_text(pool, day->parts[i].seconds));
	return s;
}

int64_t
sheet_days_of(const struct sheet_row *row, enum kind_group group)
{
	int64_t days = 0;

	for (int i = 0; i < row->n_kinds; i++)
		if (row->kinds[i].kind->group == group)
			days += row->kinds[i].days;
	return days;
}

int64_t
sheet_seconds_of(const struct sheet_row *row, const char *kind)
{
	for (int i = 0; i < row->n_kinds; i++)
		if (strcmp(row->kinds[i].kind->name, kind) == 0)
			return row->kinds[i].seconds;
	return 0;
}

const char *
sheet_date(struct pool *pool, const char *day)
{
	return pool_printf(pool, "%.2s.%.2s.%.4s", day + 8, day + 5, day);
}
