#include "out/telegram.h"

#include <string.h>

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

struct telegram_answer
telegram_answer(struct pool *pool, const struct http_answer *http,
    struct json_object **result)
{
	struct telegram_answer a = { .result = TELEGRAM_SENT };
	struct json_object *answer, *unused;
	int64_t code = http->status;
	bool ok;

	if (result == NULL)
		result = &unused;
	*result = NULL;
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
	*result = json_get(answer, "result");
	if (*result != NULL && json_type_of(*result) == JSON_OBJECT)
		json_int(*result, "message_id", &a.message);
	return a;
}

struct telegram_answer
telegram_call(struct pool *pool, const char *method, const char *body,
    struct json_object **result)
{
	struct http_answer http = http_post_json(pool,
	    telegram_url(pool, method), body);

	return telegram_answer(pool, &http, result);
}

const char *
telegram_url(struct pool *pool, const char *method)
{
	return pool_printf(pool, "%s/bot%s/%s", conf.TELEGRAM_API_URL,
	    conf.BOT_TOKEN, method);
}

/* What both kinds of messages have. */
static const char *
message(struct out *out, const char *html, const char *markup)
{
	size_t n;

	out_text(out, "text", html);
	out_text(out, "parse_mode", "HTML");
	out_open(out, "link_preview_options", '{');
	out_bool(out, "is_disabled", true);
	out_close(out, '}');
	if (markup != NULL)
		out_raw(out, "reply_markup", markup);
	out_close(out, '}');
	return out_body(out, &n);
}

struct telegram_answer
telegram_send(struct pool *pool, int64_t chat, const char *html,
    const char *markup)
{
	struct out *out = out_new(pool);

	out_open(out, NULL, '{');
	out_int(out, "chat_id", chat);
	return telegram_call(pool, "sendMessage", message(out, html, markup),
	    NULL);
}

struct telegram_answer
telegram_edit(struct pool *pool, int64_t chat, int64_t id, const char *html,
    const char *markup)
{
	struct out *out = out_new(pool);
	struct telegram_answer a;

	out_open(out, NULL, '{');
	out_int(out, "chat_id", chat);
	out_int(out, "message_id", id);
	a = telegram_call(pool, "editMessageText", message(out, html, markup),
	    NULL);
	/* There is no code for it. */
	if (a.result == TELEGRAM_REFUSED &&
	    strstr(a.why, "message is not modified") != NULL)
		a.result = TELEGRAM_SENT;
	a.message = id;
	return a;
}

struct telegram_answer
telegram_pressed(struct pool *pool, const char *callback, const char *text)
{
	struct out *out = out_new(pool);
	size_t n;

	out_open(out, NULL, '{');
	out_text(out, "callback_query_id", callback);
	if (text != NULL) {
		out_text(out, "text", text);
		out_bool(out, "show_alert", true);
	}
	out_close(out, '}');
	return telegram_call(pool, "answerCallbackQuery", out_body(out, &n),
	    NULL);
}
