/*
 * secret: single-use codes that people type, of which only a hash is kept.
 */
#ifndef SECRET_H
#define SECRET_H

struct key;
struct pool;

/* Six digits, each as likely as the other. */
char		*secret_digits(struct pool *);
/* "7K3M-Q2XW-9RTB": 60 bits, without letters that look like digits. */
char		*secret_code(struct pool *);
/* As typed by somebody: blanks, hyphens and case do not matter. */
char		*secret_typed(struct pool *, const char *);
/*
 * In hex, of a code for that purpose and nothing else.  Six digits can be
 * tried out, so their hash hangs on a key (the pepper); a code needs none.
 */
char		*secret_hash(struct pool *, const struct key *,
		    const char *purpose, const char *whom, const char *code);

#endif
