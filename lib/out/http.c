#include "out/http.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

#include "base/log.h"
#include "base/pool.h"

enum {
	ANSWER_MAX = 1 << 20, /* bytes */
	CONNECT_SECONDS = 5,
	ALL_SECONDS = 20
};

static CURL *curl; /* keeps its connection */

void
http_open(void)
{
	if (curl != NULL)
		return;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (curl = curl_easy_init()) == NULL)
		log_die("The HTTP client cannot be started.");
}

void
http_close(void)
{
	curl_easy_cleanup(curl);
	curl = NULL;
	curl_global_cleanup();
}

/* The answer as it arrives, with room for a NUL behind it. */
struct body {
	struct pool *pool;
	char *data;
	size_t len, room;
};

static size_t
body_write(char *data, size_t size, size_t n, void *arg)
{
	struct body *b = arg;
	char *wider;

	n *= size;
	if (n > ANSWER_MAX - b->len)
		return 0; /* ends the transfer */
	if (b->len + n >= b->room) {
		b->room = 2 * (b->len + n) + 1024;
		wider = pool_alloc(b->pool, b->room);
		if (b->len > 0)
			memcpy(wider, b->data, b->len);
		b->data = wider;
	}
	memcpy(b->data + b->len, data, n);
	b->len += n;
	b->data[b->len] = '\0';
	return n;
}

static void
headers_free(void *headers)
{
	curl_slist_free_all(headers);
}

static struct curl_slist *
headers_new(struct pool *pool)
{
	struct curl_slist *list;

	list = curl_slist_append(NULL, "Content-Type: application/json");
	list = curl_slist_append(list, "Accept: application/json");
	list = curl_slist_append(list, "Expect:");
	pool_defer(pool, headers_free, list);
	return list;
}

struct http_answer
http_post_json(struct pool *pool, const char *url, const char *body)
{
	struct body answer = { .pool = pool };
	long status = 0;
	CURLcode rc;

	http_open();
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ALL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_new(pool));
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_write);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
	rc = curl_easy_perform(curl);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
	/* curl's own sentence: its longer one may quote the address. */
	if (rc == CURLE_WRITE_ERROR)
		return (struct http_answer){ .why = "The answer is too long",
			.body = "" };
	if (rc != CURLE_OK)
		return (struct http_answer){ .why = curl_easy_strerror(rc),
			.body = "" };
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return (struct http_answer){ .status = (int)status,
		.body = answer.len > 0 ? answer.data : "",
		.len = answer.len };
}
