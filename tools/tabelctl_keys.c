#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/pool.h"
#include "base/utf8.h"
#include "data/db.h"
#include "tabelctl.h"
#include "trust/crypto.h"
#include "trust/keyring.h"
#include "tabelctl.sql.h"

enum { PASSPHRASE_LEAST = 12, BACKUP_MOST = 1 << 20 };

struct keys_args {
	const char *verb, *file, *passphrase_file;
	char passphrase[PASSPHRASE_SIZE];
};

static bool
read_line(FILE *f, char line[PASSPHRASE_SIZE])
{
	if (fgets(line, PASSPHRASE_SIZE, f) == NULL)
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* Asks at the terminal, where nobody reads over the shoulder. */
static bool
ask(FILE *tty, const char *what, char line[PASSPHRASE_SIZE])
{
	struct termios seen, unseen;
	bool well;

	if (tcgetattr(fileno(tty), &seen) != 0)
		return false;
	unseen = seen;
	unseen.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(fileno(tty), TCSAFLUSH, &unseen);
	fputs(what, tty);
	fflush(tty);
	well = read_line(tty, line);
	tcsetattr(fileno(tty), TCSAFLUSH, &seen);
	fputc('\n', tty);
	return well;
}

static int
ask_passphrase(char passphrase[PASSPHRASE_SIZE], bool twice)
{
	char again[PASSPHRASE_SIZE];
	FILE *tty = fopen("/dev/tty", "r+");
	bool well, same = true;

	if (tty == NULL)
		return ctl_fail("There is no terminal to ask for the "
				"passphrase: give --passphrase-file.");
	well = ask(tty, "Passphrase of the backup: ", passphrase);
	if (well && twice) {
		well = ask(tty, "Once more: ", again);
		same = well && strcmp(passphrase, again) == 0;
		crypto_wipe(again, sizeof(again));
	}
	fclose(tty);
	if (!well)
		return ctl_fail("No passphrase was given.");
	return same ? 0 : ctl_fail("The two passphrases are not the same.");
}

static int
passphrase_get(const char *path, bool twice, char passphrase[PASSPHRASE_SIZE])
{
	FILE *f;
	bool well;

	if (path == NULL)
		return ask_passphrase(passphrase, twice);
	if ((f = fopen(path, "r")) == NULL)
		return ctl_fail("%s cannot be opened.", path);
	well = read_line(f, passphrase);
	fclose(f);
	return well ? 0 : ctl_fail("%s is empty.", path);
}

int
ctl_passphrase(const char *path, bool is_new, char passphrase[PASSPHRASE_SIZE])
{
	if (passphrase_get(path, is_new, passphrase) != 0)
		return 1;
	return !is_new || utf8_length(passphrase) >= PASSPHRASE_LEAST ?
	    0 :
	    ctl_fail("The passphrase must have at least %d characters.",
		PASSPHRASE_LEAST);
}

static int
list(struct ctl *ctl, struct keys_args *a)
{
	struct rows r = sql_keys_list(ctl->db);

	(void)a;
	if (r.fault != OK)
		return ctl_fault(r.fault);
	for (int i = 0; i < r.n; i++)
		printf("%s\t%s\tfrom %s\t%s%s\n", row_text(&r, i, "id"),
		    row_text(&r, i, "purpose"), row_text(&r, i, "active_from"),
		    row_null(&r, i, "retired_at") ? "active" : "retired ",
		    row_null(&r, i, "retired_at") ?
			"" :
			row_text(&r, i, "retired_at"));
	return 0;
}

static int
rotate(struct ctl *ctl, struct keys_args *a)
{
	bool both = a->file == NULL;
	bool seal = both || strcmp(a->file, "seal") == 0;
	bool token = both || strcmp(a->file, "token") == 0;
	enum fault f;

	if (!seal && !token)
		return ctl_fail("Only the keys \"seal\" and \"token\" can be "
				"rotated: every password hangs on the pepper.");
	f = ctl_begin(ctl);
	if (f == OK && seal)
		f = keyring_rotate(ctl->db, KEY_SEAL);
	if (f == OK && token)
		f = keyring_rotate(ctl->db, KEY_TOKEN);
	f = db_commit(ctl->db, f);
	return f == OK ? 0 : ctl_fault(f);
}

int
ctl_write_secret(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t n = strlen(text);
	bool whole;

	if (fd < 0)
		return ctl_fail("%s cannot be made, or is there already.",
		    path);
	whole = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
	if (close(fd) == 0 && whole)
		return 0;
	unlink(path);
	return ctl_fail("%s cannot be written.", path);
}

static int
keys_backup(struct ctl *ctl, struct keys_args *a)
{
	const char *text;
	enum fault f;

	if (a->file == NULL)
		return ctl_usage(ctl);
	if (ctl_passphrase(a->passphrase_file, true, a->passphrase) != 0)
		return 1;
	f = keyring_backup(ctl->db, a->passphrase, &text);
	return f != OK ? ctl_fault(f) : ctl_write_secret(a->file, text);
}

const char *
ctl_read(struct ctl *ctl, const char *path)
{
	char *text = pool_alloc(ctl->pool, BACKUP_MOST + 1);
	FILE *file = fopen(path, "r");
	size_t n;

	if (file == NULL)
		return NULL;
	n = fread(text, 1, BACKUP_MOST, file);
	fclose(file);
	return strlen(text) == n ? text : NULL;
}

static int
keys_restore(struct ctl *ctl, struct keys_args *a)
{
	const char *text;
	enum fault f;

	if (a->file == NULL)
		return ctl_usage(ctl);
	if (access(a->file, R_OK) != 0)
		return ctl_fail("%s cannot be opened.", a->file);
	if ((text = ctl_read(ctl, a->file)) == NULL)
		return ctl_fault(FAULT_KEY_BACKUP_WRONG);
	if (ctl_passphrase(a->passphrase_file, false, a->passphrase) != 0)
		return 1;
	f = ctl_begin(ctl);
	if (f == OK)
		f = keyring_restore(ctl->db, a->passphrase, text);
	if ((f = db_commit(ctl->db, f)) != OK)
		return ctl_fault(f);
	printf("The keys are back; running programs take them up within a "
	       "minute.\n");
	return 0;
}

static const struct {
	const char *verb;
	int (*run)(struct ctl *, struct keys_args *);
} verbs[] = {
	{ "backup", keys_backup },
	{ "list", list },
	{ "restore", keys_restore },
	{ "rotate", rotate },
};

static int
run_verb(struct ctl *ctl, struct keys_args *a)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(verbs[i].verb, a->verb) == 0)
			return verbs[i].run(ctl, a);
	return ctl_usage(ctl);
}

int
keys(struct ctl *ctl)
{
	struct keys_args a = { .verb = ctl->argv[0] };
	int status;

	for (int i = 1; i < ctl->argc; i++)
		if (strcmp(ctl->argv[i], "--passphrase-file") == 0 &&
		    i + 1 < ctl->argc)
			a.passphrase_file = ctl->argv[++i];
		else if (a.file == NULL && *ctl->argv[i] != '-')
			a.file = ctl->argv[i];
		else
			return ctl_usage(ctl);
	status = run_verb(ctl, &a);
	crypto_wipe(a.passphrase, sizeof(a.passphrase));
	return status;
}
