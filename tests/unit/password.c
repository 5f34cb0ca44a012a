#include "pooled.h"

#include <time.h>

#include "base/conf.h"
#include "trust/password.h"

static const struct key pepper = { .id = 1,
	.purpose = KEY_PEPPER,
	.bytes = "0123456789abcdef0123456789abcde" };

static void
a_password_has_its_hash(void **state)
{
	char *one = password_hash(pool, &pepper, "correct horse"), *two;

	(void)state;
	assert_int_equal(strncmp(one, "$2b$04$", 7), 0);
	assert_int_equal(strlen(one), 60);
	assert_true(password_check(pool, &pepper, "correct horse", one));
	assert_false(password_check(pool, &pepper, "correct hors", one));
	assert_false(password_check(pool, &pepper, "Correct horse", one));
	assert_false(password_check(pool, &pepper, "", one));

	two = password_hash(pool, &pepper, "correct horse");
	assert_string_not_equal(one, two);
	assert_true(password_check(pool, &pepper, "correct horse", two));
}

static void
nothing_is_cut_at_72_bytes(void **state)
{
	char a[201], b[201], *hash;

	(void)state;
	memset(a, 'x', 200);
	a[200] = '\0';
	memcpy(b, a, sizeof(a));
	b[199] = 'y';
	hash = password_hash(pool, &pepper, a);
	assert_true(password_check(pool, &pepper, a, hash));
	assert_false(password_check(pool, &pepper, b, hash));
}

static void
without_the_pepper_a_hash_is_nothing(void **state)
{
	struct key other = pepper;
	char *hash = password_hash(pool, &pepper, "correct horse");

	(void)state;
	other.bytes[0] ^= 1;
	assert_false(password_check(pool, &other, "correct horse", hash));
}

/* A cost that was raised later does not shut anybody out. */
static void
the_cost_is_the_hash_s_own(void **state)
{
	char *hash = password_hash(pool, &pepper, "correct horse");

	(void)state;
	conf.BCRYPT_COST = 5;
	assert_true(password_check(pool, &pepper, "correct horse", hash));
	assert_int_equal(strncmp(password_hash(pool, &pepper, "x"), "$2b$05$",
			     7),
	    0);
	conf.BCRYPT_COST = 4;
}

static double
cpu_of_check(const char *hash)
{
	clock_t start = clock();

	assert_false(password_check(pool, &pepper, "wrong", hash));
	return (double)(clock() - start);
}

/* The work of cost 10 is some 60 ms: a factor of four is no accident. */
static void
no_hash_takes_as_long_and_is_false(void **state)
{
	double known, unknown;
	char *hash;

	(void)state;
	conf.BCRYPT_COST = 10;
	hash = password_hash(pool, &pepper, "correct horse");
	known = cpu_of_check(hash);
	unknown = cpu_of_check(NULL);
	conf.BCRYPT_COST = 4;
	assert_true(unknown < 4 * known && known < 4 * unknown);
}

static void
what_is_no_hash_is_false(void **state)
{
	static const char *const bad[] = { "", "x", "*0", "*1", "$2b$",
		"$2b$04$", "$2b$99$......................", "$9$abc$def" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(password_check(pool, &pepper, "x", bad[i]));
}

static void
weak_passwords_are_refused(void **state)
{
	static const char *const weak[] = { "", "short", "123456789",
		"девятьсим", "1234567890", "Qwertyuiop", "PASSWORD123",
		"aaaaaaaaaaaa", "яяяяяяяяяяя", "anna.kovach",
		"my-ANNA.kovach-1", "bad\xff utf-8 text" };
	static const char *const fine[] = { "correct horse", "тринадцатьбукв",
		"k4vo-8tin-zz0p-q1we", "aaaaaaaaab" };
	char longest[202];

	(void)state;
	for (size_t i = 0; i < LENGTH(weak); i++)
		if (password_weakness(weak[i], "anna.kovach") == NULL)
			fail_msg("%s", weak[i]);
	for (size_t i = 0; i < LENGTH(fine); i++)
		assert_null(password_weakness(fine[i], "anna.kovach"));
	assert_null(password_weakness("correct horse", NULL));
	assert_null(password_weakness("correct horse", ""));

	for (size_t i = 0; i < 201; i++)
		longest[i] = "abc"[i % 3];
	longest[201] = '\0';
	assert_non_null(password_weakness(longest, "anna"));
	longest[200] = '\0';
	assert_null(password_weakness(longest, "anna"));
}

static void
random_passwords_are_strong(void **state)
{
	char *one = password_random(pool), *two = password_random(pool);

	(void)state;
	assert_int_equal(strlen(one), 19);
	assert_int_equal(strspn(one, "0123456789abcdefghjkmnpqrstvwxyz-"), 19);
	assert_string_not_equal(one, two);
	assert_null(password_weakness(one, "admin"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_has_its_hash),
		cmocka_unit_test(nothing_is_cut_at_72_bytes),
		cmocka_unit_test(without_the_pepper_a_hash_is_nothing),
		cmocka_unit_test(the_cost_is_the_hash_s_own),
		cmocka_unit_test(no_hash_takes_as_long_and_is_false),
		cmocka_unit_test(what_is_no_hash_is_false),
		cmocka_unit_test(weak_passwords_are_refused),
		cmocka_unit_test(random_passwords_are_strong),
	};

	conf.BCRYPT_COST = 4; /* quick: the work is not the point */
	return cmocka_run_group_tests_name("password", tests, make_pool,
	    free_pool);
}
