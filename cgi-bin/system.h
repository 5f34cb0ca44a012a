/*
 * system: what the parts of this program share.
 */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "web/api.h"

/* system_health.c: how the installation is, for people and for machines. */
handler		 health, metrics;

#endif
