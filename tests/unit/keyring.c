/*
 * keyring: keys in a real database, whose connection string is in
 * DATABASE_URL; without one there is nothing to test here.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/pool.h"
#include "keyring.sql.h"
#include "trust/code.h"
#include "trust/keyring.h"

enum { CLIENTS = 8 };

static struct pool *pool;
static struct db *db;

static void
run(const char *text)
{
	struct query *made = pool_alloc(pool, sizeof(*made));
	static int n;

	/* A prepared statement is known by its address and its name. */
	*made = (struct query){
		pool_printf(pool, "test_%d_%d", (int)getpid(), n++), 0, text
	};
	assert_int_equal(db_run(db, made, (const char *[]){ NULL }).fault, OK);
}

static void
master(char c)
{
	char *key = pool_alloc(pool, 65);

	memset(key, c, 64);
	conf.MASTER_KEY = key;
	keyring_open();
	keyring_forget();
}

static int
begin(void **state)
{
	(void)state;
	pool = pool_new();
	db = db_new(getenv("DATABASE_URL"));
	db_pool(db, pool);
	master('a');
	run("DELETE FROM key");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	db_free(db);
	pool_free(pool);
	return 0;
}

static const struct key *
active(enum key_purpose purpose)
{
	const struct key *key;

	assert_int_equal(keyring_active(db, purpose, &key), OK);
	assert_non_null(key);
	return key;
}

static const struct key *
by_id(enum key_purpose purpose, uint8_t id)
{
	const struct key *key;

	assert_int_equal(keyring_by_id(db, purpose, id, &key), OK);
	return key;
}

static void
init_makes_what_is_missing(void **state)
{
	struct key first;

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	assert_int_equal(active(KEY_SEAL)->id, 1);
	assert_int_equal(active(KEY_TOKEN)->id, 2);
	assert_int_equal(active(KEY_PEPPER)->id, 3);
	first = *active(KEY_SEAL);
	assert_int_equal(keyring_init(db), OK);
	assert_memory_equal(active(KEY_SEAL), &first, sizeof(first));
	assert_int_equal(sql_key_list(db).n, 3);
}

static void
rotation_keeps_the_old_key(void **state)
{
	const struct code code = { .terminal = 1, .made_at = 1000 };
	char text[CODE_TEXT + 1];
	struct code opened;
	struct key old;

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	old = *active(KEY_SEAL);
	code_seal(&old, &code, text);
	assert_int_equal(keyring_rotate(db, KEY_SEAL), OK);
	assert_int_equal(active(KEY_SEAL)->id, 4);
	assert_memory_equal(by_id(KEY_SEAL, 1), &old, sizeof(old));
	assert_int_equal(code_open(by_id(KEY_SEAL, 1), text, 1000, &opened),
	    OK);
	/* A key of another purpose, or none at all. */
	assert_null(by_id(KEY_TOKEN, 1));
	assert_null(by_id(KEY_SEAL, 0));
	assert_null(by_id(KEY_SEAL, 99));
}

/* As another program sees it, which has just read the table. */
static void
a_new_key_is_found_at_once(void **state)
{
	struct db *other = db_new(getenv("DATABASE_URL"));
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	active(KEY_TOKEN);
	if ((child = fork()) == 0) {
		db_pool(other, pool);
		_exit((int)keyring_rotate(other, KEY_TOKEN));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == OK);
	assert_non_null(by_id(KEY_TOKEN, 4));
	db_free(other);
}

static void
a_pepper_is_for_ever(void **state)
{
	(void)state;
	assert_int_equal(keyring_init(db), OK);
	assert_int_equal(keyring_rotate(db, KEY_PEPPER), FAULT_CONFLICT);
	assert_int_equal(active(KEY_PEPPER)->id, 3);
}

static void
ids_go_round(void **state)
{
	(void)state;
	assert_int_equal(keyring_init(db), OK);
	run("UPDATE key SET id = 254 WHERE purpose = 'seal'");
	keyring_forget();
	/* Bound to its id: a row with another one is not that key. */
	assert_null(by_id(KEY_SEAL, 254));
	assert_int_equal(keyring_rotate(db, KEY_SEAL), OK);
	assert_int_equal(active(KEY_SEAL)->id, 255);
	assert_int_equal(keyring_rotate(db, KEY_SEAL), OK);
	assert_int_equal(active(KEY_SEAL)->id, 1);
	assert_int_equal(keyring_rotate(db, KEY_SEAL), OK);
	assert_int_equal(active(KEY_SEAL)->id, 4);

	run("INSERT INTO key SELECT id, 'seal', '', now(), now() "
	    "FROM generate_series(1, 255) id ON CONFLICT DO NOTHING");
	assert_int_equal(keyring_rotate(db, KEY_SEAL), FAULT_CONFLICT);
}

static void
another_master_key_opens_nothing(void **state)
{
	const struct key *key;

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	log_open("test", false, LOG_ERROR + 1);
	master('b');
	assert_null(by_id(KEY_SEAL, 1));
	assert_int_equal(keyring_active(db, KEY_SEAL, &key), FAULT_INTERNAL);
	assert_null(key);
	log_open("test", false, LOG_INFO);
	master('a');
	assert_non_null(by_id(KEY_SEAL, 1));
}

/* Each in its own process, as the programs are. */
static void
many_may_rotate_at_once(void **state)
{
	pid_t children[CLIENTS];
	struct rows rows;
	int status;

	(void)state;
	for (int i = 0; i < CLIENTS; i++)
		if ((children[i] = fork()) == 0) {
			struct db *own = db_new(getenv("DATABASE_URL"));
			enum fault f;

			db_pool(own, pool);
			f = keyring_init(own);
			for (int k = 0; k < 5 && f == OK; k++)
				f = keyring_rotate(own, KEY_TOKEN);
			_exit((int)f);
		}
	for (int i = 0; i < CLIENTS; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == OK);
	}
	rows = sql_key_list(db);
	assert_true(rows.n >= 8 && rows.n <= 3 + 5 * CLIENTS);
	active(KEY_SEAL);
	active(KEY_TOKEN);
	active(KEY_PEPPER);
	for (int i = 0; i < rows.n; i++)
		if (strcmp(row_text(&rows, i, "purpose"), "token") == 0)
			assert_non_null(
			    by_id(KEY_TOKEN, (uint8_t)row_int(&rows, i, "id")));
}

static void
old_keys_are_pruned(void **state)
{
	int64_t now = clock_now();

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	assert_int_equal(keyring_rotate(db, KEY_SEAL), OK);
	assert_int_equal(keyring_rotate(db, KEY_TOKEN), OK);
	assert_int_equal(sql_key_prune(db, now + 3600).n, 0);
	assert_int_equal(sql_key_prune(db, now + 86400 + 60).n, 1);
	keyring_forget();
	assert_null(by_id(KEY_SEAL, 1));
	assert_non_null(by_id(KEY_TOKEN, 2));
	assert_int_equal(sql_key_prune(db, now + 2 * 86400 + 60).n, 1);
	assert_int_equal(sql_key_list(db).n, 3);
}

static void
age_makes_a_key_due(void **state)
{
	int64_t now = clock_now();
	struct rows due;

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	due = sql_key_due(db, "seal", 3600, now + 3590);
	assert_false(row_bool(&due, 0, "due"));
	due = sql_key_due(db, "seal", 3600, now + 3660);
	assert_true(row_bool(&due, 0, "due"));
}

static const char *
backup(const char *passphrase)
{
	static const char *text;

	assert_int_equal(keyring_backup(db, passphrase, &text), OK);
	return text;
}

static enum fault
restore(const char *passphrase, const char *text)
{
	enum fault f = db_begin(db);

	return f != OK ? f :
			 db_commit(db, keyring_restore(db, passphrase, text));
}

/* Q12: a fresh installation accepts what the old one signed. */
static void
a_backup_moves_to_another_installation(void **state)
{
	struct key seal, retired, token, pepper;
	const char *text;

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	assert_int_equal(keyring_rotate(db, KEY_SEAL), OK);
	seal = *active(KEY_SEAL);
	retired = *by_id(KEY_SEAL, 1);
	token = *active(KEY_TOKEN);
	pepper = *active(KEY_PEPPER);
	text = backup("a long passphrase");
	assert_int_equal(strncmp(text, "tabel-key-backup 1\ncreated 20", 29),
	    0);

	run("DELETE FROM key");
	master('c');
	assert_int_equal(keyring_init(db), OK);
	assert_int_equal(keyring_rotate(db, KEY_PEPPER), FAULT_CONFLICT);
	assert_int_equal(keyring_rotate(db, KEY_TOKEN), OK);
	assert_int_equal(keyring_rotate(db, KEY_TOKEN), OK);
	assert_int_equal(restore("a long passphrase", text), OK);
	assert_memory_equal(active(KEY_SEAL), &seal, sizeof(seal));
	assert_memory_equal(active(KEY_TOKEN), &token, sizeof(token));
	assert_memory_equal(active(KEY_PEPPER), &pepper, sizeof(pepper));
	assert_memory_equal(by_id(KEY_SEAL, 1), &retired, sizeof(retired));
	/* What was here before is retired, and still opens. */
	assert_non_null(by_id(KEY_TOKEN, 5));
	assert_int_equal(keyring_rotate(db, KEY_TOKEN), OK);
	assert_int_equal(active(KEY_TOKEN)->id, 6);
	master('a');
}

static void
a_damaged_backup_changes_nothing(void **state)
{
	static const char pass[] = "a long passphrase";
	const char *text, *body;
	char *copy;
	struct key seal;

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	seal = *active(KEY_SEAL);
	text = backup(pass);
	body = strchr(strstr(text, "salt "), '\n') + 1;

	assert_int_equal(restore("a long passphrasE", text),
	    FAULT_KEY_BACKUP_WRONG);
	assert_int_equal(restore("", text), FAULT_KEY_BACKUP_WRONG);
	assert_int_equal(restore(pass, ""), FAULT_KEY_BACKUP_WRONG);
	assert_int_equal(restore(pass, "tabel-key-backup 1\n"),
	    FAULT_KEY_BACKUP_WRONG);
	assert_int_equal(restore(pass, body), FAULT_KEY_BACKUP_WRONG);
	assert_int_equal(restore(pass,
			     pool_strndup(pool, text, strlen(text) - 10)),
	    FAULT_KEY_BACKUP_WRONG);
	for (const char *at = text + 17; at < body + 100; at += 23) {
		copy = pool_strdup(pool, text);
		copy[at - text] = copy[at - text] == '1' ? '2' : '1';
		if (text[at - text] != '\n')
			assert_int_equal(restore(pass, copy),
			    FAULT_KEY_BACKUP_WRONG);
	}
	assert_memory_equal(active(KEY_SEAL), &seal, sizeof(seal));

	/* As a mail program may have left it. */
	copy = pool_strdup(pool, "");
	for (const char *line = text; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		copy = pool_printf(pool, "%s%.*s\r\n", copy, (int)n, line);
		line += n + 1;
	}
	assert_int_equal(restore(pass, pool_printf(pool, "%s\r\n\n", copy)),
	    OK);
	assert_memory_equal(active(KEY_SEAL), &seal, sizeof(seal));
}

static void
a_backup_says_nothing(void **state)
{
	const char *text;

	(void)state;
	assert_int_equal(keyring_init(db), OK);
	text = backup("a long passphrase");
	assert_null(strstr(text, "seal"));
	assert_null(strstr(text, hex(pool, active(KEY_SEAL)->bytes, 8)));
	assert_string_not_equal(text, backup("a long passphrase"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(init_makes_what_is_missing,
		    begin, end),
		cmocka_unit_test_setup_teardown(rotation_keeps_the_old_key,
		    begin, end),
		cmocka_unit_test_setup_teardown(a_new_key_is_found_at_once,
		    begin, end),
		cmocka_unit_test_setup_teardown(a_pepper_is_for_ever, begin,
		    end),
		cmocka_unit_test_setup_teardown(ids_go_round, begin, end),
		cmocka_unit_test_setup_teardown(
		    another_master_key_opens_nothing, begin, end),
		cmocka_unit_test_setup_teardown(many_may_rotate_at_once, begin,
		    end),
		cmocka_unit_test_setup_teardown(old_keys_are_pruned, begin,
		    end),
		cmocka_unit_test_setup_teardown(age_makes_a_key_due, begin,
		    end),
		cmocka_unit_test_setup_teardown(
		    a_backup_moves_to_another_installation, begin, end),
		cmocka_unit_test_setup_teardown(
		    a_damaged_backup_changes_nothing, begin, end),
		cmocka_unit_test_setup_teardown(a_backup_says_nothing, begin,
		    end),
	};

	if (getenv("DATABASE_URL") == NULL) {
		puts("1..0 # SKIP DATABASE_URL names no database");
		return 0;
	}
	return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
