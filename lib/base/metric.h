/*
 * metric: counters that all processes of all programs add to.
 *
 * One file "<dir>/<program>.metrics" per program is mapped by each of its
 * processes; the program "system" reads them all and prints Prometheus text.
 * An empty directory name means that nothing is counted.
 */
#ifndef METRIC_H
#define METRIC_H

#include <stddef.h>
#include <stdint.h>

struct pool;

enum { METRIC_ROUTES = 64, METRIC_BUCKETS = 8 };

/* n routes; slot n counts what matched none of them. */
void		 metric_open(const char *dir, const char *program, size_t n);
void		 metric_name(size_t slot, const char *method, const char *path);
/* An answer with that HTTP status, after so many microseconds. */
void		 metric_count(size_t slot, int status, int64_t us);

/*
 * Prometheus text (exposition format 0.0.4) of every file of the directory:
 * tabel_requests_total{program,method,path,status} and the histogram
 * tabel_request_duration_seconds{program}.
 */
char		*metric_print(struct pool *, const char *dir);

#endif
