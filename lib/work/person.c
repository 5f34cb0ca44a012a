#include "work/person.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "access.sql.h"
#include "base/conf.h"
#include "base/pool.h"
#include "person.sql.h"
#include "work/setting.h"

/* Of a language code such as "en-GB"; else the house's. */
static const char *
language_of(struct db *db, const char *code)
{
	static const char *const ours[][2] = {
		{ "en", "en" },
		{ "ru", "ru" },
		{ "ua", "uk" },
		{ "uk", "uk" },
	};

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (code != NULL && strcspn(code, "-_") == 2 &&
		    strncasecmp(code, ours[i][0], 2) == 0)
			return ours[i][1];
	return setting_text(db, SETTING_language);
}

static enum fault
first_admin(struct db *db, int64_t telegram, int64_t person)
{
	if (strcmp(conf.FIRST_ADMIN_ID,
		pool_printf(db_its_pool(db), "%" PRId64, telegram)) != 0)
		return OK;
	return sql_first_admin(db, person).fault;
}

enum fault
person_telegram(struct db *db, const struct person_telegram *t, int64_t *id)
{
	struct rows p = sql_person_telegram(db, t->telegram, t->first_name,
	    t->last_name, language_of(db, t->language), t->phone);
	struct rows actor;

	if (p.fault != OK)
		return p.fault;
	if (p.n == 0)
		return FAULT_RETRY;
	*id = row_int(&p, 0, "id");
	actor = sql_actor_set(db,
	    pool_printf(db_its_pool(db), "person:%" PRId64, *id));
	return actor.fault != OK ? actor.fault :
				   first_admin(db, t->telegram, *id);
}
