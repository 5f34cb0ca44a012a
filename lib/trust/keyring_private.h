/*
 * What keyring.c and keyring_backup.c share.
 */
#ifndef KEYRING_PRIVATE_H
#define KEYRING_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "trust/keyring.h"

enum { KEY_WRAPPED = NONCE_SIZE + KEY_SIZE + TAG_SIZE };

/* Of "seal", "token", "pepper"; KEY_PURPOSES if it is none. */
enum key_purpose key_purpose_of(const char *);

/* Under the master key, bound to purpose and id. */
void		 key_wrap(const struct key *, uint8_t wrapped[KEY_WRAPPED]);
/* Fills bytes; id and purpose are given. */
bool		 key_unwrap(struct key *, const uint8_t *wrapped, size_t n);

#endif
