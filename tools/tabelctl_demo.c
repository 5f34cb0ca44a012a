/*
 * demo: three weeks of a small clinic, up to now.
 *
 * Scans are put on paper first (tabelctl_shifts.c), then each is recorded in
 * order of time by the module that records the real ones, so that what
 * follows from the facts is right by construction.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pool.h"
#include "data/db.h"
#include "tabelctl.h"
#include "tabelctl_clinic.h"
#include "trust/keyring.h"
#include "trust/password.h"
#include "work/event.h"
#include "work/workday.h"
#include "demo.sql.h"
#include "setting.sql.h"

enum { CLAIM_AGE = 170 * 60, REGISTRATION_AGE = 180 * 60 };
enum { LUNCH = 60, LEAVE_DAYS = 7 }; /* minutes; days */

struct demo {
	struct ctl *ctl;
	struct db *db;
	int64_t now;
	int64_t branches[CLINIC_BRANCHES], limits[CLINIC_BRANCHES];
	int64_t terminals[CLINIC_BRANCHES];
	int64_t positions[CLINIC_POSITIONS];
	int64_t people[CLINIC_PEOPLE], employees[CLINIC_PEOPLE];
	const char *password; /* of the administrator, if new */
	struct clinic_paper paper;
};

static enum fault
id_of(struct rows r, int64_t *id)
{
	if (r.fault == OK)
		*id = row_int(&r, 0, "id");
	return r.fault;
}

static enum fault
add_house(struct demo *d)
{
	enum fault f = OK;
	struct rows r;

	for (size_t i = 0; f == OK && i < CLINIC_BRANCHES; i++) {
		const struct clinic_branch *b = &clinic_branches[i];

		r = sql_demo_branch(d->db, b->name, b->time_zone);
		if ((f = id_of(r, &d->branches[i])) != OK)
			return f;
		d->limits[i] = row_int(&r, 0, "max_shift");
		f = id_of(sql_demo_terminal(d->db, b->tablet, b->location,
			      d->branches[i]),
		    &d->terminals[i]);
	}
	for (size_t i = 0; f == OK && i < CLINIC_POSITIONS; i++) {
		const struct clinic_position *p = &clinic_positions[i];

		f = id_of(sql_demo_position(d->db, p->name, p->web_access,
			      p->weekly_minutes),
		    &d->positions[i]);
	}
	return f;
}

static enum fault
add_rights(struct demo *d, int64_t person, int telegram, int branch)
{
	struct pool *pool = d->ctl->pool;
	const struct key *pepper;
	const char *password;
	struct rows r;
	enum fault f;

	if (telegram == CLINIC_MANAGER || telegram == CLINIC_MANAGER + 1)
		return sql_demo_role(d->db, person, "manager",
		    d->branches[branch])
		    .fault;
	if (telegram != CLINIC_ADMIN)
		return OK;
	if ((f = keyring_active(d->db, KEY_PEPPER, &pepper)) != OK)
		return f;
	password = password_random(pool);
	r = sql_demo_login(d->db, person, "admin",
	    password_hash(pool, pepper, password));
	if (r.fault == OK && r.n == 1)
		d->password = password;
	return r.fault != OK ?
	    r.fault :
	    sql_demo_role(d->db, person, "admin", DB_NULL).fault;
}

static enum fault
add_person(struct demo *d, int i)
{
	const struct clinic_person *p = &clinic_people[i];
	struct pool *pool = d->ctl->pool;
	enum fault f;

	f = id_of(sql_demo_person(d->db, p->last, p->first, p->middle,
		      pool_printf(pool, "+790000000%02d", i + 1),
		      p->telegram != 0 ? CLINIC_TELEGRAM + p->telegram :
					 DB_NULL,
		      "active"),
	    &d->people[i]);
	if (f == OK)
		f = id_of(sql_demo_employee(d->db, d->people[i],
			      d->branches[p->branch], d->positions[p->position],
			      pool_printf(pool, "%03d", i + 1), "2024-09-02"),
		    &d->employees[i]);
	return f != OK ? f :
			 add_rights(d, d->people[i], p->telegram, p->branch);
}

/* The plan that the paper's people keep to, more or less. */
static enum fault
add_schedule(struct demo *d, int i)
{
	static const struct {
		const char *kind;
		int32_t cycle, worked;
	} rhythms[] = {
		[WEEKDAYS] = { "weekly", 7, 5 },
		[TWO_TWO] = { "rotation", 4, 2 },
		[NIGHTS] = { "rotation", 2, 1 },
	};
	const struct clinic_person *p = &clinic_people[i];
	int32_t cycle = rhythms[p->rhythm].cycle;
	enum fault f = sql_demo_schedule(d->db, d->employees[i], d->now,
	    CLINIC_DAYS - 1, rhythms[p->rhythm].kind, cycle,
	    rhythms[p->rhythm].worked, (CLINIC_FIRST + p->phase) % cycle,
	    p->from, p->to, p->lunch ? LUNCH : DB_NULL)
			   .fault;

	if (f == OK && p->leave_in != 0)
		f = sql_demo_leave(d->db, d->employees[i], d->now, p->leave_in,
		    LEAVE_DAYS, "approved")
			.fault;
	return f;
}

static enum fault
record(struct demo *d, const struct clinic_scan *s)
{
	int branch = clinic_people[s->who].branch;
	int64_t claim, there;
	struct rows rows;
	enum fault f;

	if ((f = event_lock(d->db, d->employees[s->who])) != OK ||
	    (f = id_of(sql_demo_claim(d->db, d->people[s->who],
			   d->terminals[branch], d->branches[branch], s->at,
			   false),
		 &claim)) != OK)
		return f;
	return event_record(d->db,
	    &(struct event_record){ .employee = d->employees[s->who],
		.given = s->kind,
		.at = s->at,
		.recorded_at = s->at,
		.branch = d->branches[branch],
		.time_zone = clinic_branches[branch].time_zone,
		.limit = d->limits[branch],
		.source = "qr",
		.flags = "{}",
		.terminal = d->terminals[branch],
		.claim = claim,
		.made_by = DB_NULL },
	    &there, &rows);
}

/* Somebody new, whose first scan waits with her. */
static enum fault
add_applicant(struct demo *d)
{
	int64_t person, id;
	enum fault f;

	f = id_of(sql_demo_person(d->db, "Новикова", "Юлия", "Романовна",
		      "+79000000050", CLINIC_TELEGRAM + CLINIC_APPLICANT,
		      "unconfirmed"),
	    &person);
	if (f == OK)
		f = id_of(sql_demo_registration(d->db, person, d->branches[0],
			      d->now - REGISTRATION_AGE),
		    &id);
	return f != OK ? f :
			 id_of(sql_demo_claim(d->db, person, d->terminals[0],
				   d->branches[0], d->now - CLAIM_AGE, true),
			     &id);
}

static enum fault
add_all(struct demo *d)
{
	enum fault f = add_house(d);

	for (int i = 0; f == OK && i < CLINIC_PEOPLE; i++)
		f = add_person(d, i);
	for (int i = 0; f == OK && i < CLINIC_PEOPLE; i++)
		f = add_schedule(d, i);
	if (f == OK)
		f = clinic_write(d->db, &d->paper);
	for (size_t i = 0; f == OK && i < d->paper.n; i++)
		f = record(d, &d->paper.scans[i]);
	if (f == OK)
		f = clinic_requests(d->db, d->now, d->people, d->employees,
		    d->branches);
	for (int i = 0; f == OK && i < CLINIC_PEOPLE; i++)
		f = workday_rebuild(d->db, d->employees[i], CLOSED_REFUSED,
		    d->now);
	/* Only what happens from now on is told to anybody. */
	for (size_t i = 0; f == OK && i < CLINIC_BRANCHES; i++)
		f = sql_demo_branch_notice(d->db, d->branches[i],
		    clinic_branches[i].notice)
			.fault;
	if (f == OK)
		f = add_applicant(d);
	return f != OK ?
	    f :
	    sql_setting_put(d->db, "organisation", "Клиника «Утро»").fault;
}

int
demo(struct ctl *ctl)
{
	struct demo *d = pool_alloc(ctl->pool, sizeof(*d));
	struct rows r = sql_demo_anybody(ctl->db);
	enum fault f;

	if (r.fault != OK)
		return ctl_fault(r.fault);
	if (row_bool(&r, 0, "anybody"))
		return ctl_fail("There are people or branches already: the "
				"demo is for an empty installation.");
	d->ctl = ctl;
	d->db = ctl->db;
	d->now = d->paper.now = clock_now();
	if ((f = ctl_begin(ctl)) == OK)
		f = add_all(d);
	if ((f = db_commit(ctl->db, f)) != OK)
		return ctl_fault(f);
	printf("%d people, %zu scans\n", CLINIC_PEOPLE, d->paper.n);
	if (d->password != NULL)
		printf("user admin\npassword %s\n", d->password);
	return 0;
}
