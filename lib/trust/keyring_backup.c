/*
 * The backup of the keys:
 *
 *	tabel-key-backup 1
 *	created 2026-11-21T05:58:00Z
 *	salt <32 hexadecimal digits>
 *	<base64url in lines of 64>
 *
 * The last part is the sealed JSON; the lines above it are its associated
 * data.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/pool.h"
#include "keyring.sql.h"
#include "trust/keyring_private.h"

enum { SALT = 16, WIDTH = 64, BACKUP_MAX = 256 * 1024 };

static char *
header_of(struct pool *p, const char *created, const uint8_t salt[SALT])
{
	return pool_printf(p, "tabel-key-backup 1\ncreated %s\nsalt %s\n",
	    created, hex(p, salt, SALT));
}

/* One key in clear, as a member of the JSON array. */
static char *
key_json(struct db *db, const struct rows *rows, int i)
{
	struct pool *p = db_its_pool(db);
	const char *purpose = row_text(rows, i, "purpose");
	struct key key = { .id = (uint8_t)row_int(rows, i, "id"),
		.purpose = key_purpose_of(purpose) };
	size_t n;
	const uint8_t *wrapped = row_bytes(db, rows, i, "wrapped", &n);
	char *json;

	if (key.purpose == KEY_PURPOSES || !key_unwrap(&key, wrapped, n)) {
		log_error("keyring: key %d is not wrapped under this master "
			  "key",
		    key.id);
		return NULL;
	}
	json = pool_printf(p,
	    "{\"id\":%d,\"purpose\":\"%s\",\"key\":\"%s\","
	    "\"active_from\":%" PRId64 ",\"retired_at\":%" PRId64 "}",
	    key.id, purpose, hex(p, key.bytes, KEY_SIZE),
	    row_time(rows, i, "active_from"), row_time(rows, i, "retired_at"));
	crypto_wipe(&key, sizeof(key));
	return json;
}

static char *
keys_json(struct db *db, const struct rows *rows)
{
	struct pool *p = db_its_pool(db);
	char *all = pool_strdup(p, "[");

	for (int i = 0; i < rows->n; i++) {
		const char *one = key_json(db, rows, i);

		if (one == NULL)
			return NULL;
		all = pool_printf(p, "%s%s%s", all, i > 0 ? "," : "", one);
	}
	return pool_printf(p, "%s]", all);
}

static char *
in_lines(struct pool *p, const char *s)
{
	size_t n = strlen(s);
	char *text = pool_alloc(p, n + n / WIDTH + 2), *o = text;

	for (; n > 0;) {
		size_t k = n < WIDTH ? n : WIDTH;

		o = mempcpy(o, s, k);
		*o++ = '\n';
		s += k;
		n -= k;
	}
	return text;
}

enum fault
keyring_backup(struct db *db, const char *passphrase, const char **text)
{
	struct pool *p = db_its_pool(db);
	struct rows rows = sql_key_list(db);
	uint8_t salt[SALT], key[KEY_SIZE], *sealed;
	char *json, *header;
	size_t n;

	if (rows.fault != OK)
		return rows.fault;
	if ((json = keys_json(db, &rows)) == NULL)
		return FAULT_INTERNAL;
	n = strlen(json);
	sealed = pool_alloc(p, n + NONCE_SIZE + TAG_SIZE);
	crypto_random(salt, SALT);
	crypto_key_of_passphrase(passphrase, salt, SALT, key);
	header = header_of(p, clock_rfc3339(p, clock_now()), salt);
	crypto_seal(key, NULL, header, strlen(header), json, n, sealed);
	crypto_wipe(key, KEY_SIZE);
	crypto_wipe(json, n);
	*text = pool_printf(p, "%s%s", header,
	    in_lines(p, base64url(p, sealed, n + NONCE_SIZE + TAG_SIZE)));
	return OK;
}

/* The next line, without its end; NULL if there is none. */
static char *
next_line(struct pool *p, const char **text)
{
	size_t n = strcspn(*text, "\n");
	const char *line = *text;

	if (*line == '\0')
		return NULL;
	*text += n + (line[n] == '\n');
	while (n > 0 && (line[n - 1] == '\r' || line[n - 1] == ' '))
		n--;
	return pool_strndup(p, line, n);
}

/* The value of a line that begins with a word. */
static const char *
field(struct pool *p, const char **text, const char *word)
{
	const char *line = next_line(p, text);
	size_t n = strlen(word);

	return line != NULL && strncmp(line, word, n) == 0 ? line + n : NULL;
}

/* The JSON inside, or NULL. */
static struct json_object *
open_backup(struct pool *p, const char *passphrase, const char *text)
{
	const char *version, *created, *salt_text, *line, *header;
	uint8_t salt[SALT], key[KEY_SIZE], *sealed;
	char *body, *end, *plain;
	bool good;
	long n;

	if (strnlen(text, BACKUP_MAX + 1) > BACKUP_MAX)
		return NULL;
	version = field(p, &text, "tabel-key-backup ");
	created = field(p, &text, "created ");
	salt_text = field(p, &text, "salt ");
	if (version == NULL || strcmp(version, "1") != 0 || created == NULL ||
	    salt_text == NULL || !hex_decode(salt_text, salt, SALT))
		return NULL;
	body = end = pool_alloc(p, strlen(text) + 1);
	while ((line = next_line(p, &text)) != NULL)
		end = stpcpy(end, line);
	sealed = pool_alloc(p, (size_t)(end - body));
	n = base64url_decode(body, (size_t)(end - body), sealed,
	    (size_t)(end - body));
	if (n < NONCE_SIZE + TAG_SIZE)
		return NULL;

	header = header_of(p, created, salt);
	plain = pool_alloc(p, (size_t)n);
	crypto_key_of_passphrase(passphrase, salt, SALT, key);
	good = crypto_open(key, header, strlen(header), sealed, (size_t)n,
	    plain);
	crypto_wipe(key, KEY_SIZE);
	if (!good)
		return NULL;
	return json_parse(p, plain, (size_t)n - NONCE_SIZE - TAG_SIZE, NULL);
}

bool
keyring_backup_opens(struct pool *p, const char *passphrase, const char *text)
{
	return json_length(open_backup(p, passphrase, text)) > 0;
}

/* One key back into the table. */
static enum fault
restore_key(struct db *db, struct json_object *o)
{
	uint8_t wrapped[KEY_WRAPPED];
	const char *purpose, *digits;
	int64_t id, from, retired;
	struct key key;

	if (!json_int(o, "id", &id) || id < 1 || id > 255 ||
	    !json_text(o, "purpose", &purpose) ||
	    (key.purpose = key_purpose_of(purpose)) == KEY_PURPOSES ||
	    !json_text(o, "key", &digits) ||
	    !hex_decode(digits, key.bytes, KEY_SIZE) ||
	    !json_int(o, "active_from", &from) ||
	    !json_int(o, "retired_at", &retired))
		return FAULT_KEY_BACKUP_WRONG;
	key.id = (uint8_t)id;
	key_wrap(&key, wrapped);
	crypto_wipe(&key, sizeof(key));
	return sql_key_restore(db, (int32_t)id, purpose,
	    (struct bytes){ wrapped, sizeof(wrapped) }, from, retired)
	    .fault;
}

enum fault
keyring_restore(struct db *db, const char *passphrase, const char *text)
{
	struct json_object *keys = open_backup(db_its_pool(db), passphrase,
	    text);
	size_t n = json_length(keys);
	enum fault f;

	if (n == 0)
		return FAULT_KEY_BACKUP_WRONG;
	f = sql_key_retire_all(db, clock_now()).fault;
	for (size_t i = 0; i < n && f == OK; i++)
		f = restore_key(db, json_at(keys, i));
	keyring_forget();
	return f;
}
