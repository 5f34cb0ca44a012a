#include "tabelctl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/pool.h"
#include "data/db.h"
#include "trust/keyring.h"
#include "trust/password.h"
#include "web/field.h"
#include "work/event.h"
#include "access.sql.h"
#include "tabelctl.sql.h"

int
ctl_fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return 1;
}

int
ctl_usage(const struct ctl *ctl)
{
	fprintf(stderr, "usage: tabelctl %s\n", ctl->usage);
	return 2;
}

int
ctl_fault(enum fault f)
{
	return ctl_fail("%s", fault_info[f].title);
}

const char *
ctl_sql_dir(void)
{
	return *conf.SQL_DIR != '\0' ? conf.SQL_DIR : PKGDATADIR "/sql";
}

enum fault
ctl_begin(struct ctl *ctl)
{
	enum fault f = db_begin(ctl->db);

	return f == OK ? sql_actor_set(ctl->db, "tabelctl").fault : f;
}

static int
settings(struct ctl *ctl)
{
	int problems = conf_read(getenv("TABEL_CONF"), stderr);

	(void)ctl;
	conf_print(stdout);
	return problems == 0 ? 0 : 1;
}

static int
init(struct ctl *ctl)
{
	enum fault f = ctl_begin(ctl);

	if (f == OK)
		f = keyring_init(ctl->db);
	f = db_commit(ctl->db, f);
	return f == OK ? 0 : ctl_fault(f);
}

static int
migrate(struct ctl *ctl)
{
	const char *script = pool_printf(ctl->pool, "%s/migrate.sh",
	    ctl_sql_dir());
	char *args[] = { pool_strdup(ctl->pool, "sh"),
		pool_strdup(ctl->pool, script),
		ctl->argc > 0 ? ctl->argv[0] :
		    *conf.MIGRATE_URL == '\0' ?
				NULL :
				pool_strdup(ctl->pool, conf.MIGRATE_URL),
		NULL };

	execv("/bin/sh", args);
	return ctl_fail("%s cannot be run.", script);
}

/* A new random password and all rights, also for who was not there. */
static enum fault
make_admin(struct ctl *ctl, const char *username, const char **password)
{
	const struct key *pepper;
	enum fault f = keyring_active(ctl->db, KEY_PEPPER, &pepper);

	if (f != OK)
		return f;
	*password = password_random(ctl->pool);
	return sql_admin_make(ctl->db, username,
	    password_hash(ctl->pool, pepper, *password), clock_now())
	    .fault;
}

static int
admin(struct ctl *ctl)
{
	const char *username = ctl->argv[0], *password = NULL;
	enum fault f;

	if (!is_username(username))
		return ctl_fail("\"%s\" cannot be a user name: Latin "
				"letters, digits and . _ - @ only.",
		    username);
	f = ctl_begin(ctl);
	if (f == OK)
		f = make_admin(ctl, username, &password);
	f = db_commit(ctl->db, f);
	if (f != OK)
		return ctl_fault(f);
	printf("user %s\npassword %s\n", username, password);
	return 0;
}

static enum fault
rebuild_all(struct ctl *ctl, int64_t employee)
{
	enum fault f = ctl_begin(ctl);

	if (f == OK)
		f = event_lock(ctl->db, employee);
	if (f == OK)
		f = event_rebuild(ctl->db, employee, clock_now());
	return db_commit(ctl->db, f);
}

/* Closed months stay as they were signed, whatever is known better now. */
static enum fault
rebuild_open(struct ctl *ctl, int64_t employee)
{
	const char *day = NULL;
	enum fault f = ctl_begin(ctl);

	if (f == OK)
		f = event_lock(ctl->db, employee);
	if (f == OK)
		f = event_rebuild_open(ctl->db, employee, clock_now(), &day);
	if ((f = db_commit(ctl->db, f)) == OK)
		fprintf(stderr,
		    "Employee %" PRId64 ": closed months would change and "
		    "stay as they are; derived from %s on.\n",
		    employee, day);
	return f;
}

/* Employee by employee, each in a transaction and a pool of his own. */
static int
rebuild(struct ctl *ctl)
{
	struct rows all = sql_rebuild_list(ctl->db);
	struct pool *pool = pool_new();
	enum fault f = all.fault;

	db_pool(ctl->db, pool);
	for (int i = 0; i < all.n && f == OK; i++) {
		int64_t employee = row_int(&all, i, "id");

		f = rebuild_all(ctl, employee);
		if (f == FAULT_PERIOD_CLOSED)
			f = rebuild_open(ctl, employee);
		pool_reset(pool);
	}
	db_pool(ctl->db, ctl->pool);
	pool_free(pool);
	if (f != OK)
		return ctl_fault(f);
	printf("%d employees\n", all.n);
	return 0;
}

static int help(struct ctl *);

enum needs { NOTHING, SETTINGS, DATABASE };

static const struct command {
	const char *usage; /* its name and arguments */
	int (*run)(struct ctl *);
	enum needs needs;
	int least, most; /* arguments */
	const char *sentence;
} commands[] = {
	{ "admin NAME", admin, DATABASE, 1, 1,
	    "Makes or revives an administrator; prints his new password." },
	{ "backup FILE [--database CONNECTION] [--passphrase-file FILE]",
	    backup, DATABASE, 1, 5,
	    "Database and keys in one file, the keys under a passphrase." },
	{ "bot setup | check", bot, DATABASE, 1, 1,
	    "Tells Telegram where we are, or says what is wrong there." },
	{ "check", check, NOTHING, 0, 0,
	    "Says what is wrong with this installation." },
	{ "clean --older-than AGE [--database CONNECTION]", clean, SETTINGS, 2,
	    4,
	    "Removes scans and taps that became no event, and old messages." },
	{ "demo", demo, DATABASE, 0, 0,
	    "Fills an empty installation with a small clinic." },
	{ "help", help, NOTHING, 0, 0, "Prints this list." },
	{ "init", init, DATABASE, 0, 0,
	    "Makes the keys that are missing; safe to repeat." },
	{ "keys list | rotate [seal|token] | backup|restore FILE "
	  "[--passphrase-file FILE]",
	    keys, DATABASE, 1, 4,
	    "Lists, renews, saves or brings back the keys." },
	{ "links", links, DATABASE, 0, 0,
	    "Prints what to open, with fresh pairing codes." },
	{ "migrate [CONNECTION]", migrate, SETTINGS, 0, 1,
	    "Brings the database to the present schema, as tabel_migrator." },
	{ "rebuild", rebuild, DATABASE, 0, 0,
	    "Derives meanings, intervals and worked days again." },
	{ "restore FILE [--database CONNECTION] [--passphrase-file FILE]",
	    restore, DATABASE, 1, 5,
	    "Brings a backup into an empty installation." },
	{ "settings", settings, NOTHING, 0, 0,
	    "Prints the settings of this installation." },
};

enum { N_COMMANDS = sizeof(commands) / sizeof(*commands) };

static const struct command *
command_named(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < N_COMMANDS; i++)
		if (strncmp(commands[i].usage, name, n) == 0 &&
		    strcspn(commands[i].usage, " ") == n)
			return &commands[i];
	return NULL;
}

static bool
is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int
help(struct ctl *ctl)
{
	(void)ctl;
	printf("usage: tabelctl COMMAND\n\n");
	for (size_t i = 0; i < N_COMMANDS; i++)
		printf("%s\n\t%s\n", commands[i].usage, commands[i].sentence);
	return 0;
}

static int
run(const struct command *c, struct ctl *ctl)
{
	const char *why;

	ctl->usage = c->usage;
	if (ctl->argc > 0 && is_help(ctl->argv[0])) {
		printf("usage: tabelctl %s\n\n%s\n", c->usage, c->sentence);
		return 0;
	}
	if (ctl->argc < c->least || ctl->argc > c->most)
		return ctl_usage(ctl);
	if (c->needs >= SETTINGS)
		conf_load();
	if (c->needs >= DATABASE) {
		keyring_open();
		ctl->db = db_new(conf.DATABASE_URL);
		db_pool(ctl->db, ctl->pool);
		if (!db_up(ctl->db, &why))
			return ctl_fail("%s", why);
	}
	return c->run(ctl);
}

int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	struct ctl ctl = { .pool = pool_new(),
		.argc = argc - 2,
		.argv = argv + 2,
		.usage = "COMMAND; \"tabelctl help\" lists the commands." };
	const struct command *c = command_named(is_help(name) ? "help" : name);
	int status;

	log_open("tabelctl", false, LOG_WARN);
	status = c != NULL ? run(c, &ctl) : ctl_usage(&ctl);
	if (ctl.db != NULL)
		db_free(ctl.db);
	pool_free(ctl.pool);
	return fflush(stdout) == 0 ? status : 1;
}
