#include "pooled.h"

#include "web/query.h"

static const struct {
	const char *query, *name, *value;
} good[] = {
	{ "a=1", "a", "1" },
	{ "a=1&b=2", "b", "2" },
	{ "a", "a", "" },
	{ "a=", "a", "" },
	{ "=x", "", "x" },
	{ "a=b=c", "a", "b=c" },
	{ "&&a=1&", "a", "1" },
	{ "%61=1", "a", "1" },
	{ "a=%41%62", "a", "Ab" },
	{ "a=%2b%2B+", "a", "++ " },
	{ "a=x%26y%3Dz", "a", "x&y=z" },
	{ "a=%D0%90%d0%bd", "a", "Ан" },
	{ "a=\xd0\x90", "a", "А" },
	{ "a=%25", "a", "%" },
	{ "A=1&a=2", "a", "2" },
	{ "a=1", "b", NULL },
	{ "a=1", "", NULL },
	{ "", "a", NULL },
	{ NULL, "a", NULL },
};

static const char *const bad[] = {
	"a=%",
	"a=%4",
	"a=%zz",
	"a=%4g",
	"a=%%41",
	"%=1",
	"a=%00",
	"%00=1",
	"a=%ff",
	"a=\xff",
	"a=%c0%80",
	"a=%ed%a0%80",
	"a=%f4%90%80%80",
	"a=%D0",
	"a=1&a=2",
	"a=1&a=1",
	"a&a",
	"a=1&%61=2",
	"=1&=2",
	"&=&=",
};

static void
pairs_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		struct query_pair *q = query_parse(pool, good[i].query);
		const char *value = query_get(q, good[i].name);

		assert_non_null(q);
		if (good[i].value == NULL)
			assert_null(value);
		else {
			assert_non_null(value);
			assert_string_equal(value, good[i].value);
		}
	}
	assert_null(query_get(NULL, "a"));
}

static void
what_is_malformed_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (query_parse(pool, bad[i]) != NULL)
			fail_msg("taken: %s", bad[i]);
}

static void
there_are_at_most_32_pairs(void **state)
{
	char *text = pool_strdup(pool, "n0");
	struct query_pair *q;

	(void)state;
	for (int i = 1; i < 32; i++)
		text = pool_printf(pool, "%s&n%d=%d", text, i, i);
	assert_non_null(q = query_parse(pool, text));
	assert_string_equal(query_get(q, "n31"), "31");
	assert_null(q[32].name);
	assert_null(query_parse(pool, pool_printf(pool, "%s&x", text)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_decoded),
		cmocka_unit_test(what_is_malformed_is_refused),
		cmocka_unit_test(there_are_at_most_32_pairs),
	};

	return cmocka_run_group_tests_name("query", tests, make_pool,
	    free_pool);
}
