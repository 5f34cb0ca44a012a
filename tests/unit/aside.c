#include "unit.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/aside.h"

/* What a child does that should compute when nobody else does, and as what. */
struct work {
	enum { WORKS, WAITS, DIES } idle;
	int in, out, policy, nice, session_nice;
	pid_t pid, session;
};

enum { UNKNOWN = -100 };

static pid_t caller;

/* sched(7): "/autogroup-NUMBER nice NICE", where the kernel has it. */
static int
session_nice(void)
{
	FILE *file = fopen("/proc/self/autogroup", "r");
	int nice = UNKNOWN;

	if (file != NULL) {
		if (fscanf(file, "/autogroup-%*d nice %d", &nice) != 1)
			nice = UNKNOWN;
		fclose(file);
	}
	return nice;
}

static void
square(void *arg)
{
	struct work *w = arg;

	w->pid = getpid();
	w->policy = sched_getscheduler(0);
	while (w->policy == SCHED_IDLE && w->idle == WAITS)
		pause();
	if (w->policy == SCHED_IDLE && w->idle == DIES)
		raise(SIGKILL);
	w->nice = getpriority(PRIO_PROCESS, 0);
	w->session_nice = session_nice();
	w->session = getsid(0);
	w->out = w->in * w->in;
}

static struct work
squared(struct work w)
{
	int in = w.in;

	aside_run(square, &w, sizeof(w));
	assert_int_equal(w.in, in);
	assert_int_equal(w.out, in * in);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	return w;
}

static void
each_gets_its_own_result(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		squared((struct work){ .in = i });
}

static void
whoever_has_time_computes(void **state)
{
	struct work w = squared((struct work){ .in = 3 });

	(void)state;
	assert_int_equal(w.policy, SCHED_IDLE);
	assert_int_equal(w.session, w.pid);
	if (w.session_nice != UNKNOWN)
		assert_int_equal(w.session_nice, 19);
}

static void
who_is_only_patient_is_not_left_waiting(void **state)
{
	struct work w = squared((struct work){ .idle = WAITS, .in = 7 });

	(void)state;
	assert_int_equal(w.policy, SCHED_OTHER);
	assert_int_equal(w.nice, 10);
	assert_int_equal(w.session, w.pid);
	if (w.session_nice != UNKNOWN)
		assert_int_equal(w.session_nice, 10);
}

static void
a_killed_child_is_no_answer(void **state)
{
	struct work w = squared((struct work){ .idle = DIES, .in = 4 });

	(void)state;
	assert_int_equal(w.pid, caller);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_gets_its_own_result),
		cmocka_unit_test(whoever_has_time_computes),
		cmocka_unit_test(who_is_only_patient_is_not_left_waiting),
		cmocka_unit_test(a_killed_child_is_no_answer),
	};

	caller = getpid();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
