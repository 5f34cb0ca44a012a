/*
 * people: what the parts of this program share.
 *
 * Each part has a route table of its own, ended by a row without a path.
 */
#ifndef PEOPLE_H
#define PEOPLE_H

#include <stdint.h>

#include "web/api.h"

extern const struct route branch_routes[], employee_routes[],
    import_routes[], login_routes[], position_routes[], registration_routes[],
    staff_routes[];

/* A page of an entity's list; BAD_FIELD if its cursor is gone. */
enum fault	people_page(struct req *, const char *entity, int64_t after,
		    int32_t limit, struct rows);
/* A phone number without its blanks; NULL stays. */
const char	*people_phone(struct pool *, const char *);

#endif
