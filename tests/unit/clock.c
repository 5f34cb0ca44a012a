#include "unit.h"

#include "base/clock.h"
#include "base/pool.h"

static const struct {
	const char *text;
	int64_t at;
} good[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "1969-12-31T23:59:59Z", -1 },
	{ "1969-12-31T23:59:59.5Z", -1 }, /* W1: cut */
	{ "2026-11-21T05:58:00Z", 1795240680 },
	{ "2026-11-21t05:58:00z", 1795240680 },
	{ "2026-11-21T05:58:00.999999Z", 1795240680 },
	{ "2026-11-21T08:58:00+03:00", 1795240680 },
	{ "2026-11-21T00:28:00-05:30", 1795240680 },
	{ "2026-11-21T05:58:00-00:00", 1795240680 },
	{ "2024-02-29T23:59:59Z", 1709251199 },
	{ "2000-02-29T00:00:00Z", 951782400 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
	{ "0001-01-01T00:00:00Z", -62135596800 },
	{ "9999-12-31T23:59:59+23:59", 253402214459 },
};

static const char *const bad[] = {
	"",
	"now",
	"2026-11-21",
	"2026-11-21T05:58Z",
	"2026-11-21 05:58:00Z",
	"2026-11-21T05:58:00",
	"2026-11-21T05:58:00.Z",
	"2026-11-21T05:58:00,5Z",
	"2026-11-21T05:58:00Z ",
	" 2026-11-21T05:58:00Z",
	"2026-11-21T05:58:00ZZ",
	"2026-11-21T05:58:00+03",
	"2026-11-21T05:58:00+0300",
	"2026-11-21T05:58:00+24:00",
	"2026-11-21T05:58:00+03:60",
	"2026-11-21T24:00:00Z",
	"2026-11-21T05:60:00Z",
	"2026-11-21T05:58:60Z",
	"2026-13-01T00:00:00Z",
	"2026-00-01T00:00:00Z",
	"2026-01-00T00:00:00Z",
	"2026-02-29T00:00:00Z",
	"2100-02-29T00:00:00Z",
	"2026-04-31T00:00:00Z",
	"0000-01-01T00:00:00Z",
	"-026-01-01T00:00:00Z",
	"12026-11-21T05:58:00Z",
	"2026-1-21T05:58:00Z",
	"+2026-11-21T05:58:00Z",
	"2026-11-2\xd9\xa1T05:58:00Z",
	"0001-01-01T00:00:00+00:01", /* of the year 0 in UTC */
	"9999-12-31T23:59:59-00:01",
};

static void
instants_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		int64_t at = -7;

		assert_true(clock_parse(good[i].text, &at));
		assert_int_equal(at, good[i].at);
	}
}

static void
what_is_no_instant_is_refused(void **state)
{
	int64_t at = -7;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (clock_parse(bad[i], &at) || at != -7)
			fail_msg("\"%s\" was read as an instant", bad[i]);
}

static void
instants_survive_the_way_there_and_back(void **state)
{
	struct pool *p = pool_new();

	(void)state;
	assert_string_equal(clock_rfc3339(p, 1795240680),
	    "2026-11-21T05:58:00Z");
	for (int64_t at = -62135596800; at < 253402300799;
	     at += 77777777777 / 13) {
		int64_t back;

		assert_true(clock_parse(clock_rfc3339(p, at), &back));
		assert_int_equal(back, at);
	}
	pool_free(p);
}

static void
clocks_run(void **state)
{
	int64_t us = clock_monotonic_us(), now = clock_now();

	(void)state;
	assert_true(now > 1577836800);
	assert_true(clock_now_ms() / 1000 - now <= 1);
	assert_true(clock_monotonic_us() >= us);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(instants_are_read),
		cmocka_unit_test(what_is_no_instant_is_refused),
		cmocka_unit_test(instants_survive_the_way_there_and_back),
		cmocka_unit_test(clocks_run),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
