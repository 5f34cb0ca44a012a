/*
 * out: a text being written in a pool's memory, and a JSON writer for it.
 *
 * Commas, nesting and escaping are the writer's business.  The body of an
 * answer is one: nothing of it reaches the client before the handler has
 * returned, so it may be thrown away.
 */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;
struct out;

struct out	*out_new(struct pool *);
void		 out_clear(struct out *);
void		 out_put(struct out *, const char *, size_t);	/* as it is */
void		 out_printf(struct out *, const char *, ...)
		    __attribute__((format(printf, 2, 3)));

/* '{' or '[', and its other half; key is NULL but in an object. */
void		 out_open(struct out *, const char *key, char bracket);
void		 out_close(struct out *, char bracket);
/* NULL is null. */
void		 out_text(struct out *, const char *key, const char *);
void		 out_int(struct out *, const char *key, int64_t);
void		 out_bool(struct out *, const char *key, bool);
/* Unix seconds, as RFC 3339. */
void		 out_time(struct out *, const char *key, int64_t);
/* JSON that is there already, as it is. */
void		 out_raw(struct out *, const char *key, const char *json);

/* The text until more is written, NUL-terminated; NULL if there is none. */
const char	*out_body(const struct out *, size_t *len);

#endif
