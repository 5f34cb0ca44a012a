#include "web/field.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "web/private.h"
#include "web/query.h"

const struct field by_id_in[] = {
	FIELD_ID(by_id, id),
	FIELD_END,
};

/* Where a field's value came from; neither is set if it is absent. */
struct value {
	const char *text; /* from the path or the query */
	struct json_object *json;
};

static const char *
path_of(const struct field *f)
{
	return f->path ? f->path : f->name;
}

static struct value
find_json(struct json_object *body, const char *path)
{
	const char *dot = strchr(path, '.');
	char outer[64];

	if (dot != NULL && (size_t)(dot - path) < sizeof(outer)) {
		memcpy(outer, path, (size_t)(dot - path));
		outer[dot - path] = '\0';
		if (json_type(body, outer) != JSON_OBJECT)
			return (struct value){ NULL, NULL };
		body = json_get(body, outer);
		path = dot + 1;
	}
	if (json_type(body, path) == JSON_NULL)
		return (struct value){ NULL, NULL };
	return (struct value){ NULL, json_get(body, path) };
}

/* The value that the path gives to a name, or NULL. */
static const char *
argument(const struct req *r, const char *name)
{
	const struct argument *arg = r->private->args;

	for (int i = 0; i < ARGS_MAX && arg[i].name != NULL; i++)
		if (strcmp(arg[i].name, name) == 0)
			return arg[i].value;
	return NULL;
}

/* Are fields that the path does not give in the query? */
static bool
by_query(const struct req *r)
{
	return r->route->method == GET || r->route->method == DELETE ||
	    r->route->takes != NULL;
}

static struct value
find(struct req *r, const struct field *f)
{
	const struct api_private *p = r->private;
	const char *s = argument(r, f->name);

	if (s != NULL)
		return (struct value){ s, NULL };
	if (by_query(r))
		return (struct value){ query_get(p->query, f->name), NULL };
	return find_json(p->json, path_of(f));
}

static bool
parse_int(const char *s, int64_t *i)
{
	char *end;

	if (*s == '\0' ||
	    strspn(s + (*s == '-'), "0123456789") != strlen(s) - (*s == '-') ||
	    *s == '+')
		return false;
	errno = 0;
	*i = strtoll(s, &end, 10);
	return errno == 0 && *end == '\0' && end != s;
}

static bool
set_int(struct req *r, const struct field *f, const struct value *v, void *to)
{
	int64_t i;

	if (!(v->text ? parse_int(v->text, &i) : json_as_int(v->json, &i)) ||
	    i < f->min || i > f->max) {
		fail_field(r, path_of(f),
		    "An integer from %" PRId64 " to %" PRId64 ".", f->min,
		    f->max);
		return false;
	}
	if (f->type == FIELD_I32)
		*(int32_t *)to = (int32_t)i;
	else
		*(int64_t *)to = i;
	return true;
}

static bool
set_bool(struct req *r, const struct field *f, const struct value *v, bool *to)
{
	if (v->text != NULL &&
	    (!strcmp(v->text, "true") || !strcmp(v->text, "false")))
		*to = *v->text == 't';
	else if (v->json != NULL && json_type_of(v->json) == JSON_BOOL)
		*to = json_truth(v->json);
	else {
		fail_field(r, path_of(f), "true or false.");
		return false;
	}
	return true;
}

/* Written so that NaN and infinity, if they ever came, are outside. */
static bool
set_double(struct req *r, const struct field *f, const struct value *v,
    double *to)
{
	double d;

	if (v->json != NULL && json_as_double(v->json, &d) &&
	    d >= (double)f->min && d <= (double)f->max) {
		*to = d;
		return true;
	}
	fail_field(r, path_of(f), "A number from %" PRId64 " to %" PRId64 ".",
	    f->min, f->max);
	return false;
}

/* A text without the blanks around it. */
static const char *
trim(struct req *r, const char *s)
{
	size_t n;

	s += strspn(s, " \t\r\n");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		n--;
	return pool_strndup(r->pool, s, n);
}

static bool
is_one_of(const char *s, const char *list)
{
	size_t n = strlen(s);

	for (const char *p = list; p != NULL; p = strchr(p, '|')) {
		p += *p == '|';
		if (strcspn(p, "|") == n && strncmp(p, s, n) == 0)
			return true;
	}
	return false;
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\n') || *s == 0x7f)
			return true;
	return false;
}

/* What is() wants, if the field does not say. */
static const char *
wanted(const struct field *f)
{
	return f->what != NULL ? f->what :
	    f->is == is_date   ? "A date." :
	    f->is == is_line   ? "One line." :
				 "This is not in the right form.";
}

/* A sentence about what is wrong with a text, or NULL. */
static const char *
wrong_text(struct req *r, const struct field *f, const char *s)
{
	size_t n;

	if (!utf8_valid(s, strlen(s)) || has_control(s))
		return "No control characters, please.";
	if (f->in != NULL && !is_one_of(s, f->in))
		return pool_printf(r->pool, "One of: %s.", f->in);
	n = utf8_length(s);
	if (f->max > 0 && ((int64_t)n < f->min || (int64_t)n > f->max))
		return pool_printf(r->pool,
		    "%" PRId64 " to %" PRId64 " characters.", f->min, f->max);
	if (f->is != NULL && !f->is(s))
		return wanted(f);
	return NULL;
}

static bool
set_text(struct req *r, const struct field *f, const struct value *v,
    const char **to)
{
	const char *s = v->text, *wrong;

	if (s == NULL && !json_as_text(v->json, &s)) {
		fail_field(r, path_of(f), "A text.");
		return false;
	}
	if (!f->raw)
		s = trim(r, s);
	if (*s == '\0' && f->optional)
		return true;
	wrong = wrong_text(r, f, s);
	if (wrong != NULL) {
		fail_field(r, path_of(f), "%s", wrong);
		return false;
	}
	*to = s;
	return true;
}

static size_t
most(const struct field *f)
{
	return f->most > 0 ? (size_t)f->most : FIELD_LIST_MAX;
}

/* False if it is no list, or too long. */
static bool
list_length(struct req *r, const struct field *f, const struct value *v,
    size_t *n)
{
	if (v->json != NULL && json_type_of(v->json) == JSON_ARRAY &&
	    (*n = json_length(v->json)) <= most(f))
		return true;
	fail_field(r, path_of(f), "A list of at most %zu.", most(f));
	return false;
}

static bool
set_list(struct req *r, const struct field *f, const struct value *v, void *to)
{
	int64_t *ints = pool_alloc(r->pool, sizeof(*ints) * (most(f) + 1));
	const char **texts = pool_alloc(r->pool,
	    sizeof(*texts) * (most(f) + 1));
	struct field item = *f;
	size_t n;

	if (!list_length(r, f, v, &n))
		return false;
	item.type = FIELD_I64;
	item.optional = false; /* no gaps in a list */
	for (size_t i = 0; i < n; i++) {
		struct value one = { NULL, json_at(v->json, i) };

		if (f->type == FIELD_INTS ?
			!set_int(r, &item, &one, &ints[i]) :
			!set_text(r, &item, &one, &texts[i]))
			return false;
	}
	if (f->type == FIELD_INTS)
		*(struct ints *)to = (struct ints){ n, ints };
	else
		*(struct texts *)to = (struct texts){ n, texts };
	return true;
}

static void
set(struct req *r, const struct field *f, const struct value *v, void *to)
{
	switch (f->type) {
	case FIELD_BOOL:
		set_bool(r, f, v, to);
		break;
	case FIELD_I32:
	case FIELD_I64:
		set_int(r, f, v, to);
		break;
	case FIELD_DOUBLE:
		set_double(r, f, v, to);
		break;
	case FIELD_TEXT:
		set_text(r, f, v, to);
		break;
	case FIELD_INTS:
	case FIELD_TEXTS:
		set_list(r, f, v, to);
		break;
	case FIELD_ITEMS:
		break; /* see field_bind() */
	}
}

static void
set_default(const struct field *f, void *to)
{
	switch (f->type) {
	case FIELD_BOOL:
		*(bool *)to = f->def != 0;
		break;
	case FIELD_I32:
		*(int32_t *)to = (int32_t)f->def;
		break;
	case FIELD_I64:
		*(int64_t *)to = f->def;
		break;
	case FIELD_DOUBLE:
		*(double *)to = FIELD_NO_NUMBER;
		break;
	case FIELD_TEXT:
		*(const char **)to = f->def_text;
		break;
	case FIELD_INTS:
	case FIELD_TEXTS:
	case FIELD_ITEMS:
		break;
	}
}

/* The members of one item; what is wrong is told as "taps.3.uid". */

struct item {
	struct req *r;
	const struct field *list;
	size_t i;
};

static const char *
item_path(const struct item *item, const char *name, char path[96])
{
	snprintf(path, 96, "%s.%zu%s%.40s", path_of(item->list), item->i,
	    name ? "." : "", name ? name : "");
	return path;
}

static bool
find_unknown_of(const char *name, struct json_object *v, void *arg)
{
	const struct item *item = arg;
	char path[96];

	(void)v;
	for (const struct field *f = item->list->of; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return true;
	fail_field(item->r, item_path(item, name, path),
	    "There is no such member.");
	return true;
}

static void
set_item(struct item *item, struct json_object *v, char *to)
{
	struct req *r = item->r;
	char path[96];

	if (json_type_of(v) != JSON_OBJECT) {
		fail_field(r, item_path(item, NULL, path), "An object.");
		return;
	}
	for (const struct field *f = item->list->of; f->name != NULL; f++) {
		struct value one = find_json(v, f->name);
		struct field named = *f;

		named.path = item_path(item, f->name, path);
		set_default(f, to + f->offset);
		if (one.json != NULL)
			set(r, &named, &one, to + f->offset);
		else if (!f->optional)
			fail_field(r, path, "This is required.");
	}
	json_each(v, find_unknown_of, item);
}

static void
set_items(struct req *r, const struct field *f, const struct value *v,
    struct items *to)
{
	struct item item = { r, f, 0 };
	size_t n;
	char *all;

	if (!list_length(r, f, v, &n))
		return;
	all = pool_alloc(r->pool, n * f->of_size + 1);
	for (; item.i < n; item.i++)
		set_item(&item, json_at(v->json, item.i),
		    all + item.i * f->of_size);
	*to = (struct items){ n, all };
}

/* Members that no field wants. */

struct unknown {
	struct req *r;
	const struct field *fields;
	const char *outer; /* of a nested object, or NULL */
};

static bool
find_unknown(const char *name, struct json_object *v, void *arg)
{
	struct unknown *u = arg;
	const char *path = u->outer == NULL ?
	    name :
	    pool_printf(u->r->pool, "%s.%s", u->outer, name);
	size_t n = strlen(path);

	for (const struct field *f = u->fields; f && f->name != NULL; f++) {
		if (strcmp(path_of(f), path) == 0 &&
		    strchr(name, '.') == NULL &&
		    argument(u->r, f->name) == NULL)
			return true;
		if (u->outer == NULL && strncmp(path_of(f), path, n) == 0 &&
		    path_of(f)[n] == '.' &&
		    (v == NULL || json_type_of(v) == JSON_OBJECT)) {
			struct unknown inner = { u->r, u->fields, path };

			json_each(v, find_unknown, &inner);
			return true;
		}
	}
	fail_field(u->r, path, "There is no such member.");
	return true;
}

static void
refuse_unknown_query(struct req *r, const struct field *fields)
{
	const struct query_pair *q = r->private->query;

	for (; q != NULL && q->name != NULL; q++) {
		const struct field *f = fields;

		while (f && f->name != NULL && strcmp(f->name, q->name) != 0)
			f++;
		if (!by_query(r) || f == NULL || f->name == NULL ||
		    argument(r, f->name) != NULL)
			fail_field(r, q->name, "There is no such parameter.");
	}
}

enum fault
field_bind(struct req *r, const struct field *fields, void *in)
{
	struct api_private *p = r->private;
	struct unknown u = { r, fields, NULL };

	for (const struct field *f = fields; f && f->name != NULL; f++) {
		void *to = (char *)in + f->offset;
		struct value v = find(r, f);

		set_default(f, to);
		if (v.json != NULL && f->type == FIELD_ITEMS)
			set_items(r, f, &v, to);
		else if (v.text != NULL || v.json != NULL)
			set(r, f, &v, to);
		else if (!f->optional)
			fail_field(r, path_of(f), "This is required.");
	}
	if (p->json != NULL)
		json_each(p->json, find_unknown, &u);
	refuse_unknown_query(r, fields);
	return p->n_errors > 0 ? FAULT_BAD_FIELD : OK;
}

enum fault
check_dates(struct req *r, const char *name, const char *from, const char *to)
{
	if (from != NULL && to != NULL && strcmp(from, to) > 0)
		return fail_field(r, name, "Not before the first day.");
	return OK;
}

const char *
ints_array(struct pool *p, struct ints list)
{
	struct out *o = out_new(p);
	size_t n;

	out_put(o, "{", 1);
	for (size_t i = 0; i < list.n; i++)
		out_printf(o, "%s%" PRId64, i > 0 ? "," : "", list.v[i]);
	out_put(o, "}", 1);
	return out_body(o, &n);
}
