/*
 * terminals: what the parts of this program share.
 */
#ifndef TERMINALS_H
#define TERMINALS_H

#include "web/api.h"

extern const struct route feed_routes[], register_routes[];

#endif
