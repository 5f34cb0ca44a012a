#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "web/field.h"

static bool
only(const char *s, const char *letters)
{
	return *s != '\0' && strspn(s, letters) == strlen(s);
}

bool
is_time(const char *s)
{
	int64_t at;

	return clock_parse(s, &at);
}

bool
is_date(const char *s)
{
	static const int days[] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	int y, m, d;

	if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
		return false;
	for (int i = 0; i < 10; i++)
		if (i != 4 && i != 7 && (s[i] < '0' || s[i] > '9'))
			return false;
	y = (int)strtol(s, NULL, 10);
	m = (int)strtol(s + 5, NULL, 10);
	d = (int)strtol(s + 8, NULL, 10);
	if (y < 1970 || y > 2200 || m < 1 || m > 12 || d < 1 || d > days[m])
		return false;
	return m != 2 || d < 29 ||
	    (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

bool
is_email(const char *s)
{
	const char *at = strchr(s, '@');

	return at != NULL && at != s && strchr(at + 1, '@') == NULL &&
	    strchr(at + 1, '.') != NULL && at[1] != '.' &&
	    s[strlen(s) - 1] != '.' && strpbrk(s, " \t\r\n<>,;\"'") == NULL;
}

bool
is_phone(const char *s)
{
	int digits = 0;

	if (*s == '+')
		s++;
	for (; *s != '\0'; s++)
		if (*s >= '0' && *s <= '9')
			digits++;
		else if (strchr(" -()", *s) == NULL)
			return false;
	return digits >= 7 && digits <= 15;
}

/* A network, with no bit set behind its mask, as PostgreSQL's cidr wants. */
bool
is_cidr(const char *s)
{
	const char *slash = strchr(s, '/');
	unsigned char addr[16];
	char text[64];
	size_t n = slash ? (size_t)(slash - s) : strlen(s);
	int family = strchr(s, ':') ? AF_INET6 : AF_INET;
	int bits = family == AF_INET ? 32 : 128, mask = bits;

	if (n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	if (inet_pton(family, text, addr) != 1)
		return false;
	if (slash != NULL) {
		if (!only(slash + 1, "0123456789") || strlen(slash + 1) > 3 ||
		    (slash[1] == '0' && slash[2] != '\0'))
			return false;
		mask = (int)strtol(slash + 1, NULL, 10);
	}
	for (int i = mask; i < bits; i++)
		if (addr[i / 8] & (0x80 >> (i % 8)))
			return false;
	return mask <= bits;
}

bool
is_line(const char *s)
{
	return strchr(s, '\n') == NULL;
}

bool
is_username(const char *s)
{
	return only(s,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789._-@");
}

bool
is_base64url(const char *s)
{
	return only(s,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789_-");
}
