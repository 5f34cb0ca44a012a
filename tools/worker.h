/*
 * worker: what happens without anybody asking.
 *
 * Jobs are a table (worker.c).  A job looks at the state of the database
 * and never at when it last ran, so that it catches up after a pause, may
 * run twice, and may run in several workers: an advisory lock of its name
 * lets one of them do it.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct db;
struct pool;

struct work {
	struct pool	*pool;		/* reset before each job */
	struct db	*db;
	const char	*result;	/* set it to what was done, if it was */
	bool		 once;		/* for cron */
};

enum fault	 ask_still_there(struct work *);
enum fault	 deliver(struct work *);
enum fault	 erase(struct work *);
enum fault	 handle_updates(struct work *);
enum fault	 mark_missing_outs(struct work *);
enum fault	 plan_ahead(struct work *);
enum fault	 poll_updates(struct work *);
enum fault	 prune(struct work *);
enum fault	 rotate_keys(struct work *);

/* True once SIGTERM or SIGINT has come, at latest after so many ms. */
bool		 worker_stops(int64_t milliseconds);
/* False if messages are waiting that could go out within a second or so. */
bool		 deliver_idle(struct work *);
/* False if updates wait to be handled, or Telegram was asked for some. */
bool		 updates_idle(struct work *);

#endif
