/*
 * One's own shifts as a calendar: a secret address for calendar programs.
 *
 * The address is shown once and only a hash of it is kept; whoever lost it
 * makes another, and the one before is worth nothing.
 */
#include "schedules.h"

#include <inttypes.h>
#include <string.h>

#include "base/conf.h"
#include "base/text.h"
#include "calendar.sql.h"
#include "paper/ical.h"
#include "trust/crypto.h"

enum { SECRET = 32, NAME_MAX = 64 }; /* bytes; characters */

static const char suffix[] = ".ics";

/* GET /me/calendar */

static enum fault
link_get(struct req *r, const void *arg)
{
	(void)arg;
	return reply_row(r, 200, sql_calendar_link(r->db, r->person));
}

/* POST /me/calendar: without a key that repeats it: no answer is kept. */

static enum fault
link_new(struct req *r, const void *arg)
{
	uint8_t random[SECRET];
	const char *secret;
	enum fault f;

	(void)arg;
	crypto_random(random, sizeof(random));
	secret = base64url(r->pool, random, sizeof(random));
	f = sql_calendar_link_new(r->db, r->person,
	    crypto_hash(r->pool, secret), r->now)
		.fault;
	if (f != OK)
		return f;
	r->status = 201;
	out_open(r->out, NULL, '{');
	out_text(r->out, "url",
	    pool_printf(r->pool, "%s/api/calendar/%s%s", conf.PUBLIC_URL,
		secret, suffix));
	out_time(r->out, "made_at", r->now);
	out_close(r->out, '}');
	return OK;
}

/* DELETE /me/calendar */

static enum fault
link_delete(struct req *r, const void *arg)
{
	enum fault f = sql_calendar_link_delete(r->db, r->person).fault;

	(void)arg;
	return f != OK ? f : reply_nothing(r);
}

/* GET /calendar/{file} */

struct calendar {
	const char *file;
};

static const struct field calendar_in[] = {
	FIELD(calendar, file, .min = 1, .max = NAME_MAX,
	    .what = "The secret of the address, and .ics."),
	FIELD_END,
};

/* A few requests a day need words: what needs none goes without them. */
static const char *
word(struct req *r, const char *language, const char *key)
{
	static bool open;
	const char *text;

	if (!open)
		text_open(*conf.STATIC_DIR != '\0' ?
			pool_printf(r->pool, "%s/i18n", conf.STATIC_DIR) :
			PKGDATADIR "/static/i18n");
	open = true;
	text = text_render(r->pool, language, key, NULL);
	return text != NULL ? text : key;
}

static const char *
host(struct req *r)
{
	const char *s = strstr(conf.PUBLIC_URL, "://");

	s = s != NULL ? s + 3 : conf.PUBLIC_URL;
	return pool_strndup(r->pool, s, strcspn(s, ":/"));
}

static void
put_head(struct req *r, const struct rows *who)
{
	const char *name = pool_printf(r->pool, "%s: %s",
	    row_text(who, 0, "organisation"),
	    word(r, row_text(who, 0, "language"), "calendar.name"));

	ical_line(r->out, "BEGIN", "VCALENDAR");
	ical_line(r->out, "VERSION", "2.0");
	ical_line(r->out, "PRODID", "-//Tabel//Shifts//EN");
	ical_line(r->out, "CALSCALE", "GREGORIAN");
	ical_line(r->out, "METHOD", "PUBLISH");
	ical_text(r->out, "NAME", name);
	ical_text(r->out, "X-WR-CALNAME", name);
	ical_line(r->out, "X-WR-TIMEZONE", row_text(who, 0, "time_zone"));
	ical_line(r->out, "REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
	ical_line(r->out, "X-PUBLISHED-TTL", "PT1H");
}

static void
put_shift(struct req *r, const struct rows *who, const struct rows *s, int i)
{
	struct pool *p = r->pool;

	ical_line(r->out, "BEGIN", "VEVENT");
	ical_line(r->out, "UID",
	    pool_printf(p, "shift-%" PRId64 "-%s-%" PRId64 "@%s",
		row_int(s, i, "employee"), row_text(s, i, "day"),
		row_int(s, i, "n"), host(r)));
	ical_line(r->out, "DTSTAMP", ical_time(p, row_time(who, 0, "stamp")));
	ical_line(r->out, "DTSTART", ical_time(p, row_time(s, i, "starts_at")));
	ical_line(r->out, "DTEND", ical_time(p, row_time(s, i, "ends_at")));
	ical_text(r->out, "SUMMARY",
	    pool_printf(p, "%s: %s",
		word(r, row_text(who, 0, "language"), "calendar.shift"),
		row_text(s, i, "branch_name")));
	ical_text(r->out, "LOCATION", row_text(s, i, "branch_name"));
	ical_text(r->out, "DESCRIPTION", row_text(s, i, "position_name"));
	ical_line(r->out, "END", "VEVENT");
}

static void
put_absence(struct req *r, const struct rows *who, const struct rows *a, int i)
{
	struct pool *p = r->pool;

	ical_line(r->out, "BEGIN", "VEVENT");
	ical_line(r->out, "UID",
	    pool_printf(p, "absence-%" PRId64 "@%s", row_int(a, i, "id"),
		host(r)));
	ical_line(r->out, "DTSTAMP", ical_time(p, row_time(who, 0, "stamp")));
	ical_line(r->out, "DTSTART;VALUE=DATE", row_text(a, i, "from_day"));
	ical_line(r->out, "DTEND;VALUE=DATE", row_text(a, i, "end_day"));
	ical_text(r->out, "SUMMARY",
	    word(r, row_text(who, 0, "language"),
		pool_printf(p, "admin.absence_%s", row_text(a, i, "kind"))));
	ical_line(r->out, "TRANSP", "TRANSPARENT");
	ical_line(r->out, "END", "VEVENT");
}

static enum fault
put_calendar(struct req *r, const struct rows *who)
{
	int64_t person = row_int(who, 0, "person");
	const char *from = row_text(who, 0, "from_day");
	const char *to = row_text(who, 0, "to_day");
	struct rows shifts = sql_calendar_shifts(r->db, person, from, to);
	struct rows absences = sql_calendar_absences(r->db, person, from, to);

	if (shifts.fault != OK || absences.fault != OK)
		return shifts.fault != OK ? shifts.fault : absences.fault;
	put_head(r, who);
	for (int i = 0; i < shifts.n; i++)
		put_shift(r, who, &shifts, i);
	for (int i = 0; i < absences.n; i++)
		put_absence(r, who, &absences, i);
	ical_line(r->out, "END", "VCALENDAR");
	return OK;
}

/* Calendar programs ask again and again: mostly nothing is new. */
static enum fault
reply_unless_known(struct req *r)
{
	const char *known = raw_header(r, "HTTP_IF_NONE_MATCH"), *tag, *text;
	size_t n;

	text = out_body(r->out, &n);
	tag = pool_printf(r->pool, "\"%.32s\"", crypto_hash(r->pool, text));
	reply_header(r, "ETag", tag);
	reply_cache(r, "private, max-age=900");
	if (known != NULL && strstr(known, tag) != NULL) {
		out_clear(r->out);
		r->status = 304;
		return OK;
	}
	return reply_text(r, "text/calendar; charset=utf-8", "");
}

static enum fault
calendar(struct req *r, const void *arg)
{
	const struct calendar *in = arg;
	size_t n = strlen(in->file), k = sizeof(suffix) - 1;
	struct rows who;
	enum fault f;

	if (n <= k || strcmp(in->file + n - k, suffix) != 0)
		return FAULT_NOT_FOUND;
	who = sql_calendar_reader(r->db,
	    crypto_hash(r->pool, pool_strndup(r->pool, in->file, n - k)),
	    r->now);
	if (who.fault != OK || who.n == 0)
		return who.fault != OK ? who.fault : FAULT_NOT_FOUND;
	f = put_calendar(r, &who);
	return f != OK ? f : reply_unless_known(r);
}

const struct route calendar_routes[] = {
	{ GET, "/calendar/{file}", ANYONE, calendar, IN(calendar),
	    .what =
		"The shifts and absences of whoever made that secret address, "
		"from two weeks ago to three months ahead, as iCalendar.",
	    GIVES_FILE("text/calendar"), .also = 304 },
	{ GET, "/me/calendar", EMPLOYEE, link_get, NO_IN,
	    .what = "Whether the caller has an address of his shifts, and when "
		    "it was last read.",
	    GIVES_ROW(200, calendar_link) },
	{ POST, "/me/calendar", EMPLOYEE, link_new, NO_IN,
	    .what =
		"Make a secret address of the caller's shifts for his calendar "
		"program; one that he had before ends.",
	    GIVES_JSON(201, calendar_address) },
	{ DELETE, "/me/calendar", EMPLOYEE, link_delete, NO_IN,
	    .what = "End the address of the caller's shifts.", GIVES_NOTHING },
	{ .path = NULL }
};
