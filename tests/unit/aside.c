#include "unit.h"

#include <sys/resource.h>

#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>

#include "base/aside.h"

struct work {
	int in, out, policy, nice;
};

static sem_t released;
static atomic_bool held;

/* A machine that is too busy: what is idle gets nowhere until it is released. */
static void
square(void *arg)
{
	struct work *w = arg;

	w->policy = sched_getscheduler(0);
	w->nice = getpriority(PRIO_PROCESS, 0);
	if (w->policy == SCHED_IDLE && held)
		while (sem_wait(&released) != 0)
			continue;
	w->out = w->in * w->in;
}

static struct work
squared(int in)
{
	struct work w = { .in = in };

	aside_run(square, &w, sizeof(w));
	assert_int_equal(w.in, in);
	assert_int_equal(w.out, in * in);
	return w;
}

static void
who_is_only_patient_is_not_left_waiting(void **state)
{
	struct work w;

	(void)state;
	held = true;
	w = squared(7);
	assert_int_equal(w.policy, SCHED_OTHER);
	assert_int_equal(w.nice, 10);
	/* one that was left is enough: the next begins where that one ended up */
	assert_int_equal(squared(8).policy, SCHED_OTHER);

	held = false;
	sem_post(&released);
	do
		w = squared(9);
	while (w.policy != SCHED_IDLE);
}

static void
each_gets_its_own_result(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		squared(i);
}

/* The caller's own priority is what it was. */
static void
only_the_computation_is_nice(void **state)
{
	int nice = getpriority(PRIO_PROCESS, 0);

	(void)state;
	squared(3);
	assert_int_equal(sched_getscheduler(0), SCHED_OTHER);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), nice);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_gets_its_own_result),
		cmocka_unit_test(only_the_computation_is_nice),
		cmocka_unit_test(who_is_only_patient_is_not_left_waiting),
	};

	sem_init(&released, 0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
