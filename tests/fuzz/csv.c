/*
 * csv: whatever the bytes, no crash; what is read is text, and written again
 * with every cell in quotes it reads the same.
 */
#include "fuzz.h"

#include "base/charset.h"
#include "base/csv_read.h"
#include "base/out.h"
#include "base/utf8.h"

struct table {
	struct out *written, *seen;
	size_t line;
};

static void
put_quoted(struct out *o, const char *s)
{
	out_put(o, "\"", 1);
	for (; *s != '\0'; s++)
		out_put(o, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
	out_put(o, "\"", 1);
}

static bool
row(size_t line, size_t n, const char *const *cells, void *arg)
{
	struct table *t = arg;

	must(line > t->line && n > 0 && n <= CSV_CELLS_MAX);
	t->line = line;
	for (size_t i = 0; i < n; i++) {
		must(utf8_valid(cells[i], strlen(cells[i])));
		out_printf(t->seen, "%zu/%zu:%s", i, n, cells[i]);
		if (i > 0)
			out_put(t->written, ",", 1);
		put_quoted(t->written, cells[i]);
	}
	out_put(t->written, "\r\n", 2);
	return true;
}

static const char *
body(struct out *o, size_t *n)
{
	const char *s = out_body(o, n);

	return s != NULL ? s : "";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();
	struct table one = { out_new(p), out_new(p), 0 };
	struct table two = { out_new(p), out_new(p), 0 };
	const char *charset, *text, *again;
	size_t len = n, k;

	text = charset_utf8(p, pool_strndup(p, (const char *)data, n), &len,
	    &charset);
	if (text != NULL &&
	    csv_read(p, text, len, csv_separator(text, len), row, &one) ==
		NULL) {
		again = body(one.written, &len);
		must(csv_read(p, again, len, ',', row, &two) == NULL);
		must(strcmp(body(one.seen, &k), body(two.seen, &k)) == 0);
	}
	pool_free(p);
	return 0;
}
