/*
 * query: whatever the bytes, no crash; and what was taken has one meaning:
 * written again with everything encoded, it reads the same.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "web/query.h"

static char *
encoded(struct pool *p, const char *s)
{
	char *text = pool_strdup(p, "");

	for (; *s != '\0'; s++)
		text = pool_printf(p, "%s%%%02x", text, (unsigned char)*s);
	return text;
}

static void
reads_the_same(struct pool *p, const struct query_pair *pairs)
{
	const struct query_pair *q = pairs;
	struct query_pair *back;
	char *text = pool_strdup(p, "");

	for (; q->name != NULL; q++)
		text = pool_printf(p, "%s&%s=%s", text, encoded(p, q->name),
		    encoded(p, q->value));
	must((back = query_parse(p, text)) != NULL);
	for (q = pairs; q->name != NULL; q++, back++)
		must(strcmp(back->name, q->name) == 0 &&
		    strcmp(back->value, q->value) == 0);
	must(back->name == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();
	struct query_pair *pairs;
	size_t i;

	if (n <= 2048 &&
	    (pairs = query_parse(p, pool_strndup(p, (const char *)data, n))) !=
		NULL) {
		for (i = 0; pairs[i].name != NULL; i++) {
			const char *value = pairs[i].value;

			must(utf8_valid(pairs[i].name, strlen(pairs[i].name)));
			must(utf8_valid(value, strlen(value)));
			must(query_get(pairs, pairs[i].name) == value);
		}
		must(i <= 32);
		reads_the_same(p, pairs);
	}
	pool_free(p);
	return 0;
}
