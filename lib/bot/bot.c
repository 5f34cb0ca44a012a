#include "bot/private.h"

#include <inttypes.h>
#include <string.h>

#include "access.sql.h"
#include "base/conf.h"
#include "base/log.h"
#include "bot.sql.h"
#include "bot/parse.h"
#include "work/person.h"
#include "work/setting.h"

enum { TRIES = 6 };

static enum fault cancel(struct bot *);
static enum fault help(struct bot *);

static const struct command {
	const char *name;
	enum fault (*run)(struct bot *);
} commands[] = {
	{ "start", welcome_start },
	{ "today", office_today },
	{ "month", office_month },
	{ "missed", office_missed },
	{ "who", desk_who },
	{ "requests", desk_waiting },
	{ "code", code_start },
	{ "help", help },
	{ "cancel", cancel },
};

const char *const bot_commands[] = { "start", "today", "month", "missed", "who",
	"requests", "code", "help", "cancel", NULL };

static enum fault
cancel(struct bot *b)
{
	struct rows gone = sql_dialogue_drop(b->db, b->chat);

	if (gone.fault != OK)
		return gone.fault;
	return bot_say(b, gone.n > 0 ? "bot.cancelled" : "bot.cancel.nothing",
	    NULL, "{\"remove\":true}");
}

static enum fault
help(struct bot *b)
{
	bot_line_of(b, b->manager ? "bot.help.manager" : "bot.help", NULL);
	if (b->admin)
		bot_line_of(b, "bot.help.code", NULL);
	bot_line_of(b, "bot.help.id",
	    bot_params(b, "id", pool_printf(b->pool, "%" PRId64, b->chat),
		NULL));
	return bot_lines_end(b);
}

static const struct command *
command_of(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* Who it is, and what he may: as the request loop finds out for a token. */
static enum fault
know(struct bot *b, struct json_object *from)
{
	struct person_telegram t = { .telegram = b->chat };
	struct rows who;
	enum fault f;

	json_text(from, "first_name", &t.first_name);
	json_text(from, "last_name", &t.last_name);
	json_text(from, "language_code", &t.language);
	if ((f = person_telegram(b->db, &t, &b->person)) != OK)
		return f;
	who = sql_bot_who(b->db, b->person);
	if (who.fault != OK)
		return who.fault;
	b->state = row_text(&who, 0, "state");
	b->language = row_text(&who, 0, "language");
	b->work = row_text(&who, 0, "work");
	b->pending = row_text(&who, 0, "pending");
	b->branches = "{}";
	if (strcmp(b->state, "active") != 0)
		return OK;
	b->admin = row_bool(&who, 0, "admin");
	b->manager = b->admin || !row_null(&who, 0, "branches");
	b->branches = b->admin ? NULL :
	    b->manager         ? row_text(&who, 0, "branches") :
				 "{}";
	return OK;
}

static enum fault
answer(struct bot *b, struct json_object *message, const char *text)
{
	struct rows d = sql_dialogue_get(b->db, b->chat, b->now);
	struct json_object *data;
	const char *state;

	if (d.fault != OK)
		return d.fault;
	b->answers = d.n > 0;
	if (d.n == 0)
		return text == NULL && !json_has(message, "contact") ?
		    OK :
		    bot_say(b, "bot.unknown", NULL, NULL);
	state = row_text(&d, 0, "state");
	data = bot_json(b, row_text(&d, 0, "data"));
	if (strcmp(state, "reject") == 0)
		return desk_reason(b, data, text);
	if (strcmp(state, "refuse") == 0)
		return request_reason(b, data, text);
	if (strcmp(state, "left") == 0)
		return left_answer(b, data, text);
	if (strcmp(state, "missing") == 0)
		return missing_answer(b, data, text);
	if (strcmp(state, "code") == 0)
		return code_answer(b, text);
	return welcome_answer(b, state, message);
}

static enum fault
private_message(struct bot *b, struct json_object *message)
{
	const struct command *c;
	const char *text = NULL, *name;
	bool another;
	enum fault f;

	if ((f = know(b, json_get(message, "from"))) != OK)
		return f;
	json_text(message, "text", &text);
	if (text == NULL || *text != '/')
		return answer(b, message, text);
	name = parse_command(b->pool, text, conf.BOT_USERNAME, &another);
	if (another)
		return OK;
	c = name != NULL ? command_of(name) : NULL;
	return c != NULL ? c->run(b) : bot_say(b, "bot.unknown", NULL, NULL);
}

/* Of groups we only want to know that they have moved. */
static enum fault
on_message(struct bot *b, struct json_object *message)
{
	struct json_object *from = json_get(message, "from");
	int64_t to, id = 0;
	bool is_bot = false;

	if (json_int(message, "migrate_to_chat_id", &to))
		return sql_chat_moved(b->db, b->chat, to).fault;
	if (from == NULL || json_type_of(from) != JSON_OBJECT)
		return OK;
	json_bool(from, "is_bot", &is_bot);
	if (!json_int(from, "id", &id) || id != b->chat || id <= 0 || is_bot)
		return OK;
	return private_message(b, message);
}

static enum fault
on_press(struct bot *b, struct json_object *press)
{
	struct json_object *message = json_get(press, "message");
	struct json_object *from = json_get(press, "from");
	const char *data = "";
	int64_t id = 0;
	enum fault f;

	if (from == NULL || json_type_of(from) != JSON_OBJECT ||
	    !json_text(press, "id", &b->callback))
		return OK;
	json_text(press, "data", &data);
	if (message != NULL && json_type_of(message) == JSON_OBJECT)
		json_int(message, "message_id", &b->message);
	if (!json_int(from, "id", &id) || id != b->chat || b->message == 0)
		return bot_pressed(b, "fault.FORBIDDEN");
	if ((f = know(b, from)) != OK)
		return f;
	if (strncmp(data, "r:", 2) == 0)
		return desk_press(b, data);
	if (strncmp(data, "a:", 2) == 0)
		return code_press(b, data);
	if (strncmp(data, "k:", 2) == 0)
		return code_chosen(b, data);
	if (strncmp(data, "m:", 2) == 0)
		return missing_press(b, data);
	if (strncmp(data, "c:", 2) == 0)
		return request_press(b, data);
	if (strncmp(data, "s:", 2) == 0)
		return left_press(b, data);
	if (strncmp(data, "b:", 2) == 0 || strncmp(data, "g:", 2) == 0)
		return welcome_press(b, data);
	return bot_pressed(b, "bot.press.late");
}

/* A branch's notices go to a group by its number, which nobody else shows. */
static enum fault
greet_group(struct bot *b, struct json_object *change, const char *status)
{
	struct json_object *old = json_get(change, "old_chat_member");
	struct json_object *chat = json_get(change, "chat");
	const char *was = "", *type = "";

	if (old != NULL && json_type_of(old) == JSON_OBJECT)
		json_text(old, "status", &was);
	if (chat != NULL && json_type_of(chat) == JSON_OBJECT)
		json_text(chat, "type", &type);
	if (strcmp(status, "member") != 0 ||
	    (strcmp(was, "left") != 0 && strcmp(was, "kicked") != 0) ||
	    (strcmp(type, "group") != 0 && strcmp(type, "supergroup") != 0))
		return OK;
	b->language = setting_text(b->db, SETTING_language);
	return bot_say(b, "bot.group",
	    bot_params(b, "id", pool_printf(b->pool, "%" PRId64, b->chat),
		NULL),
	    NULL);
}

/* Somebody has blocked us, a group has removed us; or they take us back. */
static enum fault
on_member(struct bot *b, struct json_object *change)
{
	struct json_object *now = json_get(change, "new_chat_member");
	const char *status = "";
	bool gone;
	enum fault f;

	if (now == NULL || json_type_of(now) != JSON_OBJECT ||
	    !json_text(now, "status", &status))
		return OK;
	gone = strcmp(status, "kicked") == 0 || strcmp(status, "left") == 0;
	f = sql_chat_blocked(b->db, b->chat, gone, b->now).fault;
	return f != OK || gone ? f : greet_group(b, change, status);
}

/* Any other kind, also of the future, is none of our business. */
static enum fault
dispatch(struct bot *b, struct json_object *update)
{
	static const struct {
		const char *name;
		enum fault (*run)(struct bot *, struct json_object *);
	} kinds[] = {
		{ "message", on_message },
		{ "callback_query", on_press },
		{ "my_chat_member", on_member },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (json_type(update, kinds[i].name) == JSON_OBJECT)
			return kinds[i].run(b, json_get(update, kinds[i].name));
	return OK;
}

/* All that it wanted is undone; he is told why, and it is done with. */
static enum fault
refuse(struct bot *b, enum fault why)
{
	const char *key = pool_printf(b->pool, "fault.%s",
	    fault_info[why].code);
	enum fault f;

	if ((f = db_begin(b->db)) != OK)
		return f;
	b->n_said = 0;
	if (b->answers) /* what he was asked for has no use any more */
		f = sql_dialogue_end(b->db, b->chat).fault;
	if (f != OK)
		return db_commit(b->db, f);
	f = b->callback != NULL ? bot_pressed(b, key) :
	    b->chat > 0         ? bot_say(b, key, NULL, NULL) :
				  OK;
	if (f == OK)
		f = sql_update_done(b->db, b->update, fault_info[why].code)
			.fault;
	return db_commit(b->db, f);
}

static enum fault
try_later(struct bot *b, enum fault why)
{
	struct rows r = sql_update_later(b->db, b->update, fault_info[why].code,
	    TRIES, b->now);

	if (r.fault == OK && r.n > 0 && row_bool(&r, 0, "failed"))
		log_error("Update %" PRId64 " is given up: %s", b->update,
		    fault_info[why].title);
	return r.fault;
}

enum fault
bot_step(struct pool *pool, struct db *db, int64_t now, bool *more)
{
	struct bot b = { .pool = pool,
		.db = db,
		.now = now,
		.language = "ru",
		.branches = "{}" };
	struct json_object *update;
	struct rows u;
	enum fault f;

	*more = false;
	if ((f = db_begin(db)) != OK)
		return f;
	u = sql_update_take(db, now);
	if (u.fault != OK || u.n == 0)
		return db_commit(db, u.fault);
	*more = true;
	b.update = row_int(&u, 0, "update_id");
	b.chat = row_int(&u, 0, "chat");
	update = bot_json(&b, row_text(&u, 0, "body"));
	f = sql_actor_set(db, "bot").fault;
	if (f == OK && update != NULL)
		f = dispatch(&b, update);
	if (f == OK)
		f = sql_update_done(db, b.update, NULL).fault;
	if ((f = db_commit(db, f)) == OK)
		return OK;
	return fault_info[f].status >= 500 ? try_later(&b, f) : refuse(&b, f);
}
