/*
 * bot: whatever an update, a message or a press holds, no crash; and what
 * was understood means the same when it is said again.
 */
#include "fuzz.h"

#include "base/json.h"
#include "base/utf8.h"
#include "bot/parse.h"

static void
press(struct pool *p, const char *s)
{
	struct press one, two;
	int64_t id, n;
	int minutes;

	if (parse_id(s, &id))
		must(id >= 0);
	if (parse_pair(s, &id, &n))
		must(id >= 0 && n >= 0);
	if (parse_clock(s, &minutes))
		must(minutes >= 0 && minutes < 24 * 60);
	if (!parse_press(s, &one))
		return;
	must(one.id > 0 && one.branch >= 0 && one.position >= 0 &&
	    one.page >= 0);
	must(parse_press(pool_printf(p, "r:%lld:%c:%lld:%lld:%lld",
			     (long long)one.id, one.verb, (long long)one.branch,
			     (long long)one.position, (long long)one.page),
	    &two));
	must(one.id == two.id && one.verb == two.verb &&
	    one.branch == two.branch && one.position == two.position &&
	    one.page == two.page);
}

static void
words(struct pool *p, const char *s)
{
	struct parsed_name name, again;
	const char *command;
	bool another;

	must(strlen(parse_phone(p, s)) <= strlen(s));
	if ((command = parse_command(p, s, "our_bot", &another)) != NULL)
		must(strpbrk(command, " @\n") == NULL);
	if (!utf8_valid(s, strlen(s)))
		return;
	must(parse_units(s) <= strlen(s) && parse_units(s) >= utf8_length(s));
	if (!parse_name(p, s, &name))
		return;
	must(*name.last != '\0' && *name.first != '\0');
	must(parse_name(p,
	    pool_printf(p, "%s %s %s", name.last, name.first, name.middle),
	    &again));
	must(strcmp(name.last, again.last) == 0 &&
	    strcmp(name.first, again.first) == 0 &&
	    strcmp(name.middle, again.middle) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();
	const char *s = pool_strndup(p, (const char *)data, n), *kept;

	press(p, s);
	words(p, s);
	kept = parse_update(p, (const char *)data, n);
	if (kept != NULL) {
		must(strlen(kept) == n);
		must(json_type_of(json_parse(p, kept, n, NULL)) == JSON_OBJECT);
	}
	pool_free(p);
	return 0;
}
