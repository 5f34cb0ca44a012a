#include "pooled.h"

#include "base/charset.h"

#define BYTES(s) s, sizeof(s) - 1

static const struct {
	const char *bytes;
	size_t n;
	const char *charset, *text; /* NULL: none of those */
} files[] = {
	{ BYTES(""), "UTF-8", "" },
	{ BYTES("abc"), "UTF-8", "abc" },
	{ BYTES("\xd1\x91\xd1\x97"), "UTF-8", "ёї" },
	{ BYTES("\xef\xbb\xbf"
		"\xd1\x91"),
	    "UTF-8", "ё" },
	{ BYTES("\xef\xbb\xbf"), "UTF-8", "" },
	/* "Ёї№ґ", a dash, quotes */
	{ BYTES("\xa8\xbf\xb9\xb4\x97\xab\xbb\xff"), "WINDOWS-1251",
	    "Ёї№ґ—«»я" },
	{ BYTES("\xcf\xf0\xe8\xe2\xb3\xf2"), "WINDOWS-1251", "Привіт" },
	/* A mark, but not UTF-8 behind it. */
	{ BYTES("\xef\xbb\xbf\xc0"), "WINDOWS-1251", "А" },
	{ BYTES("\xff\xfe\x51\x04\x41\x00"), "UTF-16", "ёA" },
	{ BYTES("\xfe\xff\x04\x51\x00\x41"), "UTF-16", "ёA" },
	{ BYTES("\xff\xfe\x3d\xd8\x00\xde"), "UTF-16", "😀" },
	{ BYTES("\xff\xfe"), "UTF-16", "" },
	/* No letter of Windows-1251; halves; NUL. */
	{ BYTES("\x98\xff"), NULL, NULL },
	{ BYTES("\xff\xfe\x51"), NULL, NULL },
	{ BYTES("\xff\xfe\x3d\xd8"), NULL, NULL },
	{ BYTES("a\0b"), NULL, NULL },
	{ BYTES("\xff\xfe\x00\x00"), NULL, NULL },
	{ BYTES("\xe0\x00"), NULL, NULL },
};

static void
test_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(files); i++) {
		size_t n = files[i].n;
		const char *charset,
		    *text = charset_utf8(pool,
			pool_strndup(pool, files[i].bytes, n), &n, &charset);

		if (files[i].text == NULL) {
			assert_null(text);
			continue;
		}
		assert_string_equal(text, files[i].text);
		assert_string_equal(charset, files[i].charset);
		assert_int_equal(n, strlen(text));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests_name("charset", tests, make_pool,
	    free_pool);
}
