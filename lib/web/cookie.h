/*
 * cookie: one value out of a Cookie header (RFC 6265, 4.2.1).
 */
#ifndef COOKIE_H
#define COOKIE_H

struct pool;

/*
 * The value of a cookie, or NULL; of two with one name the first, which is
 * the more specific one (RFC 6265, 5.4).  The header may be NULL.
 */
const char	*cookie_get(struct pool *, const char *header,
		    const char *name);

#endif
