/*
 * Cards that nobody has, and whose they are.
 */
#include "events.h"
#include "events.sql.h"
#include "work/event.h"
#include "work/tap.h"

/* GET /cards/unknown */

struct unknown_card_list {
	const char *after;
	int32_t limit;
};

static const struct field unknown_card_list_in[] = {
	FIELD(unknown_card_list, after, .min = 1, .max = 64, .optional = true),
	FIELD_LIMIT(unknown_card_list),
	FIELD_END,
};

static enum fault
unknown_card_list(struct req *r, const void *arg)
{
	const struct unknown_card_list *in = arg;
	struct rows cards = sql_unknown_card_list(r->db, in->after, in->limit);
	struct rows known;

	if (cards.fault == OK && cards.n == 0 && in->after != NULL) {
		known = sql_card_tapped(r->db, in->after);
		if (known.fault == OK && !row_bool(&known, 0, "known"))
			return fail_field(r, "after", "There is no such card.");
	}
	return reply_page(r, cards, in->limit);
}

/* One of them, by its number in the path. */

struct unknown_card {
	const char *uid;
};

static enum fault
find_card(struct req *r, const char *text, const char **uid)
{
	struct rows card;

	*uid = tap_uid(r->pool, text);
	if (*uid == NULL)
		return FAULT_NOT_FOUND;
	card = sql_unknown_card(r->db, *uid);
	if (card.fault != OK)
		return card.fault;
	return row_int(&card, 0, "taps") == 0 ? FAULT_NOT_FOUND : OK;
}

/* POST /cards/unknown/{uid}/assign: it is his, and its taps count. */

struct card_assign {
	const char *uid;
	int64_t employee;
};

static const struct field card_assign_in[] = {
	FIELD(card_assign, uid, .min = 1, .max = 64),
	FIELD_ID(card_assign, employee),
	FIELD_END,
};

static enum fault
card_assign(struct req *r, const void *arg)
{
	const struct card_assign *in = arg;
	struct tap_made made;
	struct rows his;
	const char *uid;
	enum fault f;

	if ((f = tap_hold(r->db)) != OK ||
	    (f = find_card(r, in->uid, &uid)) != OK)
		return f;
	f = event_lock(r->db, in->employee);
	if (f != OK && f != FAULT_NOT_FOUND)
		return f;
	his = sql_card_assign(r->db, uid, in->employee);
	if (his.fault != OK)
		return his.fault;
	if (his.n == 0)
		return fail_field(r, "employee",
		    "There is no such active employee.");
	if ((f = tap_adopt(r->db, in->employee, r->now, &made)) != OK)
		return f;
	return reply_row(r, 200,
	    sql_card_assigned(r->db, in->employee, made.taps, made.events,
		made.refused));
}

/* POST /cards/unknown/{uid}/dismiss: none of ours. */

static const struct field unknown_card_in[] = {
	FIELD(unknown_card, uid, .min = 1, .max = 64),
	FIELD_END,
};

static enum fault
unknown_card_dismiss(struct req *r, const void *arg)
{
	const struct unknown_card *in = arg;
	const char *uid = tap_uid(r->pool, in->uid);

	return uid == NULL ?
	    FAULT_NOT_FOUND :
	    reply_gone(r, sql_unknown_card_dismiss(r->db, uid));
}

const struct route card_routes[] = {
	{ GET, "/cards/unknown", ADMIN, unknown_card_list,
	    IN(unknown_card_list),
	    .what = "Cards that were held to a terminal and that nobody has, "
		    "the last seen first.",
	    GIVES_PAGE(unknown_card_list) },
	{ POST, "/cards/unknown/{uid}/assign", ADMIN, card_assign,
	    IN(card_assign), .tx = true,
	    .what = "Give the card to an employee, instead of the one that he "
		    "may have; its taps count from the first on.",
	    GIVES_ROW(200, card_assigned), .faults = { FAULT_CARD_UID_TAKEN } },
	{ POST, "/cards/unknown/{uid}/dismiss", ADMIN, unknown_card_dismiss,
	    IN(unknown_card),
	    .what = "Forget the card's taps; it comes back when it is held to "
		    "a terminal again.",
	    GIVES_NOTHING },
	{ .path = NULL }
};
