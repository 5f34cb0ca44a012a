/*
 * xlsx: a grid as a workbook of one sheet (the only <xlsxwriter.h>).
 *
 * Numbers are numbers; a text is a text, also if it looks like a formula.
 * The same grid makes the same bytes.
 */
#ifndef XLSX_H
#define XLSX_H

#include <stddef.h>

struct grid;

/* The workbook in the grid's pool; NULL if it could not be made. */
const char	*xlsx_of(struct grid *, size_t *n);

#endif
