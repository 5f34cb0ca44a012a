#include "base/pool.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Under AddressSanitizer each piece is a malloc() of its own size. */
#if defined(__SANITIZE_ADDRESS__)
#define POOL_EXACT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POOL_EXACT 1
#endif
#endif
#ifdef POOL_EXACT
enum { CHUNK = 0, ALIGN = 1 };
#else
enum { CHUNK = 16 * 1024, ALIGN = alignof(max_align_t) };
#endif

struct chunk {
	struct chunk *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

struct deferred {
	struct deferred *next;
	void (*call)(void *);
	void *arg;
};

struct pool {
	struct chunk *chunks; /* the newest first */
	struct deferred *deferred;
};

static void *
must(void *p)
{
	if (p == NULL)
		log_die("out of memory");
	return p;
}

struct pool *
pool_new(void)
{
	return must(calloc(1, sizeof(struct pool)));
}

static struct chunk *
chunk_new(struct chunk *next, size_t n)
{
	size_t size = n > CHUNK ? n : CHUNK;
	struct chunk *c = must(malloc(sizeof(*c) + size));

	*c = (struct chunk){ .next = next, .size = size };
	return c;
}

void *
pool_alloc(struct pool *p, size_t n)
{
	void *mem;

	if (n > SIZE_MAX / 2)
		log_die("out of memory");
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (p->chunks == NULL || p->chunks->size - p->chunks->used < n ||
	    CHUNK == 0)
		p->chunks = chunk_new(p->chunks, n);
	mem = memset(p->chunks->data + p->chunks->used, 0, n);
	p->chunks->used += n;
	return mem;
}

char *
pool_strdup(struct pool *p, const char *s)
{
	return pool_strndup(p, s, strlen(s));
}

char *
pool_strndup(struct pool *p, const char *s, size_t n)
{
	char *copy = pool_alloc(p, n + 1);

	return n == 0 ? copy : memcpy(copy, s, n);
}

char *
pool_printf(struct pool *p, const char *fmt, ...)
{
	char small[256], *s;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < 0)
		log_die("cannot format \"%s\"", fmt);
	if ((size_t)n < sizeof(small))
		return pool_strndup(p, small, (size_t)n);

	s = pool_alloc(p, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

void
pool_defer(struct pool *p, void (*call)(void *), void *arg)
{
	struct deferred *d = pool_alloc(p, sizeof(*d));

	*d = (struct deferred){ p->deferred, call, arg };
	p->deferred = d;
}

void
pool_reset(struct pool *p)
{
	struct chunk *c, *kept = NULL;

	while (p->deferred != NULL) {
		struct deferred *d = p->deferred;

		p->deferred = d->next;
		d->call(d->arg);
	}
	while ((c = p->chunks) != NULL) {
		p->chunks = c->next;
		/* One chunk serves most requests: keep it. */
		if (kept == NULL && c->size == CHUNK && CHUNK > 0)
			kept = c;
		else
			free(c);
	}
	if (kept != NULL)
		*kept = (struct chunk){ .size = CHUNK };
	p->chunks = kept;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	pool_reset(p);
	free(p->chunks);
	free(p);
}
