/*
 * encode: bytes as text, and back.
 *
 * Decoding refuses whatever encoding would not have written: one text for
 * the same bytes (RFC 4648, 3.5).
 */
#ifndef ENCODE_H
#define ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

/* base64url without padding. */
char		*base64url(struct pool *, const void *, size_t);
/* The same into out, which has room for (4n + 2) / 3 + 1 characters. */
void		 base64url_write(const void *, size_t n, char *out);
/* Bytes decoded into out (at most max), or -1. */
long		 base64url_decode(const char *, size_t, uint8_t *out,
		    size_t max);
/* Ordinary base64 with padding. */
char		*base64(struct pool *, const void *, size_t);

char		*hex(struct pool *, const void *, size_t);	/* lower case */
/* Exactly n bytes from a text of 2n digits of either case. */
bool		 hex_decode(const char *, uint8_t *out, size_t n);

#endif
