/*
 * auth: Telegram's word or a password becomes a session and its token.
 */
#include "auth.h"

#include <inttypes.h>
#include <string.h>

#include "access.sql.h"
#include "auth.sql.h"
#include "base/conf.h"
#include "trust/crypto.h"
#include "trust/initdata.h"
#include "trust/password.h"
#include "trust/token.h"
#include "work/person.h"

enum { FREE_TRIES = 3, LONGEST_WAIT = 900 }; /* seconds */

static enum fault
token_new(struct req *r, int64_t person, struct token *t, const char **text)
{
	const struct key *key;
	enum fault f = keyring_active(r->db, KEY_TOKEN, &key);

	if (f != OK)
		return f;
	*t = (struct token){
		.session = token_session(r->pool),
		.person = person,
		.issued_at = r->now,
		.expires_at = r->now + conf.TOKEN_MINUTES * 60,
	};
	*text = token_sign(r->pool, key, t);
	return OK;
}

static enum fault
reply_session(struct req *r, const struct token *t, const char *text)
{
	struct rows about = sql_session_about(r->db, t->person);

	if (about.fault != OK)
		return about.fault;
	out_open(r->out, NULL, '{');
	out_text(r->out, "token", text);
	out_time(r->out, "expires_at", t->expires_at);
	out_text(r->out, "state", row_text(&about, 0, "state"));
	out_raw(r->out, "person", row_text(&about, 0, "person"));
	out_raw(r->out, "roles", row_text(&about, 0, "roles"));
	out_close(r->out, '}');
	return OK;
}

void
auth_cookie(struct req *r, const char *token, int64_t seconds)
{
	reply_header(r, "Set-Cookie",
	    pool_printf(r->pool,
		"__Host-tabel=%s; Path=/; Secure; HttpOnly; SameSite=Strict; "
		"Max-Age=%" PRId64,
		token, seconds));
}

enum fault
auth_session(struct req *r, int64_t person, const char *kind,
    const char *password_hash, const char **text)
{
	struct token t;
	struct rows made;
	enum fault f;

	if ((f = token_new(r, person, &t, text)) != OK)
		return f;
	made = sql_session_new(r->db, t.session, person, kind, r->now,
	    t.expires_at, password_hash);
	if (made.fault != OK)
		return made.fault;
	return made.n == 0 ? FAULT_BAD_CREDENTIALS :
			     reply_session(r, &t, *text);
}

/* While somebody has to wait, no password is looked at, right or wrong. */
enum fault
auth_throttle(struct req *r, const char *key)
{
	struct rows t = sql_throttle_try(r->db, key, r->now, FREE_TRIES,
	    LONGEST_WAIT);

	if (t.fault != OK)
		return t.fault;
	return row_int(&t, 0, "wait") == 0 ?
	    OK :
	    fail_later(r, FAULT_TOO_MANY_TRIES, row_int(&t, 0, "wait"));
}

/* An account at the caller's address; neither can be read from it. */
static const char *
known_key(struct req *r, const char *account)
{
	const char *s = pool_printf(r->pool, "%s@%s", account, r->ip);

	return pool_printf(r->pool, "known:%.32s", crypto_hash(r->pool, s));
}

enum fault
auth_key(struct req *r, const char *account, const char **key)
{
	const char *here = known_key(r, account);
	struct rows k = sql_throttle_known(r->db, here);

	if (k.fault == OK)
		*key = row_bool(&k, 0, "known") ? here : account;
	return k.fault;
}

enum fault
auth_known(struct req *r, const char *account)
{
	enum fault f = sql_throttle_clear(r->db, account).fault;

	return f != OK ?
	    f :
	    sql_throttle_know(r->db, known_key(r, account), r->now).fault;
}

/* POST /auth/telegram: the Mini App was opened. */

struct auth_telegram {
	const char *init_data;
	const char *contact; /* Telegram's word about the phone */
};

static const struct field auth_telegram_in[] = {
	FIELD(auth_telegram, init_data, .min = 1, .max = 4096, .raw = true),
	FIELD(auth_telegram, contact, .min = 1, .max = 4096, .raw = true,
	    .optional = true),
	FIELD_END,
};

static enum fault
telegram_check(struct req *r, const struct auth_telegram *in,
    struct initdata *d, const char **phone)
{
	int64_t max_age = conf.INIT_DATA_MINUTES * 60;
	enum fault f = initdata_check(r->pool, conf.BOT_TOKEN, in->init_data,
	    strlen(in->init_data), r->now, max_age, d);

	*phone = NULL;
	if (f != OK || in->contact == NULL)
		return f;
	return initdata_contact(r->pool, conf.BOT_TOKEN, in->contact,
	    strlen(in->contact), r->now, max_age, d->user, phone);
}

static enum fault
auth_telegram(struct req *r, const void *arg)
{
	struct initdata d;
	const char *phone, *token;
	int64_t person;
	enum fault f;

	if ((f = telegram_check(r, arg, &d, &phone)) != OK ||
	    (f = person_telegram(r->db,
		 &(struct person_telegram){ d.user, d.first_name, d.last_name,
		     d.language, phone },
		 &person)) != OK)
		return f;
	return auth_session(r, person, "telegram", NULL, &token);
}

/*
 * POST /auth/login: user name and password.  Each statement stands for
 * itself: a failed try has to count although the request fails.
 */

struct auth_login {
	const char *username;
	const char *password;
};

static const struct field auth_login_in[] = {
	FIELD(auth_login, username, .min = 1, .max = 100),
	FIELD(auth_login, password, .min = 1, .max = 256, .raw = true),
	FIELD_END,
};

/* Names are ASCII (is_username); of another one only a failure comes. */
static const char *
login_key(struct req *r, const char *username)
{
	char *key = pool_printf(r->pool, "login:%s", username);

	for (char *s = key; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + 'a' - 'A');
	return key;
}

/* The person, if the password is his; nobody's takes as long. */
static enum fault
login_check(struct req *r, const struct auth_login *in, int64_t *person,
    const char **hash)
{
	struct rows p = sql_auth_login(r->db, in->username);
	const struct key *pepper;
	enum fault f;

	if (p.fault != OK)
		return p.fault;
	if ((f = keyring_active(r->db, KEY_PEPPER, &pepper)) != OK)
		return f;
	*hash = p.n == 0 ? NULL : row_text(&p, 0, "password_hash");
	if (!password_check(r->pool, pepper, in->password, *hash))
		return FAULT_BAD_CREDENTIALS;
	*person = row_int(&p, 0, "id");
	return OK;
}

static enum fault
auth_login(struct req *r, const void *arg)
{
	const struct auth_login *in = arg;
	const char *account = login_key(r, in->username), *key, *hash, *token;
	int64_t person;
	enum fault f;

	if ((f = auth_key(r, account, &key)) != OK ||
	    (f = auth_throttle(r, key)) != OK ||
	    (f = login_check(r, in, &person, &hash)) != OK ||
	    (f = auth_known(r, account)) != OK ||
	    (f = auth_session(r, person, "password", hash, &token)) != OK)
		return f;
	auth_cookie(r, token, conf.TOKEN_MINUTES * 60);
	return OK;
}

/* POST /auth/logout: this session ends, or all of the person. */

struct auth_logout {
	bool everywhere;
};

static const struct field auth_logout_in[] = {
	FIELD(auth_logout, everywhere, .optional = true),
	FIELD_END,
};

static enum fault
auth_logout(struct req *r, const void *arg)
{
	const struct auth_logout *in = arg;
	struct rows ended = sql_session_end(r->db, r->person, in->everywhere,
	    r->session, r->now);

	if (ended.fault != OK)
		return ended.fault;
	auth_cookie(r, "", 0);
	return reply_nothing(r);
}

/*
 * POST /auth/password: a new password; all sessions end but a new one.
 * Tries with a wrong old password count, as those of auth_login do.
 */

struct auth_password {
	const char *password;
	const char *new_password;
};

static const struct field auth_password_in[] = {
	FIELD(auth_password, password, .min = 1, .max = 256, .raw = true),
	FIELD(auth_password, new_password, .min = 1, .max = 256, .raw = true),
	FIELD_END,
};

/* The old hash, and the new one if the new password is any good. */
static enum fault
password_check_both(struct req *r, const struct auth_password *in,
    const char *key, const char **old_hash, const char **new_hash)
{
	struct rows p = sql_password_of(r->db, r->person);
	const struct key *pepper;
	const char *weakness;
	enum fault f;

	if (p.fault != OK)
		return p.fault;
	weakness = password_weakness(in->new_password,
	    row_text(&p, 0, "username"));
	if (weakness != NULL)
		return fail_field(r, "new_password", "%s", weakness);
	if ((f = auth_throttle(r, key)) != OK ||
	    (f = keyring_active(r->db, KEY_PEPPER, &pepper)) != OK)
		return f;
	*old_hash = row_text(&p, 0, "password_hash");
	if (!password_check(r->pool, pepper, in->password, *old_hash))
		return FAULT_BAD_CREDENTIALS;
	*new_hash = password_hash(r->pool, pepper, in->new_password);
	return OK;
}

/*
 * A sign-in with the old password that was just being made is not seen by
 * the statement that changes it, but it is by the next one.  The change
 * stands even if that one fails.
 */
static enum fault
password_change(struct req *r, const struct token *t, const char *old_hash,
    const char *new_hash)
{
	struct rows made = sql_auth_password(r->db, t->person, old_hash,
	    new_hash, t->session, r->now, t->expires_at);

	if (made.fault != OK)
		return made.fault;
	if (made.n == 0)
		return FAULT_BAD_CREDENTIALS;
	sql_session_end_others(r->db, t->person, t->session, r->now);
	return OK;
}

static enum fault
auth_password(struct req *r, const void *arg)
{
	const char *key = pool_printf(r->pool, "password:%" PRId64, r->person);
	const char *old_hash = NULL, *new_hash = NULL, *text;
	struct token t;
	enum fault f;

	f = password_check_both(r, arg, key, &old_hash, &new_hash);
	if (f != OK || (f = token_new(r, r->person, &t, &text)) != OK ||
	    (f = sql_throttle_clear(r->db, key).fault) != OK ||
	    (f = password_change(r, &t, old_hash, new_hash)) != OK ||
	    (f = reply_session(r, &t, text)) != OK)
		return f;
	auth_cookie(r, text, conf.TOKEN_MINUTES * 60);
	return OK;
}

static const struct route session_routes[] = {
	{ POST, "/auth/login", ANYONE, auth_login, IN(auth_login),
	    .what = "Sign in with a user name and a password; the answer also "
		    "sets the cookie.",
	    GIVES_JSON(200, session), .faults = { FAULT_BAD_CREDENTIALS } },
	{ POST, "/auth/logout", PERSON, auth_logout, IN(auth_logout),
	    .what = "End this session, or all sessions of the caller.",
	    GIVES_NOTHING },
	{ POST, "/auth/password", EMPLOYEE, auth_password, IN(auth_password),
	    .what =
		"Change the caller's password; all his sessions end but the "
		"new one in the answer.",
	    GIVES_JSON(200, session), .faults = { FAULT_BAD_CREDENTIALS } },
	{ POST, "/auth/telegram", ANYONE, auth_telegram, IN(auth_telegram),
	    .tx = true,
	    .what = "Sign in with the signed initData that Telegram hands to a "
		    "Mini App.",
	    GIVES_JSON(200, session),
	    .faults = { FAULT_INIT_DATA_FORGED, FAULT_INIT_DATA_EXPIRED } },
	{ .path = NULL }
};

static const struct route *const parts[] = { activation_routes, code_routes,
	session_routes };

API_MAIN_PARTS("auth", parts)
