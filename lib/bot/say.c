#include "bot/private.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "bot.sql.h"

enum {
	MESSAGE_MAX = 4000, /* UTF-16 units; Telegram's is 4096 */
	PRESS_LIFE = 60 /* seconds */
};

struct json_object *
bot_json(struct bot *b, const char *s)
{
	return s == NULL ? NULL : json_parse(b->pool, s, strlen(s), NULL);
}

/* Pairs of name and text, then a NULL name. */
const char *
bot_params(struct bot *b, ...)
{
	struct out *out = out_new(b->pool);
	const char *name;
	va_list ap;
	size_t n;

	out_open(out, NULL, '{');
	va_start(ap, b);
	while ((name = va_arg(ap, const char *)) != NULL)
		out_text(out, name, va_arg(ap, const char *));
	va_end(ap);
	out_close(out, '}');
	return out_body(out, &n);
}

static enum fault
say(struct bot *b, const char *kind, const char *key, const char *params,
    const char *body, const char *buttons, const char *about)
{
	bool press = strcmp(kind, "answer") == 0;

	return sql_say(b->db, b->chat, kind, key, params ? params : "{}", body,
	    buttons, b->language,
	    strcmp(kind, "edit") == 0 ? b->message : DB_NULL,
	    press ? b->callback : NULL, about,
	    pool_printf(b->pool, "update:%" PRId64 "/%d", b->update,
		b->n_said++),
	    b->now, press ? b->now + PRESS_LIFE : 0)
	    .fault;
}

enum fault
bot_say(struct bot *b, const char *key, const char *params, const char *buttons)
{
	return say(b, "send", key, params, NULL, buttons, NULL);
}

enum fault
bot_edit(struct bot *b, const char *key, const char *params,
    const char *buttons, const char *about)
{
	return say(b, "edit", key, params, NULL, buttons, about);
}

enum fault
bot_pressed(struct bot *b, const char *key)
{
	return say(b, "answer", key ? key : "bot.pressed", NULL,
	    key ? NULL : "", NULL, NULL);
}

static size_t
units_of(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += (size_t)(((unsigned char)*s & 0xc0) != 0x80) +
		    (size_t)((unsigned char)*s >= 0xf0);
	return n;
}

static enum fault
flush(struct bot *b)
{
	const char *body;
	size_t n;

	if (b->lines == NULL || b->units == 0)
		return OK;
	body = pool_strdup(b->pool, out_body(b->lines, &n));
	b->lines = NULL;
	b->units = 0;
	return say(b, "send", "bot.list", NULL, body, NULL, NULL);
}

void
bot_line(struct bot *b, const char *html)
{
	size_t units = units_of(html) + 1;

	if (b->units + units > MESSAGE_MAX)
		flush(b); /* what fails now fails at the end, too */
	if (b->lines == NULL)
		b->lines = out_new(b->pool);
	if (b->units > 0)
		out_put(b->lines, "\n", 1);
	out_put(b->lines, html, strlen(html));
	b->units += units;
}

void
bot_line_of(struct bot *b, const char *key, const char *params)
{
	const char *s = text_render(b->pool, b->language, key,
	    bot_json(b, params));

	if (s != NULL)
		bot_line(b, s);
}

enum fault
bot_lines_end(struct bot *b)
{
	return flush(b);
}

const char *
bot_duration(struct bot *b, int64_t seconds)
{
	return text_plain(b->pool, b->language, "bot.duration",
	    bot_json(b,
		bot_params(b, "h",
		    pool_printf(b->pool, "%" PRId64, seconds / 3600), "m",
		    pool_printf(b->pool, "%02" PRId64, seconds / 60 % 60),
		    NULL)));
}
