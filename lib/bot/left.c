/*
 * Corrections in the chat: whoever forgot to check out says when he left.
 */
#include <inttypes.h>

#include "base/text.h"
#include "bot.sql.h"
#include "bot/parse.h"
#include "bot/private.h"
#include "work/correction.h"

/* What a press on the question says instead of an instant. */
enum { STILL_THERE, OTHER_TIME };

static enum fault
ask_for(struct bot *b, const struct rows *i, int64_t at)
{
	struct correction c = {
		.employee = row_int(i, 0, "employee"),
		.action = "add",
		.event = DB_NULL,
		.at = at,
		.kind = KIND_OUT,
		.reason = text_plain(b->pool, b->language, "bot.left.reason",
		    NULL),
		.asked_by = b->person,
		.now = b->now,
	};
	struct change_effect e;
	int64_t id;
	enum fault f = correction_ask(b->db, &c, &id, &e);

	return f == FAULT_BAD_FIELD ? FAULT_CONFLICT : f;
}

static enum fault
other_time(struct bot *b, int64_t event)
{
	return bot_ask(b, "left",
	    pool_printf(b->pool, "{\"event\":%" PRId64 "}", event),
	    "bot.ask.left", NULL, NULL);
}

/* s:<event>:<minutes since 1970>, or what else he may say. */
enum fault
left_press(struct bot *b, const char *data)
{
	int64_t event, minutes;
	struct rows i;
	enum fault f;

	if (!parse_pair(data, &event, &minutes))
		return bot_pressed(b, "bot.press.late");
	i = sql_open_interval(b->db, event, b->person);
	if (i.fault != OK || i.n == 0)
		return i.fault != OK ? i.fault :
				       bot_pressed(b, "bot.press.late");
	if (minutes == OTHER_TIME)
		return other_time(b, event);
	if (minutes == STILL_THERE)
		return (f = bot_pressed(b, NULL)) != OK ?
		    f :
		    bot_edit(b, "bot.still.there", NULL, NULL, NULL);
	if ((f = ask_for(b, &i, minutes * 60)) != OK ||
	    (f = bot_pressed(b, NULL)) != OK)
		return f;
	return bot_edit(b, "bot.left.asked", times_params(b, minutes * 60, &i),
	    NULL, NULL);
}

enum fault
left_answer(struct bot *b, struct json_object *data, const char *text)
{
	int64_t event = 0, at;
	struct rows i;
	int minutes;
	enum fault f;

	if (text == NULL || !parse_clock(text, &minutes))
		return bot_say(b, "bot.wrong.time", NULL, NULL);
	json_int(data, "event", &event);
	i = sql_open_interval(b->db, event, b->person);
	if (i.fault != OK)
		return i.fault;
	if (i.n == 0)
		return bot_answered(b, "bot.press.late", NULL, NULL);
	if ((f = times_after(b, &i, minutes, &at)) != OK)
		return f;
	if (at > b->now)
		return bot_say(b, "bot.wrong.time", NULL, NULL);
	if ((f = ask_for(b, &i, at)) != OK)
		return f;
	return bot_answered(b, "bot.left.asked", times_params(b, at, &i), NULL);
}
