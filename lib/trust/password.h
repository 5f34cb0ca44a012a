/*
 * password: bcrypt over base64(HMAC-SHA256(pepper, password)) (T1).
 *
 * The inner hash is 44 characters, so bcrypt's cut at 72 bytes cuts nothing.
 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include <stdbool.h>

#include "trust/keyring.h"

struct pool;

enum { PASSWORD_MIN = 10, PASSWORD_MAX = 200 };	/* characters, bytes */

char		*password_hash(struct pool *, const struct key *pepper,
		    const char *password);
/*
 * True if the password has that hash.  A NULL hash takes as long as a real
 * one and is false: an unknown user looks like a wrong password.
 */
bool		 password_check(struct pool *, const struct key *pepper,
		    const char *password, const char *hash);
/* A reason why a new password is too weak, or NULL. */
const char	*password_weakness(const char *password, const char *username);
/* Readable random password of 80 bits, e.g. "kavo-8tin-...". */
char		*password_random(struct pool *);

#endif
