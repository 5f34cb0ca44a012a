#include "base/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/pool.h"

static const char *const languages[] = { "ru", "uk", "en" };

enum { N_LANGUAGES = sizeof(languages) / sizeof(*languages) };

static struct json_object *catalogues[N_LANGUAGES];

static struct json_object *
catalogue_read(struct pool *pool, const char *path)
{
	struct json_object *texts;
	const char *why;
	char *text;
	long size;
	FILE *f;

	if ((f = fopen(path, "rb")) == NULL)
		log_die("The catalogue %s cannot be opened.", path);
	if (fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 ||
	    fseek(f, 0, SEEK_SET) != 0)
		log_die("The catalogue %s cannot be read.", path);
	text = pool_alloc(pool, (size_t)size + 1);
	if (fread(text, 1, (size_t)size, f) != (size_t)size)
		log_die("The catalogue %s cannot be read.", path);
	fclose(f);
	texts = json_parse(pool, text, (size_t)size, &why);
	if (texts == NULL)
		log_die("The catalogue %s is not JSON: %s", path, why);
	if (json_type_of(texts) != JSON_OBJECT)
		log_die("The catalogue %s is not an object.", path);
	return texts;
}

void
text_open(const char *directory)
{
	static struct pool *pool;

	if (pool == NULL)
		pool = pool_new();
	pool_reset(pool);
	for (size_t i = 0; i < N_LANGUAGES; i++)
		catalogues[i] = catalogue_read(pool,
		    pool_printf(pool, "%s/%s.json", directory, languages[i]));
}

static struct json_object *
catalogue_of(const char *language)
{
	for (size_t i = 0; i < N_LANGUAGES; i++)
		if (language != NULL && strcmp(languages[i], language) == 0)
			return catalogues[i];
	return catalogues[0];
}

/* A text being made: measured while to is NULL, written afterwards. */
struct sink {
	char *to;
	size_t n;
	bool plain;
};

static void
put(struct sink *out, const char *s, size_t n)
{
	if (out->to != NULL)
		memcpy(out->to + out->n, s, n);
	out->n += n;
}

static void
put_escaped(struct sink *out, const char *s)
{
	if (out->plain) {
		put(out, s, strlen(s));
		return;
	}
	for (; *s != '\0'; s++) {
		const char *as = *s == '&' ? "&amp;" :
		    *s == '<'              ? "&lt;" :
		    *s == '>'              ? "&gt;" :
		    *s == '"'              ? "&quot;" :
					     NULL;

		put(out, as != NULL ? as : s, as != NULL ? strlen(as) : 1);
	}
}

/* False if there is no such param; then the placeholder stays. */
static bool
put_param(struct sink *out, struct json_object *params, const char *name)
{
	const char *text;
	char number[32];
	double real;
	int64_t n;

	if (params == NULL)
		return false;
	if (json_text(params, name, &text)) {
		put_escaped(out, text);
		return true;
	}
	if (json_int(params, name, &n))
		snprintf(number, sizeof(number), "%" PRId64, n);
	else if (json_double(params, name, &real))
		snprintf(number, sizeof(number), "%g", real);
	else
		return false;
	put(out, number, strlen(number));
	return true;
}

static void
expand(struct sink *out, const char *text, struct json_object *params)
{
	char name[64];
	const char *end;
	size_t n;

	for (; *text != '\0'; text++) {
		n = *text == '{' && (end = strchr(text, '}')) != NULL ?
		    (size_t)(end - text) - 1 :
		    0;
		if (n > 0 && n < sizeof(name)) {
			memcpy(name, text + 1, n);
			name[n] = '\0';
			if (put_param(out, params, name)) {
				text += n + 1;
				continue;
			}
		}
		put(out, text, 1);
	}
}

static char *
render(struct pool *pool, const char *language, const char *key,
    struct json_object *params, bool plain)
{
	struct sink out = { NULL, 0, plain };
	const char *text;

	if (!json_text(catalogue_of(language), key, &text))
		return NULL;
	expand(&out, text, params);
	out = (struct sink){ pool_alloc(pool, out.n + 1), 0, plain };
	expand(&out, text, params);
	return out.to;
}

char *
text_render(struct pool *pool, const char *language, const char *key,
    struct json_object *params)
{
	return render(pool, language, key, params, false);
}

char *
text_plain(struct pool *pool, const char *language, const char *key,
    struct json_object *params)
{
	return render(pool, language, key, params, true);
}
