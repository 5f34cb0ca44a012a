/*
 * telegram: the Bot API as Tabel uses it.
 * https://core.telegram.org/bots/api
 */
#ifndef TELEGRAM_H
#define TELEGRAM_H

#include <stdint.h>

struct pool;

enum telegram_result {
	TELEGRAM_SENT,
	TELEGRAM_LATER,		/* try again: .retry_after seconds, or 0 */
	TELEGRAM_BLOCKED,	/* 403: this chat does not want us */
	TELEGRAM_MOVED,		/* the group is now .moved_to */
	TELEGRAM_REFUSED	/* trying again will not help */
};

struct telegram_answer {
	enum telegram_result	 result;
	int64_t			 message;	/* id, if sent */
	int64_t			 retry_after;	/* seconds */
	int64_t			 moved_to;	/* chat id */
	const char		*why;		/* without the token */
};

/* sendMessage with parse_mode HTML; the text is at most 4096 characters. */
struct telegram_answer telegram_send(struct pool *, int64_t chat,
		    const char *html);

#endif
