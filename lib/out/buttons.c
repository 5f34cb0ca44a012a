#include "out/buttons.h"

#include "base/json.h"
#include "base/out.h"
#include "base/text.h"

static const char *
label(struct pool *pool, const char *language, struct json_object *button)
{
	const char *s = NULL;

	if (json_text(button, "key", &s))
		s = text_plain(pool, language, s, json_get(button, "params"));
	else
		json_text(button, "text", &s);
	return s != NULL && *s != '\0' ? s : "·";
}

static void
put_button(struct out *out, struct pool *pool, const char *language,
    struct json_object *button)
{
	const char *s;
	bool yes;

	out_open(out, NULL, '{');
	out_text(out, "text", label(pool, language, button));
	if (json_text(button, "data", &s))
		out_text(out, "callback_data", s);
	if (json_text(button, "url", &s))
		out_text(out, "url", s);
	if (json_text(button, "app", &s)) {
		out_open(out, "web_app", '{');
		out_text(out, "url", s);
		out_close(out, '}');
	}
	if (json_bool(button, "contact", &yes))
		out_bool(out, "request_contact", yes);
	out_close(out, '}');
}

static void
put_rows(struct out *out, const char *name, struct pool *pool,
    const char *language, struct json_object *rows)
{
	out_open(out, name, '[');
	for (size_t i = 0; i < json_length(rows); i++) {
		struct json_object *row = json_at(rows, i);

		out_open(out, NULL, '[');
		for (size_t j = 0; j < json_length(row); j++)
			put_button(out, pool, language, json_at(row, j));
		out_close(out, ']');
	}
	out_close(out, ']');
}

const char *
buttons_markup(struct pool *pool, const char *language,
    struct json_object *buttons)
{
	struct out *out = out_new(pool);
	size_t n;

	if (buttons == NULL)
		return NULL;
	out_open(out, NULL, '{');
	if (json_type_of(buttons) == JSON_ARRAY) {
		put_rows(out, "inline_keyboard", pool, language, buttons);
	} else if (json_has(buttons, "ask")) {
		put_rows(out, "keyboard", pool, language,
		    json_get(buttons, "ask"));
		out_bool(out, "resize_keyboard", true);
		out_bool(out, "one_time_keyboard", true);
	} else {
		out_bool(out, "remove_keyboard", true);
	}
	out_close(out, '}');
	return out_body(out, &n);
}
