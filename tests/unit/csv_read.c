#include "pooled.h"

#include "base/csv_read.h"
#include "base/out.h"

/* "2:a|b 3:c|d" */
static bool
note(size_t line, size_t n, const char *const *cells, void *arg)
{
	struct out *o = arg;

	out_printf(o, "%zu:", line);
	for (size_t i = 0; i < n; i++)
		out_printf(o, "%s%s", i ? "|" : "", cells[i]);
	out_printf(o, " ");
	return strcmp(cells[0], "stop") != 0;
}

static const char *
rows(const char *text, char separator, const char **why)
{
	struct out *o = out_new(pool);
	const char *s;
	size_t n;

	*why = csv_read(pool, text, strlen(text), separator, note, o);
	s = out_body(o, &n);
	return s != NULL ? s : "";
}

static const struct {
	const char *text, *rows;
	char separator;
} good[] = {
	{ "", "", ',' },
	{ "a,b", "1:a|b ", ',' },
	{ "a,b\n", "1:a|b ", ',' },
	{ "a,b\r\nc,d\r\n", "1:a|b 2:c|d ", ',' },
	{ "a,b\rc,d\r", "1:a|b 2:c|d ", ',' },
	{ "a;b\n", "1:a|b ", ';' },
	{ "a\tb\n", "1:a|b ", '\t' },
	{ "a\t\t\n\t\nb\n", "1:a|| 3:b ", '\t' },
	{ "a;b\n", "1:a;b ", ',' },
	/* Blanks belong to a cell only in quotes. */
	{ " a , b c \n", "1:a|b c ", ',' },
	{ "\" a \", \"b\" \n", "1: a |b ", ',' },
	{ "\"a\"\"b\",\"c,d\"\n", "1:a\"b|c,d ", ',' },
	{ "\"a\nb\",c\nd,e\n", "1:a\nb|c 3:d|e ", ',' },
	{ "\"a\r\n\r\nb\"\r\nc\r\n", "1:a\r\n\r\nb 4:c ", ',' },
	/* What is empty is no row. */
	{ "\n\n  \na\n,,,\n\r\n\"\"\nb", "4:a 8:b ", ',' },
	{ "a,\n", "1:a| ", ',' },
	{ ",a\n", "1:|a ", ',' },
	{ "\"\",\"x\"\n", "1:|x ", ',' },
	{ "имя,ё\n", "1:имя|ё ", ',' },
	{ "stop\na\n", "1:stop ", ',' },
};

static void
test_good(void **state)
{
	const char *why;

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		assert_string_equal(rows(good[i].text, good[i].separator, &why),
		    good[i].rows);
		assert_null(why);
	}
}

static const struct {
	const char *text, *rows, *why;
} bad[] = {
	{ "a\nb,\"c", "1:a ", "The quotes that open in line 2 never close." },
	{ "a\nb \"c\" d\n", "1:a ", "Line 2: a quote" },
	{ "\"a\" b\n", "", "Line 1: a quote" },
	{ "\"a\nb\"c\n", "", "Line 2: a quote" },
};

static void
test_bad(void **state)
{
	const char *why;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		assert_string_equal(rows(bad[i].text, ',', &why), bad[i].rows);
		assert_non_null(why);
		assert_memory_equal(why, bad[i].why, strlen(bad[i].why));
	}
}

static void
test_too_wide(void **state)
{
	const char *text = "", *why;

	(void)state;
	for (int i = 0; i < CSV_CELLS_MAX; i++)
		text = pool_printf(pool, "%s%dx,", text, i);
	rows(pool_strndup(pool, text, strlen(text) - 1), ',', &why);
	assert_null(why);
	rows(pool_printf(pool, "a\n%sy\n", text), ',', &why);
	assert_string_equal(why, "Line 2 has more than 64 cells.");
	rows(pool_printf(pool, "%sy", text), ',', &why);
	assert_non_null(why);
}

static void
test_separator(void **state)
{
	static const struct {
		const char *text;
		char separator;
	} texts[] = {
		{ "", ',' },
		{ "a", ',' },
		{ "a,b;c", ',' },
		{ "a;b;c,d", ';' },
		{ "a\tb\tc;d", '\t' },
		{ "\"a,b,c\";d", ';' },
		{ "a;b\n,,,,,,", ';' },
		{ "\"a\n,,,\";b", ';' },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		assert_int_equal(csv_separator(texts[i].text,
				     strlen(texts[i].text)),
		    texts[i].separator);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_too_wide),
		cmocka_unit_test(test_separator),
	};

	return cmocka_run_group_tests_name("csv_read", tests, make_pool,
	    free_pool);
}
