/*
 * ical: the lines of an iCalendar text (RFC 5545).
 *
 * Written by hand: libical brings ICU and a tree of everything, and what
 * there is to a line is its folding and four escapes.
 */
#ifndef ICAL_H
#define ICAL_H

#include <stdint.h>

struct out;
struct pool;

/* A line, folded at 75 octets and between characters; the value as it is. */
void		 ical_line(struct out *, const char *name, const char *value);
/* The same of a text, which is escaped. */
void		 ical_text(struct out *, const char *name, const char *text);
/* "20261121T055800Z" */
char		*ical_time(struct pool *, int64_t);

#endif
