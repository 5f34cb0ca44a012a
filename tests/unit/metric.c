#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/metric.h"
#include "base/pool.h"

static char dir[64];
static struct pool *pool;

static int
begin(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/tabel-metric.XXXXXX");
	pool = pool_new();
	return mkdtemp(dir) ? 0 : -1;
}

static int
end(void **state)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	(void)state;
	while ((e = readdir(d)) != NULL)
		unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	rmdir(dir);
	pool_free(pool);
	return 0;
}

/* A program is a process of its own: what it counts must outlive it. */
static void
program(const char *name, const char *path, int times, int processes)
{
	pid_t pids[8];
	int status;

	for (int i = 0; i < processes; i++) {
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		metric_open(dir, name, 2);
		metric_name(0, "GET", path);
		metric_name(1, "POST", "/b/{id}");
		for (int k = 0; k < times; k++) {
			metric_count(0, 200, 900);
			metric_count(1, 422, 30000);
			metric_count(2, 404, 10000000);
		}
		_exit(0);
	}
	for (int i = 0; i < processes; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
}

static void
has(const char *line)
{
	const char *text = metric_print(pool, dir);
	const char *at = strstr(text, line);

	if (at == NULL || (at != text && at[-1] != '\n') ||
	    at[strlen(line)] != '\n')
		fail_msg("no line %s in\n%s", line, text);
}

static void
counts_of_processes_and_their_successors_add_up(void **state)
{
	(void)state;
	program("one", "/a", 5000, 4);
	program("one", "/a", 1, 1);
	has("tabel_requests_total{program=\"one\",method=\"GET\",path=\"/a\","
	    "status=\"200\"} 20001");
	has("tabel_requests_total{program=\"one\",method=\"POST\","
	    "path=\"/b/{id}\",status=\"422\"} 20001");
	has("tabel_requests_total{program=\"one\",method=\"none\","
	    "path=\"none\",status=\"404\"} 20001");
	has("tabel_request_duration_seconds_bucket{program=\"one\","
	    "le=\"0.001\"} 20001");
	has("tabel_request_duration_seconds_bucket{program=\"one\","
	    "le=\"0.05\"} 40002");
	has("tabel_request_duration_seconds_bucket{program=\"one\","
	    "le=\"+Inf\"} 60003");
	has("tabel_request_duration_seconds_count{program=\"one\"} 60003");
	has("tabel_request_duration_seconds_sum{program=\"one\"} "
	    "200628.030900");
}

static void
another_route_starts_at_zero(void **state)
{
	(void)state;
	program("one", "/a", 3, 1);
	program("one", "/new", 1, 1);
	has("tabel_requests_total{program=\"one\",method=\"GET\","
	    "path=\"/new\",status=\"200\"} 1");
	has("tabel_requests_total{program=\"one\",method=\"POST\","
	    "path=\"/b/{id}\",status=\"422\"} 4");
	assert_null(strstr(metric_print(pool, dir), "\"/a\""));
}

static void
each_program_has_a_file_of_its_group(void **state)
{
	struct stat st;
	char path[128];

	(void)state;
	program("one", "/a", 1, 1);
	program("two", "/a", 2, 1);
	has("tabel_requests_total{program=\"one\",method=\"GET\",path=\"/a\","
	    "status=\"200\"} 1");
	has("tabel_requests_total{program=\"two\",method=\"GET\",path=\"/a\","
	    "status=\"200\"} 2");
	snprintf(path, sizeof(path), "%s/two.metrics", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
}

static void
what_is_no_file_of_ours_is_replaced(void **state)
{
	char path[128];
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/one.metrics", dir);
	f = fopen(path, "w");
	fputs("something else", f);
	fclose(f);
	assert_null(strstr(metric_print(pool, dir), "one"));
	program("one", "/a", 1, 1);
	has("tabel_requests_total{program=\"one\",method=\"GET\",path=\"/a\","
	    "status=\"200\"} 1");
}

static void
without_a_directory_nothing_is_counted(void **state)
{
	(void)state;
	metric_open("", "one", 2);
	metric_name(0, "GET", "/a");
	metric_count(0, 200, 1);
	assert_non_null(strstr(metric_print(pool, ""), "# TYPE"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    counts_of_processes_and_their_successors_add_up, begin,
		    end),
		cmocka_unit_test_setup_teardown(another_route_starts_at_zero,
		    begin, end),
		cmocka_unit_test_setup_teardown(
		    each_program_has_a_file_of_its_group, begin, end),
		cmocka_unit_test_setup_teardown(
		    what_is_no_file_of_ours_is_replaced, begin, end),
		cmocka_unit_test_setup_teardown(
		    without_a_directory_nothing_is_counted, begin, end),
	};

	return cmocka_run_group_tests_name("metric", tests, NULL, NULL);
}
