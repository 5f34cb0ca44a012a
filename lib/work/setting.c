#include "work/setting.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/utf8.h"
#include "data/db.h"
#include "setting.sql.h"

const struct setting_info setting_info[SETTINGS] = {
#define SETTING_BOOL(name, def, sentence) \
	[SETTING_##name] = { #name, "bool", def, 0, 0, "on|off", sentence },
#define SETTING_CHOICE(name, def, choices, sentence) \
	[SETTING_##name] = { #name, "choice", def, 0, 0, choices, sentence },
#define SETTING_INT(name, def, least, most, sentence) \
	[SETTING_##name] = { #name, "int", def, least, most, NULL, sentence },
#define SETTING_TEXT(name, def, most, sentence) \
	[SETTING_##name] = { #name, "text", def, 1, most, NULL, sentence },
#include "work/setting.def"
#undef SETTING_BOOL
#undef SETTING_CHOICE
#undef SETTING_INT
#undef SETTING_TEXT
};

enum setting
setting_named(const char *name)
{
	for (int i = 0; i < SETTINGS; i++)
		if (strcmp(setting_info[i].name, name) == 0)
			return (enum setting)i;
	return SETTINGS;
}

static bool
is_choice(const char *choices, const char *value)
{
	size_t n = strlen(value);
	const char *at;

	if (n == 0 || strchr(value, '|') != NULL)
		return false;
	for (at = choices; (at = strstr(at, value)) != NULL; at += n)
		if ((at == choices || at[-1] == '|') &&
		    (at[n] == '|' || at[n] == '\0'))
			return true;
	return false;
}

static bool
is_number(const char *value, int64_t *n)
{
	char *end;

	if (*value == '\0' || strspn(value, "0123456789") != strlen(value))
		return false;
	errno = 0;
	*n = strtoll(value, &end, 10);
	return errno == 0;
}

static bool
is_line(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

const char *
setting_wrong(struct pool *pool, enum setting which, const char *value)
{
	const struct setting_info *s = &setting_info[which];
	int64_t n;

	if (s->choices != NULL)
		return is_choice(s->choices, value) ?
		    NULL :
		    pool_printf(pool, "one of %s", s->choices);
	if (strcmp(s->type, "int") == 0)
		return is_number(value, &n) && n >= s->least && n <= s->most ?
		    NULL :
		    pool_printf(pool, "a number from %" PRId64 " to %" PRId64,
			s->least, s->most);
	n = (int64_t)utf8_length(value);
	return n >= s->least && n <= s->most && is_line(value) ?
	    NULL :
	    pool_printf(pool, "a line of %" PRId64 " to %" PRId64 " characters",
		s->least, s->most);
}

const char *
setting_text(struct db *db, enum setting which)
{
	const struct setting_info *s = &setting_info[which];
	struct rows r = sql_setting_get(db, s->name);
	const char *value;

	if (r.fault != OK || r.n == 0)
		return s->def;
	value = row_text(&r, 0, "value");
	return setting_wrong(db_its_pool(db), which, value) == NULL ? value :
								      s->def;
}

bool
setting_bool(struct db *db, enum setting which)
{
	return strcmp(setting_text(db, which), "on") == 0;
}

int64_t
setting_int(struct db *db, enum setting which)
{
	int64_t n = 0;

	is_number(setting_text(db, which), &n);
	return n;
}
