#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "base/pool.h"
#include "base/text.h"

static char dir[] = "/tmp/tabel-text.XXXXXX";
static struct pool *pool;

static void
catalogue(const char *language, const char *text)
{
	FILE *f = fopen(pool_printf(pool, "%s/%s.json", dir, language), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	fclose(f);
}

static int
setup(void **state)
{
	(void)state;
	pool = pool_new();
	assert_non_null(mkdtemp(dir));
	catalogue("ru",
	    "{\"a\": \"<b>{time}</b> приход: {name}\", "
	    "\"plain\": \"Да\", \"odd\": \"{ {} {no such} {{name}} {name\"}");
	catalogue("uk", "{\"a\": \"{time} прихід: {name}\"}");
	catalogue("en", "{\"a\": \"{time} in: {name}\"}");
	text_open(dir);
	return 0;
}

static int
teardown(void **state)
{
	static const char *const languages[] = { "ru", "uk", "en" };

	(void)state;
	for (size_t i = 0; i < LENGTH(languages); i++)
		unlink(pool_printf(pool, "%s/%s.json", dir, languages[i]));
	rmdir(dir);
	pool_free(pool);
	return 0;
}

static const char *
rendered(const char *language, const char *key, const char *params)
{
	return text_render(pool, language, key,
	    params == NULL ? NULL :
			     json_parse(pool, params, strlen(params), NULL));
}

static void
languages_have_their_texts(void **state)
{
	const char *params = "{\"name\": \"Анна\", \"time\": \"08:58\"}";

	(void)state;
	assert_string_equal(rendered("ru", "a", params),
	    "<b>08:58</b> приход: Анна");
	assert_string_equal(rendered("uk", "a", params), "08:58 прихід: Анна");
	assert_string_equal(rendered("en", "a", params), "08:58 in: Анна");
	assert_string_equal(rendered("de", "a", params),
	    rendered("ru", "a", params));
	assert_string_equal(rendered(NULL, "plain", NULL), "Да");
}

static void
no_param_makes_markup(void **state)
{
	(void)state;
	assert_string_equal(
	    rendered("en", "a",
		"{\"name\": \"<b>&\\\"{time}\", \"time\": \"{name}\"}"),
	    "{name} in: &lt;b&gt;&amp;&quot;{time}");
}

static void
numbers_are_texts(void **state)
{
	(void)state;
	assert_string_equal(rendered("en", "a",
				"{\"name\": -9007199254740991, \"time\": 1.5}"),
	    "1.5 in: -9007199254740991");
}

static void
placeholders_without_a_param_stay(void **state)
{
	(void)state;
	assert_string_equal(rendered("en", "a", NULL), "{time} in: {name}");
	assert_string_equal(rendered("en", "a",
				"{\"name\": null, \"time\": [1]}"),
	    "{time} in: {name}");
	assert_string_equal(rendered("ru", "odd", "{\"name\": \"x\"}"),
	    "{ {} {no such} {x} {name");
}

static void
a_key_that_is_not_there_has_no_text(void **state)
{
	(void)state;
	assert_null(rendered("uk", "plain", NULL));
	assert_null(rendered("ru", "", NULL));
}

static int
status_of_open(const char *directory)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		freopen("/dev/null", "w", stderr);
		text_open(directory);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
bad_catalogues_end_the_program(void **state)
{
	(void)state;
	assert_int_equal(status_of_open(dir), 0);
	assert_int_equal(status_of_open("/nonexistent"), 1);
	catalogue("uk", "{\"a\": \"x\", }");
	assert_int_equal(status_of_open(dir), 1);
	catalogue("uk", "[]");
	assert_int_equal(status_of_open(dir), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages_have_their_texts),
		cmocka_unit_test(no_param_makes_markup),
		cmocka_unit_test(numbers_are_texts),
		cmocka_unit_test(placeholders_without_a_param_stay),
		cmocka_unit_test(a_key_that_is_not_there_has_no_text),
		cmocka_unit_test(bad_catalogues_end_the_program),
	};

	return cmocka_run_group_tests_name("text", tests, setup, teardown);
}
