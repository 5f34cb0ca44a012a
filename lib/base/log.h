/*
 * log: one line per event to standard error, as logfmt or JSON.
 *
 * A line never carries a body, a token, a phone number or initData.
 * Values are escaped: no value can forge a second line or field.
 *
 *	log_line(LOG_INFO, "request", "method", "GET", "status", "200", NULL);
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* "debug", "info", "warn" or "error"; anything else is LOG_INFO. */
enum log_level	 log_level_of(const char *);
void		 log_open(const char *program, bool json, enum log_level least);
/* Pairs of name and value (NULL values are left out), then a NULL name. */
void		 log_line(enum log_level, const char *what, ...)
		    __attribute__((sentinel));
/* A sentence about a failure, for people who operate this. */
void		 log_error(const char *fmt, ...)
		    __attribute__((format(printf, 1, 2)));
void		 log_warn(const char *fmt, ...)
		    __attribute__((format(printf, 1, 2)));
void		 log_info(const char *fmt, ...)
		    __attribute__((format(printf, 1, 2)));
/* log_error(), then exit with status 1. */
void		 log_die(const char *fmt, ...)
		    __attribute__((format(printf, 1, 2), noreturn));

#endif
