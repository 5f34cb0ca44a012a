/*
 * token: access tokens, JWT with HS256 (RFC 7515, 7519, 8725).
 *
 * A token names its session row and nothing else that matters: {"kid",
 * "alg"} and {"sid", "sub", "iat", "exp"}.  The algorithm is fixed here and
 * never read from the token; anything that is not byte for byte what
 * token_sign() writes for the same claims is refused.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdint.h>

#include "base/fault.h"
#include "trust/keyring.h"

struct pool;

struct token {
	const char	*session;	/* base64url, 43 characters */
	int64_t		 person;
	int64_t		 issued_at, expires_at;	/* unix seconds */
};

char		*token_sign(struct pool *, const struct key *,
		    const struct token *);
/* The key id of a token, or -1 if it cannot be one. */
int		 token_key(const char *text);
/* BAD_TOKEN, or TOKEN_EXPIRED from expires_at on. */
enum fault	 token_check(struct pool *, const struct key *,
		    const char *text, int64_t now, struct token *);

/* A new random session id: 32 random bytes as base64url. */
char		*token_session(struct pool *);

#endif
