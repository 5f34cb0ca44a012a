#include "web/cookie.h"

#include <string.h>

#include "base/pool.h"

const char *
cookie_get(struct pool *pool, const char *header, const char *name)
{
	const char *s = header;
	size_t len = strlen(name);

	while (s != NULL && *s != '\0') {
		size_t n;

		s += strspn(s, "; ");
		n = strcspn(s, ";");
		if (n > len && strncmp(s, name, len) == 0 && s[len] == '=')
			return pool_strndup(pool, s + len + 1, n - len - 1);
		s += n;
	}
	return NULL;
}
