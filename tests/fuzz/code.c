/*
 * code: bytes that are no code are forged; what was sealed opens as it was,
 * and with any one character changed it does not open.
 */
#include "fuzz.h"

#include "trust/code.h"

static const struct key key = { .id = 'A',
	.purpose = KEY_SEAL,
	.bytes = "0123456789abcdef0123456789abcde" };

static int64_t
number(const uint8_t *data, size_t n)
{
	int64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *data++;
	return v;
}

static void
sealed(const uint8_t data[18])
{
	struct code code = { .terminal = number(data, 6),
		.sequence = number(data + 6, 4),
		.made_at = number(data + 10, 6) };
	char text[CODE_TEXT + 1], *c;
	struct code back;

	code_seal(&key, &code, text);
	must(code_key(text) == key.id);
	must(code_open(&key, text, code.made_at, &back) == OK);
	must(back.terminal == code.terminal && back.sequence == code.sequence &&
	    back.made_at == code.made_at);

	c = &text[data[16] % CODE_TEXT];
	if (*c == (char)data[17])
		return;
	*c = (char)data[17];
	must(code_open(&key, text, code.made_at, &back) == FAULT_CODE_FORGED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();
	char *text = pool_strndup(p, (const char *)data, n);
	struct code code;
	int id = code_key(text);

	must(id == -1 || (id >= 1 && id <= 255 && strlen(text) == CODE_TEXT));
	must(code_open(&key, text, 0, &code) == FAULT_CODE_FORGED);
	if (n >= 18)
		sealed(data);
	pool_free(p);
	return 0;
}
