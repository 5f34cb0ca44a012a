/*
 * GET /kiosk/feed: what the tablet shows, asked for once a second.
 *
 * Ordinarily nothing is new and one statement is all there is to it.  Codes
 * are made when the tablet holds those of another sequence, which are dead,
 * or lacks the last of the next five minutes.
 */
#include "terminals.h"

#include "base/clock.h"
#include "base/conf.h"
#include "paper/qr.h"
#include "terminals.sql.h"
#include "trust/code.h"
#include "trust/keyring.h"

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

const struct route feed_routes[] = {
	{ GET, "/kiosk/feed", TERMINAL, feed, IN(feed),
	    .what =
		"What a tablet shows, asked for once a second: the codes of "
		"the next five minutes that it does not hold yet, and who has "
		"just scanned.",
	    GIVES_JSON(200, feed) },
	{ .path = NULL }
};
