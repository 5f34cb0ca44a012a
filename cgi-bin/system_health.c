/*
 * Is all well?  For people and load balancers: health; for Prometheus:
 * metrics.  Neither says anything about a person, and both answer when the
 * database does not.
 */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/metric.h"
#include "schema.h"
#include "system.h"
#include "system.sql.h"
#include "trust/keyring.h"

/* GET /system/health */

struct finding {
	bool ok;
	const char *detail; /* what is wrong, or worth knowing */
};

/* What the checks share: the database is asked once. */
struct watch {
	struct req *r;
	struct rows health;
};

static const struct finding well = { true, NULL };

static struct finding
ill(const char *detail)
{
	return (struct finding){ false, detail };
}

static struct finding
check_database(struct watch *w)
{
	const char *why;

	return db_up(w->r->db, &why) ? well : ill(why);
}

static struct finding
check_schema(struct watch *w)
{
	struct rows r = sql_schema_version(w->r->db);
	int64_t version;

	if (r.fault != OK)
		return ill("The database has no schema: run tabelctl migrate.");
	version = row_int(&r, 0, "version");
	if (version < SCHEMA_VERSION)
		return ill(pool_printf(w->r->pool,
		    "The schema is version %" PRId64
		    ", this program wants %d: run tabelctl migrate.",
		    version, SCHEMA_VERSION));
	return (struct finding){ true,
		version == SCHEMA_VERSION ?
		    NULL :
		    "The schema is newer than this program." };
}

static struct finding
check_keys(struct watch *w)
{
	static const char *const missing[KEY_PURPOSES] = {
		[KEY_SEAL] = "There is no key to seal codes with, or it "
			     "belongs to another master key.",
		[KEY_TOKEN] = "There is no key to sign tokens with, or it "
			      "belongs to another master key.",
		[KEY_PEPPER] = "There is no key for passwords, or it belongs "
			       "to another master key.",
	};
	const struct key *key;
	const char *why;

	if (!keyring_check(&why))
		return ill(why);
	for (int i = 0; i < KEY_PURPOSES; i++)
		if (keyring_active(w->r->db, (enum key_purpose)i, &key) != OK)
			return ill(missing[i]);
	return well;
}

static bool
ask(struct watch *w)
{
	if (w->health.n == 0)
		w->health = sql_health(w->r->db, w->r->now);
	return w->health.fault == OK;
}

static struct finding
check_worker(struct watch *w)
{
	if (!ask(w))
		return ill("The database cannot say.");
	return row_int(&w->health, 0, "workers") > 0 ?
	    well :
	    ill("The worker was not seen for two minutes: nothing is sent.");
}

static struct finding
check_outbox(struct watch *w)
{
	if (!ask(w))
		return ill("The database cannot say.");
	return row_int(&w->health, 0, "backlog") == 0 ?
	    well :
	    ill(pool_printf(w->r->pool,
		"%s messages wait for more than five "
		"minutes.",
		row_text(&w->health, 0, "backlog")));
}

/* A clinic turns its tablets off at night: nothing is wrong with that. */
static struct finding
check_terminals(struct watch *w)
{
	if (!ask(w))
		return ill("The database cannot say.");
	return (struct finding){ true,
		row_int(&w->health, 0, "silent") == 0 ?
		    NULL :
		    pool_printf(w->r->pool,
			"%s of %s terminals were not seen for five "
			"minutes.",
			row_text(&w->health, 0, "silent"),
			row_text(&w->health, 0, "terminals")) };
}

static const struct check {
	const char *name;
	struct finding (*run)(struct watch *);
	bool vital; /* without it, nothing works */
} checks[] = {
	{ "database", check_database, true },
	{ "schema", check_schema, true },
	{ "keys", check_keys, true },
	{ "worker", check_worker, false },
	{ "outbox", check_outbox, false },
	{ "terminals", check_terminals, false },
};

/* What is vital comes first: when it fails, the rest would only wait. */
enum fault
health(struct req *r, const void *arg)
{
	struct watch w = { .r = r };
	struct out *o = r->out;
	bool down = false, degraded = false;

	(void)arg;
	out_open(o, NULL, '{');
	out_open(o, "checks", '[');
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		struct finding f = down ? ill("Not checked.") :
					  checks[i].run(&w);

		down = down || (!f.ok && checks[i].vital);
		degraded = degraded || !f.ok;
		out_open(o, NULL, '{');
		out_text(o, "name", checks[i].name);
		out_bool(o, "ok", f.ok);
		out_text(o, "detail", f.detail);
		out_close(o, '}');
	}
	out_close(o, ']');
	out_text(o, "status", down ? "down" : degraded ? "degraded" : "ok");
	out_close(o, '}');
	r->status = down ? 503 : 200;
	return OK;
}

/* GET /system/metrics: counters of all programs, gauges of the database. */

static void
put_gauges(struct out *o, const struct rows *rows)
{
	const char *last = "";

	for (int i = 0; rows->fault == OK && i < rows->n; i++) {
		const char *name = row_text(rows, i, "name");

		if (strcmp(name, last) != 0)
			out_printf(o, "# TYPE %s gauge\n", name);
		last = name;
		out_printf(o, "%s", name);
		if (!row_null(rows, i, "label"))
			out_printf(o, "{%s=\"%s\"}", row_text(rows, i, "label"),
			    row_text(rows, i, "value"));
		out_printf(o, " %s\n", row_text(rows, i, "n"));
	}
}

enum fault
metrics(struct req *r, const void *arg)
{
	const char *counters = metric_print(r->pool, conf.RUN_DIR);
	struct out *o = out_new(r->pool);
	const char *text, *why;
	bool up = db_up(r->db, &why);
	struct rows gauges = { .n = 0 };
	size_t n;

	(void)arg;
	if (up)
		gauges = sql_gauges(r->db, r->now);
	out_printf(o,
	    "# TYPE tabel_build_info gauge\n"
	    "tabel_build_info{version=\"%s\"} 1\n"
	    "# TYPE tabel_database_up gauge\ntabel_database_up %d\n",
	    VERSION_TEXT, up);
	put_gauges(o, &gauges);
	out_put(o, counters, strlen(counters));
	text = out_body(o, &n);
	stream_begin(r, "text/plain; version=0.0.4; charset=utf-8", NULL);
	stream_put(r, text, n);
	return OK;
}
