/*
 * code: what the tablet's QR carries (REQUIREMENTS Q1, Q2).
 *
 *	key id (1) | nonce (12) | AES-256-GCM of 16 bytes | tag (16)
 *
 * 45 bytes, 60 characters of base64url, no spare bits: one text per code.
 * Inside: terminal (6), sequence (4), made at (6), big endian.  The nonce is
 * derived from the content by HMAC, so that a code of the same window is the
 * same text on every poll and in every process, and is what the database
 * keeps to make a code single-use.
 */
#ifndef CODE_H
#define CODE_H

#include <stdint.h>

#include "base/fault.h"
#include "trust/keyring.h"

enum { CODE_TEXT = 60, CODE_LIFE = 60, CODE_SKEW = 2 };	/* seconds */

struct code {
	int64_t		 terminal;
	int64_t		 sequence;	/* goes up when a code is used */
	int64_t		 made_at;	/* unix seconds */
	uint8_t		 nonce[NONCE_SIZE];
};

void		 code_seal(const struct key *, const struct code *,
		    char text[CODE_TEXT + 1]);

/* The key id that a text names, or -1 if it cannot be a code. */
int		 code_key(const char *text);

/*
 * Open a code at the instant now: valid while made_at - CODE_SKEW <= now
 * and now < made_at + CODE_LIFE.  CODE_FORGED (also if there is no such key,
 * NULL), CODE_EARLY or CODE_EXPIRED.
 */
enum fault	 code_open(const struct key *, const char *text, int64_t now,
		    struct code *);

/*
 * The window in which the code of an instant is shown: rotation seconds from
 * a multiple of rotation, which is taken as CODE_LIFE - 5 if it is more, so
 * that a scan at the last moment has five seconds for the network.  Windows
 * follow one another without a gap; a code is made at the start of its own.
 */
void		 code_window(int64_t rotation, int64_t at, int64_t *from,
		    int64_t *until);

#endif
