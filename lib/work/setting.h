/*
 * setting: what administrators change at run time (setting.def).
 *
 * Values are kept as text in the table "setting".  A getter reads the table
 * each time; an absent row, a value that is not valid (any more) or a
 * database that does not answer gives the default.
 */
#ifndef SETTING_H
#define SETTING_H

#include <stdbool.h>
#include <stdint.h>

struct db;
struct pool;

enum setting {
#define SETTING_BOOL(name, def, sentence)		SETTING_##name,
#define SETTING_CHOICE(name, def, choices, sentence)	SETTING_##name,
#define SETTING_INT(name, def, least, most, sentence)	SETTING_##name,
#define SETTING_TEXT(name, def, most, sentence)		SETTING_##name,
#include "work/setting.def"
#undef SETTING_BOOL
#undef SETTING_CHOICE
#undef SETTING_INT
#undef SETTING_TEXT
	SETTINGS			/* also: no such setting */
};

struct setting_info {
	const char	*name;
	const char	*type;		/* "text", "int", "bool", "choice" */
	const char	*def;
	int64_t		 least, most;	/* of an int, of a text's characters */
	const char	*choices;	/* "ru|uk|en", or NULL */
	const char	*sentence;
};

extern const struct setting_info setting_info[SETTINGS];

enum setting	 setting_named(const char *);
/* NULL if the setting may have that value, else a phrase: "a number ...". */
const char	*setting_wrong(struct pool *, enum setting, const char *value);

bool		 setting_bool(struct db *, enum setting);
int64_t		 setting_int(struct db *, enum setting);
/* Lives in the pool of the database; also of a choice. */
const char	*setting_text(struct db *, enum setting);

#endif
