#include "trust/pairing_code.h"

#include "base/pool.h"
#include "pairing_code.sql.h"
#include "trust/crypto.h"
#include "trust/secret.h"

enum { DRAWS = 20 };

const char *
pairing_code_hash(struct pool *pool, const char *code)
{
	return crypto_hash(pool, pool_printf(pool, "pairing:%s", code));
}

enum fault
pairing_code_new(struct db *db, int64_t terminal, int64_t now,
    const char **code)
{
	struct pool *pool = db_its_pool(db);
	struct rows r = sql_terminal_lock(db, terminal);

	if (r.fault != OK || r.n == 0)
		return r.fault != OK ? r.fault : FAULT_NOT_FOUND;
	r = sql_terminal_pairing_void(db, terminal);
	for (int i = 0; i < DRAWS && r.fault == OK; i++) {
		*code = secret_digits(pool);
		r = sql_terminal_pairing(db, terminal,
		    pairing_code_hash(pool, *code), now + PAIRING_LIFE, now);
		if (r.n > 0)
			return r.fault;
	}
	return r.fault != OK ? r.fault : FAULT_RETRY;
}
