/*
 * load: keeps N connections busy for some seconds and counts what it gets.
 *
 *	load PORT CONNECTIONS SECONDS get PATH PEOPLE
 *	load PORT CONNECTIONS SECONDS hook PATH PEOPLE SECRET
 *	load PORT CONNECTIONS SECONDS marks PREFIX PEOPLE CODES
 *
 * PEOPLE has lines "token session person", at least as many as connections;
 * each turn is the next one's.  "marks" sends a claim with the next line of
 * CODES and then its event, in and out by turns; "hook" an update of the Bot
 * API, with the secret.  Prints "rate p50_ms p95_ms p99_ms failed", where the
 * rate counts whole turns (one get, one update, or one claim with its event).
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	CONNECTIONS_MAX = 256,
	PEOPLE_MAX = 4096,
	ANSWER_MAX = 65536,
	TURNS_MAX = 2000000
};

struct person {
	char token[512], session[64], id[32];
	bool inside;
};

struct connection {
	int fd;
	struct person *who;
	long claim; /* to be made an event, or 0 */
	double began;
	size_t got;
	char answer[ANSWER_MAX];
};

static struct connection connections[CONNECTIONS_MAX];
static struct person people[PEOPLE_MAX];
static size_t n_people, next_person;
static bool over; /* nobody begins anything more */
static double *turns;
static size_t n_turns, failed;
static const char *mode, *path, *secret = "";
static long update_id;
static FILE *codes;
static int port;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
open_connection(struct connection *c)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0 ||
	    connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void
ask(struct connection *c, const char *method, const char *where,
    const char *body)
{
	char request[4096];
	int n = snprintf(request, sizeof(request),
	    "%s %s HTTP/1.1\r\n"
	    "Host: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
	    "X-Bench: %s %s\r\nContent-Type: application/json\r\n"
	    "X-Telegram-Bot-Api-Secret-Token: %s\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    method, where, port, c->who->token, c->who->session, c->who->id,
	    secret, strlen(body), body);

	c->got = 0;
	if (write(c->fd, request, (size_t)n) != n)
		die("write");
}

/* What somebody has written to the bot. */
static void
ask_hook(struct connection *c)
{
	char body[512];

	snprintf(body, sizeof(body),
	    "{\"update_id\":%ld,\"message\":{\"message_id\":7,"
	    "\"date\":1767225600,\"chat\":{\"id\":%s,\"type\":\"private\","
	    "\"first_name\":\"Anna\"},\"from\":{\"id\":%s,\"is_bot\":false,"
	    "\"first_name\":\"Anna\",\"language_code\":\"ru\"},"
	    "\"text\":\"/today\",\"entities\":[{\"type\":\"bot_command\","
	    "\"offset\":0,\"length\":6}]}}",
	    ++update_id, c->who->id, c->who->id);
	c->began = now();
	ask(c, "POST", path, body);
}

static void
ask_next(struct connection *c)
{
	char where[256], body[256], code[128];

	if (c->claim == 0 && over) {
		close(c->fd);
		c->fd = -1;
		return;
	}
	if (c->claim == 0)
		c->who = &people[next_person++ % n_people];
	if (strcmp(mode, "get") == 0) {
		c->began = now();
		ask(c, "GET", path, "");
	} else if (strcmp(mode, "hook") == 0) {
		ask_hook(c);
	} else if (c->claim == 0) {
		c->began = now();
		if (fgets(code, sizeof(code), codes) == NULL) {
			fputs("load: not enough codes\n", stderr);
			exit(1);
		}
		code[strcspn(code, "\n")] = '\0';
		snprintf(where, sizeof(where), "%s/claims", path);
		snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
		ask(c, "POST", where, body);
	} else {
		snprintf(where, sizeof(where), "%s/events", path);
		snprintf(body, sizeof(body), "{\"claim\":%ld,\"kind\":\"%s\"}",
		    c->claim, c->who->inside ? "out" : "in");
		ask(c, "POST", where, body);
	}
}

/* What is between the headers and the end, once it is there. */
static char *
whole(struct connection *c)
{
	char *end = strstr(c->answer, "\r\n\r\n"), *s;

	if (end == NULL)
		return NULL;
	if (strncmp(c->answer + 9, "204", 3) == 0)
		return end + 4;
	s = strcasestr(c->answer, "\r\nContent-Length:");
	if (s != NULL && s < end)
		return c->got >= (size_t)(end + 4 - c->answer) +
			    strtoul(s + 17, NULL, 10) ?
		    end + 4 :
		    NULL;
	return c->got >= 5 && strcmp(c->answer + c->got - 5, "0\r\n\r\n") == 0 ?
	    end + 4 :
	    NULL;
}

static void
count(struct connection *c)
{
	if (n_turns < TURNS_MAX)
		turns[n_turns++] = now() - c->began;
}

static void
take(struct connection *c, const char *body)
{
	int status = atoi(c->answer + 9);
	const char *id = strstr(body, "\"id\":");

	if (status / 100 != 2) {
		if (failed++ == 0)
			fprintf(stderr, "load: %.600s\n", c->answer);
		c->claim = 0;
	} else if (strcmp(mode, "marks") != 0)
		count(c);
	else if (c->claim == 0)
		c->claim = id ? strtol(id + 5, NULL, 10) : 0;
	else {
		count(c);
		c->claim = 0;
		c->who->inside = !c->who->inside;
	}
	ask_next(c);
}

static void
hear(struct connection *c)
{
	ssize_t n = read(c->fd, c->answer + c->got, ANSWER_MAX - 1 - c->got);
	char *body;

	if (n <= 0) { /* nginx ends a connection now and then */
		close(c->fd);
		open_connection(c);
		c->claim = 0;
		ask_next(c);
		return;
	}
	c->got += (size_t)n;
	c->answer[c->got] = '\0';
	if ((body = whole(c)) != NULL)
		take(c, body);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
quantile(double q)
{
	return n_turns == 0 ? 0 :
			      turns[(size_t)(q * (double)(n_turns - 1))] * 1e3;
}

/* Is a connection left?  Each ends after its turn once it is over. */
static bool
busy(int n)
{
	for (int i = 0; i < n; i++)
		if (connections[i].fd >= 0)
			return true;
	return false;
}

static void
run(int n, double seconds)
{
	struct pollfd fds[CONNECTIONS_MAX];
	double began = now(), end = began + seconds;

	for (int i = 0; i < n; i++) {
		open_connection(&connections[i]);
		ask_next(&connections[i]);
		fds[i].events = POLLIN;
	}
	while (busy(n)) {
		over = now() >= end;
		for (int i = 0; i < n; i++)
			fds[i].fd = connections[i].fd;
		if (poll(fds, (nfds_t)n, 100) < 0)
			die("poll");
		for (int i = 0; i < n; i++)
			if (fds[i].revents != 0 && connections[i].fd >= 0)
				hear(&connections[i]);
	}
	seconds = now() - began;
	qsort(turns, n_turns, sizeof(*turns), compare);
	printf("%.1f %.2f %.2f %.2f %zu\n", (double)n_turns / seconds,
	    quantile(0.5), quantile(0.95), quantile(0.99), failed);
}

int
main(int argc, char **argv)
{
	int n = argc > 6 ? atoi(argv[2]) : 0;
	FILE *file;

	if (n < 1 || n > CONNECTIONS_MAX) {
		fputs("usage: load PORT CONNECTIONS SECONDS get|hook|marks "
		      "PATH PEOPLE [SECRET|CODES]\n",
		    stderr);
		return 2;
	}
	port = atoi(argv[1]);
	mode = argv[4];
	path = argv[5];
	if ((file = fopen(argv[6], "r")) == NULL)
		die(argv[6]);
	if (argc > 7 && strcmp(mode, "hook") == 0)
		secret = argv[7];
	else if (argc > 7 && (codes = fopen(argv[7], "r")) == NULL)
		die(argv[7]);
	turns = calloc(TURNS_MAX, sizeof(*turns));
	while (n_people < PEOPLE_MAX &&
	    fscanf(file, "%511s %63s %31s", people[n_people].token,
		people[n_people].session, people[n_people].id) == 3)
		n_people++;
	if (n_people < (size_t)n)
		die("people");
	run(n, strtod(argv[3], NULL));
	return 0;
}
