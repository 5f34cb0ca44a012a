#include "trust/crypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

#include "base/log.h"

enum { SCRYPT_N = 1 << 15, SCRYPT_R = 8, SCRYPT_P = 3 };

/* The library never fails but for want of memory or randomness. */
static void
must(bool done, const char *what)
{
	if (!done)
		log_die("the crypto library failed at %s", what);
}

void
crypto_random(void *out, size_t n)
{
	must(n <= INT_MAX && RAND_bytes(out, (int)n) == 1, "randomness");
}

void
crypto_sha256(const void *in, size_t n, uint8_t mac[MAC_SIZE])
{
	must(SHA256(in, n, mac) != NULL, "SHA-256");
}

char *
crypto_hash(struct pool *pool, const char *text)
{
	uint8_t mac[MAC_SIZE];

	crypto_sha256(text, strlen(text), mac);
	return hex(pool, mac, sizeof(mac));
}

void
crypto_hmac(const void *key, size_t key_len, const void *in, size_t n,
    uint8_t mac[MAC_SIZE])
{
	unsigned len = 0;

	must(key_len <= INT_MAX &&
		HMAC(EVP_sha256(), key, (int)key_len, in, n, mac, &len) !=
		    NULL &&
		len == MAC_SIZE,
	    "HMAC");
}

bool
crypto_equal(const void *a, const void *b, size_t n)
{
	return CRYPTO_memcmp(a, b, n) == 0;
}

void
crypto_wipe(void *secret, size_t n)
{
	OPENSSL_cleanse(secret, n);
}

static EVP_CIPHER_CTX *
gcm_begin(const uint8_t *key, const uint8_t *nonce, int sealing)
{
	static EVP_CIPHER_CTX *context;
	static EVP_CIPHER *gcm;

	if (context == NULL) {
		context = EVP_CIPHER_CTX_new();
		gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
		must(context != NULL && gcm != NULL, "AES-GCM");
	}
	must(EVP_CipherInit_ex2(context, gcm, key, nonce, sealing, NULL) == 1,
	    "AES-GCM");
	return context;
}

/* Everything in one piece; the associated data has no output. */
static void
gcm_run(EVP_CIPHER_CTX *c, const void *aad, size_t aad_len, const void *in,
    size_t n, uint8_t *out)
{
	int len;

	must(aad_len <= INT_MAX && n <= INT_MAX, "AES-GCM");
	if (aad_len > 0)
		must(EVP_CipherUpdate(c, NULL, &len, aad, (int)aad_len) == 1,
		    "AES-GCM");
	if (n > 0)
		must(EVP_CipherUpdate(c, out, &len, in, (int)n) == 1 &&
			len == (int)n,
		    "AES-GCM");
}

/* The context keeps no key between two calls. */
static void
gcm_end(EVP_CIPHER_CTX *c)
{
	must(EVP_CIPHER_CTX_reset(c) == 1, "AES-GCM");
}

void
crypto_seal(const uint8_t key[KEY_SIZE], const uint8_t *nonce, const void *aad,
    size_t aad_len, const void *in, size_t n, uint8_t *sealed)
{
	uint8_t nothing[TAG_SIZE];
	EVP_CIPHER_CTX *c;
	int len;

	if (nonce == NULL)
		crypto_random(sealed, NONCE_SIZE);
	else
		memcpy(sealed, nonce, NONCE_SIZE);
	c = gcm_begin(key, sealed, 1);
	gcm_run(c, aad, aad_len, in, n, sealed + NONCE_SIZE);
	must(EVP_CipherFinal_ex(c, nothing, &len) == 1 && len == 0 &&
		EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE,
		    sealed + NONCE_SIZE + n) == 1,
	    "AES-GCM");
	gcm_end(c);
}

bool
crypto_open(const uint8_t key[KEY_SIZE], const void *aad, size_t aad_len,
    const uint8_t *sealed, size_t sealed_len, void *plain)
{
	uint8_t tag[TAG_SIZE], nothing[TAG_SIZE];
	EVP_CIPHER_CTX *c;
	size_t n;
	bool good;
	int len;

	if (sealed_len < NONCE_SIZE + TAG_SIZE)
		return false;
	n = sealed_len - NONCE_SIZE - TAG_SIZE;
	memcpy(tag, sealed + NONCE_SIZE + n, TAG_SIZE);
	c = gcm_begin(key, sealed, 0);
	gcm_run(c, aad, aad_len, sealed + NONCE_SIZE, n, plain);
	must(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) == 1,
	    "AES-GCM");
	good = EVP_CipherFinal_ex(c, nothing, &len) == 1;
	gcm_end(c);
	/* What is not authentic is not shown to anybody. */
	if (!good && n > 0)
		crypto_wipe(plain, n);
	return good;
}

void
crypto_key_of_passphrase(const char *passphrase, const uint8_t *salt,
    size_t salt_len, uint8_t key[KEY_SIZE])
{
	must(EVP_PBE_scrypt(passphrase, strlen(passphrase), salt, salt_len,
		 SCRYPT_N, SCRYPT_R, SCRYPT_P, 64 << 20, key, KEY_SIZE) == 1,
	    "scrypt");
}
