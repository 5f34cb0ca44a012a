/*
 * events: what the parts of this program share.
 *
 * Each part has a route table of its own, ended by a row without a path.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "web/api.h"

extern const struct route card_routes[], tap_routes[];

#endif
