#include "work/tap.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/out.h"
#include "base/pool.h"
#include "tap.sql.h"
#include "work/event.h"

const char *
tap_uid(struct pool *p, const char *s)
{
	char *uid = pool_strdup(p, s), *to = uid;

	for (; *s != '\0'; s++)
		if (isxdigit((unsigned char)*s))
			*to++ = (char)toupper((unsigned char)*s);
		else if (strchr(" :-", *s) == NULL)
			return NULL;
	*to = '\0';
	return to - uid >= 8 && to - uid <= 20 && (to - uid) % 2 == 0 ? uid :
									NULL;
}

enum fault
tap_time(int64_t at, int64_t now)
{
	if (at < now - TAP_BACK)
		return FAULT_TAP_TOO_OLD;
	return at > now + TAP_AHEAD ? FAULT_TAP_TOO_EARLY : OK;
}

/* A PostgreSQL array of the column's different numbers. */
static const char *
array(struct db *db, const struct rows *r, const char *column)
{
	struct out *o = out_new(db_its_pool(db));
	int64_t last = 0;
	size_t n;

	out_put(o, "{", 1);
	for (int i = 0; i < r->n; i++) {
		int64_t id = row_int(r, i, column);

		if (id != last)
			out_printf(o, "%s%" PRId64, last ? "," : "", id);
		last = id;
	}
	out_put(o, "}", 1);
	return out_body(o, &n);
}

/* Each employee from his first tap on. */
static enum fault
count_all(struct db *db, const struct rows *r, int64_t now)
{
	struct event_since *since = pool_alloc(db_its_pool(db),
	    (size_t)r->n * sizeof(*since));
	size_t n = 0;

	for (int i = 0; i < r->n; i++) {
		int64_t employee = row_int(r, i, "employee");

		if (n == 0 || since[n - 1].employee != employee)
			since[n++] = (struct event_since){ employee,
				row_time(r, i, "at"), 0 };
	}
	return event_rebuild_since(db, since, n, CLOSED_REFUSED, now);
}

/* Does this say something about the tap, rather than about us? */
static bool
is_reason(enum fault f)
{
	return f != OK && f != FAULT_RETRY && f != FAULT_DATABASE_DOWN &&
	    f != FAULT_INTERNAL;
}

static enum fault
count_one(struct db *db, const struct rows *r, int i, int64_t now)
{
	struct event_since since = { row_int(r, i, "employee"),
		row_time(r, i, "at"), 0 };
	int64_t id = row_int(r, i, "id");
	enum fault f = db_savepoint(db), undone;

	if (f == OK)
		f = sql_tap_count(db, id, since.employee).fault;
	if (f == OK)
		f = event_rebuild_since(db, &since, 1, CLOSED_REFUSED, now);
	if (!is_reason(f))
		return f;
	if ((undone = db_undo(db)) != OK)
		return undone;
	return sql_tap_refuse(db, id, since.employee, fault_info[f].code).fault;
}

enum fault
tap_count(struct db *db, const struct rows *r, int64_t now)
{
	enum fault f;

	if (r->n == 0)
		return OK;
	if ((f = sql_employees_lock(db, array(db, r, "employee")).fault) !=
		OK ||
	    (f = db_savepoint(db)) != OK)
		return f;
	if (!is_reason(f = count_all(db, r, now)))
		return f;
	if ((f = db_undo(db)) != OK ||
	    (f = sql_taps_aside(db, array(db, r, "id")).fault) != OK)
		return f;
	for (int i = 0; f == OK && i < r->n; i++)
		f = count_one(db, r, i, now);
	return f;
}

enum fault
tap_made(struct db *db, const struct rows *r, struct tap_made *made)
{
	struct rows m;

	*made = (struct tap_made){ r->n, 0, 0 };
	if (r->n == 0)
		return OK;
	m = sql_taps_made(db, array(db, r, "id"));
	if (m.fault != OK)
		return m.fault;
	made->events = row_int(&m, 0, "events");
	made->refused = row_int(&m, 0, "refused");
	return OK;
}

enum fault
tap_hold(struct db *db)
{
	return sql_cards_hold(db).fault;
}

enum fault
tap_adopt(struct db *db, int64_t employee, int64_t now, struct tap_made *made)
{
	struct rows his = sql_taps_adopt(db, employee);
	enum fault f = his.fault;

	if (f == OK)
		f = tap_count(db, &his, now);
	return f != OK ? f : tap_made(db, &his, made);
}
