#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pool.h"
#include "data/db.h"
#include "trust/keyring.h"
#include "work/setting.h"
#include "work/workday.h"
#include "bot.sql.h"
#include "keyring.sql.h"
#include "worker.h"
#include "worker.sql.h"

enum { DAY = 24 * 3600 };

/* One thing more in the result. */
static void
done(struct work *w, const char *what, const char *how)
{
	w->result = pool_printf(w->pool, "%s%s%s %s",
	    w->result != NULL ? w->result : "", w->result != NULL ? ", " : "",
	    what, how);
}

enum fault
mark_missing_outs(struct work *w)
{
	struct rows r = sql_missing_outs(w->db, clock_now());

	if (r.fault == OK && row_int(&r, 0, "n") > 0)
		done(w, row_text(&r, 0, "n"), "missing out");
	return r.fault != OK ?
	    r.fault :
	    sql_missing_settled(w->db, DB_NULL, clock_now()).fault;
}

enum fault
ask_still_there(struct work *w)
{
	struct rows r = sql_ask_still_there(w->db, clock_now());

	if (r.fault == OK && row_int(&r, 0, "n") > 0)
		done(w, row_text(&r, 0, "n"), "asked");
	return r.fault;
}

/* Plans become days a few months before they are worked. */
enum fault
plan_ahead(struct work *w)
{
	int n = 0;
	enum fault f = db_begin(w->db);

	if (f == OK)
		f = workday_ahead(w->db, clock_now(), &n);
	f = db_commit(w->db, f);
	if (f == OK && n > 0)
		done(w, pool_printf(w->pool, "%d", n), "plans");
	return f;
}

/* People who left long ago: one after the other, each for itself. */
enum fault
erase(struct work *w)
{
	int64_t months = setting_int(w->db, SETTING_erase_months);
	struct rows r = { .fault = OK };
	int n = 0;

	do {
		r = sql_erase_next(w->db, clock_now(), (int32_t)months);
		n += r.fault == OK && row_bool(&r, 0, "erased");
	} while (
	    r.fault == OK && row_bool(&r, 0, "erased") && !worker_stops(0));
	if (n > 0)
		done(w, pool_printf(w->pool, "%d", n), "people");
	return r.fault;
}

enum fault
prune(struct work *w)
{
	struct rows r = sql_prune(w->db, clock_now(),
	    setting_int(w->db, SETTING_notification_days));

	for (int i = 0; r.fault == OK && i < row_columns(&r); i++)
		if (strcmp(row_value(&r, 0, i), "0") != 0)
			done(w, row_value(&r, 0, i), row_column(&r, i));
	return r.fault;
}

static enum fault
rotate_key(struct work *w, enum key_purpose purpose, const char *name)
{
	int64_t days = setting_int(w->db, SETTING_key_rotation_days);
	struct rows r = sql_key_due(w->db, name, days * DAY, clock_now());
	enum fault f;

	if (r.fault != OK || !row_bool(&r, 0, "due"))
		return r.fault;
	if ((f = keyring_rotate(w->db, purpose)) == OK)
		done(w, name, "rotated");
	return f;
}

/* By age, and without any visible effect: old keys go on opening. */
enum fault
rotate_keys(struct work *w)
{
	enum fault f;
	struct rows r;

	if ((f = rotate_key(w, KEY_SEAL, "seal")) != OK ||
	    (f = rotate_key(w, KEY_TOKEN, "token")) != OK)
		return f;
	r = sql_key_prune(w->db, clock_now());
	for (int i = 0; r.fault == OK && i < r.n; i++)
		done(w, row_text(&r, i, "purpose"), "removed");
	return r.fault;
}
