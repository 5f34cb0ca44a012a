/*
 * json: strict RFC 8259 in, a small view on the tree (the only json-c).
 *
 * json-c alone accepts too much (leading zeros, raw control characters,
 * NaN, repeated members, NUL in keys), so json_parse() first walks the text
 * with a checker of its own: grammar, UTF-8, depth at most 32, no member
 * twice in one object, no NUL in a member's name.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;
struct pool;

enum json_type { JSON_NONE, JSON_NULL, JSON_BOOL, JSON_INT, JSON_DOUBLE,
    JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

/*
 * The tree of a text, which lives as long as the pool; NULL if the text is
 * not JSON, and then *why (if not NULL) is a sentence that says where.  Half
 * a surrogate pair ("\ud800") is refused too, because it is no text.  NULL
 * is also the tree of "null", here and below.
 */
struct json_object *json_parse(struct pool *, const char *, size_t,
		    const char **why);

bool		 json_has(struct json_object *, const char *name);
/* NULL if it is no object or has no such member (see json_has()). */
struct json_object *json_get(struct json_object *, const char *name);
/* JSON_NONE if there is no such member. */
enum json_type	 json_type(struct json_object *object, const char *name);

/*
 * Members of an object; false if absent or of another type.  An integer is
 * within +-(2^53 - 1), what every reader of JSON keeps (RFC 8259, 6), and
 * written without fraction or exponent; a double is an integer or finite.
 */
bool		 json_text(struct json_object *, const char *name,
		    const char **);	/* false also if it holds a NUL */
bool		 json_int(struct json_object *, const char *name, int64_t *);
bool		 json_double(struct json_object *, const char *name, double *);
bool		 json_bool(struct json_object *, const char *name, bool *);

/* Arrays. */
size_t		 json_length(struct json_object *array);
struct json_object *json_at(struct json_object *array, size_t);
enum json_type	 json_type_of(struct json_object *);
bool		 json_as_int(struct json_object *, int64_t *);
bool		 json_as_double(struct json_object *, double *);
bool		 json_as_text(struct json_object *, const char **);
bool		 json_truth(struct json_object *);	/* of a JSON_BOOL */

/* Calls each member in order until the callback returns false. */
void		 json_each(struct json_object *,
		    bool (*)(const char *name, struct json_object *, void *),
		    void *);

#endif
