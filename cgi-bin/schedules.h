/*
 * schedules: what the parts of this program share.
 *
 * Each part has a route table of its own, ended by a row without a path.
 */
#ifndef SCHEDULES_H
#define SCHEDULES_H

#include <stdint.h>

#include "web/api.h"

extern const struct route absence_routes[], calendar_routes[],
    exception_routes[], holiday_routes[], schedule_routes[];

/* For .is: "09:00-18:00". */
bool		 is_hours(const char *);

/* Locks the employee, who must be of the caller's branches. */
enum fault	planned_employee(struct req *, int64_t employee);
/* The same of all of a list; what is wrong is told as "employees.3". */
enum fault	planned_employees(struct req *, const struct ints *);
/* A row of somebody's: its employee is locked, and then it is read again. */
enum fault	planned_row(struct req *,
		    struct rows (*get)(struct db *, int64_t), int64_t id,
		    struct rows *);
/* What follows from a change of these days, given as columns of a row. */
enum fault	planned_change(struct req *, int64_t employee,
		    const struct rows *, const struct rows *before);

#endif
