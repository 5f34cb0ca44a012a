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

#endif
