/*
 * cookie: what is found stands in the header behind its name and a "=", at
 * the beginning or behind a ";"; and what a browser would add is found.
 */
#include "fuzz.h"

#include "web/cookie.h"

static const char name[] = "__Host-tabel";

static void
stands_in(struct pool *p, const char *header, const char *value)
{
	char *pair = pool_printf(p, "%s=%s", name, value);
	const char *at = header;
	size_t n = strlen(pair);

	must(strchr(value, ';') == NULL);
	for (; (at = strstr(at, pair)) != NULL; at++)
		if ((at == header || at[-1] == ' ' || at[-1] == ';') &&
		    (at[n] == '\0' || at[n] == ';'))
			return;
	must(0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();
	char *header = pool_strndup(p, (const char *)data, n);
	const char *value = cookie_get(p, header, name), *more;

	more = cookie_get(p, pool_printf(p, "%s; %s=abc", header, name), name);
	if (value == NULL)
		must(strcmp(more, "abc") == 0);
	else {
		stands_in(p, header, value);
		must(strcmp(more, value) == 0);
	}
	value = cookie_get(p,
	    pool_printf(p, "%s=%.*s", name, (int)strcspn(header, ";"), header),
	    name);
	must(strncmp(value, header, strlen(value)) == 0 &&
	    strcspn(header, ";") == strlen(value));
	pool_free(p);
	return 0;
}
