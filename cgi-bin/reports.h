/*
 * reports: what the parts of this program share.
 */
#ifndef REPORTS_H
#define REPORTS_H

#include "web/api.h"

/* The last 31 days, unless something else is asked for. */
enum fault	set_period(struct req *, const char **from, const char **to);

struct own_csv {
	bool		 bom;
};

struct worktime {
	const char	*from, *to;
	int64_t		 employee, branch;
	const char	*by;
};

struct worktime_explain {
	int64_t		 employee;
	const char	*day;
};

extern const struct field worktime_in[], worktime_explain_in[], own_csv_in[];
enum fault	own_csv(struct req *, const void *);
enum fault	own_json(struct req *, const void *);
enum fault	worktime(struct req *, const void *);
enum fault	worktime_explain(struct req *, const void *);

#endif
