/*
 * deliver: the outbox to Telegram, at least once.
 *
 * A message is claimed in the database before it is sent and marked
 * afterwards; only a worker that dies in between sends it again.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/text.h"
#include "data/db.h"
#include "out/pace.h"
#include "out/telegram.h"
#include "trust/crypto.h"
#include "worker.h"
#include "worker.sql.h"

enum {
	FIRST_PAUSE = 5, /* seconds, then doubled */
	LONGEST_PAUSE = 600,
	GIVE_UP_AGE = 24 * 3600,
	GIVE_UP_TRIES = 10, /* a pause of ours is no try */
	REPORT = 60 /* seconds between rows of job_run */
};

static struct pace pace;
static int64_t paused_until; /* the whole queue */
static int64_t reported_at, n_sent, n_troubled;

struct message {
	int64_t id, chat, attempts, created_at;
	const char *text; /* NULL: there is none */
};

static const char *
render(struct work *w, const struct rows *r)
{
	const char *params = row_text(r, 0, "params");

	return text_render(w->pool, row_text(r, 0, "language"),
	    row_text(r, 0, "key"),
	    json_parse(w->pool, params, strlen(params), NULL));
}

static enum fault
give_up(struct work *w, const struct message *m, const char *why)
{
	n_troubled++;
	log_error("Notification %lld is given up after %lld tries: %s",
	    (long long)m->id, (long long)m->attempts, why);
	return sql_notice_failed(w->db, m->id, why).fault;
}

/* 5 s, 10 s, 20 s ... 10 min, each up to a quarter longer. */
static int64_t
pause_after(int64_t attempts)
{
	int64_t pause = FIRST_PAUSE;
	uint16_t random;

	while (--attempts > 0 && pause < LONGEST_PAUSE)
		pause *= 2;
	if (pause > LONGEST_PAUSE)
		pause = LONGEST_PAUSE;
	crypto_random(&random, sizeof(random));
	return pause + random % (pause / 4 + 1);
}

static enum fault
try_later(struct work *w, const struct message *m,
    const struct telegram_answer *a)
{
	int64_t now = clock_now();

	n_troubled++;
	if (a->retry_after > 0) {
		/* This second has begun already. */
		paused_until = now + 1 + a->retry_after;
		log_warn("Telegram asks for a pause of %lld s.",
		    (long long)a->retry_after);
		return sql_notice_later(w->db, m->id, paused_until, a->why)
		    .fault;
	}
	if (now - m->created_at >= GIVE_UP_AGE && m->attempts >= GIVE_UP_TRIES)
		return give_up(w, m, a->why);
	/* Others would most likely fail as well. */
	paused_until = now + FIRST_PAUSE;
	log_warn("Notification %lld was not sent, try %lld: %s",
	    (long long)m->id, (long long)m->attempts, a->why);
	return sql_notice_later(w->db, m->id, now + pause_after(m->attempts),
	    a->why)
	    .fault;
}

/* What has gone out is not sent again because the database is away. */
static enum fault
mark_sent(struct work *w, const struct message *m, int64_t message)
{
	enum fault f;

	n_sent++;
	do {
		db_pool(w->db, w->pool);
		f = sql_notice_sent(w->db, m->id, message, clock_now()).fault;
	} while (f != OK && !worker_stops(1000));
	return f;
}

static enum fault
mark(struct work *w, const struct message *m, const struct telegram_answer *a)
{
	switch (a->result) {
	case TELEGRAM_SENT:
		return mark_sent(w, m, a->message);
	case TELEGRAM_LATER:
		return try_later(w, m, a);
	case TELEGRAM_BLOCKED:
		n_troubled++;
		log_info("Notification %lld is not wanted: %s",
		    (long long)m->id, a->why);
		return sql_notice_blocked(w->db, m->id, a->why, clock_now())
		    .fault;
	case TELEGRAM_MOVED:
		return sql_notice_moved(w->db, m->id, m->chat, a->moved_to,
		    clock_now())
		    .fault;
	case TELEGRAM_REFUSED:
		break;
	}
	return give_up(w, m, a->why);
}

/* Takes one message and sends it; *more is false if there was none. */
static enum fault
deliver_one(struct work *w, bool *more)
{
	struct telegram_answer a;
	struct message m;
	struct rows r;

	r = sql_notice_take(w->db, clock_now(),
	    pace_waiting(w->pool, &pace, clock_monotonic_us()));
	*more = r.fault == OK && r.n == 1;
	if (!*more)
		return r.fault;
	m = (struct message){
		.id = row_int(&r, 0, "id"),
		.chat = row_int(&r, 0, "address"),
		.attempts = row_int(&r, 0, "attempts"),
		.created_at = row_time(&r, 0, "created_at"),
		.text = render(w, &r),
	};
	if (m.chat == 0)
		return give_up(w, &m, "no Telegram account");
	if (m.text == NULL)
		return give_up(w, &m,
		    pool_printf(w->pool,
			"the catalogue "
			"has no text \"%s\"",
			row_text(&r, 0, "key")));
	a = telegram_send(w->pool, m.chat, m.text);
	pace_sent(&pace, m.chat, clock_monotonic_us());
	return mark(w, &m, &a);
}

static void
report(struct work *w)
{
	if (n_sent + n_troubled == 0 || clock_now() - reported_at < REPORT)
		return;
	w->result = pool_printf(w->pool, "%lld sent, %lld not",
	    (long long)n_sent, (long long)n_troubled);
	reported_at = clock_now();
	n_sent = n_troubled = 0;
}

enum fault
deliver(struct work *w)
{
	enum fault f = OK;
	bool more = true;

	while (f == OK && more && !pace_full(&pace, clock_monotonic_us()) &&
	    clock_now() >= paused_until && !worker_stops(0))
		f = deliver_one(w, &more);
	report(w);
	return f;
}

bool
deliver_idle(struct work *w)
{
	struct rows r;

	if (clock_now() < paused_until)
		return true;
	r = sql_notice_waits(w->db, clock_now());
	return r.fault != OK || !row_bool(&r, 0, "waits");
}
