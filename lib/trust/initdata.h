/*
 * initdata: who Telegram says has opened the Mini App.
 *
 * https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
 * Checked: HMAC over every received field but "hash"; no field twice, no
 * control character, no invalid UTF-8; auth_date in digits, at most max_age
 * old and at most 60 s ahead; user as an object with an integer id.
 */
#ifndef INITDATA_H
#define INITDATA_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct pool;

struct initdata {
	int64_t		 user;		/* Telegram id, 1 .. 2^52 - 1 */
	const char	*first_name, *last_name;	/* or NULL */
	const char	*language;	/* language_code, or NULL */
	int64_t		 auth_date;	/* unix seconds */
};

/*
 * INIT_DATA_FORGED (also for anything malformed) or INIT_DATA_EXPIRED (also
 * from the future).  now and max_age in seconds; age == max_age is valid.
 */
enum fault	 initdata_check(struct pool *, const char *bot_token,
		    const char *text, size_t len, int64_t now, int64_t max_age,
		    struct initdata *);

/*
 * Telegram's answer to requestContact(): signed with the same key, but
 * "contact" instead of "user".  The phone number in *phone as "+7999...",
 * only if the contact is the user's own.
 */
enum fault	 initdata_contact(struct pool *, const char *bot_token,
		    const char *text, size_t len, int64_t now, int64_t max_age,
		    int64_t user, const char **phone);

/*
 * Sign fields as Telegram would (demo links): "auth_date=...&...&hash=...".
 * names and values are n pairs, without hash; the text is URL-encoded.
 */
char		*initdata_sign(struct pool *, const char *bot_token,
		    const char *const *names, const char *const *values,
		    size_t n);

#endif
