/*
 * fact: for tests of the pairing, a scan of the first spell; length is what
 * somebody confirmed (W10), or 0.
 */
#ifndef FACT_H
#define FACT_H

#include "unit.h"

#include "work/pairing.h"

#define FACT(when, kind, most, length)                     \
	{                                                  \
		.at = (when), .given = (kind), .limit = (most), \
		.longest = (length)                        \
	}

#endif
