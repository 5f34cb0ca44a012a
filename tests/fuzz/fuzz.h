/*
 * fuzz: what every target includes.  A target aborts when a rule is broken;
 * the sanitizers see to the rest.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

int		 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static inline void
must(int true_)
{
	if (!true_)
		abort();
}

#endif
