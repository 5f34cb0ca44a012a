/*
 * initdata: bytes are not signed; and of what is signed with our token, only
 * what has one meaning is taken.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "trust/crypto.h"
#include "trust/initdata.h"

static const char token[] = "42:"
			    "TEST";
static const int64_t now = 1795240680, day = 86400;

static enum fault
check(struct pool *p, const char *text, struct initdata *d)
{
	return initdata_check(p, token, text, strlen(text), now, day, d);
}

/* The bytes as they are, before a hash over them, decoded by nobody. */
static void
as_text(struct pool *p, const uint8_t *data, size_t n)
{
	char *raw = pool_strndup(p, (const char *)data, n), *text;
	uint8_t secret[MAC_SIZE], mac[MAC_SIZE];
	struct initdata d;

	must(initdata_check(p, token, (const char *)data, n, now, day, &d) ==
	    FAULT_INIT_DATA_FORGED);
	text = pool_strdup(p, raw);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '&')
			*c = '\n';
	crypto_hmac("WebAppData", 10, token, strlen(token), secret);
	crypto_hmac(secret, MAC_SIZE, text, strlen(text), mac);
	text = pool_printf(p, "%s&hash=%s", raw, hex(p, mac, MAC_SIZE));
	if (check(p, text, &d) == OK)
		must(d.user >= 1 && d.user < INT64_C(1) << 52 &&
		    strpbrk(raw, "\n\r\t%+") == NULL);
}

/* The bytes as the user, and as any other field. */
static void
as_field(struct pool *p, const uint8_t *data, size_t n)
{
	char *value = pool_strndup(p, (const char *)data, n);
	const char *names[] = { "auth_date", "user", "q" };
	const char *values[] = { "1795240680", value, "" };
	struct initdata d;
	const char *phone;
	char *text;

	text = initdata_sign(p, token, names, values, 3);
	if (check(p, text, &d) == OK)
		must(d.user >= 1 && d.user < INT64_C(1) << 52);

	values[1] = "{\"id\":7}";
	values[2] = value;
	text = initdata_sign(p, token, names, values, 3);
	if (strlen(text) <= 16 * 1024)
		must((check(p, text, &d) == OK) ==
		    (utf8_valid(value, strlen(value)) &&
			strpbrk(value,
			    "\1\2\3\4\5\6\a\b\t\n\v\f"
			    "\r\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37") ==
			    NULL));

	names[1] = "contact";
	values[1] = value;
	values[2] = "";
	text = initdata_sign(p, token, names, values, 3);
	must(check(p, text, &d) == FAULT_INIT_DATA_FORGED);
	if (initdata_contact(p, token, text, strlen(text), now, day, 7,
		&phone) == OK)
		must(*phone == '+' &&
		    strspn(phone + 1, "0123456789") == strlen(phone + 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool *p = pool_new();

	as_text(p, data, n);
	as_field(p, data, n);
	pool_free(p);
	return 0;
}
