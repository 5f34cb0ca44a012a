/*
 * terminals: tablets and card readers, and how they are paired.
 */
#include "terminals.h"

#include "pairing_code.sql.h"
#include "terminals.sql.h"
#include "trust/pairing_code.h"

static enum fault
reply_terminal(struct req *r, int status, int64_t id)
{
	return reply_row(r, status, sql_terminal_list(r->db, id, 0, 1));
}

static enum fault
terminal_lock(struct req *r, int64_t id)
{
	struct rows t = sql_terminal_lock(r->db, id);

	return t.fault != OK ? t.fault : t.n == 0 ? FAULT_NOT_FOUND : OK;
}

static enum fault
hold_terminal(struct req *r, int64_t id)
{
	enum fault f = terminal_lock(r, id);

	return f != OK ? f : if_match(r, sql_terminal_list(r->db, id, 0, 1));
}

static enum fault
no_branch(struct req *r)
{
	return fail_field(r, "branch", "There is no such branch.");
}

/* GET /terminals: all of them, in the order they were made. */

struct terminal_list {
	int64_t after;
	int32_t limit;
};

static const struct field terminal_list_in[] = {
	FIELD(terminal_list, after, .min = 0, .max = FIELD_ID_MAX,
	    .optional = true),
	FIELD_LIMIT(terminal_list),
	FIELD_END,
};

static enum fault
terminal_list(struct req *r, const void *arg)
{
	const struct terminal_list *in = arg;

	return reply_page(r,
	    sql_terminal_list(r->db, DB_NULL, in->after, in->limit), in->limit);
}

/* GET /terminals/{id} */

static enum fault
terminal_get(struct req *r, const void *arg)
{
	const struct by_id *in = arg;

	return reply_terminal(r, 200, in->id);
}

/* POST /terminals: a terminal, which nothing is paired with yet. */

struct terminal_new {
	const char *name;
	const char *location;
	int64_t branch;
	const char *kind;
};

static const struct field terminal_new_in[] = {
	FIELD(terminal_new, name, .min = 1, .max = 100, .is = is_line),
	FIELD(terminal_new, location, .max = 200, .is = is_line, .def_text = "",
	    .optional = true),
	FIELD_ID(terminal_new, branch),
	FIELD(terminal_new, kind, .in = "tablet|nfc", .def_text = "tablet",
	    .optional = true),
	FIELD_END,
};

static enum fault
terminal_new(struct req *r, const void *arg)
{
	const struct terminal_new *in = arg;
	struct rows made = sql_terminal_new(r->db, in->name, in->location,
	    in->branch, in->kind);

	if (made.fault != OK)
		return made.fault;
	return made.n == 0 ? no_branch(r) :
			     reply_terminal(r, 201, row_int(&made, 0, "id"));
}

/* PUT /terminals/{id} */

struct terminal_change {
	int64_t id;
	const char *name;
	const char *location;
	int64_t branch;
	const char *kind;
};

static const struct field terminal_change_in[] = {
	FIELD_ID(terminal_change, id),
	FIELD(terminal_change, name, .min = 1, .max = 100, .is = is_line),
	FIELD(terminal_change, location, .max = 200, .is = is_line,
	    .def_text = "", .optional = true),
	FIELD_ID(terminal_change, branch),
	FIELD(terminal_change, kind, .in = "tablet|nfc", .def_text = "tablet",
	    .optional = true),
	FIELD_END,
};

static enum fault
terminal_change(struct req *r, const void *arg)
{
	const struct terminal_change *in = arg;
	struct rows changed;
	enum fault f;

	if ((f = hold_terminal(r, in->id)) != OK)
		return f;
	changed = sql_terminal_change(r->db, in->id, in->name, in->location,
	    in->branch, in->kind);
	if (changed.fault != OK)
		return changed.fault;
	return changed.n == 0 ? no_branch(r) : reply_terminal(r, 200, in->id);
}

/* DELETE /terminals/{id}: one with a history is only revoked. */

static enum fault
terminal_delete(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	struct rows gone;
	enum fault f;

	if ((f = hold_terminal(r, in->id)) != OK)
		return f;
	gone = sql_terminal_delete(r->db, in->id);
	if (gone.fault == OK && gone.n == 0)
		gone.fault = sql_terminal_revoke(r->db, in->id).fault;
	if (gone.fault != OK)
		return gone.fault;
	out_open(r->out, NULL, '{');
	out_bool(r->out, "deleted", gone.n > 0);
	out_bool(r->out, "deactivated", gone.n == 0);
	out_close(r->out, '}');
	return OK;
}

/* POST /terminals/{id}/revoke: its key and its pairing code are void. */

static enum fault
terminal_revoke(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	enum fault f;

	if ((f = terminal_lock(r, in->id)) != OK ||
	    (f = sql_terminal_revoke(r->db, in->id).fault) != OK)
		return f;
	return reply_terminal(r, 200, in->id);
}

/* POST /terminals/{id}/pairing: six digits to type on the tablet. */

static enum fault
reply_pairing(struct req *r, const char *code, int64_t expires_at)
{
	r->status = 201;
	out_open(r->out, NULL, '{');
	out_text(r->out, "pairing_code", code);
	out_time(r->out, "expires_at", expires_at);
	out_close(r->out, '}');
	return OK;
}

static enum fault
terminal_pairing(struct req *r, const void *arg)
{
	const struct by_id *in = arg;
	const char *code;
	enum fault f = pairing_code_new(r->db, in->id, r->now, &code);

	return f != OK ? f : reply_pairing(r, code, r->now + PAIRING_LIFE);
}

static const struct route terminal_routes[] = {
	{ GET, "/terminals", ADMIN, terminal_list, IN(terminal_list),
	    .what = "Terminals in the order they were made.",
	    GIVES_PAGE(terminal_list) },
	{ POST, "/terminals", ADMIN, terminal_new, IN(terminal_new), .tx = true,
	    .idem = true,
	    .what = "Add a terminal, which nothing is paired with yet.",
	    GIVES_ROW(201, terminal_list),
	    .faults = { FAULT_TERMINAL_NAME_TAKEN } },
	{ DELETE, "/terminals/{id}", ADMIN, terminal_delete, IN(by_id),
	    .tx = true, .match = true,
	    .what = "Remove a terminal; one with a history is only revoked.",
	    GIVES_JSON(200, deleted) },
	{ GET, "/terminals/{id}", ADMIN, terminal_get, IN(by_id),
	    .what = "One terminal.", GIVES_ROW(200, terminal_list) },
	{ PUT, "/terminals/{id}", ADMIN, terminal_change, IN(terminal_change),
	    .tx = true, .match = true,
	    .what = "Change a terminal: what is left out gets its default.",
	    GIVES_ROW(200, terminal_list),
	    .faults = { FAULT_TERMINAL_NAME_TAKEN } },
	{ POST, "/terminals/{id}/pairing", ADMIN, terminal_pairing, IN(by_id),
	    .tx = true,
	    .what = "Make a pairing code: six digits to type on the tablet "
		    "within ten minutes.",
	    GIVES_JSON(201, pairing) },
	{ POST, "/terminals/{id}/revoke", ADMIN, terminal_revoke, IN(by_id),
	    .tx = true,
	    .what =
		"Revoke a terminal: its key and its codes are void at once.",
	    GIVES_ROW(200, terminal_list) },
	{ .path = NULL }
};

static const struct route *const parts[] = { feed_routes, register_routes,
	terminal_routes };

API_MAIN_PARTS("terminals", parts)
