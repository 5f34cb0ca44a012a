/*
 * timesheets: what the parts of this program share.
 *
 * A sheet is what the statement timesheet_make() says, or what was frozen of
 * it; a form is a way to put it on paper.  Months are given as "2026-10".
 */
#ifndef TIMESHEETS_H
#define TIMESHEETS_H

#include <stdbool.h>
#include <stdint.h>

#include "web/api.h"

struct grid;

extern const struct route overtime_routes[], period_routes[], sheet_routes[];

/* A month of a branch that the caller may see. */
struct month {
	int64_t branch;
	const char *first;	/* "2026-10-01" */
	bool begun;		/* in the branch's zone */
	int32_t from, to;	/* days, as numbers from 1970-01-01 */
};

bool		 is_month(const char *);		/* 2026-10 */
enum fault	 find_month(struct req *, int64_t branch, const char *month,
		    struct month *);
/* The sheet as the figures are now, as JSON. */
enum fault	 make_sheet(struct req *, const struct month *,
		    const char **json);

/* Kinds of days and of work (timesheets_kinds.def). */
enum kind_group { KIND_WORK, KIND_SERVICE, KIND_FREE, KIND_ANNUAL,
    KIND_OTHER_LEAVE, KIND_CONSENT, KIND_IDLE, KIND_TRUANCY, KIND_STRIKE,
    KIND_SICK, KIND_UNKNOWN, KIND_TOTAL, KIND_GROUPS };
enum form { FORM_T13, FORM_P5, FORMS };

struct kind_info {
	const char	*name;
	enum kind_group	 group;
	const char	*letters[FORMS];
};

/* Of each day: the letters and the hours of its parts. */
enum { DAY_PARTS = 4, MONTH_DAYS = 31, HALF = 15, ROW_KINDS = 40 };

struct part {
	const struct kind_info *kind;
	int64_t		 seconds;	/* of work, else 0 */
};

struct sheet_day {
	struct part	 parts[DAY_PARTS];
	int		 n_parts;
};

struct sheet_total {
	int64_t		 days, seconds;
};

struct sheet_kind {
	const struct kind_info *kind;
	int64_t		 days, seconds;
};

struct sheet_row {
	const char	*name, *number, *position;
	struct sheet_day days[MONTH_DAYS];
	struct sheet_total halves[2], month;
	int64_t		 night;		/* seconds */
	struct sheet_kind kinds[ROW_KINDS];
	int		 n_kinds;
};

struct sheet {
	const char	*organisation, *code, *branch, *reason;
	const char	*from, *to;	/* days */
	const char	*closed_on;	/* a day, or NULL */
	int64_t		 closed_at;	/* 0: it is a draft */
	int64_t		 revision, branch_id;
	int		 n_days;
	struct sheet_row *rows;
	size_t		 n_rows;
};

/* NULL if the JSON is no sheet. */
struct sheet	*sheet_read(struct pool *, const char *json);
/* Days of a group of kinds; seconds of the kind of that name. */
int64_t		 sheet_days_of(const struct sheet_row *, enum kind_group);
int64_t		 sheet_seconds_of(const struct sheet_row *, const char *kind);
/* The letters of a day's parts, "Я/Н", and their hours, "4/8". */
const char	*sheet_letters(struct pool *, const struct sheet_day *,
		    enum form);
const char	*sheet_hours(struct pool *, const struct sheet_day *);
/* "01.10.2026" */
const char	*sheet_date(struct pool *, const char *day);

/* A sheet as the form wants it, for paper/pdf.h and paper/xlsx.h. */
struct grid	*t13_of(struct pool *, const struct sheet *);
struct grid	*p5_of(struct pool *, const struct sheet *);

/* What the forms have in common (timesheets_form.c). */

enum { FORM_LINES = 4 };	/* of a person */

/* "Т-13 · branch · from – to" */
const char	*form_title(struct pool *, const char *form,
		    const struct sheet *);
/* That it is a draft, or which revision it is if not the first. */
const char	*form_state(struct pool *, const struct sheet *,
		    const char *draft, const char *corrective);
/* The lines of a person, which stay together: the number of the first. */
int		 form_row(struct grid *);
/* Name and position. */
const char	*form_name(struct pool *, const struct sheet_row *);
/* The marks and hours of his days, from that column on. */
void		 form_days(struct grid *, int row, int column,
		    const struct sheet *, const struct sheet_row *, enum form);
/* The days of the month above them: two rows. */
void		 form_day_numbers(struct grid *, int row, int column);

/* Three who sign, each with three lines and what is written under them. */
struct form_signatures {
	const char	*who[3], *under[3], *date;
	int		 who_columns, from[3], columns[3];
	int		 date_from, date_columns;
	bool		 first_dated;
};

void		 form_signatures(struct grid *, const struct form_signatures *);

#endif
