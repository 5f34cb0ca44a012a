/*
 * What people are employed as.
 */
#include "people.h"
#include "people.sql.h"

static struct rows
one_position(struct req *r, int64_t id)
{
	return sql_position_list(r->db, id, DB_NULL, 1);
}

/* GET /positions: by name. */

struct position_list {
	int64_t after;
	int32_t limit;
};

static const struct field position_list_in[] = {
	FIELD_PAGE(position_list),
	FIELD_END,
};

static enum fault
position_list(struct req *r, const void *arg)
{
	const struct position_list *in = arg;

	return people_page(r, "position", in->after, in->limit,
	    sql_position_list(r->db, DB_NULL, in->after, in->limit));
}

/* POST /positions, PUT /positions/{id} */

struct position {
	int64_t id;
	const char *name;
	bool web_access;
	int32_t weekly_minutes;
};

#define POSITION_FIELDS \
	FIELD(position, name, .min = 1, .max = 100, .is = is_line), \
	    FIELD(position, web_access, .optional = true), \
	    FIELD(position, weekly_minutes, .min = 60, .max = 10080, \
		.def = INT32_MIN, .optional = true), \
	    FIELD_END,

static const struct field position_new_in[] = { POSITION_FIELDS };
static const struct field position_put_in[] = { FIELD_ID(position, id),
	POSITION_FIELDS };

static enum fault
position_new(struct req *r, const void *arg)
{
	const struct position *in = arg;
	struct rows made = sql_position_new(r->db, in->name, in->web_access,
	    in->weekly_minutes);

	if (made.fault != OK)
		return made.fault;
	return reply_row(r, 201, one_position(r, row_int(&made, 0, "id")));
}

static enum fault
hold_position(struct req *r, int64_t id)
{
	struct rows held = sql_position_edit(r->db, id);

	if (held.fault != OK || held.n == 0)
		return held.fault != OK ? held.fault : FAULT_NOT_FOUND;
	return if_match(r, one_position(r, id));
}

static enum fault
position_put(struct req *r, const void *arg)
{
	const struct position *in = arg;
	enum fault f = hold_position(r, in->id);

	if (f == OK)
		f = sql_position_put(r->db, in->id, in->name, in->web_access,
		    in->weekly_minutes)
			.fault;
	return f != OK ? f : reply_row(r, 200, one_position(r, in->id));
}

/* DELETE /positions/{id}: unless somebody holds it. */

static enum fault
position_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	enum fault f = hold_position(r, in->id);

	return f != OK ? f : reply_gone(r, sql_position_delete(r->db, in->id));
}

const struct route position_routes[] = {
	{ GET, "/positions", MANAGER, position_list, IN(position_list),
	    .scope = "staff", .what = "Positions by name.",
	    GIVES_PAGE(position_list) },
	{ POST, "/positions", ADMIN, position_new,
	    IN_AS(position_new, position), .tx = true, .idem = true,
	    .what = "Add a position.", GIVES_ROW(201, position_list),
	    .faults = { FAULT_POSITION_NAME_TAKEN } },
	{ PUT, "/positions/{id}", ADMIN, position_put,
	    IN_AS(position_put, position), .tx = true, .match = true,
	    .what = "Change a position: what is left out gets its default.",
	    GIVES_ROW(200, position_list),
	    .faults = { FAULT_POSITION_NAME_TAKEN } },
	{ DELETE, "/positions/{id}", ADMIN, position_delete, IN(by_id),
	    .tx = true, .match = true,
	    .what = "Remove a position that nobody holds.", GIVES_NOTHING,
	    .faults = { FAULT_POSITION_IN_USE } },
	{ .path = NULL }
};
