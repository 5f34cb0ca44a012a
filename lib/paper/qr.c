#include "paper/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/pool.h"

struct qr
qr_of(struct pool *p, const char *text)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	uint8_t *bits;
	struct qr qr;
	size_t n;

	if (code == NULL)
		log_die("qr: %s", strerror(errno));
	n = (size_t)code->width * (size_t)code->width;
	bits = pool_alloc(p, (n + 7) / 8);
	/* The library gives a byte per module, whose lowest bit is black. */
	for (size_t i = 0; i < n; i++)
		if ((code->data[i] & 1) != 0)
			bits[i / 8] |= (uint8_t)(0x80 >> i % 8);
	qr = (struct qr){ code->width, base64(p, bits, (n + 7) / 8) };
	QRcode_free(code);
	return qr;
}
