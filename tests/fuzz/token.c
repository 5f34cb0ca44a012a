/*
 * token: bytes are no token; and of what somebody with the key signs, only
 * what token_sign() would have written is taken.
 */
#include "fuzz.h"

#include "trust/token.h"

static const struct key key = { .id = 9,
	.purpose = KEY_TOKEN,
	.bytes = "0123456789abcdef0123456789abcde" };

/* Header and payload, with a line feed between them, signed. */
static char *
signed_by_us(struct pool *p, const uint8_t *data, size_t n)
{
	const uint8_t *feed = n == 0 ? NULL : memchr(data, '\n', n);
	size_t header = feed == NULL ? 0 : (size_t)(feed - data);
	uint8_t mac[MAC_SIZE];
	char *part;

	if (feed == NULL)
		part = pool_printf(p, "%s.%s",
		    "eyJhbGciOiJIUzI1NiIsImtpZCI6"
		    "IjkifQ",
		    base64url(p, data, n));
	else
		part = pool_printf(p, "%s.%s", base64url(p, data, header),
		    base64url(p, feed + 1, n - header - 1));
	crypto_hmac(key.bytes, KEY_SIZE, part, strlen(part), mac);
	return pool_printf(p, "%s.%s", part, base64url(p, mac, MAC_SIZE));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();
	char *text = pool_strndup(p, (const char *)data, n);
	struct token t;
	int id = token_key(text);
	enum fault f;

	must(id >= -1 && id != 0 && id <= 255);
	must(token_check(p, &key, text, 0, &t) == FAULT_BAD_TOKEN);

	text = signed_by_us(p, data, n);
	f = token_check(p, &key, text, INT64_C(1) << 60, &t);
	must(f == FAULT_BAD_TOKEN || f == FAULT_TOKEN_EXPIRED);
	if (f == FAULT_TOKEN_EXPIRED)
		must(strcmp(token_sign(p, &key, &t), text) == 0);
	pool_free(p);
	return 0;
}
