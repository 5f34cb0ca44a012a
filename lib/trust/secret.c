#include "trust/secret.h"

#include <inttypes.h>
#include <string.h>

#include "base/pool.h"
#include "trust/crypto.h"
#include "trust/keyring.h"

enum { DIGITS = 1000000, CODE_LETTERS = 12, CODE_GROUP = 4 };

/* Crockford's, without I, L, O and U. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char *
secret_digits(struct pool *pool)
{
	const uint32_t fair = UINT32_MAX - UINT32_MAX % DIGITS;
	uint32_t n;

	do
		crypto_random(&n, sizeof(n));
	while (n >= fair);
	return pool_printf(pool, "%06" PRIu32, n % DIGITS);
}

char *
secret_code(struct pool *pool)
{
	uint8_t random[CODE_LETTERS];
	char *code = pool_alloc(pool, CODE_LETTERS + CODE_LETTERS / CODE_GROUP);
	char *to = code;

	crypto_random(random, sizeof(random));
	for (size_t i = 0; i < CODE_LETTERS; i++) {
		if (i > 0 && i % CODE_GROUP == 0)
			*to++ = '-';
		*to++ = alphabet[random[i] % 32];
	}
	return code;
}

char *
secret_typed(struct pool *pool, const char *s)
{
	char *code = pool_alloc(pool, strlen(s) + 1), *to = code;

	for (; *s != '\0'; s++) {
		char c = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;

		if (c == ' ' || c == '-')
			continue;
		*to++ = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	}
	return code;
}

char *
secret_hash(struct pool *pool, const struct key *key, const char *purpose,
    const char *whom, const char *code)
{
	const char *text = pool_printf(pool, "%s:%s:%s", purpose, whom, code);
	uint8_t mac[MAC_SIZE];

	if (key != NULL)
		crypto_hmac(key->bytes, KEY_SIZE, text, strlen(text), mac);
	else
		crypto_sha256(text, strlen(text), mac);
	return hex(pool, mac, sizeof(mac));
}
