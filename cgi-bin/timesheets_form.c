/*
 * What the forms have in common: names, marks of days, signatures.
 */
#include "timesheets.h"

#include <inttypes.h>

#include "paper/grid.h"

enum { CELL = GRID_BOX | GRID_CENTRE };

/* A day of the month is in the upper half's lines or in the lower's. */
static void
put_day(struct grid *g, int row, int column, const struct sheet_day *day,
    enum form form)
{
	grid_text(g, row, column, 1, 1, CELL,
	    sheet_letters(g->pool, day, form));
	if (day->n_parts == 1 && day->parts[0].seconds > 0)
		grid_hours(g, row + 1, column, 1, 1, CELL,
		    day->parts[0].seconds);
	else
		grid_text(g, row + 1, column, 1, 1, CELL,
		    sheet_hours(g->pool, day));
}

void
form_days(struct grid *g, int row, int column, const struct sheet *s,
    const struct sheet_row *who, enum form form)
{
	static const struct sheet_day none = { .n_parts = 0 };

	for (int i = 0; i <= HALF; i++) {
		if (i < HALF) {
			put_day(g, row, column + i, &who->days[i], form);
		} else {
			grid_text(g, row, column + i, 1, 1, CELL, "X");
			grid_text(g, row + 1, column + i, 1, 1, CELL, "X");
		}
		if (HALF + i < s->n_days) {
			put_day(g, row + 2, column + i,
			    HALF + i < MONTH_DAYS ? &who->days[HALF + i] :
						    &none,
			    form);
		} else {
			grid_text(g, row + 2, column + i, 1, 1, CELL, "X");
			grid_text(g, row + 3, column + i, 1, 1, CELL, "X");
		}
	}
}

void
form_day_numbers(struct grid *g, int row, int column)
{
	for (int i = 0; i < HALF; i++)
		grid_count(g, row, column + i, 1, 1, CELL, i + 1);
	grid_text(g, row, column + HALF, 1, 1, CELL, "X");
	for (int i = 0; i <= HALF; i++)
		grid_count(g, row + 1, column + i, 1, 1, CELL, HALF + i + 1);
}

const char *
form_title(struct pool *pool, const char *form, const struct sheet *s)
{
	return pool_printf(pool, "%s · %s · %s – %s", form, s->branch,
	    sheet_date(pool, s->from), sheet_date(pool, s->to));
}

const char *
form_state(struct pool *pool, const struct sheet *s, const char *draft,
    const char *corrective)
{
	if (s->closed_at == 0)
		return draft;
	if (s->revision == 0)
		return "";
	return pool_printf(pool, "%s, № %" PRId64 ": %s", corrective,
	    s->revision, s->reason != NULL ? s->reason : "");
}

int
form_row(struct grid *g)
{
	int row = grid_row(g, 11);

	grid_start(g);
	for (int i = 1; i < FORM_LINES; i++)
		grid_row(g, 11);
	return row;
}

const char *
form_name(struct pool *pool, const struct sheet_row *who)
{
	return *who->position == '\0' ?
	    who->name :
	    pool_printf(pool, "%s,\n%s", who->name, who->position);
}

static void
put_signature(struct grid *g, const struct form_signatures *s, int i)
{
	int row = grid_row(g, 18), small;

	if (i == 0)
		grid_start(g);
	small = grid_row(g, 7);
	grid_text(g, row, 0, 1, s->who_columns, GRID_WRAP, s->who[i]);
	for (int k = 0; k < 3; k++) {
		grid_text(g, row, s->from[k], 1, s->columns[k], GRID_UNDER, "");
		grid_text(g, small, s->from[k], 1, s->columns[k],
		    GRID_CENTRE | GRID_SMALL, s->under[k]);
	}
	if (i > 0 || s->first_dated)
		grid_text(g, row, s->date_from, 1, s->date_columns, GRID_CENTRE,
		    s->date);
}

void
form_signatures(struct grid *g, const struct form_signatures *s)
{
	for (int i = 0; i < 3; i++)
		put_signature(g, s, i);
}
