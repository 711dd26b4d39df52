/*
 * What limits, on figures made by hand: 1000.0 KB/s as it is.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/limits.h"

static struct run_limits limits;
static enum run_resource order[RUN_N_RESOURCES];

static struct run_figure
figure(int64_t throughput)
{
	return (struct run_figure){.is_known = true,
	    .throughput = throughput};
}

static void
setup(void)
{
	memset(&limits, 0, sizeof limits);
	limits.as_is = figure(10000);
}

START_TEST(the_largest_gain_is_first)
{
	limits.freed[RUN_WIRE] = figure(10200);	/* 2 %: just enough */
	limits.freed[RUN_CPU] = figure(12000);
	limits.freed[RUN_BUS] = figure(10199);	/* not quite */
	ck_assert_uint_eq(run_rank(&limits, order), 2);
	ck_assert_int_eq(order[0], RUN_CPU);
	ck_assert_int_eq(order[1], RUN_WIRE);
}
END_TEST

/* 10 times as fast, then 80 % more, less than a tenth of 900 % */
START_TEST(beside_a_large_gain_a_small_one_is_none)
{
	limits.freed[RUN_LOSS] = figure(100000);
	limits.freed[RUN_WIRE] = figure(18000);
	ck_assert_uint_eq(run_rank(&limits, order), 1);
	limits.freed[RUN_WIRE] = figure(19000);
	ck_assert_uint_eq(run_rank(&limits, order), 2);
}
END_TEST

START_TEST(slower_is_told)
{
	limits.freed[RUN_WIRE] = figure(9800);
	limits.freed[RUN_CPU] = figure(9805);	/* -1.95 %, shown as 2.0 */
	limits.freed[RUN_BUS] = figure(9810);
	ck_assert_uint_eq(run_rank(&limits, order), 0);
	ck_assert_uint_eq(run_slower(&limits),
	    run_one(RUN_WIRE) | run_one(RUN_CPU));
}
END_TEST

START_TEST(the_best_pair_is_kept)
{
	run_note_pair(&limits, run_one(RUN_WIRE) | run_one(RUN_CPU),
	    figure(10500));
	run_note_pair(&limits, run_one(RUN_BUS) | run_one(RUN_CPU),
	    figure(10400));
	run_note_pair(&limits, run_one(RUN_BUS) | run_one(RUN_LOSS),
	    (struct run_figure){.throughput = 20000});
	ck_assert(run_pair_limits(&limits));
	ck_assert_uint_eq(limits.pair, run_one(RUN_WIRE) | run_one(RUN_CPU));
}
END_TEST

/* What stands still has no percent, but a limit all the same. */
START_TEST(nothing_moved)
{
	int64_t tenths;

	limits.as_is = figure(0);
	limits.freed[RUN_READER] = figure(1);
	ck_assert(!run_gain(&limits, limits.freed[RUN_READER], &tenths));
	ck_assert_uint_eq(run_rank(&limits, order), 1);
	ck_assert_int_eq(order[0], RUN_READER);
}
END_TEST

START_TEST(ceilings)
{
	limits.alone[RUN_WIRE] = figure(10100);
	limits.alone[RUN_CPU] = figure(10200);
	ck_assert_uint_eq(run_at_ceiling(&limits), run_one(RUN_WIRE));
	ck_assert_uint_eq(run_all_but(RUN_SPACE), 0);
	ck_assert_uint_eq(run_all_but(RUN_CPU) & (run_one(RUN_CPU) |
	    run_one(RUN_WINDOW) | run_one(RUN_DELAY)), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("limits");
	TCase *tc = tcase_create("limits");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, the_largest_gain_is_first);
	tcase_add_test(tc, beside_a_large_gain_a_small_one_is_none);
	tcase_add_test(tc, slower_is_told);
	tcase_add_test(tc, the_best_pair_is_kept);
	tcase_add_test(tc, nothing_moved);
	tcase_add_test(tc, ceilings);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
