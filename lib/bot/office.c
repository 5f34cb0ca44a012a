/*
 * The personal office: the same statements as the Mini App's pages.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "bot.sql.h"
#include "bot/private.h"
#include "events.sql.h"
#include "reports.sql.h"

enum { DAYS_BACK = 31, DAYS_MAX = 400 };

static enum fault
me(struct bot *b, struct json_object **today, struct json_object **month)
{
	struct rows r = sql_me(b->db, b->person, b->branches, false, b->now);
	struct json_object *all;

	if (r.fault != OK)
		return r.fault;
	all = bot_json(b, row_text(&r, 0, "me"));
	*today = json_get(all, "today");
	*month = json_get(all, "month");
	return OK;
}

/* Why there is nothing to tell him. */
static enum fault
nothing(struct bot *b)
{
	if (strcmp(b->state, "inactive") == 0)
		return FAULT_PERSON_INACTIVE;
	if (b->pending != NULL)
		return FAULT_NOT_CONFIRMED;
	return bot_say(b,
	    strcmp(b->state, "active") == 0 ? "bot.nobody" :
					      "bot.register_first",
	    NULL, NULL);
}

static const char *
text_of(struct json_object *o, const char *name)
{
	const char *s = "";

	json_text(o, name, &s);
	return s;
}

static int64_t
int_of(struct json_object *o, const char *name)
{
	int64_t n = 0;

	json_int(o, name, &n);
	return n;
}

static void
event_lines(struct bot *b, struct json_object *events, const struct rows *times)
{
	for (size_t i = 0; i < json_length(events); i++) {
		struct json_object *e = json_at(events, i);

		bot_line_of(b,
		    strcmp(text_of(e, "kind"), "in") == 0 ? "bot.today.in" :
							    "bot.today.out",
		    bot_params(b, "time", row_text(times, (int)i, "time"),
			"branch", text_of(e, "branch_name"), NULL));
	}
}

static enum fault
shift_lines(struct bot *b, const char *day)
{
	struct rows s = sql_own_shifts(b->db, b->person, day);

	for (int i = 0; i < s.n; i++)
		bot_line_of(b, "bot.today.shift",
		    bot_params(b, "from", row_text(&s, i, "starts"), "to",
			row_text(&s, i, "ends"), NULL));
	return s.fault;
}

enum fault
office_today(struct bot *b)
{
	struct json_object *today, *month, *events, *open;
	struct times t = { NULL, NULL };
	struct rows local;
	enum fault f;

	if ((f = me(b, &today, &month)) != OK)
		return f;
	if (today == NULL)
		return nothing(b);
	events = json_get(today, "events");
	open = json_get(today, "open");
	for (size_t i = 0; i < json_length(events); i++)
		times_add(b, &t, text_of(json_at(events, i), "at"),
		    text_of(json_at(events, i), "time_zone"));
	if (open != NULL)
		times_add(b, &t, text_of(open, "since"),
		    text_of(open, "time_zone"));
	local = times_local(b, &t);
	if (local.fault != OK)
		return local.fault;
	bot_line_of(b, open != NULL ? "bot.today.open" : "bot.today.closed",
	    bot_params(b, "worked",
		bot_duration(b, int_of(today, "worked_seconds")), "time",
		open != NULL ? row_text(&local, local.n - 1, "time") : "",
		NULL));
	if ((f = shift_lines(b, text_of(today, "day"))) != OK)
		return f;
	event_lines(b, events, &local);
	return bot_lines_end(b);
}

/* A row of day_list: first in, last out, each in the day's zone. */
static struct rows
day_times(struct bot *b, const struct rows *days)
{
	struct times t = { NULL, NULL };

	for (int i = 0; i < days->n; i++) {
		times_add_row(b, &t, days, i, "first_in");
		times_add_row(b, &t, days, i, "last_out");
	}
	return times_local(b, &t);
}

static const char *
or_dash(const char *s)
{
	return s != NULL ? s : "…";
}

/* "2026-11-21" as "21.11". */
static const char *
short_day(struct bot *b, const char *day)
{
	return pool_printf(b->pool, "%.2s.%.2s", day + 8, day + 5);
}

static void
day_lines(struct bot *b, const struct rows *days, const struct rows *times)
{
	for (int i = days->n - 1; i >= 0; i--)
		bot_line_of(b,
		    row_int(days, i, "missing_out") > 0 ?
			"bot.day.missing_out" :
			row_int(days, i, "missing_in") > 0 ?
			"bot.day.missing_in" :
			row_null(days, i, "first_in") ? "bot.day.unexplained" :
							"bot.day",
		    bot_params(b, "day", short_day(b, row_text(days, i, "day")),
			"from", or_dash(row_text(times, 2 * i, "time")), "to",
			or_dash(row_text(times, 2 * i + 1, "time")), "branch",
			row_text(days, i, "branch_name"), "worked",
			bot_duration(b, row_int(days, i, "worked_seconds")),
			NULL));
}

static enum fault
days(struct bot *b, const char *from, const char *to, bool irregular, int *n)
{
	struct rows d = sql_day_list(b->db, b->person, false, "{}", from, to,
			DB_NULL, DB_NULL, irregular, NULL, DB_NULL, b->now,
			DAYS_MAX),
		    times;

	if (d.fault != OK)
		return d.fault;
	times = day_times(b, &d);
	if (times.fault != OK)
		return times.fault;
	*n = d.n;
	day_lines(b, &d, &times);
	return OK;
}

/* What there is of it: most people have no plan, and nothing irregular. */
static enum fault
figure_lines(struct bot *b, const char *first, const char *last)
{
	static const struct {
		const char *column, *key;
	} lines[] = {
		{ "planned_seconds", "bot.month.planned" },
		{ "overtime_seconds", "bot.month.overtime" },
		{ "late_seconds", "bot.month.late" },
		{ "early_seconds", "bot.month.early" },
	};
	struct rows r = sql_own_figures(b->db, b->person, first, last);

	if (r.fault != OK)
		return r.fault;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		int64_t seconds = row_int(&r, 0, lines[i].column);

		if (seconds > 0)
			bot_line_of(b, lines[i].key,
			    bot_params(b, "time", bot_duration(b, seconds),
				NULL));
	}
	if (row_int(&r, 0, "absence_days") > 0)
		bot_line_of(b, "bot.month.absent",
		    bot_params(b, "days", row_text(&r, 0, "absence_days"),
			NULL));
	return OK;
}

enum fault
office_month(struct bot *b)
{
	struct json_object *today, *month;
	struct rows r;
	enum fault f;
	int n;

	if ((f = me(b, &today, &month)) != OK)
		return f;
	if (today == NULL)
		return nothing(b);
	r = sql_month_days(b->db, text_of(month, "month"), 0,
	    text_of(today, "day"));
	if (r.fault != OK)
		return r.fault;
	bot_line_of(b, "bot.month",
	    bot_params(b, "worked",
		bot_duration(b, int_of(month, "worked_seconds")), "days",
		pool_printf(b->pool, "%" PRId64, int_of(month, "days")), NULL));
	if ((f = figure_lines(b, row_text(&r, 0, "first"),
		 row_text(&r, 0, "last"))) != OK)
		return f;
	f = days(b, row_text(&r, 0, "first"), row_text(&r, 0, "last"), false,
	    &n);
	return f != OK ? f : bot_lines_end(b);
}

static enum fault
unexplained_lines(struct bot *b, const char *first, const char *last, int *n)
{
	struct rows r = sql_own_unexplained(b->db, b->person, first, last,
	    b->now);

	for (int i = 0; i < r.n; i++)
		bot_line_of(b, "bot.missed.day",
		    bot_params(b, "day", short_day(b, row_text(&r, i, "day")),
			"branch", row_text(&r, i, "branch_name"), NULL));
	*n += r.n;
	return r.fault;
}

enum fault
office_missed(struct bot *b)
{
	struct json_object *today, *month;
	struct rows r;
	enum fault f;
	int n;

	if ((f = me(b, &today, &month)) != OK)
		return f;
	if (today == NULL)
		return nothing(b);
	r = sql_month_days(b->db, text_of(month, "month"), DAYS_BACK,
	    text_of(today, "day"));
	if (r.fault != OK)
		return r.fault;
	bot_line_of(b, "bot.missed", NULL);
	if ((f = days(b, row_text(&r, 0, "ago"), text_of(today, "day"), true,
		 &n)) != OK ||
	    (f = unexplained_lines(b, row_text(&r, 0, "ago"),
		 text_of(today, "day"), &n)) != OK)
		return f;
	if (n == 0)
		bot_line_of(b, "bot.missed.none", NULL);
	return bot_lines_end(b);
}
