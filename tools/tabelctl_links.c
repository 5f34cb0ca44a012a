/*
 * links: what to open.
 *
 * A Mini App link carries initData signed with the configured bot token, in
 * the fragment, as Telegram hands it over; the server cannot tell, and need
 * not, that no Telegram was there.
 * https://core.telegram.org/bots/webapps#initializing-mini-apps
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/pool.h"
#include "data/db.h"
#include "tabelctl.h"
#include "tabelctl_clinic.h"
#include "trust/initdata.h"
#include "trust/pairing_code.h"
#include "demo.sql.h"
#include "tabelctl.sql.h"

/* As encodeURIComponent() would. */
static char *
percent(struct pool *pool, const char *s)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
	char *text = pool_alloc(pool, 3 * strlen(s) + 1), *to = text;

	for (; *s != '\0'; s++)
		if (strchr(plain, *s) != NULL)
			*to++ = *s;
		else
			to += snprintf(to, 4, "%%%02X", (unsigned char)*s);
	return text;
}

static char *
link_of(struct pool *pool, const char *telegram_user)
{
	static const char *const names[] = { "user", "chat_instance",
		"chat_type", "auth_date" };
	const char *const values[] = { telegram_user, "-3788475317572404878",
		"private", pool_printf(pool, "%" PRId64, clock_now()) };
	char *initdata = initdata_sign(pool, conf.BOT_TOKEN, names, values,
	    sizeof(names) / sizeof(*names));

	return pool_printf(pool,
	    "%s/app/#tgWebAppData=%s"
	    "&tgWebAppVersion=8.0&tgWebAppPlatform=web"
	    "&tgWebAppThemeParams=%%7B%%7D",
	    conf.PUBLIC_URL, percent(pool, initdata));
}

static enum fault
print_person(struct ctl *ctl, const char *role, int telegram)
{
	struct rows r = sql_demo_user(ctl->db, CLINIC_TELEGRAM + telegram);

	if (r.fault == OK && r.n == 1)
		printf("Mini App as %s, %s\n\t%s\n", role,
		    row_text(&r, 0, "name"),
		    link_of(ctl->pool, row_text(&r, 0, "telegram_user")));
	return r.fault;
}

static void
print_stranger(struct ctl *ctl)
{
	printf("Mini App as a stranger\n\t%s\n",
	    link_of(ctl->pool,
		pool_printf(ctl->pool,
		    "{\"id\":%" PRId64
		    ",\"first_name\":\"Виктор\",\"last_name\":\"Громов\","
		    "\"language_code\":\"ru\",\"allows_write_to_pm\":true}",
		    CLINIC_TELEGRAM + CLINIC_STRANGER)));
}

/* A new pairing code for each tablet; a pairing in use stays as it is. */
static enum fault
print_tablets(struct ctl *ctl)
{
	struct rows r = sql_tablets(ctl->db);
	const char *code;
	enum fault f;

	for (int i = 0; r.fault == OK && i < r.n; i++) {
		f = pairing_code_new(ctl->db, row_int(&r, i, "id"), clock_now(),
		    &code);
		if (f != OK)
			return f;
		printf("Tablet \"%s\" of \"%s\"%s\n\t%s/kiosk/\n"
		       "\tpairing code %s, for ten minutes\n",
		    row_text(&r, i, "name"), row_text(&r, i, "branch_name"),
		    row_bool(&r, i, "paired") ? ", paired already" : "",
		    conf.PUBLIC_URL, code);
	}
	return r.fault;
}

static enum fault
print_admin(struct ctl *ctl)
{
	struct rows r = sql_installation(ctl->db);
	const char *names;

	if (r.fault != OK)
		return r.fault;
	names = row_text(&r, 0, "admin_names");
	printf("Admin pages\n\t%s/admin/\n", conf.PUBLIC_URL);
	if (*names == '\0')
		printf("\tnobody can sign in yet: tabelctl admin NAME\n");
	else
		printf("\tuser %s; a new password: tabelctl admin NAME\n",
		    names);
	return OK;
}

int
links(struct ctl *ctl)
{
	struct rows r = sql_demo_user(ctl->db,
	    CLINIC_TELEGRAM + CLINIC_EMPLOYEE);
	enum fault f;

	if ((f = r.fault) != OK || (f = print_tablets(ctl)) != OK ||
	    (f = print_admin(ctl)) != OK)
		return ctl_fault(f);
	if (r.n == 0) /* real people open the real Mini App */
		return 0;
	if ((f = print_person(ctl, "an employee", CLINIC_EMPLOYEE)) != OK ||
	    (f = print_person(ctl, "a manager", CLINIC_MANAGER)) != OK ||
	    (f = print_person(ctl, "an administrator", CLINIC_ADMIN)) != OK)
		return ctl_fault(f);
	print_stranger(ctl);
	return 0;
}
