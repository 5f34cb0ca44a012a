/*
 * Who came and went when: the clinic's last weeks on paper, before they
 * become facts.
 */
#include <stdlib.h>

#include "data/db.h"
#include "tabelctl_clinic.h"
#include "demo.sql.h"

enum { MINUTE = 60 };

/* The same clinic every time; seconds from least to most minutes. */
static int64_t
jitter(struct clinic_paper *p, int least, int most)
{
	p->random = p->random * 1664525 + 1013904223;
	return least * MINUTE +
	    (int64_t)(p->random >> 8) % ((most - least) * MINUTE + 1);
}

static bool
works(const struct clinic_person *p, int64_t weekday, int64_t ago)
{
	int64_t day = CLINIC_FIRST - ago + p->phase;

	switch (p->rhythm) {
	case WEEKDAYS:
		return weekday <= 5;
	case TWO_TWO:
		return day % 4 < 2;
	case NIGHTS:
		break;
	}
	return day % 2 == 0;
}

static void
scan(struct clinic_paper *paper, int who, enum kind kind, int64_t at)
{
	if (at < paper->now - 2 * MINUTE)
		paper->scans[paper->n++] = (struct clinic_scan){ at, kind,
			who };
}

/* A day of somebody: late now and then, seldom early, often out at noon. */
static void
add_shift(struct clinic_paper *paper, int who, int64_t midnight, bool no_in,
    bool no_out)
{
	const struct clinic_person *p = &clinic_people[who];
	bool late = jitter(paper, 0, 12) < MINUTE;
	int64_t in = midnight + p->from * MINUTE +
	    (late ? jitter(paper, 12, 40) : jitter(paper, -14, 4));
	int64_t out = midnight + p->to * MINUTE + jitter(paper, -2, 24);
	int64_t noon = midnight + 13 * 60 * MINUTE + jitter(paper, -25, 25);
	int64_t back = noon + jitter(paper, 32, 56);

	if (!no_in)
		scan(paper, who, KIND_IN, in);
	if (p->lunch) {
		scan(paper, who, KIND_OUT, noon);
		scan(paper, who, KIND_IN, back);
	}
	if (!no_out)
		scan(paper, who, KIND_OUT, out);
}

static enum fault
add_shifts(struct db *db, struct clinic_paper *paper, int who)
{
	const struct clinic_person *p = &clinic_people[who];
	struct rows r = sql_demo_days(db, paper->now,
	    clinic_branches[p->branch].time_zone, CLINIC_DAYS - 1);
	int shifts = 0; /* begun before today, from now back */
	int64_t ago;

	for (int i = r.n - 1; r.fault == OK && i >= 0; i--) {
		ago = row_int(&r, i, "ago");
		if (!works(p, row_int(&r, i, "weekday"), ago) ||
		    (ago == 0 && p->not_today))
			continue;
		shifts += ago > 0;
		add_shift(paper, who, row_time(&r, i, "midnight"),
		    ago > 0 && shifts == p->no_in,
		    ago > 0 && shifts == p->no_out);
	}
	return r.fault;
}

static int
by_time(const void *a, const void *b)
{
	const struct clinic_scan *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

enum fault
clinic_write(struct db *db, struct clinic_paper *paper)
{
	enum fault f = OK;

	for (int i = 0; f == OK && i < CLINIC_PEOPLE; i++)
		f = add_shifts(db, paper, i);
	qsort(paper->scans, paper->n, sizeof(*paper->scans), by_time);
	return f;
}
