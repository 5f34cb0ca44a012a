/*
 * qr: sizes and the patterns that every symbol has (ISO/IEC 18004).  That
 * cameras read them is tested with the tablet page.
 */
#include "pooled.h"

#include "paper/qr.h"

/* The n-th module of the base64 text. */
static bool
is_black(const struct qr *qr, int row, int column)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	int n = row * qr->size + column;
	long six = strchr(alphabet, qr->modules[n / 6]) - alphabet;

	return (six >> (5 - n % 6) & 1) != 0;
}

static char *
text_of(size_t n)
{
	return memset(pool_alloc(pool, n + 1), 'a', n);
}

/* A finder: rings of black and white around a black square of three. */
static void
assert_finder(const struct qr *qr, int top, int left)
{
	for (int r = -1; r <= 7; r++)
		for (int c = -1; c <= 7; c++) {
			int y = r < 3 ? 3 - r : r - 3,
			    x = c < 3 ? 3 - c : c - 3;
			int ring = y > x ? y : x;

			if (top + r < 0 || top + r >= qr->size ||
			    left + c < 0 || left + c >= qr->size)
				continue;
			assert_int_equal(is_black(qr, top + r, left + c),
			    ring != 2 && ring != 4);
		}
}

/* Bytes that the versions hold with error correction M. */
static const struct {
	size_t length;
	int version;
} sizes[] = {
	{ 1, 1 },
	{ 14, 1 },
	{ 15, 2 },
	{ 26, 2 },
	{ 27, 3 },
	{ 42, 3 },
	{ 62, 4 },
	{ 63, 5 },
	{ 76, 5 },
	{ 84, 5 },
	{ 85, 6 },
	{ 106, 6 },
	{ 107, 7 },
	{ 122, 7 },
	{ 123, 8 },
	{ 152, 8 },
	{ 300, 13 },
	{ 556, 18 },
};

static void
a_symbol_is_the_smallest_that_holds_the_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		struct qr qr = qr_of(pool, text_of(sizes[i].length));
		int bytes;

		assert_int_equal(qr.size, 17 + 4 * sizes[i].version);
		bytes = (qr.size * qr.size + 7) / 8;
		assert_int_equal(strlen(qr.modules), (bytes + 2) / 3 * 4);
	}
}

static void
a_symbol_has_finders_and_timing(void **state)
{
	struct qr qr = qr_of(pool,
	    "https://t.me/tabel_demo_bot/app?startapp=AAAA");

	(void)state;
	assert_finder(&qr, 0, 0);
	assert_finder(&qr, 0, qr.size - 7);
	assert_finder(&qr, qr.size - 7, 0);
	for (int i = 8; i < qr.size - 8; i++) {
		assert_int_equal(is_black(&qr, 6, i), i % 2 == 0);
		assert_int_equal(is_black(&qr, i, 6), i % 2 == 0);
	}
	assert_true(is_black(&qr, qr.size - 8, 8));
}

/* The level is in the format bits beside the finder, masked: M is 00. */
static void
a_symbol_has_error_correction_m(void **state)
{
	struct qr qr = qr_of(pool, "x");

	(void)state;
	assert_true(is_black(&qr, 8, 0));
	assert_false(is_black(&qr, 8, 1));
}

static void
the_same_text_is_the_same_symbol(void **state)
{
	struct qr one = qr_of(pool, "abc"), two = qr_of(pool, "abc");

	(void)state;
	assert_string_equal(one.modules, two.modules);
	assert_string_not_equal(one.modules, qr_of(pool, "abd").modules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_symbol_is_the_smallest_that_holds_the_text),
		cmocka_unit_test(a_symbol_has_finders_and_timing),
		cmocka_unit_test(a_symbol_has_error_correction_m),
		cmocka_unit_test(the_same_text_is_the_same_symbol),
	};

	return cmocka_run_group_tests_name("qr", tests, make_pool, free_pool);
}
