/*
 * pdf: a grid as a PDF document (the only <cairo-pdf.h> and <pango/...>).
 *
 * Text is text, in the font Liberation Sans, of which the letters used are
 * embedded; what does not fit its cell is set smaller.  The same grid makes
 * the same bytes.
 */
#ifndef PDF_H
#define PDF_H

#include <stddef.h>

struct grid;

/* The document in the grid's pool; NULL if it could not be made. */
const char	*pdf_of(struct grid *, size_t *n);

#endif
