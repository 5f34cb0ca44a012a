#include "out/http.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

#include "base/log.h"
#include "base/pool.h"

enum {
	ANSWER_MAX = 1 << 20, /* bytes */
	CONNECT_SECONDS = 5,
	ALL_SECONDS = 20,
	ASK_SECONDS = 40
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

static void
post(CURL *to, struct pool *pool, const char *url, const char *json,
    long seconds, struct body *answer)
{
	curl_easy_reset(to);
	curl_easy_setopt(to, CURLOPT_URL, url);
	curl_easy_setopt(to, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(to, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(to, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(to, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(to, CURLOPT_HTTPHEADER, headers_new(pool));
	curl_easy_setopt(to, CURLOPT_COPYPOSTFIELDS, json);
	curl_easy_setopt(to, CURLOPT_WRITEFUNCTION, body_write);
	curl_easy_setopt(to, CURLOPT_WRITEDATA, answer);
}

static struct http_answer
answer_of(CURL *from, CURLcode rc, const struct body *b)
{
	long status = 0;

	curl_easy_setopt(from, CURLOPT_HTTPHEADER, NULL);
	/* curl's own sentence: its longer one may quote the address. */
	if (rc == CURLE_WRITE_ERROR)
		return (struct http_answer){ .why = "The answer is too long",
			.body = "" };
	if (rc != CURLE_OK)
		return (struct http_answer){ .why = curl_easy_strerror(rc),
			.body = "" };
	curl_easy_getinfo(from, CURLINFO_RESPONSE_CODE, &status);
	return (struct http_answer){ .status = (int)status,
		.body = b->len > 0 ? b->data : "",
		.len = b->len };
}

struct http_answer
http_post_json(struct pool *pool, const char *url, const char *body)
{
	struct body answer = { .pool = pool };

	http_open();
	post(curl, pool, url, body, ALL_SECONDS, &answer);
	return answer_of(curl, curl_easy_perform(curl), &answer);
}

/* The open question, with memory of its own. */
static struct {
	CURLM *multi;
	CURL *curl;
	struct pool *pool;
	struct body body;
	bool open;
} asked;

void
http_ask(const char *url, const char *body)
{
	http_open();
	if (asked.multi == NULL) {
		asked.multi = curl_multi_init();
		asked.curl = curl_easy_init();
		asked.pool = pool_new();
		if (asked.multi == NULL || asked.curl == NULL)
			log_die("The HTTP client cannot be started.");
	}
	pool_reset(asked.pool);
	asked.body = (struct body){ .pool = asked.pool };
	post(asked.curl, asked.pool, url, body, ASK_SECONDS, &asked.body);
	curl_multi_add_handle(asked.multi, asked.curl);
	asked.open = true;
}

bool
http_asking(void)
{
	return asked.open;
}

bool
http_waiting(struct pool *pool, struct http_answer *answer)
{
	const CURLMsg *m;
	int n;

	if (!asked.open)
		return false;
	curl_multi_perform(asked.multi, &n);
	m = curl_multi_info_read(asked.multi, &n);
	if (m == NULL || m->msg != CURLMSG_DONE)
		return false;
	*answer = answer_of(asked.curl, m->data.result, &asked.body);
	answer->body = pool_strndup(pool, answer->body, answer->len);
	curl_multi_remove_handle(asked.multi, asked.curl);
	asked.open = false;
	return true;
}

void
http_close(void)
{
	if (asked.multi != NULL) {
		if (asked.open)
			curl_multi_remove_handle(asked.multi, asked.curl);
		curl_easy_cleanup(asked.curl);
		curl_multi_cleanup(asked.multi);
		pool_free(asked.pool);
		asked.multi = NULL;
		asked.open = false;
	}
	curl_easy_cleanup(curl);
	curl = NULL;
	curl_global_cleanup();
}
