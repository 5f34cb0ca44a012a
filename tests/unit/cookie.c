#include "unit.h"

#include "base/pool.h"
#include "web/cookie.h"

static const struct {
	const char *header, *value;
} cases[] = {
	{ "id=1", "1" },
	{ "a=b; id=1; c=d", "1" },
	{ "a=b;id=1;c=d", "1" },
	{ ";; id=1", "1" },
	{ "id=", "" },
	{ "id=a=b", "a=b" },
	{ "id=\"1\"", "\"1\"" },
	{ "id=1; id=2", "1" },
	{ "xid=0; id=1", "1" },
	{ "id2=0; id=1", "1" },
	{ "id; id=1", "1" },
	{ "ID=1", NULL },
	{ "a=id=1", NULL },
	{ "a=b, id=1", NULL },
	{ "id", NULL },
	{ "i", NULL },
	{ "", NULL },
	{ NULL, NULL },
};

static void
the_first_of_that_name_is_found(void **state)
{
	struct pool *pool = pool_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const char *s = cookie_get(pool, cases[i].header, "id");

		if (cases[i].value == NULL)
			assert_null(s);
		else {
			assert_non_null(s);
			assert_string_equal(s, cases[i].value);
		}
	}
	pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_of_that_name_is_found),
	};

	return cmocka_run_group_tests_name("cookie", tests, NULL, NULL);
}
