#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"

static char directory[] = "/tmp/tabel-conf-XXXXXX";
static char path[64], key_path[64];
static char said[8192];

#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define GOOD \
	"BOT_TOKEN=42:TEST\nBOT_USERNAME=tabel_bot\n" \
	"DATABASE_URL=\"host=/run/pg dbname=tabel password=a#b\"\n" \
	"MASTER_KEY=" KEY "\n"

static const char *const names[] = {
#define CONF_TEXT(name, def, sentence) #name,
#define CONF_SECRET CONF_TEXT
#define CONF_URL CONF_TEXT
#define CONF_INT(name, def, least, most, sentence) #name,
#include "base/conf.def"
};

static void
write_file(const char *where, const char *text, size_t n)
{
	FILE *file = fopen(where, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

/* Problems found in that text; what was said about them is in said. */
static int
problems_n(const char *text, size_t n)
{
	FILE *err = fmemopen(said, sizeof(said), "w");
	int problems;

	write_file(path, text, n);
	problems = conf_read(path, err);
	fclose(err);
	return problems;
}

static int
problems(const char *text)
{
	return problems_n(text, strlen(text));
}

static void
only_one(const char *text, const char *about)
{
	if (problems(text) != 1 || strstr(said, about) == NULL)
		fail_msg("%s: said \"%s\", not about %s", text, said, about);
}

static void
a_file_is_read(void **state)
{
	(void)state;
	assert_int_equal(
	    problems(
		"# comment\n\n  \t\n" GOOD
		"  LISTEN = '0.0.0.0:80' \r\nTOKEN_MINUTES=5\nAPP_NAME=\n"),
	    0);
	assert_string_equal(conf.DATABASE_URL,
	    "host=/run/pg dbname=tabel password=a#b");
	assert_string_equal(conf.LISTEN, "0.0.0.0:80");
	assert_string_equal(conf.APP_NAME, "");
	assert_string_equal(conf.LOG_FORMAT, "logfmt");
	assert_int_equal(conf.TOKEN_MINUTES, 5);
	assert_int_equal(conf.BCRYPT_COST, 10);
}

static void
the_environment_wins(void **state)
{
	(void)state;
	setenv("TOKEN_MINUTES", "7", 1);
	setenv("BOT_USERNAME", "other_bot", 1);
	assert_int_equal(problems(GOOD "TOKEN_MINUTES=nonsense\n"), 0);
	assert_int_equal(conf.TOKEN_MINUTES, 7);
	assert_string_equal(conf.BOT_USERNAME, "other_bot");
	unsetenv("TOKEN_MINUTES");
	unsetenv("BOT_USERNAME");
}

static void
each_problem_is_named(void **state)
{
	(void)state;
	only_one(GOOD "TOKEN_MINUTES=0\n", "TOKEN_MINUTES: ");
	only_one(GOOD "TOKEN_MINUTES=1441\n", "TOKEN_MINUTES: ");
	only_one(GOOD "TOKEN_MINUTES=\n", "TOKEN_MINUTES: ");
	only_one(GOOD "TOKEN_MINUTES=6x\n", "TOKEN_MINUTES: ");
	only_one(GOOD "TOKEN_MINUTES=1e1\n", "TOKEN_MINUTES: ");
	only_one(GOOD "TOKEN_MINUTES=99999999999999999999\n",
	    "TOKEN_MINUTES: ");
	only_one(GOOD "PUBLIC_URL=https://tabel.example/\n", "PUBLIC_URL: ");
	only_one(GOOD "PUBLIC_URL=tabel.example\n", "PUBLIC_URL: ");
	only_one(GOOD "PUBLIC_URL=https://\n", "PUBLIC_URL: ");
	only_one(GOOD "PUBLIC_URL=ftp://tabel.example\n", "PUBLIC_URL: ");
	only_one(GOOD "PUBLIC_URL=http://a b\n", "PUBLIC_URL: ");
	only_one(GOOD "LOG_FORMAT=xml\n", "LOG_FORMAT: ");
	only_one(GOOD "LOG_LEVEL=loud\n", "LOG_LEVEL: ");
	only_one(GOOD "FIRST_ADMIN_ID=@anna\n", "FIRST_ADMIN_ID: ");
	only_one(GOOD "COLOUR=red\n", "COLOUR: there is no such setting");
	only_one(GOOD "token_minutes=5\n", "token_minutes: ");
	only_one(GOOD "LISTEN\n", ": this is not KEY=value.");
	only_one(GOOD "LISTEN=a\nLISTEN=b\n", "LISTEN: is set twice");
	assert_true(problems_n(GOOD "LISTEN=a\0b\n",
			sizeof(GOOD "LISTEN=a\0b\n") - 1) > 0);
	assert_non_null(strstr(said, "TABEL_CONF: "));
}

static void
all_problems_are_told_at_once(void **state)
{
	(void)state;
	assert_int_equal(problems("BOT_TOKEN=\nBOT_USERNAME=@bot\nLOG_LEVEL=x"),
	    5);
	assert_non_null(strstr(said, "BOT_TOKEN: is required."));
	assert_non_null(strstr(said, "BOT_USERNAME: "));
	assert_non_null(strstr(said, "DATABASE_URL: is required."));
	assert_non_null(strstr(said, "LOG_LEVEL: "));
	assert_non_null(strstr(said, "MASTER_KEY_FILE: "));
}

static void
a_bot_token_has_two_parts(void **state)
{
	static const char *const bad[] = { "TEST", ":TEST", "42:", "x:TEST",
		"42:TE/ST", "42:a:b", "42:TE ST" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		setenv("BOT_TOKEN", bad[i], 1);
		only_one(GOOD, "BOT_TOKEN: ");
		assert_null(strstr(said, bad[i]));
	}
	unsetenv("BOT_TOKEN");
}

static void
a_file_that_is_not_there_is_a_problem(void **state)
{
	FILE *err = fmemopen(said, sizeof(said), "w");

	(void)state;
	assert_true(conf_read("/nonexistent/tabel.conf", err) > 1);
	fclose(err);
	assert_non_null(strstr(said, "/nonexistent/tabel.conf"));
}

static void
others_must_not_read_the_master_key(void **state)
{
	static const mode_t open_modes[] = { 0640, 0604, 0660, 0620, 0601 };
	char text[1024];

	(void)state;
	snprintf(text, sizeof(text),
	    "BOT_TOKEN=42:TEST\nBOT_USERNAME=bot\n"
	    "DATABASE_URL=x\nMASTER_KEY_FILE=%s\n",
	    key_path);
	unlink(key_path);
	only_one(text, "MASTER_KEY_FILE: cannot read");
	write_file(key_path, KEY "\n", sizeof(KEY));
	for (size_t i = 0; i < LENGTH(open_modes); i++) {
		chmod(key_path, open_modes[i]);
		only_one(text, "must be 0600");
	}
	chmod(key_path, 0600);
	assert_int_equal(problems(text), 0);
	chmod(key_path, 0400);
	assert_int_equal(problems(text), 0);
}

static void
secrets_are_not_printed(void **state)
{
	static char out[16384];
	FILE *file = fmemopen(out, sizeof(out), "w");

	(void)state;
	assert_int_equal(problems(GOOD), 0);
	conf_print(file);
	fclose(file);
	for (size_t i = 0; i < LENGTH(names); i++)
		assert_non_null(strstr(out, names[i]));
	assert_non_null(strstr(out, "BOT_TOKEN=***  # "));
	assert_non_null(strstr(out, "DATABASE_URL=***  # "));
	assert_non_null(strstr(out, "TOKEN_MINUTES=60  # "));
	assert_null(strstr(out, "42:TEST"));
	assert_null(strstr(out, KEY));
	assert_null(strstr(out, "password="));
}

static int
make_directory(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++)
		unsetenv(names[i]);
	if (mkdtemp(directory) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/tabel.conf", directory);
	snprintf(key_path, sizeof(key_path), "%s/master.key", directory);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	unlink(path);
	unlink(key_path);
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read),
		cmocka_unit_test(the_environment_wins),
		cmocka_unit_test(each_problem_is_named),
		cmocka_unit_test(all_problems_are_told_at_once),
		cmocka_unit_test(a_bot_token_has_two_parts),
		cmocka_unit_test(a_file_that_is_not_there_is_a_problem),
		cmocka_unit_test(others_must_not_read_the_master_key),
		cmocka_unit_test(secrets_are_not_printed),
	};

	return cmocka_run_group_tests_name("conf", tests, make_directory,
	    remove_directory);
}
