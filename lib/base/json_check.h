/*
 * json_check: is a text JSON (RFC 8259)?  The walk that json_parse() makes
 * before json-c.
 */
#ifndef JSON_CHECK_H
#define JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

enum { JSON_DEPTH = 32 };

/* *why is a sentence that says where, if the text is none. */
bool		 json_check(struct pool *, const char *, size_t,
		    const char **why);

#endif
