/*
 * crypto: the primitives that Tabel uses (the only <openssl/...>).
 *
 * Keys are 32 bytes.  Failures of the library itself (no randomness, no
 * memory) end the program; a failed authentication is a false.
 */
#ifndef CRYPTO_H
#define CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/encode.h"

enum { KEY_SIZE = 32, MAC_SIZE = 32, NONCE_SIZE = 12, TAG_SIZE = 16 };

void		 crypto_random(void *, size_t);
void		 crypto_sha256(const void *, size_t, uint8_t mac[MAC_SIZE]);
/* Of a text, as 64 hexadecimal digits. */
char		*crypto_hash(struct pool *, const char *);
void		 crypto_hmac(const void *key, size_t key_len, const void *,
		    size_t, uint8_t mac[MAC_SIZE]);
/* In constant time. */
bool		 crypto_equal(const void *, const void *, size_t);
void		 crypto_wipe(void *, size_t);

/*
 * AES-256-GCM.  sealed is nonce, ciphertext, tag: n + NONCE_SIZE + TAG_SIZE
 * bytes.  A NULL nonce means a random one; a caller that gives one
 * guarantees that it is used for one message only.
 */
void		 crypto_seal(const uint8_t key[KEY_SIZE], const uint8_t *nonce,
		    const void *aad, size_t aad_len, const void *, size_t n,
		    uint8_t *sealed);
bool		 crypto_open(const uint8_t key[KEY_SIZE], const void *aad,
		    size_t aad_len, const uint8_t *sealed, size_t sealed_len,
		    void *plain);

/* scrypt, N=2^15 r=8 p=3 (OWASP; 32 MiB): a key from a passphrase. */
void		 crypto_key_of_passphrase(const char *, const uint8_t *salt,
		    size_t salt_len, uint8_t key[KEY_SIZE]);

#endif
