/*
 * Card taps, as their terminals send them: at once, or hours later in batches.
 */
#include <string.h>

#include "base/clock.h"
#include "events.h"
#include "events.sql.h"
#include "tap.sql.h"
#include "work/tap.h"

enum { TAPS_MAX = 1000, TAPS_BODY = 256 * 1024, TAPS_MANY = 100 };

/* POST /events/nfc: one tap, or many. */

struct tap_one {
	const char *id; /* the terminal's own */
	const char *uid;
	const char *at; /* NULL: now */
	const char *kind; /* NULL: to be worked out */
};

struct tap_post {
	struct tap_one one;
	const char *now; /* by the terminal's clock, or NULL */
	struct items taps; /* of tap_one */
};

/*
 * One that makes no sense is refused for itself and kept, so that it does not
 * stand in the way of those behind it: what a text says is not looked at here.
 */
static const struct field tap_one_in[] = {
	FIELD(tap_one, id, .min = 1, .max = 64),
	FIELD(tap_one, uid, .max = 64),
	FIELD(tap_one, at, .max = 64, .optional = true),
	FIELD(tap_one, kind, .max = 64, .optional = true),
	FIELD_END,
};

static const struct field tap_post_in[] = {
	FIELD(tap_post, one.id, .path = "id", .max = 64, .optional = true),
	FIELD(tap_post, one.uid, .path = "uid", .max = 64, .optional = true),
	FIELD(tap_post, one.at, .path = "at", .max = 64, .optional = true),
	FIELD(tap_post, one.kind, .path = "kind", .max = 64, .optional = true),
	FIELD_ITEMS_OF(tap_post, taps, tap_one, .most = TAPS_MAX,
	    .optional = true),
	FIELD(tap_post, now, .is = is_time, .optional = true,
	    .what = "An instant, by the terminal's own clock."),
	FIELD_END,
};

/* One form or the other. */
static enum fault
check_form(struct req *r, const struct tap_post *in)
{
	const struct tap_one *one = &in->one;
	bool any = one->id || one->uid || one->at || one->kind;
	enum fault f = OK;

	if (in->taps.v != NULL)
		return !any ?
		    OK :
		    fail_field(r, "taps", "Either one tap or a list of them.");
	if (one->id == NULL)
		f = fail_field(r, "id", "This is required.");
	if (one->uid == NULL)
		f = fail_field(r, "uid", "This is required.");
	return f;
}

static enum fault
check_terminal(struct req *r, const char *its_now)
{
	int64_t at, offset_ms = DB_NULL;
	struct rows t;

	if (its_now != NULL && clock_parse(its_now, &at))
		offset_ms = (at - r->now) * 1000;
	t = sql_tap_terminal(r->db, r->terminal, r->now, offset_ms);
	if (t.fault != OK)
		return t.fault;
	if (t.n == 0)
		return FAULT_TERMINAL_REVOKED;
	return strcmp(row_text(&t, 0, "kind"), "nfc") == 0 ?
	    OK :
	    fail(r, FAULT_FORBIDDEN, "This is a tablet's key.");
}

/* When it was, *at, and whether it is one; *timed if it says when. */
static enum fault
judge_tap(const struct tap_one *tap, const char *uid, int64_t now, int64_t *at,
    bool *timed)
{
	*at = now;
	*timed = tap->at != NULL && clock_parse(tap->at, at);
	if (uid == NULL)
		return FAULT_CARD_UID_WRONG;
	if (tap->at != NULL && !*timed)
		return FAULT_TAP_TIME_WRONG;
	if (tap->kind != NULL && kind_of(tap->kind) == KIND_NONE)
		return FAULT_TAP_KIND_WRONG;
	return tap_time(*at, now);
}

static void
put_tap(struct req *r, struct out *o, size_t n, const struct tap_one *tap)
{
	const char *uid = tap_uid(r->pool, tap->uid);
	int64_t at;
	bool timed;
	enum fault f = judge_tap(tap, uid, r->now, &at, &timed);

	out_open(o, NULL, '{');
	out_int(o, "n", (int64_t)n);
	out_text(o, "number", tap->id);
	out_text(o, "uid", uid ? uid : tap->uid);
	if (f != FAULT_TAP_KIND_WRONG)
		out_text(o, "kind", tap->kind);
	out_time(o, "at", at);
	if (timed)
		out_time(o, "device_at", at);
	out_bool(o, "offline",
	    at < r->now - TAP_LIVE || at > r->now + TAP_LIVE);
	if (f != OK)
		out_text(o, "reason", fault_info[f].code);
	out_close(o, '}');
}

static const char *
taps_json(struct req *r, const struct tap_one *taps, size_t n)
{
	struct out *o = out_new(r->pool);
	size_t len;

	out_open(o, NULL, '[');
	for (size_t i = 0; i < n; i++)
		put_tap(r, o, i, &taps[i]);
	out_close(o, ']');
	return out_body(o, &len);
}

/* A tap under the number of another is kept too, for the admin. */
static struct rows
keep_taken(struct req *r, const char *json, struct rows told)
{
	for (int i = 0; told.fault == OK && i < told.n; i++)
		if (!row_null(&told, i, "reason") &&
		    fault_named(row_text(&told, i, "reason")) ==
			FAULT_TAP_NUMBER_TAKEN) {
			told.fault = sql_taps_taken(r->db, r->terminal, json,
			    r->now)
					 .fault;
			break;
		}
	return told;
}

/* What is there already is told again; *status is 201 if there are events. */
static struct rows
take(struct req *r, const struct tap_one *taps, size_t n, int *status)
{
	const char *json = taps_json(r, taps, n);
	struct rows new = sql_taps_new(r->db, r->terminal, json, r->now);
	struct tap_made made = { 0, 0, 0 };

	if (new.fault == OK)
		new.fault = tap_count(r->db, &new, r->now);
	if (new.fault == OK)
		new.fault = tap_made(r->db, &new, &made);
	if (new.fault != OK)
		return new;
	*status = made.events > 0 ? 201 : 200;
	return keep_taken(r, json, sql_taps_answer(r->db, r->terminal, json));
}

/* The refusal is the answer, and the tap is kept for the admin. */
static enum fault
refuse_one(struct req *r, const char *reason)
{
	enum fault f = fault_named(reason);

	r->keep = true;
	if (f == FAULT_CARD_UID_WRONG)
		fail_field(r, "uid", "4 to 10 bytes as hexadecimal digits.");
	if (f == FAULT_TAP_TIME_WRONG)
		fail_field(r, "at", "An instant, as 2026-11-21T05:58:00Z.");
	if (f == FAULT_TAP_KIND_WRONG)
		fail_field(r, "kind", "One of: in|out.");
	return f;
}

static enum fault
tap_post(struct req *r, const void *arg)
{
	const struct tap_post *in = arg;
	bool many = in->taps.v != NULL;
	struct rows told;
	int status = 200;
	enum fault f;

	if ((f = check_form(r, in)) != OK ||
	    (f = check_terminal(r, in->now)) != OK)
		return f;
	if (in->taps.n >= TAPS_MANY && (f = db_replan(r->db)) != OK)
		return f;
	told = take(r, many ? in->taps.v : &in->one, many ? in->taps.n : 1,
	    &status);
	if (told.fault != OK)
		return told.fault;
	if (many) {
		r->status = status;
		return reply_items(r, told);
	}
	if (strcmp(row_text(&told, 0, "state"), "refused") == 0)
		return refuse_one(r, row_text(&told, 0, "reason"));
	return reply_row(r, status, told);
}

/* GET /taps/waiting: is there something for an admin to look at? */

static enum fault
taps_waiting(struct req *r, const void *arg)
{
	(void)arg;
	return reply_row(r, 200, sql_taps_waiting(r->db));
}

/* GET /taps/refused */

struct refused_tap_list {
	int64_t after;
	int32_t limit;
};

static const struct field refused_tap_list_in[] = {
	FIELD_PAGE(refused_tap_list),
	FIELD_END,
};

static enum fault
refused_tap_list(struct req *r, const void *arg)
{
	const struct refused_tap_list *in = arg;

	return reply_page(r, sql_refused_tap_list(r->db, in->after, in->limit),
	    in->limit);
}

/* POST /taps/refused/dismiss: they have been seen to. */

struct refused_taps_dismiss {
	struct ints taps;
};

static const struct field refused_taps_dismiss_in[] = {
	FIELD_ID(refused_taps_dismiss, taps),
	FIELD_END,
};

static enum fault
refused_taps_dismiss(struct req *r, const void *arg)
{
	const struct refused_taps_dismiss *in = arg;

	return reply_row(r, 200,
	    sql_refused_taps_dismiss(r->db, ints_array(r->pool, in->taps)));
}

const struct route tap_routes[] = {
	{ POST, "/events/nfc", TERMINAL, tap_post, IN(tap_post), .tx = true,
	    .body_max = TAPS_BODY,
	    .what =
		"Card taps of a terminal of kind nfc: one, or a list of at "
		"most 1000.  Sent again under the same id, a tap is answered "
		"the same and makes nothing.  201 means that there are new "
		"events.",
	    GIVES_JSON(201, taps_answered), .also = 200,
	    .faults = { FAULT_TAP_TOO_OLD, FAULT_TAP_TOO_EARLY,
		FAULT_TAP_NUMBER_TAKEN, FAULT_TAP_TIME_WRONG,
		FAULT_TAP_KIND_WRONG, FAULT_CARD_UID_WRONG,
		FAULT_PERSON_INACTIVE, FAULT_PERIOD_CLOSED } },
	{ GET, "/taps/refused", ADMIN, refused_tap_list, IN(refused_tap_list),
	    .what = "Taps that were refused, and why, the last first.",
	    GIVES_PAGE(refused_tap_list) },
	{ POST, "/taps/refused/dismiss", ADMIN, refused_taps_dismiss,
	    IN(refused_taps_dismiss), .what = "Take refused taps off the list.",
	    GIVES_ROW(200, refused_taps_dismiss) },
	{ GET, "/taps/waiting", ADMIN, taps_waiting, NO_IN,
	    .what = "How many unknown cards and refused taps wait for an "
		    "administrator.",
	    GIVES_ROW(200, taps_waiting) },
	{ .path = NULL }
};
