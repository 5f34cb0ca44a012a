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
#include "out/buttons.h"
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
	REPORT = 60, /* seconds between rows of job_run */
	MICROSECONDS = 1000 * 1000
};

static struct pace pace;
static int64_t paused_until; /* the whole queue */
static int64_t reported_at, n_sent, n_troubled;

struct message {
	int64_t id, chat, attempts, created_at;
	int64_t target; /* the message to be changed */
	const char *kind, *callback;
	const char *text; /* NULL: there is none */
	const char *markup; /* or NULL */
};

static struct json_object *
json_of(struct work *w, const struct rows *r, const char *column)
{
	const char *s = row_text(r, 0, column);

	return s == NULL ? NULL : json_parse(w->pool, s, strlen(s), NULL);
}

/* What answers a button is plain text, and may be nothing. */
static const char *
render(struct work *w, const struct rows *r)
{
	const char *language = row_text(r, 0, "language");
	const char *key = row_text(r, 0, "key");

	if (!row_null(r, 0, "body"))
		return row_text(r, 0, "body");
	return strcmp(row_text(r, 0, "kind"), "answer") == 0 ?
	    text_plain(w->pool, language, key, json_of(w, r, "params")) :
	    text_render(w->pool, language, key, json_of(w, r, "params"));
}

static struct telegram_answer
transmit(struct work *w, const struct message *m)
{
	struct telegram_answer a;

	if (strcmp(m->kind, "answer") == 0)
		return telegram_pressed(w->pool, m->callback,
		    m->text != NULL && *m->text != '\0' ? m->text : NULL);
	a = strcmp(m->kind, "edit") == 0 ?
	    telegram_edit(w->pool, m->chat, m->target, m->text, m->markup) :
	    telegram_send(w->pool, m->chat, m->text, m->markup);
	pace_sent(&pace, m->chat, clock_monotonic_us());
	return a;
}

/* A change of what has not gone out, or was given up, loudly, itself. */
static bool
is_early(const struct message *m)
{
	return strcmp(m->kind, "edit") == 0 && m->target == 0;
}

static enum fault
give_up(struct work *w, const struct message *m, const char *why)
{
	n_troubled++;
	/* Telegram forgets a press within seconds; a change comes again. */
	if (strcmp(m->kind, "answer") != 0 && !is_early(m))
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
	/* Others would most likely fail as well; this second has begun. */
	paused_until = now +
	    (a->retry_after > 0 ? 1 + a->retry_after : FIRST_PAUSE);
	if (now - m->created_at >= GIVE_UP_AGE && m->attempts >= GIVE_UP_TRIES)
		return give_up(w, m, a->why);
	if (a->retry_after > 0) {
		log_warn("Telegram asks for a pause of %lld s.",
		    (long long)a->retry_after);
		return sql_notice_later(w->db, m->id, paused_until, true,
		    a->why)
		    .fault;
	}
	log_warn("Notification %lld was not sent, try %lld: %s",
	    (long long)m->id, (long long)m->attempts, a->why);
	return sql_notice_later(w->db, m->id, now + pause_after(m->attempts),
	    false, a->why)
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
		f = sql_notice_sent(w->db, m->id,
		    message != 0 ? message : DB_NULL, clock_now())
			.fault;
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

/* Why it cannot be sent at all, or NULL. */
static const char *
nothing_to_send(struct work *w, const struct message *m, const struct rows *r)
{
	if (row_bool(r, 0, "expired"))
		return "it came too late";
	if (strcmp(m->kind, "answer") == 0)
		return NULL;
	if (m->chat == 0)
		return "no Telegram account";
	if (is_early(m))
		return "the message to be changed was not sent";
	if (m->text == NULL)
		return pool_printf(w->pool, "the catalogue has no text \"%s\"",
		    row_text(r, 0, "key"));
	return NULL;
}

/* Takes one message and sends it; *more is false if there was none. */
static enum fault
deliver_one(struct work *w, bool *more)
{
	struct telegram_answer a;
	struct message m;
	struct rows r;
	const char *why;

	r = sql_notice_take(w->db, clock_now(),
	    pace_waiting(w->pool, &pace, clock_monotonic_us()));
	*more = r.fault == OK && r.n == 1;
	if (!*more)
		return r.fault;
	if (row_bool(&r, 0, "repeats"))
		log_warn("Notification %s may go out once more: a worker died "
			 "while it sent it.",
		    row_text(&r, 0, "id"));
	m = (struct message){
		.id = row_int(&r, 0, "id"),
		.chat = row_int(&r, 0, "address"),
		.attempts = row_int(&r, 0, "attempts"),
		.created_at = row_time(&r, 0, "created_at"),
		.target = row_int(&r, 0, "target"),
		.kind = row_text(&r, 0, "kind"),
		.callback = row_text(&r, 0, "callback"),
		.text = render(w, &r),
		.markup = buttons_markup(w->pool, row_text(&r, 0, "language"),
		    json_of(w, &r, "buttons")),
	};
	if ((why = nothing_to_send(w, &m, &r)) != NULL)
		return give_up(w, &m, why);
	a = transmit(w, &m);
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

/* What a worker before us knew: the pause, and what went out just now. */
static enum fault
take_over(struct work *w)
{
	static bool done;
	int64_t now = clock_now(), now_us = clock_monotonic_us();
	struct rows pause, sent;

	if (done)
		return OK;
	pause = sql_notice_pause(w->db);
	if (pause.fault != OK)
		return pause.fault;
	sent = sql_notices_recent(w->db, now);
	if (sent.fault != OK)
		return sent.fault;
	if (!row_null(&pause, 0, "until"))
		paused_until = row_time(&pause, 0, "until");
	for (int i = 0; i < sent.n; i++)
		pace_sent(&pace, row_int(&sent, i, "chat"),
		    now_us -
			(now - row_time(&sent, i, "sent_at")) * MICROSECONDS);
	done = true;
	return OK;
}

enum fault
deliver(struct work *w)
{
	enum fault f = take_over(w);
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
