/*
 * What the files of this room share, and no handler sees.
 */
#ifndef WEB_PRIVATE_H
#define WEB_PRIVATE_H

#include "web/api.h"
#include "web/serve.h"

enum { ARGS_MAX = 4, ERRORS_MAX = 16 };
enum { BODY_MAX = 64 * 1024 };		/* bytes, unless the route says */

struct argument {			/* of the path */
	const char	*name, *value;
};

struct field_error {
	const char	*field, *detail;
};

struct api_private {
	struct io	*io;
	const char	*path;
	struct argument	 args[ARGS_MAX];
	const char	*body;			/* NUL-terminated, or NULL */
	size_t		 body_len;
	struct json_object *json;
	struct query_pair *query;
	struct out	*headers;
	const char	*type;			/* NULL: JSON */
	const char	*cache;			/* NULL: no-store */
	struct field_error errors[ERRORS_MAX];
	size_t		 n_errors;
	bool		 streaming;
	bool		 replayed;
};

/* access.c: finds out who asks and whether he may. */
enum fault	access_check(struct req *);
/* request.c: reads and parses the body, once. */
enum fault	request_body(struct req *);
const char	*request_header(struct req *, const char *cgi_name);
/* idem.c */
enum fault	idem_begin(struct req *, const char *key);
enum fault	idem_end(struct req *, const char *key);
/* reply.c */
void		 reply_send(struct req *, enum fault);
/* routes.c: dies of a row with a gap; prints the table as JSON. */
void		 routes_check(const char *program, const struct route *,
		    size_t n);
void		 routes_print(const char *program, const struct route *,
		    size_t n);
/* Is that end of a request among those that the route's row declares? */
bool		 route_declares(const struct route *, enum fault, int status);
extern const char *const method_names[];

#endif
