#include "trust/keyring.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "keyring.sql.h"
#include "trust/keyring_private.h"

enum { IDS = 256 }; /* 0 is no id */
enum { FRESH = 60 }; /* seconds */
enum { LOOKS = 20 }; /* a second, for unknown ids */

static const char *const purposes[KEY_PURPOSES] = {
	[KEY_SEAL] = "seal",
	[KEY_TOKEN] = "token",
	[KEY_PEPPER] = "pepper",
};

/* A key stays at its place, so that a pointer to it outlives a reload. */
static struct {
	bool read;
	int64_t read_at; /* unix seconds */
	int64_t missed_at; /* monotonic seconds */
	int misses; /* in that second */
	bool held[IDS];
	struct key keys[IDS];
	uint8_t active[KEY_PURPOSES]; /* id, or 0 */
} cache;

static struct {
	bool read;
	uint8_t key[KEY_SIZE];
} master;

enum key_purpose
key_purpose_of(const char *name)
{
	int i = 0;

	while (i < KEY_PURPOSES && strcmp(purposes[i], name) != 0)
		i++;
	return (enum key_purpose)i;
}

/* The text of the file; a newline may follow the digits. */
static const char *
read_master_file(char text[2 * KEY_SIZE + 2])
{
	struct stat st;
	ssize_t n;
	int fd = open(conf.MASTER_KEY_FILE, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return "The master key's file (MASTER_KEY_FILE) cannot be "
		       "opened.";
	if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0) {
		close(fd);
		return "Others may read the master key's file; its mode must "
		       "be 0600.";
	}
	n = read(fd, text, 2 * KEY_SIZE + 1);
	close(fd);
	if (n < 0)
		return "The master key's file (MASTER_KEY_FILE) cannot be "
		       "read.";
	text[n] = '\0';
	if (n > 0 && text[n - 1] == '\n')
		text[n - 1] = '\0';
	return NULL;
}

/* NULL, or why there is no master key. */
static const char *
read_master(uint8_t key[KEY_SIZE])
{
	char text[2 * KEY_SIZE + 2];
	const char *why;
	bool ok;

	if (*conf.MASTER_KEY != '\0')
		return hex_decode(conf.MASTER_KEY, key, KEY_SIZE) ?
		    NULL :
		    "MASTER_KEY must be 64 hexadecimal digits.";
	if (*conf.MASTER_KEY_FILE == '\0')
		return "There is no master key: set MASTER_KEY_FILE.";
	if ((why = read_master_file(text)) != NULL)
		return why;
	ok = hex_decode(text, key, KEY_SIZE);
	crypto_wipe(text, sizeof(text));
	return ok ? NULL :
		    "The master key's file must hold 64 hexadecimal digits.";
}

void
keyring_open(void)
{
	const char *why = read_master(master.key);

	if (why != NULL)
		log_die("keyring: %s", why);
	master.read = true;
}

bool
keyring_check(const char **why)
{
	uint8_t key[KEY_SIZE];
	const char *wrong = read_master(key);

	crypto_wipe(key, sizeof(key));
	if (wrong != NULL)
		*why = wrong;
	return wrong == NULL;
}

void
keyring_forget(void)
{
	crypto_wipe(&cache, sizeof(cache));
}

/* "tabel key", purpose, id: a wrapped key fits one row only. */
static size_t
associated(const struct key *key, uint8_t aad[32])
{
	size_t n = (size_t)(stpcpy(stpcpy((char *)aad, "tabel key"),
				purposes[key->purpose]) -
	    (char *)aad);

	aad[n] = key->id;
	return n + 1;
}

void
key_wrap(const struct key *key, uint8_t wrapped[KEY_WRAPPED])
{
	uint8_t aad[32];

	if (!master.read)
		keyring_open();
	crypto_seal(master.key, NULL, aad, associated(key, aad), key->bytes,
	    KEY_SIZE, wrapped);
}

bool
key_unwrap(struct key *key, const uint8_t *wrapped, size_t n)
{
	uint8_t aad[32];

	if (!master.read)
		keyring_open();
	return n == KEY_WRAPPED &&
	    crypto_open(master.key, aad, associated(key, aad), wrapped, n,
		key->bytes);
}

static void
take_row(struct db *db, const struct rows *rows, int i)
{
	uint8_t id = (uint8_t)row_int(rows, i, "id");
	struct key *key = &cache.keys[id];
	size_t n;
	const uint8_t *wrapped = row_bytes(db, rows, i, "wrapped", &n);

	key->id = id;
	key->purpose = key_purpose_of(row_text(rows, i, "purpose"));
	if (key->purpose == KEY_PURPOSES)
		return;
	if (row_null(rows, i, "retired_at"))
		cache.active[key->purpose] = id;
	cache.held[id] = key_unwrap(key, wrapped, n);
	if (!cache.held[id])
		log_error("keyring: key %d is not wrapped under this master "
			  "key",
		    id);
}

static enum fault
reload(struct db *db)
{
	struct rows rows = sql_key_list(db);

	if (rows.fault != OK)
		return rows.fault;
	memset(cache.held, 0, sizeof(cache.held));
	memset(cache.active, 0, sizeof(cache.active));
	for (int i = 0; i < rows.n; i++)
		take_row(db, &rows, i);
	cache.read = true;
	cache.read_at = clock_now();
	return OK;
}

static enum fault
fresh(struct db *db)
{
	int64_t age = clock_now() - cache.read_at;

	return cache.read && age >= 0 && age < FRESH ? OK : reload(db);
}

/*
 * What is not here may have been made since; but made-up ids must not cost
 * the database a query each.
 */
static enum fault
look_again(struct db *db)
{
	int64_t second = clock_monotonic_us() / 1000000;

	if (second != cache.missed_at) {
		cache.missed_at = second;
		cache.misses = 0;
	}
	return ++cache.misses > LOOKS ? OK : reload(db);
}

enum fault
keyring_active(struct db *db, enum key_purpose purpose, const struct key **key)
{
	enum fault f = fresh(db);
	uint8_t id;

	*key = NULL;
	if (f == OK && cache.active[purpose] == 0)
		f = look_again(db);
	if (f != OK)
		return f;
	id = cache.active[purpose];
	if (!cache.held[id]) {
		log_error("keyring: there is no active %s key",
		    purposes[purpose]);
		return FAULT_INTERNAL;
	}
	*key = &cache.keys[id];
	return OK;
}

enum fault
keyring_by_id(struct db *db, enum key_purpose purpose, uint8_t id,
    const struct key **key)
{
	enum fault f = fresh(db);

	*key = NULL;
	if (f == OK && !cache.held[id])
		f = look_again(db);
	if (f == OK && cache.held[id] && cache.keys[id].purpose == purpose)
		*key = &cache.keys[id];
	return f;
}

/* The smallest unused id after the highest, from 1 again after 255; 0 if
   all are used. */
static uint8_t
next_id(const struct rows *rows)
{
	bool used[IDS] = { true };
	int highest = 0;

	for (int i = 0; i < rows->n; i++) {
		highest = (int)row_int(rows, i, "id");
		used[highest] = true;
	}
	for (int i = 1; i < IDS; i++)
		if (!used[(highest + i) % IDS])
			return (uint8_t)((highest + i) % IDS);
	return 0;
}

static int32_t
active_id(const struct rows *rows, enum key_purpose purpose)
{
	for (int i = 0; i < rows->n; i++)
		if (row_null(rows, i, "retired_at") &&
		    strcmp(purposes[purpose], row_text(rows, i, "purpose")) ==
			0)
			return (int32_t)row_int(rows, i, "id");
	return 0;
}

/* Added: 1; somebody else was quicker with the id or the purpose: 0. */
static enum fault
add(struct db *db, enum key_purpose purpose, uint8_t id, int32_t old,
    int *added)
{
	struct key key = { .id = id, .purpose = purpose };
	uint8_t wrapped[KEY_WRAPPED];
	struct rows rows;

	crypto_random(key.bytes, KEY_SIZE);
	key_wrap(&key, wrapped);
	crypto_wipe(key.bytes, KEY_SIZE);
	rows = sql_key_add(db, id, purposes[purpose],
	    (struct bytes){ wrapped, sizeof(wrapped) }, old, clock_now());
	*added = rows.n;
	return rows.fault;
}

/*
 * A new active key in place of the old one (0: none).  If the active one is
 * another by now, somebody else has done just this.
 */
static enum fault
replace(struct db *db, enum key_purpose purpose, int32_t old)
{
	int added = 0;

	keyring_forget();
	for (int tries = 0; tries < IDS && added == 0; tries++) {
		struct rows rows = sql_key_list(db);
		uint8_t id;
		enum fault f;

		if (rows.fault != OK)
			return rows.fault;
		if (active_id(&rows, purpose) != old)
			return OK;
		if ((id = next_id(&rows)) == 0)
			return FAULT_CONFLICT;
		if ((f = add(db, purpose, id, old, &added)) != OK)
			return f;
	}
	return added > 0 ? OK : FAULT_RETRY;
}

enum fault
keyring_rotate(struct db *db, enum key_purpose purpose)
{
	struct rows rows = sql_key_list(db);
	int32_t old;

	if (rows.fault != OK)
		return rows.fault;
	old = active_id(&rows, purpose);
	if (purpose == KEY_PEPPER && old != 0)
		return FAULT_CONFLICT;
	return replace(db, purpose, old);
}

enum fault
keyring_init(struct db *db)
{
	enum fault f = OK;

	for (int i = 0; i < KEY_PURPOSES && f == OK; i++)
		f = replace(db, (enum key_purpose)i, 0);
	return f;
}
