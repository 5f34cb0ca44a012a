/*
 * The outbox to Telegram, as an administrator sees it.
 */
#include "system.h"

#include "system.sql.h"

/* GET /notifications: the newest first. */

struct notification_list {
	const char *state;
	int64_t after;
	int32_t limit;
};

static const struct field notification_list_in[] = {
	FIELD(notification_list, state, .in = "waiting|sent|blocked|failed",
	    .optional = true),
	FIELD_PAGE(notification_list),
	FIELD_END,
};

static enum fault
notification_list(struct req *r, const void *arg)
{
	const struct notification_list *in = arg;

	return reply_page(r,
	    sql_notification_list(r->db, in->state, in->after, in->limit,
		r->now),
	    in->limit);
}

/* POST /notifications/{id}/retry: of two who ask at once, one is told so. */

static enum fault
notification_retry(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	struct rows again = sql_notification_retry(r->db, in->id, r->now), here;

	if (again.fault != OK || again.n > 0)
		return reply_row(r, 200, again);
	here = sql_notification_there(r->db, in->id);
	if (here.fault != OK)
		return here.fault;
	return here.n == 0 ?
	    FAULT_NOT_FOUND :
	    fail(r, FAULT_CONFLICT, "It waits, was sent, or is out of date.");
}

const struct route notification_routes[] = {
	{ GET, "/notifications", ADMIN, notification_list,
	    IN(notification_list),
	    .what = "Messages to Telegram, newest first.",
	    GIVES_PAGE(notification_list) },
	{ POST, "/notifications/{id}/retry", ADMIN, notification_retry,
	    IN(by_id),
	    .what = "Try a message again that was given up or was not wanted.",
	    GIVES_ROW(200, notification_retry), .faults = { FAULT_CONFLICT } },
	{ .path = NULL }
};
