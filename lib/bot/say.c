#include "bot/private.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "bot.sql.h"
#include "bot/parse.h"

enum {
	MESSAGE_MAX = 4000, /* UTF-16 units; Telegram's is 4096 */
	PRESS_LIFE = 60, /* seconds */
	SECRET_LIFE = 3600
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

/* One row of the outbox. */
struct said {
	const char *kind, *key, *params, *body, *buttons, *about;
	bool secret;
	int64_t expires_at; /* or 0 */
};

static enum fault
say(struct bot *b, const struct said *m)
{
	return sql_say(b->db, b->chat, m->kind, m->key,
	    m->params ? m->params : "{}", m->body, m->buttons, b->language,
	    strcmp(m->kind, "edit") == 0 ? b->message : DB_NULL,
	    strcmp(m->kind, "answer") == 0 ? b->callback : NULL, m->about,
	    pool_printf(b->pool, "update:%" PRId64 "/%d", b->update,
		b->n_said++),
	    m->secret, b->now, m->expires_at)
	    .fault;
}

enum fault
bot_say(struct bot *b, const char *key, const char *params, const char *buttons)
{
	return bot_tell(b, key, params, NULL, buttons, NULL);
}

enum fault
bot_ask(struct bot *b, const char *state, const char *data, const char *key,
    const char *params, const char *buttons)
{
	enum fault f =
	    sql_dialogue_put(b->db, b->chat, state, data, b->now).fault;

	if (f == OK && b->callback != NULL)
		f = bot_pressed(b, NULL);
	return f != OK ? f : bot_say(b, key, params, buttons);
}

enum fault
bot_answered(struct bot *b, const char *key, const char *params,
    const char *buttons)
{
	enum fault f = sql_dialogue_drop(b->db, b->chat).fault;

	return f != OK ? f : bot_say(b, key, params, buttons);
}

enum fault
bot_say_secret(struct bot *b, const char *key, const char *params)
{
	return say(b,
	    &(struct said){ .kind = "send",
		.key = key,
		.params = params,
		.secret = true,
		.expires_at = b->now + SECRET_LIFE });
}

enum fault
bot_tell(struct bot *b, const char *key, const char *params, const char *html,
    const char *buttons, const char *about)
{
	return say(b,
	    &(struct said){ .kind = "send",
		.key = key,
		.params = params,
		.body = html,
		.buttons = buttons,
		.about = about });
}

enum fault
bot_edit(struct bot *b, const char *key, const char *params,
    const char *buttons, const char *about)
{
	return say(b,
	    &(struct said){ .kind = "edit",
		.key = key,
		.params = params,
		.buttons = buttons,
		.about = about });
}

enum fault
bot_edit_html(struct bot *b, const char *html, const char *buttons,
    const char *about)
{
	return say(b,
	    &(struct said){ .kind = "edit",
		.key = "bot.list",
		.body = html,
		.buttons = buttons,
		.about = about });
}

enum fault
bot_pressed(struct bot *b, const char *key)
{
	return say(b,
	    &(struct said){ .kind = "answer",
		.key = key ? key : "bot.pressed",
		.body = key ? NULL : "",
		.expires_at = b->now + PRESS_LIFE });
}

const char *
bot_text(struct bot *b, const char *key, const char *params)
{
	const char *s = text_render(b->pool, b->language, key,
	    bot_json(b, params));

	return s != NULL ? s : key;
}

static void
put_choice(struct out *out, const char *text, const char *data)
{
	out_open(out, NULL, '{');
	out_text(out, "text", text);
	out_text(out, "data", data);
	out_close(out, '}');
}

/* Below the choices, where there are more of them. */
static void
put_turns(struct bot *b, struct out *out, int64_t page, int64_t pages,
    const char *turn)
{
	if (pages < 2)
		return;
	out_open(out, NULL, '[');
	if (page > 0)
		put_choice(out, "‹",
		    pool_printf(b->pool, "%s%" PRId64, turn, page - 1));
	if (page + 1 < pages)
		put_choice(out, "›",
		    pool_printf(b->pool, "%s%" PRId64, turn, page + 1));
	out_close(out, ']');
}

const char *
bot_choice(struct bot *b, const struct rows *r, int64_t page, const char *head,
    const char *tail, const char *turn)
{
	int64_t pages = (r->n + BOT_CHOICES - 1) / BOT_CHOICES;
	struct out *out = out_new(b->pool);
	size_t n;

	if (page >= pages) /* there were more of them */
		page = pages > 0 ? pages - 1 : 0;
	out_open(out, NULL, '[');
	for (int i = (int)page * BOT_CHOICES;
	     i < r->n && i < (page + 1) * BOT_CHOICES; i++) {
		out_open(out, NULL, '[');
		put_choice(out, row_text(r, i, "name"),
		    pool_printf(b->pool, "%s%s%s", head, row_text(r, i, "id"),
			tail));
		out_close(out, ']');
	}
	put_turns(b, out, page, pages, turn);
	out_close(out, ']');
	return out_body(out, &n);
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
	return bot_tell(b, "bot.list", NULL, body, NULL, NULL);
}

static void
put_line(struct bot *b, const char *html)
{
	size_t units = parse_units(html) + 1;

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
	put_line(b, bot_text(b, key, params));
}

enum fault
bot_lines_end(struct bot *b)
{
	return flush(b);
}

const char *
bot_duration(struct bot *b, int64_t seconds)
{
	return text_plain(b->pool, b->language, "unit.hm",
	    bot_json(b,
		bot_params(b, "h",
		    pool_printf(b->pool, "%" PRId64, seconds / 3600), "m",
		    pool_printf(b->pool, "%02" PRId64, seconds / 60 % 60),
		    NULL)));
}
