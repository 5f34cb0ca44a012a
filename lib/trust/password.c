#include "trust/password.h"

#include <sys/file.h>

#include <crypt.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/aside.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/utf8.h"

/* At least PASSWORD_MIN characters, or they are refused anyway; sorted. */
static const char *const common[] = {
#include "trust/passwords.def"
};

enum { N_COMMON = sizeof(common) / sizeof(*common) };

/* What bcrypt gets: neither cut at 72 bytes nor usable without the pepper. */
static char *
peppered(struct pool *p, const struct key *pepper, const char *password)
{
	uint8_t mac[MAC_SIZE];
	char *text;

	crypto_hmac(pepper->bytes, KEY_SIZE, password, strlen(password), mac);
	text = base64(p, mac, MAC_SIZE);
	crypto_wipe(mac, MAC_SIZE);
	return text;
}

/*
 * One process of a program computes at a time, so that those who sign in leave
 * the machine to everybody else; the lock is on the program's own file.
 */
static int
turn_wait(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
		continue;
	return fd;
}

static void
turn_end(int fd)
{
	if (fd >= 0)
		close(fd);
}

struct hashing {
	char phrase[48], setting[CRYPT_OUTPUT_SIZE]; /* base64 of a MAC */
	bool known;
	struct crypt_data data;
};

static void
hash_run(void *arg)
{
	struct hashing *h = arg;

	h->known = crypt_rn(h->phrase, h->setting, &h->data, sizeof(h->data)) !=
	    NULL;
}

/* crypt(3) with a setting or hash; NULL if that is none. */
static char *
bcrypt(struct pool *p, const char *phrase, const char *setting)
{
	struct hashing *h = pool_alloc(p, sizeof(*h));
	int turn = turn_wait();
	char *hash;

	*h = (struct hashing){ 0 };
	snprintf(h->phrase, sizeof(h->phrase), "%s", phrase);
	snprintf(h->setting, sizeof(h->setting), "%s", setting);
	aside_run(hash_run, h, sizeof(*h));
	hash = h->known ? pool_strdup(p, h->data.output) : NULL;
	turn_end(turn);
	crypto_wipe(h, sizeof(*h));
	return hash;
}

static char *
setting_of(struct pool *p, const char *salt, int salt_size)
{
	char *setting = pool_alloc(p, CRYPT_GENSALT_OUTPUT_SIZE);

	if (crypt_gensalt_rn("$2b$", (unsigned long)conf.BCRYPT_COST, salt,
		salt_size, setting, CRYPT_GENSALT_OUTPUT_SIZE) == NULL)
		log_die("crypt(3) does not know bcrypt");
	return setting;
}

char *
password_hash(struct pool *p, const struct key *pepper, const char *password)
{
	char salt[16], *phrase = peppered(p, pepper, password), *hash;

	crypto_random(salt, sizeof(salt));
	hash = bcrypt(p, phrase, setting_of(p, salt, sizeof(salt)));
	if (hash == NULL)
		log_die("crypt(3) does not know bcrypt");
	crypto_wipe(phrase, strlen(phrase));
	return hash;
}

bool
password_check(struct pool *p, const struct key *pepper, const char *password,
    const char *hash)
{
	static const char no_salt[16];
	char *phrase = peppered(p, pepper, password), *ours;
	bool known = hash != NULL;

	/* Nobody can tell by the time whether there is such a user. */
	ours = bcrypt(p, phrase,
	    known ? hash : setting_of(p, no_salt, sizeof(no_salt)));
	crypto_wipe(phrase, strlen(phrase));
	return known && ours != NULL && strlen(ours) == strlen(hash) &&
	    crypto_equal(ours, hash, strlen(hash));
}

static bool
is_common(const char *password)
{
	for (size_t i = 0; i < N_COMMON; i++)
		if (strcasecmp(common[i], password) == 0)
			return true;
	return false;
}

static bool
is_one_character(const char *s)
{
	size_t k = utf8_sequence(s, strlen(s));

	for (size_t i = k; s[i] != '\0'; i += k)
		if (strncmp(s, s + i, k) != 0)
			return false;
	return true;
}

const char *
password_weakness(const char *password, const char *username)
{
	if (!utf8_valid(password, strlen(password)))
		return "The password must be UTF-8.";
	if (utf8_length(password) < PASSWORD_MIN)
		return "The password must have at least 10 characters.";
	if (strlen(password) > PASSWORD_MAX)
		return "The password must have at most 200 bytes.";
	if (is_one_character(password))
		return "The password is one character only.";
	if (username != NULL && *username != '\0' &&
	    strcasestr(password, username) != NULL)
		return "The password must not contain the user name.";
	if (is_common(password))
		return "The password is one of the commonest.";
	return NULL;
}

char *
password_random(struct pool *p)
{
	/* 32 characters that are not taken for one another: five bits each. */
	static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint8_t random[16];
	char text[16];

	crypto_random(random, sizeof(random));
	for (size_t i = 0; i < sizeof(random); i++)
		text[i] = alphabet[random[i] & 31];
	return pool_printf(p, "%.4s-%.4s-%.4s-%.4s", text, text + 4, text + 8,
	    text + 12);
}
