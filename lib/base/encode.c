#include "base/encode.h"

#include "base/pool.h"

#define ALPHANUMERIC \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz0123456789"

/* Returns where the text ends. */
static char *
encode(const char *alphabet, const void *data, size_t n, char *s)
{
	const uint8_t *in = data;
	uint32_t bits = 0;
	int held = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | in[i];
		for (held += 8; held >= 6; held -= 6)
			*s++ = alphabet[bits >> (held - 6) & 63];
	}
	if (held > 0)
		*s++ = alphabet[bits << (6 - held) & 63];
	*s = '\0';
	return s;
}

void
base64url_write(const void *data, size_t n, char *out)
{
	encode(ALPHANUMERIC "-_", data, n, out);
}

char *
base64url(struct pool *p, const void *data, size_t n)
{
	char *text = pool_alloc(p, (4 * n + 2) / 3 + 1);

	base64url_write(data, n, text);
	return text;
}

char *
base64(struct pool *p, const void *data, size_t n)
{
	char *text = pool_alloc(p, (n + 2) / 3 * 4 + 1);
	char *end = encode(ALPHANUMERIC "+/", data, n, text);

	while ((end - text) % 4 != 0)
		*end++ = '=';
	return text;
}

/* Not ctype: letters here are ASCII, and take the same time. */
static int
sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

long
base64url_decode(const char *s, size_t n, uint8_t *out, size_t max)
{
	uint32_t bits = 0;
	size_t written = 0;
	int held = 0;

	if (n % 4 == 1 || n / 4 * 3 + (n % 4 > 0 ? n % 4 - 1 : 0) > max)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int v = sextet(s[i]);

		if (v < 0)
			return -1;
		bits = bits << 6 | (uint32_t)v;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[written++] = (uint8_t)(bits >> held);
		}
	}
	/* Spare bits must be zero, or there would be several texts. */
	if ((bits & ((1U << held) - 1)) != 0)
		return -1;
	return (long)written;
}

char *
hex(struct pool *p, const void *data, size_t n)
{
	const uint8_t *in = data;
	char *text = pool_alloc(p, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = "0123456789abcdef"[in[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[in[i] & 15];
	}
	return text;
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
hex_decode(const char *s, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++, s += 2) {
		int high = nibble(s[0]), low = high < 0 ? -1 : nibble(s[1]);

		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return *s == '\0';
}
