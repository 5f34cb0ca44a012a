/*
 * place: is somebody where the branch is (REQUIREMENTS Q8)?
 */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>

/* Degrees.  False for NaN, infinity and anything out of range. */
bool		 place_valid(double latitude, double longitude);
/* Metres on the sphere of mean radius 6371 km; NaN if not valid. */
double		 place_distance(double lat1, double lon1, double lat2,
		    double lon2);
/* Written so that NaN is outside. */
bool		 place_within(double distance, double radius);

#endif
