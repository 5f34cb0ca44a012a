/*
 * pairing: the rules W2, W3 and W5 to W9 of worked time, by their numbers.
 *
 * W2  a fact keeps the kind it was given; what it means is worked out
 * W3  repeats: the same kind within 60 s, kindless within 5 minutes
 * W5  an in opens, or is redundant while one is open
 * W6  an out closes within the limit
 * W7  beyond it what was open is missing out, never closed
 * W8  what a kindless scan means
 * W9  an out with nothing open is missing in
 */
#include "fact.h"

enum { LIMIT = 16 * 3600, MINUTE = 60, HOUR = 3600, FACTS = 6, MOST = 12 };

#define OPENS EFFECT_OPENS
#define CLOSES EFFECT_CLOSES
#define REDUNDANT EFFECT_REDUNDANT
#define REPEAT EFFECT_REPEAT
#define MISSING_IN EFFECT_MISSING_IN
#define IN KIND_IN
#define OUT KIND_OUT
#define NONE KIND_NONE

static const struct {
	const char *rule;
	struct {
		int64_t at;
		enum kind given, means;
		enum effect effect;
		bool missing_out;
	} facts[FACTS];
} stories[] = {
	{ "W5 W6: a day",
	    { { 1, IN, IN, OPENS, false },
		{ 9 * HOUR, OUT, OUT, CLOSES, false } } },
	{ "W8: a day of card taps",
	    { { 1, NONE, IN, OPENS, false },
		{ 4 * HOUR, NONE, OUT, CLOSES, false },
		{ 5 * HOUR, NONE, IN, OPENS, false },
		{ 9 * HOUR, NONE, OUT, CLOSES, false },
		{ 24 * HOUR, NONE, IN, OPENS, false } } },
	{ "W3: the same kind within a minute, inclusive",
	    { { 100, IN, IN, OPENS, false }, { 100, IN, IN, REPEAT, false },
		{ 160, IN, IN, REPEAT, false },
		{ 161, IN, IN, REDUNDANT, false } } },
	{ "W3: counted from the accepted one, not from its repeats",
	    { { 100, IN, IN, OPENS, false }, { 150, IN, IN, REPEAT, false },
		{ 200, IN, IN, REDUNDANT, false },
		{ 230, IN, IN, REDUNDANT, false } } },
	{ "W3: outs repeat too",
	    { { 1, IN, IN, OPENS, false }, { HOUR, OUT, OUT, CLOSES, false },
		{ HOUR + 60, OUT, OUT, REPEAT, false },
		{ HOUR + 61, OUT, OUT, MISSING_IN, false },
		{ HOUR + 121, OUT, OUT, REPEAT, false },
		{ HOUR + 122, OUT, OUT, MISSING_IN, false } } },
	{ "W3: the other kind is no repeat, however soon",
	    { { 100, IN, IN, OPENS, false }, { 100, OUT, OUT, CLOSES, false },
		{ 101, IN, IN, OPENS, false },
		{ 102, OUT, OUT, CLOSES, false } } },
	{ "W3: a kindless tap within five minutes, inclusive",
	    { { 100, NONE, IN, OPENS, false },
		{ 100 + 5 * MINUTE, NONE, IN, REPEAT, false },
		{ 101 + 5 * MINUTE, NONE, OUT, CLOSES, false },
		{ 101 + 10 * MINUTE, NONE, OUT, REPEAT, false },
		{ 102 + 10 * MINUTE, NONE, IN, OPENS, false } } },
	{ "W3: a kindless tap after a given kind, and the reverse",
	    { { 100, IN, IN, OPENS, false }, { 200, NONE, IN, REPEAT, false },
		{ 300, OUT, OUT, CLOSES, false },
		{ 600, NONE, OUT, REPEAT, false },
		{ 601, NONE, IN, OPENS, false },
		{ 661, IN, IN, REPEAT, false } } },
	{ "W5: an in while one is open changes nothing",
	    { { 1, IN, IN, OPENS, false },
		{ 2 * HOUR, IN, IN, REDUNDANT, false },
		{ 2 * HOUR + 100, NONE, OUT, CLOSES, false },
		{ 3 * HOUR, IN, IN, OPENS, false } } },
	{ "W6: at the limit it is still closed",
	    { { 1, IN, IN, OPENS, false },
		{ 1 + LIMIT, OUT, OUT, CLOSES, false } } },
	{ "W6 W8: at the limit a tap is still an out",
	    { { 1, IN, IN, OPENS, false },
		{ 1 + LIMIT, NONE, OUT, CLOSES, false } } },
	{ "W5: at the limit an in is still redundant",
	    { { 1, IN, IN, OPENS, false },
		{ 1 + LIMIT, IN, IN, REDUNDANT, false } } },
	{ "W7 W9: beyond it an out closes nothing",
	    { { 1, IN, IN, OPENS, false },
		{ 2 + LIMIT, OUT, OUT, MISSING_IN, true },
		{ 2 + LIMIT + HOUR, IN, IN, OPENS, false } } },
	{ "W7 W8: beyond it a tap is an in",
	    { { 1, IN, IN, OPENS, false }, { 2 + LIMIT, NONE, IN, OPENS, true },
		{ 2 + LIMIT + HOUR, NONE, OUT, CLOSES, false } } },
	{ "W7: beyond it an in opens anew",
	    { { 1, IN, IN, OPENS, false }, { 2 + LIMIT, IN, IN, OPENS, true },
		{ 2 + 2 * LIMIT, OUT, OUT, CLOSES, false } } },
	{ "W7: a forgotten week",
	    { { 1, IN, IN, OPENS, false }, { 24 * HOUR, IN, IN, OPENS, true },
		{ 48 * HOUR, IN, IN, OPENS, true },
		{ 72 * HOUR, OUT, OUT, MISSING_IN, true },
		{ 73 * HOUR, OUT, OUT, MISSING_IN, false } } },
	{ "W9: an out with nothing open is kept",
	    { { 1, OUT, OUT, MISSING_IN, false },
		{ HOUR, OUT, OUT, MISSING_IN, false },
		{ 2 * HOUR, NONE, IN, OPENS, false } } },
	{ "W3 W9: a tap soon after a missing in is its repeat",
	    { { 1000, OUT, OUT, MISSING_IN, false },
		{ 1000 + 5 * MINUTE, NONE, OUT, REPEAT, false } } },
	{ "W6: in and out in the same second are zero hours",
	    { { 1, IN, IN, OPENS, false }, { 1, OUT, OUT, CLOSES, false } } },
};

static void
stories_go_by_the_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(stories); i++) {
		struct pairing p = { 0 };

		for (int k = 0; k < FACTS && stories[i].facts[k].at != 0; k++) {
			struct fact fact = FACT(stories[i].facts[k].at,
			    stories[i].facts[k].given, LIMIT, 0);
			struct step step = pairing_step(&p, &fact);

			if (step.effect != stories[i].facts[k].effect ||
			    step.kind != stories[i].facts[k].means ||
			    step.missing_out != stories[i].facts[k].missing_out)
				fail_msg("%s: fact %d: %s %s%s",
				    stories[i].rule, k, kind_name(step.kind),
				    effect_name(step.effect),
				    step.missing_out ? " missing out" : "");
		}
	}
}

/* W6: the limit is that of the in, whatever the branch of the out has. */
static void
the_limit_is_that_of_the_in(void **state)
{
	struct pairing p = { 0 };
	struct fact in = FACT(0, KIND_IN, HOUR, 0),
		    out = FACT(HOUR + 1, KIND_OUT, LIMIT, 0);

	(void)state;
	pairing_step(&p, &in);
	assert_int_equal(pairing_propose(&p, HOUR), KIND_OUT);
	assert_int_equal(pairing_propose(&p, HOUR + 1), KIND_IN);
	assert_int_equal(pairing_step(&p, &out).effect, EFFECT_MISSING_IN);
}

/* W10: what somebody confirmed, on either side, and not a second more. */
static void
a_confirmed_length_goes_beyond_the_limit(void **state)
{
	const int64_t length = 20 * HOUR;
	const struct {
		int64_t in, out; /* what the facts carry */
		int64_t at;
		enum effect effect;
	} cases[] = {
		{ 0, 0, length, EFFECT_MISSING_IN },
		{ 0, length, length, EFFECT_CLOSES },
		{ 0, length, length + 1, EFFECT_MISSING_IN },
		{ length, 0, length, EFFECT_CLOSES },
		{ length, 0, length + 1, EFFECT_MISSING_IN },
		{ 0, 1, LIMIT, EFFECT_CLOSES }, /* never shorter */
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct pairing p = { 0 };
		struct fact in = FACT(0, KIND_IN, LIMIT, cases[i].in);
		struct fact out = FACT(cases[i].at, KIND_OUT, LIMIT,
		    cases[i].out);

		pairing_step(&p, &in);
		assert_int_equal(pairing_step(&p, &out).effect,
		    cases[i].effect);
	}
}

/* W7: who left, and whoever came back, ended what was open: but by hand. */
static void
what_was_open_ends_with_the_spell(void **state)
{
	static const struct {
		enum kind given;
		bool by_hand;
		int64_t at, spell;
		enum effect effect;
		bool missing_out;
	} cases[] = {
		{ KIND_OUT, false, HOUR, 1, EFFECT_CLOSES, false },
		{ KIND_OUT, false, HOUR, 2, EFFECT_MISSING_IN, true },
		{ KIND_OUT, true, HOUR, 2, EFFECT_CLOSES, false },
		{ KIND_OUT, true, LIMIT + 1, 2, EFFECT_MISSING_IN, true },
		{ KIND_IN, false, HOUR, 1, EFFECT_REDUNDANT, false },
		{ KIND_IN, false, HOUR, 2, EFFECT_OPENS, true },
		{ KIND_IN, true, HOUR, 3, EFFECT_OPENS, true },
		{ KIND_NONE, false, HOUR, 1, EFFECT_CLOSES, false },
		{ KIND_NONE, false, HOUR, 3, EFFECT_OPENS, true },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct pairing p = { 0 };
		struct fact in = FACT(0, KIND_IN, LIMIT, 0);
		struct fact next = FACT(cases[i].at, cases[i].given, LIMIT, 0);
		struct step step;

		in.spell = 1;
		next.spell = cases[i].spell;
		next.by_hand = cases[i].by_hand;
		pairing_step(&p, &in);
		step = pairing_step(&p, &next);
		assert_int_equal(step.effect, cases[i].effect);
		assert_int_equal(step.missing_out, cases[i].missing_out);
	}
}

/* W10 and the order in a second: the confirmed out still comes first. */
static void
a_confirmed_out_comes_before_an_in(void **state)
{
	static const struct fact facts[] = {
		FACT(0, KIND_IN, LIMIT, 0),
		FACT(20 * HOUR, KIND_IN, LIMIT, 0),
		FACT(20 * HOUR, KIND_OUT, LIMIT, 20 * HOUR),
	};
	struct step steps[LENGTH(facts)];
	size_t order[LENGTH(facts)];
	struct pairing p = { 0 };

	(void)state;
	pairing_fold(&p, facts, LENGTH(facts), steps, order);
	assert_int_equal(steps[2].effect, EFFECT_CLOSES);
	assert_int_equal(steps[1].effect, EFFECT_OPENS);
	assert_false(steps[1].missing_out);
}

/* Elapsed seconds: the night of the change is no exception. */
static void
nights_of_the_change_have_their_real_length(void **state)
{
	/* Berlin: in at 22:00, out at 06:00, on 2026-10-24 and 2026-03-28. */
	static const int64_t nights[][3] = {
		{ 1792872000, 1792904400, 9 * HOUR },
		{ 1774731600, 1774756800, 7 * HOUR },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(nights); i++) {
		struct pairing p = { 0 };
		struct fact in = FACT(nights[i][0], KIND_IN, nights[i][2], 0);
		struct fact out = FACT(nights[i][1], KIND_OUT, LIMIT, 0);

		pairing_step(&p, &in);
		assert_int_equal(pairing_step(&p, &out).effect, EFFECT_CLOSES);
		in.limit--;
		p = (struct pairing){ 0 };
		pairing_step(&p, &in);
		assert_int_equal(pairing_step(&p, &out).effect,
		    EFFECT_MISSING_IN);
	}
}

/* In the same second: the out first if something is open, else the in. */
static void
the_same_second_has_its_order(void **state)
{
	static const struct fact facts[] = {
		FACT(10, KIND_OUT, LIMIT, 0),
		FACT(10, KIND_IN, LIMIT, 0),
		FACT(5000, KIND_IN, LIMIT, 0),
		FACT(5000, KIND_OUT, LIMIT, 0),
		FACT(9000, KIND_OUT, LIMIT, 0),
		FACT(9000, KIND_IN, LIMIT, 0),
	};
	static const size_t expected[] = { 1, 0, 2, 3, 5, 4 };
	struct step steps[LENGTH(facts)];
	size_t order[LENGTH(facts)];
	struct pairing p = { 0 };

	(void)state;
	pairing_fold(&p, facts, LENGTH(facts), steps, order);
	assert_memory_equal(order, expected, sizeof(expected));
	for (size_t i = 0; i < LENGTH(facts); i++)
		assert_int_equal(steps[i].effect,
		    facts[i].given == KIND_IN ? EFFECT_OPENS : EFFECT_CLOSES);

	/* Open before: the out comes first and the in opens the next one. */
	p = (struct pairing){ .any = true,
		.last_kind = KIND_IN,
		.open = true,
		.open_limit = LIMIT };
	pairing_fold(&p, facts + 2, 2, steps, order);
	assert_int_equal(order[0], 1);
	assert_int_equal(steps[1].effect, EFFECT_CLOSES);
	assert_int_equal(steps[0].effect, EFFECT_OPENS);
	assert_true(p.open);
}

static uint64_t seed;

static uint64_t
random_below(uint64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (seed >> 33) % n;
}

/* Facts in order of time, close enough to one another to meet every rule. */
static size_t
random_facts(struct fact *facts)
{
	static const int64_t gaps[] = { 0, 1, 60, 61, 300, 301, HOUR, LIMIT,
		LIMIT + 1 };
	size_t n = 1 + random_below(MOST);
	int64_t at = 1795240680, spell = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t gap = gaps[random_below(LENGTH(gaps))];

		at += gap;
		spell += gap > 0 && random_below(6) == 0;
		facts[i] = (struct fact)FACT(at, (enum kind)random_below(3),
		    random_below(4) == 0 ? HOUR : LIMIT, 0);
		facts[i].by_hand = random_below(4) == 0;
		facts[i].spell = spell;
	}
	return n;
}

/* Where the fold has come to, seen from outside. */
struct tally {
	const struct fact *open;
	size_t opened, ended;
	int64_t last_end;
};

static void
count(struct tally *t, const struct fact *f, const struct step *s)
{
	assert_int_not_equal(s->kind, KIND_NONE);
	if (f->given != KIND_NONE)
		assert_int_equal(s->kind, f->given);
	if (s->missing_out) {
		assert_non_null(t->open);
		assert_true(f->at - t->open->at > t->open->limit ||
		    f->spell != t->open->spell);
		t->ended++;
		t->open = NULL;
	}
	if (s->effect == EFFECT_OPENS) {
		assert_null(t->open);
		assert_true(f->at >= t->last_end);
		t->open = f;
		t->opened++;
	}
	if (s->effect == EFFECT_CLOSES) {
		assert_non_null(t->open);
		assert_true(f->at >= t->open->at);
		assert_true(f->at - t->open->at <= t->open->limit);
		assert_true(f->by_hand || f->spell == t->open->spell);
		t->last_end = f->at;
		t->ended++;
		t->open = NULL;
	}
}

/*
 * Whatever the facts: intervals neither overlap nor exceed their limit, each
 * is closed or missing or the last, and a given kind is never turned round.
 */
static void
intervals_are_sound_whatever_the_facts(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= 20000; round++) {
		struct pairing p = { 0 };
		struct tally t = { 0 };
		struct fact facts[MOST];
		struct step steps[MOST];
		size_t order[MOST], n;

		seed = round;
		n = random_facts(facts);
		pairing_fold(&p, facts, n, steps, order);
		for (size_t k = 0; k < n; k++)
			count(&t, &facts[order[k]], &steps[order[k]]);
		assert_int_equal(t.opened, t.ended + p.open);
		assert_int_equal(p.open, t.open != NULL);
		if (p.open)
			assert_int_equal(p.open_at, t.open->at);
	}
}

static bool
is_same(const struct pairing *a, const struct pairing *b)
{
	return a->any == b->any && a->last_at == b->last_at &&
	    a->last_kind == b->last_kind && a->open == b->open &&
	    a->open_at == b->open_at && a->open_limit == b->open_limit &&
	    a->open_spell == b->open_spell;
}

/* The live tap and the rebuild are the same steps (W10). */
static void
a_fold_can_be_cut_anywhere(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= 5000; round++) {
		struct pairing whole = { 0 }, parts = { 0 };
		struct fact facts[MOST];
		struct step steps[MOST], again[MOST];
		size_t order[MOST], n, cut;

		seed = round;
		n = random_facts(facts);
		pairing_fold(&whole, facts, n, steps, order);
		for (cut = random_below(n);
		     cut > 0 && facts[cut].at == facts[cut - 1].at; cut--)
			;
		pairing_fold(&parts, facts, cut, again, order);
		pairing_fold(&parts, facts + cut, n - cut, again + cut, order);
		assert_true(is_same(&whole, &parts));
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(steps[i].effect, again[i].effect);
			assert_int_equal(steps[i].kind, again[i].kind);
		}
	}
}

/* What changes nothing may be left out: the online answer makes no event. */
static void
repeats_and_redundant_ones_may_be_left_out(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= 5000; round++) {
		struct pairing all = { 0 }, without = { 0 };
		struct fact facts[MOST];
		size_t n;

		seed = round;
		n = random_facts(facts);
		for (size_t i = 0; i < n; i++) {
			struct pairing before = all;
			struct step step = pairing_step(&all, &facts[i]);

			if (step.effect == EFFECT_REPEAT ||
			    step.effect == EFFECT_REDUNDANT)
				assert_true(is_same(&before, &all));
			else
				pairing_step(&without, &facts[i]);
			assert_true(is_same(&without, &all));
		}
	}
}

static void
names_go_there_and_back(void **state)
{
	(void)state;
	assert_string_equal(kind_name(KIND_IN), "in");
	assert_string_equal(kind_name(KIND_OUT), "out");
	assert_null(kind_name(KIND_NONE));
	assert_int_equal(kind_of("in"), KIND_IN);
	assert_int_equal(kind_of("out"), KIND_OUT);
	assert_int_equal(kind_of(NULL), KIND_NONE);
	assert_int_equal(kind_of("IN"), KIND_NONE);
	assert_string_equal(effect_name(EFFECT_MISSING_IN), "missing_in");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories_go_by_the_rules),
		cmocka_unit_test(the_limit_is_that_of_the_in),
		cmocka_unit_test(a_confirmed_length_goes_beyond_the_limit),
		cmocka_unit_test(what_was_open_ends_with_the_spell),
		cmocka_unit_test(a_confirmed_out_comes_before_an_in),
		cmocka_unit_test(nights_of_the_change_have_their_real_length),
		cmocka_unit_test(the_same_second_has_its_order),
		cmocka_unit_test(intervals_are_sound_whatever_the_facts),
		cmocka_unit_test(a_fold_can_be_cut_anywhere),
		cmocka_unit_test(repeats_and_redundant_ones_may_be_left_out),
		cmocka_unit_test(names_go_there_and_back),
	};

	return cmocka_run_group_tests_name("pairing", tests, NULL, NULL);
}
