#include "pooled.h"

#include "base/out.h"
#include "base/utf8.h"
#include "paper/ical.h"

static const char *
written(void (*put)(struct out *, const char *, const char *), const char *name,
    const char *value)
{
	struct out *o = out_new(pool);
	size_t n;

	put(o, name, value);
	return out_body(o, &n);
}

static void
test_escapes(void **state)
{
	(void)state;
	assert_string_equal(written(ical_line, "RRULE", "A;B,C\\"),
	    "RRULE:A;B,C\\\r\n");
	assert_string_equal(written(ical_text, "SUMMARY", "a;b,c\\d:\"e\""),
	    "SUMMARY:a\\;b\\,c\\\\d:\"e\"\r\n");
	assert_string_equal(written(ical_text, "SUMMARY", "one\r\ntwo\tx\x7f"),
	    "SUMMARY:one\\ntwox\r\n");
	assert_string_equal(written(ical_text, "SUMMARY", ""), "SUMMARY:\r\n");
}

/* No line is longer than 75 octets, and put together they say the same. */
static void
test_folding(void **state)
{
	static const char *const letters[] = { "a", "ж", "€", "😀", ";" };

	(void)state;
	for (size_t i = 0; i < LENGTH(letters); i++)
		for (int length = 1; length < 200; length += 7) {
			char *value = pool_strdup(pool, ""), *plain;
			const char *s, *end;
			size_t n = 0;

			for (int k = 0; k < length; k++)
				value = pool_printf(pool, "%s%s", value,
				    letters[i]);
			s = written(ical_line, "SUMMARY", value);
			plain = pool_strdup(pool, s);
			for (; (end = strstr(s, "\r\n")) != NULL; s = end + 2) {
				assert_true(end - s <= 75);
				assert_true(utf8_valid(s, (size_t)(end - s)));
				if (n > 0)
					assert_int_equal(*s++, ' ');
				memcpy(plain + n, s, (size_t)(end - s));
				n += (size_t)(end - s);
			}
			plain[n] = '\0';
			assert_string_equal(plain,
			    pool_printf(pool, "SUMMARY:%s", value));
		}
}

static void
test_time(void **state)
{
	(void)state;
	assert_string_equal(ical_time(pool, 1795240680), "20261121T055800Z");
	assert_string_equal(ical_time(pool, 0), "19700101T000000Z");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests_name("ical", tests, make_pool, free_pool);
}
