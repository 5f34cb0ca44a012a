#include "work/place.h"

#include <math.h>

static const double earth = 6371000.0; /* mean radius in metres */

bool
place_valid(double latitude, double longitude)
{
	return latitude >= -90 && latitude <= 90 && longitude >= -180 &&
	    longitude <= 180;
}

static double
radians(double degrees)
{
	return degrees * (3.14159265358979323846 / 180);
}

/* The haversine formula: exact enough for small distances too. */
double
place_distance(double lat1, double lon1, double lat2, double lon2)
{
	double a, b, h;

	if (!place_valid(lat1, lon1) || !place_valid(lat2, lon2))
		return NAN;
	a = sin(radians(lat2 - lat1) / 2);
	b = sin(radians(lon2 - lon1) / 2);
	h = a * a + cos(radians(lat1)) * cos(radians(lat2)) * b * b;
	return 2 * earth * asin(sqrt(fmin(h, 1)));
}

bool
place_within(double distance, double radius)
{
	return distance >= 0 && distance <= radius;
}
