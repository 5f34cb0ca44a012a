/*
 * worker [--once]: runs the jobs of its table, for ever or, for cron, once.
 *
 * SIGTERM ends it between two steps; what it was at is finished before.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/text.h"
#include "data/db.h"
#include "out/http.h"
#include "trust/keyring.h"
#include "access.sql.h"
#include "worker.h"
#include "worker.sql.h"

enum {
	TICK = 300, /* milliseconds */
	RETRY = 10, /* seconds after a fault */
	NOTE = 3600, /* seconds between idle notes */
	ONCE = 50 /* seconds that --once may take */
};

static enum fault
heartbeat(struct work *w)
{
	return sql_heartbeat(w->db, clock_now()).fault;
}

static const struct job {
	const char *name;
	int64_t every; /* seconds */
	enum fault (*run)(struct work *);
	bool silent; /* no row in job_run */
	bool keeps; /* its lock, while we live */
} jobs[] = {
	{ .name = "deliver",
	    .every = 0,
	    .run = deliver,
	    .keeps = true }, /* he knows the pace of all messages */
	{ .name = "erase", .every = 3600, .run = erase },
	{ .name = "heartbeat", .every = 20, .run = heartbeat, .silent = true },
	{ .name = "missing_out", .every = 60, .run = mark_missing_outs },
	{ .name = "plan_ahead", .every = 60, .run = plan_ahead },
	{ .name = "poll",
	    .every = 0,
	    .run = poll_updates,
	    .silent = true,
	    .keeps = true }, /* he has asked, and gets the answer */
	{ .name = "prune", .every = 3600, .run = prune },
	{ .name = "rotate_keys", .every = 3600, .run = rotate_keys },
	{ .name = "still_there", .every = 60, .run = ask_still_there },
	{ .name = "updates",
	    .every = 0,
	    .run = handle_updates,
	    .silent = true },
};

enum { N_JOBS = sizeof(jobs) / sizeof(*jobs) };

static struct {
	int64_t due_at, noted_at;
} states[N_JOBS];

bool
worker_stops(int64_t milliseconds)
{
	struct timespec t = { milliseconds / 1000,
		milliseconds % 1000 * 1000000 };
	static bool stops;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (!stops)
		stops = sigtimedwait(&set, NULL, &t) > 0;
	return stops;
}

static void
note(struct work *w, size_t i, int64_t started_at, enum fault f)
{
	int64_t now = clock_now();

	if (f != OK) {
		log_error("The job %s failed: %s", jobs[i].name,
		    fault_info[f].title);
		w->result = pool_printf(w->pool, "failed: %s",
		    fault_info[f].code);
	} else if (w->result != NULL) {
		log_line(LOG_INFO, "job", "name", jobs[i].name, "result",
		    w->result, NULL);
	}
	if (jobs[i].silent ||
	    (w->result == NULL && now - states[i].noted_at < NOTE))
		return;
	states[i].noted_at = now;
	sql_job_ran(w->db, jobs[i].name, started_at, now, w->result);
}

static enum fault
run_locked(struct work *w, size_t i)
{
	int64_t started_at = clock_now();
	enum fault f;

	f = sql_actor_set(w->db, pool_printf(w->pool, "job:%s", jobs[i].name))
		.fault;
	if (f == OK)
		f = jobs[i].run(w);
	note(w, i, started_at, f);
	return f;
}

/* Another worker that is at the same job does it for us. */
static enum fault
run(struct work *w, size_t i)
{
	enum fault f;
	struct rows r;

	pool_reset(w->pool);
	db_pool(w->db, w->pool);
	w->result = NULL;
	r = sql_job_lock(w->db, jobs[i].name);
	if (r.fault != OK || !row_bool(&r, 0, "mine"))
		return r.fault;
	f = run_locked(w, i);
	if (!jobs[i].keeps)
		sql_job_unlock(w->db, jobs[i].name);
	return f;
}

/* Runs what is due; false if something failed. */
static bool
tick(struct work *w)
{
	int64_t now;
	bool well = true;
	enum fault f;

	for (size_t i = 0; i < N_JOBS && !worker_stops(0); i++) {
		now = clock_now();
		/* A clock that was set back does not stop the jobs. */
		if (now < states[i].due_at &&
		    now > states[i].due_at - jobs[i].every - RETRY)
			continue;
		f = run(w, i);
		states[i].due_at = now + (f == OK ? jobs[i].every : RETRY);
		well = well && f == OK;
	}
	return well;
}

static int
run_once(struct work *w)
{
	int64_t until = clock_monotonic_us() + ONCE * INT64_C(1000000);
	bool well = tick(w);

	while (well && !(updates_idle(w) && deliver_idle(w)) &&
	    clock_monotonic_us() < until && !worker_stops(TICK))
		well = tick(w);
	return well ? 0 : 1;
}

static int
run_for_ever(struct work *w)
{
	log_info("The worker runs %d jobs.", (int)N_JOBS);
	do
		tick(w);
	while (!worker_stops(TICK));
	log_info("The worker has ended.");
	return 0;
}

int
main(int argc, char **argv)
{
	bool once = argc == 2 && strcmp(argv[1], "--once") == 0;
	struct work w = { .pool = pool_new(), .once = once };
	sigset_t stops;
	int status;

	if (argc > 1 && !once) {
		fprintf(stderr, "usage: worker [--once]\n");
		return 1;
	}
	sigemptyset(&stops);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGINT);
	sigprocmask(SIG_BLOCK, &stops, NULL);
	conf_load();
	log_open("worker", strcmp(conf.LOG_FORMAT, "json") == 0,
	    log_level_of(conf.LOG_LEVEL));
	text_open(pool_printf(w.pool, "%s/i18n",
	    *conf.STATIC_DIR != '\0' ? conf.STATIC_DIR : PKGDATADIR "/static"));
	keyring_open();
	http_open();
	w.db = db_new(conf.DATABASE_URL);
	db_pool(w.db, w.pool);
	status = once ? run_once(&w) : run_for_ever(&w);
	db_free(w.db);
	http_close();
	pool_free(w.pool);
	return status;
}
