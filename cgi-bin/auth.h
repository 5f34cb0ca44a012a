/*
 * auth: what the parts of this program share.
 *
 * Each part has a route table of its own, ended by a row without a path.
 */
#ifndef AUTH_H
#define AUTH_H

#include <stdint.h>

#include "web/api.h"

extern const struct route activation_routes[], code_routes[];

/*
 * A new session and its answer; with a password hash, only if that is still
 * the person's.
 */
enum fault	auth_session(struct req *, int64_t person, const char *kind,
		    const char *password_hash, const char **token);
/* Browsers keep the token where no script can read it. */
void		auth_cookie(struct req *, const char *token, int64_t seconds);
/* One try, which counts until sql_throttle_clear(); TOO_MANY_TRIES. */
enum fault	auth_throttle(struct req *, const char *key);

/*
 * The same for the key of an account, which anybody can try: from an address
 * where its owner has signed in tries are counted apart, so that nobody else
 * can lock him out.  auth_key() is the key that counts; auth_known() says that
 * it was the owner, and clears it.
 */
enum fault	auth_key(struct req *, const char *account, const char **key);
enum fault	auth_known(struct req *, const char *account);

#endif
