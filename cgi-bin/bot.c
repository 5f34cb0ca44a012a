/*
 * bot: Telegram's side door.  An update is kept and answered at once; the
 * worker does what it asks for.
 */
#include <string.h>

#include "base/conf.h"
#include "base/log.h"
#include "bot.sql.h"
#include "bot/parse.h"
#include "trust/crypto.h"
#include "web/api.h"

enum { UPDATE_MAX = 1 << 20 }; /* bytes */

/* Hashes are compared, so that not even the length shows. */
static bool
is_telegram(struct req *r)
{
	static const char header[] = "HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN";
	const char *given = raw_header(r, header);
	uint8_t mine[MAC_SIZE], theirs[MAC_SIZE];

	if (given == NULL || *conf.BOT_WEBHOOK_SECRET == '\0')
		return false;
	crypto_sha256(conf.BOT_WEBHOOK_SECRET, strlen(conf.BOT_WEBHOOK_SECRET),
	    mine);
	crypto_sha256(given, strlen(given), theirs);
	return crypto_equal(mine, theirs, MAC_SIZE);
}

/*
 * POST /bot/webhook.  Whatever is not 2XX Telegram sends again, and holds
 * back what comes after it; what we cannot read now we never will.
 */
static enum fault
webhook(struct req *r, const void *arg)
{
	const char *body, *update;
	size_t n;
	enum fault f;

	(void)arg;
	if (!is_telegram(r))
		return FAULT_FORBIDDEN;
	if ((f = raw_body(r, &body, &n)) != OK)
		return f;
	if ((update = parse_update(r->pool, body, n)) == NULL) {
		log_warn("An update that is no JSON object was dropped.");
		return reply_nothing(r);
	}
	f = sql_update_new(r->db, update, r->now).fault;
	return f != OK ? f : reply_nothing(r);
}

static const struct route routes[] = {
	{ POST, "/bot/webhook", ANYONE, webhook, NO_IN, .raw = true,
	    .body_max = UPDATE_MAX,
	    .what = "An update of the Bot API, from Telegram, with the secret "
		    "in X-Telegram-Bot-Api-Secret-Token.",
	    GIVES_NOTHING, .faults = { FAULT_FORBIDDEN } },
};

API_MAIN("bot", routes)
