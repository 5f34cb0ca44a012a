/*
 * query: the query string as decoded pairs.
 */
#ifndef QUERY_H
#define QUERY_H

struct pool;

struct query_pair {
	const char	*name, *value;
};

/*
 * The pairs of a query string, the last one without a name.  NULL if it is
 * malformed: a bad %xx, a NUL, a name twice, no UTF-8, more than 32 pairs.
 */
struct query_pair *query_parse(struct pool *, const char *);
/* The value of a name, or NULL. */
const char	*query_get(const struct query_pair *, const char *name);

#endif
