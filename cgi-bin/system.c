/*
 * system: about this installation; settings, audit log, keys, messages.
 */
#include "system.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "setting.sql.h"
#include "system.sql.h"
#include "trust/crypto.h"
#include "trust/keyring.h"
#include "work/setting.h"

/* GET /system/about: what a page shows before anybody has signed in. */

static enum fault
about(struct req *r, const void *arg)
{
	(void)arg;
	out_open(r->out, NULL, '{');
	out_text(r->out, "organisation",
	    setting_text(r->db, SETTING_organisation));
	out_text(r->out, "bot_username", conf.BOT_USERNAME);
	out_text(r->out, "app_name", conf.APP_NAME);
	out_text(r->out, "version", VERSION_TEXT);
	out_bool(r->out, "registration_open",
	    setting_bool(r->db, SETTING_registration_open));
	out_text(r->out, "language", setting_text(r->db, SETTING_language));
	out_close(r->out, '}');
	return OK;
}

/* GET /settings */

struct setting_list {
	const char *after;
	int32_t limit;
};

static const struct field setting_list_in[] = {
	FIELD(setting_list, after, .min = 1, .max = 64, .optional = true),
	FIELD(setting_list, limit, .min = 1, .max = 200, .def = 50,
	    .optional = true),
	FIELD_END,
};

static void
put_choices(struct out *o, const char *choices)
{
	if (choices == NULL) {
		out_raw(o, "choices", "null");
		return;
	}
	out_open(o, "choices", '[');
	for (size_t n; *choices != '\0'; choices += n + (choices[n] == '|')) {
		char choice[32];

		n = strcspn(choices, "|");
		snprintf(choice, sizeof(choice), "%.*s", (int)n, choices);
		out_text(o, NULL, choice);
	}
	out_close(o, ']');
}

/* Of what everybody sees, be it kept or the default. */
static const char *
version_of(struct req *r, enum setting which)
{
	const char *text = setting_text(r->db, which);
	uint8_t digest[MAC_SIZE];

	crypto_sha256(text, strlen(text), digest);
	return hex(r->pool, digest, 16);
}

static void
put_setting(struct req *r, enum setting which)
{
	const struct setting_info *s = &setting_info[which];

	out_open(r->out, NULL, '{');
	out_text(r->out, "name", s->name);
	out_text(r->out, "type", s->type);
	out_text(r->out, "value", setting_text(r->db, which));
	out_text(r->out, "default", s->def);
	if (s->most > 0) {
		out_int(r->out, "minimum", s->least);
		out_int(r->out, "maximum", s->most);
	} else {
		out_raw(r->out, "minimum", "null");
		out_raw(r->out, "maximum", "null");
	}
	put_choices(r->out, s->choices);
	out_text(r->out, "sentence", s->sentence);
	out_text(r->out, "version", version_of(r, which));
	out_close(r->out, '}');
}

static enum fault
setting_list(struct req *r, const void *arg)
{
	const struct setting_list *in = arg;
	int i = in->after ? (int)setting_named(in->after) + 1 : 0;
	int32_t n = 0;

	out_open(r->out, NULL, '{');
	out_open(r->out, "items", '[');
	for (; i < SETTINGS && n < in->limit; i++, n++)
		put_setting(r, (enum setting)i);
	out_close(r->out, ']');
	out_text(r->out, "next",
	    i < SETTINGS ? setting_info[i - 1].name : NULL);
	out_close(r->out, '}');
	return OK;
}

/* PUT /settings/{name} */

struct setting_put {
	const char *name;
	const char *value;
};

static const struct field setting_put_in[] = {
	FIELD(setting_put, name, .min = 1, .max = 64),
	FIELD(setting_put, value, .min = 0, .max = 1000),
	FIELD_END,
};

static enum fault
setting_put(struct req *r, const void *arg)
{
	const struct setting_put *in = arg;
	enum setting which = setting_named(in->name);
	const char *wrong;
	enum fault f;

	if (which == SETTINGS)
		return FAULT_NOT_FOUND;
	if ((wrong = setting_wrong(r->pool, which, in->value)) != NULL)
		return fail_field(r, "value", "This must be %s.", wrong);
	if ((f = sql_setting_hold(r->db, in->name).fault) != OK ||
	    (f = if_match_version(r, version_of(r, which))) != OK)
		return f;
	if ((f = sql_setting_put(r->db, in->name, in->value).fault) == OK)
		put_setting(r, which);
	return f;
}

/* GET /audit: who changed what, the newest first. */

struct audit_list {
	const char *entity, *entity_id, *actor;
	int64_t after;
	int32_t limit;
};

static const struct field audit_list_in[] = {
	FIELD(audit_list, entity, .min = 1, .max = 64, .optional = true),
	FIELD(audit_list, entity_id, .min = 1, .max = 64, .optional = true),
	FIELD(audit_list, actor, .min = 1, .max = 64, .optional = true),
	FIELD_ID(audit_list, after, .def = DB_NULL, .optional = true),
	FIELD(audit_list, limit, .min = 1, .max = 200, .def = 50,
	    .optional = true),
	FIELD_END,
};

static enum fault
audit_list(struct req *r, const void *arg)
{
	const struct audit_list *in = arg;

	return reply_page(r,
	    sql_audit_list(r->db, in->entity, in->entity_id, in->actor,
		in->after, in->limit),
	    in->limit);
}

/* GET /keys: never the keys themselves. */

struct key_page {
	int64_t after;
	int32_t limit;
};

static const struct field key_page_in[] = {
	FIELD_ID(key_page, after, .def = DB_NULL, .optional = true),
	FIELD(key_page, limit, .min = 1, .max = 200, .def = 50,
	    .optional = true),
	FIELD_END,
};

static enum fault
key_page(struct req *r, const void *arg)
{
	const struct key_page *in = arg;

	return reply_page(r, sql_key_page(r->db, in->after, in->limit),
	    in->limit);
}

/* POST /keys/backup: a file; it is on record before it goes out. */

struct key_backup {
	const char *passphrase;
};

static const struct field key_backup_in[] = {
	FIELD(key_backup, passphrase, .min = 12, .max = 200, .raw = true),
	FIELD_END,
};

static enum fault
key_backup(struct req *r, const void *arg)
{
	const struct key_backup *in = arg;
	const char *text;
	enum fault f;

	if ((f = keyring_backup(r->db, in->passphrase, &text)) != OK ||
	    (f = sql_key_backup(r->db).fault) != OK)
		return f;
	stream_begin(r, "application/octet-stream",
	    pool_printf(r->pool, "tabel-keys-%.10s.txt",
		clock_rfc3339(r->pool, r->now)));
	stream_put(r, text, strlen(text));
	return OK;
}

/* POST /keys/rotate: a new key; what the old one sealed stays valid. */

struct key_rotate {
	const char *purpose;
};

static const struct field key_rotate_in[] = {
	FIELD(key_rotate, purpose, .in = "seal|token"),
	FIELD_END,
};

static enum fault
key_rotate(struct req *r, const void *arg)
{
	const struct key_rotate *in = arg;
	enum fault f = keyring_rotate(r->db,
	    strcmp(in->purpose, "seal") == 0 ? KEY_SEAL : KEY_TOKEN);

	return f != OK ? f :
			 reply_row(r, 200, sql_key_active(r->db, in->purpose));
}

static const struct route routes[] = {
	{ GET, "/system/about", ANYONE, about, .in = NULL,
	    .what = "What a page shows before anybody has signed in.",
	    GIVES_JSON(200, about) },
	{ GET, "/system/health", ANYONE, health, .in = NULL,
	    .what = "Is all well?  503 when nothing works.",
	    GIVES_JSON(200, health), .also = 503 },
	{ GET, "/system/metrics", ANYONE, metrics, .in = NULL,
	    .what = "Counters and gauges for Prometheus; only for the server's "
		    "own address.",
	    GIVES_FILE("text/plain"), .faults = { FAULT_FORBIDDEN } },
	{ GET, "/settings", ADMIN, setting_list, IN(setting_list),
	    .what = "All settings that administrators change, by name.",
	    GIVES_JSON(200, setting_page) },
	{ PUT, "/settings/{name}", ADMIN, setting_put, IN(setting_put),
	    .tx = true, .match = true, .what = "Change a setting.",
	    GIVES_JSON(200, setting) },
	{ GET, "/audit", ADMIN, audit_list, IN(audit_list),
	    .what = "Who changed what, newest first.", GIVES_PAGE(audit_list) },
	{ GET, "/keys", ADMIN, key_page, IN(key_page),
	    .what = "The keys that seal and sign, but never their secrets.",
	    GIVES_PAGE(key_page) },
	{ POST, "/keys/backup", ADMIN, key_backup, IN(key_backup),
	    .stream = true,
	    .what = "All keys under a passphrase, as a file to keep.",
	    GIVES_FILE("application/octet-stream") },
	{ POST, "/keys/rotate", ADMIN, key_rotate, IN(key_rotate), .tx = true,
	    .idem = true,
	    .what = "Make a new key; what the old one sealed or signed stays "
		    "valid.",
	    GIVES_ROW(200, key_active), .faults = { FAULT_CONFLICT } },
	{ .path = NULL }
};

static const struct route *const parts[] = { notification_routes, routes,
	service_routes };

API_MAIN_PARTS("system", parts)
