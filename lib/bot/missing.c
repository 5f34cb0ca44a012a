/*
 * Shifts without an end in the chat: those in charge say when they ended.
 * What they say is an event by hand, as on the pages.
 */
#include <inttypes.h>

#include "base/text.h"
#include "bot.sql.h"
#include "bot/parse.h"
#include "bot/private.h"
#include "work/correction.h"

/* What a press may say instead of an instant, and after it; see left.c. */
enum { OTHER_TIME = 1, CONFIRM = 1, CONFIRM_LONG = 2 };

static struct rows
find(struct bot *b, int64_t event, int limit)
{
	return sql_missing_outs_waiting(b->db, event, b->branches, b->person,
	    b->admin, b->now, limit);
}

enum fault
missing_list(struct bot *b, int *n)
{
	struct rows r = find(b, DB_NULL, BOT_LISTED + 1);
	enum fault f = r.fault;

	for (int i = 0; f == OK && i < r.n && i < BOT_LISTED; i++)
		f = bot_tell(b, "message.missing", row_text(&r, i, "params"),
		    NULL, row_text(&r, i, "buttons"), row_text(&r, i, "about"));
	*n += r.n;
	return f;
}

/* That one, if it still has no end and is his to decide. */
static enum fault
take(struct bot *b, int64_t event, struct rows *i)
{
	if (!b->manager)
		return FAULT_FORBIDDEN;
	*i = find(b, event, 1);
	if (i->fault != OK || i->n == 0)
		return i->fault;
	if (!row_bool(i, 0, "mine"))
		return FAULT_OTHER_BRANCH;
	return row_bool(i, 0, "own") ? FAULT_CORRECTION_OWN : OK;
}

/* W10: the change was made, and measured, and is taken back. */
static enum fault
ask_back(struct bot *b, const struct rows *i, int64_t at, int64_t flags,
    enum fault why, const struct change_effect *e)
{
	const char *html, *buttons;
	enum fault f = db_undo(b->db);

	if (f != OK)
		return f;
	flags |= why == FAULT_CONFIRM_LONG ? CONFIRM_LONG : CONFIRM;
	html = bot_text(b, "message.missing", row_text(i, 0, "params"));
	html = pool_printf(b->pool, "%s\n%s", html,
	    bot_text(b, "bot.missing.at", times_params(b, at, i)));
	buttons = pool_printf(b->pool,
	    "[[{\"key\":\"bot.button.anyway\",\"data\":\"m:%" PRId64 ":%" PRId64
	    ":%" PRId64 "\"}],[{\"key\":"
	    "\"bot.button.other_time\",\"data\":\"m:%" PRId64 ":1\"}]]",
	    row_int(i, 0, "event"), at / 60, flags, row_int(i, 0, "event"));
	html = times_doubts(b, html, why, e);
	if (b->callback == NULL)
		return bot_tell(b, "message.missing", row_text(i, 0, "params"),
		    html, buttons, row_text(i, 0, "about"));
	if ((f = bot_pressed(b, NULL)) != OK)
		return f;
	return bot_edit_html(b, html, buttons, row_text(i, 0, "about"));
}

static enum fault
enter(struct bot *b, const struct rows *i, int64_t at, int64_t flags)
{
	struct change c = {
		.employee = row_int(i, 0, "employee"),
		.voids = DB_NULL,
		.at = at,
		.kind = KIND_OUT,
		.source = "manual",
		.reason = text_plain(b->pool, b->language, "bot.missing.reason",
		    NULL),
		.made_by = b->person,
		.now = b->now,
		.confirm = (flags & CONFIRM) != 0,
		.confirm_long = (flags & CONFIRM_LONG) != 0,
	};
	struct change_effect e;
	const char *why;
	enum fault f = correction_in_time(b->db, c.employee, at, b->now, &why);

	if (f == OK && why != NULL)
		return b->callback != NULL ?
		    bot_pressed(b, "bot.wrong.time") :
		    bot_say(b, "bot.wrong.time", NULL, NULL);
	if (f != OK)
		return f;
	f = change_make(b->db, &c, &e);
	if (f == FAULT_CONFIRM_LOSS || f == FAULT_CONFIRM_LONG)
		return ask_back(b, i, at, flags, f, &e);
	if (f != OK ||
	    (f = sql_missing_settled(b->db, row_int(i, 0, "event"), b->now)
		     .fault) != OK)
		return f;
	return b->callback != NULL ?
	    bot_pressed(b, NULL) :
	    bot_say(b, "bot.missing.entered", times_params(b, at, i), NULL);
}

static enum fault
other_time(struct bot *b, const struct rows *i)
{
	return bot_ask(b, "missing",
	    pool_printf(b->pool, "{\"event\":%" PRId64 "}",
		row_int(i, 0, "event")),
	    "bot.ask.missing", row_text(i, 0, "params"), NULL);
}

/* m:<event>:<minutes since 1970, or OTHER_TIME>, perhaps :<confirmed>. */
enum fault
missing_press(struct bot *b, const char *data)
{
	int64_t event, minutes, flags;
	struct rows i;
	enum fault f;

	if (!parse_triple(data, &event, &minutes, &flags))
		return bot_pressed(b, "bot.press.late");
	if ((f = take(b, event, &i)) != OK)
		return f;
	if (i.n == 0)
		return bot_pressed(b, "bot.press.settled");
	return minutes == OTHER_TIME ? other_time(b, &i) :
				       enter(b, &i, minutes * 60, flags);
}

enum fault
missing_answer(struct bot *b, struct json_object *data, const char *text)
{
	int64_t event = 0, at;
	struct rows i;
	int minutes;
	enum fault f;

	if (text == NULL || !parse_clock(text, &minutes))
		return bot_say(b, "bot.wrong.time", NULL, NULL);
	json_int(data, "event", &event);
	if ((f = take(b, event, &i)) != OK)
		return f;
	if (i.n == 0)
		return bot_answered(b, "bot.press.settled", NULL, NULL);
	if ((f = times_after(b, &i, minutes, &at)) != OK)
		return f;
	if (at > b->now)
		return bot_say(b, "bot.wrong.time", NULL, NULL);
	if ((f = sql_dialogue_drop(b->db, b->chat).fault) != OK)
		return f;
	return enter(b, &i, at, 0);
}
