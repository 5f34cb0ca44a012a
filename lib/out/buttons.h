/*
 * buttons: what stands below a message, as the outbox keeps it.
 *
 * A list of rows is an inline keyboard, {"ask": rows} one that replaces the
 * phone's, {"remove": true} takes that away.  A button is
 *
 *	{"key": key of the catalogues, "params": {}} or {"text": text}
 *	"data": what a press tells us (64 bytes), "app": address of the Mini
 *	App, "url": address, or, in "ask", "contact": true
 */
#ifndef BUTTONS_H
#define BUTTONS_H

struct json_object;
struct pool;

/* The JSON of reply_markup in that language; NULL if there is none. */
const char	*buttons_markup(struct pool *, const char *language,
		    struct json_object *);

#endif
