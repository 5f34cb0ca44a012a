#include "unit.h"

#include "base/pool.h"
#include "trust/code.h"

static const struct key key = { .id = 7,
	.purpose = KEY_SEAL,
	.bytes = "0123456789abcdef0123456789abcde" };
static const struct key other = { .id = 7,
	.purpose = KEY_SEAL,
	.bytes = "0123456789abcdef0123456789abcdE" };
static const struct code content = { .terminal = 12,
	.sequence = 345,
	.made_at = 1795240680 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789-_";

static enum fault
open_at(const char *text, int64_t after)
{
	struct code code;

	return code_open(&key, text, content.made_at + after, &code);
}

static void
a_code_says_what_was_sealed(void **state)
{
	static const struct code codes[] = {
		{ .terminal = 1, .sequence = 0, .made_at = 0 },
		{ .terminal = 12, .sequence = 345, .made_at = 1795240680 },
		{ .terminal = (INT64_C(1) << 48) - 1,
		    .sequence = (INT64_C(1) << 32) - 1,
		    .made_at = (INT64_C(1) << 48) - 1 },
	};
	char text[CODE_TEXT + 1];
	struct code code;

	(void)state;
	for (size_t i = 0; i < LENGTH(codes); i++) {
		code_seal(&key, &codes[i], text);
		assert_int_equal(strlen(text), CODE_TEXT);
		assert_int_equal(strspn(text, alphabet), CODE_TEXT);
		assert_int_equal(code_key(text), 7);
		assert_int_equal(code_open(&key, text, codes[i].made_at, &code),
		    OK);
		assert_int_equal(code.terminal, codes[i].terminal);
		assert_int_equal(code.sequence, codes[i].sequence);
		assert_int_equal(code.made_at, codes[i].made_at);
	}
}

static void
the_same_window_has_the_same_text_and_no_other(void **state)
{
	char one[CODE_TEXT + 1], two[CODE_TEXT + 1];
	struct code code = content, opened;
	uint8_t nonce[NONCE_SIZE];

	(void)state;
	code_seal(&key, &content, one);
	code_seal(&key, &content, two);
	assert_string_equal(one, two);
	assert_int_equal(code_open(&key, one, content.made_at, &opened), OK);
	memcpy(nonce, opened.nonce, NONCE_SIZE);

	code.sequence++;
	code_seal(&key, &code, two);
	assert_int_equal(code_open(&key, two, content.made_at, &opened), OK);
	assert_memory_not_equal(nonce, opened.nonce, NONCE_SIZE);
	/* Nothing of the next is in the one before: no long common run. */
	for (size_t i = 2; i + 8 <= CODE_TEXT; i++)
		assert_int_not_equal(strncmp(one + i, two + i, 8), 0);
}

/* Q2: sixty seconds, to the second. */
static void
a_code_lives_a_minute(void **state)
{
	char text[CODE_TEXT + 1];

	(void)state;
	code_seal(&key, &content, text);
	assert_int_equal(open_at(text, -3), FAULT_CODE_EARLY);
	assert_int_equal(open_at(text, -2), OK);
	assert_int_equal(open_at(text, 0), OK);
	assert_int_equal(open_at(text, 59), OK);
	assert_int_equal(open_at(text, 60), FAULT_CODE_EXPIRED);
	assert_int_equal(open_at(text, 1000000000), FAULT_CODE_EXPIRED);
	assert_int_equal(open_at(text, -1000000000), FAULT_CODE_EARLY);
}

static void
a_changed_code_is_forged(void **state)
{
	char text[CODE_TEXT + 1];

	(void)state;
	code_seal(&key, &content, text);
	for (size_t i = 0; i < CODE_TEXT; i++) {
		char kept = text[i];

		for (const char *c = alphabet; *c != '\0'; c++) {
			text[i] = *c;
			if (*c != kept)
				assert_int_equal(open_at(text, 0),
				    FAULT_CODE_FORGED);
		}
		text[i] = kept;
	}
	assert_int_equal(open_at(text, 0), OK);
}

static void
each_flipped_byte_is_noticed(void **state)
{
	struct pool *p = pool_new();
	char text[CODE_TEXT + 1];
	uint8_t wire[45];

	(void)state;
	code_seal(&key, &content, text);
	assert_int_equal(base64url_decode(text, CODE_TEXT, wire, sizeof(wire)),
	    sizeof(wire));
	for (size_t i = 0; i < sizeof(wire) * 8; i++) {
		wire[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_equal(open_at(base64url(p, wire, sizeof(wire)), 0),
		    FAULT_CODE_FORGED);
		wire[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	pool_free(p);
}

static void
a_code_is_one_text(void **state)
{
	static const char *const bad[] = { "", "A", "hello",
		"https://t.me/bot/app?startapp=" };
	static const char wrong[] = "+/= \n\t.,%\"\x80\xff";
	struct pool *p = pool_new();
	char text[CODE_TEXT + 1];

	(void)state;
	code_seal(&key, &content, text);
	for (size_t n = 0; n < CODE_TEXT; n++)
		assert_int_equal(open_at(pool_strndup(p, text, n), 0),
		    FAULT_CODE_FORGED);
	for (const char *c = wrong; *c != '\0'; c++) {
		char *more = pool_printf(p, "%s%c", text, *c);

		assert_int_equal(open_at(more, 0), FAULT_CODE_FORGED);
		more = pool_printf(p, "%c%s", *c, text);
		assert_int_equal(open_at(more, 0), FAULT_CODE_FORGED);
		more = pool_strdup(p, text);
		more[CODE_TEXT - 1] = *c;
		assert_int_equal(open_at(more, 0), FAULT_CODE_FORGED);
	}
	for (size_t i = 0; i < LENGTH(bad); i++) {
		assert_int_equal(open_at(bad[i], 0), FAULT_CODE_FORGED);
		assert_int_equal(code_key(bad[i]), -1);
	}
	assert_int_equal(open_at(NULL, 0), FAULT_CODE_FORGED);
	assert_int_equal(code_key(NULL), -1);
	assert_int_equal(code_key(memset(pool_alloc(p, 61), 'A', 60)), -1);
	pool_free(p);
}

static void
another_key_opens_nothing(void **state)
{
	struct key renamed = key;
	char text[CODE_TEXT + 1];
	struct code code;
	uint8_t wire[45];

	(void)state;
	code_seal(&key, &content, text);
	assert_int_equal(code_open(&other, text, content.made_at, &code),
	    FAULT_CODE_FORGED);
	assert_int_equal(code_open(NULL, text, content.made_at, &code),
	    FAULT_CODE_FORGED);
	/* The same bytes under another id: the id is sealed too. */
	renamed.id = 8;
	assert_int_equal(code_open(&renamed, text, content.made_at, &code),
	    FAULT_CODE_FORGED);
	assert_int_equal(base64url_decode(text, CODE_TEXT, wire, sizeof(wire)),
	    sizeof(wire));
	wire[0] = 8;
	base64url_write(wire, sizeof(wire), text);
	assert_int_equal(code_key(text), 8);
	assert_int_equal(code_open(&renamed, text, content.made_at, &code),
	    FAULT_CODE_FORGED);
}

static void
windows_follow_one_another(void **state)
{
	(void)state;
	for (int64_t rotation = 10; rotation <= 60; rotation++) {
		int64_t from, until,
		    next = 1795240680 -
		    1795240680 % (rotation < 55 ? rotation : 55);

		for (int64_t at = 1795240680; at < 1795240680 + 600; at++) {
			code_window(rotation, at, &from, &until);
			assert_true(from <= at && at < until);
			assert_true(until - from <= CODE_LIFE - 5);
			assert_int_equal(until - from,
			    rotation < 55 ? rotation : 55);
			if (from != next) {
				next += until - from;
				assert_int_equal(from, next);
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_says_what_was_sealed),
		cmocka_unit_test(
		    the_same_window_has_the_same_text_and_no_other),
		cmocka_unit_test(a_code_lives_a_minute),
		cmocka_unit_test(a_changed_code_is_forged),
		cmocka_unit_test(each_flipped_byte_is_noticed),
		cmocka_unit_test(a_code_is_one_text),
		cmocka_unit_test(another_key_opens_nothing),
		cmocka_unit_test(windows_follow_one_another),
	};

	return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
