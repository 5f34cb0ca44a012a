#include "work/workday.h"

#include <string.h>

#include "base/out.h"
#include "base/pool.h"
#include "work/setting.h"
#include "workday.sql.h"

enum {
	DAY = 24 * 3600,
	ZONE = 14 * 3600,
	AROUND = 3
}; /* days; no interval is as long */

static int32_t
day_of(int64_t at)
{
	return (int32_t)(at / DAY);
}

static enum fault
load_plan(struct db *db, int64_t employee, int32_t from, int32_t to,
    struct plan *plan)
{
	struct rows r = sql_plan_load(db, employee, from, to);
	struct shift *s;

	if (r.fault != OK)
		return r.fault;
	s = pool_alloc(db_its_pool(db), (size_t)r.n * sizeof(*s) + 1);
	for (int i = 0; i < r.n; i++)
		s[i] = (struct shift){
			.day = (int32_t)row_int(&r, i, "day"),
			.start = row_time(&r, i, "starts_at"),
			.end = row_time(&r, i, "ends_at"),
			.grace = (int32_t)row_int(&r, i, "grace_seconds"),
			.break_after = (int32_t)row_int(&r, i, "break_after"),
			.break_length = (int32_t)row_int(&r, i, "break_length"),
		};
	*plan = (struct plan){ s, (size_t)r.n };
	return OK;
}

enum fault
workday_plan(struct db *db, int64_t employee, int64_t from, int64_t to,
    struct plan *plan)
{
	return load_plan(db, employee, day_of(from - ZONE) - AROUND,
	    day_of(to + ZONE) + 1, plan);
}

/* One zone's rows come together: its nights, and what is in them. */
struct loading {
	struct facts *facts;
	struct spans *nights; /* of the zone that is read now */
	struct span *spans; /* room for the next */
	const char *zone;
};

static enum worked_state
state_of(const char *what)
{
	if (strcmp(what, "closed") == 0)
		return WORKED_CLOSED;
	return strcmp(what, "open") == 0 ? WORKED_OPEN : WORKED_MISSING_OUT;
}

static void
load_row(struct loading *l, const struct rows *r, int i)
{
	struct facts *f = l->facts;
	const char *what = row_text(r, i, "what");
	int64_t at = row_time(r, i, "at"), until = row_time(r, i, "until");

	if (strcmp(what, "night") == 0) {
		l->spans[l->nights->n++] = (struct span){ at, until };
		return;
	}
	if (strcmp(what, "stray") == 0) {
		f->strays[f->n_strays++] = (struct stray){ .id = row_int(r, i,
							       "id"),
			.at = at,
			.date = (int32_t)row_int(r, i, "day"),
			.since = (int32_t)row_int(r, i, "since") };
		return;
	}
	f->worked[f->n_worked++] = (struct worked){ .id = row_int(r, i, "id"),
		.state = state_of(what),
		.in_at = at,
		.out_at = until,
		.limit_at = until,
		.nights = l->nights,
		.date = (int32_t)row_int(r, i, "day") };
}

static void
next_zone(struct loading *l, struct pool *pool, const char *zone)
{
	if (l->zone != NULL && strcmp(l->zone, zone) == 0)
		return;
	if (l->nights != NULL)
		l->spans += l->nights->n;
	l->zone = zone;
	l->nights = pool_alloc(pool, sizeof(*l->nights));
	l->nights->v = l->spans;
}

/* Rows come by zone; intervals are wanted by time whatever their zone. */
static void
sort_worked(struct facts *f)
{
	for (size_t i = 1; i < f->n_worked; i++)
		for (size_t k = i;
		     k > 0 && f->worked[k - 1].in_at > f->worked[k].in_at;
		     k--) {
			struct worked w = f->worked[k];

			f->worked[k] = f->worked[k - 1];
			f->worked[k - 1] = w;
		}
}

enum fault
workday_load(struct db *db, int64_t employee, int32_t from, int32_t to,
    struct facts *f)
{
	struct pool *pool = db_its_pool(db);
	struct loading l = { .facts = f };
	struct rows r;
	enum fault fault;
	size_t n;

	*f = (struct facts){
		.overtime_from = setting_int(db, SETTING_overtime_minutes) * 60
	};
	fault = load_plan(db, employee, from - AROUND, to + AROUND, &f->plan);
	if (fault != OK)
		return fault;
	r = sql_work_load(db, employee, from - AROUND, to + AROUND);
	if (r.fault != OK)
		return r.fault;
	n = (size_t)r.n + 1;
	f->worked = pool_alloc(pool, n * sizeof(*f->worked));
	f->strays = pool_alloc(pool, n * sizeof(*f->strays));
	l.spans = pool_alloc(pool, n * sizeof(*l.spans));
	for (int i = 0; i < r.n; i++) {
		next_zone(&l, pool, row_text(&r, i, "time_zone"));
		load_row(&l, &r, i);
	}
	sort_worked(f);
	day_attribute(f);
	return OK;
}

static void
put_lost(struct out *o, const struct figures *g)
{
	if (g->open_until != 0)
		out_time(o, "open_until", g->open_until);
	if (g->n_unexplained == 0)
		return;
	out_open(o, "unexplained_from", '[');
	for (int32_t i = 0; i < g->n_unexplained; i++)
		out_time(o, NULL, g->unexplained[i]);
	out_close(o, ']');
}

static void
put_figures(struct out *o, int32_t day, const struct figures *g)
{
	const struct {
		const char *name;
		int64_t value;
	} all[] = {
		{ "number", day },
		{ "shifts", g->shifts },
		{ "planned_seconds", g->planned },
		{ "worked_seconds", g->worked },
		{ "break_seconds", g->pause },
		{ "late_seconds", g->late },
		{ "early_seconds", g->early },
		{ "night_seconds", g->night },
		{ "overtime_seconds", g->overtime },
		{ "missing_out", g->missing_out },
		{ "missing_in", g->missing_in },
		{ "intervals", g->intervals },
	};

	if (g->shifts + g->intervals + g->missing_in == 0)
		return;
	out_open(o, NULL, '{');
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		out_int(o, all[i].name, all[i].value);
	put_lost(o, g);
	out_close(o, '}');
}

static void
put_days(struct out *o, const struct facts *f)
{
	out_open(o, NULL, '[');
	for (size_t i = 0; i < f->n_worked; i++) {
		out_open(o, NULL, '{');
		out_int(o, "id", f->worked[i].id);
		out_int(o, "day", f->worked[i].day);
		out_close(o, '}');
	}
	out_close(o, ']');
}

enum fault
workday_refresh(struct db *db, int64_t employee, int32_t from, int32_t to)
{
	struct out *figures = out_new(db_its_pool(db));
	struct out *days = out_new(db_its_pool(db));
	struct facts facts;
	enum fault f;
	size_t n;

	if (from > to)
		return OK;
	if ((f = workday_load(db, employee, from, to, &facts)) != OK)
		return f;
	out_open(figures, NULL, '[');
	for (int32_t d = from; d <= to; d++) {
		struct figures g;

		day_figures(&facts, d, &g, NULL, NULL);
		put_figures(figures, d, &g);
	}
	out_close(figures, ']');
	put_days(days, &facts);
	return sql_workday_rewrite(db, employee, from, to,
	    out_body(figures, &n), out_body(days, &n))
	    .fault;
}

enum fault
workday_touch(struct db *db, int64_t employee, int64_t from, int64_t to)
{
	return workday_refresh(db, employee, day_of(from - ZONE) - AROUND,
	    day_of(to + ZONE) + 1);
}

enum fault
workday_rebuild(struct db *db, int64_t employee, int64_t now)
{
	struct rows r = sql_workday_bounds(db, employee, now);
	int32_t first, last;
	enum fault f;

	if (r.fault != OK)
		return r.fault;
	first = (int32_t)row_int(&r, 0, "first_day");
	last = (int32_t)row_int(&r, 0, "last_day");
	f = workday_refresh(db, employee, first, last);
	return f != OK ? f : sql_workday_through(db, employee, last).fault;
}

enum fault
workday_replan(struct db *db, int64_t employee, int32_t from, int32_t to,
    int64_t now)
{
	struct rows r = sql_workday_bounds(db, employee, now);
	int32_t last;

	if (r.fault != OK)
		return r.fault;
	if (!row_bool(&r, 0, "kept"))
		return workday_rebuild(db, employee, now);
	last = (int32_t)row_int(&r, 0, "last_day");
	return workday_refresh(db, employee, from - 1,
	    to < last ? to + 1 : last);
}

enum fault
workday_ahead(struct db *db, int64_t now, int *n)
{
	struct rows r = sql_workday_behind(db, now);
	enum fault f = r.fault;

	*n = 0;
	for (int i = 0; f == OK && i < r.n; i++) {
		int32_t last = (int32_t)row_int(&r, i, "last_day");
		int64_t employee = row_int(&r, i, "id");

		f = workday_refresh(db, employee,
		    (int32_t)row_int(&r, i, "first_day"), last);
		if (f == OK)
			f = sql_workday_through(db, employee, last).fault;
		*n += f == OK;
	}
	return f;
}
