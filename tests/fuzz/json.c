/*
 * json: whatever the bytes, no crash; and what json_check() lets through,
 * json-c reads, with blanks around it as without.
 */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_check.h"
#include "base/utf8.h"

static bool
touch(const char *name, struct json_object *value, void *arg)
{
	const char *text;
	int64_t i;
	double d;
	bool b;

	must(utf8_valid(name, strlen(name)));
	must(json_has(arg, name) && json_get(arg, name) == value);
	if (json_text(arg, name, &text))
		must(utf8_valid(text, strlen(text)));
	if (json_int(arg, name, &i))
		must(json_double(arg, name, &d));
	json_bool(arg, name, &b);
	json_each(value, touch, value);
	for (size_t k = 0; k < json_length(value); k++)
		json_each(json_at(value, k), touch, json_at(value, k));
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();
	char *wide = pool_alloc(p, n + 2), *text = pool_alloc(p, n);
	const char *why = NULL;
	struct json_object *tree;
	bool good;

	if (n > 0) {
		memcpy(text, data, n);
		memcpy(wide + 1, data, n);
	}
	wide[0] = ' ';
	wide[n + 1] = '\n';
	good = json_check(p, text, n, &why);
	must(good || why != NULL);
	why = NULL;
	tree = json_parse(p, text, n, &why);
	if (!good)
		must(tree == NULL && why != NULL);
	else if (tree == NULL)
		must(why == NULL); /* null */
	must(json_check(p, wide, n + 2, &why) == good);
	json_each(tree, touch, tree);
	pool_free(p);
	return 0;
}
