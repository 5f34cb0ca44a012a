/*
 * registration: a stranger says who he is, somebody in charge decides.
 *
 * The Mini App, the admin pages and the bot all come through here.  The
 * caller has begun a transaction.
 */
#ifndef REGISTRATION_H
#define REGISTRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "data/db.h"

/*
 * Whether somebody may register; he is locked.  ALREADY_EMPLOYED,
 * PERSON_INACTIVE, REGISTRATION_CLOSED.
 */
enum fault	 registration_check(struct db *, int64_t person,
		    int64_t *telegram_id);

struct registration_form {
	int64_t		 person, branch;
	const char	*last_name, *first_name, *middle_name;
	const char	*phone, *email, *language;	/* or NULL */
	bool		 verified;	/* Telegram vouches for the phone */
	int64_t		 now;
};

/* The row, as the API answers; none if there is no such open branch. */
enum fault	 registration_make(struct db *,
		    const struct registration_form *, struct rows *);

struct registration_decision {
	int64_t		 id;
	int64_t		 by;		/* a person */
	const char	*branches;	/* his, "{1,2}"; NULL: all */
	bool		 gives_rights;	/* he is an administrator */
	int64_t		 now;

	int64_t		 branch, position;	/* to accept */
	const char	*personnel_number;	/* or NULL */
	bool		 manager, admin;

	const char	*reason;		/* to refuse */
};

/* What is wrong with a decision that is a BAD_FIELD or FORBIDDEN. */
enum { REGISTRATION_BRANCH = 1, REGISTRATION_POSITION = 2,
    REGISTRATION_RIGHTS = 4 };

/*
 * He becomes an employee, what he scanned before becomes his events, he is
 * told, and so is everybody who was asked.  NOT_FOUND, OTHER_BRANCH,
 * REGISTRATION_DECIDED; *rows is what the API answers.
 */
enum fault	 registration_accept(struct db *,
		    const struct registration_decision *, int *wrong,
		    struct rows *);
enum fault	 registration_refuse(struct db *,
		    const struct registration_decision *, struct rows *);

/* Scans that waited become events of the employee; how many, in *n. */
enum fault	 registration_scans(struct db *, int64_t employee, int64_t now,
		    int32_t *n);

#endif
