/*
 * telegram: the Bot API as Tabel uses it.
 * https://core.telegram.org/bots/api
 */
#ifndef TELEGRAM_H
#define TELEGRAM_H

#include <stdint.h>

struct json_object;
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

/*
 * sendMessage and editMessageText with parse_mode HTML; the text is at most
 * 4096 characters.  markup is the JSON of reply_markup, or NULL.  To change
 * a message to what it is already counts as sent.
 */
struct telegram_answer telegram_send(struct pool *, int64_t chat,
		    const char *html, const char *markup);
struct telegram_answer telegram_edit(struct pool *, int64_t chat,
		    int64_t message, const char *html, const char *markup);
/* answerCallbackQuery; the plain text is at most 200 characters, or NULL. */
struct telegram_answer telegram_pressed(struct pool *, const char *callback,
		    const char *text);
/* The address of a method; it holds the token. */
const char	*telegram_url(struct pool *, const char *method);
/* What an answer of HTTP says; *result as below. */
struct http_answer;
struct telegram_answer telegram_answer(struct pool *,
		    const struct http_answer *, struct json_object **result);
/* Any method; *result (if not NULL) is what it gave, if it was sent. */
struct telegram_answer telegram_call(struct pool *, const char *method,
		    const char *body, struct json_object **result);

#endif
