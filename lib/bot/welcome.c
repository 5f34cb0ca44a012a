/*
 * Registering: name, phone, e-mail, branch, one question after another.
 */
#include <string.h>

#include "bot.sql.h"
#include "bot/parse.h"
#include "bot/private.h"
#include "web/field.h"
#include "work/registration.h"
#include "work/setting.h"

enum { EMAIL_MAX = 254 };

static const char contact_buttons[] =
    "{\"ask\":[[{\"key\":\"bot.button.contact\",\"contact\":true}]]}";
static const char no_buttons[] = "{\"remove\":true}";

enum fault
welcome_start(struct bot *b)
{
	int64_t telegram_id;
	enum fault f;

	if (b->pending != NULL)
		return bot_say(b, "bot.state.unconfirmed", b->pending,
		    no_buttons);
	if (strcmp(b->state, "active") == 0)
		return bot_say(b,
		    b->work != NULL ? "bot.state.active" : "bot.state.admin",
		    b->work, no_buttons);
	if ((f = registration_check(b->db, b->person, &telegram_id)) != OK ||
	    (f = bot_say(b, "bot.hello",
		 bot_params(b, "organisation",
		     setting_text(b->db, SETTING_organisation), NULL),
		 NULL)) != OK ||
	    (f = sql_dialogue_drop(b->db, b->chat).fault) != OK)
		return f;
	return bot_ask(b, "name", "{}", "bot.ask.name", NULL, no_buttons);
}

static enum fault
answer_name(struct bot *b, const char *text)
{
	struct parsed_name name;
	struct rows r;

	if (text == NULL || !parse_name(b->pool, text, &name))
		return bot_say(b, "bot.wrong.name", NULL, NULL);
	r = sql_name_check(b->db, name.last, name.first);
	if (r.fault != OK)
		return r.fault;
	if (!row_bool(&r, 0, "good"))
		return bot_say(b, "bot.wrong.name", NULL, NULL);
	return bot_ask(b, "contact",
	    bot_params(b, "last_name", name.last, "first_name", name.first,
		"middle_name", name.middle, NULL),
	    "bot.ask.contact", NULL, contact_buttons);
}

/* A forwarded card is somebody else's: it must name who sends it. */
static enum fault
answer_contact(struct bot *b, struct json_object *message, const char *text)
{
	struct json_object *contact = json_get(message, "contact");
	const char *phone = NULL;
	int64_t user = 0;

	if (contact != NULL &&
	    (!json_int(contact, "user_id", &user) || user != b->chat ||
		!json_text(contact, "phone_number", &phone)))
		return bot_say(b, "bot.wrong.contact", NULL, contact_buttons);
	phone = contact == NULL ? text :
	    *phone == '+'       ? phone :
				  pool_printf(b->pool, "+%s", phone);
	if (phone == NULL || !is_phone(phone))
		return bot_say(b, "bot.wrong.phone", NULL, contact_buttons);
	return bot_ask(b, "email",
	    bot_params(b, "phone", parse_phone(b->pool, phone), "verified",
		contact != NULL ? "yes" : "no", NULL),
	    "bot.ask.email", NULL, no_buttons);
}

static enum fault
finish(struct bot *b, struct json_object *data, int64_t branch)
{
	struct registration_form form = { .person = b->person,
		.branch = branch,
		.now = b->now };
	const char *verified = "no";
	int64_t telegram_id;
	struct rows made;
	enum fault f;

	if (!json_text(data, "last_name", &form.last_name) ||
	    !json_text(data, "first_name", &form.first_name) ||
	    !json_text(data, "middle_name", &form.middle_name) ||
	    !json_text(data, "phone", &form.phone) ||
	    !json_text(data, "email", &form.email) ||
	    !json_text(data, "verified", &verified))
		return FAULT_CONFLICT;
	form.verified = strcmp(verified, "yes") == 0;
	if ((f = registration_check(b->db, b->person, &telegram_id)) != OK ||
	    (f = registration_make(b->db, &form, &made)) != OK)
		return f;
	if (made.n == 0)
		return FAULT_NOT_FOUND;
	return bot_answered(b, "bot.registered",
	    bot_params(b, "name",
		pool_printf(b->pool, "%s %s", form.last_name, form.first_name),
		"branch", row_text(&made, 0, "branch_name"), NULL),
	    NULL);
}

static enum fault
ask_branch(struct bot *b, const char *email, const struct rows *branches)
{
	const char *data = bot_params(b, "email", email, NULL);
	struct rows d;
	enum fault f;

	if (branches->n != 1)
		return bot_ask(b, "branch", data, "bot.ask.branch", NULL,
		    bot_choice(b, branches, 0, "b:", "", "g:"));
	f = sql_dialogue_put(b->db, b->chat, "branch", data, b->now).fault;
	if (f != OK)
		return f;
	d = sql_dialogue_get(b->db, b->chat, b->now);
	return d.fault != OK ? d.fault :
			       finish(b, bot_json(b, row_text(&d, 0, "data")),
				   row_int(branches, 0, "id"));
}

static enum fault
answer_email(struct bot *b, const char *text)
{
	struct rows r;

	if (text == NULL || !is_email(text) || strlen(text) > EMAIL_MAX)
		return bot_say(b, "bot.wrong.email", NULL, NULL);
	r = sql_email_free(b->db, text, b->person);
	if (r.fault != OK)
		return r.fault;
	if (!row_bool(&r, 0, "free"))
		return bot_say(b, "fault.EMAIL_TAKEN", NULL, NULL);
	r = sql_branch_choice(b->db, NULL);
	return r.fault != OK ? r.fault : ask_branch(b, text, &r);
}

enum fault
welcome_answer(struct bot *b, const char *state, struct json_object *message)
{
	const char *text = NULL;

	json_text(message, "text", &text);
	if (strcmp(state, "name") == 0)
		return answer_name(b, text);
	if (strcmp(state, "contact") == 0)
		return answer_contact(b, message, text);
	if (strcmp(state, "email") == 0)
		return answer_email(b, text);
	return bot_say(b, "bot.wrong.branch", NULL, NULL);
}

/* "b:<branch>", or "g:<page>" of the branches. */
enum fault
welcome_press(struct bot *b, const char *data)
{
	struct rows d = sql_dialogue_get(b->db, b->chat, b->now), branches;
	int64_t chosen;
	enum fault f;

	if (d.fault != OK)
		return d.fault;
	if (d.n == 0 || strcmp(row_text(&d, 0, "state"), "branch") != 0 ||
	    !parse_id(data, &chosen))
		return bot_pressed(b, "bot.press.late");
	if (*data == 'b') {
		f = finish(b, bot_json(b, row_text(&d, 0, "data")), chosen);
		return f != OK ? f : bot_pressed(b, NULL);
	}
	branches = sql_branch_choice(b->db, NULL);
	if (branches.fault != OK || (f = bot_pressed(b, NULL)) != OK)
		return branches.fault != OK ? branches.fault : f;
	return bot_edit(b, "bot.ask.branch", NULL,
	    bot_choice(b, &branches, chosen, "b:", "", "g:"), NULL);
}
