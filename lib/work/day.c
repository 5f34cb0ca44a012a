#include "work/day.h"

/* What one call of day_figures() works with. */
struct sum {
	const struct facts *facts;
	struct figures *figures;
	const struct shift *first; /* of the day's, or NULL */
	int32_t day;
	day_why *why;
	void *arg;
};

static void
because(const struct sum *s, const char *figure, const char *rule, int64_t from,
    int64_t to, int64_t seconds)
{
	if (s->why != NULL)
		s->why(&(struct reason){ figure, rule, from, to, seconds },
		    s->arg);
}

/* The shift whose neighbourhood, 4 h on either side, an out lies in (W18). */
static const struct shift *
shift_near(const struct plan *p, int64_t at)
{
	const struct shift *s = plan_shift(p, at), *best = NULL;

	if (s != NULL && s->start <= at)
		return s;
	for (size_t i = 0; i < p->n; i++)
		if (p->shifts[i].end <= at &&
		    at - p->shifts[i].end <= PLAN_BEFORE &&
		    (best == NULL || p->shifts[i].end > best->end))
			best = &p->shifts[i];
	if (best == NULL || s == NULL)
		return best != NULL ? best : s;
	return at - best->end <= s->start - at ? best : s;
}

void
day_attribute(struct facts *f)
{
	for (size_t i = 0; i < f->n_worked; i++) {
		struct worked *w = &f->worked[i];

		w->shift = plan_shift(&f->plan, w->in_at);
		w->day = w->shift != NULL ? w->shift->day : w->date;
	}
	for (size_t i = 0; i < f->n_strays; i++) {
		struct stray *s = &f->strays[i];
		const struct shift *near = shift_near(&f->plan, s->at);

		s->day = near != NULL && near->day >= s->since ? near->day :
								 s->date;
	}
}

/* W14: what is taken off work of that length, with those gaps in it. */
static int64_t
pause_of(const struct shift *s, int64_t gross, int64_t gaps)
{
	int64_t over, owed;

	if (s == NULL || s->break_length == 0)
		return 0;
	over = gross - s->break_after;
	owed = s->break_length - gaps;
	if (over <= 0 || owed <= 0)
		return 0;
	return owed < over ? owed : over;
}

static void
sum_plan(struct sum *s)
{
	const struct plan *p = &s->facts->plan;
	int64_t gross = 0, gaps = 0, end = 0, pause;

	for (size_t i = 0; i < p->n; i++) {
		const struct shift *t = &p->shifts[i];

		if (t->day != s->day)
			continue;
		if (s->first == NULL)
			s->first = t;
		else if (t->start > end)
			gaps += t->start - end;
		end = t->end;
		gross += t->end - t->start;
		s->figures->shifts++;
		because(s, "planned", "W12", t->start, t->end,
		    t->end - t->start);
	}
	pause = pause_of(s->first, gross, gaps);
	if (pause > 0)
		because(s, "planned", "W14", 0, 0, -pause);
	s->figures->planned = gross - pause;
}

/* W16, by real length. */
static int64_t
sum_night(struct sum *s, const struct worked *w)
{
	int64_t night = 0;

	for (size_t i = 0; w->nights != NULL && i < w->nights->n; i++) {
		const struct span *n = &w->nights->v[i];
		int64_t from = n->from > w->in_at ? n->from : w->in_at;
		int64_t to = n->to < w->out_at ? n->to : w->out_at;

		if (from >= to)
			continue;
		night += to - from;
		because(s, "night", "W16", from, to, to - from);
	}
	return night;
}

/* W14: from day hours before night hours. */
static void
sum_pause(struct sum *s, int64_t gross, int64_t gaps)
{
	struct figures *g = s->figures;
	int64_t of_day = gross - g->night;

	g->pause = pause_of(s->first, gross, gaps);
	g->worked = gross - g->pause;
	if (g->pause > 0)
		because(s, "worked", "W14", 0, 0, -g->pause);
	if (g->pause > of_day) {
		because(s, "night", "W14", 0, 0, of_day - g->pause);
		g->night -= g->pause - of_day;
	}
}

static void
sum_lost(struct sum *s, const struct worked *w)
{
	struct figures *g = s->figures;

	if (w->state == WORKED_OPEN) {
		g->open_until = w->limit_at;
		because(s, "open", "W6", w->in_at, w->limit_at, 0);
	} else {
		g->missing_out++;
		because(s, "missing_out", "W7", w->in_at, w->in_at, 0);
	}
}

static void
sum_work(struct sum *s)
{
	const struct facts *f = s->facts;
	int64_t gross = 0, gaps = 0, end = 0; /* end 0: not known */

	for (size_t i = 0; i < f->n_worked; i++) {
		const struct worked *w = &f->worked[i];

		if (w->day != s->day)
			continue;
		s->figures->intervals++;
		if (end != 0 && w->in_at > end)
			gaps += w->in_at - end;
		end = w->state == WORKED_CLOSED ? w->out_at : 0;
		if (w->state != WORKED_CLOSED) {
			sum_lost(s, w);
			continue;
		}
		gross += w->out_at - w->in_at;
		because(s, "worked", "W11", w->in_at, w->out_at,
		    w->out_at - w->in_at);
		s->figures->night += sum_night(s, w);
	}
	sum_pause(s, gross, gaps);
	for (size_t i = 0; i < f->n_strays; i++)
		if (f->strays[i].day == s->day) {
			s->figures->missing_in++;
			because(s, "missing_in", "W9", f->strays[i].at,
			    f->strays[i].at, 0);
		}
}

/* The end of what is known of it; an open one may last to its limit. */
static int64_t
end_of(const struct worked *w)
{
	switch (w->state) {
	case WORKED_CLOSED:
		return w->out_at;
	case WORKED_OPEN:
		return w->limit_at;
	case WORKED_MISSING_OUT:
		break;
	}
	return w->in_at;
}

static bool
is_of(const struct worked *w, const struct shift *t)
{
	return w->shift == t || (w->in_at < t->end && end_of(w) > t->start);
}

static const struct worked *
first_of(const struct facts *f, const struct shift *t)
{
	for (size_t i = 0; i < f->n_worked; i++)
		if (is_of(&f->worked[i], t))
			return &f->worked[i];
	return NULL;
}

static int64_t
late_by(const struct worked *first, const struct shift *t)
{
	int64_t by = first->in_at - t->start;

	return by > t->grace ? by : 0;
}

/* W15, per shift: from the first in and to the last out, if it is known. */
static void
sum_punctuality(struct sum *s, const struct shift *t)
{
	const struct facts *f = s->facts;
	const struct worked *first = first_of(f, t), *last = first;
	int64_t by;

	for (size_t i = 0; i < f->n_worked; i++)
		if (is_of(&f->worked[i], t))
			last = &f->worked[i];
	if (first != NULL && (by = late_by(first, t)) > 0) {
		s->figures->late += by;
		because(s, "late", "W15", t->start, first->in_at, by);
	}
	if (last != NULL && last->state == WORKED_CLOSED &&
	    (by = t->end - last->out_at) > t->grace) {
		s->figures->early += by;
		because(s, "early", "W15", last->out_at, t->end, by);
	}
}

/*
 * W18: the instant from which a shift is unexplained; 0 if somebody came.
 * One that is covered only by an interval which may still be lost waits for
 * that.
 */
static int64_t
unexplained_from(const struct facts *f, const struct shift *t)
{
	int64_t from = t->end;

	for (size_t i = 0; i < f->n_worked; i++) {
		const struct worked *w = &f->worked[i];

		if (!is_of(w, t))
			continue;
		if (w->shift == t || w->state != WORKED_OPEN)
			return 0;
		if (w->limit_at >= from)
			from = w->limit_at + 1;
	}
	for (size_t i = 0; i < f->n_strays; i++)
		if (f->strays[i].at >= t->start - PLAN_BEFORE &&
		    f->strays[i].at <= t->end + PLAN_BEFORE)
			return 0;
	return from;
}

static void
sum_shift(struct sum *s, const struct shift *t)
{
	struct figures *g = s->figures;
	int64_t from = unexplained_from(s->facts, t);

	sum_punctuality(s, t);
	if (from == 0 || g->n_unexplained == DAY_SHIFTS)
		return;
	g->unexplained[g->n_unexplained++] = from;
	because(s, "unexplained", "W18", t->start, t->end, 0);
}

/* W17 */
static void
sum_overtime(struct sum *s)
{
	struct figures *g = s->figures;
	int64_t over = g->worked - g->planned;

	if (g->shifts > 0 && over <= s->facts->overtime_from)
		return;
	g->overtime = over;
	if (over > 0)
		because(s, "overtime", "W17", 0, 0, over);
}

void
day_figures(const struct facts *f, int32_t day, struct figures *g, day_why *why,
    void *arg)
{
	struct sum s = { f, g, NULL, day, why, arg };

	*g = (struct figures){ .shifts = 0 };
	sum_plan(&s);
	sum_work(&s);
	for (size_t i = 0; i < f->plan.n; i++)
		if (f->plan.shifts[i].day == day)
			sum_shift(&s, &f->plan.shifts[i]);
	sum_overtime(&s);
}

int64_t
day_late(const struct facts *f, int64_t in_at)
{
	int64_t late = 0;

	for (size_t i = 0; i < f->plan.n; i++) {
		const struct shift *t = &f->plan.shifts[i];
		const struct worked *first;

		if (t->start >= in_at || t->end <= in_at)
			continue;
		first = first_of(f, t);
		if (first != NULL && first->in_at == in_at)
			late += late_by(first, t);
	}
	return late;
}

/* Is what is open now in the shift? */
static bool
is_here(const struct facts *f, const struct shift *t, int64_t now)
{
	for (size_t i = 0; i < f->n_worked; i++)
		if (f->worked[i].state == WORKED_OPEN &&
		    is_of(&f->worked[i], t) && f->worked[i].limit_at >= now)
			return true;
	return false;
}

enum presence
day_presence(const struct facts *f, const struct shift *t, int64_t now)
{
	if (unexplained_from(f, t) == 0)
		return PRESENCE_CAME;
	if (now < t->start)
		return PRESENCE_EXPECTED;
	if (is_here(f, t, now))
		return PRESENCE_CAME;
	return now < t->end ? PRESENCE_NOT_HERE : PRESENCE_UNEXPLAINED;
}

const char *
presence_name(enum presence p)
{
	static const char *const names[] = { "came", "expected", "not_here",
		"unexplained" };

	return names[p];
}
