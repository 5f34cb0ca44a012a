#include "unit.h"

#include "base/pool.h"
#include "out/pace.h"

enum { SECOND = 1000000 };

static struct pool *pool;
static struct pace *pace;

static int
setup(void **state)
{
	(void)state;
	pool = pool_new();
	pace = pool_alloc(pool, sizeof(*pace));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	pool_free(pool);
	return 0;
}

static const char *
waiting(int64_t now)
{
	return pace_waiting(pool, pace, now);
}

static void
a_chat_waits_a_second(void **state)
{
	(void)state;
	assert_string_equal(waiting(0), "{}");
	pace_sent(pace, 7, 5);
	pace_sent(pace, -8, 6);
	assert_string_equal(waiting(6), "{-8,7}");
	assert_string_equal(waiting(SECOND + 4), "{-8,7}");
	assert_string_equal(waiting(SECOND + 5), "{-8}");
	assert_string_equal(waiting(SECOND + 6), "{}");
}

static void
a_group_gets_twenty_a_minute(void **state)
{
	int64_t now = 0;

	(void)state;
	for (int i = 0; i < PACE_GROUP_MINUTE; i++) {
		assert_string_equal(waiting(now), "{}");
		pace_sent(pace, -9, now);
		now += SECOND;
	}
	assert_string_equal(waiting(now), "{-9}");
	assert_string_equal(waiting(60 * SECOND - 1), "{-9}");
	assert_string_equal(waiting(60 * SECOND), "{}");
	pace_sent(pace, -9, 60 * SECOND);
	assert_string_equal(waiting(61 * SECOND - 1), "{-9}");
	assert_string_equal(waiting(61 * SECOND), "{}");
}

static void
a_person_has_no_minute(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++)
		pace_sent(pace, 9, i * (int64_t)SECOND);
	assert_string_equal(waiting(50 * SECOND), "{}");
}

/* Also when the ring has gone round. */
static void
all_together_get_25_a_second(void **state)
{
	int64_t now = 0;

	(void)state;
	for (int i = 0; i < 3 * PACE_REMEMBERED; i++) {
		if (pace_full(pace, now)) {
			assert_int_equal(i % PACE_SECOND, 0);
			assert_true(pace_full(pace, now + SECOND - 1));
			now += SECOND;
		}
		assert_false(pace_full(pace, now));
		pace_sent(pace, i + 1, now);
	}
	assert_int_equal(now, (3 * 60 - 1) * (int64_t)SECOND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_chat_waits_a_second, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(a_group_gets_twenty_a_minute,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(a_person_has_no_minute, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(all_together_get_25_a_second,
		    setup, teardown),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
