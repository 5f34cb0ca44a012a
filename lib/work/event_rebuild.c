/*
 * Derived rows are made again from facts: read, folded and written for several
 * employees at once, so that a batch of taps costs few statements.
 */
#include "base/out.h"
#include "base/pool.h"
#include "event.sql.h"
#include "work/event.h"
#include "work/workday.h"

/* What is folded of one employee, and the days that it may touch. */
struct stretch {
	const struct event_since *of;
	int64_t from, to; /* instants */
	struct pairing before;
	int64_t open; /* event, 0 if nothing is open */
	int64_t limit; /* of what is open (W6) */
	int64_t spell, spells; /* of what is open, and all (W7) */
	bool planned;
	struct plan plan;
	size_t n;
	int64_t *events,
	    *taps; /* of each fact; a tap that is no event yet: 0 */
	struct fact *facts;
	struct step *steps;
	size_t *order;
	bool *tell; /* whether he came too late */
};

/* The folds of several, written as JSON arrays for one statement each. */
struct rewrite {
	struct db *db;
	struct out *dropped, *made, *meanings, *intervals;
	int n_made;
};

static void
put_interval(struct rewrite *w, struct stretch *s, int64_t out, bool missing)
{
	out_open(w->intervals, NULL, '{');
	out_int(w->intervals, "in_event", s->open);
	if (out != 0)
		out_int(w->intervals, "out_event", out);
	out_bool(w->intervals, "missing", missing);
	out_int(w->intervals, "limit_seconds", s->limit);
	out_close(w->intervals, '}');
	s->open = 0;
}

static void
put_step(struct rewrite *w, struct stretch *s, size_t i)
{
	const struct step *step = &s->steps[i];
	int64_t id = s->events[i];

	if (id == 0)
		return;
	out_open(w->meanings, NULL, '{');
	out_int(w->meanings, "event", id);
	out_text(w->meanings, "kind", kind_name(step->kind));
	out_text(w->meanings, "effect", effect_name(step->effect));
	out_close(w->meanings, '}');
	if (step->missing_out)
		put_interval(w, s, 0, true);
	if (step->effect == EFFECT_CLOSES)
		put_interval(w, s, id, false);
	if (step->effect == EFFECT_OPENS) {
		s->open = id;
		s->spell = s->facts[i].spell;
		s->limit = plan_limit(&s->plan, s->facts[i].at,
		    s->facts[i].limit);
		if (s->limit < s->facts[i].longest)
			s->limit = s->facts[i].longest;
	}
}

static void
put_steps(struct rewrite *w, struct stretch *s)
{
	for (size_t i = 0; i < s->n; i++)
		put_step(w, s, s->order[i]);
	if (s->open != 0)
		put_interval(w, s, 0, s->spell != s->spells);
}

static void
put_dropped(struct rewrite *w, const struct stretch *s)
{
	out_open(w->dropped, NULL, '{');
	out_int(w->dropped, "employee", s->of->employee);
	out_time(w->dropped, "since", s->of->since);
	if (s->open != 0)
		out_int(w->dropped, "open", s->open);
	out_close(w->dropped, '}');
}

/* Those taps that mean something new. */
static void
put_made(struct rewrite *w, const struct stretch *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct step *step = &s->steps[s->order[i]];

		if (s->events[s->order[i]] != 0 ||
		    step->effect == EFFECT_REPEAT)
			continue;
		out_open(w->made, NULL, '{');
		out_int(w->made, "n", w->n_made++);
		out_int(w->made, "tap", s->taps[s->order[i]]);
		out_text(w->made, "kind", kind_name(step->kind));
		out_text(w->made, "effect", effect_name(step->effect));
		out_bool(w->made, "missing_out", step->missing_out);
		out_close(w->made, '}');
	}
}

/* The rows are those of put_made(), in its order. */
static void
take_made(struct stretch *s, const struct rows *made, int *row)
{
	for (size_t k = 0; k < s->n; k++) {
		size_t i = s->order[k];

		if (s->events[i] != 0 || s->steps[i].effect == EFFECT_REPEAT)
			continue;
		s->events[i] = row_int(made, *row, "id");
		s->tell[i] = row_bool(made, *row, "tell");
		++*row;
	}
}

/* The state before the first fact, if the row tells of one. */
static bool
load_before(struct stretch *s, const struct rows *r, int row)
{
	if (!row_bool(r, row, "before"))
		return false;
	s->before = (struct pairing){ .any = true,
		.last_at = row_time(r, row, "at"),
		.last_kind = kind_of(row_text(r, row, "kind")),
		.last_out = row_time(r, row, "last_out"),
		.open = row_bool(r, row, "opens") };
	if (s->before.open) {
		s->open = row_int(r, row, "id");
		s->limit = row_int(r, row, "limit_seconds");
		s->before.open_at = s->from = s->before.last_at;
		s->before.open_limit = s->limit;
		s->before.open_spell = s->spell = row_int(r, row, "spell");
	}
	return true;
}

static void
load_facts(struct stretch *s, struct pool *pool, const struct rows *r, int row)
{
	s->events = pool_alloc(pool, s->n * sizeof(*s->events) + 1);
	s->taps = pool_alloc(pool, s->n * sizeof(*s->taps) + 1);
	s->facts = pool_alloc(pool, s->n * sizeof(*s->facts) + 1);
	s->steps = pool_alloc(pool, s->n * sizeof(*s->steps) + 1);
	s->order = pool_alloc(pool, s->n * sizeof(*s->order) + 1);
	s->tell = pool_alloc(pool, s->n * sizeof(*s->tell) + 1);
	for (size_t i = 0; i < s->n; i++, row++) {
		s->events[i] = row_int(r, row, "id");
		s->taps[i] = row_int(r, row, "tap");
		s->facts[i] = (struct fact){ row_time(r, row, "at"),
			kind_of(row_text(r, row, "kind")),
			row_int(r, row, "limit_seconds"),
			row_int(r, row, "longest_seconds"),
			row_int(r, row, "spell"), row_bool(r, row, "by_hand") };
	}
	if (s->n == 0)
		return;
	if (s->of->since == 0)
		s->from = s->facts[0].at;
	if (s->facts[s->n - 1].at > s->to)
		s->to = s->facts[s->n - 1].at;
}

/* The rows from first to the one before last are his. */
static void
load(struct stretch *s, struct pool *pool, const struct rows *r, int first,
    int last)
{
	s->planned = first < last && row_bool(r, first, "planned");
	s->spells = first < last ? row_int(r, first, "spells") : 0;
	s->from = s->of->since;
	s->to = s->of->until > s->from ? s->of->until : s->from;
	if (first < last && load_before(s, r, first))
		first++;
	s->n = (size_t)(last - first);
	load_facts(s, pool, r, first);
}

/* The shifts near all facts, if any of the employees has some. */
static enum fault
load_plans(struct db *db, struct stretch *s, size_t n)
{
	struct pool *pool = db_its_pool(db);
	struct workday_span *days = pool_alloc(pool, n * sizeof(*days) + 1);
	struct plan *plans = pool_alloc(pool, n * sizeof(*plans) + 1);
	size_t planned = 0;
	enum fault f;

	for (size_t i = 0; i < n; i++)
		if (s[i].planned)
			days[planned++] = workday_touched(s[i].of->employee,
			    s[i].from, s[i].to);
	if (planned == 0 || (f = workday_plans(db, days, planned, plans)) != OK)
		return planned == 0 ? OK : f;
	for (size_t i = 0; i < n; i++)
		if (s[i].planned)
			s[i].plan = *plans++;
	return OK;
}

static const char *
since_json(struct db *db, const struct event_since *v, size_t n)
{
	struct out *o = out_new(db_its_pool(db));
	size_t len;

	out_open(o, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		out_open(o, NULL, '{');
		out_int(o, "employee", v[i].employee);
		out_time(o, "since", v[i].since);
		out_close(o, '}');
	}
	out_close(o, ']');
	return out_body(o, &len);
}

static enum fault
fold_all(struct db *db, struct stretch *s, const struct event_since *v,
    size_t n)
{
	struct rows r = sql_facts_load(db, since_json(db, v, n));
	enum fault f = r.fault;
	int row = 0, first;

	for (size_t i = 0; f == OK && i < n; i++) {
		first = row;
		while (
		    row < r.n && row_int(&r, row, "employee") == v[i].employee)
			row++;
		s[i] = (struct stretch){ .of = &v[i] };
		load(&s[i], db_its_pool(db), &r, first, row);
	}
	if (f != OK || (f = load_plans(db, s, n)) != OK)
		return f;
	for (size_t i = 0; i < n; i++) {
		s[i].before.plan = &s[i].plan;
		pairing_fold(&s[i].before, s[i].facts, s[i].n, s[i].steps,
		    s[i].order);
	}
	return OK;
}

static const char *
list(struct out *o)
{
	size_t n;

	out_close(o, ']');
	return out_body(o, &n);
}

static enum fault
make_events(struct rewrite *w, struct stretch *s, size_t n, int64_t now)
{
	struct rows made;
	int row = 0;

	for (size_t i = 0; i < n; i++)
		put_made(w, &s[i]);
	if (w->n_made == 0)
		return OK;
	made = sql_events_of_taps(w->db, list(w->made), now);
	if (made.fault != OK || made.n != w->n_made)
		return made.fault != OK ? made.fault : FAULT_INTERNAL;
	for (size_t i = 0; i < n; i++)
		take_made(&s[i], &made, &row);
	return OK;
}

static struct out *
list_new(struct db *db)
{
	struct out *o = out_new(db_its_pool(db));

	out_open(o, NULL, '[');
	return o;
}

/* All pairings; the stretches then tell which days they may touch. */
static enum fault
rewrite(struct db *db, struct stretch *s, const struct event_since *v, size_t n,
    int64_t now)
{
	struct rewrite w = { db, list_new(db), list_new(db), list_new(db),
		list_new(db), 0 };
	enum fault f;

	if ((f = fold_all(db, s, v, n)) != OK)
		return f;
	for (size_t i = 0; i < n; i++)
		put_dropped(&w, &s[i]);
	if ((f = make_events(&w, s, n, now)) != OK ||
	    (f = sql_intervals_drop(db, list(w.dropped)).fault) != OK)
		return f;
	for (size_t i = 0; i < n; i++)
		put_steps(&w, &s[i]);
	return sql_facts_rewrite(db, list(w.meanings), list(w.intervals), now)
	    .fault;
}

static enum fault
tell_late(struct db *db, const struct stretch *s, const struct facts *facts,
    int64_t now)
{
	enum fault f = OK;

	for (size_t i = 0; f == OK && i < s->n; i++) {
		int64_t late = s->tell[i] ? day_late(facts, s->facts[i].at) : 0;

		if (late > 0)
			f = sql_notice_late(db, s->events[i], late, now).fault;
	}
	return f;
}

enum fault
event_rebuild_since(struct db *db, const struct event_since *v, size_t n,
    enum closed closed, int64_t now)
{
	struct pool *pool = db_its_pool(db);
	struct stretch *s = pool_alloc(pool, n * sizeof(*s) + 1);
	struct workday_span *days = pool_alloc(pool, n * sizeof(*days) + 1);
	struct facts *facts = pool_alloc(pool, n * sizeof(*facts) + 1);
	enum fault f = rewrite(db, s, v, n, now);

	if (f != OK)
		return f;
	for (size_t i = 0; i < n; i++)
		days[i] = workday_touched(v[i].employee, s[i].from, s[i].to);
	f = workday_refresh_all(db, days, n, closed, facts);
	for (size_t i = 0; f == OK && i < n; i++)
		f = tell_late(db, &s[i], &facts[i], now);
	return f;
}

enum fault
event_rebuild(struct db *db, int64_t employee, int64_t now)
{
	struct event_since all = { employee, 0, 0 };
	struct stretch s;
	enum fault f = rewrite(db, &s, &all, 1, now);

	return f != OK ? f : workday_rebuild(db, employee, CLOSED_REFUSED, now);
}

enum fault
event_rebuild_open(struct db *db, int64_t employee, int64_t now,
    const char **day)
{
	struct rows r = sql_facts_open(db, employee);
	struct event_since open = { employee, 0, 0 };
	struct stretch s;
	enum fault f = r.fault;

	if (f != OK)
		return f;
	if (day != NULL)
		*day = row_text(&r, 0, "day");
	open.since = row_time(&r, 0, "since");
	f = rewrite(db, &s, &open, 1, now);
	return f != OK ? f : workday_rebuild(db, employee, CLOSED_KEPT, now);
}
