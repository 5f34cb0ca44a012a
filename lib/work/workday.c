#include "work/workday.h"

#include <inttypes.h>
#include <string.h>

#include "base/out.h"
#include "base/pool.h"
#include "work/setting.h"
#include "workday.sql.h"

enum {
	DAY = 24 * 3600,
	ZONE = 14 * 3600,
	LONGEST = 36 * 3600, /* what is open may last so long */
	AROUND = 3
}; /* days; no interval is as long */

static int32_t
day_of(int64_t at)
{
	return (int32_t)(at / DAY);
}

struct workday_span
workday_touched(int64_t employee, int64_t from, int64_t to)
{
	return (struct workday_span){ employee, day_of(from - ZONE) - AROUND,
		day_of(to + ZONE + LONGEST) };
}

/* The spans as three PostgreSQL arrays. */
struct arrays {
	struct out *employees, *from, *to;
};

static struct arrays
arrays_of(struct db *db, const struct workday_span *v, size_t n, int32_t around)
{
	struct pool *p = db_its_pool(db);
	struct arrays a = { out_new(p), out_new(p), out_new(p) };

	for (size_t i = 0; i < n; i++) {
		char sep = i ? ',' : '{';

		out_printf(a.employees, "%c%" PRId64, sep, v[i].employee);
		out_printf(a.from, "%c%d", sep, (int)(v[i].from - around));
		out_printf(a.to, "%c%d", sep, (int)(v[i].to + around));
	}
	out_put(a.employees, "}", 1);
	out_put(a.from, "}", 1);
	out_put(a.to, "}", 1);
	return a;
}

static const char *
text(const struct out *o)
{
	size_t n;

	return out_body(o, &n);
}

/* The rows of an employee are those from *row on; behind them afterwards. */
static int
rows_of(const struct rows *r, int *row, int64_t employee)
{
	int first = *row;

	while (*row < r->n && row_int(r, *row, "employee") == employee)
		++*row;
	return first;
}

static struct plan
plan_of(struct pool *pool, const struct rows *r, int first, int last)
{
	struct shift *s = pool_alloc(pool,
	    (size_t)(last - first) * sizeof(*s) + 1);

	for (int i = first; i < last; i++)
		s[i - first] = (struct shift){
			.day = (int32_t)row_int(r, i, "day"),
			.start = row_time(r, i, "starts_at"),
			.end = row_time(r, i, "ends_at"),
			.grace = (int32_t)row_int(r, i, "grace_seconds"),
			.break_after = (int32_t)row_int(r, i, "break_after"),
			.break_length = (int32_t)row_int(r, i, "break_length"),
		};
	return (struct plan){ s, (size_t)(last - first) };
}

static struct rows
plan_rows(struct db *db, const struct workday_span *v, size_t n, int32_t around)
{
	struct arrays a = arrays_of(db, v, n, around);

	return sql_plan_load(db, text(a.employees), text(a.from), text(a.to));
}

enum fault
workday_plans(struct db *db, const struct workday_span *v, size_t n,
    struct plan *plans)
{
	struct rows r = plan_rows(db, v, n, 0);
	int row = 0, first;

	for (size_t i = 0; r.fault == OK && i < n; i++) {
		first = rows_of(&r, &row, v[i].employee);
		plans[i] = plan_of(db_its_pool(db), &r, first, row);
	}
	return r.fault;
}

enum fault
workday_plan(struct db *db, int64_t employee, int64_t from, int64_t to,
    struct plan *plan)
{
	struct workday_span span = workday_touched(employee, from, to);

	return workday_plans(db, &span, 1, plan);
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

/* What one employee did, of the rows from first to last. */
static void
load_work(struct facts *f, struct pool *pool, const struct rows *r, int first,
    int last)
{
	struct loading l = { .facts = f };
	size_t n = (size_t)(last - first) + 1;

	f->worked = pool_alloc(pool, n * sizeof(*f->worked));
	f->strays = pool_alloc(pool, n * sizeof(*f->strays));
	l.spans = pool_alloc(pool, n * sizeof(*l.spans));
	for (int i = first; i < last; i++) {
		next_zone(&l, pool, row_text(r, i, "time_zone"));
		load_row(&l, r, i);
	}
	sort_worked(f);
	day_attribute(f);
}

static enum fault
load(struct db *db, const struct workday_span *v, size_t n, struct facts *f)
{
	struct pool *pool = db_its_pool(db);
	int64_t overtime = setting_int(db, SETTING_overtime_minutes) * 60;
	struct arrays a = arrays_of(db, v, n, AROUND);
	struct rows plans = plan_rows(db, v, n, AROUND), work;
	int plan = 0, row = 0, first;

	if (plans.fault != OK)
		return plans.fault;
	work = sql_work_load(db, text(a.employees), text(a.from), text(a.to));
	if (work.fault != OK)
		return work.fault;
	for (size_t i = 0; i < n; i++) {
		first = rows_of(&plans, &plan, v[i].employee);
		f[i] = (struct facts){ .overtime_from = overtime,
			.plan = plan_of(pool, &plans, first, plan) };
		first = rows_of(&work, &row, v[i].employee);
		load_work(&f[i], pool, &work, first, row);
	}
	return OK;
}

enum fault
workday_load(struct db *db, int64_t employee, int32_t from, int32_t to,
    struct facts *f)
{
	struct workday_span span = { employee, from, to };

	return load(db, &span, 1, f);
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
put_figures(struct out *o, int64_t employee, int32_t day,
    const struct figures *g)
{
	const struct {
		const char *name;
		int64_t value;
	} all[] = {
		{ "employee", employee },
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
put_day(struct out *o, const char *what, int64_t id, int32_t day)
{
	out_open(o, NULL, '{');
	out_int(o, what, id);
	out_int(o, "day", day);
	out_close(o, '}');
}

/* Further away from the span, not all shifts are known that decide. */
static void
put_days(struct out *o, const struct workday_span *s, const struct facts *f)
{
	int32_t from = s->from - 1, to = s->to + 1;

	for (size_t i = 0; i < f->n_worked; i++)
		if (f->worked[i].day >= from && f->worked[i].day <= to)
			put_day(o, "interval", f->worked[i].id,
			    f->worked[i].day);
	for (size_t i = 0; i < f->n_strays; i++)
		if (f->strays[i].day >= from && f->strays[i].day <= to)
			put_day(o, "event", f->strays[i].id, f->strays[i].day);
}

static void
put_span(struct out *figures, const struct workday_span *s,
    const struct facts *facts)
{
	for (int32_t d = s->from; d <= s->to; d++) {
		struct figures g;

		day_figures(facts, d, &g, NULL, NULL);
		put_figures(figures, s->employee, d, &g);
	}
}

enum fault
workday_refresh_all(struct db *db, const struct workday_span *v, size_t n,
    enum closed closed, struct facts *facts)
{
	struct pool *pool = db_its_pool(db);
	struct out *figures = out_new(pool), *days = out_new(pool);
	struct arrays a = arrays_of(db, v, n, 0);
	enum fault f = load(db, v, n, facts);

	if (f != OK)
		return f;
	out_open(figures, NULL, '[');
	out_open(days, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		put_span(figures, &v[i], &facts[i]);
		put_days(days, &v[i], &facts[i]);
	}
	out_close(figures, ']');
	out_close(days, ']');
	return sql_workday_rewrite(db, text(a.employees), text(a.from),
	    text(a.to), text(figures), text(days), closed == CLOSED_KEPT)
	    .fault;
}

enum fault
workday_refresh(struct db *db, int64_t employee, int32_t from, int32_t to)
{
	struct workday_span span = { employee, from, to };
	struct facts facts;

	return from > to ?
	    OK :
	    workday_refresh_all(db, &span, 1, CLOSED_REFUSED, &facts);
}

enum fault
workday_add(struct db *db, int64_t employee, int64_t at, int64_t *late)
{
	struct workday_span span = workday_touched(employee, at, at);
	struct facts facts;
	enum fault f = workday_refresh_all(db, &span, 1, CLOSED_KEPT, &facts);

	*late = f == OK ? day_late(&facts, at) : 0;
	return f;
}

enum fault
workday_rebuild(struct db *db, int64_t employee, enum closed closed,
    int64_t now)
{
	struct rows r = sql_workday_bounds(db, employee, now);
	struct workday_span all = { .employee = employee };
	struct facts facts;
	enum fault f = r.fault;

	if (f != OK)
		return f;
	all.from = (int32_t)row_int(&r, 0, "first_day");
	all.to = (int32_t)row_int(&r, 0, "last_day");
	if (all.from <= all.to)
		f = workday_refresh_all(db, &all, 1, closed, &facts);
	return f != OK ? f : sql_workday_through(db, employee, all.to).fault;
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
		return workday_rebuild(db, employee, CLOSED_REFUSED, now);
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
