/*
 * bot setup, bot check: what Telegram must know of this installation, and
 * whether it does.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/out.h"
#include "base/pool.h"
#include "base/text.h"
#include "bot/bot.h"
#include "out/http.h"
#include "out/telegram.h"
#include "tabelctl.h"
#include "work/setting.h"

enum { CONNECTIONS = 40, SECRET_LEAST = 16, BACKLOG = 100, HOUR = 3600 };

static const char *
hook_url(struct ctl *ctl)
{
	return pool_printf(ctl->pool, "%s/api/bot/webhook", conf.PUBLIC_URL);
}

static bool
by_webhook(void)
{
	return strcmp(conf.BOT_MODE, "webhook") == 0;
}

static bool
by_https(void)
{
	return strncmp(conf.PUBLIC_URL, "https://", 8) == 0;
}

/* Telegram calls these ports only. */
static bool
good_port(void)
{
	static const char *const ports[] = { "443", "80", "88", "8443" };
	const char *host = strstr(conf.PUBLIC_URL, "://") + 3;
	const char *colon = strchr(host, ':');
	size_t n;

	if (colon == NULL)
		return true;
	n = strcspn(colon + 1, "/");
	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++)
		if (strlen(ports[i]) == n &&
		    strncmp(colon + 1, ports[i], n) == 0)
			return true;
	return false;
}

/* 0, or 1 after a sentence about what is wrong. */
static int
call(struct ctl *ctl, const char *method, const char *body,
    struct json_object **result)
{
	struct telegram_answer a = telegram_call(ctl->pool, method, body,
	    result);

	return a.result == TELEGRAM_SENT ? 0 :
					   ctl_fail("%s: %s.", method, a.why);
}

/* What the settings alone show. */
static int
check_settings(void)
{
	int wrong = 0;

	if (!by_webhook())
		return 0;
	if (!by_https())
		wrong = ctl_fail("PUBLIC_URL is %s: Telegram calls HTTPS only. "
				 "Without it set BOT_MODE=polling.",
		    conf.PUBLIC_URL);
	else if (!good_port())
		wrong = ctl_fail("PUBLIC_URL is %s: Telegram calls the ports "
				 "443, 80, 88 and 8443 only.",
		    conf.PUBLIC_URL);
	if (strlen(conf.BOT_WEBHOOK_SECRET) < SECRET_LEAST)
		wrong =
		    ctl_fail("BOT_WEBHOOK_SECRET must have at least %d "
			     "characters: anybody could write to the webhook.",
			(int)SECRET_LEAST);
	return wrong;
}

static int
check_bot(struct ctl *ctl)
{
	struct json_object *me;
	const char *username = "";
	bool reads_all = false;

	if (call(ctl, "getMe", "{}", &me) != 0)
		return ctl_fail("Is BOT_TOKEN the token that BotFather gave, "
				"and TELEGRAM_API_URL right?");
	json_text(me, "username", &username);
	json_bool(me, "can_read_all_group_messages", &reads_all);
	printf("bot @%s\nprivacy mode %s\n", username,
	    reads_all ? "off: it reads all messages of its groups" :
			"on: in groups it sees commands and replies only");
	if (strcasecmp(username, conf.BOT_USERNAME) != 0)
		return ctl_fail("The token is of @%s, but BOT_USERNAME is %s: "
				"the tablets' codes lead to the wrong bot.",
		    username, conf.BOT_USERNAME);
	return 0;
}

static int
set_webhook(struct ctl *ctl)
{
	struct out *out = out_new(ctl->pool);
	size_t n;

	if (!by_webhook())
		return call(ctl, "deleteWebhook", "{}", NULL);
	out_open(out, NULL, '{');
	out_text(out, "url", hook_url(ctl));
	out_text(out, "secret_token", conf.BOT_WEBHOOK_SECRET);
	out_raw(out, "allowed_updates", BOT_UPDATES);
	out_int(out, "max_connections", CONNECTIONS);
	out_close(out, '}');
	return call(ctl, "setWebhook", out_body(out, &n), NULL);
}

/* For one language of Telegram's, or (NULL) for all others. */
static int
set_commands(struct ctl *ctl, const char *language, const char *code)
{
	struct out *out = out_new(ctl->pool);
	size_t n;

	out_open(out, NULL, '{');
	out_open(out, "commands", '[');
	for (const char *const *c = bot_commands; *c != NULL; c++) {
		out_open(out, NULL, '{');
		out_text(out, "command", *c);
		out_text(out, "description",
		    text_plain(ctl->pool, language,
			pool_printf(ctl->pool, "bot.command.%s", *c), NULL));
		out_close(out, '}');
	}
	out_close(out, ']');
	if (code != NULL)
		out_text(out, "language_code", code);
	out_close(out, '}');
	return call(ctl, "setMyCommands", out_body(out, &n), NULL);
}

static int
set_menu(struct ctl *ctl, const char *language)
{
	struct out *out = out_new(ctl->pool);
	size_t n;

	if (!by_https()) {
		printf("no menu button: it needs PUBLIC_URL with HTTPS\n");
		return 0;
	}
	out_open(out, NULL, '{');
	out_open(out, "menu_button", '{');
	out_text(out, "type", "web_app");
	out_text(out, "text",
	    text_plain(ctl->pool, language, "bot.menu", NULL));
	out_open(out, "web_app", '{');
	out_text(out, "url",
	    pool_printf(ctl->pool, "%s/app/", conf.PUBLIC_URL));
	out_close(out, '}');
	out_close(out, '}');
	out_close(out, '}');
	return call(ctl, "setChatMenuButton", out_body(out, &n), NULL);
}

static int
setup(struct ctl *ctl)
{
	const char *language = setting_text(ctl->db, SETTING_language);

	if (check_settings() != 0 || check_bot(ctl) != 0 ||
	    set_webhook(ctl) != 0 || set_commands(ctl, language, NULL) != 0 ||
	    set_commands(ctl, "ru", "ru") != 0 ||
	    set_commands(ctl, "uk", "uk") != 0 ||
	    set_commands(ctl, "en", "en") != 0 || set_menu(ctl, language) != 0)
		return 1;
	if (strcmp(conf.BOT_MODE, "off") == 0)
		printf("The bot is set up, but takes no updates: BOT_MODE is "
		       "off.\n");
	else
		printf("The bot is set up, updates come by %s.\n",
		    conf.BOT_MODE);
	return 0;
}

/* An empty list is more than we need; what is missing never comes. */
static bool
all_updates(struct ctl *ctl, struct json_object *info)
{
	struct json_object *told = json_get(info, "allowed_updates");
	struct json_object *wanted = json_parse(ctl->pool, BOT_UPDATES,
	    strlen(BOT_UPDATES), NULL);
	size_t n = json_length(told), found = 0;
	const char *a, *b;

	for (size_t i = 0; i < json_length(wanted); i++)
		for (size_t j = 0; j < n; j++)
			found += json_as_text(json_at(wanted, i), &a) &&
			    json_as_text(json_at(told, j), &b) &&
			    strcmp(a, b) == 0;
	return n == 0 || found == json_length(wanted);
}

static int
check_webhook(struct ctl *ctl)
{
	struct json_object *info;
	const char *url = "", *error = NULL;
	int64_t waiting = 0, error_at = 0;
	int wrong = 0;

	if (call(ctl, "getWebhookInfo", "{}", &info) != 0)
		return 1;
	json_text(info, "url", &url);
	json_text(info, "last_error_message", &error);
	json_int(info, "last_error_date", &error_at);
	json_int(info, "pending_update_count", &waiting);
	if (by_webhook() && strcmp(url, hook_url(ctl)) != 0)
		wrong = ctl_fail("Telegram calls %s, not %s: run tabelctl bot "
				 "setup.",
		    *url != '\0' ? url : "nobody", hook_url(ctl));
	if (!by_webhook() && *url != '\0')
		wrong = ctl_fail("BOT_MODE is %s, but Telegram calls %s: run "
				 "tabelctl bot setup.",
		    conf.BOT_MODE, url);
	if (by_webhook() && !all_updates(ctl, info))
		wrong = ctl_fail("Telegram does not send all kinds of updates "
				 "that we need: run tabelctl bot setup.");
	if (error != NULL && error_at > clock_now() - HOUR)
		wrong = ctl_fail("Telegram's last call failed: %s.", error);
	if (waiting >= BACKLOG)
		wrong = ctl_fail("%" PRId64 " updates wait at Telegram.",
		    waiting);
	return wrong;
}

static int
doctor(struct ctl *ctl)
{
	int wrong = check_settings();

	if (check_bot(ctl) != 0 || check_webhook(ctl) != 0 || wrong != 0)
		return 1;
	printf("All is well.\n");
	return 0;
}

int
bot(struct ctl *ctl)
{
	bool sets = strcmp(ctl->argv[0], "setup") == 0;
	int status;

	if (!sets && strcmp(ctl->argv[0], "check") != 0)
		return ctl_usage(ctl);
	text_open(pool_printf(ctl->pool, "%s/i18n",
	    *conf.STATIC_DIR != '\0' ? conf.STATIC_DIR : PKGDATADIR "/static"));
	http_open();
	status = sets ? setup(ctl) : doctor(ctl);
	http_close();
	return status;
}
