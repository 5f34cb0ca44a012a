#include "pooled.h"

#include "trust/crypto.h"

/* FIPS 180-2 and RFC 4231 (case 2). */
static void
hashes_are_the_published_ones(void **state)
{
	uint8_t mac[MAC_SIZE];

	(void)state;
	crypto_sha256("abc", 3, mac);
	assert_string_equal(hex(pool, mac, MAC_SIZE),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	crypto_hmac("Jefe", 4, "what do ya want for nothing?", 28, mac);
	assert_string_equal(hex(pool, mac, MAC_SIZE),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	crypto_hmac("", 0, "", 0, mac);
	assert_string_equal(hex(pool, mac, MAC_SIZE),
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* The GCM specification's test cases 13 and 14. */
static void
seals_are_the_published_ones(void **state)
{
	static const uint8_t zero[KEY_SIZE];
	uint8_t sealed[NONCE_SIZE + 16 + TAG_SIZE];

	(void)state;
	crypto_seal(zero, zero, NULL, 0, NULL, 0, sealed);
	assert_string_equal(hex(pool, sealed + NONCE_SIZE, TAG_SIZE),
	    "530f8afbc74536b9a963b4f1c4cb738b");
	crypto_seal(zero, zero, NULL, 0, zero, 16, sealed);
	assert_string_equal(hex(pool, sealed + NONCE_SIZE, 16 + TAG_SIZE),
	    "cea7403d4d606b6e074ec5d3baf39d18"
	    "d0d1c8a799996bf0265b98b5d48ab919");
}

static void
only_what_was_sealed_opens(void **state)
{
	static const char text[] = "a secret of some length";
	uint8_t key[KEY_SIZE], other[KEY_SIZE];
	uint8_t sealed[NONCE_SIZE + sizeof(text) + TAG_SIZE];
	char plain[sizeof(text)];

	(void)state;
	crypto_random(key, sizeof(key));
	crypto_random(other, sizeof(other));
	crypto_seal(key, NULL, "aad", 3, text, sizeof(text), sealed);
	assert_true(crypto_open(key, "aad", 3, sealed, sizeof(sealed), plain));
	assert_memory_equal(plain, text, sizeof(text));

	assert_false(
	    crypto_open(other, "aad", 3, sealed, sizeof(sealed), plain));
	for (size_t i = 0; i < sizeof(plain); i++)
		assert_int_equal(plain[i], 0);
	assert_false(crypto_open(key, "aae", 3, sealed, sizeof(sealed), plain));
	assert_false(crypto_open(key, "aad", 2, sealed, sizeof(sealed), plain));
	assert_false(crypto_open(key, NULL, 0, sealed, sizeof(sealed), plain));
	for (size_t n = 0; n < sizeof(sealed); n++)
		assert_false(crypto_open(key, "aad", 3, sealed, n, plain));
	for (size_t i = 0; i < sizeof(sealed) * 8; i++) {
		sealed[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(
		    crypto_open(key, "aad", 3, sealed, sizeof(sealed), plain));
		sealed[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}

static void
nonces_are_random_unless_given(void **state)
{
	static const uint8_t zero[KEY_SIZE];
	uint8_t one[NONCE_SIZE + 1 + TAG_SIZE], two[sizeof(one)];

	(void)state;
	crypto_seal(zero, NULL, NULL, 0, "x", 1, one);
	crypto_seal(zero, NULL, NULL, 0, "x", 1, two);
	assert_memory_not_equal(one, two, NONCE_SIZE);
	crypto_seal(zero, zero, NULL, 0, "x", 1, one);
	crypto_seal(zero, zero, NULL, 0, "x", 1, two);
	assert_memory_equal(one, two, sizeof(one));
}

/* Made with Python's hashlib.scrypt. */
static void
passphrases_make_keys(void **state)
{
	uint8_t salt[16], key[KEY_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)i;
	crypto_key_of_passphrase("correct horse battery", salt, sizeof(salt),
	    key);
	assert_string_equal(hex(pool, key, KEY_SIZE),
	    "0544bf8d8dd15c894d51f54589bad74b59be66dc834b9ea4b286764a04a35254");
}

static void
equal_and_wipe(void **state)
{
	char s[] = "secret";

	(void)state;
	assert_true(crypto_equal("abc", "abd", 2));
	assert_false(crypto_equal("abc", "abd", 3));
	crypto_wipe(s, sizeof(s));
	assert_memory_equal(s, "\0\0\0\0\0\0\0", sizeof(s));
}

/* RFC 4648, section 10. */
static void
base64_is_the_published_one(void **state)
{
	static const char *const text[] = { "", "f", "fo", "foo", "foob",
		"fooba", "foobar" };
	static const char *const padded[] = { "", "Zg==", "Zm8=", "Zm9v",
		"Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };

	(void)state;
	for (size_t i = 0; i < LENGTH(text); i++) {
		char *url = base64url(pool, text[i], i);

		assert_string_equal(base64(pool, text[i], i), padded[i]);
		assert_int_equal(strncmp(padded[i], url, strlen(url)), 0);
		assert_int_equal(strlen(url), (4 * i + 2) / 3);
	}
	assert_string_equal(base64(pool, "\xfb\xff\xbf", 3), "+/+/");
	assert_string_equal(base64url(pool, "\xfb\xff\xbf", 3), "-_-_");
}

static void
base64url_goes_there_and_back(void **state)
{
	uint8_t in[100], out[100];

	(void)state;
	for (size_t n = 0; n <= sizeof(in); n++) {
		char *text;

		crypto_random(in, sizeof(in));
		text = base64url(pool, in, n);
		assert_int_equal(base64url_decode(text, strlen(text), out,
				     sizeof(out)),
		    n);
		assert_memory_equal(in, out, n);
		if (n > 0)
			assert_int_equal(base64url_decode(text, strlen(text),
					     out, n - 1),
			    -1);
	}
}

/* Of all texts of two and three characters, only those that encoding makes. */
static void
base64url_has_one_text_for_the_same_bytes(void **state)
{
	static const char *const bad[] = { "A", "AAAAA",
		"Zg==", "Zm8=", "Zg=", "Z g", "Zm9v\n", "Zm+v", "Zm/v",
		"Zm9\xc3", "Zh", "Zm9" };
	uint8_t out[8];
	int good = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_int_equal(base64url_decode(bad[i], strlen(bad[i]), out,
				     sizeof(out)),
		    -1);
	assert_int_equal(base64url_decode("Zg\0v", 4, out, sizeof(out)), -1);
	for (int i = 0; i < 256 * 256; i++) {
		char text[] = { (char)(i >> 8), (char)(i & 255) };

		good += base64url_decode(text, 2, out, sizeof(out)) == 1;
	}
	assert_int_equal(good, 256);
}

static void
hex_is_exact(void **state)
{
	static const char *const bad[] = { "", "0", "00f", "00ff0", "00ff00",
		"0g", "00f ", " 00ff", "0x00", "00-f", "\xd9\xa0-" };
	uint8_t out[2];

	(void)state;
	assert_string_equal(hex(pool, "\x00\xff\x1a", 3), "00ff1a");
	assert_true(hex_decode("00fF", out, 2));
	assert_memory_equal(out, "\x00\xff", 2);
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(hex_decode(bad[i], out, 2));
	assert_true(hex_decode("", out, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_the_published_ones),
		cmocka_unit_test(seals_are_the_published_ones),
		cmocka_unit_test(only_what_was_sealed_opens),
		cmocka_unit_test(nonces_are_random_unless_given),
		cmocka_unit_test(passphrases_make_keys),
		cmocka_unit_test(equal_and_wipe),
		cmocka_unit_test(base64_is_the_published_one),
		cmocka_unit_test(base64url_goes_there_and_back),
		cmocka_unit_test(base64url_has_one_text_for_the_same_bytes),
		cmocka_unit_test(hex_is_exact),
	};

	return cmocka_run_group_tests_name("crypto", tests, make_pool,
	    free_pool);
}
