#include <inttypes.h>

#include "base/clock.h"
#include "bot.sql.h"
#include "bot/private.h"
#include "work/change.h"

const char *
times_params(struct bot *b, int64_t at, const struct rows *interval)
{
	struct rows r = sql_local_clock(b->db, at,
	    row_text(interval, 0, "time_zone"));

	return r.fault != OK ? NULL :
			       bot_params(b, "day", row_text(&r, 0, "day"),
				   "time", row_text(&r, 0, "time"), NULL);
}

enum fault
times_after(struct bot *b, const struct rows *interval, int minutes,
    int64_t *at)
{
	struct rows r = sql_clock_after(b->db, row_time(interval, 0, "in_at"),
	    row_text(interval, 0, "time_zone"), minutes);

	if (r.fault == OK)
		*at = row_time(&r, 0, "at");
	return r.fault;
}

void
times_add(struct bot *b, struct times *t, const char *at, const char *zone)
{
	t->at = pool_printf(b->pool, "%s%s%s", t->at ? t->at : "",
	    t->at ? "," : "", at);
	t->zone = pool_printf(b->pool, "%s%s\"%s\"", t->zone ? t->zone : "",
	    t->zone ? "," : "", zone);
}

void
times_add_row(struct bot *b, struct times *t, const struct rows *r, int i,
    const char *column)
{
	times_add(b, t,
	    row_null(r, i, column) ?
		"NULL" :
		clock_rfc3339(b->pool, row_time(r, i, column)),
	    row_text(r, i, "time_zone"));
}

struct rows
times_local(struct bot *b, const struct times *t)
{
	return sql_local_times(b->db,
	    pool_printf(b->pool, "{%s}", t->at ? t->at : ""),
	    pool_printf(b->pool, "{%s}", t->zone ? t->zone : ""));
}

static const char *
doubt(struct bot *b, const char *html, const char *key, const char *value)
{
	return pool_printf(b->pool, "%s\n⚠ %s", html,
	    bot_text(b, key, bot_params(b, "value", value, NULL)));
}

const char *
times_doubts(struct bot *b, const char *html, enum fault why,
    const struct change_effect *e)
{
	html = pool_printf(b->pool, "%s\n", html);
	if (why == FAULT_CONFIRM_LONG)
		return doubt(b, html, "bot.doubt.long",
		    bot_duration(b, e->long_seconds));
	if (e->lost_seconds > 0)
		html = doubt(b, html, "bot.doubt.lost",
		    bot_duration(b, e->lost_seconds));
	if (e->missing > 0)
		html = doubt(b, html, "bot.doubt.missing",
		    pool_printf(b->pool, "%" PRId32, e->missing));
	if (e->ends_running)
		html = doubt(b, html, "bot.doubt.running", "");
	return html;
}
