#include "out/telegram.h"

#include "base/conf.h"
#include "base/json.h"
#include "base/out.h"
#include "base/pool.h"
#include "out/http.h"

enum { RETRY_AFTER = 5 }; /* of a 429 that does not say */

static struct telegram_answer
later(const char *why, int64_t seconds)
{
	return (struct telegram_answer){ .result = TELEGRAM_LATER,
		.retry_after = seconds,
		.why = why };
}

/* Codes and parameters decide; descriptions are subject to change. */
static struct telegram_answer
answer_refusal(struct json_object *answer, int64_t code)
{
	struct json_object *more = json_get(answer, "parameters");
	struct telegram_answer a = { .result = TELEGRAM_REFUSED };
	int64_t seconds = 0;

	if (!json_text(answer, "description", &a.why))
		a.why = "Telegram gave no reason";
	if (more != NULL && json_type_of(more) == JSON_OBJECT) {
		json_int(more, "migrate_to_chat_id", &a.moved_to);
		json_int(more, "retry_after", &seconds);
	}
	if (a.moved_to != 0)
		a.result = TELEGRAM_MOVED;
	else if (code == 429)
		return later(a.why, seconds > 0 ? seconds : RETRY_AFTER);
	else if (code == 403)
		a.result = TELEGRAM_BLOCKED;
	/* A wrong token (401, 404) is put right by somebody. */
	else if (code != 400 && code != 413)
		return later(a.why, 0);
	return a;
}

static struct telegram_answer
answer_of(struct pool *pool, const struct http_answer *http)
{
	struct telegram_answer a = { .result = TELEGRAM_SENT };
	struct json_object *answer, *result;
	int64_t code = http->status;
	bool ok;

	if (http->status == 0)
		return later(http->why, 0);
	answer = json_parse(pool, http->body, http->len, NULL);
	if (answer == NULL || json_type_of(answer) != JSON_OBJECT ||
	    !json_bool(answer, "ok", &ok))
		return later(pool_printf(pool,
				 "HTTP %d, but no answer of the "
				 "Bot API",
				 http->status),
		    0);
	if (!ok) {
		json_int(answer, "error_code", &code);
		return answer_refusal(answer, code);
	}
	result = json_get(answer, "result");
	if (result != NULL && json_type_of(result) == JSON_OBJECT)
		json_int(result, "message_id", &a.message);
	return a;
}

static const char *
message(struct pool *pool, int64_t chat, const char *html)
{
	struct out *out = out_new(pool);
	size_t n;

	out_open(out, NULL, '{');
	out_int(out, "chat_id", chat);
	out_text(out, "text", html);
	out_text(out, "parse_mode", "HTML");
	out_open(out, "link_preview_options", '{');
	out_bool(out, "is_disabled", true);
	out_close(out, '}');
	out_close(out, '}');
	return out_body(out, &n);
}

struct telegram_answer
telegram_send(struct pool *pool, int64_t chat, const char *html)
{
	struct http_answer http;

	http = http_post_json(pool,
	    pool_printf(pool, "%s/bot%s/sendMessage", conf.TELEGRAM_API_URL,
		conf.BOT_TOKEN),
	    message(pool, chat, html));
	return answer_of(pool, &http);
}
