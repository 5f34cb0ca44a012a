#include "base/csv_read.h"

#include <csv.h>
#include <string.h>

#include "base/log.h"
#include "base/pool.h"

struct reader {
	struct csv_parser parser;
	struct pool *row; /* the memory of one row */
	csv_row *callback;
	void *arg;
	size_t line; /* of the text, from 1 */
	size_t begun; /* the line on which the row began; 0: none has */
	size_t n;
	const char *cells[CSV_CELLS_MAX];
	bool wide, ended;
};

static void
on_cell(void *s, size_t n, void *arg)
{
	struct reader *r = arg;

	if (r->n < CSV_CELLS_MAX)
		r->cells[r->n++] = pool_strndup(r->row, s, n);
	else
		r->wide = true;
}

/* A line of separators alone is what is left of an emptied row. */
static bool
is_empty(const struct reader *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (*r->cells[i] != '\0')
			return false;
	return true;
}

static void
on_row(int end, void *arg)
{
	struct reader *r = arg;

	(void)end;
	if (!r->ended && !r->wide && !is_empty(r))
		r->ended = !r->callback(r->begun, r->n, r->cells, r->arg);
	pool_reset(r->row);
	r->n = 0;
	r->begun = 0;
}

/* Up to and with the next end of a line: LF, CR LF or CR. */
static size_t
line_length(const char *s, size_t n)
{
	size_t k = 0;

	while (k < n && s[k] != '\n' && s[k] != '\r')
		k++;
	if (k + 1 < n && s[k] == '\r' && s[k + 1] == '\n')
		k++;
	return k < n ? k + 1 : n;
}

static bool
is_blank(const char *s, size_t n)
{
	return strspn(s, " \t\r\n") >= n;
}

static const char *
wrong(struct reader *r, struct pool *pool)
{
	if (r->wide)
		return pool_printf(pool, "Line %zu has more than %d cells.",
		    r->line, CSV_CELLS_MAX);
	if (csv_error(&r->parser) == CSV_EPARSE)
		return pool_printf(pool,
		    "Line %zu: a quote within a cell must be doubled, and the "
		    "cell must be in quotes.",
		    r->line);
	log_die("libcsv: %s", csv_strerror(csv_error(&r->parser)));
}

static const char *
read_lines(struct reader *r, struct pool *pool, const char *s, size_t n)
{
	for (size_t len; n > 0 && !r->ended; s += len, n -= len) {
		len = line_length(s, n);
		r->line++;
		if (r->begun == 0 && is_blank(s, len))
			continue;
		if (r->begun == 0)
			r->begun = r->line;
		if (csv_parse(&r->parser, s, len, on_cell, on_row, r) != len ||
		    r->wide)
			return wrong(r, pool);
	}
	if (!r->ended &&
	    csv_fini(&r->parser, on_cell, on_row, r) != CSV_SUCCESS)
		return pool_printf(pool,
		    "The quotes that open in line %zu never close.", r->begun);
	return r->wide ? wrong(r, pool) : NULL;
}

const char *
csv_read(struct pool *pool, const char *text, size_t n, char separator,
    csv_row *callback, void *arg)
{
	struct reader r = { .callback = callback, .arg = arg };
	const char *why;

	if (csv_init(&r.parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		log_die("libcsv cannot start");
	csv_set_delim(&r.parser, (unsigned char)separator);
	r.row = pool_new();
	why = read_lines(&r, pool, text, n);
	pool_free(r.row);
	csv_free(&r.parser);
	return why;
}

static size_t
blanks(const char *s, size_t n)
{
	size_t k = 0;

	while (k < n && strchr(" \r\n", s[k]) != NULL)
		k++;
	return k;
}

char
csv_separator(const char *text, size_t n)
{
	static const char separators[] = ",;\t";
	size_t counts[3] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = blanks(text, n); i < n; i++) {
		const char *at = strchr(separators, text[i]);

		if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && (text[i] == '\n' || text[i] == '\r'))
			break;
		else if (!quoted && at != NULL)
			counts[at - separators]++;
	}
	for (size_t i = 1; i < 3; i++)
		if (counts[i] > counts[best])
			best = i;
	return separators[best];
}
