#include "base/metric.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/out.h"
#include "base/pool.h"

enum { SLOTS = METRIC_ROUTES + 1, NAME = 96, FILES = 32 };

static const char magic[8] = "tabel m1"; /* a new one, a new file */
static const char suffix[] = ".metrics";

/* What answers have; any other is counted as 0. */
static const int statuses[] = { 0, 200, 201, 204, 400, 401, 403, 404, 405, 409,
	410, 413, 415, 422, 429, 500, 503 };
enum { STATUSES = sizeof(statuses) / sizeof(*statuses) };

/* Upper bounds in microseconds; beyond them is +Inf. */
static const int64_t bounds[METRIC_BUCKETS] = { 1000, 2500, 5000, 10000, 50000,
	250000, 1000000, 5000000 };
static const char *const bound_names[METRIC_BUCKETS] = { "0.001", "0.0025",
	"0.005", "0.01", "0.05", "0.25", "1", "5" };

/* A slot's counts belong to its name: another name starts at zero. */
struct slot {
	char name[NAME]; /* "GET /events" */
	_Atomic uint64_t count[STATUSES];
};

struct file {
	char magic[sizeof(magic)];
	uint64_t size;
	struct slot slots[SLOTS];
	_Atomic uint64_t buckets[METRIC_BUCKETS + 1];
	_Atomic uint64_t us;
};

static struct file *mine;
static int directory = -1;

static bool
is_sound(const struct file *f)
{
	return memcmp(f->magic, magic, sizeof(magic)) == 0 &&
	    f->size == sizeof(*f);
}

static struct file *
map(int fd, int protection)
{
	struct stat st;
	struct file *f;

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size != sizeof(*f))
		return NULL;
	f = mmap(NULL, sizeof(*f), protection, MAP_SHARED, fd, 0);
	return f == MAP_FAILED ? NULL : f;
}

static struct file *
map_existing(int dir, const char *path, int flags, int protection)
{
	int fd = openat(dir, path, flags | O_CLOEXEC);
	struct file *f = map(fd, protection);

	if (fd >= 0)
		close(fd);
	if (f == NULL || is_sound(f))
		return f;
	munmap(f, sizeof(*f));
	return NULL;
}

/* In place of an old one, which those who have it mapped may keep. */
static struct file *
map_new(const char *path)
{
	struct file *f = NULL;
	int fd;

	unlinkat(directory, path, 0);
	fd = openat(directory, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	    0660);
	/* Room on the disk now, or a later write would be a SIGBUS. */
	if (fd >= 0 && fchmod(fd, 0660) == 0 &&
	    posix_fallocate(fd, 0, sizeof(*f)) == 0)
		f = map(fd, PROT_READ | PROT_WRITE);
	if (fd >= 0)
		close(fd);
	if (f == NULL)
		return NULL;
	f->size = sizeof(*f);
	memcpy(f->magic, magic, sizeof(magic));
	return f;
}

static void
name_slot(size_t i, const char *name)
{
	struct slot *s = &mine->slots[i];

	if (strncmp(s->name, name, sizeof(s->name) - 1) == 0)
		return;
	for (size_t k = 0; k < STATUSES; k++)
		atomic_store(&s->count[k], 0);
	memset(s->name, 0, sizeof(s->name));
	memcpy(s->name, name, strnlen(name, sizeof(s->name) - 1));
}

/* One process at a time makes the file and names its slots. */

void
metric_open(const char *dir, const char *program, size_t n)
{
	char path[64];

	if (*dir == '\0')
		return;
	if (n > METRIC_ROUTES)
		log_die("metric: more than %d routes", METRIC_ROUTES);
	snprintf(path, sizeof(path), "%s%s", program, suffix);
	directory = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0) {
		log_warn("metric: %s: %s", dir, strerror(errno));
		return;
	}
	flock(directory, LOCK_EX);
	mine = map_existing(directory, path, O_RDWR, PROT_READ | PROT_WRITE);
	if (mine == NULL)
		mine = map_new(path);
	if (mine == NULL)
		log_warn("metric: %s/%s: %s", dir, path, strerror(errno));
	else
		name_slot(n, "none none");
	for (size_t i = n + 1; mine != NULL && i < SLOTS; i++)
		name_slot(i, "");
	flock(directory, LOCK_UN);
}

void
metric_name(size_t slot, const char *method, const char *path)
{
	char name[NAME];

	if (mine == NULL)
		return;
	snprintf(name, sizeof(name), "%s %s", method, path);
	flock(directory, LOCK_EX);
	name_slot(slot, name);
	flock(directory, LOCK_UN);
}

static void
add(_Atomic uint64_t *counter, uint64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t
read_counter(_Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

void
metric_count(size_t slot, int status, int64_t us)
{
	size_t k = STATUSES - 1, b = 0;

	if (mine == NULL || slot >= SLOTS)
		return;
	while (k > 0 && statuses[k] != status)
		k--;
	while (b < METRIC_BUCKETS && us > bounds[b])
		b++;
	add(&mine->slots[slot].count[k], 1);
	add(&mine->buckets[b], 1);
	add(&mine->us, us > 0 ? (uint64_t)us : 0);
}

/* The files of a directory, each with its program's name. */

struct printed {
	char program[64];
	struct file *file;
};

static size_t
open_all(int dir, DIR *entries, struct printed all[FILES])
{
	const struct dirent *e;
	size_t n = 0, len;

	while (n < FILES && (e = readdir(entries)) != NULL) {
		len = strlen(e->d_name);
		if (len < sizeof(suffix) || len >= sizeof(all->program) ||
		    strcmp(e->d_name + len + 1 - sizeof(suffix), suffix) != 0)
			continue;
		all[n].file = map_existing(dir, e->d_name, O_RDONLY, PROT_READ);
		if (all[n].file == NULL)
			continue;
		len -= sizeof(suffix) - 1;
		memcpy(all[n].program, e->d_name, len);
		all[n++].program[len] = '\0';
	}
	return n;
}

static void
print_requests(struct out *o, const struct printed *p)
{
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *s = &p->file->slots[i];
		int method = (int)strcspn(s->name, " ");

		for (size_t k = 0; *s->name != '\0' && k < STATUSES; k++) {
			uint64_t n = read_counter(&s->count[k]);

			if (n > 0)
				out_printf(o,
				    "tabel_requests_total{program="
				    "\"%s\",method=\"%.*s\",path=\"%s\","
				    "status=\"%d\"} %" PRIu64 "\n",
				    p->program, method, s->name,
				    s->name + method + 1, statuses[k], n);
		}
	}
}

static void
print_durations(struct out *o, const struct printed *p)
{
	static const char name[] = "tabel_request_duration_seconds";
	uint64_t n = 0, us = read_counter(&p->file->us);

	for (size_t b = 0; b <= METRIC_BUCKETS; b++) {
		n += read_counter(&p->file->buckets[b]);
		out_printf(o,
		    "%s_bucket{program=\"%s\",le=\"%s\"} %" PRIu64 "\n", name,
		    p->program, b < METRIC_BUCKETS ? bound_names[b] : "+Inf",
		    n);
	}
	out_printf(o,
	    "%s_sum{program=\"%s\"} %" PRIu64 ".%06" PRIu64 "\n"
	    "%s_count{program=\"%s\"} %" PRIu64 "\n",
	    name, p->program, us / 1000000, us % 1000000, name, p->program, n);
}

char *
metric_print(struct pool *pool, const char *dir)
{
	struct out *o = out_new(pool);
	struct printed all[FILES];
	DIR *entries = *dir != '\0' ? opendir(dir) : NULL;
	size_t n = entries ? open_all(dirfd(entries), entries, all) : 0, len;
	const char *text;

	if (entries != NULL)
		closedir(entries);
	out_printf(o,
	    "# HELP tabel_requests_total Requests answered.\n"
	    "# TYPE tabel_requests_total counter\n");
	for (size_t i = 0; i < n; i++)
		print_requests(o, &all[i]);
	out_printf(o,
	    "# HELP tabel_request_duration_seconds Time to answer.\n"
	    "# TYPE tabel_request_duration_seconds histogram\n");
	for (size_t i = 0; i < n; i++) {
		print_durations(o, &all[i]);
		munmap(all[i].file, sizeof(*all[i].file));
	}
	text = out_body(o, &len);
	return pool_strndup(pool, text, len);
}
