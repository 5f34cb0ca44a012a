#include "base/aside.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/pool.h"

enum { IDLE = 19, NICE = 10, NOBODY = -1 };

/* Who computes, and where what it has made comes from. */
struct child {
	pid_t pid;
	int fd;
};

/*
 * Under autogroup what counts first is the niceness of the whole session.
 * Anybody may change it ten times a second; whoever comes too early waits.
 */
static void
session_nice(int nice)
{
	const struct timespec moment = { 0, 20 * 1000 * 1000 };
	int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);

	for (int i = 0; fd >= 0 && i < 10; i++) {
		if (dprintf(fd, "%d", nice) > 0 || errno != EAGAIN)
			break;
		nanosleep(&moment, NULL);
	}
	if (fd >= 0)
		close(fd);
}

static void
stand_back(int nice)
{
	setsid();
	session_nice(nice);
	setpriority(PRIO_PROCESS, 0, nice);
	if (nice == IDLE)
		sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){ 0 });
}

static bool
all_written(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			data += n;
			size -= (size_t)n;
		}
	}
	return true;
}

static bool
all_read(int fd, char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = read(fd, data, size);

		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0) {
			data += n;
			size -= (size_t)n;
		}
	}
	return true;
}

static struct child
child_start(void (*compute)(void *), void *work, size_t size, int nice)
{
	struct child c = { NOBODY, NOBODY };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return c;
	c.pid = fork();
	if (c.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		stand_back(nice);
		compute(work);
		_exit(all_written(ends[1], work, size) ? 0 : 1);
	}
	close(ends[1]);
	if (c.pid > 0)
		c.fd = ends[0];
	else
		close(ends[0]);
	return c;
}

static void
child_end(struct child *c)
{
	if (c->fd == NOBODY)
		return;
	close(c->fd);
	kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	*c = (struct child){ NOBODY, NOBODY };
}

/* Of two, one that has come to its end; NULL if none has, or there is none. */
static struct child *
child_wait(struct child *c, int milliseconds)
{
	struct pollfd fds[] = { { .fd = c[0].fd, .events = POLLIN },
		{ .fd = c[1].fd, .events = POLLIN } };

	if (c[0].fd == NOBODY && c[1].fd == NOBODY)
		return NULL;
	while (poll(fds, 2, milliseconds) < 0)
		if (errno != EINTR)
			return NULL;
	for (int i = 0; i < 2; i++)
		if (fds[i].revents != 0)
			return &c[i];
	return NULL;
}

void
aside_run(void (*compute)(void *), void *work, size_t size)
{
	struct child c[2] = { { NOBODY, NOBODY }, { NOBODY, NOBODY } }, *ended;
	struct pool *p = pool_new();
	void *made = pool_alloc(p, size);
	bool done = false;

	c[0] = child_start(compute, work, size, IDLE);
	if (child_wait(c, ASIDE_PATIENCE) == NULL)
		c[1] = child_start(compute, work, size, NICE);
	while (!done && (ended = child_wait(c, -1)) != NULL) {
		done = all_read(ended->fd, made, size);
		child_end(ended);
	}
	child_end(&c[0]);
	child_end(&c[1]);
	if (done)
		memcpy(work, made, size);
	else
		compute(work);
	explicit_bzero(made, size);
	pool_free(p);
}
