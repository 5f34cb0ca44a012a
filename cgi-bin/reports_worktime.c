/*
 * Worked time: figures of a period, and what is behind those of a day.
 */
#include "reports.h"

#include <inttypes.h>
#include <string.h>

#include "reports.sql.h"
#include "web/table.h"
#include "work/workday.h"

/* GET /stats/worktime: as many items as there are, with constant memory. */

const struct field worktime_in[] = {
	FIELD(worktime, from, .is = is_date, .optional = true),
	FIELD(worktime, to, .is = is_date, .optional = true),
	FIELD_ID(worktime, employee, .def = DB_NULL, .optional = true),
	FIELD_ID(worktime, branch, .def = DB_NULL, .optional = true),
	FIELD(worktime, by, .in = "day|total|grid", .def_text = "total",
	    .optional = true),
	FIELD_END,
};

static enum fault
read_figures(struct req *r, const struct worktime *in, const char *from,
    const char *to, struct table *t)
{
	return sql_worktime(r->db, r->person, r->roles & ROLE_MANAGER,
	    r->branches, from, to, in->employee, in->branch,
	    strcmp(in->by, "day") == 0, r->now, table_item, t);
}

static enum fault
read_grid(struct req *r, const struct worktime *in, const char *from,
    const char *to, struct table *t)
{
	return sql_worktime_grid(r->db, r->person, r->roles & ROLE_MANAGER,
	    r->branches, from, to, in->employee, in->branch, r->now, table_item,
	    t);
}

enum fault
worktime(struct req *r, const void *arg)
{
	const struct worktime *in = arg;
	const char *from = in->from, *to = in->to;
	struct table *t;
	enum fault f;

	if ((f = set_period(r, &from, &to)) != OK ||
	    (f = sql_report_begin(r->db, "5min").fault) != OK)
		return f;
	t = table_json(r, NULL,
	    pool_printf(r->pool, "{\"from\":\"%s\",\"to\":\"%s\",\"items\":[",
		from, to));
	f = strcmp(in->by, "grid") == 0 ? read_grid(r, in, from, to, t) :
					  read_figures(r, in, from, to, t);
	if (f == OK)
		table_text(t, "]}");
	return table_end(t, f);
}

/* GET /stats/worktime/explain: the facts and the rules behind each number. */

const struct field worktime_explain_in[] = {
	FIELD_ID(worktime_explain, employee),
	FIELD(worktime_explain, day, .is = is_date, .what = "A date."),
	FIELD_END,
};

static void
put_reason(const struct reason *why, void *arg)
{
	struct out *o = arg;

	out_open(o, NULL, '{');
	out_text(o, "figure", why->figure);
	out_text(o, "rule", why->rule);
	if (why->from != 0) {
		out_time(o, "from", why->from);
		out_time(o, "to", why->to);
	}
	out_int(o, "seconds", why->seconds);
	out_close(o, '}');
}

static void
put_figures(struct out *o, const struct figures *g)
{
	const struct {
		const char *name;
		int64_t value;
	} all[] = {
		{ "shifts", g->shifts },
		{ "worked_seconds", g->worked },
		{ "planned_seconds", g->planned },
		{ "difference_seconds", g->worked - g->planned },
		{ "break_seconds", g->pause },
		{ "late_seconds", g->late },
		{ "early_seconds", g->early },
		{ "overtime_seconds", g->overtime },
		{ "night_seconds", g->night },
		{ "missing_out", g->missing_out },
		{ "missing_in", g->missing_in },
	};

	out_open(o, "figures", '{');
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		out_int(o, all[i].name, all[i].value);
	out_close(o, '}');
}

static void
put_shifts(struct req *r, const struct facts *f, int32_t day)
{
	out_open(r->out, "shifts", '[');
	for (size_t i = 0; i < f->plan.n; i++) {
		const struct shift *s = &f->plan.shifts[i];

		if (s->day != day)
			continue;
		out_open(r->out, NULL, '{');
		out_time(r->out, "starts_at", s->start);
		out_time(r->out, "ends_at", s->end);
		out_int(r->out, "grace_seconds", s->grace);
		out_int(r->out, "break_after_seconds", s->break_after);
		out_int(r->out, "break_seconds", s->break_length);
		out_text(r->out, "state",
		    presence_name(day_presence(f, s, r->now)));
		out_close(r->out, '}');
	}
	out_close(r->out, ']');
}

static void
put_intervals(struct req *r, const struct facts *f, int32_t day)
{
	static const char *const states[] = { "closed", "open", "missing_out" };

	out_open(r->out, "intervals", '[');
	for (size_t i = 0; i < f->n_worked; i++) {
		const struct worked *w = &f->worked[i];
		bool lost = w->state == WORKED_OPEN && w->limit_at < r->now;

		if (w->day != day)
			continue;
		out_open(r->out, NULL, '{');
		out_int(r->out, "id", w->id);
		out_time(r->out, "in_at", w->in_at);
		if (w->state == WORKED_CLOSED)
			out_time(r->out, "out_at", w->out_at);
		else
			out_raw(r->out, "out_at", "null");
		out_text(r->out, "state",
		    states[lost ? WORKED_MISSING_OUT : w->state]);
		out_int(r->out, "seconds",
		    w->state == WORKED_CLOSED ? w->out_at - w->in_at : 0);
		out_close(r->out, '}');
	}
	out_close(r->out, ']');
}

static const char *
strays_of(struct req *r, const struct facts *f, int32_t day)
{
	const char *s = "{";

	for (size_t i = 0; i < f->n_strays; i++)
		if (f->strays[i].day == day)
			s = pool_printf(r->pool, "%s%s%" PRId64, s,
			    s[1] != '\0' ? "," : "", f->strays[i].id);
	return pool_printf(r->pool, "%s}", s);
}

static enum fault
put_explanation(struct req *r, const struct facts *f, const struct rows *who,
    const char *date)
{
	static const char *const texts[] = { "name", "branch_name", "time_zone",
		"absence" };
	int64_t employee = row_int(who, 0, "employee");
	int32_t day = (int32_t)row_int(who, 0, "number");
	struct rows events = sql_worktime_events(r->db, employee, date,
	    strays_of(r, f, day));
	struct figures g;

	if (events.fault != OK)
		return events.fault;
	out_open(r->out, NULL, '{');
	out_int(r->out, "employee", employee);
	out_text(r->out, "day", date);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		out_text(r->out, texts[i],
		    row_null(who, 0, texts[i]) ? NULL :
						 row_text(who, 0, texts[i]));
	out_bool(r->out, "holiday", row_bool(who, 0, "holiday"));
	out_bool(r->out, "cancelled", row_bool(who, 0, "cancelled"));
	out_open(r->out, "reasons", '[');
	day_figures(f, day, &g, put_reason, r->out);
	out_close(r->out, ']');
	put_figures(r->out, &g);
	put_shifts(r, f, day);
	put_intervals(r, f, day);
	out_raw(r->out, "events", row_text(&events, 0, "events"));
	out_close(r->out, '}');
	return OK;
}

enum fault
worktime_explain(struct req *r, const void *arg)
{
	const struct worktime_explain *in = arg;
	struct rows who = sql_worktime_employee(r->db, r->person,
	    r->roles & ROLE_MANAGER, r->branches, in->employee, in->day);
	struct facts facts;
	int32_t day;
	enum fault f;

	if (who.fault != OK || who.n == 0)
		return who.fault != OK ? who.fault : FAULT_NOT_FOUND;
	day = (int32_t)row_int(&who, 0, "number");
	if ((f = workday_load(r->db, in->employee, day, day, &facts)) != OK)
		return f;
	return put_explanation(r, &facts, &who, in->day);
}
