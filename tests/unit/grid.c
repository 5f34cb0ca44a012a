/*
 * grid: hours as they are printed, and rows on their pages.
 */
#include "pooled.h"

#include "paper/grid.h"

static const double widths[] = { 100, 50 };

static void
hours(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} all[] = {
		{ 0, "0" },
		{ 8 * 3600, "8" },
		{ 8 * 3600 + 1800, "8,5" },
		{ 7 * 3600 + 53 * 60, "7,88" },
		{ 3 * 60, "0,05" },
		{ 17, "0" },
		{ 18, "0,01" },
		{ 3599, "1" },
		{ 200 * 3600 + 36, "200,01" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		assert_string_equal(grid_hours_text(pool, all[i].seconds),
		    all[i].text);
}

/* A block goes to the next page as a whole, below the head again. */
static void
pages(void **state)
{
	const double room = GRID_PAPER_HEIGHT - 2 * GRID_MARGIN;
	struct grid *g = grid_new(pool, "t", 0, widths, 2);
	int block, n;

	(void)state;
	n = grid_row(g, 40);
	grid_repeat(g, n, n + 1);
	for (int i = 0; i < 20; i++) {
		block = grid_row(g, 30);
		grid_start(g);
		grid_row(g, 30);
		assert_true(g->rows[block].starts);
	}
	n = grid_pages(g);
	assert_int_equal(n, 3);
	for (int page = 0; page < n; page++) {
		double used = page > 0 ? 40 : 0;

		for (int i = 0; i < g->n_rows; i++)
			used += g->rows[i].page == page ? g->rows[i].height : 0;
		assert_true(used <= room);
	}
	for (int i = 1; i < g->n_rows; i += 2)
		assert_int_equal(g->rows[i].page, g->rows[i + 1].page);
}

static void
cells(void **state)
{
	struct grid *g = grid_new(pool, "t", 0, widths, 2);
	int row = grid_row(g, 10);

	(void)state;
	for (int i = 0; i < 2000; i++)
		grid_hours(g, row, 0, 1, 1, GRID_BOX, 7 * 3600 + 53 * 60);
	grid_count(g, row, 1, 1, 1, 0, 23);
	assert_int_equal(g->n_cells, 2001);
	assert_true(g->cells[1999].is_number);
	assert_int_equal(g->cells[1999].decimals, 2);
	assert_string_equal(g->cells[2000].text, "23");
	assert_true(grid_width(g) == 150);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours),
		cmocka_unit_test(pages),
		cmocka_unit_test(cells),
	};

	return cmocka_run_group_tests_name("grid", tests, make_pool, free_pool);
}
