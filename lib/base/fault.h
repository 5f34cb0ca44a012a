/*
 * fault: the one error type.  Zero means no fault.
 *
 * faults.def lists every way in which a request can fail; a violated
 * database constraint of the same name is that fault.
 */
#ifndef FAULT_H
#define FAULT_H

enum fault {
	OK = 0,
#define FAULT(name, status, title) FAULT_##name,
#include "base/faults.def"
#undef FAULT
	FAULT_MAX
};

struct fault_info {
	int		 status;	/* of HTTP */
	const char	*code, *title;
};

extern const struct fault_info fault_info[FAULT_MAX];

/* The fault of that code in any case of letters, or OK if there is none. */
enum fault	fault_named(const char *code);

#endif
