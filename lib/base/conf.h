/*
 * conf: the settings of an installation, read once at start.
 *
 * conf.def lists them.  conf_load() reads the file named by the environment
 * variable TABEL_CONF, if it is set, then the environment itself, which
 * wins; everything that is missing or wrong is reported at once, one line
 * each with the setting's name, and then the program exits.
 */
#ifndef CONF_H
#define CONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct conf {
#define CONF_TEXT(name, def, sentence)			const char *name;
#define CONF_SECRET(name, def, sentence)		const char *name;
#define CONF_URL(name, def, sentence)			const char *name;
#define CONF_INT(name, def, least, most, sentence)	int64_t name;
#include "base/conf.def"
#undef CONF_TEXT
#undef CONF_SECRET
#undef CONF_URL
#undef CONF_INT
};

extern struct conf conf;

void		 conf_load(void);
/* "NAME=value  # sentence" per setting, secrets as ***. */
void		 conf_print(FILE *);
/*
 * Read a file and the environment into conf without exiting; problems are
 * written to err, one line each.  Returns their number.
 */
int		 conf_read(const char *path, FILE *err);

#endif
