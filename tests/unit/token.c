/*
 * token: RFC 7515, 7519 and the attacks of RFC 8725.
 */
#include "pooled.h"

#include "trust/token.h"

#define SESSION "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define HEADER "{\"alg\":\"HS256\",\"kid\":\"9\"}"
#define PAYLOAD \
	"{\"sid\":\"" SESSION \
	"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280}"

static const struct key key = { .id = 9,
	.purpose = KEY_TOKEN,
	.bytes = "0123456789abcdef0123456789abcde" };
static const struct token claims = { SESSION, 12, 1795240680, 1795244280 };
/* Whatever somebody writes who has the key. */
static char *
token_of(const struct key *k, const char *header, const char *payload)
{
	char *part = pool_printf(pool, "%s.%s",
	    base64url(pool, header, strlen(header)),
	    base64url(pool, payload, strlen(payload)));
	uint8_t mac[MAC_SIZE];

	crypto_hmac(k->bytes, KEY_SIZE, part, strlen(part), mac);
	return pool_printf(pool, "%s.%s", part, base64url(pool, mac, MAC_SIZE));
}

static enum fault
check(const char *text)
{
	struct token t;

	return token_check(pool, &key, text, claims.issued_at, &t);
}

static void
a_token_says_what_was_signed(void **state)
{
	char *text = token_sign(pool, &key, &claims);
	struct token t;

	(void)state;
	assert_string_equal(text, token_of(&key, HEADER, PAYLOAD));
	assert_int_equal(token_key(text), 9);
	assert_int_equal(token_check(pool, &key, text, claims.issued_at, &t),
	    OK);
	assert_string_equal(t.session, SESSION);
	assert_int_equal(t.person, 12);
	assert_int_equal(t.issued_at, claims.issued_at);
	assert_int_equal(t.expires_at, claims.expires_at);
}

/* RFC 7519, 4.1.4: on or after exp it must not be accepted. */
static void
a_token_expires_to_the_second(void **state)
{
	char *text = token_sign(pool, &key, &claims);
	struct token t;

	(void)state;
	assert_int_equal(token_check(pool, &key, text, claims.expires_at - 1,
			     &t),
	    OK);
	assert_int_equal(token_check(pool, &key, text, claims.expires_at, &t),
	    FAULT_TOKEN_EXPIRED);
	assert_int_equal(token_check(pool, &key, text, claims.expires_at + 1,
			     &t),
	    FAULT_TOKEN_EXPIRED);
}

/* The right key made all of these; none is what we would have written. */
static void
other_forms_of_a_token_are_refused(void **state)
{
	static const char *const headers[] = {
		"",
		"{}",
		"[]",
		"{\"alg\":\"HS256\"}",
		"{\"alg\":\"none\",\"kid\":\"9\"}",
		"{\"alg\":\"None\",\"kid\":\"9\"}",
		"{\"alg\":\"hs256\",\"kid\":\"9\"}",
		"{\"alg\":\"HS384\",\"kid\":\"9\"}",
		"{\"alg\":\"RS256\",\"kid\":\"9\"}",
		"{\"alg\":\"HS256\",\"kid\":\"8\"}",
		"{\"alg\":\"HS256\",\"kid\":\"09\"}",
		"{\"alg\":\"HS256\",\"kid\":\"+9\"}",
		"{\"alg\":\"HS256\",\"kid\":\"9 \"}",
		"{\"alg\":\"HS256\",\"kid\":\"0\"}",
		"{\"alg\":\"HS256\",\"kid\":\"256\"}",
		"{\"alg\":\"HS256\",\"kid\":\"265\"}",
		"{\"alg\":\"HS256\",\"kid\":\"4294967305\"}",
		"{\"alg\":\"HS256\",\"kid\":\"\"}",
		"{\"alg\":\"HS256\",\"kid\":9}",
		"{\"kid\":\"9\",\"alg\":\"HS256\"}",
		"{\"alg\":\"HS256\", \"kid\":\"9\"}",
		"{\"alg\":\"HS256\",\"kid\":\"9\",\"typ\":\"JWT\"}",
		"{\"alg\":\"HS256\",\"kid\":\"9\",\"crit\":[\"b64\"]}",
		"{\"alg\":\"HS256\",\"kid\":\"9\",\"kid\":\"9\"}",
		"{\"alg\":\"HS256\",\"kid\":\"9\"}\n",
		"{\"alg\":\"HS256\",\"kid\":\"9\"",
	};
	static const char *const payloads[] = {
		"",
		"{}",
		"[]",
		"null",
		"\"x\"",
		"{\"sid\":\"" SESSION "\",\"sub\":\"12\",\"iat\":1795240680}",
		"{\"sid\":\"" SESSION
		"\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":12,\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"012\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"-12\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"12x\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"99999999999999999999\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":\"1795244280\"}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280.0}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1e400}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":99999999999999999999}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":null}",
		"{\"sid\":\"x\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"A\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"\\u0041AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280,\"adm\":true}",
		"{\"sid\":\"" SESSION
		"\",\"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280,\"exp\":1895244280}",
		"{\"sub\":\"12\",\"sid\":\"" SESSION
		"\",\"iat\":1795240680,\"exp\":1795244280}",
		"{\"sid\":\"" SESSION
		"\", \"sub\":\"12\",\"iat\":1795240680,\"exp\":1795244280}",
		PAYLOAD " ",
		" " PAYLOAD,
		PAYLOAD PAYLOAD,
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(headers); i++)
		if (check(token_of(&key, headers[i], PAYLOAD)) !=
		    FAULT_BAD_TOKEN)
			fail_msg("accepted with header %s", headers[i]);
	for (size_t i = 0; i < LENGTH(payloads); i++)
		if (check(token_of(&key, HEADER, payloads[i])) !=
		    FAULT_BAD_TOKEN)
			fail_msg("accepted with payload %s", payloads[i]);
	assert_int_equal(check(token_of(&key, HEADER, PAYLOAD)), OK);
}

static void
a_changed_token_is_refused(void **state)
{
	char *text = token_sign(pool, &key, &claims);
	size_t n = strlen(text);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char kept = text[i];

		for (const char *c = "ABwx019-_.=+/ \n"; *c != '\0'; c++) {
			text[i] = *c;
			if (*c != kept)
				assert_int_equal(check(text), FAULT_BAD_TOKEN);
		}
		text[i] = kept;
	}
	for (size_t i = 0; i < n; i++)
		assert_int_equal(check(pool_strndup(pool, text, i)),
		    FAULT_BAD_TOKEN);
	for (const char *c = "A=. \n"; *c != '\0'; c++)
		assert_int_equal(check(pool_printf(pool, "%s%c", text, *c)),
		    FAULT_BAD_TOKEN);
	assert_int_equal(check(text), OK);
}

/* 43 characters carry two bits too many: three more texts of each MAC. */
static void
the_last_character_has_one_form(void **state)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char *text = token_sign(pool, &key, &claims);
	char *last = text + strlen(text) - 1;
	long at = strchr(alphabet, *last) - alphabet;

	(void)state;
	assert_int_equal(at % 4, 0);
	for (int i = 1; i < 4; i++) {
		*last = alphabet[at + i];
		assert_int_equal(check(text), FAULT_BAD_TOKEN);
	}
}

static void
shapes_that_are_no_token(void **state)
{
	char *text = token_sign(pool, &key, &claims);
	char *dot = strrchr(text, '.');
	char *long_one = memset(pool_alloc(pool, 5001), 'A', 5000);
	const char *const bad[] = { "", ".", "..", "...", "a.b.c", "tt_x",
		long_one, pool_strndup(pool, text, (size_t)(dot - text)),
		pool_strndup(pool, text, (size_t)(dot + 1 - text)),
		pool_printf(pool, ".%s", text),
		pool_printf(pool, "%s.%s", text, text),
		pool_printf(pool, "%s..%s", text, dot + 1) };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_int_equal(check(bad[i]), FAULT_BAD_TOKEN);
	assert_int_equal(check(NULL), FAULT_BAD_TOKEN);
	assert_int_equal(token_key(NULL), -1);
	assert_int_equal(token_key(""), -1);
	assert_int_equal(token_key("a.b.c"), -1);
	assert_int_equal(token_key(long_one), -1);
}

static void
another_key_signs_nothing_for_us(void **state)
{
	struct key other = key;
	struct token t;
	char *text = token_sign(pool, &key, &claims);

	(void)state;
	other.bytes[31] ^= 1;
	assert_int_equal(token_check(pool, &other, text, 0, &t),
	    FAULT_BAD_TOKEN);
	other = key;
	other.id = 10;
	assert_int_equal(token_check(pool, &other, text, 0, &t),
	    FAULT_BAD_TOKEN);
	assert_int_equal(token_check(pool, NULL, text, 0, &t), FAULT_BAD_TOKEN);
	other.bytes[31] ^= 1;
	other.id = 9;
	assert_int_equal(check(token_sign(pool, &other, &claims)),
	    FAULT_BAD_TOKEN);
}

static void
every_key_id_is_found(void **state)
{
	struct key any = key;

	(void)state;
	for (int id = 1; id <= 255; id++) {
		any.id = (uint8_t)id;
		assert_int_equal(token_key(token_sign(pool, &any, &claims)),
		    id);
	}
}

static void
sessions_are_random(void **state)
{
	char *one = token_session(pool), *two = token_session(pool);
	uint8_t bytes[32];

	(void)state;
	assert_string_not_equal(one, two);
	assert_int_equal(base64url_decode(one, strlen(one), bytes, 32), 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_says_what_was_signed),
		cmocka_unit_test(a_token_expires_to_the_second),
		cmocka_unit_test(other_forms_of_a_token_are_refused),
		cmocka_unit_test(a_changed_token_is_refused),
		cmocka_unit_test(the_last_character_has_one_form),
		cmocka_unit_test(shapes_that_are_no_token),
		cmocka_unit_test(another_key_signs_nothing_for_us),
		cmocka_unit_test(every_key_id_is_found),
		cmocka_unit_test(sessions_are_random),
	};

	return cmocka_run_group_tests_name("token", tests, make_pool,
	    free_pool);
}
