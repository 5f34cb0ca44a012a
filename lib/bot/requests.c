/*
 * Corrections in the chat: those in charge decide.
 */
#include <inttypes.h>

#include "bot.sql.h"
#include "bot/parse.h"
#include "bot/private.h"
#include "work/correction.h"

/* What a press says after the request; several are added up. */
enum { REFUSE = 0, APPROVE = 1, CONFIRM = 2, CONFIRM_LONG = 4 };

static const char *
buttons(struct bot *b, int64_t id, const char *approve, int64_t flags)
{
	return pool_printf(b->pool,
	    "[[{\"key\":\"%s\",\"data\":\"c:%" PRId64 ":%" PRId64 "\"},"
	    "{\"key\":\"bot.button.refuse\",\"data\":\"c:%" PRId64 ":0\"}]]",
	    approve, id, flags, id);
}

/* What it does to the hours as they are now; nothing if that cannot be. */
static enum fault
measure(struct bot *b, int64_t id, const char **effect)
{
	struct change_effect e;
	enum fault f = correction_effect(b->db,
	    &(struct decision){ .id = id,
		.decided_by = b->person,
		.now = b->now },
	    &e);

	*effect = correction_effect_text(b->pool, &e);
	return f == FAULT_PERIOD_CLOSED || f == FAULT_EVENT_VOIDED ?
	    db_undo(b->db) :
	    f;
}

enum fault
request_list(struct bot *b, int *n)
{
	struct rows r = sql_requests_waiting(b->db, DB_NULL, b->branches,
	    b->person, BOT_LISTED + 1);
	const char *effect;
	enum fault f = r.fault;

	for (int i = 0; f == OK && i < r.n && i < BOT_LISTED; i++) {
		int64_t id = row_int(&r, i, "id");
		const char *key = row_text(&r, i, "key");
		const char *params = row_text(&r, i, "params");

		if ((f = measure(b, id, &effect)) == OK)
			f = bot_tell(b, key, params,
			    pool_printf(b->pool, "%s%s",
				bot_text(b, key, params), effect),
			    buttons(b, id, "bot.button.approve", APPROVE),
			    row_text(&r, i, "about"));
	}
	*n += r.n;
	return f;
}

static enum fault
decide(struct bot *b, int64_t id, int64_t flags, const char *why,
    struct change_effect *e)
{
	return correction_decide(b->db,
	    &(struct decision){ .id = id,
		.approve = why == NULL,
		.reason = why,
		.confirm = (flags & CONFIRM) != 0,
		.confirm_long = (flags & CONFIRM_LONG) != 0,
		.decided_by = b->person,
		.branches = b->branches,
		.now = b->now },
	    e);
}

/* W10: the change was made, and measured, and is taken back. */
static enum fault
ask_back(struct bot *b, int64_t id, int64_t flags, enum fault why,
    const struct change_effect *e)
{
	struct rows r;
	const char *html;
	enum fault f = db_undo(b->db);

	if (f != OK)
		return f;
	r = sql_requests_waiting(b->db, id, b->branches, b->person, 1);
	if (r.fault != OK || r.n == 0)
		return r.fault != OK ? r.fault : FAULT_CORRECTION_DECIDED;
	html = bot_text(b, row_text(&r, 0, "key"), row_text(&r, 0, "params"));
	flags |= why == FAULT_CONFIRM_LONG ? CONFIRM_LONG : CONFIRM;
	if ((f = bot_pressed(b, NULL)) != OK)
		return f;
	return bot_edit_html(b, times_doubts(b, html, why, e),
	    buttons(b, id, "bot.button.anyway", flags),
	    row_text(&r, 0, "about"));
}

static enum fault
ask_reason(struct bot *b, int64_t id)
{
	return bot_ask(b, "refuse",
	    pool_printf(b->pool, "{\"id\":%" PRId64 "}", id), "bot.ask.refusal",
	    NULL, NULL);
}

/* c:<correction>:<what> */
enum fault
request_press(struct bot *b, const char *data)
{
	struct change_effect e;
	int64_t id, flags;
	enum fault f;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	if (!parse_pair(data, &id, &flags))
		return bot_pressed(b, "bot.press.late");
	if (!(flags & APPROVE))
		return (f = correction_check(b->db, id, b->person,
			    b->branches)) != OK ?
		    f :
		    ask_reason(b, id);
	f = decide(b, id, flags, NULL, &e);
	if (f == FAULT_CONFIRM_LOSS || f == FAULT_CONFIRM_LONG)
		return ask_back(b, id, flags, f, &e);
	return f != OK ? f : bot_pressed(b, NULL);
}

enum fault
request_reason(struct bot *b, struct json_object *data, const char *text)
{
	struct change_effect e;
	int64_t id = 0;
	enum fault f;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	if ((text = parse_reason(b->pool, text)) == NULL)
		return bot_say(b, "bot.wrong.reason", NULL, NULL);
	json_int(data, "id", &id);
	f = decide(b, id, REFUSE, text, &e);
	return f != OK ? f : bot_answered(b, "bot.refused", NULL, NULL);
}
