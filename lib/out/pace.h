/*
 * pace: how fast a bot may write.
 *
 * A message per second and chat, twenty per minute and group, and 25 per
 * second in all (Telegram begins to refuse at about 30).
 * https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
 * Instants are microseconds of the monotonic clock; groups have negative ids.
 */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

enum {
	PACE_SECOND = 25,		/* messages, to all */
	PACE_GROUP_MINUTE = 20,		/* to a group */
	PACE_REMEMBERED = 60 * PACE_SECOND	/* what a minute can hold */
};

/* What was sent last, as a ring; all zero at first. */
struct pace {
	size_t		 n;
	struct pace_sent {
		int64_t		 chat, at;
	} sent[PACE_REMEMBERED];
};

void		 pace_sent(struct pace *, int64_t chat, int64_t now);
/* Nothing more may go out at that instant. */
bool		 pace_full(const struct pace *, int64_t now);
/* The chats that must wait, as "{1,-2}". */
const char	*pace_waiting(struct pool *, const struct pace *,
		    int64_t now);

#endif
