#include "pooled.h"

#include "base/json.h"
#include "base/out.h"

static void
assert_body(const struct out *o, const char *text)
{
	size_t n;

	assert_string_equal(out_body(o, &n), text);
	assert_int_equal(n, strlen(text));
}

static void
nothing_written_is_no_text(void **state)
{
	size_t n = 1;

	(void)state;
	assert_null(out_body(out_new(pool), &n));
	assert_int_equal(n, 0);
}

static void
commas_and_nesting_are_its_business(void **state)
{
	struct out *o = out_new(pool);

	(void)state;
	out_open(o, NULL, '{');
	out_int(o, "id", INT64_MIN);
	out_text(o, "name", "Анна");
	out_text(o, "phone", NULL);
	out_open(o, "items", '[');
	out_open(o, NULL, '{');
	out_close(o, '}');
	out_open(o, NULL, '{');
	out_bool(o, "a", true);
	out_bool(o, "b", false);
	out_close(o, '}');
	out_int(o, NULL, 7);
	out_open(o, NULL, '[');
	out_close(o, ']');
	out_close(o, ']');
	out_time(o, "at", 1795240680);
	out_raw(o, "raw", "{\"x\":1}");
	out_close(o, '}');
	assert_body(o,
	    "{\"id\":-9223372036854775808,\"name\":\"Анна\","
	    "\"phone\":null,\"items\":[{},{\"a\":true,\"b\":false},7,[]],"
	    "\"at\":\"2026-11-21T05:58:00Z\",\"raw\":{\"x\":1}}");
}

/* Every character comes back from a reader as it went in. */
static void
texts_are_escaped(void **state)
{
	struct json_object *tree;
	const char *s, *why;
	char text[4];
	size_t n;

	(void)state;
	for (int c = 1; c < 128; c++) {
		struct out *o = out_new(pool);

		text[0] = (char)c;
		text[1] = 'x';
		text[2] = (char)c;
		text[3] = '\0';
		out_open(o, NULL, '{');
		out_text(o, "t", text);
		out_close(o, '}');
		s = out_body(o, &n);
		tree = json_parse(pool, s, n, &why);
		assert_non_null(tree);
		assert_true(json_text(tree, "t", &s));
		assert_string_equal(s, text);
	}
}

static void
keys_are_escaped_too(void **state)
{
	struct out *o = out_new(pool);

	(void)state;
	out_open(o, NULL, '{');
	out_text(o, "a\"\\\n", "\"\\\n\x7f/");
	out_close(o, '}');
	assert_body(o,
	    "{\"a\\u0022\\u005c\\u000a\":"
	    "\"\\u0022\\u005c\\u000a\\u007f/\"}");
}

/* However long the pieces are around the end of what it has. */
static void
it_grows(void **state)
{
	static char piece[3000];

	(void)state;
	for (size_t n = 1000; n < 1050; n++) {
		struct out *o = out_new(pool);
		const char *s;
		size_t len;

		memset(piece, 'x', n);
		piece[n] = '\0';
		out_put(o, piece, n);
		out_printf(o, "%s", piece);
		out_put(o, "", 0);
		out_put(o, piece, 1);
		s = out_body(o, &len);
		assert_int_equal(len, 2 * n + 1);
		assert_int_equal(strlen(s), len);
		assert_int_equal(strspn(s, "x"), len);
	}
}

static void
it_may_be_thrown_away(void **state)
{
	struct out *o = out_new(pool);
	size_t n;

	(void)state;
	out_open(o, NULL, '[');
	out_int(o, NULL, 1);
	out_clear(o);
	out_body(o, &n);
	assert_int_equal(n, 0);
	out_int(o, NULL, 2);
	assert_body(o, "2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_written_is_no_text),
		cmocka_unit_test(commas_and_nesting_are_its_business),
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(keys_are_escaped_too),
		cmocka_unit_test(it_grows),
		cmocka_unit_test(it_may_be_thrown_away),
	};

	return cmocka_run_group_tests_name("out", tests, make_pool, free_pool);
}
