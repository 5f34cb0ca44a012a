/*
 * check: every part that an installation stands on, one sentence each for
 * what is wrong.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/pool.h"
#include "data/db.h"
#include "tabelctl.h"
#include "trust/keyring.h"
#include "schema.h"
#include "tabelctl.sql.h"

enum { WORKER_SECONDS = 120 }; /* cron starts it each minute */

static int
check_schema(struct ctl *ctl)
{
	struct rows r = sql_schema_version(ctl->db);
	int64_t version;

	if (r.fault != OK)
		return ctl_fail("The database has no schema: run tabelctl "
				"migrate.");
	version = row_int(&r, 0, "version");
	return version >= SCHEMA_VERSION ?
	    0 :
	    ctl_fail("The schema is version %" PRId64 ", these programs want "
		     "%d: run tabelctl migrate.",
		version, SCHEMA_VERSION);
}

static int
check_keys(struct ctl *ctl)
{
	static const char *const names[KEY_PURPOSES] = {
		[KEY_SEAL] = "seals codes",
		[KEY_TOKEN] = "signs tokens",
		[KEY_PEPPER] = "protects passwords"
	};
	const struct key *key;
	const char *why;
	int wrong = 0;

	if (!keyring_check(&why))
		return ctl_fail("%s", why);
	keyring_open();
	for (int p = 0; p < KEY_PURPOSES; p++)
		if (keyring_active(ctl->db, (enum key_purpose)p, &key) != OK)
			wrong = ctl_fail(
			    "The key that %s is missing: run tabelctl init; or "
			    "it belongs to another master key: put that back, "
			    "or run tabelctl keys restore.",
			    names[p]);
	return wrong;
}

static int
check_people(struct ctl *ctl)
{
	struct rows r = sql_installation(ctl->db);
	int wrong = 0;

	if (r.fault != OK)
		return ctl_fault(r.fault);
	if (row_int(&r, 0, "admins") == 0)
		wrong = ctl_fail(
		    "There is no administrator yet: run tabelctl admin "
		    "NAME, or let FIRST_ADMIN_ID open the Mini App.");
	if (row_time(&r, 0, "worker_at") < clock_now() - WORKER_SECONDS)
		wrong = ctl_fail("The worker was not seen for two minutes: "
				 "messages are not sent.");
	return wrong;
}

static int
check_texts(struct ctl *ctl)
{
	static const char *const files[] = { "i18n/ru.json",
		"vendor/telegram-web-app.js" };
	const char *directory = *conf.STATIC_DIR != '\0' ? conf.STATIC_DIR :
							   PKGDATADIR "/static";
	int wrong = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (access(pool_printf(ctl->pool, "%s/%s", directory, files[i]),
			R_OK) != 0)
			wrong = ctl_fail("%s is not in %s: run tools/vendor "
					 "before make install.",
			    files[i], directory);
	return wrong;
}

int
check(struct ctl *ctl)
{
	const char *why;
	int wrong = 0;

	if (conf_read(getenv("TABEL_CONF"), stderr) > 0)
		return 1;
	wrong |= check_texts(ctl);
	ctl->db = db_new(conf.DATABASE_URL);
	db_pool(ctl->db, ctl->pool);
	if (!db_up(ctl->db, &why))
		return ctl_fail("%s", why);
	if (check_schema(ctl) != 0)
		return 1;
	wrong |= check_keys(ctl);
	wrong |= check_people(ctl);
	if (wrong == 0)
		printf("All is well.\n");
	return wrong;
}
