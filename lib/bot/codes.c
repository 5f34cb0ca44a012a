/*
 * Codes for the first sign-in: administrators let the bot send one to whom
 * it is for, or get it to hand it over.
 */
#include <inttypes.h>

#include "activation.sql.h"
#include "base/conf.h"
#include "bot.sql.h"
#include "bot/parse.h"
#include "bot/private.h"
#include "trust/secret.h"
#include "work/setting.h"

/* What a press says after the employee. */
enum { CHOSEN, SEND, SHOW };

/* Whoever may have one; no row: nobody of that number. */
static enum fault
find(struct bot *b, int64_t employee, struct rows *who)
{
	if (!b->admin)
		return FAULT_FORBIDDEN;
	*who = sql_activation_who(b->db, employee);
	if (who->fault != OK || who->n == 0)
		return who->fault != OK ? who->fault : FAULT_NOT_FOUND;
	if (!row_bool(who, 0, "active"))
		return FAULT_PERSON_INACTIVE;
	return row_bool(who, 0, "web_access") ? OK : FAULT_WEB_ACCESS_DENIED;
}

/* The one before is void. */
static enum fault
make(struct bot *b, const struct rows *who, bool send, const char **code)
{
	int64_t person = row_int(who, 0, "person");
	enum fault f = sql_activation_void(b->db, person).fault;

	if (f != OK)
		return f;
	*code = secret_code(b->pool);
	return sql_activation_new(b->db, person,
	    secret_hash(b->pool, NULL, "activation", "",
		secret_typed(b->pool, *code)),
	    send ? *code : NULL,
	    pool_printf(b->pool, "%s/activate/", conf.PUBLIC_URL),
	    setting_int(b->db, SETTING_activation_hours), b->now)
	    .fault;
}

/* a:<employee>, below his registration: it goes to him. */
enum fault
code_press(struct bot *b, const char *data)
{
	const char *code;
	struct rows who;
	int64_t employee;
	enum fault f;

	if (!parse_id(data, &employee))
		return bot_pressed(b, "bot.press.late");
	if ((f = find(b, employee, &who)) != OK)
		return f;
	if (!row_bool(&who, 0, "telegram") || row_bool(&who, 0, "has_user"))
		return bot_pressed(b, "bot.press.late");
	f = make(b, &who, true, &code);
	return f != OK ? f : bot_pressed(b, "bot.press.activation");
}

enum fault
code_start(struct bot *b)
{
	return b->admin ? bot_ask(b, "code", "{}", "bot.ask.code", NULL, NULL) :
			  FAULT_FORBIDDEN;
}

/* The dialogue goes on until somebody is found, or /cancel. */
enum fault
code_answer(struct bot *b, const char *text)
{
	struct rows who;

	if (!b->admin)
		return FAULT_FORBIDDEN;
	if (text == NULL)
		return bot_say(b, "bot.ask.code", NULL, NULL);
	who = sql_code_choice(b->db, text, BOT_CHOICES);
	if (who.fault != OK || who.n == 0)
		return who.fault != OK ?
		    who.fault :
		    bot_say(b, "bot.code.none", NULL, NULL);
	return bot_answered(b, "bot.code.whom", NULL,
	    bot_choice(b, &who, 0, "k:", ":0", ""));
}

static enum fault
show(struct bot *b, const struct rows *who, const char *name)
{
	const char *code;
	enum fault f = make(b, who, false, &code);

	if (f != OK || (f = bot_pressed(b, NULL)) != OK ||
	    (f = bot_edit(b, "bot.code.here", bot_params(b, "name", name, NULL),
		 NULL, NULL)) != OK)
		return f;
	return bot_say_secret(b, "bot.code.shown",
	    bot_params(b, "name", name, "code", code, "url",
		pool_printf(b->pool, "%s/activate/", conf.PUBLIC_URL), "hours",
		setting_text(b->db, SETTING_activation_hours), NULL));
}

/* He is asked how, where there is a choice. */
static enum fault
ask_how(struct bot *b, int64_t employee, const char *name)
{
	enum fault f = bot_pressed(b, NULL);

	return f != OK ?
	    f :
	    bot_edit(b, "bot.code.how", bot_params(b, "name", name, NULL),
		pool_printf(b->pool,
		    "[[{\"key\":\"bot.button.code_send\","
		    "\"data\":\"k:%" PRId64 ":1\"}],"
		    "[{\"key\":\"bot.button.code_show\","
		    "\"data\":\"k:%" PRId64 ":2\"}]]",
		    employee, employee),
		NULL);
}

/* k:<employee>:<how> */
enum fault
code_chosen(struct bot *b, const char *data)
{
	const char *code, *name;
	int64_t employee, how;
	struct rows who;
	enum fault f;

	if (!parse_pair(data, &employee, &how))
		return bot_pressed(b, "bot.press.late");
	if ((f = find(b, employee, &who)) != OK)
		return f;
	name = row_text(&who, 0, "name");
	if (!row_bool(&who, 0, "telegram"))
		how = SHOW;
	if (how == CHOSEN)
		return ask_how(b, employee, name);
	if (how == SHOW)
		return show(b, &who, name);
	if ((f = make(b, &who, true, &code)) != OK ||
	    (f = bot_pressed(b, NULL)) != OK)
		return f;
	return bot_edit(b, "bot.code.sent", bot_params(b, "name", name, NULL),
	    NULL, NULL);
}
