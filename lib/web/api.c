#include "web/api.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/metric.h"
#include "trust/keyring.h"
#include "web/private.h"
#include "web/query.h"

enum { RUNS_MAX = 4, ROUTES_MAX = METRIC_ROUTES };

struct program {
	const char *name;
	const struct route *routes;
	size_t n;
	struct db *db;
	struct pool *pool;
};

/* Match "/employees/{id}/login" against a path, collecting the arguments. */
static bool
match(struct req *r, const char *pattern, const char *path)
{
	struct argument *arg = r->private->args;

	memset(arg, 0, sizeof(r->private->args));
	while (*pattern != '\0') {
		size_t n = strcspn(pattern, "{"), len;

		if (strncmp(pattern, path, n) != 0)
			return false;
		pattern += n;
		path += n;
		if (*pattern == '\0')
			break;
		n = strcspn(pattern, "}");
		len = strcspn(path, "/");
		if (len == 0)
			return false;
		arg->name = pool_strndup(r->pool, pattern + 1, n - 1);
		arg++->value = pool_strndup(r->pool, path, len);
		pattern += n + 1;
		path += len;
	}
	return *path == '\0';
}

/* Of a HEAD the web server leaves the body out. */
static enum method
method_of(const char *s)
{
	if (s != NULL && strcmp(s, "HEAD") == 0)
		return GET;
	for (int m = GET; m <= DELETE; m++)
		if (s != NULL && strcmp(method_names[m], s) == 0)
			return (enum method)m;
	return 0;
}

static enum fault
find_route(struct req *r, const struct program *p)
{
	enum method m = method_of(io_param(r->private->io, "REQUEST_METHOD"));
	const char *allow = "";

	for (size_t i = 0; i < p->n; i++) {
		const struct route *route = &p->routes[i];

		if (!match(r, route->path, r->private->path))
			continue;
		if (route->method == m) {
			r->route = route;
			return OK;
		}
		allow = pool_printf(r->pool, "%s%s%s", allow,
		    *allow ? ", " : "", method_names[route->method]);
	}
	if (*allow == '\0')
		return FAULT_NO_ROUTE;
	reply_header(r, "Allow", allow);
	return FAULT_NO_METHOD;
}

static enum fault
bind(struct req *r, void *in)
{
	bool reads = r->route->method == POST || r->route->method == PUT;
	enum fault f;

	if (r->route->raw)
		return OK;
	r->private->query = query_parse(r->pool,
	    request_header(r, "QUERY_STRING"));
	if (r->private->query == NULL)
		return fail(r, FAULT_BAD_REQUEST,
		    "The query string is malformed.");
	if (reads && (f = request_body(r)) != OK)
		return f;
	return field_bind(r, r->route->in, in);
}

/* In a transaction if the route has several statements or keeps its answer. */
static enum fault
run_once(struct req *r, const void *in)
{
	const char *key = r->route->idem && r->route->who != ANYONE ?
	    request_header(r, "HTTP_IDEMPOTENCY_KEY") :
	    NULL;
	enum fault f, kept;

	if (!r->route->tx && key == NULL)
		return r->route->run(r, in);
	if ((f = db_begin(r->db)) != OK)
		return f;
	if (key != NULL)
		f = idem_begin(r, key);
	if (f == OK && !r->private->replayed)
		f = r->route->run(r, in);
	if (f == OK && key != NULL && !r->private->replayed)
		f = idem_end(r, key);
	if (f != OK && r->keep)
		return (kept = db_commit(r->db, OK)) != OK ? kept : f;
	return db_commit(r->db, f);
}

/*
 * Again, if the database asks for it, or if a question was interrupted; a
 * command on its own may have been obeyed before the line went dead.
 */
static enum fault
run(struct req *r, const void *in)
{
	enum fault f = OK;

	for (int i = 0; i < RUNS_MAX; i++) {
		r->private->n_errors = 0;
		r->private->replayed = false;
		r->status = 200;
		r->detail = NULL;
		r->extra = NULL;
		r->later = false;
		r->keep = false;
		out_clear(r->private->headers);
		out_clear(r->out);
		f = run_once(r, in);
		if (r->private->streaming)
			return f;
		if (f != FAULT_RETRY &&
		    !(f == FAULT_DATABASE_DOWN && r->route->method == GET &&
			i == 0))
			return f;
	}
	return f;
}

static enum fault
perform(struct req *r, const struct program *p)
{
	enum fault f;
	void *in;

	if ((f = find_route(r, p)) != OK || (f = access_check(r)) != OK)
		return f;
	in = pool_alloc(r->pool, r->route->in_size + 1);
	if ((f = bind(r, in)) != OK)
		return f;
	return run(r, in);
}

static void
account(struct req *r, enum fault f, int64_t us, const struct program *p)
{
	const char *s = io_param(r->private->io, "REQUEST_METHOD");

	metric_count(r->route ? (size_t)(r->route - p->routes) : p->n,
	    r->status, us);
	log_line(r->status >= 500 ? LOG_ERROR : LOG_INFO, "request", "method",
	    s ? s : "-", "path", r->route ? r->route->path : "-", "status",
	    pool_printf(r->pool, "%d", r->status), "ms",
	    pool_printf(r->pool, "%" PRId64 ".%03" PRId64, us / 1000,
		us % 1000),
	    "person",
	    r->person ? pool_printf(r->pool, "%" PRId64, r->person) : NULL,
	    "terminal",
	    r->terminal ? pool_printf(r->pool, "%" PRId64, r->terminal) : NULL,
	    "service",
	    r->service ? pool_printf(r->pool, "%" PRId64, r->service) : NULL,
	    "fault", f != OK ? fault_info[f].code : NULL, "request", r->id,
	    NULL);
}

static const char *
or_dash(const char *s)
{
	return s != NULL && *s != '\0' ? s : "-";
}

/* The reference of the API is made from the rows: they must not lie. */
static void
check_declared(const struct req *r, enum fault f)
{
	if (r->route != NULL && !route_declares(r->route, f, r->status))
		log_warn("api: undeclared: %s %s ends in %d %s",
		    method_names[r->route->method], r->route->path, r->status,
		    fault_info[f].code);
}

static void
handle(struct io *io, void *arg)
{
	struct program *p = arg;
	int64_t began = clock_monotonic_us();
	const char *path = io_param(io, "PATH_INFO");
	struct api_private private = {
		.io = io,
		.path = path ? path : "",
		.headers = out_new(p->pool),
	};
	struct req r = {
		.pool = p->pool,
		.db = p->db,
		.out = out_new(p->pool),
		.now = clock_now(),
		.status = 200,
		.private = &private,
		.ip = or_dash(io_param(io, "REMOTE_ADDR")),
		.id = or_dash(io_param(io, "REQUEST_ID")),
		.language = "ru",
	};
	enum fault f;

	db_pool(p->db, p->pool);
	f = perform(&r, p);
	if ((f == FAULT_RETRY || f == FAULT_DATABASE_DOWN) && !r.later)
		fail_later(&r, f, 1);
	reply_send(&r, f);
	check_declared(&r, f);
	account(&r, f, clock_monotonic_us() - began, p);
	pool_reset(p->pool);
}

int
api_main(const char *program, const struct route *routes, size_t n, int argc,
    char **argv)
{
	struct program p = { .name = program, .routes = routes, .n = n };

	routes_check(program, routes, n);
	if (!serve_is_cgi() && argc == 2 && strcmp(argv[1], "--routes") == 0) {
		routes_print(program, routes, n);
		return 0;
	}
	conf_load();
	log_open(program, strcmp(conf.LOG_FORMAT, "json") == 0,
	    log_level_of(conf.LOG_LEVEL));
	keyring_open();
	metric_open(conf.RUN_DIR, program, n);
	for (size_t i = 0; i < n; i++)
		metric_name(i, method_names[routes[i].method], routes[i].path);
	p.pool = pool_new();
	p.db = db_new(conf.DATABASE_URL);
	db_pool(p.db, p.pool);
	serve(handle, &p);
	db_free(p.db);
	pool_free(p.pool);
	return 0;
}

int
api_main_parts(const char *program, const struct route *const *parts, size_t n,
    int argc, char **argv)
{
	static struct route routes[ROUTES_MAX];
	size_t n_routes = 0;

	for (size_t i = 0; i < n; i++)
		for (const struct route *r = parts[i]; r->path != NULL; r++) {
			if (n_routes == ROUTES_MAX)
				log_die("%s: more than %d routes", program,
				    (int)ROUTES_MAX);
			routes[n_routes++] = *r;
		}
	return api_main(program, routes, n_routes, argc, argv);
}
