/*
 * utf8: what is UTF-8 (RFC 3629), and how long.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bytes of the sequence at s, of which n > 0 bytes are there; 0 if it is
 * none: overlong, a surrogate, beyond U+10FFFF, or cut.
 */
size_t		 utf8_sequence(const char *s, size_t n);
bool		 utf8_valid(const char *s, size_t n);
/* Characters of a valid text. */
size_t		 utf8_length(const char *s);
/* Write the character as 1 to 4 bytes and return how many. */
size_t		 utf8_put(char *, uint32_t character);

#endif
