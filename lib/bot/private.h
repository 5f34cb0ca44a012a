/*
 * What the files of the bot share.
 */
#ifndef BOT_PRIVATE_H
#define BOT_PRIVATE_H

#include "base/json.h"
#include "base/out.h"
#include "base/pool.h"
#include "bot/bot.h"
#include "data/db.h"

/* One update that is being handled. */
struct bot {
	struct pool	*pool;
	struct db	*db;
	int64_t		 now;
	int64_t		 update;	/* its id */
	int		 n_said;
	int64_t		 chat;
	const char	*language;

	/* Who it is from; in private chats only. */
	int64_t		 person;
	const char	*state;
	bool		 admin, manager;
	const char	*branches;	/* managed, "{1,2}"; NULL: all */
	const char	*work, *pending; /* JSON of params, or NULL */

	bool		 answers;	/* what he was asked in a dialogue */

	/* A press. */
	const char	*callback;	/* id; NULL: it is a message */
	int64_t		 message;	/* that the button is below */

	struct out	*lines;		/* being collected */
	size_t		 units;
};

/*
 * say.c: everything goes through the outbox.  params is JSON or NULL (see
 * bot_params), buttons is JSON (lib/out/buttons.h) or NULL.
 */
const char	*bot_params(struct bot *, ...) __attribute__((sentinel));
enum fault	 bot_say(struct bot *, const char *key, const char *params,
		    const char *buttons);
/*
 * Asks: the next message goes to the dialogue of that state, and data, JSON,
 * is added to what it knows.  Answered: that dialogue is over.
 */
enum fault	 bot_ask(struct bot *, const char *state, const char *data,
		    const char *key, const char *params, const char *buttons);
enum fault	 bot_answered(struct bot *, const char *key,
		    const char *params, const char *buttons);
/* Forgotten when it was sent. */
enum fault	 bot_say_secret(struct bot *, const char *key,
		    const char *params);
/*
 * The same of something that changes the message when it is settled; with
 * html that is said, and not the key's text.
 */
enum fault	 bot_tell(struct bot *, const char *key, const char *params,
		    const char *html, const char *buttons, const char *about);
enum fault	 bot_edit(struct bot *, const char *key, const char *params,
		    const char *buttons, const char *about);
enum fault	 bot_edit_html(struct bot *, const char *html,
		    const char *buttons, const char *about);
/* The key's text as HTML. */
const char	*bot_text(struct bot *, const char *key, const char *params);
/* Ends the press's little clock; key is an alert, NULL: nothing to say. */
enum fault	 bot_pressed(struct bot *, const char *key);
enum {
	BOT_CHOICES = 30,	/* of a page; Telegram takes 100 buttons */
	BOT_LISTED = 10		/* messages with buttons at once */
};
/*
 * Buttons to choose one of many, a page of them: a press says head, id and
 * tail, or turn and another page.
 */
const char	*bot_choice(struct bot *, const struct rows *, int64_t page,
		    const char *head, const char *tail, const char *turn);
/* A long text, cut into messages at the ends of lines. */
void		 bot_line_of(struct bot *, const char *key, const char *params);
enum fault	 bot_lines_end(struct bot *);
const char	*bot_duration(struct bot *, int64_t seconds);
struct json_object *bot_json(struct bot *, const char *);

/* codes.c: codes for the first sign-in. */
enum fault	 code_start(struct bot *);
enum fault	 code_answer(struct bot *, const char *text);
enum fault	 code_chosen(struct bot *, const char *data);
enum fault	 code_press(struct bot *, const char *data);

/* desk.c: managers and administrators. */
enum fault	 desk_press(struct bot *, const char *data);
enum fault	 desk_reason(struct bot *, struct json_object *data,
		    const char *text);
enum fault	 desk_waiting(struct bot *);
enum fault	 desk_who(struct bot *);

/* left.c: when somebody left who forgot to say so. */
enum fault	 left_press(struct bot *, const char *data);
enum fault	 left_answer(struct bot *, struct json_object *data,
		    const char *text);

/* missing.c: shifts without an end, decided; *n are counted. */
enum fault	 missing_list(struct bot *, int *n);
enum fault	 missing_press(struct bot *, const char *data);
enum fault	 missing_answer(struct bot *, struct json_object *data,
		    const char *text);

/* office.c: one's own day, month and gaps. */
enum fault	 office_missed(struct bot *);
enum fault	 office_month(struct bot *);
enum fault	 office_today(struct bot *);

/* requests.c: corrections, decided; *n are counted. */
enum fault	 request_list(struct bot *, int *n);
enum fault	 request_press(struct bot *, const char *data);
enum fault	 request_reason(struct bot *, struct json_object *data,
		    const char *text);

/*
 * times.c: instants on the clocks of an interval's zone, and what a change
 * does to the hours.
 */
const char	*times_params(struct bot *, int64_t at,
		    const struct rows *interval);
/* When they show so many minutes of a day for the first time after its in. */
enum fault	 times_after(struct bot *, const struct rows *interval,
		    int minutes, int64_t *at);
/* Instants and their zones, to be asked for at once; starts as zeros. */
struct times {
	const char	*at, *zone;
};
void		 times_add(struct bot *, struct times *, const char *at,
		    const char *zone);
/* A column of row i, which may be null, in the zone of its time_zone. */
void		 times_add_row(struct bot *, struct times *,
		    const struct rows *, int i, const char *column);
/* A row each, in order: day and time. */
struct rows	 times_local(struct bot *, const struct times *);
/* The text, and what is doubtful about the change. */
struct change_effect;
const char	*times_doubts(struct bot *, const char *html, enum fault why,
		    const struct change_effect *);

/* welcome.c: registering. */
enum fault	 welcome_start(struct bot *);
enum fault	 welcome_answer(struct bot *, const char *state,
		    struct json_object *message);
enum fault	 welcome_press(struct bot *, const char *data);

#endif
