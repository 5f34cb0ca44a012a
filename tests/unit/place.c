#include "unit.h"

#include <float.h>
#include <math.h>

#include "work/place.h"

static const struct {
	double lat1, lon1, lat2, lon2, metres, error;
} distances[] = {
	{ 0, 0, 0, 0, 0, 0 },
	{ 55.7558, 37.6173, 55.7558, 37.6173, 0, 0 },
	{ 0, 0, 1, 0, 111194.9, 0.1 }, /* a degree */
	{ 0, 0, 0, 1, 111194.9, 0.1 },
	{ 55.7558, 37.6173, 50.4501, 30.5234, 755700, 1500 }, /* Moscow, Kyiv */
	{ 55.75580, 37.61730, 55.75589, 37.61730, 10.0, 0.05 },
	{ 0, 179.9999, 0, -179.9999, 22.24, 0.01 }, /* the date line */
	{ 90, 0, 90, 120, 0, 0.001 }, /* the pole */
	{ 90, 0, -90, 0, 20015086.8, 1 },
	{ 0, 0, 0, 180, 20015086.8, 1 },
	{ 0, -180, 0, 180, 0, 0.001 },
};

static void
distances_are_great_circles(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(distances); i++) {
		double there = place_distance(distances[i].lat1,
		    distances[i].lon1, distances[i].lat2, distances[i].lon2);
		double back = place_distance(distances[i].lat2,
		    distances[i].lon2, distances[i].lat1, distances[i].lon1);

		assert_true(
		    fabs(there - distances[i].metres) <= distances[i].error);
		assert_true(fabs(there - back) < 1e-6);
	}
}

static void
what_is_no_place_is_invalid(void **state)
{
	const double bad[] = { NAN, INFINITY, -INFINITY, 180.0001, -180.0001,
		DBL_MAX, -DBL_MAX };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		assert_false(place_valid(bad[i], 0));
		assert_false(place_valid(0, bad[i]));
		assert_true(isnan(place_distance(0, 0, 0, bad[i])));
		assert_true(isnan(place_distance(bad[i], 0, 0, 0)));
	}
	assert_false(place_valid(90.0001, 0));
	assert_false(place_valid(-90.0001, 0));
	assert_true(place_valid(90, 180));
	assert_true(place_valid(-90, -180));
}

/* Q8: NaN and infinity are outside. */
static void
only_a_distance_is_within(void **state)
{
	(void)state;
	assert_true(place_within(0, 10));
	assert_true(place_within(10, 10));
	assert_false(place_within(10.001, 10));
	assert_false(place_within(-1, 10));
	assert_false(place_within(NAN, 10));
	assert_false(place_within(10, NAN));
	assert_false(place_within(INFINITY, 10));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_are_great_circles),
		cmocka_unit_test(what_is_no_place_is_invalid),
		cmocka_unit_test(only_a_distance_is_within),
	};

	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
