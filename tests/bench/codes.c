/*
 * codes: seal N codes for the terminals 1 to 8, as the tablets would show
 * them now, one per line.
 *
 *	codes N
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/pool.h"
#include "data/db.h"
#include "trust/code.h"
#include "trust/keyring.h"

int
main(int argc, char **argv)
{
	long n = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	struct pool *pool = pool_new();
	const struct key *key;
	char text[CODE_TEXT + 1];
	struct db *db;

	conf_load();
	log_open("codes", false, LOG_INFO);
	keyring_open();
	db = db_new(conf.DATABASE_URL);
	db_pool(db, pool);
	if (keyring_active(db, KEY_SEAL, &key) != OK)
		log_die("no key");
	for (long i = 0; i < n; i++) {
		struct code code = { .terminal = 1 + i % 8,
			.sequence = 1000000 + i,
			.made_at = clock_now() };

		code_seal(key, &code, text);
		puts(text);
	}
	return 0;
}
