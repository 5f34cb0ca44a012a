#include "base/fault.h"

#include <strings.h>

const struct fault_info fault_info[FAULT_MAX] = {
	[OK] = { 200, "OK", "" },
#define FAULT(name, status, title) [FAULT_##name] = { status, #name, title },
#include "base/faults.def"
#undef FAULT
};

enum fault
fault_named(const char *code)
{
	for (int f = OK + 1; f < FAULT_MAX; f++)
		if (strcasecmp(fault_info[f].code, code) == 0)
			return (enum fault)f;
	return OK;
}
