/*
 * demo: three weeks of a small clinic, up to now.
 *
 * Whoever works is put on paper first (struct shift), then every scan is
 * recorded in order of time by the module that records the real ones, so
 * that what follows from the facts is right by construction.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pool.h"
#include "data/db.h"
#include "tabelctl.h"
#include "tabelctl_clinic.h"
#include "trust/keyring.h"
#include "trust/password.h"
#include "work/event.h"
#include "demo.sql.h"
#include "setting.sql.h"

enum { DAYS = 22, SCANS_MAX = CLINIC_PEOPLE * DAYS * 4, MINUTE = 60,
    CLAIM_AGE = 170 * MINUTE, REGISTRATION_AGE = 3 * 60 * MINUTE };

struct scan {
	int64_t		 at;
	enum kind	 kind;
	int		 who;
};

struct demo {
	struct ctl	*ctl;
	struct db	*db;
	int64_t		 now;
	uint32_t	 random;
	int64_t		 branches[CLINIC_BRANCHES], limits[CLINIC_BRANCHES];
	int64_t		 terminals[CLINIC_BRANCHES];
	int64_t		 positions[CLINIC_POSITIONS];
	int64_t		 people[CLINIC_PEOPLE], employees[CLINIC_PEOPLE];
	const char	*password;	/* of the administrator, if new */
	struct scan	 scans[SCANS_MAX];
	size_t		 n_scans;
};

/* The same clinic every time; seconds from least to most minutes. */
static int64_t
jitter(struct demo *d, int least, int most)
{
	d->random = d->random * 1664525 + 1013904223;
	return least * MINUTE + (int64_t)(d->random >> 8) %
	    ((most - least) * MINUTE + 1);
}

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
		    d->branches[i]), &d->terminals[i]);
	}
	for (size_t i = 0; f == OK && i < CLINIC_POSITIONS; i++) {
		const struct clinic_position *p = &clinic_positions[i];

		f = id_of(sql_demo_position(d->db, p->name, p->web_access,
		    p->weekly_minutes), &d->positions[i]);
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
		    d->branches[branch]).fault;
	if (telegram != CLINIC_ADMIN)
		return OK;
	if ((f = keyring_active(d->db, KEY_PEPPER, &pepper)) != OK)
		return f;
	password = password_random(pool);
	r = sql_demo_login(d->db, person, "admin",
	    password_hash(pool, pepper, password));
	if (r.fault == OK && r.n == 1)
		d->password = password;
	return r.fault != OK ? r.fault :
	    sql_demo_role(d->db, person, "admin", DB_NULL).fault;
}

static enum fault
add_person(struct demo *d, int i)
{
	const struct clinic_person *p = &clinic_people[i];
	struct pool *pool = d->ctl->pool;
	enum fault f;

	f = id_of(sql_demo_person(d->db, p->last, p->first, p->middle,
	    pool_printf(pool, "+790000000%02d", i + 1), p->telegram != 0 ?
	    CLINIC_TELEGRAM + p->telegram : DB_NULL, "active"),
	    &d->people[i]);
	if (f == OK)
		f = id_of(sql_demo_employee(d->db, d->people[i],
		    d->branches[p->branch], d->positions[p->position],
		    pool_printf(pool, "%03d", i + 1), "2024-09-02"),
		    &d->employees[i]);
	return f != OK ? f :
	    add_rights(d, d->people[i], p->telegram, p->branch);
}

static bool
works(const struct clinic_person *p, int64_t weekday, int64_t ago)
{
	/* Counted from a day before any that is asked for. */
	int64_t day = 60 - ago + p->phase;

	switch (p->rhythm) {
	case WEEKDAYS:
		return weekday <= 5;
	case TWO_TWO:
		return day % 4 < 2;
	case THREE_ONE:
		break;
	}
	return day % 3 == 0;
}

static void
scan(struct demo *d, int who, enum kind kind, int64_t at)
{
	if (at < d->now - 2 * MINUTE)
		d->scans[d->n_scans++] = (struct scan){ at, kind, who };
}

/* A day of somebody: late now and then, seldom early, often out at noon. */
static void
add_shift(struct demo *d, int who, int64_t midnight, bool no_in, bool no_out)
{
	const struct clinic_person *p = &clinic_people[who];
	int64_t in = midnight + p->from * MINUTE +
	    (jitter(d, 0, 12) < MINUTE ? jitter(d, 12, 40) : jitter(d, -14, 4));
	int64_t out = midnight + p->to * MINUTE + jitter(d, -2, 24);
	int64_t noon = midnight + 13 * 60 * MINUTE + jitter(d, -25, 25);
	int64_t back = noon + jitter(d, 32, 56);

	if (!no_in)
		scan(d, who, KIND_IN, in);
	if (p->lunch) {
		scan(d, who, KIND_OUT, noon);
		scan(d, who, KIND_IN, back);
	}
	if (!no_out)
		scan(d, who, KIND_OUT, out);
}

static enum fault
add_shifts(struct demo *d, int who)
{
	const struct clinic_person *p = &clinic_people[who];
	struct rows r = sql_demo_days(d->db, d->now,
	    clinic_branches[p->branch].time_zone, DAYS - 1);
	int shifts = 0;			/* begun before today, from now back */
	int64_t ago;

	for (int i = r.n - 1; r.fault == OK && i >= 0; i--) {
		ago = row_int(&r, i, "ago");
		if (!works(p, row_int(&r, i, "weekday"), ago) ||
		    (ago == 0 && p->not_today))
			continue;
		shifts += ago > 0;
		add_shift(d, who, row_time(&r, i, "midnight"),
		    ago > 0 && shifts == p->no_in,
		    ago > 0 && shifts == p->no_out);
	}
	return r.fault;
}

static int
by_time(const void *a, const void *b)
{
	const struct scan *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static enum fault
record(struct demo *d, const struct scan *s)
{
	int branch = clinic_people[s->who].branch;
	int64_t claim, there;
	struct rows rows;
	enum fault f;

	if ((f = event_lock(d->db, d->employees[s->who])) != OK ||
	    (f = id_of(sql_demo_claim(d->db, d->people[s->who],
	    d->terminals[branch], d->branches[branch], s->at, false),
	    &claim)) != OK)
		return f;
	return event_record(d->db, &(struct event_record){
	    .employee = d->employees[s->who], .given = s->kind, .at = s->at,
	    .recorded_at = s->at, .branch = d->branches[branch],
	    .time_zone = clinic_branches[branch].time_zone,
	    .limit = d->limits[branch], .source = "qr", .flags = "{}",
	    .terminal = d->terminals[branch], .claim = claim,
	    .made_by = DB_NULL }, &there, &rows);
}

/* Somebody new, whose first scan waits with her. */
static enum fault
add_applicant(struct demo *d)
{
	int64_t person, id;
	enum fault f;

	f = id_of(sql_demo_person(d->db, "Новикова", "Юлия", "Романовна",
	    "+79000000050", CLINIC_TELEGRAM + CLINIC_APPLICANT,
	    "unconfirmed"), &person);
	if (f == OK)
		f = id_of(sql_demo_registration(d->db, person, d->branches[0],
		    d->now - REGISTRATION_AGE), &id);
	return f != OK ? f : id_of(sql_demo_claim(d->db, person,
	    d->terminals[0], d->branches[0], d->now - CLAIM_AGE, true), &id);
}

static enum fault
add_all(struct demo *d)
{
	enum fault f = add_house(d);

	for (int i = 0; f == OK && i < CLINIC_PEOPLE; i++)
		if ((f = add_person(d, i)) == OK)
			f = add_shifts(d, i);
	qsort(d->scans, d->n_scans, sizeof(*d->scans), by_time);
	for (size_t i = 0; f == OK && i < d->n_scans; i++)
		f = record(d, &d->scans[i]);
	/* Only what happens from now on is told to anybody. */
	for (size_t i = 0; f == OK && i < CLINIC_BRANCHES; i++)
		f = sql_demo_branch_notice(d->db, d->branches[i],
		    clinic_branches[i].notice).fault;
	if (f == OK)
		f = add_applicant(d);
	return f != OK ? f : sql_setting_put(d->db, "organisation",
	    "Клиника «Утро»").fault;
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
	*d = (struct demo){ .ctl = ctl, .db = ctl->db, .now = clock_now(),
	    .random = 2026 };
	if ((f = ctl_begin(ctl)) == OK)
		f = add_all(d);
	if ((f = db_commit(ctl->db, f)) != OK)
		return ctl_fault(f);
	printf("%d people, %zu scans\n", CLINIC_PEOPLE, d->n_scans);
	if (d->password != NULL)
		printf("user admin\npassword %s\n", d->password);
	return 0;
}
