#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/pool.h"
#include "worker.h"

enum {
	SECOND = 1000 * 1000,		/* microseconds */
	PER_SECOND = 25,
	PER_MINUTE_GROUP = 20,
	REMEMBERED = 60 * PER_SECOND	/* what a minute can hold */
};

/* A ring of what was sent last. */
static struct sent {
	int64_t		 chat, at;
} sent[REMEMBERED];
static size_t n_sent;

/* The i-th last one, or NULL if it is older than age. */
static const struct sent *
sent_before(size_t i, int64_t age)
{
	const struct sent *s;

	if (i >= n_sent || i >= REMEMBERED)
		return NULL;
	s = &sent[(n_sent - 1 - i) % REMEMBERED];
	return clock_monotonic_us() - s->at < age ? s : NULL;
}

void
pace_sent(int64_t chat)
{
	sent[n_sent++ % REMEMBERED] =
	    (struct sent){ chat, clock_monotonic_us() };
}

bool
pace_full(void)
{
	return sent_before(PER_SECOND - 1, SECOND) != NULL;
}

/* How often the chat of the i-th last one was written to until then. */
static int
sent_within_minute(size_t i)
{
	int64_t chat = sent_before(i, 60 * SECOND)->chat;
	const struct sent *s;
	int n = 0;

	for (; (s = sent_before(i, 60 * SECOND)) != NULL; i++)
		n += s->chat == chat;
	return n;
}

const char *
pace_waiting(struct pool *pool)
{
	const char *list = "";
	const struct sent *s;

	for (size_t i = 0; (s = sent_before(i, 60 * SECOND)) != NULL; i++)
		if (sent_before(i, SECOND) != NULL || (s->chat < 0 &&
		    sent_within_minute(i) >= PER_MINUTE_GROUP))
			list = pool_printf(pool, "%s%s%" PRId64, list,
			    *list == '\0' ? "" : ",", s->chat);
	return pool_printf(pool, "{%s}", list);
}
