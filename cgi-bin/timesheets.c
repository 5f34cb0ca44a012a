/*
 * timesheets: months that are closed, and their sheets on paper.
 */
#include "timesheets.h"

#include <string.h>

#include "timesheets.sql.h"
#include "work/setting.h"

bool
is_month(const char *s)
{
	return strlen(s) == strlen("2026-10") &&
	    is_date(s[4] == '-' ? (char[]){ s[0], s[1], s[2], s[3], '-', s[5],
				      s[6], '-', '0', '1', '\0' } :
				  "");
}

enum fault
find_month(struct req *r, int64_t branch, const char *month, struct month *m)
{
	struct rows b;

	*m = (struct month){ .branch = branch,
		.first = pool_printf(r->pool, "%s-01", month) };
	b = sql_period_branch(r->db, branch, r->branches, r->now, m->first);
	if (b.fault != OK)
		return b.fault;
	if (b.n == 0)
		return fail_field(r, "branch", "There is no such branch.");
	m->begun = row_bool(&b, 0, "begun");
	m->from = (int32_t)row_int(&b, 0, "from_day");
	m->to = (int32_t)row_int(&b, 0, "to_day");
	return row_bool(&b, 0, "mine") ? OK : FAULT_OTHER_BRANCH;
}

enum fault
make_sheet(struct req *r, const struct month *m, const char **json)
{
	struct rows s = sql_timesheet_make(r->db, m->branch, m->first,
	    setting_text(r->db, SETTING_organisation),
	    setting_text(r->db, SETTING_organisation_code), r->now);

	if (s.fault == OK)
		*json = row_text(&s, 0, "sheet");
	return s.fault;
}

static const struct route *const parts[] = { overtime_routes, period_routes,
	sheet_routes };

API_MAIN_PARTS("timesheets", parts)
