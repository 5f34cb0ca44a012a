/*
 * field: declared, typed inputs of an endpoint.
 *
 * A table of fields describes a struct; field_bind() fills the struct from
 * the path's arguments, the query string (GET, DELETE, and where the body is
 * no JSON) or the JSON body (POST, PUT), or names every field that is wrong,
 * absent or unknown.  The type of a field is the type of the struct's member;
 * an absent optional field keeps its default.
 */
#ifndef FIELD_H
#define FIELD_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct pool;
struct req;

struct ints {				/* a JSON array of integers */
	size_t		 n;
	const int64_t	*v;
};

struct texts {				/* a JSON array of texts */
	size_t		 n;
	const char	*const *v;
};

struct items {				/* a JSON array of objects */
	size_t		 n;
	const void	*v;		/* structs, as field.of tells */
};

enum field_type { FIELD_BOOL, FIELD_I32, FIELD_I64, FIELD_DOUBLE, FIELD_TEXT,
    FIELD_INTS, FIELD_TEXTS, FIELD_ITEMS };

struct field {
	const char	*name;
	const char	*path;		/* "a.b": member b of the object a */
	enum field_type	 type;
	size_t		 offset;
	int64_t		 min, max;	/* of a number, of a text's characters,
					   of each item */
	int64_t		 def;		/* of an absent optional number */
	const char	*def_text;
	bool		(*is)(const char *);	/* of a text, or each item */
	const char	*what;		/* what is() wants, as a phrase */
	const char	*in;		/* NULL, or its texts: "in|out" */
	bool		 optional;	/* null and "" are the same as absent */
	bool		 raw;		/* keep the blanks around a text */
	int32_t		 most;		/* of a list; 0 is FIELD_LIST_MAX */
	const struct field *of;		/* the members of each item ... */
	size_t		 of_size;	/* ... and the size of their struct */
};

#define FIELD(in_, member, ...) {					\
	.name = #member,						\
	.type = _Generic(((struct in_ *)0)->member,			\
	    bool: FIELD_BOOL,						\
	    int32_t: FIELD_I32,						\
	    int64_t: FIELD_I64,						\
	    double: FIELD_DOUBLE,					\
	    const char *: FIELD_TEXT,					\
	    struct ints: FIELD_INTS,					\
	    struct texts: FIELD_TEXTS,					\
	    struct items: FIELD_ITEMS),					\
	.offset = offsetof(struct in_, member),				\
	__VA_ARGS__ }
#define FIELD_END { .name = NULL }
#define FIELD_NO_NUMBER ((double)NAN)		/* an absent double */
#define FIELD_ID_MAX ((INT64_C(1) << 53) - 1)	/* what JSON can carry */
#define FIELD_ID(in_, ...) \
	FIELD_ID_(in_, __VA_ARGS__, .min = 1, .max = FIELD_ID_MAX)
/* A list of objects, each with the members of of_in in a struct of_. */
#define FIELD_ITEMS_OF(in_, member, of_, ...) \
	FIELD(in_, member, .of = of_##_in, .of_size = sizeof(struct of_), \
	    __VA_ARGS__)
#define FIELD_ID_(in_, member, ...) FIELD(in_, member, __VA_ARGS__)

/* What most routes with an {id} in the path take, and nothing else. */
struct by_id {
	int64_t		 id;
};
extern const struct field by_id_in[];

enum fault	field_bind(struct req *, const struct field *, void *);
/* BAD_FIELD, of that name, if to is before from; either may be NULL. */
enum fault	check_dates(struct req *, const char *name, const char *from,
		    const char *to);
/* A list as PostgreSQL has it: "{1,2}". */
const char	*ints_array(struct pool *, struct ints);
/* The most that a list holds, unless its field says. */
enum { FIELD_LIST_MAX = 200 };

/* Stock checks for .is, each with its phrase for .what. */
bool		is_time(const char *);		/* RFC 3339 */
bool		is_date(const char *);		/* 2026-11-21 */
bool		is_email(const char *);
bool		is_phone(const char *);		/* +, 7 to 15 digits, blanks */
bool		is_cidr(const char *);		/* 10.0.0.0/8, 2001:db8::/32 */
bool		is_line(const char *);		/* no line feed */
bool		is_username(const char *);
bool		is_base64url(const char *);

#endif
