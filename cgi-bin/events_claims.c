/*
 * Scans become claims, claims become events.
 */
#include "events.h"

#include <string.h>

#include "event.sql.h"
#include "events.sql.h"
#include "trust/code.h"
#include "trust/keyring.h"
#include "work/event.h"
#include "work/place.h"

/* POST /claims: the scan itself, at the server's time (Q6). */

struct claim_new {
	const char *code;
	double latitude, longitude, accuracy;
};

static const struct field claim_new_in[] = {
	FIELD(claim_new, code, .min = 1, .max = 512),
	FIELD(claim_new, latitude, .path = "location.latitude", .min = -90,
	    .max = 90, .optional = true),
	FIELD(claim_new, longitude, .path = "location.longitude", .min = -180,
	    .max = 180, .optional = true),
	FIELD(claim_new, accuracy, .path = "location.accuracy", .min = 0,
	    .max = 1000000, .optional = true),
	FIELD_END,
};

/* The phone's camera gives the whole link, Telegram's scanner too. */
static const char *
bare_code(struct req *r, const char *text)
{
	const char *s = strstr(text, "startapp=");

	if (s == NULL)
		return text;
	s += strlen("startapp=");
	return pool_strndup(r->pool, s, strcspn(s, "&#"));
}

static enum fault
open_code(struct req *r, const char *text, struct code *code)
{
	int id = code_key(text);
	const struct key *key;
	enum fault f;

	if (id < 0)
		return FAULT_CODE_FORGED;
	if ((f = keyring_by_id(r->db, KEY_SEAL, (uint8_t)id, &key)) != OK)
		return f;
	return key == NULL ? FAULT_CODE_FORGED :
			     code_open(key, text, r->now, code);
}

/*
 * Either proof of place is enough: the branch's network or its circle.  A
 * branch that names neither asks for none.
 */
static enum fault
check_place(struct req *r, const struct claim_new *in, const struct rows *at,
    bool *flag)
{
	const char *rule = row_text(at, 0, "place_rule");
	bool circle = !row_null(at, 0, "radius_m");
	bool placed = place_valid(in->latitude, in->longitude);

	*flag = false;
	if (strcmp(rule, "off") == 0 || row_bool(at, 0, "in_network") ||
	    (!circle && row_int(at, 0, "n_networks") == 0))
		return OK;
	if (circle && placed &&
	    place_within(place_distance(in->latitude, in->longitude,
			     row_double(at, 0, "latitude"),
			     row_double(at, 0, "longitude")),
		row_double(at, 0, "radius_m")))
		return OK;
	*flag = true;
	if (strcmp(rule, "flag") == 0)
		return OK;
	return circle && !placed ?
	    fail(r, FAULT_PLACE_REQUIRED, "%s",
		"Allow Telegram to share your location.") :
	    FAULT_PLACE_WRONG;
}

/* Who may scan: somebody employed, or somebody not confirmed yet. */
static enum fault
check_person(struct req *r, const struct rows *at)
{
	if (strcmp(r->state, "inactive") == 0)
		return FAULT_PERSON_INACTIVE;
	if (r->roles != 0 && row_null(at, 0, "employee"))
		return fail(r, FAULT_FORBIDDEN, "You are no employee here.");
	return OK;
}

/* The likely kind, and whether "leaving already?" should be asked. */
static enum fault
propose(struct req *r, const struct rows *at, int64_t now)
{
	struct event_state s = { .last = 0 };
	bool known = !row_null(at, 0, "employee");
	enum fault f = known ?
	    event_state(r->db, row_int(at, 0, "employee"), now, &s) :
	    OK;
	const struct pairing *p = &s.pairing;
	bool open = p->open && now - p->open_at <= p->open_limit;

	if (f != OK)
		return f;
	out_text(r->out, "proposed", kind_name(pairing_propose(p, now)));
	if (open)
		out_time(r->out, "since", p->open_at);
	else
		out_raw(r->out, "since", "null");
	out_bool(r->out, "confirm_out",
	    open && now - p->open_at <= REPEAT_KINDLESS);
	return OK;
}

static enum fault
reply_claim(struct req *r, const struct rows *claim, const struct rows *at)
{
	static const char *const texts[] = { "branch_name", "time_zone" };
	enum fault f;

	r->status = 201;
	out_open(r->out, NULL, '{');
	out_int(r->out, "id", row_int(claim, 0, "id"));
	out_time(r->out, "at", row_time(claim, 0, "at"));
	out_time(r->out, "expires_at", row_time(claim, 0, "expires_at"));
	out_bool(r->out, "pending", row_bool(claim, 0, "pending"));
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		out_text(r->out, texts[i], row_text(claim, 0, texts[i]));
	out_raw(r->out, "flags", row_text(claim, 0, "flags"));
	f = propose(r, at, r->now);
	out_close(r->out, '}');
	return f;
}

static enum fault
claim_new(struct req *r, const void *arg)
{
	const struct claim_new *in = arg;
	struct code code;
	struct rows at, claim;
	bool elsewhere;
	enum fault f;

	if ((f = open_code(r, bare_code(r, in->code), &code)) != OK)
		return f;
	at = sql_claim_place(r->db, code.terminal, r->person, r->ip);
	if (at.fault != OK)
		return at.fault;
	if (at.n == 0 || !row_bool(&at, 0, "active"))
		return FAULT_CODE_REVOKED;
	if ((f = check_person(r, &at)) != OK ||
	    (f = check_place(r, in, &at, &elsewhere)) != OK)
		return f;
	claim = sql_claim_new(r->db, r->person, code.terminal,
	    (struct bytes){ code.nonce, sizeof(code.nonce) }, r->now,
	    r->roles == 0,
	    pool_printf(r->pool, "{%s%s%s}", elsewhere ? "place" : "",
		elsewhere && !row_bool(&at, 0, "home") ? "," : "",
		row_bool(&at, 0, "home") ? "" : "other_branch"),
	    in->latitude, in->longitude);
	if (claim.fault != OK)
		return claim.fault;
	return claim.n == 0 ? FAULT_CODE_REVOKED : reply_claim(r, &claim, &at);
}

/* POST /events: make the event of a claim, at the time of the scan. */

struct event_new {
	int64_t claim;
	const char *kind;
};

static const struct field event_new_in[] = {
	FIELD_ID(event_new, claim),
	FIELD(event_new, kind, .in = "in|out"),
	FIELD_END,
};

static enum fault
make_event(struct req *r, int64_t employee, const char *kind,
    const struct rows *claim)
{
	struct event_record e = {
		.employee = employee,
		.given = kind_of(kind),
		.at = row_time(claim, 0, "at"),
		.recorded_at = r->now,
		.branch = row_int(claim, 0, "branch"),
		.time_zone = row_text(claim, 0, "time_zone"),
		.limit = row_int(claim, 0, "limit_seconds"),
		.source = "qr",
		.flags = row_text(claim, 0, "flags"),
		.terminal = row_int(claim, 0, "terminal"),
		.claim = row_int(claim, 0, "id"),
		.made_by = DB_NULL,
	};
	struct rows event;
	int64_t there;
	enum fault f = event_record(r->db, &e, &there, &event);

	return f != OK ? f : reply_row(r, there ? 200 : 201, event);
}

static enum fault
event_new(struct req *r, const void *arg)
{
	const struct event_new *in = arg;
	struct rows employee = sql_employee_lock(r->db, r->person), claim;

	if (employee.fault != OK)
		return employee.fault;
	if (employee.n == 0)
		return fail(r, FAULT_FORBIDDEN, "You are no employee here.");
	claim = sql_claim_get(r->db, in->claim, r->person);
	if (claim.fault != OK)
		return claim.fault;
	if (claim.n == 0)
		return fail(r, FAULT_NOT_FOUND,
		    "There is no such scan of yours.");
	if (!row_null(&claim, 0, "event"))
		return reply_row(r, 200,
		    sql_event_get(r->db, row_int(&claim, 0, "event")));
	if (row_time(&claim, 0, "expires_at") < r->now)
		return FAULT_CLAIM_EXPIRED;
	return make_event(r, row_int(&employee, 0, "id"), in->kind, &claim);
}

const struct route claim_routes[] = {
	{ POST, "/claims", PERSON, claim_new, IN(claim_new), .idem = true,
	    .body_max = 4096,
	    .what =
		"Claim the code of a tablet's screen, at the server's time; "
		"an event is made of the claim.",
	    GIVES_JSON(201, claim),
	    .faults = { FAULT_CODE_FORGED, FAULT_CODE_EARLY, FAULT_CODE_EXPIRED,
		FAULT_CODE_USED, FAULT_CODE_REVOKED, FAULT_PLACE_REQUIRED,
		FAULT_PLACE_WRONG, FAULT_PERSON_INACTIVE } },
	{ POST, "/events", EMPLOYEE, event_new, IN(event_new), .tx = true,
	    .idem = true, .body_max = 4096,
	    .what = "Make the event of a claim, at the time of the scan; 200 "
		    "means that it was there already.",
	    GIVES_ROW(201, event_add), .also = 200,
	    .faults = { FAULT_CLAIM_EXPIRED, FAULT_NOT_FOUND } },
	{ .path = NULL }
};
