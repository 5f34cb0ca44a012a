#include "trust/initdata.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/pool.h"
#include "base/utf8.h"
#include "trust/crypto.h"

enum { TEXT_MAX = 16 * 1024, AHEAD = 60 }; /* bytes, seconds */
enum { HASH_TEXT = 2 * MAC_SIZE };

static const char not_signed[] = "hash";

struct pair {
	const char *name, *value; /* decoded */
};

/* What was received: pairs sorted by name, without the hash. */
struct received {
	struct pair *pairs;
	size_t n;
	const char *hash;
};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * One part decoded as application/x-www-form-urlencoded, or NULL.  No
 * control characters: a line feed would make two lines of one in the text
 * that is signed, a NUL would end it.
 */
static char *
decode(struct pool *p, const char *s, size_t n)
{
	char *out = pool_alloc(p, n + 1), *o = out;

	for (size_t i = 0; i < n; i++, o++) {
		*o = s[i] == '+' ? ' ' : s[i];
		if (s[i] == '%') {
			int high = i + 2 < n ? hex_digit(s[i + 1]) : -1;
			int low = high < 0 ? -1 : hex_digit(s[i + 2]);

			if (low < 0)
				return NULL;
			*o = (char)(high << 4 | low);
			i += 2;
		}
		if ((unsigned char)*o < ' ')
			return NULL;
	}
	return utf8_valid(out, (size_t)(o - out)) ? out : NULL;
}

/* "name=value", of which the name is sent as it is. */
static bool
read_pair(struct pool *p, const char *s, size_t n, struct received *r)
{
	const char *equals = memchr(s, '=', n);
	struct pair *pair = &r->pairs[r->n];
	size_t len;

	if (equals == NULL || equals == s)
		return false;
	len = (size_t)(equals - s);
	pair->name = decode(p, s, len);
	pair->value = decode(p, equals + 1, n - len - 1);
	if (pair->name == NULL || pair->value == NULL ||
	    strchr(pair->name, '=') != NULL)
		return false;
	if (strcmp(pair->name, not_signed) != 0) {
		r->n++;
		return true;
	}
	/* An escaped "hash" is not what Telegram sends. */
	if (len != 4 || r->hash != NULL)
		return false;
	r->hash = pair->value;
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->name,
	    ((const struct pair *)b)->name);
}

static bool
read_text(struct pool *p, const char *s, size_t n, struct received *r)
{
	const char *end = s + n, *amp;
	size_t most = 1;

	if (n == 0 || n > TEXT_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		most += s[i] == '&';
	*r = (struct received){ pool_alloc(p, most * sizeof(*r->pairs)), 0,
		NULL };
	for (; s <= end; s = amp + 1) {
		amp = memchr(s, '&', (size_t)(end - s));
		if (amp == NULL)
			amp = end;
		if (!read_pair(p, s, (size_t)(amp - s), r))
			return false;
	}
	qsort(r->pairs, r->n, sizeof(*r->pairs), by_name);
	for (size_t i = 1; i < r->n; i++)
		if (strcmp(r->pairs[i - 1].name, r->pairs[i].name) == 0)
			return false;
	return r->n > 0 && r->hash != NULL;
}

static const char *
value_of(const struct received *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->pairs[i].name, name) == 0)
			return r->pairs[i].value;
	return NULL;
}

/* HMAC over "name=value" lines, of pairs that are sorted. */
static void
mac_of(struct pool *p, const char *bot_token, const struct pair *pairs,
    size_t n, uint8_t mac[MAC_SIZE])
{
	static const char label[] = "WebAppData";
	uint8_t secret[MAC_SIZE];
	size_t len = 0;
	char *text, *o;

	for (size_t i = 0; i < n; i++)
		len += strlen(pairs[i].name) + strlen(pairs[i].value) + 2;
	text = o = pool_alloc(p, len + 1);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			*o++ = '\n';
		o = stpcpy(o, pairs[i].name);
		*o++ = '=';
		o = stpcpy(o, pairs[i].value);
	}
	crypto_hmac(label, strlen(label), bot_token, strlen(bot_token), secret);
	crypto_hmac(secret, MAC_SIZE, text, (size_t)(o - text), mac);
	crypto_wipe(secret, MAC_SIZE);
}

static bool
is_signed(struct pool *p, const char *bot_token, const struct received *r)
{
	uint8_t mac[MAC_SIZE];

	mac_of(p, bot_token, r->pairs, r->n, mac);
	/* As text, and so in lower case: one hash for one content. */
	return strlen(r->hash) == HASH_TEXT &&
	    crypto_equal(r->hash, hex(p, mac, MAC_SIZE), HASH_TEXT);
}

/* One to twelve digits. */
static bool
read_date(const char *s, int64_t *date)
{
	size_t n = s == NULL ? 0 : strspn(s, "0123456789");

	if (n < 1 || n > 12 || s[n] != '\0')
		return false;
	*date = strtoll(s, NULL, 10);
	return true;
}

static bool
is_user_id(int64_t id)
{
	return id >= 1 && id < INT64_C(1) << 52;
}

/* Everything that initData and contact have in common, but the time. */
static bool
read_signed(struct pool *p, const char *bot_token, const char *text, size_t len,
    struct received *r, int64_t *auth_date)
{
	return read_text(p, text, len, r) && is_signed(p, bot_token, r) &&
	    read_date(value_of(r, "auth_date"), auth_date);
}

static enum fault
check_age(int64_t auth_date, int64_t now, int64_t max_age)
{
	return now - auth_date <= max_age && auth_date - now <= AHEAD ?
	    OK :
	    FAULT_INIT_DATA_EXPIRED;
}

enum fault
initdata_check(struct pool *p, const char *bot_token, const char *text,
    size_t len, int64_t now, int64_t max_age, struct initdata *out)
{
	struct json_object *user;
	const char *json;
	struct received r;

	*out = (struct initdata){ 0 };
	if (!read_signed(p, bot_token, text, len, &r, &out->auth_date))
		return FAULT_INIT_DATA_FORGED;
	/* A contact is signed with the same key and says something else. */
	json = value_of(&r, "user");
	if (json == NULL || value_of(&r, "contact") != NULL)
		return FAULT_INIT_DATA_FORGED;
	user = json_parse(p, json, strlen(json), NULL);
	if (!json_int(user, "id", &out->user) || !is_user_id(out->user))
		return FAULT_INIT_DATA_FORGED;

	json_text(user, "first_name", &out->first_name);
	json_text(user, "last_name", &out->last_name);
	json_text(user, "language_code", &out->language);
	return check_age(out->auth_date, now, max_age);
}

/* Telegram sends the number with or without the plus. */
static const char *
phone_of(struct pool *p, const char *s)
{
	size_t n;

	if (*s == '+')
		s++;
	n = strspn(s, "0123456789");
	if (n < 5 || n > 15 || s[n] != '\0')
		return NULL;
	return pool_printf(p, "+%s", s);
}

enum fault
initdata_contact(struct pool *p, const char *bot_token, const char *text,
    size_t len, int64_t now, int64_t max_age, int64_t user, const char **phone)
{
	struct json_object *contact;
	const char *json, *number;
	struct received r;
	int64_t auth_date, owner;

	*phone = NULL;
	if (!read_signed(p, bot_token, text, len, &r, &auth_date))
		return FAULT_INIT_DATA_FORGED;
	json = value_of(&r, "contact");
	if (json == NULL || value_of(&r, "user") != NULL)
		return FAULT_INIT_DATA_FORGED;
	contact = json_parse(p, json, strlen(json), NULL);
	if (!json_int(contact, "user_id", &owner) || owner != user ||
	    !json_text(contact, "phone_number", &number) ||
	    (number = phone_of(p, number)) == NULL)
		return FAULT_INIT_DATA_FORGED;
	*phone = number;
	return check_age(auth_date, now, max_age);
}

static char *
escaped(struct pool *p, const char *s)
{
	char *out = pool_alloc(p, 3 * strlen(s) + 1), *o = out;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (isascii(c) && (isalnum(c) || strchr("-_.~", c) != NULL)) {
			*o++ = (char)c;
			continue;
		}
		*o++ = '%';
		*o++ = "0123456789ABCDEF"[c >> 4];
		*o++ = "0123456789ABCDEF"[c & 15];
	}
	return out;
}

char *
initdata_sign(struct pool *p, const char *bot_token, const char *const *names,
    const char *const *values, size_t n)
{
	struct pair *pairs = pool_alloc(p, (n + 1) * sizeof(*pairs));
	uint8_t mac[MAC_SIZE];
	char *text = pool_strdup(p, "");

	for (size_t i = 0; i < n; i++) {
		pairs[i] = (struct pair){ names[i], values[i] };
		text = pool_printf(p, "%s%s=%s&", text, escaped(p, names[i]),
		    escaped(p, values[i]));
	}
	qsort(pairs, n, sizeof(*pairs), by_name);
	mac_of(p, bot_token, pairs, n, mac);
	return pool_printf(p, "%shash=%s", text, hex(p, mac, MAC_SIZE));
}
