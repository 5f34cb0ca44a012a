#include "work/plan.h"

static int64_t
distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

static bool
is_running(const struct shift *s, int64_t at)
{
	return s->start <= at && at < s->end;
}

static bool
is_better(const struct shift *s, const struct shift *than, int64_t at)
{
	if (is_running(s, at) != is_running(than, at))
		return is_running(s, at);
	return distance(s->start, at) < distance(than->start, at);
}

const struct shift *
plan_shift(const struct plan *p, int64_t at)
{
	const struct shift *best = NULL;

	for (size_t i = 0; p != NULL && i < p->n; i++) {
		const struct shift *s = &p->shifts[i];

		if (s->start - PLAN_BEFORE > at)
			break;
		if (at < s->end && (best == NULL || is_better(s, best, at)))
			best = s;
	}
	return best;
}

int64_t
plan_limit(const struct plan *p, int64_t at, int64_t limit)
{
	const struct shift *s = plan_shift(p, at);
	int64_t planned = s != NULL ? s->end - s->start + PLAN_EXTRA : 0;

	return planned > limit ? planned : limit;
}

bool
plan_starts(const struct plan *p, int64_t at)
{
	for (size_t i = 0; p != NULL && i < p->n; i++)
		if (distance(p->shifts[i].start, at) <= PLAN_NEAR)
			return true;
	return false;
}

bool
plan_ends(const struct plan *p, int64_t at)
{
	int64_t start = INT64_MAX, end = INT64_MAX, d;

	for (size_t i = 0; p != NULL && i < p->n; i++) {
		const struct shift *s = &p->shifts[i];

		if (s->start >= at && s->start - at < PLAN_NEAR)
			return false;
		if ((d = distance(s->start, at)) < start)
			start = d;
		if ((d = distance(s->end, at)) < end)
			end = d;
	}
	return end <= PLAN_NEAR && end < start;
}
