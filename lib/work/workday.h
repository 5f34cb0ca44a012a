/*
 * workday: the derived rows of worked time, kept where they are asked for.
 *
 * Whoever changes an event, a schedule, an exception, an absence, a holiday
 * or an employment calls one of these in the same transaction, after
 * event_lock().  Days are numbers from 1970-01-01.
 */
#ifndef WORKDAY_H
#define WORKDAY_H

#include <stdint.h>

#include "base/fault.h"
#include "data/db.h"
#include "work/closed.h"
#include "work/day.h"

struct workday_span {
	int64_t		 employee;
	int32_t		 from, to;	/* days */
};
/* The days that events between these instants can touch. */
struct workday_span workday_touched(int64_t employee, int64_t from, int64_t to);

/* The planned shifts of the local days that may hold these instants. */
enum fault	workday_plan(struct db *, int64_t employee, int64_t from,
		    int64_t to, struct plan *);
/* Of several employees, each once and in the order of their ids. */
enum fault	workday_plans(struct db *, const struct workday_span *,
		    size_t n, struct plan *);
/* All that the figures of those days depend on, attributed to days. */
enum fault	workday_load(struct db *, int64_t employee, int32_t from,
		    int32_t to, struct facts *);

/*
 * The rows of the days that a new event at this instant, which is now, can
 * touch; in *late, how late it is if it is an in that begins a shift.
 */
enum fault	workday_add(struct db *, int64_t employee, int64_t at,
		    int64_t *late);
/* The rows of these days. */
enum fault	workday_refresh(struct db *, int64_t employee, int32_t from,
		    int32_t to);
/*
 * Of n employees at once, each once and in the order of their ids; facts has
 * n places for what the rows are made of.
 */
enum fault	workday_refresh_all(struct db *, const struct workday_span *,
		    size_t n, enum closed, struct facts *);
/* The rows of these days, but no further ahead than plans are kept. */
enum fault	workday_replan(struct db *, int64_t employee, int32_t from,
		    int32_t to, int64_t now);
/* All rows of an employee, up to the day to which plans are kept. */
enum fault	workday_rebuild(struct db *, int64_t employee, enum closed,
		    int64_t now);
/* Plans reach a few months ahead; how many employees were behind, in *n. */
enum fault	workday_ahead(struct db *, int64_t now, int *n);

#endif
