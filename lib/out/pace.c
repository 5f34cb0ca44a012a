#include "out/pace.h"

#include <inttypes.h>

#include "base/pool.h"

enum { SECOND = 1000 * 1000, MINUTE = 60 * SECOND };

/* The i-th last one, or NULL if it is older than age. */
static const struct pace_sent *
last(const struct pace *p, size_t i, int64_t now, int64_t age)
{
	const struct pace_sent *s;

	if (i >= p->n || i >= PACE_REMEMBERED)
		return NULL;
	s = &p->sent[(p->n - 1 - i) % PACE_REMEMBERED];
	return now - s->at < age ? s : NULL;
}

void
pace_sent(struct pace *p, int64_t chat, int64_t now)
{
	p->sent[p->n++ % PACE_REMEMBERED] = (struct pace_sent){ chat, now };
}

bool
pace_full(const struct pace *p, int64_t now)
{
	return last(p, PACE_SECOND - 1, now, SECOND) != NULL;
}

/* How often the chat of the i-th last one was written to until then. */
static int
within_minute(const struct pace *p, size_t i, int64_t now)
{
	int64_t chat = last(p, i, now, MINUTE)->chat;
	const struct pace_sent *s;
	int n = 0;

	for (; (s = last(p, i, now, MINUTE)) != NULL; i++)
		n += s->chat == chat;
	return n;
}

const char *
pace_waiting(struct pool *pool, const struct pace *p, int64_t now)
{
	const char *list = "";
	const struct pace_sent *s;

	for (size_t i = 0; (s = last(p, i, now, MINUTE)) != NULL; i++)
		if (last(p, i, now, SECOND) != NULL ||
		    (s->chat < 0 &&
			within_minute(p, i, now) >= PACE_GROUP_MINUTE))
			list = pool_printf(pool, "%s%s%" PRId64, list,
			    *list == '\0' ? "" : ",", s->chat);
	return pool_printf(pool, "{%s}", list);
}
