/*
 * people: employees, positions, branches, registrations.
 */
#include "people.h"

#include <string.h>

#include "people.sql.h"

enum fault
people_page(struct req *r, const char *entity, int64_t after, int32_t limit,
    struct rows rows)
{
	struct rows known;

	if (rows.fault == OK && rows.n == 0 && after != DB_NULL) {
		known = sql_after_known(r->db, entity, after);
		if (known.fault == OK && !row_bool(&known, 0, "known"))
			return fail_field(r, "after",
			    "It was removed meanwhile. Begin again.");
	}
	return reply_page(r, rows, limit);
}

const char *
people_phone(struct pool *p, const char *s)
{
	char *phone, *to;

	if (s == NULL)
		return NULL;
	phone = to = pool_strdup(p, s);
	for (; *s != '\0'; s++)
		if (strchr("+0123456789", *s) != NULL)
			*to++ = *s;
	*to = '\0';
	return phone;
}

static const struct route *const parts[] = { branch_routes, import_routes,
	employee_routes, login_routes, position_routes, registration_routes,
	staff_routes };

API_MAIN_PARTS("people", parts)
