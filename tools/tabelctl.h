/*
 * tabelctl: what the operator does by hand.
 *
 * A command is a row of the table in tabelctl.c.  It returns the exit
 * status; what went wrong is one sentence on standard error.
 */
#ifndef TABELCTL_H
#define TABELCTL_H

#include <stdint.h>

#include "base/fault.h"

struct db;
struct pool;

struct ctl {
	struct pool	*pool;
	struct db	*db;		/* of the application role */
	int		 argc;		/* after the command's name */
	char		**argv;
};

/* Commands in files of their own. */
int		 bot(struct ctl *);
int		 check(struct ctl *);
int		 demo(struct ctl *);
int		 keys(struct ctl *);
int		 links(struct ctl *);

/* Prints the sentence and returns 1. */
int		 ctl_fail(const char *fmt, ...)
		    __attribute__((format(printf, 1, 2)));
/* The same of a fault. */
int		 ctl_fault(enum fault);
/* Names tabelctl to the audit log and begins a transaction. */
enum fault	 ctl_begin(struct ctl *);
/* Where the migrations are. */
const char	*ctl_sql_dir(void);

/*
 * Gives the web user of that name a new random password and the rights of
 * an administrator; makes him if he does not exist.
 */
enum fault	 ctl_admin(struct ctl *, const char *username,
		    const char **password);

#endif
