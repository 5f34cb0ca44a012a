#include "base/json.h"

/* The library has types of these names, and we functions. */
#define json_bool json_c_bool
#define json_type json_c_type
#include <json-c/json.h>
#undef json_bool
#undef json_type
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/json_check.h"
#include "base/pool.h"

enum { EXACT_BITS = 53 }; /* integers that every JSON reader keeps */

static void
put_object(void *object)
{
	json_object_put(object);
}

struct json_object *
json_parse(struct pool *p, const char *text, size_t n, const char **why)
{
	struct json_tokener *tokener;
	struct json_object *tree = NULL;
	const char *unheard;

	if (!json_check(p, text, n, why != NULL ? why : &unheard))
		return NULL;
	if ((tokener = json_tokener_new_ex(JSON_DEPTH + 2)) == NULL)
		return NULL;
	/* A number at the top ends only with the NUL. */
	tree = json_tokener_parse_ex(tokener, text, (int)n);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		tree = json_tokener_parse_ex(tokener, "", 1);
	if (json_tokener_get_error(tokener) != json_tokener_success &&
	    why != NULL)
		*why = json_tokener_error_desc(json_tokener_get_error(tokener));
	json_tokener_free(tokener);
	if (tree != NULL)
		pool_defer(p, put_object, tree);
	return tree;
}

bool
json_has(struct json_object *o, const char *name)
{
	return json_object_is_type(o, json_type_object) &&
	    json_object_object_get_ex(o, name, NULL);
}

struct json_object *
json_get(struct json_object *o, const char *name)
{
	struct json_object *member = NULL;

	if (json_object_is_type(o, json_type_object))
		json_object_object_get_ex(o, name, &member);
	return member;
}

enum json_type
json_type_of(struct json_object *o)
{
	switch (json_object_get_type(o)) {
	case json_type_null:
		return JSON_NULL;
	case json_type_boolean:
		return JSON_BOOL;
	case json_type_int:
		return JSON_INT;
	case json_type_double:
		return JSON_DOUBLE;
	case json_type_string:
		return JSON_TEXT;
	case json_type_array:
		return JSON_ARRAY;
	default:
		return JSON_OBJECT;
	}
}

enum json_type
json_type(struct json_object *o, const char *name)
{
	return json_has(o, name) ? json_type_of(json_get(o, name)) : JSON_NONE;
}

bool
json_as_text(struct json_object *o, const char **text)
{
	const char *s;

	if (!json_object_is_type(o, json_type_string))
		return false;
	s = json_object_get_string(o);
	if (strlen(s) != (size_t)json_object_get_string_len(o))
		return false;
	*text = s;
	return true;
}

/* The library turns what is too big into INT64_MAX or _MIN: refused too. */
bool
json_as_int(struct json_object *o, int64_t *v)
{
	const int64_t most = (INT64_C(1) << EXACT_BITS) - 1;
	int64_t i;

	if (!json_object_is_type(o, json_type_int))
		return false;
	i = json_object_get_int64(o);
	if (i < -most || i > most)
		return false;
	*v = i;
	return true;
}

bool
json_as_double(struct json_object *o, double *v)
{
	int64_t i;
	double d;

	if (json_as_int(o, &i)) {
		*v = (double)i;
		return true;
	}
	if (!json_object_is_type(o, json_type_double))
		return false;
	d = json_object_get_double(o);
	if (!isfinite(d))
		return false;
	*v = d;
	return true;
}

bool
json_truth(struct json_object *o)
{
	return json_object_is_type(o, json_type_boolean) &&
	    json_object_get_boolean(o);
}

bool
json_text(struct json_object *o, const char *name, const char **text)
{
	return json_as_text(json_get(o, name), text);
}

bool
json_int(struct json_object *o, const char *name, int64_t *v)
{
	return json_as_int(json_get(o, name), v);
}

bool
json_double(struct json_object *o, const char *name, double *v)
{
	return json_as_double(json_get(o, name), v);
}

bool
json_bool(struct json_object *o, const char *name, bool *v)
{
	if (json_type(o, name) != JSON_BOOL)
		return false;
	*v = json_truth(json_get(o, name));
	return true;
}

size_t
json_length(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ?
	    json_object_array_length(array) :
	    0;
}

struct json_object *
json_at(struct json_object *array, size_t i)
{
	return i < json_length(array) ? json_object_array_get_idx(array, i) :
					NULL;
}

void
json_each(struct json_object *o,
    bool (*call)(const char *, struct json_object *, void *), void *arg)
{
	struct json_object_iterator i, end;

	if (!json_object_is_type(o, json_type_object))
		return;
	end = json_object_iter_end(o);
	for (i = json_object_iter_begin(o); !json_object_iter_equal(&i, &end);
	     json_object_iter_next(&i))
		if (!call(json_object_iter_peek_name(&i),
			json_object_iter_peek_value(&i), arg))
			return;
}
