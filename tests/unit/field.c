/*
 * field: what is bound, and what is said of what is not.
 */
#include "base/json.h"
#include "web/private.h"
#include "web/query.h"

#include "pooled.h" /* last: it has a fail() of its own */

struct thing {
	int64_t id, after;
	int32_t limit;
	bool active;
	double latitude;
	const char *name, *kind, *note;
	struct ints branches;
	struct texts networks;
};

static const struct field fields[] = {
	FIELD_ID(thing, id),
	FIELD_ID(thing, after, .def = -7, .optional = true),
	FIELD(thing, limit, .min = 1, .max = 200, .def = 50, .optional = true),
	FIELD(thing, active, .def = true, .optional = true),
	FIELD(thing, latitude, .path = "place.latitude", .min = -90, .max = 90,
	    .optional = true),
	FIELD(thing, name, .min = 2, .max = 5, .def_text = "none",
	    .optional = true),
	FIELD(thing, kind, .in = "in|out", .optional = true),
	FIELD(thing, note, .raw = true, .optional = true),
	FIELD(thing, branches, .min = 1, .max = 9, .optional = true),
	FIELD(thing, networks, .is = is_cidr, .what = "A network.",
	    .optional = true),
	FIELD_END,
};

static struct api_private private;
static struct route route;
static struct req r;
static struct thing thing;

static void
begin(enum method method)
{
	private = (struct api_private){ .path = "/things" };
	route = (struct route){ .method = method, .in = fields };
	r = (struct req){ .pool = pool, .route = &route, .private = &private };
	thing = (struct thing){ .id = 0 };
}

/* "field: what is wrong" of each, or "" if all was bound. */
static const char *
bind(void)
{
	char *text = pool_strdup(pool, "");
	enum fault f = field_bind(&r, fields, &thing);

	assert_int_equal(f, private.n_errors ? FAULT_BAD_FIELD : OK);
	for (size_t i = 0; i < private.n_errors; i++)
		text = pool_printf(pool, "%s%s%s: %s", text, i ? " " : "",
		    private.errors[i].field, private.errors[i].detail);
	return text;
}

static const char *
body(const char *json)
{
	begin(POST);
	private.json = json_parse(pool, json, strlen(json), NULL);
	assert_non_null(private.json);
	return bind();
}

static const char *
query(const char *text)
{
	begin(GET);
	private.query = query_parse(pool, text);
	assert_non_null(private.query);
	return bind();
}

static void
a_body_is_bound(void **state)
{
	(void)state;
	assert_string_equal(
	    body(
		"{\"id\":9007199254740991,\"after\":1,"
		"\"limit\":200,\"active\":false,\"place\":{\"latitude\":-90.0},"
		"\"name\":\" \\tАнна\\n\",\"kind\":\"out\",\"note\":\" x \","
		"\"branches\":[1,9,1],\"networks\":[\"10.0.0.0/8\",\"::1\"]}"),
	    "");
	assert_int_equal(thing.id, FIELD_ID_MAX);
	assert_int_equal(thing.after, 1);
	assert_int_equal(thing.limit, 200);
	assert_false(thing.active);
	assert_true(thing.latitude == -90);
	assert_string_equal(thing.name, "Анна");
	assert_string_equal(thing.kind, "out");
	assert_string_equal(thing.note, " x ");
	assert_int_equal(thing.branches.n, 3);
	assert_int_equal(thing.branches.v[1], 9);
	assert_int_equal(thing.networks.n, 2);
	assert_string_equal(thing.networks.v[1], "::1");
}

static void
what_is_absent_keeps_its_default(void **state)
{
	static const char *const absent[] = { "{\"id\":1}",
		"{\"id\":1,\"after\":null,\"limit\":null,\"active\":null,"
		"\"place\":null,\"name\":null,\"kind\":null,\"branches\":null}",
		"{\"id\":1,\"place\":{},\"name\":\"\",\"kind\":\" \"}",
		"{\"id\":1,\"place\":{\"latitude\":null},\"name\":\"  \\n\"}" };

	(void)state;
	for (size_t i = 0; i < LENGTH(absent); i++) {
		assert_string_equal(body(absent[i]), "");
		assert_int_equal(thing.after, -7);
		assert_int_equal(thing.limit, 50);
		assert_true(thing.active);
		assert_true(isnan(thing.latitude));
		assert_string_equal(thing.name, "none");
		assert_null(thing.kind);
		assert_null(thing.note);
		assert_int_equal(thing.branches.n, 0);
		assert_int_equal(thing.networks.n, 0);
	}
}

/* A body, and what is said of it; all have a good id unless they say so. */
static const struct {
	const char *body, *said;
} wrong[] = {
	{ "{}", "id: This is required." },
	{ "{\"id\":null}", "id: This is required." },
	{ "{\"id\":0}", "id: An integer from 1 to 9007199254740991." },
	{ "{\"id\":9007199254740992}",
	    "id: An integer from 1 to 9007199254740991." },
	{ "{\"id\":\"1\"}", "id: An integer from 1 to 9007199254740991." },
	{ "{\"id\":1.0}", "id: An integer from 1 to 9007199254740991." },
	{ "{\"id\":true}", "id: An integer from 1 to 9007199254740991." },
	{ "{\"id\":1,\"limit\":201}", "limit: An integer from 1 to 200." },
	{ "{\"id\":1,\"limit\":4294967297}",
	    "limit: An integer from 1 to 200." },
	{ "{\"id\":1,\"active\":1}", "active: true or false." },
	{ "{\"id\":1,\"active\":\"true\"}", "active: true or false." },
	{ "{\"id\":1,\"place\":{\"latitude\":90.1}}",
	    "place.latitude: A number from -90 to 90." },
	{ "{\"id\":1,\"place\":{\"latitude\":1e999}}",
	    "place.latitude: A number from -90 to 90." },
	{ "{\"id\":1,\"place\":{\"latitude\":\"1\"}}",
	    "place.latitude: A number from -90 to 90." },
	{ "{\"id\":1,\"place\":5}", "place: There is no such member." },
	{ "{\"id\":1,\"place\":[]}", "place: There is no such member." },
	{ "{\"id\":1,\"place\":{\"height\":1}}",
	    "place.height: There is no such member." },
	{ "{\"id\":1,\"place.latitude\":1}",
	    "place.latitude: There is no such member." },
	{ "{\"id\":1,\"name\":\"x\"}", "name: 2 to 5 characters." },
	{ "{\"id\":1,\"name\":\"Анна К\"}", "name: 2 to 5 characters." },
	{ "{\"id\":1,\"name\":5}", "name: A text." },
	{ "{\"id\":1,\"name\":\"a\\u0000b\"}", "name: A text." },
	{ "{\"id\":1,\"name\":\"a\\u0007b\"}",
	    "name: No control characters, please." },
	{ "{\"id\":1,\"name\":\"a\x7f"
	  "b\"}",
	    "name: No control characters, please." },
	{ "{\"id\":1,\"kind\":\"i\"}", "kind: One of: in|out." },
	{ "{\"id\":1,\"kind\":\"in|out\"}", "kind: One of: in|out." },
	{ "{\"id\":1,\"branches\":1}", "branches: A list of at most 200." },
	{ "{\"id\":1,\"branches\":{}}", "branches: A list of at most 200." },
	{ "{\"id\":1,\"branches\":[1,10]}",
	    "branches: An integer from 1 to 9." },
	{ "{\"id\":1,\"branches\":[null]}",
	    "branches: An integer from 1 to 9." },
	{ "{\"id\":1,\"networks\":[\"10.0.0.1/8\"]}", "networks: A network." },
	{ "{\"id\":1,\"networks\":[\"\"]}", "networks: A network." },
	{ "{\"id\":1,\"networks\":[1]}", "networks: A text." },
	{ "{\"id\":1,\"colour\":1}", "colour: There is no such member." },
	{ "{\"id\":1,\"ID\":1}", "ID: There is no such member." },
	{ "{\"id\":0,\"kind\":1,\"x\":1}",
	    "id: An integer from 1 to 9007199254740991. kind: A text. "
	    "x: There is no such member." },
};

static void
what_is_wrong_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_string_equal(body(wrong[i].body), wrong[i].said);
}

static void
a_list_has_an_end(void **state)
{
	char *list = pool_strdup(pool, "{\"id\":1,\"branches\":[1");

	(void)state;
	for (int i = 1; i < 200; i++)
		list = pool_printf(pool, "%s,1", list);
	assert_string_equal(body(pool_printf(pool, "%s]}", list)), "");
	assert_int_equal(thing.branches.n, 200);
	assert_string_equal(body(pool_printf(pool, "%s,1]}", list)),
	    "branches: A list of at most 200.");
}

static void
only_so_many_errors_are_told(void **state)
{
	char *many = pool_strdup(pool, "{\"id\":1");

	(void)state;
	for (int i = 0; i < 100; i++)
		many = pool_printf(pool, "%s,\"x%d\":1", many, i);
	body(pool_printf(pool, "%s}", many));
	assert_int_equal(private.n_errors, ERRORS_MAX);
}

static void
a_query_is_bound(void **state)
{
	(void)state;
	assert_string_equal(query("id=7&limit=200&active=false&name=+Anna+"),
	    "");
	assert_int_equal(thing.id, 7);
	assert_int_equal(thing.limit, 200);
	assert_false(thing.active);
	assert_string_equal(thing.name, "Anna");
	assert_string_equal(query("id=7&colour=red"),
	    "colour: There is no such parameter.");
	assert_string_equal(query("id=7&active=1"), "active: true or false.");
	assert_string_equal(query(""), "id: This is required.");
}

static void
a_number_of_a_query_is_digits(void **state)
{
	static const char *const bad[] = { "", "x", "%2b5", "+5", "5+", "5x",
		"0x5", "1e1", "--5", "-", "5-", "1.5", "99999999999999999999",
		"-99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_string_equal(query(pool_printf(pool, "id=1&limit=%s",
					bad[i])),
		    "limit: An integer from 1 to 200.");
}

static void
the_path_comes_first(void **state)
{
	static const char json[] = "{\"name\":\"Anna\"}";

	(void)state;
	begin(PUT);
	private.args[0] = (struct argument){ "id", "12" };
	private.json = json_parse(pool, json, sizeof(json) - 1, NULL);
	assert_string_equal(bind(), "");
	assert_int_equal(thing.id, 12);
	assert_string_equal(thing.name, "Anna");

	begin(DELETE);
	private.args[0] = (struct argument){ "id", "0" };
	assert_string_equal(bind(),
	    "id: An integer from 1 to 9007199254740991.");
}

static void
no_fields_take_nothing(void **state)
{
	(void)state;
	begin(POST);
	assert_int_equal(field_bind(&r, NULL, &thing), OK);
	private.json = json_parse(pool, "{\"x\":1}", 7, NULL);
	assert_int_equal(field_bind(&r, NULL, &thing), FAULT_BAD_FIELD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_is_bound),
		cmocka_unit_test(what_is_absent_keeps_its_default),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(a_list_has_an_end),
		cmocka_unit_test(only_so_many_errors_are_told),
		cmocka_unit_test(a_query_is_bound),
		cmocka_unit_test(a_number_of_a_query_is_digits),
		cmocka_unit_test(the_path_comes_first),
		cmocka_unit_test(no_fields_take_nothing),
	};

	return cmocka_run_group_tests_name("field", tests, make_pool,
	    free_pool);
}
