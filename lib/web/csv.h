/*
 * csv: rows of text for spreadsheets, written as they come (RFC 4180).
 *
 * Lines end CRLF; what holds a comma, a quote, a semicolon (the separator
 * of many locales) or a line's end is quoted.  A text that a spreadsheet
 * would run as a formula, because it begins with = + - @ TAB CR or LF, gets
 * an apostrophe before it and is quoted (OWASP, CSV injection).
 *
 * A row allocates nothing: the writer has one buffer, which it hands to its
 * sink when it is full.
 */
#ifndef CSV_H
#define CSV_H

#include <stdbool.h>
#include <stddef.h>

enum { CSV_BUFFER = 16 * 1024 };

/* Takes what was written; false ends it. */
typedef bool csv_sink(void *, const char *, size_t);

struct csv {
	csv_sink	*sink;
	void		*arg;
	bool		 failed;	/* the sink wants no more */
	bool		 inside;	/* of a row: a comma goes first */
	size_t		 len;
	char		 buf[CSV_BUFFER];
};

/* bom: begin with U+FEFF, by which a spreadsheet knows UTF-8. */
void		 csv_open(struct csv *, csv_sink *, void *, bool bom);
/* A cell; NULL is an empty one. */
void		 csv_text(struct csv *, const char *);
/* A cell of ours that needs no quotes: a number, a date. */
void		 csv_plain(struct csv *, const char *, size_t);
/* Ends the row; false if the sink wants no more. */
bool		 csv_row(struct csv *);
/* Hands over what is left; false if the sink did not take everything. */
bool		 csv_close(struct csv *);

#endif
