/*
 * Random streams: the published sequence, even numbers, streams that have
 * nothing to do with each other.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/base/random.h"

enum { CELLS = 16, DRAWS = 160000, PER_CELL = DRAWS / CELLS };

/*
 * The first numbers of xoshiro256** from the state 1, 2, 3, 4, by hand: the
 * first is rotl(2 * 5, 7) * 9 = 1280 * 9; the step leaves s[1] = 2^2^1^3 = 0,
 * so the second is 0.  The others are those of the authors' own program.
 */
START_TEST(test_published_sequence)
{
	static const uint64_t wanted[] = {11520, 0, 1509978240,
	    UINT64_C(1215971899390074240), UINT64_C(1216172134540287360)};
	struct random r = {{1, 2, 3, 4}};

	for (int i = 0; i < 5; i++)
		ck_assert_uint_eq(random_next(&r), wanted[i]);
}
END_TEST

/* What a seed and a purpose stand for: no release may change it. */
START_TEST(test_golden_sequences)
{
	static const struct {
		uint64_t seed, purpose;
		uint64_t first[4];
	} golden[] = {
	    {1, 0, {UINT64_C(0xa42f370f4f3e6190),
	    UINT64_C(0x45e571af977ba0f4), UINT64_C(0x9377f4cd1e203441),
	    UINT64_C(0x2e1831a86ab524c8)}},
	    {1, 1, {UINT64_C(0x2977b76bc62ea00e),
	    UINT64_C(0xf8b59be75063a739), UINT64_C(0xa651514af99e0698),
	    UINT64_C(0xffcaf943d567549b)}},
	    {2, 0, {UINT64_C(0x6dbceba9bae9a9f1),
	    UINT64_C(0x4d85fb41630d9a13), UINT64_C(0x71bf7a764afd3f85),
	    UINT64_C(0xc42fd1796a125abd)}}};

	for (size_t g = 0; g < sizeof golden / sizeof *golden; g++) {
		struct random r;

		random_init(&r, golden[g].seed, golden[g].purpose);
		for (int i = 0; i < 4; i++)
			ck_assert_uint_eq(random_next(&r),
			    golden[g].first[i]);
	}
}
END_TEST

/* Any seed makes a state that moves, 0 and the largest included. */
START_TEST(test_every_seed_has_a_state)
{
	static const uint64_t seeds[] = {0, 1, INT64_MAX, UINT64_MAX,
	    UINT64_C(0x61c8864680b583eb)};	/* 0 once the step is added */

	for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
		struct random r;

		random_init(&r, seeds[i], 0);
		ck_assert_uint_ne(r.state[0] | r.state[1] | r.state[2] |
		    r.state[3], 0);
		ck_assert_uint_ne(random_next(&r), random_next(&r));
	}
}
END_TEST

/*
 * assert_even: cells of one probability.
 *
 * The sum of (n - m)^2 / m over 16 cells of mean m has 15 degrees of freedom:
 * mean 15, variance 30.  Below 1.70 and above 50.49 lies 10^-5 of chi square's
 * distribution each; with m = 10,000 that is 17,000 and 504,900 for the sum of
 * squares.
 */
static void
assert_even(const int64_t cells[CELLS])
{
	int64_t sum = 0;

	for (int i = 0; i < CELLS; i++)
		sum += (cells[i] - PER_CELL) * (cells[i] - PER_CELL);
	ck_assert_int_gt(sum, 17000);
	ck_assert_int_lt(sum, 504900);
}

START_TEST(test_below_is_even)
{
	int64_t cells[CELLS] = {0};
	struct random r;

	random_init(&r, (uint64_t)_i, 7);
	for (int i = 0; i < DRAWS; i++)
		cells[random_below(&r, CELLS)]++;
	assert_even(cells);
}
END_TEST

/*
 * An n that divides 2^64 worst: of 3 x 2^62, numbers below 2^62 would come
 * twice as often as others if the surplus were kept.
 */
START_TEST(test_below_is_unbiased)
{
	const uint64_t n = UINT64_C(3) << 62;
	int64_t cells[CELLS] = {0};
	struct random r;

	random_init(&r, 3, 0);
	for (int i = 0; i < DRAWS; i++) {
		uint64_t drawn = random_below(&r, n);

		ck_assert_uint_lt(drawn, n);
		cells[drawn / (n / CELLS)]++;
	}
	assert_even(cells);
}
END_TEST

/* Neighbours in seed or purpose: pairs of their numbers fill a 4 x 4 table. */
START_TEST(test_streams_are_independent)
{
	int64_t cells[CELLS] = {0};
	struct random a, b;

	random_init(&a, 5, 1);
	random_init(&b, _i == 0 ? 6 : 5, _i == 0 ? 1 : 2);
	for (int i = 0; i < DRAWS; i++)
		cells[random_below(&a, 4) * 4 + random_below(&b, 4)]++;
	assert_even(cells);
}
END_TEST

/* So do a number and the next one of the same stream. */
START_TEST(test_neighbours_are_independent)
{
	int64_t cells[CELLS] = {0};
	struct random r;

	random_init(&r, 5, 1);
	for (int i = 0; i < DRAWS; i++) {
		uint64_t first = random_below(&r, 4);

		cells[first * 4 + random_below(&r, 4)]++;
	}
	assert_even(cells);
}
END_TEST

START_TEST(test_below_one)
{
	struct random r;

	random_init(&r, 1, 1);
	for (int i = 0; i < 100; i++)
		ck_assert_uint_eq(random_below(&r, 1), 0);
}
END_TEST

/*
 * 10^6 trials of chance p: the standard error is 1000 sqrt(p (1 - p)); four of
 * them are missed once in 16,000.
 */
START_TEST(test_chance)
{
	static const struct {
		int64_t p;	/* 10^-9 */
		int64_t mean, bound;
	} cases[] = {
	    {0, 0, 0},
	    {1000000, 1000, 4 * 32},		/* 0.1 %: 31.6 */
	    {10000000, 10000, 4 * 100},		/* 1 %: 99.5 */
	    {500000000, 500000, 4 * 500},	/* a half: 500 */
	    {990000000, 990000, 4 * 100},
	    {RANDOM_CERTAIN, 1000000, 0}};
	struct random r;
	int64_t n = 0;

	random_init(&r, 11, 0);
	for (int i = 0; i < 1000000; i++)
		n += random_chance(&r, cases[_i].p);
	ck_assert_int_ge(n, cases[_i].mean - cases[_i].bound);
	ck_assert_int_le(n, cases[_i].mean + cases[_i].bound);
}
END_TEST

/* What happens with chance 1 % happens with 2 % as well, among other things. */
START_TEST(test_chances_are_nested)
{
	struct random a, b;
	int n = 0;

	random_init(&a, 1, 0);
	random_init(&b, 1, 0);
	for (int i = 0; i < 100000; i++) {
		bool rare = random_chance(&a, 10000000);

		ck_assert(random_chance(&b, 20000000) || !rare);
		n += rare;
	}
	ck_assert_int_gt(n, 0);
}
END_TEST

START_TEST(test_death_of_nothing_to_choose)
{
	struct random r;

	random_init(&r, 1, 0);
	random_below(&r, 0);
}
END_TEST

START_TEST(test_death_of_more_than_certain)
{
	struct random r;

	random_init(&r, 1, 0);
	random_chance(&r, RANDOM_CERTAIN + 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("base/random");
	TCase *tc = tcase_create("random");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, test_published_sequence);
	tcase_add_test(tc, test_golden_sequences);
	tcase_add_test(tc, test_every_seed_has_a_state);
	tcase_add_loop_test(tc, test_below_is_even, 0, 10);
	tcase_add_test(tc, test_below_is_unbiased);
	tcase_add_loop_test(tc, test_streams_are_independent, 0, 2);
	tcase_add_test(tc, test_neighbours_are_independent);
	tcase_add_test(tc, test_below_one);
	tcase_add_loop_test(tc, test_chance, 0, 6);
	tcase_add_test(tc, test_chances_are_nested);
	tcase_add_test_raise_signal(tc, test_death_of_nothing_to_choose,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_of_more_than_certain,
	    SIGABRT);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
