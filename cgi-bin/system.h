/*
 * system: what the parts of this program share.
 */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "web/api.h"

/* system_health.c: how the installation is, for people and for machines. */
handler		 health, metrics;
/* Tables of their own, each ended by a row without a path. */
extern const struct route notification_routes[], service_routes[];

#endif
