/*
 * The admin desk: registrations are decided, who is in is told.
 */
#include <inttypes.h>
#include <string.h>

#include "bot.sql.h"
#include "bot/parse.h"
#include "bot/private.h"
#include "events.sql.h"
#include "work/registration.h"

static const char *
about(struct bot *b, int64_t id)
{
	return pool_printf(b->pool, "registration:%" PRId64, id);
}

static struct registration_decision
decision(struct bot *b, int64_t id)
{
	return (struct registration_decision){ .id = id,
		.by = b->person,
		.branches = b->branches,
		.gives_rights = b->admin,
		.now = b->now };
}

static enum fault
confirm(struct bot *b, const struct press *p)
{
	struct registration_decision d = decision(b, p->id);
	struct rows made;
	int wrong;
	enum fault f;

	if (p->position == 0)
		return bot_pressed(b, "bot.press.position");
	d.branch = p->branch;
	d.position = p->position;
	f = registration_accept(b->db, &d, &wrong, &made);
	if (f == FAULT_BAD_FIELD)
		return bot_pressed(b, "bot.press.gone");
	return f != OK ? f : bot_pressed(b, NULL);
}

static enum fault
ask_reason(struct bot *b, const struct press *p, const char *name)
{
	return bot_ask(b, "reject",
	    pool_printf(b->pool, "{\"id\":%" PRId64 "}", p->id),
	    "bot.ask.reason", bot_params(b, "name", name, NULL), NULL);
}

/* The menu, or the branches or positions to choose from. */
static enum fault
turn_to(struct bot *b, const struct press *p, const struct rows *menu)
{
	const char *buttons = row_text(menu, 0, "buttons");
	const char *head = pool_printf(b->pool, "r:%" PRId64 ":m:", p->id);
	const char *turn = pool_printf(b->pool,
	    "r:%" PRId64 ":%c:%" PRId64 ":%" PRId64 ":", p->id, p->verb,
	    p->branch, p->position);
	struct rows all = { .fault = OK };
	enum fault f;

	if (p->verb == 'b') {
		all = sql_branch_choice(b->db, b->branches);
		buttons = bot_choice(b, &all, p->page, head,
		    pool_printf(b->pool, ":%" PRId64, p->position), turn);
	} else if (p->verb == 'p') {
		all = sql_position_choice(b->db);
		buttons = bot_choice(b, &all, p->page,
		    pool_printf(b->pool, "%s%" PRId64 ":", head, p->branch), "",
		    turn);
	}
	if (all.fault != OK || (f = bot_pressed(b, NULL)) != OK)
		return all.fault != OK ? all.fault : f;
	return bot_edit(b, "message.registration", row_text(menu, 0, "params"),
	    buttons, about(b, p->id));
}

enum fault
desk_press(struct bot *b, const char *data)
{
	struct press p;
	struct rows menu;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	if (!parse_press(data, &p))
		return bot_pressed(b, "bot.press.late");
	menu = sql_registration_menu(b->db, p.id, b->branches, p.branch,
	    p.position);
	if (menu.fault != OK || menu.n == 0)
		return menu.fault != OK ? menu.fault : FAULT_NOT_FOUND;
	if (!row_bool(&menu, 0, "mine"))
		return FAULT_OTHER_BRANCH;
	if (strcmp(row_text(&menu, 0, "state"), "pending") != 0)
		return FAULT_REGISTRATION_DECIDED;
	if (p.verb == 'c')
		return confirm(b, &p);
	if (p.verb == 'n')
		return ask_reason(b, &p, row_text(&menu, 0, "name"));
	return turn_to(b, &p, &menu);
}

enum fault
desk_reason(struct bot *b, struct json_object *data, const char *text)
{
	struct registration_decision d = decision(b, 0);
	struct rows made;
	enum fault f;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	if ((text = parse_reason(b->pool, text)) == NULL)
		return bot_say(b, "bot.wrong.reason", NULL, NULL);
	json_int(data, "id", &d.id);
	d.reason = text;
	f = registration_refuse(b->db, &d, &made);
	return f != OK ? f : bot_answered(b, "bot.rejected", NULL, NULL);
}

/* With the branch that he asked for, and no position yet. */
static enum fault
registration_list(struct bot *b, int *n)
{
	struct rows r = sql_registrations_waiting(b->db, b->branches,
			BOT_LISTED + 1),
		    menu;
	enum fault f = r.fault;

	for (int i = 0; f == OK && i < r.n && i < BOT_LISTED; i++) {
		menu = sql_registration_menu(b->db, row_int(&r, i, "id"),
		    b->branches, row_int(&r, i, "branch"), 0);
		f = menu.fault != OK ? menu.fault :
				       bot_tell(b, "message.registration",
					   row_text(&menu, 0, "params"), NULL,
					   row_text(&menu, 0, "buttons"),
					   row_text(&r, i, "about"));
	}
	*n += r.n;
	return f;
}

/* All that waits for him, each with its buttons. */
enum fault
desk_waiting(struct bot *b)
{
	int people = 0, requests = 0, shifts = 0;
	enum fault f;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	if ((f = registration_list(b, &people)) != OK ||
	    (f = request_list(b, &requests)) != OK ||
	    (f = missing_list(b, &shifts)) != OK)
		return f;
	if (people + requests + shifts == 0)
		return bot_say(b, "bot.requests.none", NULL, NULL);
	return people > BOT_LISTED || requests > BOT_LISTED ||
		shifts > BOT_LISTED ?
	    bot_say(b, "bot.requests.more", NULL, NULL) :
	    OK;
}

enum fault
desk_who(struct bot *b)
{
	struct times since = { NULL, NULL };
	struct rows who, times;
	int n = 0;

	if (!b->manager)
		return FAULT_FORBIDDEN;
	who = sql_presence(b->db, b->branches, DB_NULL, b->now);
	if (who.fault != OK)
		return who.fault;
	for (int i = 0; i < who.n; i++)
		times_add_row(b, &since, &who, i, "since");
	times = times_local(b, &since);
	if (times.fault != OK)
		return times.fault;
	while (n < who.n && strcmp(row_text(&who, n, "state"), "in") == 0)
		n++;
	bot_line_of(b, "bot.who",
	    bot_params(b, "n", pool_printf(b->pool, "%d", n), "all",
		pool_printf(b->pool, "%d", who.n), NULL));
	for (int i = 0; i < who.n; i++)
		if (strcmp(row_text(&who, i, "state"), "out") != 0)
			bot_line_of(b,
			    i < n ? "bot.who.in" : "bot.who.missing_out",
			    bot_params(b, "name", row_text(&who, i, "name"),
				"branch", row_text(&who, i, "branch_name"),
				"time", row_text(&times, i, "time"), "day",
				row_text(&times, i, "day"), NULL));
	return bot_lines_end(b);
}
