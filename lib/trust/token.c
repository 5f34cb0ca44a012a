#include "trust/token.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/pool.h"

enum { SESSION = 32, SESSION_TEXT = 43, MAC_TEXT = 43, TOKEN_MAX = 1024 };

static const char header_begin[] = "{\"alg\":\"HS256\",\"kid\":\"";
static const char header_end[] = "\"}";

static char *
encoded(struct pool *p, const char *text)
{
	return base64url(p, text, strlen(text));
}

/* "header.payload" */
static char *
signed_part(struct pool *p, int key, const struct token *t)
{
	char *header = pool_printf(p, "%s%d%s", header_begin, key, header_end);
	char *payload = pool_printf(p,
	    "{\"sid\":\"%s\",\"sub\":\"%" PRId64 "\",\"iat\":%" PRId64
	    ",\"exp\":%" PRId64 "}",
	    t->session, t->person, t->issued_at, t->expires_at);

	return pool_printf(p, "%s.%s", encoded(p, header), encoded(p, payload));
}

char *
token_sign(struct pool *p, const struct key *key, const struct token *t)
{
	char *part = signed_part(p, key->id, t);
	uint8_t mac[MAC_SIZE];

	crypto_hmac(key->bytes, KEY_SIZE, part, strlen(part), mac);
	return pool_printf(p, "%s.%s", part, base64url(p, mac, MAC_SIZE));
}

/* A number from 1 to 255 as we write it, before the text end. */
static int
key_id(const char *s, const char *end)
{
	int id = 0;
	const char *first = s;

	for (; *s >= '0' && *s <= '9' && s - first < 3; s++)
		id = id * 10 + (*s - '0');
	return strcmp(s, end) == 0 && s > first && *first != '0' && id <= 255 ?
	    id :
	    -1;
}

int
token_key(const char *text)
{
	uint8_t header[sizeof(header_begin) + sizeof(header_end) + 4];
	const char *dot = text == NULL ? NULL : strchr(text, '.');
	long n;

	if (dot == NULL || strnlen(text, TOKEN_MAX + 1) > TOKEN_MAX)
		return -1;
	n = base64url_decode(text, (size_t)(dot - text), header,
	    sizeof(header) - 1);
	if (n < (long)sizeof(header_begin) ||
	    strncmp((const char *)header, header_begin,
		sizeof(header_begin) - 1) != 0)
		return -1;
	header[n] = '\0';
	return key_id((const char *)header + sizeof(header_begin) - 1,
	    header_end);
}

static bool
is_session(const char *s)
{
	uint8_t id[SESSION];

	return strlen(s) == SESSION_TEXT &&
	    base64url_decode(s, SESSION_TEXT, id, SESSION) == SESSION;
}

/* The text of a number as we write it. */
static bool
is_person(const char *s, int64_t *v)
{
	char *end;

	if (*s < '1' || *s > '9' || strlen(s) > 16)
		return false;
	*v = strtoll(s, &end, 10);
	return *end == '\0';
}

static bool
read_payload(struct pool *p, const char *text, size_t n, struct token *t)
{
	uint8_t *json = pool_alloc(p, n);
	long len = base64url_decode(text, n, json, n);
	struct json_object *o;
	const char *sub;

	if (len < 0)
		return false;
	o = json_parse(p, (const char *)json, (size_t)len, NULL);
	return json_text(o, "sid", &t->session) && is_session(t->session) &&
	    json_text(o, "sub", &sub) && is_person(sub, &t->person) &&
	    json_int(o, "iat", &t->issued_at) &&
	    json_int(o, "exp", &t->expires_at);
}

enum fault
token_check(struct pool *p, const struct key *key, const char *text,
    int64_t now, struct token *t)
{
	uint8_t given[MAC_SIZE], mac[MAC_SIZE];
	const char *payload, *dot, *ours;

	if (key == NULL || token_key(text) != key->id)
		return FAULT_BAD_TOKEN;
	payload = strchr(text, '.') + 1;
	dot = strrchr(text, '.');
	if (dot < payload || strlen(dot + 1) != MAC_TEXT ||
	    base64url_decode(dot + 1, MAC_TEXT, given, MAC_SIZE) != MAC_SIZE)
		return FAULT_BAD_TOKEN;
	crypto_hmac(key->bytes, KEY_SIZE, text, (size_t)(dot - text), mac);
	if (!crypto_equal(given, mac, MAC_SIZE))
		return FAULT_BAD_TOKEN;

	/* Ours would be the same text: nothing added, nothing reordered. */
	if (!read_payload(p, payload, (size_t)(dot - payload), t))
		return FAULT_BAD_TOKEN;
	ours = signed_part(p, key->id, t);
	if (strlen(ours) != (size_t)(dot - text) ||
	    !crypto_equal(ours, text, (size_t)(dot - text)))
		return FAULT_BAD_TOKEN;
	return now < t->expires_at ? OK : FAULT_TOKEN_EXPIRED;
}

char *
token_session(struct pool *p)
{
	uint8_t id[SESSION];

	crypto_random(id, sizeof(id));
	return base64url(p, id, sizeof(id));
}
