/*
 * terminals: the tablets, how they are paired, and what they show.
 */
#include <inttypes.h>
#include <string.h>

#include "access.sql.h"
#include "base/clock.h"
#include "base/conf.h"
#include "pairing_code.sql.h"
#include "paper/qr.h"
#include "terminals.sql.h"
#include "trust/code.h"
#include "trust/keyring.h"
#include "trust/pairing_code.h"
#include "web/api.h"

static enum fault
reply_terminal(struct req *r, int status, int64_t id)
{
	return reply_row(r, status, sql_terminal_list(r->db, id, 0, 1));
}

static enum fault
terminal_lock(struct req *r, int64_t id)
{
	struct rows t = sql_terminal_lock(r->db, id);

	return t.fault != OK ? t.fault : t.n == 0 ? FAULT_NOT_FOUND : OK;
}

static enum fault
no_branch(struct req *r)
{
	return fail_field(r, "branch", "There is no such branch.");
}

/* One terminal, by its id in the path. */

struct terminal_get {
	int64_t id;
};

static const struct field terminal_get_in[] = {
	FIELD_ID(terminal_get, id),
	FIELD_END,
};

/* GET /terminals: all of them, in the order they were made. */

struct terminal_list {
	int64_t after;
	int32_t limit;
};

static const struct field terminal_list_in[] = {
	FIELD(terminal_list, after, .min = 0, .max = FIELD_ID_MAX,
	    .optional = true),
	FIELD(terminal_list, limit, .min = 1, .max = 200, .def = 50,
	    .optional = true),
	FIELD_END,
};

static enum fault
terminal_list(struct req *r, const void *arg)
{
	const struct terminal_list *in = arg;

	return reply_page(r,
	    sql_terminal_list(r->db, DB_NULL, in->after, in->limit), in->limit);
}

/* GET /terminals/{id} */

static enum fault
terminal_get(struct req *r, const void *arg)
{
	const struct terminal_get *in = arg;

	return reply_terminal(r, 200, in->id);
}

/* POST /terminals: a terminal, which nothing is paired with yet. */

struct terminal_new {
	const char *name;
	const char *location;
	int64_t branch;
	const char *kind;
};

static const struct field terminal_new_in[] = {
	FIELD(terminal_new, name, .min = 1, .max = 100),
	FIELD(terminal_new, location, .max = 200, .def_text = "",
	    .optional = true),
	FIELD_ID(terminal_new, branch),
	FIELD(terminal_new, kind, .in = "tablet|nfc", .def_text = "tablet",
	    .optional = true),
	FIELD_END,
};

static enum fault
terminal_new(struct req *r, const void *arg)
{
	const struct terminal_new *in = arg;
	struct rows made = sql_terminal_new(r->db, in->name, in->location,
	    in->branch, in->kind);

	if (made.fault != OK)
		return made.fault;
	return made.n == 0 ? no_branch(r) :
			     reply_terminal(r, 201, row_int(&made, 0, "id"));
}

/* PUT /terminals/{id} */

struct terminal_change {
	int64_t id;
	const char *name;
	const char *location;
	int64_t branch;
	const char *kind;
};

static const struct field terminal_change_in[] = {
	FIELD_ID(terminal_change, id),
	FIELD(terminal_change, name, .min = 1, .max = 100),
	FIELD(terminal_change, location, .max = 200, .def_text = "",
	    .optional = true),
	FIELD_ID(terminal_change, branch),
	FIELD(terminal_change, kind, .in = "tablet|nfc", .def_text = "tablet",
	    .optional = true),
	FIELD_END,
};

static enum fault
terminal_change(struct req *r, const void *arg)
{
	const struct terminal_change *in = arg;
	struct rows changed;
	enum fault f;

	if ((f = terminal_lock(r, in->id)) != OK)
		return f;
	changed = sql_terminal_change(r->db, in->id, in->name, in->location,
	    in->branch, in->kind);
	if (changed.fault != OK)
		return changed.fault;
	return changed.n == 0 ? no_branch(r) : reply_terminal(r, 200, in->id);
}

/* DELETE /terminals/{id}: one with a history is only revoked. */

static enum fault
terminal_delete(struct req *r, const void *arg)
{
	const struct terminal_get *in = arg;
	struct rows gone;
	enum fault f;

	if ((f = terminal_lock(r, in->id)) != OK)
		return f;
	gone = sql_terminal_delete(r->db, in->id);
	if (gone.fault == OK && gone.n == 0)
		gone.fault = sql_terminal_revoke(r->db, in->id).fault;
	if (gone.fault != OK)
		return gone.fault;
	out_open(r->out, NULL, '{');
	out_bool(r->out, "deleted", gone.n > 0);
	out_bool(r->out, "deactivated", gone.n == 0);
	out_close(r->out, '}');
	return OK;
}

/* POST /terminals/{id}/revoke: its key and its pairing code are void. */

static enum fault
terminal_revoke(struct req *r, const void *arg)
{
	const struct terminal_get *in = arg;
	enum fault f;

	if ((f = terminal_lock(r, in->id)) != OK ||
	    (f = sql_terminal_revoke(r->db, in->id).fault) != OK)
		return f;
	return reply_terminal(r, 200, in->id);
}

/* POST /terminals/{id}/pairing: six digits to type on the tablet. */

static const char *
sha256(struct req *r, const char *text)
{
	uint8_t mac[MAC_SIZE];

	crypto_sha256(text, strlen(text), mac);
	return hex(r->pool, mac, sizeof(mac));
}

static enum fault
reply_pairing(struct req *r, const char *code, int64_t expires_at)
{
	r->status = 201;
	out_open(r->out, NULL, '{');
	out_text(r->out, "pairing_code", code);
	out_time(r->out, "expires_at", expires_at);
	out_close(r->out, '}');
	return OK;
}

static enum fault
terminal_pairing(struct req *r, const void *arg)
{
	const struct terminal_get *in = arg;
	const char *code;
	enum fault f = pairing_code_new(r->db, in->id, r->now, &code);

	return f != OK ? f : reply_pairing(r, code, r->now + PAIRING_LIFE);
}

/*
 * POST /register: a pairing code becomes the tablet's key, which is shown
 * this once.  Each statement stands for itself: a failed try has to count
 * although the request fails.
 */

enum { FREE_TRIES = 5, LONGEST_WAIT = 900, TERMINAL_KEY = 32 };

struct terminal_register {
	const char *pairing_code;
};

static bool
is_pairing_code(const char *s)
{
	return strlen(s) == 6 && strspn(s, "0123456789") == 6;
}

static const struct field terminal_register_in[] = {
	FIELD(terminal_register, pairing_code, .min = 6, .max = 6,
	    .is = is_pairing_code, .what = "Six digits."),
	FIELD_END,
};

static const char *
terminal_key(struct req *r)
{
	uint8_t random[TERMINAL_KEY];

	crypto_random(random, sizeof(random));
	return pool_printf(r->pool, "tt_%s",
	    base64url(r->pool, random, sizeof(random)));
}

static enum fault
pairing_wrong(struct req *r, int64_t failures)
{
	r->extra = "tries_left";
	r->extra_value = failures < FREE_TRIES ? FREE_TRIES - failures : 0;
	return FAULT_PAIRING_WRONG;
}

static enum fault
reply_registered(struct req *r, const char *key, const struct rows *t)
{
	r->status = 201;
	out_open(r->out, NULL, '{');
	out_text(r->out, "key", key);
	out_open(r->out, "terminal", '{');
	out_int(r->out, "id", row_int(t, 0, "id"));
	out_text(r->out, "name", row_text(t, 0, "name"));
	out_text(r->out, "branch_name", row_text(t, 0, "branch_name"));
	out_close(r->out, '}');
	out_close(r->out, '}');
	return OK;
}

static enum fault
terminal_register(struct req *r, const void *arg)
{
	const struct terminal_register *in = arg;
	const char *who = pool_printf(r->pool, "pairing:%s", r->ip);
	const char *key = terminal_key(r);
	struct rows t = sql_throttle_try(r->db, who, r->now, FREE_TRIES,
	    LONGEST_WAIT);
	int64_t failures;

	if (t.fault != OK)
		return t.fault;
	if (row_int(&t, 0, "wait") > 0)
		return fail_later(r, FAULT_TOO_MANY_TRIES,
		    row_int(&t, 0, "wait"));
	failures = row_int(&t, 0, "failures");
	t = sql_terminal_register(r->db,
	    pairing_code_hash(r->pool, in->pairing_code), sha256(r, key),
	    r->now);
	if (t.fault != OK || t.n == 0)
		return t.fault != OK ? t.fault : pairing_wrong(r, failures);
	sql_throttle_clear(r->db, who);
	return reply_registered(r, key, &t);
}

/*
 * GET /kiosk/feed: what the tablet shows, asked for once a second.
 *
 * Ordinarily nothing is new and one statement is all there is to it.  Codes
 * are made when the tablet holds those of another sequence, which are dead,
 * or lacks the last of the next five minutes.
 */

enum { AHEAD = 5 * 60 }; /* seconds */

struct feed {
	int64_t held; /* codes are held until then */
	int64_t sequence; /* of those */
	int64_t offset_ms;
	int64_t echo_after; /* all are sent: a kind may be new */
};

static const struct field feed_in[] = {
	FIELD(feed, held, .min = 0, .max = FIELD_ID_MAX, .optional = true),
	FIELD(feed, sequence, .min = 0, .max = FIELD_ID_MAX, .def = -1,
	    .optional = true),
	FIELD(feed, offset_ms, .min = -FIELD_ID_MAX, .max = FIELD_ID_MAX,
	    .def = DB_NULL, .optional = true),
	FIELD(feed, echo_after, .min = 0, .max = FIELD_ID_MAX,
	    .optional = true),
	FIELD_END,
};

static void
put_code(struct req *r, const struct key *key, const struct code *code,
    int64_t until)
{
	char text[CODE_TEXT + 1];
	const char *url;
	struct qr qr;

	code_seal(key, code, text);
	url = pool_printf(r->pool, "https://t.me/%s/%s?startapp=%s",
	    conf.BOT_USERNAME, conf.APP_NAME, text);
	qr = qr_of(r->pool, url);
	out_open(r->out, NULL, '{');
	out_text(r->out, "code", text);
	out_text(r->out, "url", url);
	out_time(r->out, "from", code->made_at);
	out_time(r->out, "until", until);
	out_open(r->out, "qr", '{');
	out_int(r->out, "size", qr.size);
	out_text(r->out, "modules", qr.modules);
	out_close(r->out, '}');
	out_close(r->out, '}');
}

/*
 * The codes of all windows from now to five minutes ahead that end later
 * than what is held; a window that the end of what is held lies in, after
 * the rotation was changed, is among them.
 */
static enum fault
put_codes(struct req *r, const struct feed *in, const struct rows *t)
{
	struct code code = { .terminal = r->terminal,
		.sequence = row_int(t, 0, "sequence") };
	int64_t rotation = row_int(t, 0, "rotation_seconds"), until;
	/* Held for longer than ever given: the clock was set back. */
	bool held = in->sequence == code.sequence &&
	    in->held <= r->now + AHEAD + CODE_LIFE;
	const struct key *key = NULL;
	enum fault f;

	out_open(r->out, "codes", '[');
	for (int64_t at = r->now;; at = until) {
		code_window(rotation, at, &code.made_at, &until);
		if (code.made_at >= r->now + AHEAD)
			break;
		if (held && until <= in->held)
			continue;
		if (key == NULL &&
		    (f = keyring_active(r->db, KEY_SEAL, &key)) != OK)
			return f;
		put_code(r, key, &code, until);
	}
	out_close(r->out, ']');
	return OK;
}

static void
put_place(struct req *r, const struct rows *t)
{
	struct out *o = r->out;

	out_open(o, "terminal", '{');
	out_int(o, "id", r->terminal);
	out_text(o, "name", row_text(t, 0, "name"));
	out_close(o, '}');
	out_open(o, "branch", '{');
	out_int(o, "id", row_int(t, 0, "branch"));
	out_text(o, "name", row_text(t, 0, "branch_name"));
	out_text(o, "time_zone", row_text(t, 0, "time_zone"));
	out_int(o, "rotation_seconds", row_int(t, 0, "rotation_seconds"));
	out_close(o, '}');
	out_int(o, "sequence", row_int(t, 0, "sequence"));
}

static enum fault
reply_feed(struct req *r, const struct feed *in, const struct rows *t)
{
	enum fault f;

	out_open(r->out, NULL, '{');
	out_time(r->out, "now", r->now);
	out_int(r->out, "now_ms", clock_now_ms());
	put_place(r, t);
	f = put_codes(r, in, t);
	out_raw(r->out, "echo", row_text(t, 0, "echo"));
	out_close(r->out, '}');
	return f;
}

static enum fault
feed(struct req *r, const void *arg)
{
	const struct feed *in = arg;
	struct rows t = sql_feed(r->db, r->terminal, r->now), seen;

	if (t.fault != OK)
		return t.fault;
	if (t.n == 0)
		return FAULT_TERMINAL_REVOKED;
	if (row_bool(&t, 0, "unseen")) {
		seen = sql_feed_seen(r->db, r->terminal, r->now, in->offset_ms);
		if (seen.fault != OK)
			return seen.fault;
	}
	return reply_feed(r, in, &t);
}

static const struct route routes[] = {
	{ GET, "/kiosk/feed", TERMINAL, feed, IN(feed),
	    .what =
		"What a tablet shows, asked for once a second: the codes of "
		"the next five minutes that it does not hold yet, and who has "
		"just scanned.",
	    GIVES_JSON(200, feed) },
	{ POST, "/register", ANYONE, terminal_register, IN(terminal_register),
	    .what = "Turn a pairing code into a terminal's key, which is shown "
		    "this once.",
	    GIVES_JSON(201, registered), .faults = { FAULT_PAIRING_WRONG } },
	{ GET, "/terminals", ADMIN, terminal_list, IN(terminal_list),
	    .what = "Terminals in the order they were made.",
	    GIVES_PAGE(terminal_list) },
	{ POST, "/terminals", ADMIN, terminal_new, IN(terminal_new), .tx = true,
	    .idem = true,
	    .what = "Add a terminal, which nothing is paired with yet.",
	    GIVES_ROW(201, terminal_list),
	    .faults = { FAULT_TERMINAL_NAME_TAKEN } },
	{ DELETE, "/terminals/{id}", ADMIN, terminal_delete, IN(terminal_get),
	    .tx = true,
	    .what = "Remove a terminal; one with a history is only revoked.",
	    GIVES_JSON(200, deleted) },
	{ GET, "/terminals/{id}", ADMIN, terminal_get, IN(terminal_get),
	    .what = "One terminal.", GIVES_ROW(200, terminal_list) },
	{ PUT, "/terminals/{id}", ADMIN, terminal_change, IN(terminal_change),
	    .tx = true, .what = "Change a terminal.",
	    GIVES_ROW(200, terminal_list),
	    .faults = { FAULT_TERMINAL_NAME_TAKEN } },
	{ POST, "/terminals/{id}/pairing", ADMIN, terminal_pairing,
	    IN(terminal_get), .tx = true,
	    .what = "Make a pairing code: six digits to type on the tablet "
		    "within ten minutes.",
	    GIVES_JSON(201, pairing) },
	{ POST, "/terminals/{id}/revoke", ADMIN, terminal_revoke,
	    IN(terminal_get), .tx = true,
	    .what =
		"Revoke a terminal: its key and its codes are void at once.",
	    GIVES_ROW(200, terminal_list) },
};

API_MAIN("terminals", routes)
