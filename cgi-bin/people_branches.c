/*
 * Branches: where work happens, in which time zone, by which rules.
 */
#include "people.h"
#include "people.sql.h"
#include "work/event.h"

static struct rows
one_branch(struct req *r, int64_t id)
{
	return sql_branch_list(r->db, id, NULL, DB_NULL, 1);
}

/* GET /branches: names for everybody, all there is for who manages them. */

struct branch_list {
	int64_t after;
	int32_t limit;
};

static const struct field branch_list_in[] = {
	FIELD_PAGE(branch_list),
	FIELD_END,
};

static enum fault
branch_list(struct req *r, const void *arg)
{
	const struct branch_list *in = arg;

	return people_page(r, "branch", in->after, in->limit,
	    r->roles & ROLE_MANAGER ?
		sql_branch_list(r->db, DB_NULL, r->branches, in->after,
		    in->limit) :
		sql_branch_names(r->db, in->after, in->limit));
}

/* POST /branches, PUT /branches/{id} */

struct branch {
	int64_t id;
	const char *name, *time_zone;
	int32_t rotation_seconds, max_shift_minutes;
	const char *place_rule;
	struct texts networks;
	double latitude, longitude;
	int32_t radius_m;
	const char *notice;
	int64_t notice_chat;
	bool active;
};

#define BRANCH_FIELDS \
	FIELD(branch, name, .min = 1, .max = 100, .is = is_line), \
	    FIELD(branch, time_zone, .min = 1, .max = 64), \
	    FIELD(branch, rotation_seconds, .min = 10, .max = 60, .def = 30, \
		.optional = true), \
	    FIELD(branch, max_shift_minutes, .min = 60, .max = 2160, \
		.def = 960, .optional = true), \
	    FIELD(branch, place_rule, .in = "off|flag|refuse", \
		.def_text = "off", .optional = true), \
	    FIELD(branch, networks, .is = is_cidr, \
		.what = "A network, such as 203.0.113.0/24.", \
		.optional = true), \
	    FIELD(branch, latitude, .min = -90, .max = 90, .optional = true), \
	    FIELD(branch, longitude, .min = -180, .max = 180, \
		.optional = true), \
	    FIELD(branch, radius_m, .min = 10, .max = 100000, \
		.def = INT32_MIN, .optional = true), \
	    FIELD(branch, notice, .in = "off|all|irregular", \
		.def_text = "off", .optional = true), \
	    FIELD(branch, notice_chat, .min = -FIELD_ID_MAX, \
		.max = FIELD_ID_MAX, .def = DB_NULL, .optional = true), \
	    FIELD(branch, active, .def = true, .optional = true), FIELD_END,

static const struct field branch_new_in[] = { BRANCH_FIELDS };
static const struct field branch_put_in[] = { FIELD_ID(branch, id),
	BRANCH_FIELDS };

static enum fault
match_branch(struct req *r, struct rows held, int64_t id)
{
	if (held.fault != OK || held.n == 0)
		return held.fault != OK ? held.fault : FAULT_NOT_FOUND;
	return if_match(r, one_branch(r, id));
}

/* A circle has a centre and a radius, or there is none. */
static enum fault
check_circle(struct req *r, const struct branch *in)
{
	const struct {
		const char *name;
		bool given;
	} parts[] = {
		{ "latitude", !isnan(in->latitude) },
		{ "longitude", !isnan(in->longitude) },
		{ "radius_m", in->radius_m != INT32_MIN },
	};
	enum fault f = OK;

	if (!parts[0].given && !parts[1].given && !parts[2].given)
		return OK;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!parts[i].given)
			f = fail_field(r, parts[i].name,
			    "latitude, longitude and radius_m go together.");
	return f;
}

static enum fault
check_branch(struct req *r, const struct branch *in)
{
	struct rows zone = sql_time_zone_known(r->db, in->time_zone);

	if (zone.fault != OK)
		return zone.fault;
	if (!row_bool(&zone, 0, "known"))
		return fail_field(r, "time_zone",
		    "A name of the IANA database, such as Europe/Kyiv.");
	return check_circle(r, in);
}

static const char *
networks(struct req *r, const struct branch *in)
{
	struct out *o = out_new(r->pool);
	size_t n;

	out_open(o, NULL, '[');
	for (size_t i = 0; i < in->networks.n; i++)
		out_text(o, NULL, in->networks.v[i]);
	out_close(o, ']');
	return out_body(o, &n);
}

static enum fault
branch_new(struct req *r, const void *arg)
{
	const struct branch *in = arg;
	enum fault f = check_branch(r, in);
	struct rows made;

	if (f != OK)
		return f;
	made = sql_branch_new(r->db, in->name, in->time_zone,
	    in->rotation_seconds, in->max_shift_minutes, in->place_rule,
	    networks(r, in), in->latitude, in->longitude, in->radius_m,
	    in->notice, in->notice_chat, in->active);
	if (made.fault != OK)
		return made.fault;
	return reply_row(r, 201, one_branch(r, row_int(&made, 0, "id")));
}

static enum fault
branch_put(struct req *r, const void *arg)
{
	const struct branch *in = arg;
	enum fault f = check_branch(r, in);
	struct rows guests;

	if (f != OK ||
	    (f = match_branch(r, sql_branch_edit(r->db, in->id), in->id)) != OK)
		return f;
	guests = sql_branch_guests(r->db, in->id, in->time_zone);
	if (guests.fault != OK)
		return guests.fault;
	f = sql_branch_put(r->db, in->id, in->name, in->time_zone,
	    in->rotation_seconds, in->max_shift_minutes, in->place_rule,
	    networks(r, in), in->latitude, in->longitude, in->radius_m,
	    in->notice, in->notice_chat, in->active)
		.fault;
	for (int i = 0; f == OK && i < guests.n; i++)
		f = event_rebuild_open(r->db, row_int(&guests, i, "id"), r->now,
		    NULL);
	return f != OK ? f : reply_row(r, 200, one_branch(r, in->id));
}

/* DELETE /branches/{id}: unless anything happened there. */

static enum fault
branch_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	struct rows gone;
	enum fault f = match_branch(r, sql_branch_hold(r->db, in->id), in->id);

	if (f != OK)
		return f;
	gone = sql_branch_delete(r->db, in->id);
	if (gone.fault == OK && gone.n == 0)
		return FAULT_BRANCH_IN_USE;
	return reply_gone(r, gone);
}

const struct route branch_routes[] = {
	{ GET, "/branches", PERSON, branch_list, IN(branch_list),
	    .scope = "staff",
	    .what = "Branches by name: names and time zones for everybody, all "
		    "there is of their own for managers.",
	    GIVES_PAGE(branch_list), .also_of = STATEMENT(branch_names) },
	{ POST, "/branches", ADMIN, branch_new, IN_AS(branch_new, branch),
	    .tx = true, .idem = true, .what = "Open a branch.",
	    GIVES_ROW(201, branch_list),
	    .faults = { FAULT_BRANCH_NAME_TAKEN } },
	{ PUT, "/branches/{id}", ADMIN, branch_put, IN_AS(branch_put, branch),
	    .tx = true, .match = true,
	    .what = "Change a branch: what is left out gets its default.",
	    GIVES_ROW(200, branch_list),
	    .faults = { FAULT_BRANCH_NAME_TAKEN } },
	{ DELETE, "/branches/{id}", ADMIN, branch_delete, IN(by_id), .tx = true,
	    .match = true,
	    .what = "Remove a branch where nothing has happened yet.",
	    GIVES_NOTHING, .faults = { FAULT_BRANCH_IN_USE } },
	{ .path = NULL }
};
