/*
 * What limits, on figures made by hand: 1000.0 KB/s as it is.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/limits.h"
#include "tests/support/sim/scenario_fixture.h"

static struct run_gains gains;
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
	memset(&gains, 0, sizeof gains);
	gains.as_is = figure(10000);
}

START_TEST(the_largest_gain_is_first)
{
	gains.freed[RUN_WIRE] = figure(10200);	/* 2 %: just enough */
	gains.freed[RUN_CPU] = figure(12000);
	gains.freed[RUN_BUS] = figure(10199);	/* not quite */
	ck_assert_uint_eq(run_rank(&gains, order), 2);
	ck_assert_int_eq(order[0], RUN_CPU);
	ck_assert_int_eq(order[1], RUN_WIRE);
}
END_TEST

/* 10 times as fast, then 80 % more, less than a tenth of 900 % */
START_TEST(beside_a_large_gain_a_small_one_is_none)
{
	gains.freed[RUN_LOSS] = figure(100000);
	gains.freed[RUN_WIRE] = figure(18000);
	ck_assert_uint_eq(run_rank(&gains, order), 1);
	gains.freed[RUN_WIRE] = figure(19000);
	ck_assert_uint_eq(run_rank(&gains, order), 2);
}
END_TEST

START_TEST(slower_is_told)
{
	gains.freed[RUN_WIRE] = figure(9800);
	gains.freed[RUN_CPU] = figure(9805);	/* -1.95 %, shown as 2.0 */
	gains.freed[RUN_BUS] = figure(9810);
	ck_assert_uint_eq(run_rank(&gains, order), 0);
	ck_assert_uint_eq(run_slower(&gains),
	    run_one(RUN_WIRE) | run_one(RUN_CPU));
}
END_TEST

START_TEST(the_best_pair_is_kept)
{
	run_note_pair(&gains, run_one(RUN_WIRE) | run_one(RUN_CPU),
	    figure(10500));
	run_note_pair(&gains, run_one(RUN_BUS) | run_one(RUN_CPU),
	    figure(10400));
	run_note_pair(&gains, run_one(RUN_BUS) | run_one(RUN_LOSS),
	    (struct run_figure){.throughput = 20000});
	ck_assert(run_pair_limits(&gains));
	ck_assert_uint_eq(gains.pair, run_one(RUN_WIRE) | run_one(RUN_CPU));
}
END_TEST

/* What stands still has no percent, but a limit all the same. */
START_TEST(nothing_moved)
{
	int64_t tenths;

	gains.as_is = figure(0);
	gains.freed[RUN_READER] = figure(1);
	ck_assert(!run_gain(&gains, gains.freed[RUN_READER], &tenths));
	ck_assert_uint_eq(run_rank(&gains, order), 1);
	ck_assert_int_eq(order[0], RUN_READER);
}
END_TEST

START_TEST(ceilings)
{
	gains.alone[RUN_WIRE] = figure(10100);
	gains.alone[RUN_CPU] = figure(10200);
	ck_assert_uint_eq(run_at_ceiling(&gains), run_one(RUN_WIRE));
	ck_assert_uint_eq(run_all_but(RUN_SPACE), 0);
	ck_assert_uint_eq(run_all_but(RUN_CPU) & (run_one(RUN_CPU) |
	    run_one(RUN_WINDOW) | run_one(RUN_DELAY)), 0);
}
END_TEST

/* A disk that has moved nothing would have moved it at any speed. */
START_TEST(what_was_not_asked)
{
	struct res_row row = {.outcome = RES_DONE};

	ck_assert_uint_eq(run_unasked(&row), run_one(RUN_DISK));
	row.value[RES_DISK_WRITES] = 1;
	ck_assert_uint_eq(run_unasked(&row), 0);
	row.value[RES_DISK_WRITES] = 0;
	row.value[RES_DISK_READS] = 1;
	ck_assert_uint_eq(run_unasked(&row), 0);
}
END_TEST

START_TEST(busy)
{
	struct res_row row = {.value = {[RES_WIRE_SHARE] = 1,
	    [RES_CPU_SHARE] = 2, [RES_BUS_SHARE] = 3, [RES_DISK_SHARE] = 4,
	    [RES_FAR_CPU_SHARE] = 5}};
	int64_t share;

	ck_assert(run_busy(&row, RUN_WIRE, &share) && share == 1);
	ck_assert(run_busy(&row, RUN_CPU, &share) && share == 2);
	ck_assert(run_busy(&row, RUN_BUS, &share) && share == 3);
	ck_assert(run_busy(&row, RUN_DISK, &share) && share == 4);
	ck_assert(run_busy(&row, RUN_FAR_HOST, &share) && share == 5);
	ck_assert(!run_busy(&row, RUN_WINDOW, &share));
	ck_assert(!run_busy(&row, RUN_READER, &share));
}
END_TEST

static int64_t
enough(const char *text)
{
	const struct res_row row = {
	    .ratio = {[RES_THROUGHPUT_KBPS] = {.num = 1000, .den = 7}}};
	struct scn_fixture fix = fix_load(text, NULL);
	int64_t bytes;

	ck_assert(fix.scn != NULL);
	bytes = run_enough(scn_point(fix.scn, 0), &row);
	fix_fini(&fix);
	return bytes;
}

/* Four times the bytes, but only of what goes on as it has begun. */
START_TEST(enough_is_four_times_as_much)
{
	ck_assert_int_eq(enough("[scenario]\nwarmup = 1 s\n[process p]\n"
	    "start = 1 s\n"), 4000);
	ck_assert_int_eq(enough("[scenario]\nwarmup = 0 s\n[process p]\n"), 0);
	ck_assert_int_eq(enough("[scenario]\nwarmup = 1 s\n[process p]\n"
	    "[process q]\nport = 5002\nstart = 1001 ms\n"), 0);
	ck_assert_int_eq(enough("[scenario]\nwarmup = 1 s\n[peer]\n"
	    "read_rate = 1 MB/s\nread_start = 2 s\n[process p]\n"), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("limits");
	TCase *tc = tcase_create("limits");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, the_largest_gain_is_first);
	tcase_add_test(tc, beside_a_large_gain_a_small_one_is_none);
	tcase_add_test(tc, slower_is_told);
	tcase_add_test(tc, the_best_pair_is_kept);
	tcase_add_test(tc, nothing_moved);
	tcase_add_test(tc, ceilings);
	tcase_add_test(tc, what_was_not_asked);
	tcase_add_test(tc, busy);
	tcase_add_test(tc, enough_is_four_times_as_much);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
