/*
 * The clinic of tabelctl demo: who works where, and in which rhythm.
 *
 * Nobody of it exists.  Its Telegram ids are far beyond those that Telegram
 * gives out, its phone numbers belong to no operator.
 */
#ifndef TABELCTL_CLINIC_H
#define TABELCTL_CLINIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "work/pairing.h"

struct db;

#define CLINIC_TELEGRAM INT64_C(900000000000)	/* + .telegram */

enum {				/* .telegram of those who get a link */
	CLINIC_ADMIN = 1,
	CLINIC_MANAGER = 2,
	CLINIC_EMPLOYEE = 5,
	CLINIC_APPLICANT = 50,
	CLINIC_STRANGER = 99
};

enum rhythm {
	WEEKDAYS,		/* Monday to Friday */
	TWO_TWO,		/* two days on, two off */
	NIGHTS			/* every second night */
};

struct clinic_branch {
	const char	*name, *time_zone, *tablet, *location;
	const char	*notice;
};

struct clinic_position {
	const char	*name;
	bool		 web_access;
	int32_t		 weekly_minutes;
};

struct clinic_person {
	const char	*last, *first, *middle;
	int		 branch, position;	/* rows of their tables */
	int		 telegram;		/* 0: none */
	enum rhythm	 rhythm;
	int		 from, to;		/* minutes after midnight */
	int		 phase;			/* of a rhythm, in days */
	bool		 lunch;			/* goes out for it */
	bool		 not_today;		/* has not come yet */
	int		 leave_in;		/* days, 0: no leave */
	int		 no_out, no_in;		/* forgotten so many shifts
						   ago, 0: never */
};

enum { CLINIC_BRANCHES = 2, CLINIC_POSITIONS = 8, CLINIC_PEOPLE = 14,
    CLINIC_DAYS = 22, CLINIC_SCANS = CLINIC_PEOPLE * CLINIC_DAYS * 4,
    CLINIC_FIRST = 60 };	/* rhythms count from so many days ago */

extern const struct clinic_branch clinic_branches[CLINIC_BRANCHES];
extern const struct clinic_position clinic_positions[CLINIC_POSITIONS];
extern const struct clinic_person clinic_people[CLINIC_PEOPLE];

struct clinic_scan {
	int64_t		 at;
	enum kind	 kind;
	int		 who;			/* row of clinic_people */
};

/* What happened up to now, in order of time. */
struct clinic_paper {
	int64_t		 now;
	uint32_t	 random;
	size_t		 n;
	struct clinic_scan scans[CLINIC_SCANS];
};

enum fault	clinic_write(struct db *, struct clinic_paper *);

/* What waits there and what was decided; the arrays are as those above. */
enum fault	clinic_requests(struct db *, int64_t now,
		    const int64_t *people, const int64_t *employees,
		    const int64_t *branches);

#endif
