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
/* The same of something that changes the message when it is settled. */
enum fault	 bot_tell(struct bot *, const char *key, const char *params,
		    const char *buttons, const char *about);
enum fault	 bot_edit(struct bot *, const char *key, const char *params,
		    const char *buttons, const char *about);
/* Ends the press's little clock; key is an alert, NULL: nothing to say. */
enum fault	 bot_pressed(struct bot *, const char *key);
/*
 * Buttons to choose one of many, a page of them: a press says head, id and
 * tail, or turn and another page.
 */
const char	*bot_choice(struct bot *, const struct rows *, int64_t page,
		    const char *head, const char *tail, const char *turn);
/* A long text, cut into messages at the ends of lines. */
void		 bot_line(struct bot *, const char *html);
void		 bot_line_of(struct bot *, const char *key, const char *params);
enum fault	 bot_lines_end(struct bot *);
const char	*bot_duration(struct bot *, int64_t seconds);
struct json_object *bot_json(struct bot *, const char *);

/* desk.c: managers and administrators. */
enum fault	 desk_who(struct bot *);
enum fault	 desk_activation(struct bot *, const char *data);
enum fault	 desk_press(struct bot *, const char *data);
enum fault	 desk_reason(struct bot *, struct json_object *data,
		    const char *text);

/* office.c: one's own day, month and gaps. */
enum fault	 office_missed(struct bot *);
enum fault	 office_month(struct bot *);
enum fault	 office_today(struct bot *);

/* requests.c: corrections, asked for and decided. */
enum fault	 left_press(struct bot *, const char *data);
enum fault	 left_answer(struct bot *, struct json_object *data,
		    const char *text);
enum fault	 request_list(struct bot *);
enum fault	 request_press(struct bot *, const char *data);
enum fault	 request_reason(struct bot *, struct json_object *data,
		    const char *text);

/* welcome.c: registering. */
enum fault	 welcome_start(struct bot *);
enum fault	 welcome_answer(struct bot *, const char *state,
		    struct json_object *message);
enum fault	 welcome_press(struct bot *, const char *data);

#endif
