/*
 * body: a JSON body bound to fields of every type.  What is bound keeps the
 * bounds of its field; what is not has at least one field named.
 */
#include "fuzz.h"

#include "base/json.h"
#include "base/utf8.h"
#include "web/private.h"

struct thing {
	int64_t id;
	int32_t minutes;
	bool active;
	double latitude, longitude;
	const char *name, *kind, *since;
	struct ints branches;
	struct texts networks;
};

static const struct field thing_in[] = {
	FIELD_ID(thing, id),
	FIELD(thing, minutes, .min = 60, .max = 10080, .def = 2400,
	    .optional = true),
	FIELD(thing, active, .def = true, .optional = true),
	FIELD(thing, latitude, .path = "location.latitude", .min = -90,
	    .max = 90, .optional = true),
	FIELD(thing, longitude, .path = "location.longitude", .min = -180,
	    .max = 180, .optional = true),
	FIELD(thing, name, .min = 1, .max = 10),
	FIELD(thing, kind, .in = "in|out", .optional = true),
	FIELD(thing, since, .is = is_date, .optional = true),
	FIELD(thing, branches, .min = 1, .max = 9, .optional = true),
	FIELD(thing, networks, .is = is_cidr, .optional = true),
	FIELD_END,
};

static void
text_is_good(const char *s, size_t min, size_t max)
{
	must(s != NULL && utf8_valid(s, strlen(s)));
	must(utf8_length(s) >= min && utf8_length(s) <= max);
	for (; *s != '\0'; s++)
		must((unsigned char)*s >= 0x20 || *s == '\n');
}

static void
is_good(const struct thing *t)
{
	must(t->id >= 1 && t->id <= FIELD_ID_MAX);
	must(t->minutes >= 60 && t->minutes <= 10080);
	must(!(t->latitude < -90 || t->latitude > 90));
	must(!(t->longitude < -180 || t->longitude > 180));
	text_is_good(t->name, 1, 10);
	must(t->kind == NULL || strcmp(t->kind, "in") == 0 ||
	    strcmp(t->kind, "out") == 0);
	must(t->since == NULL || is_date(t->since));
	for (size_t i = 0; i < t->branches.n; i++)
		must(t->branches.v[i] >= 1 && t->branches.v[i] <= 9);
	for (size_t i = 0; i < t->networks.n; i++)
		must(is_cidr(t->networks.v[i]));
}

static bool
is_a_field(const char *name, struct json_object *value, void *arg)
{
	(void)value;
	for (const struct field *f = thing_in; f->name != NULL; f++)
		if (f->path == NULL ? strcmp(f->name, name) == 0 :
				      strcmp("location", name) == 0)
			return true;
	*(bool *)arg = false;
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();
	struct route route = { .method = POST, .in = thing_in };
	struct api_private private = { .path = "/things" };
	struct req r = { .pool = p, .route = &route, .private = &private };
	char *body = pool_strndup(p, (const char *)data, n);
	struct thing thing = { .id = 0 };
	bool known = true;

	private.json = json_parse(p, body, strlen(body), NULL);
	if (json_type_of(private.json) == JSON_OBJECT) {
		enum fault f = field_bind(&r, thing_in, &thing);

		must((f == OK) == (private.n_errors == 0));
		must(private.n_errors <= ERRORS_MAX);
		for (size_t i = 0; i < private.n_errors; i++)
			must(*private.errors[i].detail != '\0');
		json_each(private.json, is_a_field, &known);
		must(known || f == FAULT_BAD_FIELD);
		if (f == OK)
			is_good(&thing);
	}
	pool_free(p);
	return 0;
}
