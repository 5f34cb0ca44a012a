#include "unit.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/pool.h"

/* What was written to standard error since begin(). */
static char text[64 * 1024];
static FILE *file;
static int real_stderr;

static void
begin(void)
{
	file = tmpfile();
	assert_non_null(file);
	fflush(stderr);
	real_stderr = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
}

static const char *
end(void)
{
	size_t n;

	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	rewind(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = '\0';
	fclose(file);
	return text;
}

static int
lines(const char *s)
{
	int n = 0;

	while ((s = strchr(s, '\n')) != NULL) {
		n++;
		s++;
	}
	return n;
}

static void
logfmt_quotes_what_it_must(void **state)
{
	(void)state;
	log_open("events", false, LOG_INFO);
	begin();
	log_line(LOG_INFO, "request", "path", "/employees/{id}", "status",
	    "200", "gone", (const char *)NULL, "empty", "", "name", "Анна К.",
	    NULL);
	end();
	assert_int_equal(strncmp(text, "time=20", 7), 0);
	assert_non_null(strstr(text,
	    "Z level=info program=events "
	    "msg=request path=/employees/{id} status=200 empty=\"\" "
	    "name=\"Анна К.\"\n"));
}

static void
no_value_forges_a_line_or_a_field(void **state)
{
	(void)state;
	log_open("events", false, LOG_INFO);
	begin();
	log_line(LOG_WARN, "x", "a", "1\nlevel=error", "b", "1 c=2", "d",
	    "say \"no\" \\", "e", "\x1b[31m\x7f\xc2\x9b", "f",
	    "\xff\xed\xa0\x80", NULL);
	end();
	assert_int_equal(lines(text), 1);
	assert_non_null(strstr(text,
	    " a=\"1\\u000alevel=error\" b=\"1 c=2\" "
	    "d=\"say \\\"no\\\" \\\\\" e=\"\\u001b[31m\\u007f\\u009b\" "
	    "f=\"\\ufffd\\ufffd\\ufffd\\ufffd\"\n"));
}

/* What others say of themselves may come in lines. */
static void
a_sentence_is_one_line(void **state)
{
	(void)state;
	log_open("events", false, LOG_INFO);
	begin();
	log_error("db: %s", "it failed\n\tIs it running?\n");
	end();
	assert_non_null(
	    strstr(text, " msg=\"db: it failed  Is it running?\"\n"));
}

static void
json_lines_are_json(void **state)
{
	struct pool *p = pool_new();
	struct json_object *o;
	const char *s, *why = "";

	(void)state;
	log_open("events", true, LOG_INFO);
	begin();
	log_line(LOG_ERROR, "bad \"thing\"", "a", "1\n2\t\x01\xff", "b", "имя",
	    NULL);
	end();
	assert_int_equal(lines(text), 1);
	o = json_parse(p, text, strlen(text), &why);
	assert_string_equal(why, "");
	assert_true(json_text(o, "msg", &s));
	assert_string_equal(s, "bad \"thing\"");
	assert_true(json_text(o, "a", &s));
	assert_string_equal(s, "1\n2\t\x01\xef\xbf\xbd");
	assert_true(json_text(o, "level", &s));
	assert_string_equal(s, "error");
	pool_free(p);
}

/* A line that one write() puts into a pipe whole, whatever it is about. */
static void
long_values_are_cut(void **state)
{
	static char value[5000];
	struct pool *p = pool_new();

	(void)state;
	for (int json = 0; json < 2; json++)
		for (int c = 0; c < 3; c++) {
			memset(value, "x\n\xff"[c], sizeof(value) - 1);
			log_open("p", json, LOG_INFO);
			begin();
			log_line(LOG_INFO, value, "a", value, "b", value, "c",
			    value, "d", value, "e", "short", NULL);
			end();
			assert_int_equal(lines(text), 1);
			assert_true(strlen(text) <= PIPE_BUF);
			if (json)
				assert_non_null(
				    json_parse(p, text, strlen(text), NULL));
		}
	pool_free(p);
}

static void
lower_levels_are_left_out(void **state)
{
	(void)state;
	assert_int_equal(log_level_of("debug"), LOG_DEBUG);
	assert_int_equal(log_level_of("error"), LOG_ERROR);
	assert_int_equal(log_level_of("?"), LOG_INFO);
	log_open("p", false, LOG_WARN);
	begin();
	log_info("no");
	log_warn("%s", "yes");
	log_error("%d%%", 7);
	end();
	assert_int_equal(lines(text), 2);
	assert_non_null(strstr(text, "level=warn program=p msg=yes\n"));
	assert_non_null(strstr(text, "level=error program=p msg=7%\n"));
}

static void
die_ends_with_status_one(void **state)
{
	pid_t child;
	int status;

	(void)state;
	log_open("p", false, LOG_INFO);
	begin();
	child = fork();
	if (child == 0)
		log_die("no %s", "more");
	assert_int_equal(waitpid(child, &status, 0), child);
	end();
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	assert_non_null(strstr(text, "msg=\"no more\"\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logfmt_quotes_what_it_must),
		cmocka_unit_test(no_value_forges_a_line_or_a_field),
		cmocka_unit_test(a_sentence_is_one_line),
		cmocka_unit_test(json_lines_are_json),
		cmocka_unit_test(long_values_are_cut),
		cmocka_unit_test(lower_levels_are_left_out),
		cmocka_unit_test(die_ends_with_status_one),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
