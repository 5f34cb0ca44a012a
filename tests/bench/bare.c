/*
 * bare: the yardstick, a responder of nothing but libfcgi and libpq that
 * runs the statements of an endpoint with given parameters.
 *
 *	bare STATEMENTS <LISTENING-SOCKET
 *
 * STATEMENTS is what sql/embed.awk -v out=check writes; PGHOST and so on say
 * where.  It checks nothing, signs nothing and writes what came back.
 */
#include <fcgiapp.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static PGconn *db;
static FCGX_Request fcgi;
static char now[32], session[64], person[32];

static void
die(const char *why)
{
	fprintf(stderr, "bare: %s\n", why);
	exit(1);
}

static PGresult *
must(PGresult *res)
{
	if (PQresultStatus(res) != PGRES_TUPLES_OK &&
	    PQresultStatus(res) != PGRES_COMMAND_OK)
		die(PQerrorMessage(db));
	return res;
}

static void
prepare(const char *file)
{
	static char text[1 << 20];
	FILE *in = fopen(file, "r");

	if (in == NULL || fread(text, 1, sizeof(text) - 1, in) == 0)
		die(file);
	fclose(in);
	PQclear(must(PQexec(db, text)));
}

static PGresult *
run(const char *name, int n, const char *const *args)
{
	return must(PQexecPrepared(db, name, n, args, NULL, NULL, 0));
}

static void
plain(const char *sql)
{
	PQclear(must(PQexec(db, sql)));
}

/* The first column, copied; the result is gone. */
static const char *
first(PGresult *res, const char *name, char *to, size_t size)
{
	snprintf(to, size, "%s",
	    PQntuples(res) > 0 ? PQgetvalue(res, 0, PQfnumber(res, name)) : "");
	PQclear(res);
	return to;
}

static void
who(void)
{
	PQclear(
	    run("session_who", 3, (const char *[]){ session, "bench", now }));
}

static void
answer(PGresult *res)
{
	FCGX_FPrintF(fcgi.out,
	    "Status: 200\r\nContent-Type: application/json"
	    "\r\n\r\n{\"id\":%s,\"row\":\"",
	    PQgetvalue(res, 0, 0));
	for (int i = 1; i < PQnfields(res); i++)
		FCGX_FPrintF(fcgi.out, "%s ", PQgetvalue(res, 0, i));
	FCGX_FPrintF(fcgi.out, "\"}");
	PQclear(res);
}

/* A code is 60 characters; some of them are nonce enough here. */
static void
claim(const char *body)
{
	const char *code = strstr(body, "\"code\":\"");
	char nonce[64], employee[32], terminal[32];
	PGresult *res;

	if (code == NULL)
		die("no code");
	snprintf(nonce, sizeof(nonce), "\\x");
	for (int i = 0; i < 24; i++)
		snprintf(nonce + 2 + 2 * i, 3, "%02x",
		    (unsigned char)code[10 + i]);
	snprintf(terminal, sizeof(terminal), "%ld", 1 + atol(person) % 8);
	who();
	first(run("claim_place", 3,
		  (const char *[]){ terminal, person, "127.0.0.1" }),
	    "employee", employee, sizeof(employee));
	res = run("claim_new", 8,
	    (const char *[]){ person, terminal, nonce, now, "f", "{}", NULL,
		NULL });
	PQclear(run("pairing_state", 2, (const char *[]){ employee, now }));
	answer(res);
}

/* The day is worked out again, as after every event; what it comes to is
   made up, but as long as the real one. */
static void
workday(const char *employee)
{
	long t = (long)time(NULL), zone = 14 * 3600, day = 24 * 3600;
	long from = (t - zone) / day - 3, to = (t + zone) / day + 1;
	char whose[40], a[32], b[32], c[32], d[32], figures[512], days[64];

	snprintf(whose, sizeof(whose), "{%s}", employee);
	snprintf(a, sizeof(a), "{%ld}", from);
	snprintf(b, sizeof(b), "{%ld}", to);
	snprintf(c, sizeof(c), "{%ld}", from - 3);
	snprintf(d, sizeof(d), "{%ld}", to + 3);
	snprintf(figures, sizeof(figures),
	    "[{\"employee\":%s,\"number\":%ld,\"shifts\":0,"
	    "\"planned_seconds\":0,\"worked_seconds\":%ld,"
	    "\"break_seconds\":0,\"late_seconds\":0,\"early_seconds\":0,"
	    "\"night_seconds\":0,\"overtime_seconds\":0,"
	    "\"missing_out\":0,\"missing_in\":0,\"intervals\":1}]",
	    employee, t / day, t % 1000);
	snprintf(days, sizeof(days), "[{\"interval\":0,\"day\":%ld}]", t / day);
	PQclear(run("setting_get", 1, (const char *[]){ "overtime_minutes" }));
	PQclear(run("plan_load", 3, (const char *[]){ whose, c, d }));
	PQclear(run("work_load", 3, (const char *[]){ whose, c, d }));
	PQclear(run("workday_rewrite", 6,
	    (const char *[]){ whose, a, b, figures, days, "t" }));
}

static void
event(const char *body)
{
	const char *id = strstr(body, "\"claim\":");
	bool in = strstr(body, "\"in\"") != NULL;
	char claim_id[32], employee[32];
	PGresult *c, *s, *e;

	snprintf(claim_id, sizeof(claim_id), "%ld", id ? atol(id + 8) : 0);
	who();
	plain("BEGIN");
	first(run("employee_lock", 1, (const char *[]){ person }), "id",
	    employee, sizeof(employee));
	c = run("claim_get", 2, (const char *[]){ claim_id, person });
	s = run("pairing_state", 2, (const char *[]){ employee, now });
	e = run("event_add", 19,
	    (const char *[]){ employee, in ? "in" : "out", PQgetvalue(c, 0, 1),
		PQgetvalue(c, 0, 4), PQgetvalue(c, 0, 7), PQgetvalue(c, 0, 8),
		now, "qr", "{}", PQgetvalue(c, 0, 5), claim_id, NULL, NULL, "0",
		in ? "in" : "out", in ? "opens" : "closes", "f",
		in ? NULL : PQgetvalue(s, 0, PQfnumber(s, "open")), "57600" });
	PQclear(c);
	PQclear(s);
	workday(employee);
	plain("COMMIT");
	answer(e);
}

static void
me(void)
{
	PGresult *res;

	who();
	res = run("me", 4, (const char *[]){ person, "{}", "f", now });
	FCGX_FPrintF(fcgi.out,
	    "Status: 200\r\nContent-Type: application/json"
	    "\r\n\r\n%s",
	    PQgetvalue(res, 0, 0));
	PQclear(res);
}

/* An update is kept, and nothing more said. */
static void
hook(const char *body)
{
	PQclear(run("update_new", 2, (const char *[]){ body, now }));
	FCGX_FPrintF(fcgi.out, "Status: 204\r\n\r\n");
}

static void
handle(void)
{
	const char *path = FCGX_GetParam("PATH_INFO", fcgi.envp);
	const char *bench = FCGX_GetParam("HTTP_X_BENCH", fcgi.envp);
	char body[4096] = "";
	time_t t = time(NULL);
	struct tm tm;

	strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	if (path == NULL || bench == NULL ||
	    sscanf(bench, "%63s %31s", session, person) != 2)
		die("not a request of the bench");
	FCGX_GetStr(body, sizeof(body) - 1, fcgi.in);
	if (body[0] == '\0' && strcmp(path, "/me") != 0)
		return; /* the client has gone */
	if (strcmp(path, "/bot/webhook") == 0)
		hook(body);
	else if (strcmp(path, "/claims") == 0)
		claim(body);
	else if (strcmp(path, "/events") == 0)
		event(body);
	else
		me();
}

int
main(int argc, char **argv)
{
	if (argc != 2)
		die("usage: bare STATEMENTS <socket");
	db = PQconnectdb("");
	if (PQstatus(db) != CONNECTION_OK)
		die(PQerrorMessage(db));
	prepare(argv[1]);
	FCGX_Init();
	FCGX_InitRequest(&fcgi, 0, 0);
	while (FCGX_Accept_r(&fcgi) == 0) {
		handle();
		FCGX_Finish_r(&fcgi);
	}
	return 0;
}
