/*
 * bot: what Telegram tells us, and what is answered.
 *
 * An update is handled in one transaction that also holds what is said:
 * all of it happens, once, or nothing does.  A fault is told to who caused
 * it, by the sentence that the pages have for it.
 */
#ifndef BOT_H
#define BOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct db;
struct json_object;
struct pool;

/* Takes one update that waits and handles it; *more is false if none did. */
enum fault	 bot_step(struct pool *, struct db *, int64_t now, bool *more);

/* What we ask Telegram for. */
#define BOT_UPDATES "[\"message\",\"callback_query\",\"my_chat_member\"]"

/* The commands of the menu, in order; a NULL ends them. */
extern const char *const bot_commands[];

#endif
