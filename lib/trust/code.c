#include "trust/code.h"

#include <string.h>

#include "base/pool.h"

/* Sizes of the content and the offsets in it. */
enum { INNER = 16, SEQUENCE = 6, MADE_AT = 10 };
enum { SEALED = NONCE_SIZE + INNER + TAG_SIZE, WIRE = 1 + SEALED };

static const char nonce_label[] = "tabel code nonce";
static const char aad_label[] = "tabel code 1";

static void
put(uint8_t *out, int size, int64_t v)
{
	for (int i = size - 1; i >= 0; i--, v >>= 8)
		out[i] = (uint8_t)(v & 0xff);
}

static int64_t
get(const uint8_t *in, int size)
{
	int64_t v = 0;

	for (int i = 0; i < size; i++)
		v = v << 8 | in[i];
	return v;
}

/* The key id is in front in clear, so it is bound to the rest here. */
static size_t
associated(const struct key *key, uint8_t aad[sizeof(aad_label)])
{
	memcpy(aad, aad_label, sizeof(aad_label) - 1);
	aad[sizeof(aad_label) - 1] = key->id;
	return sizeof(aad_label);
}

/* The same content under the same key is the same message, so no nonce is
   ever used for two. */
static void
nonce_of(const struct key *key, const uint8_t inner[INNER],
    uint8_t nonce[NONCE_SIZE])
{
	uint8_t in[sizeof(nonce_label) - 1 + INNER], mac[MAC_SIZE];

	memcpy(in, nonce_label, sizeof(nonce_label) - 1);
	memcpy(in + sizeof(nonce_label) - 1, inner, INNER);
	crypto_hmac(key->bytes, KEY_SIZE, in, sizeof(in), mac);
	memcpy(nonce, mac, NONCE_SIZE);
}

void
code_seal(const struct key *key, const struct code *code,
    char text[CODE_TEXT + 1])
{
	uint8_t inner[INNER], nonce[NONCE_SIZE], wire[WIRE];
	uint8_t aad[sizeof(aad_label)];

	put(inner, 6, code->terminal);
	put(inner + SEQUENCE, 4, code->sequence);
	put(inner + MADE_AT, 6, code->made_at);
	nonce_of(key, inner, nonce);
	wire[0] = key->id;
	crypto_seal(key->bytes, nonce, aad, associated(key, aad), inner, INNER,
	    wire + 1);
	base64url_write(wire, WIRE, text);
}

static bool
decode(const char *text, uint8_t wire[WIRE])
{
	return text != NULL && strnlen(text, CODE_TEXT + 1) == CODE_TEXT &&
	    base64url_decode(text, CODE_TEXT, wire, WIRE) == WIRE &&
	    wire[0] != 0;
}

int
code_key(const char *text)
{
	uint8_t wire[WIRE];

	return decode(text, wire) ? wire[0] : -1;
}

enum fault
code_open(const struct key *key, const char *text, int64_t now,
    struct code *code)
{
	uint8_t wire[WIRE], inner[INNER], aad[sizeof(aad_label)];

	if (key == NULL || !decode(text, wire) || wire[0] != key->id ||
	    !crypto_open(key->bytes, aad, associated(key, aad), wire + 1,
		SEALED, inner))
		return FAULT_CODE_FORGED;

	code->terminal = get(inner, 6);
	code->sequence = get(inner + SEQUENCE, 4);
	code->made_at = get(inner + MADE_AT, 6);
	memcpy(code->nonce, wire + 1, NONCE_SIZE);
	if (now < code->made_at - CODE_SKEW)
		return FAULT_CODE_EARLY;
	if (now >= code->made_at + CODE_LIFE)
		return FAULT_CODE_EXPIRED;
	return OK;
}

void
code_window(int64_t rotation, int64_t at, int64_t *from, int64_t *until)
{
	int64_t length = rotation < CODE_LIFE - 5 ? rotation : CODE_LIFE - 5;

	*from = at - at % length;
	*until = *from + length;
}
