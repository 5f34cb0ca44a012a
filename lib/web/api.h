/*
 * api: what an endpoint sees.
 *
 * A program is a table of routes.  api_main() runs it: as a FastCGI
 * responder if descriptor 0 is a listening socket, as plain CGI otherwise;
 * "--routes" prints the table as JSON, from which tools/openapi makes the
 * reference of the API.  Each request takes the same way:
 *
 *	route -> who may -> bind -> (begin) run (commit) -> answer
 */
#ifndef API_H
#define API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/out.h"
#include "base/pool.h"
#include "data/db.h"
#include "web/field.h"

enum method { GET = 1, POST, PUT, DELETE };

/*
 * Who may call.  An endpoint is for one kind of caller; MANAGER includes
 * admins, EMPLOYEE is anyone active (managers and admins too).  The zero is
 * refused at start, so that no endpoint is open by omission.
 */
enum who {
	WHO_UNSET,
	ANYONE,			/* no token is looked at */
	PERSON,			/* any session, also of a stranger */
	EMPLOYEE,		/* an active person */
	MANAGER,		/* of some branch, or an admin */
	ADMIN,
	SERVICE,		/* another system with the scope, or an admin */
	TERMINAL		/* a terminal's own key */
};

struct req;
typedef enum fault handler(struct req *, const void *in);

/*
 * What a route answers with when nothing is wrong.  The zero is refused at
 * start too: the API reference has no gaps.  A row, a page and items have the
 * members of a statement's SELECT list, a CSV its columns; other JSON is
 * described under its name in cgi-bin/schemas.json.
 */
enum reply { REPLY_UNSET, REPLY_NOTHING, REPLY_ROW, REPLY_PAGE, REPLY_ITEMS,
    REPLY_JSON, REPLY_CSV, REPLY_FILE };

enum { ROUTE_FAULTS = 12 };

struct route {
	enum method		 method;
	const char		*path;		/* "/employees/{id}" */
	enum who		 who;
	handler			*run;
	const struct field	*in;
	size_t			 in_size;
	bool			 tx;		/* several statements */
	bool			 idem;		/* takes Idempotency-Key */
	bool			 match;		/* takes If-Match */
	bool			 stream;	/* writes as it goes */
	bool			 raw;		/* reads its body itself */
	const char		*scope;		/* of service tokens that may,
						   too; of a SERVICE always */
	int32_t			 body_max;	/* bytes; 0 is 64 KiB */
	const char		*takes;		/* that type, not JSON: fields
						   are in the query */
	const char		*what;		/* it does, as a sentence */
	enum reply		 reply;
	int			 status;	/* of the reply */
	int			 also;		/* another that it may have */
	const char		*of;		/* statement, schema, type */
	const char		*also_of;	/* another statement */
	/* Those of its own; what any route can meet is known (routes.c). */
	enum fault		 faults[ROUTE_FAULTS];
};

#define NO_IN .in = NULL
#define IN(name) .in = name##_in, .in_size = sizeof(struct name)

/* A statement by its name; a name that is none does not compile. */
#define STATEMENT(name) &#name[0 * sizeof(&sql_##name)]
#define GIVES_NOTHING .reply = REPLY_NOTHING, .status = 204
#define GIVES_ROW(status_, statement)					\
	.reply = REPLY_ROW, .status = status_, .of = STATEMENT(statement)
#define GIVES_PAGE(statement)						\
	.reply = REPLY_PAGE, .status = 200, .of = STATEMENT(statement)
#define GIVES_ITEMS(statement)						\
	.reply = REPLY_ITEMS, .status = 200, .of = STATEMENT(statement)
#define GIVES_JSON(status_, schema)					\
	.reply = REPLY_JSON, .status = status_, .of = #schema
#define GIVES_CSV(statement)						\
	.reply = REPLY_CSV, .status = 200, .of = STATEMENT(statement)
#define GIVES_FILE(media_type)						\
	.reply = REPLY_FILE, .status = 200, .of = media_type

/* Everybody's roles, as bits. */
enum { ROLE_EMPLOYEE = 1, ROLE_MANAGER = 2, ROLE_ADMIN = 4 };

struct req {
	struct pool		*pool;
	struct db		*db;
	struct out		*out;
	const struct route	*route;
	int64_t			 now;		/* unix seconds */
	const char		*ip;		/* as nginx vouches */
	const char		*id;		/* nginx's request id */
	const char		*token;		/* as it came, or NULL */

	/* Who asks: a person ... */
	int64_t			 person;	/* 0: nobody */
	const char		*session;	/* its id */
	const char		*state;		/* of the person */
	const char		*language;
	int			 roles;
	const char		*branches;	/* "{1,2}"; NULL: all */
	/* ... or a terminal, or another system. */
	int64_t			 terminal, service;
	bool			 in_scope;

	int			 status;	/* 200 at first */
	const char		*detail;	/* of a fault, for the client */
	const char		*extra;		/* a number's name */
	int64_t			 extra_value;
	bool			 later;		/* Retry-After is set */
	bool			 keep;		/* a fault undoes nothing */
	struct api_private	*private;
};

/* A header as it came ("HTTP_X_Y"; NULL if it is absent or came twice), and of
   a raw route the body as it is, NUL-terminated. */
const char	*raw_header(struct req *, const char *cgi_name);
enum fault	raw_body(struct req *, const char **, size_t *);

/* Replies.  All take the fault of what they are given for their own. */
enum fault	reply_row(struct req *, int status, struct rows);
/* {"items": [...], "next": cursor or null}; the statement selects limit + 1
   rows and its first column is the cursor. */
enum fault	reply_page(struct req *, struct rows, int32_t limit);
/* {"now": instant, "items": [...]}: a list that is never paged. */
enum fault	reply_items(struct req *, struct rows);
/* The one json column of the one row, as it is. */
enum fault	reply_json(struct req *, int status, struct rows);
enum fault	reply_nothing(struct req *);			/* 204 */
/* The text as it is, under another type than JSON. */
enum fault	reply_text(struct req *, const char *content_type,
		    const char *);
/* Who may keep the answer, and how long; nobody, unless a route says so. */
void		reply_cache(struct req *, const char *cache_control);
/* The columns of a row as members of the object that is open. */
void		reply_members(struct req *, const struct rows *, int row);
/* A header of the answer; the value must not hold a control character. */
void		reply_header(struct req *, const char *name, const char *value);

/*
 * STALE unless what is there now is what the caller has seen: a row with one
 * of the versions that If-Match lists, or no row if it sends If-None-Match: *.
 * Without either all is well.  Whoever calls holds the lock under which a
 * version changes, and has read the row since; if_match() takes its column
 * "version".
 */
enum fault	if_match(struct req *, struct rows);
enum fault	if_match_version(struct req *, const char *version);

/* The body of a route that takes another type than JSON; NUL-terminated. */
const char	*request_text(struct req *, size_t *n);

/* A fault with a sentence for the client. */
enum fault	fail(struct req *, enum fault, const char *fmt, ...)
		    __attribute__((format(printf, 3, 4)));
/* BAD_FIELD that names the field. */
enum fault	fail_field(struct req *, const char *field, const char *fmt,
		    ...) __attribute__((format(printf, 3, 4)));
/* TOO_MANY_TRIES or RETRY with the Retry-After header. */
enum fault	fail_later(struct req *, enum fault, int64_t seconds);

/*
 * A stream: headers go out with the first call, memory stays constant.
 * With a file name it is one to be saved, without (NULL) one to be shown.
 * False when the client is gone.
 */
bool		stream_begin(struct req *, const char *content_type,
		    const char *file_name);
bool		stream_put(struct req *, const char *, size_t);

int		api_main(const char *program, const struct route *, size_t n,
		    int argc, char **argv);
/* The same of several tables, each ended by a row without a path. */
int		api_main_parts(const char *program,
		    const struct route *const *parts, size_t n, int argc,
		    char **argv);
#define API_MAIN_PARTS(program, parts) \
	int main(int argc, char **argv) { return api_main_parts(program, \
	    parts, sizeof(parts) / sizeof(*(parts)), argc, argv); }
#define API_MAIN(program, routes) \
	int main(int argc, char **argv) { return api_main(program, routes, \
	    sizeof(routes) / sizeof(*(routes)), argc, argv); }

#endif
