#include "unit.h"

#include "base/pool.h"

static int order[3], n_calls;

static void
note(void *arg)
{
	order[n_calls++] = *(int *)arg;
}

static void
deferred_calls_run_newest_first_and_once(void **state)
{
	struct pool *p = pool_new();
	int numbers[] = { 1, 2, 3 };

	(void)state;
	n_calls = 0;
	for (size_t i = 0; i < LENGTH(numbers); i++)
		pool_defer(p, note, &numbers[i]);
	pool_reset(p);
	assert_int_equal(n_calls, 3);
	assert_int_equal(order[0], 3);
	assert_int_equal(order[1], 2);
	assert_int_equal(order[2], 1);
	pool_reset(p);
	assert_int_equal(n_calls, 3);
	pool_free(p);
}

static void
memory_is_zeroed_and_aligned_also_after_a_reset(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t n = 1; n < 3000; n += 7) {
			unsigned char *mem = pool_alloc(p, n);

			assert_int_equal((uintptr_t)mem % sizeof(void *), 0);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(mem[i], 0);
			memset(mem, 0xff, n);
		}
		pool_reset(p);
	}
	pool_free(p);
}

static void
pieces_may_be_larger_than_a_chunk(void **state)
{
	struct pool *p = pool_new();
	char *before = pool_strdup(p, "before"), *big, *after;

	(void)state;
	big = memset(pool_alloc(p, 1000000), 'x', 1000000);
	after = pool_strdup(p, "after");
	assert_string_equal(before, "before");
	assert_int_equal(big[999999], 'x');
	assert_string_equal(after, "after");
	pool_free(p);
}

static void
printf_has_any_length(void **state)
{
	static const int lengths[] = { 1, 254, 255, 256, 257, 100000 };
	struct pool *p = pool_new();

	(void)state;
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		char *s = pool_printf(p, "%0*d", lengths[i], 7);

		assert_int_equal(strlen(s), lengths[i]);
		assert_int_equal(s[lengths[i] - 1], '7');
	}
	assert_string_equal(pool_printf(p, "%s", ""), "");
	pool_free(p);
}

static void
strndup_copies_bytes_and_ends_them(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	assert_string_equal(pool_strndup(p, "abcdef", 3), "abc");
	assert_string_equal(pool_strndup(p, "abc", 0), "");
	assert_memory_equal(pool_strndup(p, "a\0b", 3), "a\0b", 4);
	pool_free(p);
	pool_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deferred_calls_run_newest_first_and_once),
		cmocka_unit_test(
		    memory_is_zeroed_and_aligned_also_after_a_reset),
		cmocka_unit_test(pieces_may_be_larger_than_a_chunk),
		cmocka_unit_test(printf_has_any_length),
		cmocka_unit_test(strndup_copies_bytes_and_ends_them),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
