/*
 * text: the catalogues of the pages, for messages that programs send.
 *
 * static/i18n/<language>.json is one flat object: key -> text with {name}
 * placeholders.  A key that a language lacks is a failed test, not a
 * fall-back at run time.
 */
#ifndef TEXT_H
#define TEXT_H

struct json_object;
struct pool;

/* Read <directory>/{ru,uk,en}.json; exits with a sentence if that fails. */
void		 text_open(const char *directory);
/*
 * The text of a key in a language (unknown language: ru) with {name}
 * replaced by that member of params (object of texts and numbers; may be
 * NULL), each HTML-escaped for Telegram's parse_mode HTML.  A placeholder
 * without a param stays as it is; NULL if there is no such key.
 */
char		*text_render(struct pool *, const char *language,
		    const char *key, struct json_object *params);
/* The same without escaping, for what is no HTML: buttons, alerts. */
char		*text_plain(struct pool *, const char *language,
		    const char *key, struct json_object *params);

#endif
