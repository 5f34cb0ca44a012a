/*
 * initdata: published vectors (initdata.json), and what an attacker tries.
 * A bot token is written in two pieces, joined here.
 */
#include "pooled.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "trust/crypto.h"
#include "trust/initdata.h"

static const char token[] = "42:"
			    "TEST";
static const int64_t now = 1795240680, day = 86400;
static struct json_object *
read_vectors(void)
{
	const char *top = getenv("TOP_SRCDIR"), *why = "";
	char *text = pool_alloc(pool, 1 << 20);
	struct json_object *vectors;
	FILE *file;
	size_t n;

	file = fopen(pool_printf(pool, "%s/tests/unit/initdata.json",
			 top == NULL ? "." : top),
	    "r");
	assert_non_null(file);
	n = fread(text, 1, 1 << 20, file);
	fclose(file);
	vectors = json_parse(pool, text, n, &why);
	assert_string_equal(why, "");
	return vectors;
}

static const char *
token_of(struct json_object *vector)
{
	struct json_object *pieces = json_get(vector, "bot_token");
	const char *all = "", *one;

	for (size_t i = 0; i < json_length(pieces); i++) {
		assert_true(json_as_text(json_at(pieces, i), &one));
		all = pool_printf(pool, "%s%s%s", all, i > 0 ? ":" : "", one);
	}
	return all;
}

static char *
decoded(const char *s, size_t n)
{
	char *out = pool_alloc(pool, n + 1), *o = out;

	for (size_t i = 0; i < n; i++) {
		uint8_t byte = (uint8_t)(s[i] == '+' ? ' ' : s[i]);

		if (s[i] == '%') {
			assert_true(hex_decode(pool_strndup(pool, s + i + 1, 2),
			    &byte, 1));
			i += 2;
		}
		*o++ = (char)byte;
	}
	return out;
}

/* Is its hash the one that we would have made? */
static bool
signature_ok(const char *bot_token, const char *text)
{
	const char *names[32], *values[32], *hash = strstr(text, "hash=");
	size_t n = 0;

	while (*text != '\0') {
		size_t name = strcspn(text, "="), all = strcspn(text, "&");

		if (text != hash) {
			names[n] = decoded(text, name);
			values[n++] = decoded(text + name + 1, all - name - 1);
		}
		text += all + (text[all] == '&');
	}
	return strncmp(strstr(initdata_sign(pool, bot_token, names, values, n),
			   "&hash=") +
		       1,
		   hash, 5 + 64) == 0;
}

static void
published_vectors(void **state)
{
	struct json_object *vectors = read_vectors();

	(void)state;
	assert_true(json_length(vectors) >= 28);
	for (size_t i = 0; i < json_length(vectors); i++) {
		struct json_object *v = json_at(vectors, i);
		const char *text, *note, *date;
		int64_t at = 0, max_age = day;
		struct initdata d;
		enum fault f;
		bool valid;

		assert_true(json_text(v, "init_data", &text));
		assert_true(json_text(v, "note", &note));
		assert_true(json_bool(v, "expect_valid", &valid));
		if ((date = strstr(text, "auth_date=")) != NULL)
			at = strtoll(date + 10, NULL, 10);
		if (json_int(v, "max_age", &max_age))
			at += max_age + 1;
		json_int(v, "now", &at);
		f = initdata_check(pool, token_of(v), text, strlen(text), at,
		    max_age, &d);
		if ((f == OK) != valid)
			fail_msg("%zu: %s", i, note);
		if (json_truth(json_get(v, "signature_ok")))
			assert_true(signature_ok(token_of(v), text));
		if (json_has(v, "max_age"))
			assert_int_equal(f, FAULT_INIT_DATA_EXPIRED);
		assert_int_equal(initdata_check(pool,
				     "42:"
				     "OTHER",
				     text, strlen(text), at, max_age, &d),
		    FAULT_INIT_DATA_FORGED);
	}
}

#define USER "{\"id\":279058397,\"first_name\":\"Anna\"}"
#define USER_URL "%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Anna%22%7D"
#define FIELDS "auth_date=1795240680&user=" USER_URL

/* The hash over that text of n bytes, whoever made it. */
static const char *
hash_n(const char *signed_text, size_t n)
{
	uint8_t secret[MAC_SIZE], mac[MAC_SIZE];

	crypto_hmac("WebAppData", 10, token, strlen(token), secret);
	crypto_hmac(secret, MAC_SIZE, signed_text, n, mac);
	return hex(pool, mac, MAC_SIZE);
}

static enum fault
check_n(const char *text, size_t n, struct initdata *d)
{
	return initdata_check(pool, token, text, n, now, day, d);
}

static enum fault
check(const char *text)
{
	struct initdata d;

	return check_n(text, strlen(text), &d);
}

/* Fields as sent, with the hash of the text that is said to be signed. */
static enum fault
check_signed(const char *fields, const char *signed_text)
{
	return check(pool_printf(pool, "%s&hash=%s", fields,
	    hash_n(signed_text, strlen(signed_text))));
}

/* Fields "auth_date" (good) and user with that JSON. */
static enum fault
check_user(const char *user, struct initdata *d)
{
	char *date = pool_printf(pool, "%" PRId64, now);
	char *text = initdata_sign(pool, token,
	    (const char *const[]){ "auth_date", "user" },
	    (const char *const[]){ date, user }, 2);

	return check_n(text, strlen(text), d);
}

static enum fault
check_date(const char *date)
{
	return check(initdata_sign(pool, token,
	    (const char *const[]){ "auth_date", "user" },
	    (const char *const[]){ date, USER }, 2));
}

static void
what_it_says_is_told(void **state)
{
	static const char *const names[] = { "user", "start_param", "auth_date",
		"signature", "chat_type", "a", "a1" };
	static const char *const values[] = {
		"{\"id\":4503599627370495,"
		"\"first_name\":\"\\u0410нна\",\"last_name\":\"К. + & = %\","
		"\"username\":\"anna\",\"language_code\":\"uk\",\"new\":[{}]}",
		"AB-c_1", "1795240680", "", "sender", "1", "2"
	};
	char *text = initdata_sign(pool, token, names, values, LENGTH(names));
	struct initdata d;

	(void)state;
	assert_int_equal(check_n(text, strlen(text), &d), OK);
	assert_int_equal(d.user, 4503599627370495);
	assert_string_equal(d.first_name, "Анна");
	assert_string_equal(d.last_name, "К. + & = %");
	assert_string_equal(d.language, "uk");
	assert_int_equal(d.auth_date, now);
	/* Without the byte behind it, too. */
	assert_int_equal(check_n(memcpy(pool_alloc(pool, strlen(text)), text,
				     strlen(text)),
			     strlen(text), &d),
	    OK);
}

/* What is signed is written here by hand. */
static const struct {
	const char *fields, *signed_text;
	enum fault fault;
} forms[] = {
	{ "auth_date=1795240680&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, OK },
	/* Any order; sorted by name. */
	{ "user=" USER_URL "&auth_date=1795240680",
	    "auth_date=1795240680\nuser=" USER, OK },
	{ "user=" USER_URL "&a1=y&auth_date=1795240680&a=x",
	    "a=x\na1=y\nauth_date=1795240680\nuser=" USER, OK },
	{ "user=" USER_URL "&auth_date=1795240680",
	    "user=" USER "\nauth_date=1795240680", FAULT_INIT_DATA_FORGED },
	/* The signature is a field like others, and may be empty. */
	{ "auth_date=1795240680&signature=&user=" USER_URL,
	    "auth_date=1795240680\nsignature=\nuser=" USER, OK },
	{ "auth_date=1795240680&signature=x&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&query_id=&user=" USER_URL,
	    "auth_date=1795240680\nquery_id=\nuser=" USER, OK },
	/* Decoded once. */
	{ "auth_date=1795240680&q=a+b%20c%2Bd%2541&user=" USER_URL,
	    "auth_date=1795240680\nq=a b c+d%41\nuser=" USER, OK },
	{ "auth_date=1795240680&q=%d0%B1&user=" USER_URL,
	    "auth_date=1795240680\nq=б\nuser=" USER, OK },
	{ "auth_date=1795240680&q=a=b&user=" USER_URL,
	    "auth_date=1795240680\nq=a=b\nuser=" USER, OK },
	/* Text of the hash. */
	{ "auth_date=1795240680&hash=&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&%68ash=x&user=" USER_URL,
	    "auth_date=1795240680\nhash=x\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&%68ash=x&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	/* One field that makes the lines of three, and the reverse. */
	{ "auth_date=1795240680%0Auser=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680%0aquery_id=q%0auser=" USER_URL,
	    "auth_date=1795240680\nquery_id=q\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date%3D1795240680%0Auser=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=a%0Db&user=" USER_URL,
	    "auth_date=1795240680\nq=a\rb\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=a%09b&user=" USER_URL,
	    "auth_date=1795240680\nq=a\tb\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=a\nb&user=" USER_URL,
	    "auth_date=1795240680\nq=a\nb\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q%0A=b&user=" USER_URL,
	    "auth_date=1795240680\nq\n=b\nuser=" USER, FAULT_INIT_DATA_FORGED },
	/* NUL: nothing behind it may be lost. */
	{ "auth_date=1795240680&q=a%00b&user=" USER_URL,
	    "auth_date=1795240680\nq=a\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&user=" USER_URL "%00",
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680%00&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date%00=1795240680&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	/* Twice: who takes the first and who the last would both sign. */
	{ "auth_date=1795240680&user=" USER_URL "&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&user=" USER_URL "&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER "\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date=1&auth_date=1795240680&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&user=" USER_URL "&%75ser=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	/* No UTF-8; somebody else's decoder would write U+FFFD. */
	{ "auth_date=1795240680&q=%FF&user=" USER_URL,
	    "auth_date=1795240680\nq=\xff\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=%FF&user=" USER_URL,
	    "auth_date=1795240680\nq=\xef\xbf\xbd\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=%C0%AF&user=" USER_URL,
	    "auth_date=1795240680\nq=\xc0\xaf\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=%ED%A0%80&user=" USER_URL,
	    "auth_date=1795240680\nq=\xed\xa0\x80\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	/* Escapes that are none. */
	{ "auth_date=1795240680&q=%&user=" USER_URL,
	    "auth_date=1795240680\nq=%\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=%4&user=" USER_URL,
	    "auth_date=1795240680\nq=%4\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=%g0&user=" USER_URL,
	    "auth_date=1795240680\nq=%g0\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&q=%u0041&user=" USER_URL,
	    "auth_date=1795240680\nq=%u0041\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
	/* Shapes. */
	{ "auth_date=1795240680&q&user=" USER_URL,
	    "auth_date=1795240680\nq=\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&=x&user=" USER_URL,
	    "=x\nauth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "?auth_date=1795240680&user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680;user=" USER_URL,
	    "auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	/* Missing. */
	{ "user=" USER_URL, "user=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680", "auth_date=1795240680",
	    FAULT_INIT_DATA_FORGED },
	{ "Auth_date=1795240680&user=" USER_URL,
	    "Auth_date=1795240680\nuser=" USER, FAULT_INIT_DATA_FORGED },
	/* A contact is signed with the same key. */
	{ "auth_date=1795240680&contact=" USER_URL,
	    "auth_date=1795240680\ncontact=" USER, FAULT_INIT_DATA_FORGED },
	{ "auth_date=1795240680&contact=%7B%7D&user=" USER_URL,
	    "auth_date=1795240680\ncontact={}\nuser=" USER,
	    FAULT_INIT_DATA_FORGED },
};

static void
forms_of_the_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(forms); i++)
		if (check_signed(forms[i].fields, forms[i].signed_text) !=
		    forms[i].fault)
			fail_msg("%zu: %s", i, forms[i].fields);
}

static void
forms_of_the_hash(void **state)
{
	static const char fields[] = FIELDS;
	static const char text[] = "auth_date=1795240680\nuser=" USER;
	const char *good = hash_n(text, strlen(text));
	char *upper = pool_strdup(pool, good), *all;

	(void)state;
	for (char *c = upper; *c != '\0'; c++)
		if (*c >= 'a')
			*c = (char)(*c - 'a' + 'A');
	assert_string_not_equal(upper, good);
	all = pool_printf(pool, "hash=%s&%s", good, fields);
	assert_int_equal(check(all), OK);
	for (size_t n = 0; n < 64; n++)
		assert_int_equal(check(pool_printf(pool, "%s&hash=%.*s", fields,
				     (int)n, good)),
		    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(pool_printf(pool, "%s&hash=%s", fields, upper)),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(pool_printf(pool, "%s&hash=%s0", fields, good)),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(
			     pool_printf(pool, "%s&hash=%s%%00", fields, good)),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(
			     pool_printf(pool, "%s&%%68ash=%s", fields, good)),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(pool_printf(pool, "%s&Hash=%s", fields, good)),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(pool_printf(pool, "%s&hash=%s&hash=%s", fields,
			     good, good)),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(pool_printf(pool, "%s&hash=%s&", fields, good)),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(pool_printf(pool, "%s&hash=%s ", fields, good)),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(check(fields), FAULT_INIT_DATA_FORGED);
	for (size_t i = 5; i < 5 + 64; i++) {
		all[i] = all[i] == '0' ? '1' : '0';
		assert_int_equal(check(all), FAULT_INIT_DATA_FORGED);
		all[i] = good[i - 5];
	}
}

/* The key in hex, the arguments the wrong way round, the login widget's. */
static void
other_derivations_are_refused(void **state)
{
	static const char text[] = "auth_date=1795240680\nuser=" USER;
	uint8_t secrets[3][MAC_SIZE], mac[MAC_SIZE];
	char *in_hex;

	(void)state;
	crypto_hmac("WebAppData", 10, token, strlen(token), secrets[0]);
	in_hex = hex(pool, secrets[0], MAC_SIZE);
	crypto_hmac(token, strlen(token), "WebAppData", 10, secrets[1]);
	crypto_sha256(token, strlen(token), secrets[2]);
	for (size_t i = 0; i < 3; i++) {
		crypto_hmac(i == 0 ? (const void *)in_hex : secrets[i],
		    i == 0 ? 64 : MAC_SIZE, text, strlen(text), mac);
		assert_int_equal(check(pool_printf(pool, "%s&hash=%s", FIELDS,
				     hex(pool, mac, MAC_SIZE))),
		    FAULT_INIT_DATA_FORGED);
	}
}

static void
forms_of_the_date(void **state)
{
	static const char *const bad[] = { "", "x", "123abc", "+1795240680",
		" 1795240680", "1795240680 ", "1.7e9", "1795240680.0", "-1",
		"0x10", "1795240680000", "18446744073709551617", "\xd9\xa1",
		"1,795240680" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (check_date(bad[i]) != FAULT_INIT_DATA_FORGED)
			fail_msg("%s", bad[i]);
	assert_int_equal(check_date("0"), FAULT_INIT_DATA_EXPIRED);
	assert_int_equal(check_date("999999999999"), FAULT_INIT_DATA_EXPIRED);
}

static void
age_has_both_ends(void **state)
{
	static const struct {
		int64_t age;
		enum fault fault;
	} ages[] = {
		{ 0, OK },
		{ 86400, OK },
		{ 86401, FAULT_INIT_DATA_EXPIRED },
		{ -60, OK },
		{ -61, FAULT_INIT_DATA_EXPIRED },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(ages); i++)
		assert_int_equal(check_date(pool_printf(pool, "%" PRId64,
				     now - ages[i].age)),
		    ages[i].fault);
}

static const struct {
	const char *user;
	int64_t id; /* 0: refused */
} users[] = {
	{ "{\"id\":1}", 1 },
	{ "{\"id\":4503599627370495}", 4503599627370495 },
	{ " {\"first_name\":\"x\", \"id\" : 7 } ", 7 },
	{ "{\"id\":7,\"first_name\":null,\"last_name\":5}", 7 },
	{ "{\"id\":4503599627370496}", 0 },
	{ "{\"id\":9223372036854775807}", 0 },
	{ "{\"id\":18446744073709551617}", 0 },
	{ "{\"id\":0}", 0 },
	{ "{\"id\":-0}", 0 },
	{ "{\"id\":-1}", 0 },
	{ "{\"id\":\"1\"}", 0 },
	{ "{\"id\":1.0}", 0 },
	{ "{\"id\":1e0}", 0 },
	{ "{\"id\":01}", 0 },
	{ "{\"id\":+1}", 0 },
	{ "{\"id\":null}", 0 },
	{ "{\"id\":true}", 0 },
	{ "{\"id\":[1]}", 0 },
	{ "{\"id\":{}}", 0 },
	{ "{\"ID\":1}", 0 },
	{ "{\"id\\u0000\":1}", 0 },
	{ "{\"id\":1,\"id\":2}", 0 },
	{ "{\"id\":1,\"\\u0069d\":2}", 0 },
	{ "{\"id\":1,\"x\":{\"a\":1,\"a\":1}}", 0 },
	{ "{}", 0 },
	{ "[]", 0 },
	{ "[{\"id\":1}]", 0 },
	{ "1", 0 },
	{ "null", 0 },
	{ "\"{\\\"id\\\":1}\"", 0 },
	{ "", 0 },
	{ "{", 0 },
	{ "{\"id\":1", 0 },
	{ "{\"id\":1}}", 0 },
	{ "{\"id\":1}x", 0 },
	{ "{\"id\":1,}", 0 },
	{ "{'id':1}", 0 },
	{ "{id:1}", 0 },
	{ "{\"id\":1,\"first_name\":\"\\ud800\"}", 0 },
};

static void
forms_of_the_user(void **state)
{
	struct initdata d;

	(void)state;
	for (size_t i = 0; i < LENGTH(users); i++) {
		enum fault f = check_user(users[i].user, &d);

		if (f != (users[i].id > 0 ? OK : FAULT_INIT_DATA_FORGED))
			fail_msg("%s", users[i].user);
		if (f == OK)
			assert_int_equal(d.user, users[i].id);
	}
	assert_int_equal(check_user("{\"id\":7,\"first_name\":\"a\\u0000b\"}",
			     &d),
	    OK);
	assert_null(d.first_name);
}

static void
raw_bytes_are_no_better_than_escaped_ones(void **state)
{
	static const char text[] = "auth_date=1795240680\nq=\nuser=" USER;
	const char *hash = hash_n(text, strlen(text));
	struct initdata d;

	(void)state;
	for (int c = 0; c < 32; c++) {
		char *all = pool_printf(pool, "q=_&%s&hash=%s", FIELDS, hash);
		size_t n = strlen(all);

		all[2] = (char)c;
		assert_int_equal(check_n(all, n, &d), FAULT_INIT_DATA_FORGED);
	}
	assert_int_equal(check_n("", 0, &d), FAULT_INIT_DATA_FORGED);
	assert_int_equal(check_n("\0", 1, &d), FAULT_INIT_DATA_FORGED);
}

static void
the_text_is_bounded(void **state)
{
	size_t n = 16 * 1024;
	char *fill = memset(pool_alloc(pool, n + 1), 'x', n), *text;
	const char *names[] = { "auth_date", "user", "q" };
	const char *values[] = { "1795240680", USER, fill };

	(void)state;
	text = initdata_sign(pool, token, names, values, 3);
	n -= strlen(text) - n;
	memset(fill + n, '\0', 16 * 1024 - n);
	text = initdata_sign(pool, token, names, values, 3);
	assert_int_equal(strlen(text), 16 * 1024);
	assert_int_equal(check(text), OK);
	fill[n] = 'x';
	text = initdata_sign(pool, token, names, values, 3);
	assert_int_equal(strlen(text), 16 * 1024 + 1);
	assert_int_equal(check(text), FAULT_INIT_DATA_FORGED);
}

static enum fault
contact(const char *name, const char *json, int64_t user, const char **phone)
{
	char *text = initdata_sign(pool, token,
	    (const char *const[]){ name, "auth_date" },
	    (const char *const[]){ json, "1795240680" }, 2);

	return initdata_contact(pool, token, text, strlen(text), now, day, user,
	    phone);
}

static void
a_contact_is_the_user_s_own(void **state)
{
	static const char json[] = "{\"user_id\":7,\"phone_number\":"
				   "\"+79991234567\",\"first_name\":\"Anna\"}";
	static const char *const bad[] = {
		"{\"phone_number\":\"79991234567\"}",
		"{\"user_id\":\"7\",\"phone_number\":\"79991234567\"}",
		"{\"user_id\":7}",
		"{\"user_id\":7,\"phone_number\":79991234567}",
		"{\"user_id\":7,\"phone_number\":\"\"}",
		"{\"user_id\":7,\"phone_number\":\"+\"}",
		"{\"user_id\":7,\"phone_number\":\"++79991234567\"}",
		"{\"user_id\":7,\"phone_number\":\"7999 123\"}",
		"{\"user_id\":7,\"phone_number\":\"7999123456789012\"}",
		"{\"user_id\":7,\"phone_number\":\"+7999\\u0000\"}",
		"{\"user_id\":7,\"user_id\":7,\"phone_number\":\"79991234567\"}",
		"",
		"[]",
		"null",
	};
	const char *phone;

	(void)state;
	assert_int_equal(contact("contact", json, 7, &phone), OK);
	assert_string_equal(phone, "+79991234567");
	assert_int_equal(contact("contact",
			     "{\"user_id\":7,\"phone_number\":\"79991234567\"}",
			     7, &phone),
	    OK);
	assert_string_equal(phone, "+79991234567");
	assert_int_equal(contact("contact", json, 8, &phone),
	    FAULT_INIT_DATA_FORGED);
	assert_null(phone);
	assert_int_equal(contact("user", json, 7, &phone),
	    FAULT_INIT_DATA_FORGED);
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (contact("contact", bad[i], 7, &phone) !=
		    FAULT_INIT_DATA_FORGED)
			fail_msg("%s", bad[i]);
}

/* 1.4 of the trap: both are signed with the same key. */
static void
neither_passes_for_the_other(void **state)
{
	static const char both[] = "{\"id\":7,\"user_id\":7,"
				   "\"phone_number\":\"79991234567\"}";
	static const char *const names[] = { "auth_date", "user", "contact" };
	const char *const values[] = { "1795240680", both, both };
	char *text;
	const char *phone;
	struct initdata d;

	(void)state;
	text = initdata_sign(pool, token, names, values, 2);
	assert_int_equal(check_n(text, strlen(text), &d), OK);
	assert_int_equal(initdata_contact(pool, token, text, strlen(text), now,
			     day, 7, &phone),
	    FAULT_INIT_DATA_FORGED);
	text = initdata_sign(pool, token, names, values, 3);
	assert_int_equal(check_n(text, strlen(text), &d),
	    FAULT_INIT_DATA_FORGED);
	assert_int_equal(initdata_contact(pool, token, text, strlen(text), now,
			     day, 7, &phone),
	    FAULT_INIT_DATA_FORGED);
}

static void
a_contact_grows_old(void **state)
{
	static const char json[] = "{\"user_id\":7,\"phone_number\":"
				   "\"79991234567\"}";
	char *text = initdata_sign(pool, token,
	    (const char *const[]){ "contact", "auth_date" },
	    (const char *const[]){ json, "1795240680" }, 2);
	const char *phone;

	(void)state;
	assert_int_equal(initdata_contact(pool, token, text, strlen(text),
			     now + 300, 300, 7, &phone),
	    OK);
	assert_int_equal(initdata_contact(pool, token, text, strlen(text),
			     now + 301, 300, 7, &phone),
	    FAULT_INIT_DATA_EXPIRED);
	assert_int_equal(initdata_contact(pool, token, text, strlen(text),
			     now - 61, 300, 7, &phone),
	    FAULT_INIT_DATA_EXPIRED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vectors),
		cmocka_unit_test(what_it_says_is_told),
		cmocka_unit_test(forms_of_the_text),
		cmocka_unit_test(forms_of_the_hash),
		cmocka_unit_test(other_derivations_are_refused),
		cmocka_unit_test(forms_of_the_date),
		cmocka_unit_test(age_has_both_ends),
		cmocka_unit_test(forms_of_the_user),
		cmocka_unit_test(raw_bytes_are_no_better_than_escaped_ones),
		cmocka_unit_test(the_text_is_bounded),
		cmocka_unit_test(a_contact_is_the_user_s_own),
		cmocka_unit_test(neither_passes_for_the_other),
		cmocka_unit_test(a_contact_grows_old),
	};

	return cmocka_run_group_tests_name("initdata", tests, make_pool,
	    free_pool);
}
