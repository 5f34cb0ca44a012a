#include "pooled.h"

#include <stdio.h>

#include "bot/parse.h"

static const char *
update(const char *s)
{
	return parse_update(pool, s, strlen(s));
}

static void
an_update_is_an_object_that_postgres_can_keep(void **state)
{
	(void)state;
	assert_string_equal(update("{\"a\":1}"), "{\"a\":1}");
	assert_string_equal(update("{\"a\":\"x\\u0000y\"}"),
	    "{\"a\":\"x\\ufffdy\"}");
	/* a backslash and five letters */
	assert_string_equal(update("{\"a\":\"\\\\u0000\"}"),
	    "{\"a\":\"\\\\u0000\"}");
	assert_string_equal(update("{\"a\":\"\\\\\\u0000\"}"),
	    "{\"a\":\"\\\\\\ufffd\"}");
	assert_null(update(""));
	assert_null(update("[]"));
	assert_null(update("null"));
	assert_null(update("{\"a\":1"));
	assert_null(update("{\"a\":\"\xff\"}"));
}

static void
a_command_is_its_first_word(void **state)
{
	static const struct {
		const char *text, *name;
		bool another;
	} of[] = {
		{ "/today", "today", false },
		{ "/Today words", "today", false },
		{ "/today\nwords", "today", false },
		{ "/today@Our_Bot", "today", false },
		{ "/today@our_bot words", "today", false },
		{ "/today@other_bot", "today", true },
		{ "/today@our_bot2", "today", true },
		{ "/today@our", "today", true },
		{ "/today@", "today", true },
		{ "/", NULL, false },
		{ "/ today", NULL, false },
		{ "/@our_bot", NULL, false },
		{ "today", NULL, false },
		{ "", NULL, false },
	};
	bool another;

	(void)state;
	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
		const char *name = parse_command(pool, of[i].text, "our_bot",
		    &another);

		assert_int_equal(another, of[i].another);
		if (of[i].name == NULL)
			assert_null(name);
		else
			assert_string_equal(name, of[i].name);
	}
}

static void
a_press_is_numbers(void **state)
{
	struct press p;
	int64_t id;

	(void)state;
	assert_true(parse_press("r:12:c:3:45", &p));
	assert_int_equal(p.id, 12);
	assert_int_equal(p.verb, 'c');
	assert_int_equal(p.branch, 3);
	assert_int_equal(p.position, 45);
	assert_int_equal(p.page, 0);
	assert_true(parse_press("r:1:b:0:0:7", &p));
	assert_int_equal(p.page, 7);
	assert_true(parse_press("r:999999999999999999:m:1:0", &p));
	assert_true(p.id == INT64_C(999999999999999999));
	assert_true(parse_id("a:7", &id));
	assert_int_equal(id, 7);
}

static void
any_other_press_is_none(void **state)
{
	static const char *const none[] = { "", "r", "r:", "r:1",
		"r:1:", "r:1:c", "r:1:c:", "r:1:c:1", "r:1:c:1:", "r:0:c:1:1",
		"r:-1:c:1:1", "r: 1:c:1:1", "r:1:c:1:1 ",
		"r:1:c:1:1:", "r:1:c:1:1:2:3", "r:1:cc:1:1", "r:1::1:1",
		"x:1:c:1:1", "r:1000000000000000000:c:1:1", "r:1:c:+1:1" };
	static const char *const no_id[] = { "", "a", "a:", "a:x",
		"a:1:", "a:-1", "a: 1", "a:1000000000000000000" };
	struct press p;
	int64_t id;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		assert_false(parse_press(none[i], &p));
	}
	for (size_t i = 0; i < sizeof(no_id) / sizeof(*no_id); i++)
		assert_false(parse_id(no_id[i], &id));
}

static void
a_clock_is_read(void **state)
{
	static const char *const none[] = { "", "8", "8:", "8:5", "24:00",
		"8:60", "8:005", "8:05x", "-8:05", "8 05", "x", "8:05:00" };
	int64_t id, n;
	int m;

	(void)state;
	assert_true(parse_clock("18:45", &m) && m == 18 * 60 + 45);
	assert_true(parse_clock(" 8.05 ", &m) && m == 8 * 60 + 5);
	assert_true(parse_clock("00:00", &m) && m == 0);
	for (size_t i = 0; i < LENGTH(none); i++)
		assert_false(parse_clock(none[i], &m));
	assert_true(parse_pair("s:12:29450000", &id, &n));
	assert_int_equal(id, 12);
	assert_int_equal(n, 29450000);
	assert_false(parse_pair("s:12", &id, &n));
	assert_false(parse_pair("s:12:1:2", &id, &n));
	assert_false(parse_pair("", &id, &n));
}

static void
a_name_has_two_parts_or_three(void **state)
{
	struct parsed_name name;
	char text[512];

	(void)state;
	assert_true(parse_name(pool, "  Белова \t Анна  Ивановна ", &name));
	assert_string_equal(name.last, "Белова");
	assert_string_equal(name.first, "Анна");
	assert_string_equal(name.middle, "Ивановна");
	assert_true(parse_name(pool, "О'Нил-Ґалаґан Жан-Поль", &name));
	assert_string_equal(name.middle, "");
	assert_true(parse_name(pool, "ван дер Берг", &name));
	assert_true(parse_name(pool, "Ким Ли Су Джин", &name));
	assert_string_equal(name.middle, "Су Джин");
	assert_false(parse_name(pool, "Анна", &name));
	assert_false(parse_name(pool, "   ", &name));
	assert_false(parse_name(pool, "", &name));
	assert_false(parse_name(pool, "Белова <b>", &name));
	assert_false(parse_name(pool, "anna@example.org x", &name));
	assert_false(parse_name(pool, "Белова\nАнна x", &name));
	snprintf(text, sizeof(text), "%0100d %0100d", 0, 0);
	assert_true(parse_name(pool, text, &name));
	snprintf(text, sizeof(text), "%0101d %0100d", 0, 0);
	assert_false(parse_name(pool, text, &name));
}

static void
a_phone_is_its_digits(void **state)
{
	(void)state;
	assert_string_equal(parse_phone(pool, "+38 (067) 111-22-33"),
	    "+380671112233");
	assert_string_equal(parse_phone(pool, "8 900 1"), "89001");
	assert_string_equal(parse_phone(pool, ""), "");
}

static void
length_is_counted_as_telegram_does(void **state)
{
	(void)state;
	assert_int_equal(parse_units(""), 0);
	assert_int_equal(parse_units("abc"), 3);
	assert_int_equal(parse_units("Анна"), 4);
	assert_int_equal(parse_units("🟢"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_update_is_an_object_that_postgres_can_keep),
		cmocka_unit_test(a_command_is_its_first_word),
		cmocka_unit_test(a_press_is_numbers),
		cmocka_unit_test(any_other_press_is_none),
		cmocka_unit_test(a_clock_is_read),
		cmocka_unit_test(a_name_has_two_parts_or_three),
		cmocka_unit_test(a_phone_is_its_digits),
		cmocka_unit_test(length_is_counted_as_telegram_does),
	};

	return cmocka_run_group_tests_name("bot", tests, make_pool, free_pool);
}
