/*
 * updates: what people write to the bot is handled; without a webhook it is
 * fetched as well.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/out.h"
#include "base/pool.h"
#include "bot/bot.h"
#include "bot/parse.h"
#include "data/db.h"
#include "out/http.h"
#include "out/telegram.h"
#include "worker.h"
#include "bot.sql.h"

enum { LONG_POLL = 25, POLL_PAUSE = 5, BATCH = 100 }; /* seconds; updates */

static int64_t poll_after; /* a failure */
static bool exhausted; /* the last answer was empty */

enum fault
handle_updates(struct work *w)
{
	enum fault f = OK;
	bool more = true;

	while (f == OK && more && !worker_stops(0)) {
		pool_reset(w->pool);
		db_pool(w->db, w->pool);
		f = bot_step(w->pool, w->db, clock_now(), &more);
	}
	return f;
}

bool
updates_idle(struct work *w)
{
	struct rows r = sql_updates_wait(w->db, clock_now());

	return !http_asking() && (r.fault != OK || !row_bool(&r, 0, "wait"));
}

static const char *
question(struct work *w, int64_t offset)
{
	struct out *out = out_new(w->pool);
	size_t n;

	out_open(out, NULL, '{');
	out_int(out, "offset", offset);
	out_int(out, "limit", BATCH);
	out_int(out, "timeout", w->once ? 0 : LONG_POLL);
	out_raw(out, "allowed_updates", BOT_UPDATES);
	out_close(out, '}');
	return out_body(out, &n);
}

static enum fault
wait(const char *why, int64_t seconds)
{
	log_warn("Telegram gives no updates: %s%s", why,
	    strncmp(why, "Conflict", 8) == 0 ? " (tabelctl bot setup)" : "");
	exhausted = true;
	poll_after = clock_now() +
	    (seconds > 0 ? 1 + seconds : POLL_PAUSE); /* it has begun */
	return OK;
}

/* The list of "result", as it stands in the answer. */
static enum fault
keep(struct work *w, const struct http_answer *http)
{
	struct telegram_answer a = telegram_answer(w->pool, http, NULL);
	const char *body;
	struct rows r;

	if (a.result != TELEGRAM_SENT)
		return wait(a.why, a.retry_after);
	body = parse_update(w->pool, http->body, http->len);
	if (body == NULL)
		return wait("an answer that cannot be read", 0);
	r = sql_updates_new(w->db, body, clock_now());
	exhausted = r.n == 0;
	return r.fault;
}

/* The question stays open while the worker does other things. */
enum fault
poll_updates(struct work *w)
{
	struct http_answer answer;
	struct rows r;

	if (strcmp(conf.BOT_MODE, "polling") != 0 || clock_now() < poll_after)
		return OK;
	if (http_waiting(w->pool, &answer))
		return keep(w, &answer);
	if (http_asking() || (w->once && exhausted))
		return OK;
	r = sql_poll_offset(w->db, clock_now());
	if (r.fault != OK)
		return r.fault;
	http_ask(telegram_url(w->pool, "getUpdates"),
	    question(w, row_int(&r, 0, "next_update")));
	return OK;
}
