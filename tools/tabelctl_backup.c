/*
 * backup and restore: database and keys in one file, and back; clean.
 *
 * What needs PostgreSQL's own programs is done by scripts in sql/, as the
 * owner of the schema; the keys are ours.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/pool.h"
#include "data/db.h"
#include "tabelctl.h"
#include "trust/crypto.h"
#include "trust/keyring.h"

enum { ARGS_MAX = 4 };
#define ARGS(...) ((const char *[ARGS_MAX]){ __VA_ARGS__ })

struct backup {
	const char *file, *age;
	const char *database; /* the migrator's, or NULL */
	const char *passphrase_file;
	char passphrase[PASSPHRASE_SIZE];
	char *dir; /* where the parts are */
};

static bool
parse(struct ctl *ctl, struct backup *b)
{
	static const char *const names[] = { "--database", "--older-than",
		"--passphrase-file" };
	const char **const values[] = { &b->database, &b->age,
		&b->passphrase_file };
	size_t k;

	b->database = *conf.MIGRATE_URL != '\0' ? conf.MIGRATE_URL : NULL;
	for (int i = 0; i < ctl->argc; i++) {
		for (k = 0; k < 3 && strcmp(names[k], ctl->argv[i]) != 0;)
			k++;
		if (k < 3 && i + 1 < ctl->argc)
			*values[k] = ctl->argv[++i];
		else if (k == 3 && b->file == NULL && *ctl->argv[i] != '-')
			b->file = ctl->argv[i];
		else
			return false;
	}
	return true;
}

/* Runs a script of sql/ with the arguments, which end in NULL. */
static int
script(struct ctl *ctl, const char *name, const char *const args[ARGS_MAX])
{
	char *argv[ARGS_MAX + 3] = { pool_strdup(ctl->pool, "sh"),
		pool_printf(ctl->pool, "%s/%s", ctl_sql_dir(), name) };
	int status;
	pid_t pid;

	for (int i = 0; i < ARGS_MAX && args[i] != NULL; i++)
		argv[i + 2] = pool_strdup(ctl->pool, args[i]);
	if ((pid = fork()) == 0) {
		execv("/bin/sh", argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return ctl_fail("%s cannot be run.", argv[1]);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

static const char *
part(struct ctl *ctl, const struct backup *b, const char *name)
{
	return pool_printf(ctl->pool, "%s/%s", b->dir, name);
}

static int
dir_make(struct ctl *ctl, struct backup *b, const char *beside)
{
	b->dir = pool_printf(ctl->pool, "%s.XXXXXX", beside);
	return mkdtemp(b->dir) != NULL ?
	    0 :
	    ctl_fail("No directory can be made beside %s: %s.", beside,
		strerror(errno));
}

static void
dir_remove(struct ctl *ctl, const struct backup *b)
{
	static const char *const parts[] = { "before", "database", "keys",
		"manifest", "packed", "script" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		unlink(part(ctl, b, parts[i]));
	rmdir(b->dir);
}

/* The keys after the database, so that none is missing for it. */
static int
write_parts(struct ctl *ctl, struct backup *b)
{
	const char *text;
	enum fault f;

	if (script(ctl, "backup.sh", ARGS("dump", b->dir, b->database)) != 0)
		return 1;
	f = keyring_backup(ctl->db, b->passphrase, &text);
	if (f != OK)
		return ctl_fault(f);
	if (ctl_write_secret(part(ctl, b, "keys"), text) != 0)
		return 1;
	return script(ctl, "backup.sh", ARGS("pack", b->dir, b->file));
}

int
backup(struct ctl *ctl)
{
	struct backup b = { 0 };
	int status = 1;

	if (!parse(ctl, &b) || b.file == NULL || b.age != NULL)
		return ctl_usage(ctl);
	if (access(b.file, F_OK) == 0)
		return ctl_fail("%s is there already.", b.file);
	if (ctl_passphrase(b.passphrase_file, true, b.passphrase) == 0 &&
	    dir_make(ctl, &b, b.file) == 0) {
		status = write_parts(ctl, &b);
		dir_remove(ctl, &b);
	}
	crypto_wipe(b.passphrase, sizeof(b.passphrase));
	return status;
}

static int
restore_keys(struct ctl *ctl, struct backup *b, const char *text)
{
	enum fault f = ctl_begin(ctl);

	if (f == OK)
		f = keyring_restore(ctl->db, b->passphrase, text);
	f = db_commit(ctl->db, f);
	return f == OK ? 0 : ctl_fault(f);
}

/* The passphrase is tried before the database is touched. */
static int
read_parts(struct ctl *ctl, struct backup *b)
{
	const char *text;

	if (script(ctl, "backup.sh", ARGS("unpack", b->file, b->dir)) != 0)
		return 1;
	text = ctl_read(ctl, part(ctl, b, "keys"));
	if (text == NULL)
		return ctl_fault(FAULT_KEY_BACKUP_WRONG);
	if (ctl_passphrase(b->passphrase_file, false, b->passphrase) != 0)
		return 1;
	if (!keyring_backup_opens(ctl->pool, b->passphrase, text))
		return ctl_fault(FAULT_KEY_BACKUP_WRONG);
	if (script(ctl, "backup.sh", ARGS("load", b->dir, b->database)) != 0)
		return 1;
	return restore_keys(ctl, b, text);
}

int
restore(struct ctl *ctl)
{
	const char *tmp = getenv("TMPDIR");
	struct backup b = { 0 };
	int status = 1;

	if (!parse(ctl, &b) || b.file == NULL || b.age != NULL)
		return ctl_usage(ctl);
	if (access(b.file, R_OK) != 0)
		return ctl_fail("%s cannot be opened.", b.file);
	if (dir_make(ctl, &b,
		pool_printf(ctl->pool, "%s/tabel-restore",
		    tmp != NULL && *tmp != '\0' ? tmp : "/tmp")) == 0) {
		status = read_parts(ctl, &b);
		dir_remove(ctl, &b);
	}
	crypto_wipe(b.passphrase, sizeof(b.passphrase));
	if (status == 0)
		printf("All is back; restart the programs.\n");
	return status;
}

int
clean(struct ctl *ctl)
{
	struct backup b = { 0 };

	if (!parse(ctl, &b) || b.age == NULL || b.file != NULL ||
	    b.passphrase_file != NULL)
		return ctl_usage(ctl);
	return script(ctl, "clean.sh", ARGS(b.age, b.database));
}
