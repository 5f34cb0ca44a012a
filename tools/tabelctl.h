/*
 * tabelctl: what the operator does by hand.
 *
 * A command is a row of the table in tabelctl.c.  It returns the exit
 * status: 0, 2 if it was called wrongly, else 1; what went wrong is one
 * sentence on standard error.
 */
#ifndef TABELCTL_H
#define TABELCTL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct db;
struct pool;

struct ctl {
	struct pool	*pool;
	struct db	*db;		/* of the application role */
	int		 argc;		/* after the command's name */
	char		**argv;
	const char	*usage;		/* of the command */
};

/* Commands in files of their own. */
int		 backup(struct ctl *);
int		 bot(struct ctl *);
int		 check(struct ctl *);
int		 clean(struct ctl *);
int		 demo(struct ctl *);
int		 keys(struct ctl *);
int		 links(struct ctl *);
int		 restore(struct ctl *);

/* Says how the command is called and returns 2. */
int		 ctl_usage(const struct ctl *);
/* Prints the sentence and returns 1. */
int		 ctl_fail(const char *fmt, ...)
		    __attribute__((format(printf, 1, 2)));
/* The same of a fault. */
int		 ctl_fault(enum fault);
/* Names tabelctl to the audit log and begins a transaction. */
enum fault	 ctl_begin(struct ctl *);
/* Where the migrations are. */
const char	*ctl_sql_dir(void);

enum { PASSPHRASE_SIZE = 1024 };

/*
 * A passphrase from the file, or from the terminal; a new one is asked for
 * twice and must be long enough.
 */
int		 ctl_passphrase(const char *path, bool is_new,
		    char passphrase[PASSPHRASE_SIZE]);
/* Makes a new file that only its owner can read. */
int		 ctl_write_secret(const char *path, const char *text);
/* A small text file, or NULL. */
const char	*ctl_read(struct ctl *, const char *path);

/*
 * Gives the web user of that name a new random password and the rights of
 * an administrator; makes him if he does not exist.
 */
enum fault	 ctl_admin(struct ctl *, const char *username,
		    const char **password);

#endif
