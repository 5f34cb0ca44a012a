/*
 * keyring: the keys of this installation, by purpose and id.
 *
 * Keys live in the database table "key", each wrapped (AES-256-GCM, bound
 * to its purpose and id) under the master key, which is only in a file of
 * mode 0600 or in the environment.  One key per purpose is active; retired
 * ones still open what they sealed until they are removed.
 *
 * Programs cache keys; an unknown id reads the table again, so a rotation
 * needs no restart.  A pointer to a key is good until keyring_forget(), which
 * keyring_rotate() and keyring_restore() call, too.
 */
#ifndef KEYRING_H
#define KEYRING_H

#include <stdint.h>

#include "base/fault.h"
#include "trust/crypto.h"

struct db;
struct pool;

enum key_purpose { KEY_SEAL, KEY_TOKEN, KEY_PEPPER, KEY_PURPOSES };

struct key {
	uint8_t		 id;		/* on the wire; unique over all */
	enum key_purpose purpose;
	uint8_t		 bytes[KEY_SIZE];
};

/* Loads the master key named by conf; exits with a sentence if it can't. */
void		 keyring_open(void);
/* False if conf names no readable master key; *why is a sentence. */
bool		 keyring_check(const char **why);
/* Drops what is cached, as after a restore. */
void		 keyring_forget(void);

/*
 * The active key of a purpose (cached for a minute), or the key of an id
 * (NULL in *key if there is none of that purpose).
 */
enum fault	 keyring_active(struct db *, enum key_purpose,
		    const struct key **);
enum fault	 keyring_by_id(struct db *, enum key_purpose, uint8_t id,
		    const struct key **);

/*
 * Make a new active key of a purpose and retire the old one; also the way
 * the first keys are made.  A pepper is made once and never rotated: every
 * password hash hangs on it.
 */
enum fault	 keyring_rotate(struct db *, enum key_purpose);
/* Make those keys that are missing altogether. */
enum fault	 keyring_init(struct db *);

/*
 * All keys as one text under a passphrase (scrypt, AES-256-GCM), and back
 * into the table under the present master key: ids are kept, a key of the
 * same id is replaced, others are retired.  The active key of each purpose
 * becomes the backup's.
 */
enum fault	 keyring_backup(struct db *, const char *passphrase,
		    const char **text);
enum fault	 keyring_restore(struct db *, const char *passphrase,
		    const char *text);
/* Would keyring_restore() take it? */
bool		 keyring_backup_opens(struct pool *, const char *passphrase,
		    const char *text);

#endif
