/*
 * parse: what people write and press, as far as it can be told without the
 * database.  Nothing that Telegram may hand on can make any of it fail; what
 * is not understood is said to be so.
 */
#ifndef BOT_PARSE_H
#define BOT_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

/*
 * An object as PostgreSQL can keep it: without \u0000.  NULL if the text is
 * none, or cannot be kept.
 */
const char	*parse_update(struct pool *, const char *, size_t n);

/*
 * The name of a command in small letters, without its slash: "today" of
 * "/Today@our_bot words".  NULL if the text is none; *another says that it
 * is for a bot of another name.
 */
const char	*parse_command(struct pool *, const char *text,
		    const char *username, bool *another);

/* "<letter>:<number>", of which the letter is known already. */
bool		 parse_id(const char *data, int64_t *id);

/* "<letter>:<id>:<number>" */
bool		 parse_pair(const char *data, int64_t *id, int64_t *n);

/* The same, and perhaps ":<number>" more, else 0. */
bool		 parse_triple(const char *data, int64_t *id, int64_t *n,
		    int64_t *more);

/* One line of at most 500 characters, as the API takes it, or NULL. */
const char	*parse_reason(struct pool *, const char *text);

/* "18:45", "8.05" as minutes of a day. */
bool		 parse_clock(const char *, int *minutes);

/*
 * "r:<registration>:<verb>:<branch>:<position>", and perhaps ":<page>" of a
 * long list; 0 is nothing chosen, and the first page.
 */
struct press {
	int64_t		 id, branch, position, page;
	char		 verb;
};
bool		 parse_press(const char *data, struct press *);

/* "Белова  Анна Ивановна" in its parts, of 100 characters each at most. */
struct parsed_name {
	const char	*last, *first, *middle;
};
bool		 parse_name(struct pool *, const char *, struct parsed_name *);

/* The digits of a phone number, with the plus that it came with. */
const char	*parse_phone(struct pool *, const char *);

/* Length as Telegram counts it: UTF-16 units. */
size_t		 parse_units(const char *);

#endif
