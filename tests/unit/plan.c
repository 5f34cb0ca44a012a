/*
 * plan: which shift an instant is of (W11), how long an interval may be (W6)
 * and what a scan means near a planned shift (W8).
 */
#include "fact.h"

enum { H = 3600, M = 60, LIMIT = 16 * H, FACTS = 4 };

#define AT(h, m) ((h)*H + (m)*M)

/* Split 09-13 and 14-18, a night 20-08, a duty of 24 hours from 08. */
static const struct shift split[] = { { 0, AT(9, 0), AT(13, 0), 0, 0, 0 },
	{ 0, AT(14, 0), AT(18, 0), 0, 0, 0 },
	{ 1, AT(33, 0), AT(37, 0), 0, 0, 0 },
	{ 1, AT(38, 0), AT(42, 0), 0, 0, 0 } };
static const struct shift night[] = { { 0, AT(20, 0), AT(32, 0), 0, 0, 0 },
	{ 1, AT(44, 0), AT(56, 0), 0, 0, 0 } };
static const struct shift duty[] = { { 0, AT(8, 0), AT(32, 0), 0, 0, 0 } };
static const struct shift days[] = { { 0, AT(9, 0), AT(18, 0), 0, 0, 0 },
	{ 1, AT(33, 0), AT(42, 0), 0, 0, 0 } };
static const struct plan splits = { split, LENGTH(split) };
static const struct plan nights = { night, LENGTH(night) };
static const struct plan duties = { duty, LENGTH(duty) };
static const struct plan plain = { days, LENGTH(days) };

static void
an_interval_belongs_to_the_shift_it_begins_in(void **state)
{
	static const struct {
		const struct plan *plan;
		int64_t at;
		const struct shift *is;
	} rows[] = {
		{ &plain, AT(5, 0), &days[0] }, /* 4 h before */
		{ &plain, AT(5, 0) - 1, NULL },
		{ &plain, AT(17, 59), &days[0] },
		{ &plain, AT(18, 0), NULL },
		{ &splits, AT(12, 59), &split[0] }, /* it runs */
		{ &splits, AT(13, 30), &split[1] }, /* the first is over */
		{ &splits, AT(14, 0), &split[1] },
		{ &splits, AT(8, 0), &split[0] },
		{ &nights, AT(24, 30), &night[0] }, /* late at 00:30 */
		{ &nights, AT(32, 0), NULL },
		{ NULL, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++)
		assert_ptr_equal(plan_shift(rows[i].plan, rows[i].at),
		    rows[i].is);
}

/* Neither runs: the one whose start is nearer. */
static void
of_two_shifts_the_nearer_start(void **state)
{
	static const struct shift two[] = { { 0, AT(10, 0), AT(11, 0), 0, 0,
						0 },
		{ 0, AT(12, 0), AT(13, 0), 0, 0, 0 } };
	struct plan p = { two, 2 };

	(void)state;
	assert_ptr_equal(plan_shift(&p, AT(9, 0)), &two[0]);
	assert_ptr_equal(plan_shift(&p, AT(10, 30)), &two[0]);
	assert_ptr_equal(plan_shift(&p, AT(11, 0)), &two[1]);
}

static void
the_limit_is_at_least_the_planned_length_and_four_hours(void **state)
{
	(void)state;
	assert_int_equal(plan_limit(&duties, AT(8, 0), LIMIT), 28 * H);
	assert_int_equal(plan_limit(&duties, AT(3, 59), LIMIT), LIMIT);
	assert_int_equal(plan_limit(&nights, AT(20, 0), LIMIT), LIMIT);
	assert_int_equal(plan_limit(&nights, AT(20, 0), 8 * H), LIMIT);
	assert_int_equal(plan_limit(NULL, 0, LIMIT), LIMIT);
}

static const struct {
	const char *rule;
	const struct plan *plan;
	struct {
		int64_t at;
		enum kind given, means;
		enum effect effect;
		bool missing_out;
	} facts[FACTS];
} stories[] = {
	{ "W6: a duty of 24 hours is closed up to 28", &duties,
	    { { AT(8, 0), KIND_NONE, KIND_IN, EFFECT_OPENS, false },
		{ AT(36, 0), KIND_NONE, KIND_OUT, EFFECT_CLOSES, false } } },
	{ "W7: beyond that it is lost", &duties,
	    { { AT(8, 0), KIND_NONE, KIND_IN, EFFECT_OPENS, false },
		{ AT(36, 0) + 1, KIND_OUT, KIND_OUT, EFFECT_MISSING_IN,
		    true } } },
	{ "W8: near an end, nothing open: an out", &plain,
	    { { AT(18, 10), KIND_NONE, KIND_OUT, EFFECT_MISSING_IN, false } } },
	{ "W8: 2 h after the end, inclusive", &plain,
	    { { AT(20, 0), KIND_NONE, KIND_OUT, EFFECT_MISSING_IN, false } } },
	{ "W8: later than that an in", &plain,
	    { { AT(20, 0) + 1, KIND_NONE, KIND_IN, EFFECT_OPENS, false } } },
	{ "W8: 2 h before the end, inclusive", &plain,
	    { { AT(16, 0), KIND_NONE, KIND_OUT, EFFECT_MISSING_IN, false } } },
	{ "W8: earlier than that an in", &plain,
	    { { AT(15, 59), KIND_NONE, KIND_IN, EFFECT_OPENS, false } } },
	{ "W8: near a start an in", &plain,
	    { { AT(9, 20), KIND_NONE, KIND_IN, EFFECT_OPENS, false } } },
	{ "W8: within 2 h after an out an in", &plain,
	    { { AT(9, 0), KIND_IN, KIND_IN, EFFECT_OPENS, false },
		{ AT(15, 0), KIND_OUT, KIND_OUT, EFFECT_CLOSES, false },
		{ AT(17, 0), KIND_NONE, KIND_IN, EFFECT_OPENS, false } } },
	{ "W8: and after that an out", &plain,
	    { { AT(9, 0), KIND_IN, KIND_IN, EFFECT_OPENS, false },
		{ AT(15, 0), KIND_OUT, KIND_OUT, EFFECT_CLOSES, false },
		{ AT(17, 0) + 1, KIND_NONE, KIND_OUT, EFFECT_MISSING_IN,
		    false } } },
	{ "W8: back from lunch at 13:20 is an in", &splits,
	    { { AT(13, 20), KIND_NONE, KIND_IN, EFFECT_OPENS, false } } },
	{ "W8: the first shift's end at 12:00, two hours before the next",
	    &splits,
	    { { AT(12, 0), KIND_NONE, KIND_OUT, EFFECT_MISSING_IN, false },
		{ AT(12, 30), KIND_NONE, KIND_IN, EFFECT_OPENS, false } } },
	{ "W8: a forgotten out, then the next shift by card", &plain,
	    { { AT(17, 0), KIND_IN, KIND_IN, EFFECT_OPENS, false },
		{ AT(32, 50), KIND_NONE, KIND_IN, EFFECT_OPENS, true } } },
	{ "W8: and by an explicit in", &plain,
	    { { AT(17, 0), KIND_IN, KIND_IN, EFFECT_OPENS, false },
		{ AT(32, 50), KIND_IN, KIND_IN, EFFECT_OPENS, true } } },
	{ "W8: an explicit out closes it", &plain,
	    { { AT(17, 0), KIND_IN, KIND_IN, EFFECT_OPENS, false },
		{ AT(32, 50), KIND_OUT, KIND_OUT, EFFECT_CLOSES, false } } },
	{ "W8: far from a start a tap is still the out", &plain,
	    { { AT(17, 0), KIND_IN, KIND_IN, EFFECT_OPENS, false },
		{ AT(30, 59), KIND_NONE, KIND_OUT, EFFECT_CLOSES, false } } },
	{ "W5: within the shift an in is redundant", &nights,
	    { { AT(20, 0), KIND_IN, KIND_IN, EFFECT_OPENS, false },
		{ AT(31, 0), KIND_IN, KIND_IN, EFFECT_REDUNDANT, false } } },
};

static void
scans_go_by_the_plan(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(stories); i++) {
		struct pairing p = { .plan = stories[i].plan };

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

/* W8: the last out counts, also when an in after it is lost by now (W7). */
static void
after_a_lost_in_the_last_out_is_still_near(void **state)
{
	struct pairing p = { .plan = &plain };
	const struct fact facts[] = { FACT(AT(9, 0), KIND_IN, LIMIT, 0),
		FACT(AT(17, 30), KIND_OUT, LIMIT, 0),
		FACT(AT(18, 10), KIND_IN, H, 0) }; /* an hour at most */

	(void)state;
	for (size_t i = 0; i < LENGTH(facts); i++)
		pairing_step(&p, &facts[i]);
	assert_int_equal(pairing_propose(&p, AT(19, 10)), KIND_OUT); /* W6 */
	assert_int_equal(pairing_propose(&p, AT(19, 30)), KIND_IN);
	assert_int_equal(pairing_propose(&p, AT(19, 30) + 1), KIND_OUT);
}

/* W5: of one second the in first if nothing is open, whatever a tap means. */
static void
of_a_second_the_meaning_decides(void **state)
{
	static const struct fact end[] = { FACT(AT(17, 0), KIND_NONE, LIMIT, 0),
		FACT(AT(17, 0), KIND_IN, LIMIT, 0) };
	static const struct fact next[] = {
		FACT(AT(17, 30), KIND_IN, LIMIT, 0),
		FACT(AT(33, 0), KIND_NONE, LIMIT, 0),
		FACT(AT(33, 0), KIND_OUT, LIMIT, 0),
	};
	struct step steps[LENGTH(next)];
	size_t order[LENGTH(next)];
	struct pairing p = { .plan = &plain };

	(void)state;
	pairing_fold(&p, end, LENGTH(end), steps, order);
	assert_int_equal(order[0], 1);
	assert_int_equal(steps[1].effect, EFFECT_OPENS);
	assert_int_equal(steps[0].effect, EFFECT_REPEAT);

	p = (struct pairing){ .plan = &plain };
	pairing_fold(&p, next, LENGTH(next), steps, order);
	assert_int_equal(steps[2].effect, EFFECT_CLOSES);
	assert_int_equal(steps[1].effect, EFFECT_REPEAT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interval_belongs_to_the_shift_it_begins_in),
		cmocka_unit_test(of_two_shifts_the_nearer_start),
		cmocka_unit_test(
		    the_limit_is_at_least_the_planned_length_and_four_hours),
		cmocka_unit_test(scans_go_by_the_plan),
		cmocka_unit_test(after_a_lost_in_the_last_out_is_still_near),
		cmocka_unit_test(of_a_second_the_meaning_decides),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
