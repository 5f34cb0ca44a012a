/*
 * http: the HTTP client (the only <curl/curl.h>).
 *
 * Certificates are verified, redirects are not followed, an answer is at
 * most 1 MiB, connect 5 s, in all 20 s.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

struct http_answer {
	int		 status;	/* 0: no answer */
	const char	*why;		/* if status is 0, a sentence */
	const char	*body;		/* NUL-terminated */
	size_t		 len;
};

void		 http_open(void);
void		 http_close(void);
/* One request, and its answer. */
struct http_answer http_post_json(struct pool *, const char *url,
		    const char *body);

/*
 * One question may be open in the background, for at most 40 s; it goes on
 * while http_waiting() is called now and then, which is true when the answer
 * is there.  http_asking() is true until it was taken.
 */
void		 http_ask(const char *url, const char *body);
bool		 http_asking(void);
bool		 http_waiting(struct pool *, struct http_answer *);

#endif
