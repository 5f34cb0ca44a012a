/*
 * pairing_code: the six digits with which a tablet is admitted (Q2).
 *
 * Drawn without bias, valid for ten minutes and for one use; only a hash is
 * kept.  A new one makes those before it void.
 */
#ifndef PAIRING_CODE_H
#define PAIRING_CODE_H

#include <stdint.h>

#include "base/fault.h"

struct db;
struct pool;

enum { PAIRING_LIFE = 10 * 60 };		/* seconds */

/*
 * A new code for a terminal, in the caller's transaction: NOT_FOUND if there
 * is no such terminal, RETRY in the event that no free code was drawn.
 */
enum fault	 pairing_code_new(struct db *, int64_t terminal, int64_t now,
		    const char **code);
/* What is kept of a code: 64 hexadecimal digits. */
const char	*pairing_code_hash(struct pool *, const char *code);

#endif
