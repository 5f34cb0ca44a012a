#include "work/registration.h"

#include <inttypes.h>
#include <string.h>

#include "base/pool.h"
#include "registration.sql.h"
#include "work/event.h"
#include "work/setting.h"

/* Who is employed has no need to; read again, as he may be by now. */
enum fault
registration_check(struct db *db, int64_t person, int64_t *telegram_id)
{
	struct rows p = sql_person_hold(db, person);
	const char *state;

	if (p.fault != OK)
		return p.fault;
	state = row_text(&p, 0, "state");
	*telegram_id = row_int(&p, 0, "telegram_id");
	if (strcmp(state, "active") == 0)
		return FAULT_ALREADY_EMPLOYED;
	if (strcmp(state, "new") != 0 && strcmp(state, "unconfirmed") != 0)
		return FAULT_PERSON_INACTIVE;
	return setting_bool(db, SETTING_registration_open) ?
	    OK :
	    FAULT_REGISTRATION_CLOSED;
}

enum fault
registration_make(struct db *db, const struct registration_form *f,
    struct rows *rows)
{
	*rows = sql_branch_open(db, f->branch);
	if (rows->fault != OK || rows->n == 0)
		return rows->fault;
	*rows = sql_registration_new(db, f->person, f->branch, f->last_name,
	    f->first_name, f->middle_name, f->phone, f->verified, f->email,
	    f->language, f->now);
	return rows->fault;
}

/* Locked, still waiting, and addressed to a branch of who decides. */
static enum fault
hold(struct db *db, const struct registration_decision *d, int64_t *person)
{
	struct rows g = sql_registration_hold(db, d->id, d->branches);

	if (g.fault != OK || g.n == 0)
		return g.fault != OK ? g.fault : FAULT_NOT_FOUND;
	if (!row_bool(&g, 0, "mine"))
		return FAULT_OTHER_BRANCH;
	*person = row_int(&g, 0, "person");
	return strcmp(row_text(&g, 0, "state"), "pending") == 0 ?
	    OK :
	    FAULT_REGISTRATION_DECIDED;
}

static enum fault
check(struct db *db, const struct registration_decision *d, int *wrong)
{
	struct rows known = sql_confirm_check(db, d->branch, d->position,
	    d->branches);

	if (known.fault != OK)
		return known.fault;
	*wrong = (row_bool(&known, 0, "branch") ? 0 : REGISTRATION_BRANCH) |
	    (row_bool(&known, 0, "position") ? 0 : REGISTRATION_POSITION);
	if (*wrong != 0)
		return FAULT_BAD_FIELD;
	if (!row_bool(&known, 0, "mine"))
		return FAULT_OTHER_BRANCH;
	if ((!d->manager && !d->admin) || d->gives_rights)
		return OK;
	*wrong = REGISTRATION_RIGHTS;
	return FAULT_FORBIDDEN;
}

static enum fault
decide(struct db *db, const struct registration_decision *d, const char *state)
{
	struct rows g = sql_registration_decide(db, d->id, state, d->by,
	    d->reason, d->now);

	if (g.fault != OK)
		return g.fault;
	return g.n == 0 ? FAULT_REGISTRATION_DECIDED : OK;
}

/* One after another, as if he had been known when he scanned. */
enum fault
registration_scans(struct db *db, int64_t employee, int64_t now, int32_t *n)
{
	struct rows claims = sql_claims_pending(db, employee), event;
	enum fault f = claims.fault;
	int64_t there;

	*n = 0;
	for (int i = 0; f == OK && i < claims.n; i++) {
		f = event_record(db,
		    &(struct event_record){
			.employee = employee,
			.given = KIND_NONE,
			.at = row_time(&claims, i, "at"),
			.recorded_at = now,
			.branch = row_int(&claims, i, "branch"),
			.time_zone = row_text(&claims, i, "time_zone"),
			.limit = row_int(&claims, i, "limit_seconds"),
			.source = "qr",
			.flags = row_text(&claims, i, "flags"),
			.terminal = row_int(&claims, i, "terminal"),
			.claim = row_int(&claims, i, "id"),
			.made_by = DB_NULL,
		    },
		    &there, &event);
		*n += f == OK && there == 0;
		if (f == FAULT_PERIOD_CLOSED)
			f = OK; /* stays a scan that waits */
	}
	return f;
}

static enum fault
employ(struct db *db, const struct registration_decision *d, int64_t person,
    int64_t *employee)
{
	struct rows made = sql_registration_employ(db, person, d->branch,
	    d->position, d->personnel_number, d->now);

	if (made.fault != OK)
		return made.fault;
	*employee = row_int(&made, 0, "id");
	return sql_roles_set(db, person, d->admin,
	    !d->manager ?
		"{}" :
		pool_printf(db_its_pool(db), "{%" PRId64 "}", d->branch))
	    .fault;
}

enum fault
registration_accept(struct db *db, const struct registration_decision *d,
    int *wrong, struct rows *rows)
{
	int64_t person, employee;
	int32_t n;
	enum fault f;

	*wrong = 0;
	if ((f = hold(db, d, &person)) != OK ||
	    (f = check(db, d, wrong)) != OK ||
	    (f = decide(db, d, "confirmed")) != OK ||
	    (f = employ(db, d, person, &employee)) != OK ||
	    (f = registration_scans(db, employee, d->now, &n)) != OK ||
	    (f = sql_registration_settled(db, d->id, d->now).fault) != OK)
		return f;
	*rows = sql_registration_confirmed(db, d->id, employee, n, d->now);
	return rows->fault;
}

enum fault
registration_refuse(struct db *db, const struct registration_decision *d,
    struct rows *rows)
{
	int64_t person;
	enum fault f;

	if ((f = hold(db, d, &person)) != OK ||
	    (f = decide(db, d, "rejected")) != OK ||
	    (f = sql_registration_settled(db, d->id, d->now).fault) != OK)
		return f;
	*rows = sql_registration_rejected(db, d->id, d->now);
	return rows->fault;
}
