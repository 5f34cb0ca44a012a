#include "web/serve.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { ACCEPT_SECONDS = 5, IO_SECONDS = 30, DRAIN_MAX = 32 * 1024 * 1024 };

struct io {
	FCGX_Request *fcgi; /* NULL under plain CGI */
	size_t taken; /* of a body, there */
};

static volatile sig_atomic_t stop;

const char *
io_param(struct io *io, const char *name)
{
	return io->fcgi ? FCGX_GetParam(name, io->fcgi->envp) : getenv(name);
}

bool
io_repeated(struct io *io, const char *name)
{
	size_t len = strlen(name);
	int n = 0;

	if (io->fcgi != NULL)
		for (char **p = io->fcgi->envp; *p != NULL; p++)
			n += strncmp(*p, name, len) == 0 && (*p)[len] == '=';
	return n > 1;
}

bool
io_read(struct io *io, char *buf, size_t n)
{
	bool whole;

	if (io->fcgi == NULL) {
		io->taken += n;
		return fread(buf, 1, n, stdin) == n;
	}
	alarm(IO_SECONDS);
	whole = FCGX_GetStr(buf, (int)n, io->fcgi->in) == (int)n &&
	    FCGX_GetError(io->fcgi->in) == 0;
	alarm(0);
	return whole;
}

bool
io_write(struct io *io, const char *buf, size_t n)
{
	bool whole;

	if (io->fcgi == NULL)
		return fwrite(buf, 1, n, stdout) == n;
	alarm(IO_SECONDS);
	whole = FCGX_PutStr(buf, (int)n, io->fcgi->out) == (int)n;
	alarm(0);
	return whole;
}

bool
io_flush(struct io *io)
{
	bool done;

	if (io->fcgi == NULL)
		return fflush(stdout) == 0;
	alarm(IO_SECONDS);
	done = FCGX_FFlush(io->fcgi->out) == 0;
	alarm(0);
	return done;
}

void
io_abort(struct io *io)
{
	if (io->fcgi == NULL)
		_exit(1);
	FCGX_Free(io->fcgi, 1);
}

static void
on_stop(int signal)
{
	(void)signal;
	stop = 1;
	FCGX_ShutdownPending();
}

/* It only has to interrupt a read or a write of a peer that stalls. */
static void
on_alarm(int signal)
{
	(void)signal;
}

/*
 * The signals that end us are blocked but while we wait for a connection, so
 * that none can cut a body short or be lost between a test and a wait.
 */
static void catch (sigset_t *waiting)
{
	static const int stops[] = { SIGTERM, SIGINT, SIGUSR1 };
	struct sigaction sa = { .sa_handler = on_stop };
	sigset_t blocked;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++) {
		sigaction(stops[i], &sa, NULL);
		sigaddset(&blocked, stops[i]);
	}
	sa.sa_handler = on_alarm;
	sigaction(SIGALRM, &sa, NULL);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		sigdelset(waiting, stops[i]);
}

/* False if another process was quicker, or the peer says nothing. */
static bool
take(FCGX_Request *fcgi)
{
	int rc;

	alarm(ACCEPT_SECONDS);
	rc = FCGX_Accept_r(fcgi);
	alarm(0);
	if (rc == 0)
		return true;
	if (rc != -EAGAIN && rc != -EINTR && !stop)
		log_warn("serve: accept: %s", strerror(-rc));
	return false;
}

static void
serve_fcgi(void (*handle)(struct io *, void *), void *arg)
{
	struct pollfd listener = { .fd = 0, .events = POLLIN };
	FCGX_Request fcgi;
	sigset_t waiting;

	catch (&waiting);
	if (FCGX_Init() != 0 || FCGX_InitRequest(&fcgi, 0, 0) != 0)
		log_die("serve: libfcgi cannot start");
	fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK);
	while (!stop) {
		if (ppoll(&listener, 1, NULL, &waiting) < 0 || !take(&fcgi))
			continue;
		handle(&(struct io){ .fcgi = &fcgi }, arg);
		fcgi.keepConnection = 0;
		FCGX_Finish_r(&fcgi);
	}
	FCGX_Free(&fcgi, 1);
}

/* A web server may give up on who does not take all that was sent. */
static void
drain(const struct io *io)
{
	const char *length = getenv("CONTENT_LENGTH");
	long long left = length != NULL ? strtoll(length, NULL, 10) : 0;
	char rest[BUFSIZ];
	size_t n;

	left = (left < DRAIN_MAX ? left : DRAIN_MAX) - (long long)io->taken;
	for (; left > 0; left -= (long long)n) {
		n = left < BUFSIZ ? (size_t)left : BUFSIZ;
		if ((n = fread(rest, 1, n, stdin)) == 0)
			return;
	}
}

bool
serve_is_cgi(void)
{
	return getenv("GATEWAY_INTERFACE") != NULL ||
	    getenv("REQUEST_METHOD") != NULL;
}

void
serve(void (*handle)(struct io *, void *), void *arg)
{
	if (!serve_is_cgi() && !FCGX_IsCGI()) {
		setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "200", 0);
		setenv("LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT", "500", 0);
		serve_fcgi(handle, arg);
	} else if (serve_is_cgi()) {
		struct io io = { .fcgi = NULL };

		handle(&io, arg);
		drain(&io);
	} else
		log_die("serve: neither a FastCGI socket on descriptor 0 nor "
			"a CGI request in the environment");
}
