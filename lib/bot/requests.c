/*
 * Corrections in the chat: whoever forgot to check out says when he left,
 * and those in charge decide.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "bot.sql.h"
#include "bot/parse.h"
#include "bot/private.h"
#include "work/correction.h"

enum { REASON_MAX = 500, LISTED = 10 };

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
	int64_t id;
	enum fault f = correction_ask(b->db, &c, &id);

	return f == FAULT_BAD_FIELD ? FAULT_CONFLICT : f;
}

static const char *
clock_params(struct bot *b, int64_t at, const struct rows *i)
{
	struct rows r = sql_local_clock(b->db, at, row_text(i, 0, "time_zone"));

	return r.fault != OK ? NULL :
			       bot_params(b, "day", row_text(&r, 0, "day"),
				   "time", row_text(&r, 0, "time"), NULL);
}

static enum fault
other_time(struct bot *b, int64_t event)
{
	enum fault f = sql_dialogue_put(b->db, b->chat, "left",
	    pool_printf(b->pool, "{\"event\":%" PRId64 "}", event), b->now)
			   .fault;

	if (f != OK || (f = bot_pressed(b, NULL)) != OK)
		return f;
	return bot_say(b, "bot.ask.left", NULL, NULL);
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
	return bot_edit(b, "bot.left.asked", clock_params(b, minutes * 60, &i),
	    NULL, NULL);
}

enum fault
left_answer(struct bot *b, struct json_object *data, const char *text)
{
	int64_t event = 0, at;
	struct rows i, when;
	int minutes;
	enum fault f;

	if (text == NULL || !parse_clock(text, &minutes))
		return bot_say(b, "bot.wrong.time", NULL, NULL);
	json_int(data, "event", &event);
	i = sql_open_interval(b->db, event, b->person);
	if (i.fault != OK)
		return i.fault;
	if (i.n == 0)
		return bot_say(b, "bot.press.late", NULL, NULL);
	when = sql_clock_after(b->db, row_time(&i, 0, "in_at"),
	    row_text(&i, 0, "time_zone"), minutes);
	if (when.fault != OK)
		return when.fault;
	at = row_time(&when, 0, "at");
	if (at > b->now)
		return bot_say(b, "bot.wrong.time", NULL, NULL);
	if ((f = ask_for(b, &i, at)) != OK ||
	    (f = sql_dialogue_drop(b->db, b->chat).fault) != OK)
		return f;
	return bot_say(b, "bot.left.asked", clock_params(b, at, &i), NULL);
}

/* The requests that wait for him, each with its buttons. */
enum fault
request_list(struct bot *b)
{
	struct rows r;
	enum fault f = OK;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	r = sql_requests_waiting(b->db, b->branches, b->person, LISTED);
	if (r.fault != OK)
		return r.fault;
	for (int i = 0; f == OK && i < r.n; i++)
		f = bot_tell(b, row_text(&r, i, "key"),
		    row_text(&r, i, "params"), row_text(&r, i, "buttons"),
		    row_text(&r, i, "about"));
	return f != OK || r.n > 0 ? f :
				    bot_say(b, "bot.requests.none", NULL, NULL);
}

static enum fault
decide(struct bot *b, int64_t id, const char *why)
{
	struct change_effect e;

	return correction_decide(b->db,
	    &(struct decision){ .id = id,
		.approve = why == NULL,
		.reason = why,
		.decided_by = b->person,
		.branches = b->branches,
		.now = b->now },
	    &e);
}

/* c:<correction>:1 approves, 0 asks why not. */
enum fault
request_press(struct bot *b, const char *data)
{
	int64_t id, yes;
	enum fault f;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	if (!parse_pair(data, &id, &yes))
		return bot_pressed(b, "bot.press.late");
	if (yes == 1)
		return (f = decide(b, id, NULL)) != OK ? f :
							 bot_pressed(b, NULL);
	if ((f = sql_dialogue_put(b->db, b->chat, "refuse",
		 pool_printf(b->pool, "{\"id\":%" PRId64 "}", id), b->now)
		     .fault) != OK ||
	    (f = bot_pressed(b, NULL)) != OK)
		return f;
	return bot_say(b, "bot.ask.refusal", NULL, NULL);
}

enum fault
request_reason(struct bot *b, struct json_object *data, const char *text)
{
	int64_t id = 0;
	enum fault f;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	if (text == NULL || strlen(text) > REASON_MAX ||
	    strchr(text, '\n') != NULL)
		return bot_say(b, "bot.wrong.reason", NULL, NULL);
	json_int(data, "id", &id);
	if ((f = decide(b, id, text)) != OK ||
	    (f = sql_dialogue_drop(b->db, b->chat).fault) != OK)
		return f;
	return bot_say(b, "bot.refused", NULL, NULL);
}
