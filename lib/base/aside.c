#include "base/aside.h"

#include <sys/resource.h>

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/pool.h"

enum { NICE = 10 };

/* Its thread frees it if nobody waits for it any more. */
struct task {
	struct pool *pool; /* of its own, for it is freed by either */
	void (*compute)(void *);
	bool idle, done, left;
	size_t size;
	max_align_t work[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static bool still_idle; /* one that was left is not at its end yet */

static void
task_free(struct task *t)
{
	explicit_bzero(t->work, t->size);
	pool_free(t->pool);
}

static void *
task_run(void *arg)
{
	struct task *t = arg;

	if (t->idle)
		sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){ 0 });
	else
		setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	t->compute(t->work);

	pthread_mutex_lock(&lock);
	t->done = true;
	if (t->left) {
		if (t->idle)
			still_idle = false;
		task_free(t);
	}
	pthread_cond_signal(&ended);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static struct task *
task_start(void (*compute)(void *), const void *work, size_t size, bool idle)
{
	struct pool *pool = pool_new();
	struct task *t = pool_alloc(pool, sizeof(*t) + size);
	pthread_t thread;

	*t = (struct task){ pool, compute, .idle = idle, .size = size };
	memcpy(t->work, work, size);
	if (pthread_create(&thread, NULL, task_run, t) != 0)
		log_die("no thread to compute in");
	pthread_detach(thread);
	return t;
}

/* Takes what a task has made, or leaves the task to its thread. */
static void
task_end(struct task *t, void *work)
{
	if (!t->done) {
		t->left = true;
		still_idle |= t->idle;
		return;
	}
	memcpy(work, t->work, t->size);
	task_free(t);
}

static struct timespec
patience_end(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += ASIDE_PATIENCE * 1000000L;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

void
aside_run(void (*compute)(void *), void *work, size_t size)
{
	struct timespec end = patience_end();
	struct task *idle = NULL, *nice = NULL;

	pthread_mutex_lock(&lock);
	if (!still_idle) {
		idle = task_start(compute, work, size, true);
		while (!idle->done &&
		    pthread_cond_clockwait(&ended, &lock, CLOCK_MONOTONIC,
			&end) == 0)
			continue;
	}
	if (idle == NULL || !idle->done) {
		nice = task_start(compute, work, size, false);
		while (!nice->done && (idle == NULL || !idle->done))
			pthread_cond_wait(&ended, &lock);
	}
	if (idle != NULL)
		task_end(idle, work);
	if (nice != NULL)
		task_end(nice, work);
	pthread_mutex_unlock(&lock);
}
