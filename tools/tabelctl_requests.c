/*
 * What waits in the clinic of tabelctl demo, and what has been decided there:
 * corrections of what its people forgot, leave that is asked for, a day that
 * is not as scheduled, cards that nobody has.
 */
#include "demo.sql.h"
#include "tabelctl_clinic.h"
#include "work/correction.h"

enum {
	HOUR = 3600,
	LATER = 5 * 60, /* than was asked for */
	LEAVE_IN = 20, /* days */
	LEAVE_DAYS = 14,
	CHANGED_IN = 5
};

/* By whom, of what he forgot last. */
static const struct request {
	int who;
	int asked, decided; /* seconds after the gap */
	int decided_by; /* 0: nobody */
	bool approved;
	const char *reason, *decision;
} requests[] = {
	{ 2, 9 * HOUR, 26 * HOUR, 1, true,
	    "Планшет не включался, отметился только при уходе",
	    "По журналу регистратуры" },
	{ 7, 2 * HOUR, 16 * HOUR, 1, false, "Забыла отметиться после смены",
	    "В это время вас уже не было. Укажите, когда ушли" },
	{ 9, 2 * HOUR, 0, 0, false, "Забыла отметиться, ушла как обычно",
	    NULL },
};

static enum fault
decide(struct db *db, const struct request *q, int64_t id, int64_t at,
    const int64_t *people)
{
	struct change_effect e;

	if (q->decided_by == 0)
		return OK;
	return correction_decide(db,
	    &(struct decision){ .id = id,
		.approve = q->approved,
		.at = q->approved ? at + LATER : 0,
		.reason = q->decision,
		.confirm = true,
		.decided_by = people[q->decided_by],
		.now = at + q->decided },
	    &e);
}

static enum fault
add_request(struct db *db, const struct request *q, int64_t now,
    const int64_t *people, const int64_t *employees)
{
	struct rows gap = sql_demo_gap(db, employees[q->who], now);
	int64_t at, id;
	enum fault f;

	if (gap.fault != OK || gap.n == 0)
		return gap.fault;
	at = row_time(&gap, 0, "at");
	f = correction_ask(db,
	    &(struct correction){ .employee = employees[q->who],
		.action = "add",
		.event = DB_NULL,
		.at = at,
		.kind = kind_of(row_text(&gap, 0, "kind")),
		.reason = q->reason,
		.asked_by = people[q->who],
		.now = at + q->asked },
	    &id);
	return f != OK ? f : decide(db, q, id, at, people);
}

enum fault
clinic_requests(struct db *db, int64_t now, const int64_t *people,
    const int64_t *employees, const int64_t *branches)
{
	enum fault f = OK;

	for (size_t i = 0; f == OK && i < sizeof(requests) / sizeof(*requests);
	     i++)
		f = add_request(db, &requests[i], now, people, employees);
	if (f == OK)
		f = sql_demo_leave(db, employees[4], now, LEAVE_IN, LEAVE_DAYS,
		    "requested")
			.fault;
	if (f == OK)
		f = sql_demo_exception(db, employees[13], now, CHANGED_IN,
		    "10:00", "15:00", "Подмена коллеги")
			.fault;
	if (f == OK)
		f = sql_demo_holidays(db, now).fault;
	if (f == OK)
		f = sql_demo_cards(db, "Считыватель на Уральской",
		    "служебный вход", branches[1], now)
			.fault;
	return f != OK ? f : sql_demo_told(db).fault;
}
