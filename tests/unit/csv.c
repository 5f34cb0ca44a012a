#include "unit.h"

#include <stdio.h>

#include "web/csv.h"

/* A sink that keeps what it is given, and takes only so much. */
struct sink {
	char	 text[200 * 1024];
	size_t	 len, most, calls;
};

static struct sink sink;
static struct csv csv;

static bool
keep(void *arg, const char *s, size_t n)
{
	struct sink *k = arg;

	k->calls++;
	if (n > k->most - k->len)
		return false;
	memcpy(k->text + k->len, s, n);
	k->len += n;
	return true;
}

static void
begin(bool bom)
{
	sink = (struct sink){ .most = sizeof(sink.text) - 1 };
	csv_open(&csv, keep, &sink, bom);
}

static const char *
end(void)
{
	assert_true(csv_close(&csv));
	sink.text[sink.len] = '\0';
	return sink.text;
}

static const struct {
	const char *cell, *text;
} cells[] = {
	{ "", "" },
	{ NULL, "" },
	{ "Ковальчук Анна", "Ковальчук Анна" },
	{ " blanks are data ", " blanks are data " },
	{ "O'Neil", "O'Neil" },
	{ "a,b", "\"a,b\"" },
	{ "a;b", "\"a;b\"" },
	{ "a\"b", "\"a\"\"b\"" },
	{ "\"", "\"\"\"\"" },
	{ "two\nlines", "\"two\nlines\"" },
	{ "two\r\nlines", "\"two\r\nlines\"" },
	/* OWASP, CSV injection */
	{ "=1+2\";=1+2", "\"'=1+2\"\";=1+2\"" },
	{ "=1+2'\" ;,=1+2", "\"'=1+2'\"\" ;,=1+2\"" },
	{ "=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"" },
	{ "+380501234567", "\"'+380501234567\"" },
	{ "-1+1|cmd", "\"'-1+1|cmd\"" },
	{ "@SUM(1)", "\"'@SUM(1)\"" },
	{ "\t=1", "\"'\t=1\"" },
	{ "\r=1", "\"'\r=1\"" },
	{ "\n=1", "\"'\n=1\"" },
	{ "1=1", "1=1" },
	{ "a@b", "a@b" },
	{ "2026-11-21", "2026-11-21" },
};

static void
cells_are_quoted_and_guarded(void **state)
{
	char line[128];

	(void)state;
	for (size_t i = 0; i < LENGTH(cells); i++) {
		begin(false);
		csv_text(&csv, cells[i].cell);
		assert_true(csv_row(&csv));
		snprintf(line, sizeof(line), "%s\r\n", cells[i].text);
		assert_string_equal(end(), line);
	}
}

static void
rows_have_commas_and_end_with_crlf(void **state)
{
	(void)state;
	begin(false);
	csv_text(&csv, "a");
	csv_text(&csv, "");
	csv_text(&csv, NULL);
	csv_plain(&csv, "-1.5xx", 4);
	csv_row(&csv);
	csv_text(&csv, "");
	csv_row(&csv);
	assert_string_equal(end(), "a,,,-1.5\r\n\r\n");
}

static void
a_byte_order_mark_comes_first(void **state)
{
	(void)state;
	begin(true);
	csv_text(&csv, "=a");
	csv_row(&csv);
	assert_string_equal(end(), "\xef\xbb\xbf\"'=a\"\r\n");
}

/* Cells of every length around the buffer's end come out whole. */
static void
the_buffer_may_end_anywhere(void **state)
{
	static char cell[CSV_BUFFER * 3];

	(void)state;
	for (size_t n = 0; n < 40; n++) {
		size_t len = CSV_BUFFER - 20 + n;

		memset(cell, '"', len);
		cell[len] = '\0';
		begin(false);
		csv_plain(&csv, "12345", 5);
		csv_text(&csv, cell);
		csv_text(&csv, "z");
		csv_row(&csv);
		end();
		assert_int_equal(sink.len, 5 + 1 + 2 + 2 * len + 2 + 2);
		for (size_t i = 7; i < 7 + 2 * len; i++)
			assert_int_equal(sink.text[i], '"');
		assert_string_equal(sink.text + 8 + 2 * len, ",z\r\n");
	}
}

static void
small_rows_are_collected(void **state)
{
	(void)state;
	begin(false);
	for (int i = 0; i < 10000; i++) {
		csv_text(&csv, "0123456");
		csv_row(&csv);
	}
	end();
	assert_int_equal(sink.len, 90000);
	assert_int_equal(sink.calls, 90000 / CSV_BUFFER + 1);
}

static void
a_sink_that_ends_ends_the_rows(void **state)
{
	int rows = 0;

	(void)state;
	begin(false);
	sink.most = 3 * CSV_BUFFER;
	do
		csv_text(&csv, "0123456");
	while (csv_row(&csv) && ++rows < 100000);
	assert_in_range(rows, 3 * CSV_BUFFER / 9, 4 * CSV_BUFFER / 9 + 1);
	csv_text(&csv, "more");
	assert_false(csv_row(&csv));
	assert_false(csv_close(&csv));
	assert_int_equal(sink.calls, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_quoted_and_guarded),
		cmocka_unit_test(rows_have_commas_and_end_with_crlf),
		cmocka_unit_test(a_byte_order_mark_comes_first),
		cmocka_unit_test(the_buffer_may_end_anywhere),
		cmocka_unit_test(small_rows_are_collected),
		cmocka_unit_test(a_sink_that_ends_ends_the_rows),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
