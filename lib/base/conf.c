#include "base/conf.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/pool.h"

enum conf_type { TEXT, SECRET, INT, URL };

struct setting {
	const char *name;
	enum conf_type type;
	size_t offset;
	const char *def; /* NULL: required */
	int64_t number, least, most;
	const char *sentence;
};

static const struct setting settings[] = {
#define CONF_TEXT(n, d, s) \
	{ #n, TEXT, offsetof(struct conf, n), d, 0, 0, 0, s },
#define CONF_SECRET(n, d, s) \
	{ #n, SECRET, offsetof(struct conf, n), d, 0, 0, 0, s },
#define CONF_URL(n, d, s) { #n, URL, offsetof(struct conf, n), d, 0, 0, 0, s },
#define CONF_INT(n, d, l, m, s) \
	{ #n, INT, offsetof(struct conf, n), #d, d, l, m, s },
#include "base/conf.def"
#undef CONF_TEXT
#undef CONF_SECRET
#undef CONF_URL
#undef CONF_INT
};

enum { N = sizeof(settings) / sizeof(*settings), FILE_MAX = 16 * 1024 };

struct conf conf;

struct reading {
	struct pool *pool;
	FILE *err;
	int problems;
	const char *values[N]; /* as given, or NULL */
};

__attribute__((format(printf, 2, 3))) static void
problem(struct reading *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(r->err, fmt, ap);
	va_end(ap);
	putc('\n', r->err);
	r->problems++;
}

static const char **
text_of(const struct setting *s)
{
	return (const char **)(void *)((char *)&conf + s->offset);
}

static int64_t *
int_of(const struct setting *s)
{
	return (int64_t *)(void *)((char *)&conf + s->offset);
}

/* The text without the blanks around it, which are cut off in place. */
static char *
trim(char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	for (n = strlen(s); n > 0 && isspace((unsigned char)s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static char *
unquote(char *s)
{
	size_t n = strlen(s);

	if (n < 2 || (*s != '"' && *s != '\'') || s[n - 1] != *s)
		return s;
	s[n - 1] = '\0';
	return s + 1;
}

static void
read_line(struct reading *r, char *line, const char *path, int number)
{
	char *equals, *name;

	line = trim(line);
	if (*line == '\0' || *line == '#')
		return;
	if ((equals = strchr(line, '=')) == NULL) {
		problem(r, "%s:%d: this is not KEY=value.", path, number);
		return;
	}
	*equals = '\0';
	name = trim(line);
	for (size_t i = 0; i < N; i++) {
		if (strcmp(settings[i].name, name) != 0)
			continue;
		if (r->values[i] != NULL)
			problem(r, "%s: is set twice, again in %s:%d.", name,
			    path, number);
		r->values[i] = pool_strdup(r->pool, unquote(trim(equals + 1)));
		return;
	}
	problem(r, "%s: there is no such setting (%s:%d).", name, path, number);
}

static void
read_file(struct reading *r, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = pool_alloc(r->pool, FILE_MAX + 1), *line;
	size_t n;

	if (file == NULL) {
		problem(r, "TABEL_CONF: cannot read %s: %s.", path,
		    strerror(errno));
		return;
	}
	n = fread(text, 1, FILE_MAX + 1, file);
	if (ferror(file) || n > FILE_MAX || strlen(text) != n) {
		problem(r, "TABEL_CONF: %s is no text of at most 16 KiB.",
		    path);
		text[0] = '\0';
	}
	fclose(file);
	for (int number = 1; (line = strsep(&text, "\n")) != NULL; number++)
		read_line(r, line, path, number);
}

static void
set_int(struct reading *r, const struct setting *s, const char *value)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(value, &end, 10);
	if ((!isdigit((unsigned char)*value) && *value != '-') ||
	    *end != '\0' || errno != 0 || v < s->least || v > s->most)
		problem(r,
		    "%s: must be a number from %" PRId64 " to %" PRId64 ".",
		    s->name, s->least, s->most);
	else
		*int_of(s) = v;
}

static bool
is_url(const char *s)
{
	size_t n = strlen(s);
	const char *host = strncmp(s, "http://", 7) == 0 ? s + 7 :
	    strncmp(s, "https://", 8) == 0               ? s + 8 :
							   "";

	if (*host == '\0' || *host == '/' || s[n - 1] == '/')
		return false;
	for (; *s != '\0'; s++)
		if (!isgraph((unsigned char)*s) || strchr("\"'<>\\`", *s))
			return false;
	return true;
}

static void
set(struct reading *r, const struct setting *s, const char *value)
{
	if (s->type == INT) {
		set_int(r, s, value);
		return;
	}
	if (s->def == NULL && *value == '\0')
		problem(r, "%s: is required. %s", s->name, s->sentence);
	else if (s->type == URL && !is_url(value))
		problem(r,
		    "%s: must begin with http:// or https:// and not "
		    "end with a slash.",
		    s->name);
	else
		*text_of(s) = value;
}

static bool
only(const char *s, const char *characters)
{
	return s[strspn(s, characters)] == '\0';
}

/* What a type cannot say. */
static void
check_sense(struct reading *r)
{
	const char *file = conf.MASTER_KEY_FILE;
	const char *colon = strchr(conf.BOT_TOKEN, ':');
	struct stat st;

	/* The token is a part of the Bot API's addresses. */
	if (*conf.BOT_TOKEN != '\0' &&
	    (colon == NULL || colon == conf.BOT_TOKEN || colon[1] == '\0' ||
		strspn(conf.BOT_TOKEN, "0123456789") !=
		    (size_t)(colon - conf.BOT_TOKEN) ||
		!only(colon + 1,
		    "0123456789abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-")))
		problem(r,
		    "BOT_TOKEN: must be a number, a colon, and letters.");
	if (strcmp(conf.BOT_MODE, "webhook") != 0 &&
	    strcmp(conf.BOT_MODE, "polling") != 0 &&
	    strcmp(conf.BOT_MODE, "off") != 0)
		problem(r, "BOT_MODE: must be webhook, polling or off.");
	if (strlen(conf.BOT_WEBHOOK_SECRET) > 256 ||
	    !only(conf.BOT_WEBHOOK_SECRET,
		"0123456789_-"
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		problem(r,
		    "BOT_WEBHOOK_SECRET: must be at most 256 letters, "
		    "digits, _ and -.");
	if (!only(conf.BOT_USERNAME,
		"0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ_"))
		problem(r,
		    "BOT_USERNAME: must be letters, digits and _, "
		    "without @.");
	if (!only(conf.FIRST_ADMIN_ID, "0123456789") ||
	    strlen(conf.FIRST_ADMIN_ID) > 16)
		problem(r, "FIRST_ADMIN_ID: must be a number.");
	if (strcmp(conf.LOG_FORMAT, "logfmt") != 0 &&
	    strcmp(conf.LOG_FORMAT, "json") != 0)
		problem(r, "LOG_FORMAT: must be logfmt or json.");
	if (strcmp(conf.LOG_LEVEL, "debug") != 0 &&
	    strcmp(conf.LOG_LEVEL, "info") != 0 &&
	    strcmp(conf.LOG_LEVEL, "warn") != 0 &&
	    strcmp(conf.LOG_LEVEL, "error") != 0)
		problem(r, "LOG_LEVEL: must be debug, info, warn or error.");

	if (*conf.MASTER_KEY != '\0')
		return;
	if (*file == '\0')
		problem(r, "MASTER_KEY_FILE: is required, or MASTER_KEY.");
	else if (stat(file, &st) != 0)
		problem(r, "MASTER_KEY_FILE: cannot read %s: %s.", file,
		    strerror(errno));
	else if ((st.st_mode & 077) != 0)
		problem(r,
		    "MASTER_KEY_FILE: others may read %s; its mode "
		    "must be 0600.",
		    file);
}

int
conf_read(const char *path, FILE *err)
{
	static struct pool *texts; /* as long as conf itself */
	struct reading r = { .err = err };

	if (texts == NULL)
		texts = pool_new();
	pool_reset(texts);
	r.pool = texts;
	for (size_t i = 0; i < N; i++)
		if (settings[i].type == INT)
			*int_of(&settings[i]) = settings[i].number;
		else
			*text_of(&settings[i]) = settings[i].def == NULL ?
			    "" :
			    settings[i].def;

	if (path != NULL)
		read_file(&r, path);
	for (size_t i = 0; i < N; i++) {
		const char *env = getenv(settings[i].name);

		if (env != NULL)
			r.values[i] = pool_strdup(texts, env);
		if (r.values[i] != NULL)
			set(&r, &settings[i], r.values[i]);
		else if (settings[i].def == NULL)
			set(&r, &settings[i], "");
	}
	check_sense(&r);
	if (r.problems > 0 && path == NULL)
		fputs("TABEL_CONF names no file: only the environment was "
		      "read.\n",
		    err);
	return r.problems;
}

void
conf_load(void)
{
	const char *path = getenv("TABEL_CONF");

	if (conf_read(path != NULL && *path != '\0' ? path : NULL, stderr) > 0)
		exit(1);
}

void
conf_print(FILE *file)
{
	for (size_t i = 0; i < N; i++) {
		const struct setting *s = &settings[i];

		if (s->type == INT)
			fprintf(file, "%s=%" PRId64, s->name, *int_of(s));
		else
			fprintf(file, "%s=%s", s->name,
			    s->type == SECRET && **text_of(s) != '\0' ?
				"***" :
				*text_of(s));
		fprintf(file, "  # %s\n", s->sentence);
	}
}
