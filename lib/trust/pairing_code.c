#include "trust/pairing_code.h"

#include <inttypes.h>
#include <string.h>

#include "base/pool.h"
#include "pairing_code.sql.h"
#include "trust/crypto.h"

enum { DRAWS = 20, CODES = 1000000 };

static const char *
draw(struct pool *pool)
{
	const uint32_t fair = UINT32_MAX - UINT32_MAX % CODES;
	uint32_t n;

	do
		crypto_random(&n, sizeof(n));
	while (n >= fair);
	return pool_printf(pool, "%06" PRIu32, n % CODES);
}

const char *
pairing_code_hash(struct pool *pool, const char *code)
{
	const char *text = pool_printf(pool, "pairing:%s", code);
	uint8_t mac[MAC_SIZE];

	crypto_sha256(text, strlen(text), mac);
	return hex(pool, mac, sizeof(mac));
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
		*code = draw(pool);
		r = sql_terminal_pairing(db, terminal,
		    pairing_code_hash(pool, *code), now + PAIRING_LIFE, now);
		if (r.n > 0)
			return r.fault;
	}
	return r.fault != OK ? r.fault : FAULT_RETRY;
}
