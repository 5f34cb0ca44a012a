/*
 * A line of an imported file: what its cells say, and what is wrong with them.
 */
#include "people_import.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "people.h"
#include "work/tap.h"

struct line {
	struct pool *pool;
	struct out *out, *errors;
};

static void
wrong(struct line *l, const char *field, const char *code, const char *detail)
{
	out_open(l->errors, NULL, '{');
	out_text(l->errors, "field", field);
	out_text(l->errors, "code", code);
	out_text(l->errors, "detail", detail);
	out_raw(l->errors, "about", "null");
	out_close(l->errors, '}');
}

/* As the answers name a member. */
static const char *
field_of(enum import_column c)
{
	return c == IMPORT_BRANCH ? "branch" :
	    c == IMPORT_POSITION  ? "position" :
				    import_names[c];
}

static size_t
blank(const char *s, size_t n)
{
	if (n >= 2 && strncmp(s, "\xc2\xa0", 2) == 0) /* no-break space */
		return 2;
	return n >= 1 && strchr(" \t\r\n", *s) != NULL ? 1 : 0;
}

/*
 * A cell without the blanks around it, and without the apostrophe that keeps
 * spreadsheets from running it (csv_safe() in SQL); NULL if it is empty.
 */
static const char *
bare(struct pool *pool, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0, k;

	while ((k = blank(s, n)) > 0) {
		s += k;
		n -= k;
	}
	while (n > 0 &&
	    (blank(s + n - 1, 1) || (n > 1 && blank(s + n - 2, 2) == 2)))
		n -= blank(s + n - 1, 1) ? 1 : 2;
	if (n > 1 && *s == '\'' && strchr("=+-@", s[1]) != NULL) {
		s++;
		n--;
	}
	return n == 0 ? NULL : pool_strndup(pool, s, n);
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static bool
fits(struct line *l, const char *field, const char *s, size_t max)
{
	if (has_control(s))
		wrong(l, field, "control",
		    "One line, and no control characters.");
	else if (utf8_length(s) > max)
		wrong(l, field, "too_long",
		    pool_printf(l->pool, "At most %zu characters.", max));
	else
		return true;
	return false;
}

static void
put_text(struct line *l, enum import_column c, const char *s, size_t max)
{
	if (s != NULL && fits(l, field_of(c), s, max))
		out_text(l->out, import_names[c], s);
}

static void
put_id(struct line *l, const char *s)
{
	if (s == NULL)
		return;
	if (strspn(s, "0123456789") == strlen(s) && strlen(s) <= 15)
		out_raw(l->out, "id",
		    pool_printf(l->pool, "%lld", strtoll(s, NULL, 10)));
	else
		wrong(l, "id", "not_a_number", "A number.");
}

static void
put_phone(struct line *l, const char *s)
{
	if (s == NULL)
		return;
	if (is_phone(s) && strlen(s) <= 32)
		out_text(l->out, "phone", people_phone(l->pool, s));
	else
		wrong(l, "phone", "not_a_phone",
		    "A phone number of 7 to 15 digits.");
}

static void
put_card(struct line *l, const char *s)
{
	const char *card = s != NULL ? tap_uid(l->pool, s) : NULL;

	if (card != NULL)
		out_text(l->out, "card_uid", card);
	else if (s != NULL)
		wrong(l, "card_uid", "not_a_card",
		    "4 to 10 bytes as hexadecimal digits.");
}

static void
put_language(struct line *l, const char *s)
{
	if (s == NULL)
		return;
	if (strcmp(s, "ru") == 0 || strcmp(s, "uk") == 0 ||
	    strcmp(s, "en") == 0)
		out_text(l->out, "language", s);
	else
		wrong(l, "language", "not_a_language", "One of: ru|uk|en.");
}

/* 2026-11-21, or as it is written here: 21.11.2026. */
static void
put_date(struct line *l, enum import_column c, const char *s)
{
	char *end;
	long day, month, year;

	if (s == NULL)
		return;
	if (strspn(s, "0123456789.") == strlen(s)) {
		day = strtol(s, &end, 10);
		month = *end == '.' ? strtol(end + 1, &end, 10) : 0;
		year = *end == '.' ? strtol(end + 1, &end, 10) : 0;
		if (*end == '\0' && day >= 0 && day < 100 && month < 100)
			s = pool_printf(l->pool, "%04ld-%02ld-%02ld", year,
			    month, day);
	}
	if (is_date(s))
		out_text(l->out, import_names[c], s);
	else
		wrong(l, import_names[c], "not_a_date",
		    "A date as 2026-11-21 or 21.11.2026.");
}

/* Up to a blank, also one that does not break. */
static size_t
word(const char *s)
{
	size_t n = 0;

	while (
	    s[n] != '\0' && s[n] != ' ' && strncmp(s + n, "\xc2\xa0", 2) != 0)
		n++;
	return n;
}

/* Last name, first name, and what follows. */
static void
put_full_name(struct line *l, const char *s)
{
	static const enum import_column parts[] = { IMPORT_LAST, IMPORT_FIRST,
		IMPORT_MIDDLE };

	for (size_t i = 0; s != NULL && i < 3; i++) {
		size_t n = i < 2 ? word(s) : strlen(s);

		put_text(l, parts[i], pool_strndup(l->pool, s, n), 100);
		s = bare(l->pool, s + n);
	}
}

static void
put_cells(struct line *l, const char *const cells[IMPORT_COLUMNS])
{
	const char *s[IMPORT_COLUMNS];

	for (int i = 0; i < IMPORT_COLUMNS; i++)
		s[i] = bare(l->pool, cells[i]);
	put_id(l, s[IMPORT_ID]);
	put_text(l, IMPORT_NUMBER, s[IMPORT_NUMBER], 32);
	put_text(l, IMPORT_LAST, s[IMPORT_LAST], 100);
	put_text(l, IMPORT_FIRST, s[IMPORT_FIRST], 100);
	put_text(l, IMPORT_MIDDLE, s[IMPORT_MIDDLE], 100);
	put_full_name(l, s[IMPORT_FULL]);
	put_phone(l, s[IMPORT_PHONE]);
	put_language(l, s[IMPORT_LANGUAGE]);
	put_text(l, IMPORT_BRANCH, s[IMPORT_BRANCH], 200);
	put_text(l, IMPORT_POSITION, s[IMPORT_POSITION], 200);
	put_card(l, s[IMPORT_CARD]);
	put_date(l, IMPORT_HIRED, s[IMPORT_HIRED]);
	put_date(l, IMPORT_LEFT, s[IMPORT_LEFT]);
}

void
import_line(struct pool *pool, struct out *out, size_t line,
    const char *const cells[IMPORT_COLUMNS], bool wide)
{
	struct line l = { pool, out, out_new(pool) };
	size_t n;

	out_open(l.errors, NULL, '[');
	out_open(out, NULL, '{');
	out_int(out, "line", (int64_t)line);
	if (wide)
		wrong(&l, "line", "too_many",
		    "There are more cells than columns.");
	put_cells(&l, cells);
	out_close(l.errors, ']');
	out_raw(out, "errors", out_body(l.errors, &n));
	out_close(out, '}');
}
