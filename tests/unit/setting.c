#include "pooled.h"

#include "work/setting.h"

static void
defaults_are_valid_and_named(void **state)
{
	(void)state;
	for (int i = 0; i < SETTINGS; i++) {
		const struct setting_info *s = &setting_info[i];

		assert_null(setting_wrong(pool, (enum setting)i, s->def));
		assert_int_equal(setting_named(s->name), i);
		if (i > 0)
			assert_true(strcmp(s[-1].name, s->name) < 0);
	}
	assert_int_equal(setting_named("nothing"), SETTINGS);
	assert_int_equal(setting_named(""), SETTINGS);
}

static void
assert_takes(enum setting which, const char *value)
{
	const char *wrong = setting_wrong(pool, which, value);

	if (wrong != NULL)
		fail_msg("\"%s\" should do, but: %s", value, wrong);
}

static void
assert_refuses(enum setting which, const char *value)
{
	if (setting_wrong(pool, which, value) == NULL)
		fail_msg("\"%s\" should not do", value);
}

static void
numbers_are_bounded(void **state)
{
	static const char *const bad[] = { "0", "366", "-1", "+1", " 1", "1 ",
		"1.0", "1e1", "0x1", "", "99999999999999999999",
		"18446744073709551617" };

	(void)state;
	assert_takes(SETTING_key_rotation_days, "1");
	assert_takes(SETTING_key_rotation_days, "365");
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_refuses(SETTING_key_rotation_days, bad[i]);
	assert_string_equal(setting_wrong(pool, SETTING_key_rotation_days, "0"),
	    "a number from 1 to 365");
}

static void
choices_are_whole(void **state)
{
	static const char *const bad[] = { "", "r", "ru|uk", "|", "RU", "ru ",
		"k" };

	(void)state;
	assert_takes(SETTING_language, "ru");
	assert_takes(SETTING_language, "uk");
	assert_takes(SETTING_language, "en");
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_refuses(SETTING_language, bad[i]);
	assert_takes(SETTING_registration_open, "off");
	assert_refuses(SETTING_registration_open, "o");
	assert_refuses(SETTING_registration_open, "true");
}

static void
texts_are_lines(void **state)
{
	char longest[2 * 80 + 1], longer[2 * 81 + 1];

	(void)state;
	for (size_t i = 0; i < 81; i++)
		memcpy(longer + 2 * i, "ж", 2);
	longer[sizeof(longer) - 1] = '\0';
	memcpy(longest, longer + 2, sizeof(longest));
	assert_takes(SETTING_organisation, longest);
	assert_refuses(SETTING_organisation, longer);
	assert_refuses(SETTING_organisation, "");
	assert_refuses(SETTING_organisation, "two\nlines");
	assert_refuses(SETTING_organisation, "\x7f");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_valid_and_named),
		cmocka_unit_test(numbers_are_bounded),
		cmocka_unit_test(choices_are_whole),
		cmocka_unit_test(texts_are_lines),
	};

	return cmocka_run_group_tests_name("setting", tests, make_pool,
	    free_pool);
}
