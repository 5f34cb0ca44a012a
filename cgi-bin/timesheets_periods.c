/*
 * Periods: what prevents a month from being closed, closing it, and opening
 * it again (W19).
 */
#include "timesheets.h"

#include <string.h>

#include "base/json.h"
#include "timesheets.sql.h"
#include "work/event.h"
#include "work/workday.h"

enum { BLOCKERS_MAX = 500, NEAR = 3 };

struct period {
	int64_t branch;
	const char *month, *reason;
};

#define MONTH_FIELDS(in_) \
	FIELD_ID(in_, branch), \
	    FIELD(in_, month, .is = is_month, .what = "A month: 2026-10.")

static const struct field period_in[] = {
	MONTH_FIELDS(period),
	FIELD_END,
};

static const struct field period_reopen_in[] = {
	MONTH_FIELDS(period),
	FIELD(period, reason, .min = 1, .max = 200),
	FIELD_END,
};

/* Plans reach a few months ahead, if the worker has run: see that they do. */
static enum fault
catch_up(struct req *r, const struct month *m)
{
	struct rows e;
	enum fault f;

	if (!m->begun)
		return OK;
	e = sql_period_behind(r->db, m->branch, m->first);
	f = e.fault;
	for (int i = 0; f == OK && i < e.n; i++) {
		int64_t employee = row_int(&e, i, "id");

		if ((f = event_lock(r->db, employee)) == OK)
			f = workday_refresh(r->db, employee,
			    (int32_t)row_int(&e, i, "first_day"), m->to);
	}
	return f;
}

static struct rows
state_of(struct req *r, const struct month *m)
{
	return sql_period_get(r->db, m->branch, m->first, r->now, BLOCKERS_MAX);
}

/* GET /periods */

static enum fault
period_get(struct req *r, const void *arg)
{
	const struct period *in = arg;
	struct month m;
	enum fault f = find_month(r, in->branch, in->month, &m);

	if (f != OK || (f = catch_up(r, &m)) != OK)
		return f;
	return reply_json(r, 200, state_of(r, &m));
}

/* POST /periods/close */

static enum fault
check_open(struct req *r, const struct month *m)
{
	struct rows p = sql_period_blocked(r->db, m->branch, m->first);
	struct json_object *o;
	const char *json;
	int64_t n = 0;

	if (p.fault != OK)
		return p.fault;
	if (p.n > 0 && strcmp(row_text(&p, 0, "state"), "closed") == 0)
		return FAULT_PERIOD_CLOSED;
	p = state_of(r, m);
	if (p.fault != OK)
		return p.fault;
	json = row_text(&p, 0, "period");
	o = json_parse(r->pool, json, strlen(json), NULL);
	if (!json_int(o, "blocked", &n) || n == 0)
		return OK;
	r->extra = "blocked";
	r->extra_value = n;
	return FAULT_PERIOD_BLOCKED;
}

static enum fault
period_close(struct req *r, const void *arg)
{
	const struct period *in = arg;
	const char *sheet;
	struct month m;
	enum fault f = find_month(r, in->branch, in->month, &m);

	if (f != OK || (f = catch_up(r, &m)) != OK ||
	    (f = sql_period_hold(r->db, m.branch).fault) != OK ||
	    (f = check_open(r, &m)) != OK ||
	    (f = make_sheet(r, &m, &sheet)) != OK)
		return f;
	f = sql_period_close(r->db, m.branch, m.first, sheet, r->person, r->now)
		.fault;
	return f != OK ? f : reply_json(r, 200, state_of(r, &m));
}

/* POST /periods/reopen: what was counted elsewhere comes to its day. */

static enum fault
period_reopen(struct req *r, const void *arg)
{
	const struct period *in = arg;
	struct rows late, open;
	struct month m;
	enum fault f = find_month(r, in->branch, in->month, &m);

	if (f != OK || (f = sql_period_hold(r->db, m.branch).fault) != OK)
		return f;
	late = sql_period_late(r->db, m.branch, m.first);
	if (late.fault != OK)
		return late.fault;
	open = sql_period_reopen(r->db, m.branch, m.first, in->reason);
	if (open.fault != OK || open.n == 0)
		return open.fault != OK ? open.fault : FAULT_PERIOD_OPEN;
	for (int i = 0; f == OK && i < late.n; i++) {
		int64_t employee = row_int(&late, i, "id");

		if ((f = event_lock(r->db, employee)) == OK)
			f = workday_refresh(r->db, employee, m.to - NEAR,
			    m.to + NEAR);
	}
	return f != OK ? f : reply_json(r, 200, state_of(r, &m));
}

const struct route period_routes[] = {
	{ GET, "/periods", MANAGER, period_get, IN(period), .tx = true,
	    .what = "Where a month of a branch stands, and each thing that "
		    "still prevents its closing.",
	    GIVES_JSON(200, period), .faults = { FAULT_OTHER_BRANCH } },
	{ POST, "/periods/close", ADMIN, period_close, IN(period), .tx = true,
	    .idem = true,
	    .what = "Close a month of a branch: its sheet is frozen, and what "
		    "would change it is refused.",
	    GIVES_JSON(200, period),
	    .faults = { FAULT_PERIOD_CLOSED, FAULT_PERIOD_BLOCKED } },
	{ POST, "/periods/reopen", ADMIN, period_reopen,
	    IN_AS(period_reopen, period), .tx = true, .idem = true,
	    .what = "Open a closed month again, for a reason; what is closed "
		    "then is the next revision.",
	    GIVES_JSON(200, period), .faults = { FAULT_PERIOD_OPEN } },
	{ .path = NULL }
};
