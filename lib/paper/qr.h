/*
 * qr: a text as a QR symbol (the only <qrencode.h>).
 *
 * Error correction M, the smallest version that holds the text (ISO/IEC
 * 18004).  No quiet zone: whoever draws it adds four modules of white.
 */
#ifndef QR_H
#define QR_H

#include <stdint.h>

struct pool;

struct qr {
	int		 size;		/* modules on a side */
	const char	*modules;	/* size*size bits, row by row, most
					   significant bit first, as base64 */
};

struct qr	 qr_of(struct pool *, const char *text);

#endif
