/*
 * events: scans become claims, claims become events; who is in; my day.
 */
#include "events.h"

#include "event.sql.h"
#include "events.sql.h"

/* GET /me: who I am, and my day. */

static enum fault
me(struct req *r, const void *arg)
{
	(void)arg;
	return reply_json(r, 200,
	    sql_me(r->db, r->person, r->branches, r->roles & ROLE_MANAGER,
		r->now));
}

/* GET /events: one's own, or those of a manager's branches; newest first. */

struct event_list {
	const char *from, *to;
	int64_t employee, branch;
	const char *kind;
	bool irregular;
	int64_t after;
	int32_t limit;
};

static const struct field event_list_in[] = {
	FIELD(event_list, from, .is = is_date, .optional = true),
	FIELD(event_list, to, .is = is_date, .optional = true),
	FIELD_ID(event_list, employee, .def = DB_NULL, .optional = true),
	FIELD_ID(event_list, branch, .def = DB_NULL, .optional = true),
	FIELD(event_list, kind, .in = "in|out", .optional = true),
	FIELD(event_list, irregular, .optional = true),
	FIELD_PAGE(event_list),
	FIELD_END,
};

/* Nothing follows an event that there is not: that is no end of a list. */
static enum fault
check_after(struct req *r, const struct event_list *in, const struct rows *rows)
{
	struct rows after;

	if (rows->fault != OK || rows->n > 0 || in->after == DB_NULL)
		return rows->fault;
	after = sql_event_get(r->db, in->after);
	return after.fault == OK && after.n == 0 ?
	    fail_field(r, "after", "There is no such event.") :
	    after.fault;
}

static enum fault
event_list(struct req *r, const void *arg)
{
	const struct event_list *in = arg;
	enum fault f = check_dates(r, "to", in->from, in->to);
	struct rows rows;

	if (f != OK)
		return f;
	rows = sql_event_list(r->db, r->person, r->roles & ROLE_MANAGER,
	    r->branches, in->from, in->to, in->employee, in->branch, in->kind,
	    in->irregular, in->after, r->now, in->limit);
	f = check_after(r, in, &rows);
	return f != OK ? f : reply_page(r, rows, in->limit);
}

/* GET /presence: who is in now. */

struct presence {
	int64_t branch;
};

static const struct field presence_in[] = {
	FIELD_ID(presence, branch, .def = DB_NULL, .optional = true),
	FIELD_END,
};

static enum fault
presence(struct req *r, const void *arg)
{
	const struct presence *in = arg;

	return reply_items(r,
	    sql_presence(r->db, r->branches, in->branch, r->now));
}

static const struct route event_routes[] = {
	{ GET, "/events", EMPLOYEE, event_list, IN(event_list),
	    .what =
		"One's own events and those of a manager's branches, newest "
		"first; from and to are local days of the branch.",
	    GIVES_PAGE(event_list) },
	{ GET, "/me", PERSON, me, NO_IN,
	    .what = "The caller, his rights, his day and his month.",
	    GIVES_JSON(200, me) },
	{ GET, "/presence", MANAGER, presence, IN(presence),
	    .what = "Who is in now: the active employees of the caller's "
		    "branches, those who are in first.",
	    GIVES_ITEMS(presence) },
	{ .path = NULL }
};

static const struct route *const parts[] = { card_routes, correction_routes,
	claim_routes, event_routes, manual_routes, tap_routes };

API_MAIN_PARTS("events", parts)
