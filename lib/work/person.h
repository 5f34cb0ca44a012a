/*
 * person: who a Telegram account is to us.
 */
#ifndef PERSON_H
#define PERSON_H

#include <stdint.h>

#include "base/fault.h"

struct db;

struct person_telegram {
	int64_t		 telegram;	/* Telegram's id */
	const char	*first_name, *last_name;	/* or NULL */
	const char	*language;	/* Telegram's code, or NULL */
	const char	*phone;		/* that Telegram vouches for, or NULL */
};

/*
 * Finds the person or makes him, and from here on speaks in his name (audit
 * log).  FIRST_ADMIN_ID becomes the administrator while there is none.
 */
enum fault	 person_telegram(struct db *, const struct person_telegram *,
		    int64_t *id);

#endif
