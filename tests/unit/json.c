/*
 * json: RFC 8259.  The cases follow the JSON test suite of N. Seriot, with
 * what json-c 0.16 alone gets wrong first among those to be refused.
 */
#include "unit.h"

#include <stdio.h>

#include "base/json.h"
#include "base/pool.h"
#include "base/utf8.h"

/* A text that may hold a NUL. */
struct text {
	const char *s;
	size_t n;
};

#define T(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

static const struct text good[] = {
	T("[]"),
	T("{}"),
	T(" [] "),
	T("[[]   ]"),
	T("[\"\"]"),
	T("\"asd\""),
	T("false"),
	T("true"),
	T("42"),
	T("-0.1"),
	T("\" \""),
	T("\"\""),
	T("[-0]"),
	T("[-1]"),
	T("[-123]"),
	T("[0]"),
	T("[0e+1]"),
	T("[0e1]"),
	T("[20e1]"),
	T("[1E22]"),
	T("[1E-2]"),
	T("[1E+2]"),
	T("[123e45]"),
	T("[123.456e78]"),
	T("[123.456789]"),
	T("[ 4]"),
	T("[1e-2]"),
	T("[1,null,null,null,2]"),
	T("[null, 1, \"1\", {}]"),
	T("[1\n]"),
	T("\t[\r\n1 ] \n"),
	T("{\"a\":{\"a\":1},\"b\":{\"a\":2}}"),
	T("{\"\":0}"),
	T("{\"a\":[]}"),
	T("{\"asd\":\"sdf\", \"dfg\":\"fgh\"}"),
	T("{ \"min\": -1.0e+28, \"max\": 1.0e+28 }"),
	T("{\n\"a\": \"b\"\n}"),
	T("[\"\\u0060\\u012a\\u12AB\"]"),
	T("[\"\\uD801\\udc37\"]"),
	T("[\"\\ud83d\\ude39\\ud83d\\udc8d\"]"),
	T("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
	T("[\"\\\\u0000\"]"),
	T("[\"\\u0000\"]"),
	T("[\"a/*b*/c/*d//e\"]"),
	T("[\"\\uFFFF\"]"),
	T("[\"\xef\xbf\xbf\"]"),
	T("[\"\xf4\x8f\xbf\xbf\"]"),
	T("[\"\x7f\"]"),
	T("[\"\xe2\x80\xa8\xe2\x80\xa9\"]"),
	T("[\"\xcf\x80\"]"),
	T("[\"\xf0\x9b\xbf\xbf\"]"),
	T("[\"asd \"]"),
	T("[\"new\\u000Aline\"]"),
	T("[\"\\uDBFF\\uDFFE\"]"),
	T("[\"\xef\xbb\xbf\"]"),
	T("{\"a\":1,\"A\":1,\"a \":1}"),
	T("{\"1\\u00e9\":1,\"1e\\u0301\":1}"), /* not normalised */
	T("[123123123123123123123123123123]"),
	T("[-1e+9999]"),
	T("[1e-9999]"),
};

static const struct text bad[] = {
	/* json-c in its strict mode has these for JSON. */
	T("[NaN]"),
	T("[Infinity]"),
	T("[-Infinity]"),
	T("[-01]"),
	T("[-012]"),
	T("123\0"),
	T("[-2.]"),
	T("[1.]"),
	T("[0.e1]"),
	T("[2.e3]"),
	T("[2.e+3]"),
	T("[2.e-3]"),
	T("[-.123]"),
	T("{'a':0}"),
	T("[\"new\nline\"]"),
	T("[\"\t\"]"),
	T("[\"\xed\xa0\x80\"]"),
	T("[\"\xc0\xaf\"]"),
	T("{\"a\\u0000b\":1,\"a\":2}"),
	T("{\"a\\u0000\":1}"),
	/* Numbers. */
	T("[-]"),
	T("[+1]"),
	T("[++1234]"),
	T("[.123]"),
	T("[.-1]"),
	T("[-NaN]"),
	T("[0.1.2]"),
	T("[0.3e+]"),
	T("[0.3e]"),
	T("[0E+]"),
	T("[0E]"),
	T("[0e+-1]"),
	T("[1.0e+]"),
	T("[1.0e-]"),
	T("[1.0e]"),
	T("[1 000.0]"),
	T("[1eE2]"),
	T("[9.e+]"),
	T("[012]"),
	T("[00]"),
	T("[0x1]"),
	T("[0x42]"),
	T("[1+2]"),
	T("[-foo]"),
	T("[- 1]"),
	T("[1a]"),
	T("[-1x]"),
	T("[1ea]"),
	T("[\xef\xbc\x91]"),
	T("[1,-]"),
	T("2."),
	T("."),
	T("-"),
	T("1 2"),
	T("[1e]"),
	T("[123\xe5]"),
	T("[1e1\xe5]"),
	/* Words. */
	T("[nul]"),
	T("[tru]"),
	T("[fals]"),
	T("nan"),
	T("True"),
	T("NULL"),
	T("undefined"),
	T("[a\xe5]"),
	T("[\xff]"),
	T("*"),
	T("<null>"),
	T("[True]"),
	T("nulls"),
	T("truefalse"),
	/* Texts. */
	T("\""),
	T("[\"a"),
	T("[\"\\\"]"),
	T("[\"\\"),
	T("[\"\\x00\"]"),
	T("[\"\\u00A\"]"),
	T("[\"\\u"),
	T("[\"\\uqqqq\"]"),
	T("[\"\\a\"]"),
	T("[\"\\\xe5\"]"),
	T("[\"\\\t\"]"),
	T("[\"\\\0\"]"),
	T("['a']"),
	T("[\"\\uD800\\"),
	T("[\"\\uD800\\u\"]"),
	T("[\"\\uD800\\u1\"]"),
	T("[\"\\uD800\\u1x\"]"),
	T("[\"a\0a\"]"),
	T("[\"\x1f\"]"),
	T("[\x0c]"),
	T("[\"\\U0041\"]"),
	T("[\\u0020\"asd\"]"),
	T("\"x\"y"),
	T("[\"x\"y]"),
	/* Half a pair: grammatical, but no text. */
	T("[\"\\ud800\"]"),
	T("[\"\\udc00\"]"),
	T("[\"\\uDADA\"]"),
	T("[\"\\ud800\\ud800\"]"),
	T("[\"\\ud800abc\"]"),
	T("[\"\\uD800\\n\"]"),
	T("[\"\\uDd1e\\uD834\"]"),
	T("[\"\\ud83d\\\\ude39\"]"),
	T("{\"\\ud800\":1}"),
	/* UTF-8. */
	T("[\"\xe5\"]"),
	T("[\"\x80\"]"),
	T("[\"\xff\"]"),
	T("[\"\xf4\x90\x80\x80\"]"),
	T("[\"\xe0\xff\"]"),
	T("[\"\xe2\x82\"]"),
	T("[\"\xe2\x82"),
	T("[\"\xfc\x83\xbf\xbf\xbf\xbf\"]"),
	T("[\"\xe0\x80\xaf\"]"),
	T("[\"\xf0\x80\x80\xaf\"]"),
	T("[\"\xed\xbf\xbf\"]"),
	T("\xef\xbb\xbf{}"),
	T("\xff\xfe[\0\"\0\"\0]\0"),
	T("\xef\xbb\xbf"),
	/* Arrays. */
	T("["),
	T("]"),
	T("[1"),
	T("[1,"),
	T("[1,]"),
	T("[,1]"),
	T("[1,,2]"),
	T("[,]"),
	T("[,"),
	T("[1 true]"),
	T("[3[4]]"),
	T("[1:2]"),
	T("[x"),
	T("[\"\": 1]"),
	T("[1]x"),
	T("[1]]"),
	T("[][]"),
	T("[\"a\",\n4\n,1,"),
	T("[1\0]"),
	T("[*]"),
	T("[\"\",]"),
	T("[{}"),
	T("[\xc2\xa0]"),
	T("[\v1]"),
	/* Objects. */
	T("{"),
	T("}"),
	T("{\"a\""),
	T("{\"a\":"),
	T("{\"a\":1"),
	T("{\"a\":1,}"),
	T("{\"a\":1,,\"b\":2}"),
	T("{,\"a\":1}"),
	T("{a:1}"),
	T("{1:1}"),
	T("{\"a\" b}"),
	T("{\"a\"}"),
	T("{:1}"),
	T("{\"a\"::1}"),
	T("{\"a\",1}"),
	T("{\"a\":1 \"b\":2}"),
	T("{null:null}"),
	T("{[]:1}"),
	T("{\"a\":\"b\"}#"),
	T("{\"a\":\"b\"}//"),
	T("{\"a\":/*c*/\"b\"}"),
	T("{\"a\":1}}"),
	T("{}}"),
	T("{\"a\":\"a\" 123}"),
	T("{9999E9999:1}"),
	T("{\"a\":1};"),
	T("{;}"),
	T("{}\0"),
	T("{\"x\":true,"),
	T("({})"),
	T("[\"a\",\"b\"}"),
	T("{\"a\":1]"),
	/* Nothing. */
	T(""),
	T(" "),
	T("\n"),
	T("\0"),
	T("\x1e{}"),
	T("\xe2\x81\xa0"),
	/* A member twice. */
	T("{\"a\":1,\"a\":1}"),
	T("{\"a\":1,\"\\u0061\":2}"),
	T("{\"\\u0061\":1,\"\\u0061\":2}"),
	T("{\"\":1,\"\":2}"),
	T("[{\"b\":{\"x\":1,\"y\":2,\"x\":3}}]"),
	T("{\"a\":1,\"b\":2,\"c\":3,\"b\":4}"),
	T("{\"/\":1,\"\\/\":2}"),
	T("{\"\xf0\x9f\x98\xb9\":1,\"\\ud83d\\ude39\":2}"),
	T("{\"\xc3\xa9\":1,\"\\u00e9\":2}"),
	T("{\"\\n\":1,\"\\u000A\":2}"),
	T("{\"a\":{\"b\":1},\"c\":{\"b\":1},\"a\":{}}"),
};

static void
json_is_read(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		const char *why = "no reason";

		if (json_parse(p, good[i].s, good[i].n, &why) == NULL)
			fail_msg("%s: %s", good[i].s, why);
	}
	pool_free(p);
}

static void
what_is_no_json_is_refused(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		const char *why = NULL;

		if (json_parse(p, bad[i].s, bad[i].n, &why) != NULL)
			fail_msg("%zu: %s was taken for JSON", i, bad[i].s);
		assert_non_null(why);
		assert_null(json_parse(p, bad[i].s, bad[i].n, NULL));
	}
	pool_free(p);
}

/* No byte behind the length is looked at. */
static void
the_text_needs_no_end(void **state)
{
	struct pool *p = pool_new();
	int64_t v;

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		char *exact = pool_alloc(p, good[i].n);

		memcpy(exact, good[i].s, good[i].n);
		assert_non_null(json_parse(p, exact, good[i].n, NULL));
	}
	assert_true(json_as_int(json_parse(p, "1234", 2, NULL), &v));
	assert_int_equal(v, 12);
	pool_free(p);
}

static void
the_reason_says_where(void **state)
{
	struct pool *p = pool_new();
	const char *why;

	(void)state;
	assert_null(json_parse(p, "{\"a\":1,\"a\":2}", 13, &why));
	assert_string_equal(why,
	    "A member occurs twice in one object, at byte 8.");
	assert_null(json_parse(p, "[1,]", 4, &why));
	assert_string_equal(why, "A digit is missing at byte 4.");
	pool_free(p);
}

static void
depth_has_a_limit(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	for (int depth = 1; depth <= 64; depth++) {
		char *arrays = pool_printf(p, "%0*d%0*d", depth, 0, depth, 0);
		char *objects = pool_strdup(p, "1");

		memset(arrays, '[', (size_t)depth);
		memset(arrays + depth, ']', (size_t)depth);
		for (int i = 0; i < depth; i++)
			objects = pool_printf(p, "{\"a\":%s}", objects);
		assert_int_equal(json_parse(p, arrays, strlen(arrays), NULL) !=
			NULL,
		    depth <= 32);
		assert_int_equal(json_parse(p, objects, strlen(objects),
				     NULL) != NULL,
		    depth <= 32);
	}
	/* Neither is a megabyte of brackets a stack overflow. */
	assert_null(json_parse(p, memset(pool_alloc(p, 1 << 20), '[', 1 << 20),
	    1 << 20, NULL));
	pool_free(p);
}

static void
many_members_are_no_work(void **state)
{
	struct pool *p = pool_new();
	char *text = pool_alloc(p, 2000000), *o = text;

	(void)state;
	*o++ = '{';
	for (int i = 0; i < 60000; i++)
		o += snprintf(o, 32, "\"%d\":%d,", i, i);
	stpcpy(o, "\"59999\":0}");
	assert_null(json_parse(p, text, strlen(text), NULL));
	stpcpy(o, "\"60000\":0}");
	assert_non_null(json_parse(p, text, strlen(text), NULL));
	pool_free(p);
}

static const struct {
	const char *text;
	bool is;
	int64_t v;
} integers[] = {
	{ "0", true, 0 },
	{ "-0", true, 0 },
	{ "9007199254740991", true, 9007199254740991 },
	{ "-9007199254740991", true, -9007199254740991 },
	{ "9007199254740992", false, 0 },
	{ "-9007199254740992", false, 0 },
	{ "9223372036854775807", false, 0 },
	{ "9223372036854775808", false, 0 },
	{ "18446744073709551616", false, 0 },
	{ "-9223372036854775809", false, 0 },
	{ "100000000000000000000000000000000000000001", false, 0 },
	{ "1.0", false, 0 },
	{ "1e3", false, 0 },
	{ "\"12\"", false, 0 },
	{ "true", false, 0 },
	{ "null", false, 0 },
	{ "[1]", false, 0 },
	{ "{}", false, 0 },
};

static void
integers_are_exact_or_refused(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(integers); i++) {
		char *text = pool_printf(p, "{\"v\":%s}", integers[i].text);
		int64_t v = 77;

		if (json_int(json_parse(p, text, strlen(text), NULL), "v",
			&v) != integers[i].is)
			fail_msg("%s", text);
		assert_int_equal(v, integers[i].is ? integers[i].v : 77);
	}
	pool_free(p);
}

static void
doubles_are_finite(void **state)
{
	static const char text[] =
	    "{\"a\":1.5,\"b\":2,\"c\":1e400,"
	    "\"d\":-1e400,\"e\":\"1\",\"f\":null,\"g\":9223372036854775808,"
	    "\"h\":1e-400,\"i\":true}";
	struct pool *p = pool_new();
	struct json_object *o = json_parse(p, text, strlen(text), NULL);
	double v;

	(void)state;
	assert_true(json_double(o, "a", &v) && v > 1.49 && v < 1.51);
	assert_true(json_double(o, "b", &v) && v > 1.99 && v < 2.01);
	assert_true(json_double(o, "h", &v) && v < 0.1);
	for (const char *name = "cdefgi"; *name != '\0'; name++)
		assert_false(json_double(o, (char[]){ *name, '\0' }, &v));
	assert_false(json_double(o, "absent", &v));
	pool_free(p);
}

static void
members_have_their_type(void **state)
{
	static const char text[] =
	    "{\"t\":\"x\",\"nul\":\"a\\u0000b\",\"n\":null,"
	    "\"b\":true,\"i\":1,\"d\":1.5,\"a\":[1,\"x\",null],\"o\":{\"k\":1}}";
	struct pool *p = pool_new();
	struct json_object *o = json_parse(p, text, strlen(text), NULL);
	const char *s = "kept";
	bool b;
	int64_t i;

	(void)state;
	assert_true(json_text(o, "t", &s));
	assert_string_equal(s, "x");
	assert_false(json_text(o, "nul", &s));
	assert_false(json_text(o, "n", &s));
	assert_false(json_text(o, "i", &s));
	assert_string_equal(s, "x");
	assert_true(json_bool(o, "b", &b) && b);
	assert_true(json_truth(json_get(o, "b")));
	assert_false(json_truth(json_get(o, "i")));
	assert_false(json_bool(o, "i", &b));
	assert_false(json_bool(o, "absent", &b));

	assert_int_equal(json_type(o, "n"), JSON_NULL);
	assert_int_equal(json_type(o, "absent"), JSON_NONE);
	assert_int_equal(json_type(o, "a"), JSON_ARRAY);
	assert_int_equal(json_type(o, "o"), JSON_OBJECT);
	assert_int_equal(json_type(o, "d"), JSON_DOUBLE);
	assert_int_equal(json_type(o, "i"), JSON_INT);
	assert_int_equal(json_type(o, "t"), JSON_TEXT);
	assert_int_equal(json_type(o, "b"), JSON_BOOL);
	assert_true(json_has(o, "n"));
	assert_false(json_has(o, "absent"));
	assert_false(json_has(NULL, "n"));
	assert_null(json_get(json_get(o, "a"), "k"));

	assert_int_equal(json_length(json_get(o, "a")), 3);
	assert_int_equal(json_length(json_get(o, "o")), 0);
	assert_true(json_as_int(json_at(json_get(o, "a"), 0), &i) && i == 1);
	assert_true(json_as_text(json_at(json_get(o, "a"), 1), &s));
	assert_int_equal(json_type_of(json_at(json_get(o, "a"), 2)), JSON_NULL);
	assert_null(json_at(json_get(o, "a"), 3));
	pool_free(p);
}

static bool
join(const char *name, struct json_object *value, void *arg)
{
	(void)value;
	stpcpy(strchr(arg, 0), name);
	return *name != 'c';
}

static void
each_goes_in_order_until_told(void **state)
{
	static const char text[] = "{\"b\":1,\"a\":2,\"c\":3,\"d\":4}";
	struct pool *p = pool_new();
	char names[8] = "";

	(void)state;
	json_each(json_parse(p, text, strlen(text), NULL), join, names);
	assert_string_equal(names, "bac");
	json_each(NULL, join, names);
	pool_free(p);
}

static void
utf8_has_no_second_form(void **state)
{
	char s[4];
	size_t n;

	(void)state;
	for (uint32_t c = 1; c < 0x120000; c++) {
		n = utf8_put(s, c);
		assert_int_equal(utf8_sequence(s, n),
		    c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : n);
		if (n > 1)
			assert_int_equal(utf8_sequence(s, n - 1), 0);
	}
	assert_false(utf8_valid("\xc1\xbf", 2));
	assert_false(utf8_valid("\xe0\x9f\xbf", 3));
	assert_false(utf8_valid("\xf0\x8f\xbf\xbf", 4));
	assert_false(utf8_valid("a\xf5\x80\x80\x80", 5));
	assert_true(utf8_valid("", 0));
	assert_int_equal(utf8_length("a\xd0\xb1\xf0\x9f\x98\xb9"), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_read),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(the_text_needs_no_end),
		cmocka_unit_test(the_reason_says_where),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(many_members_are_no_work),
		cmocka_unit_test(integers_are_exact_or_refused),
		cmocka_unit_test(doubles_are_finite),
		cmocka_unit_test(members_have_their_type),
		cmocka_unit_test(each_goes_in_order_until_told),
		cmocka_unit_test(utf8_has_no_second_form),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
