/*
 * Series: which lines a grid has, what they are called, what is divided by
 * what.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/output.h"
#include "sim/report/series.h"
#include "tests/support/sim/grid_fixture.h"

#define SIZES		"process.p.write_size=512,1024"
#define SPACES		"kernel.tcp_sendspace=16384,32768"

static const char *const two_axes[] = { SIZES, SPACES, "kernel.hz=100",
	"variant=a,b", NULL };
/* by size, then space, then variant */
static const double two_axes_KBps[] = { 100, 150, 200, 180, 0, 90, 50, -1 };

static void
assert_told(GError *error, const char *text)
{
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_FIGURE));
	ck_assert_msg(strstr(error->message, text) != NULL, "%s",
	    error->message);
	g_error_free(error);
}

START_TEST(lines_and_names)
{
	static const char *const names[] = { "a, tcp_sendspace 16 KiB",
		"b, tcp_sendspace 16 KiB", "a, tcp_sendspace 32 KiB",
		"b, tcp_sendspace 32 KiB" };
	struct grid *grid = fix_grid(two_axes, two_axes_KBps);
	struct series_set set;

	ck_assert(series_of(&set, grid, "write_size", false, NULL));
	ck_assert_uint_eq(set.n, 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_str_eq(set.series[i].name, names[i]);
	ck_assert_uint_eq(series_length(&set), 2);
	ck_assert_double_eq(series_cell(&set, 1, 0, 0)->throughput, 150);
	ck_assert_double_eq(series_cell(&set, 2, 1, 0)->throughput, 50);
	series_clear(&set);
	grid_free(grid);
}
END_TEST

START_TEST(lines_of_all_variants)
{
	struct grid *grid = fix_grid(two_axes, two_axes_KBps);
	struct series_pair pair;
	struct series_set set;

	ck_assert(series_of(&set, grid, "write_size", true, NULL));
	ck_assert(series_pair_of(grid, &(struct rep_data){ .grid = grid },
	    &pair, NULL));
	ck_assert_uint_eq(set.n, 2);
	ck_assert_str_eq(set.series[1].name, "tcp_sendspace 32 KiB");
	/* 150 / 100 and 180 / 200; over 0 and of a missing one there is none */
	ck_assert_double_eq(series_ratio(&set, 0, 0, &pair), 1.5);
	ck_assert_double_eq(series_ratio(&set, 1, 0, &pair), 0.9);
	ck_assert_double_eq(series_ratio(&set, 0, 1, &pair), 0);
	ck_assert_double_eq(series_ratio(&set, 1, 1, &pair), 0);
	ck_assert(series_has_ratio(&set, &pair, NULL));
	series_clear(&set);
	grid_free(grid);
}
END_TEST

/* a single value of all other axes makes a line without a name */
START_TEST(one_line)
{
	static const char *const axes[] = { SIZES, "variant=a", NULL };
	struct grid *grid = fix_grid(axes, (const double[]){ 1, 2 });
	struct series_set set;

	ck_assert(series_of(&set, grid, "write_size", false, NULL));
	ck_assert_uint_eq(set.n, 1);
	ck_assert_str_eq(set.series[0].name, "");
	series_clear(&set);
	grid_free(grid);
}
END_TEST

START_TEST(refused)
{
	static const char *const many[] = { SIZES, "kernel.hz=10,20,50",
		"variant=a,b,c", NULL };
	const double missing[] = { -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
		-1, -1, -1, -1, -1, -1, 1 };
	struct grid *grid = fix_grid(many, missing);
	struct series_set set;
	GError *error = NULL;

	/* 3 * 3 is one more than has room */
	ck_assert(!series_of(&set, grid, "write_size", false, &error));
	assert_told(error, "9 lines, and at most 8 can be told apart; --where "
	    "KEY=VALUE keeps one value of kernel.hz (3 values), variant (3 "
	    "values)");
	series_clear(&set);
	error = NULL;
	ck_assert(!series_of(&set, grid, "refill_bytes", false, &error));
	assert_told(error, "the store has no axis refill_bytes");
	series_clear(&set);
	error = NULL;
	grid->cells[17].n = 0;
	ck_assert(!series_of(&set, grid, "write_size", true, &error));
	assert_told(error, "no point has a result");
	series_clear(&set);
	grid_free(grid);
}
END_TEST

static void
assert_no_pair(const struct grid *grid, const char *base, const char *variant,
    const char *text)
{
	struct series_pair pair;
	GError *error = NULL;

	ck_assert(!series_pair_of(grid, &(struct rep_data){ .grid = grid,
		.base = base, .variant = variant }, &pair, &error));
	assert_told(error, text);
}

START_TEST(pairs)
{
	static const char *const axes[] = {
		"process.p.write_size=1024", "variant=a,b,c", NULL };
	struct grid *grid = fix_grid(axes, (const double[]){ 1, -1, -1 });
	struct series_set set;
	struct series_pair pair;
	GError *error = NULL;

	ck_assert(series_pair_of(grid, &(struct rep_data){ 0 }, &pair, NULL));
	ck_assert_uint_eq(pair.base, 0);
	ck_assert_uint_eq(pair.other, 2);
	ck_assert(series_pair_of(grid, &(struct rep_data){ .base = "b",
		.variant = "a" }, &pair, NULL));
	ck_assert_uint_eq(pair.base, 1);
	ck_assert_uint_eq(pair.other, 0);
	assert_no_pair(grid, "d", NULL, "the store has no variant d");
	assert_no_pair(grid, NULL, "", "the store has no variant ");
	assert_no_pair(grid, "c", NULL, "here is but one");
	/* nothing to divide: only a has a result */
	ck_assert(series_of(&set, grid, "write_size", true, NULL));
	ck_assert(!series_has_ratio(&set, &pair, &error));
	assert_told(error, "nowhere do both variants have a throughput");
	series_clear(&set);
	grid_free(grid);
}
END_TEST

static void
assert_ticks(const char *axis, const char *expected)
{
	const char *const axes[] = { axis, "variant=a", NULL };
	const double KBps[13] = { 0 };
	struct grid *grid = fix_grid(axes, KBps);
	struct series_set set;
	GString *out = g_string_new(NULL);

	ck_assert(series_of(&set, grid, grid->axes[0].key, false, NULL));
	series_ticks(out, &set);
	ck_assert_str_eq(out->str, expected);
	g_string_free(out, TRUE);
	series_clear(&set);
	grid_free(grid);
}

/* by factors if more than two values grow more than fourfold */
START_TEST(ticks)
{
	assert_ticks("kernel.tcp_sendspace=2048,4096,16384", "x_is_log = 1\n"
	    "set xtics ('2 KiB' 2048, '4 KiB' 4096, '16 KiB' 16384)\n");
	assert_ticks("kernel.tcp_sendspace=2048,4096,8192", "x_is_log = 0\n"
	    "set xtics ('2 KiB' 2048, '4 KiB' 4096, '8 KiB' 8192)\n");
	/* a word has a place, but no size */
	assert_ticks("kernel.sock_loan_thresh=off,4096,65536",
	    "x_is_log = 0\n"
	    "set xtics ('off' 1, '4 KiB' 2, '64 KiB' 3)\n");
	/* 13 labels would touch each other: every second one */
	assert_ticks("process.p.n_buffers=1,2,3,4,5,6,7,8,9,10,11,12,13",
	    "x_is_log = 1\nset xtics ('1' 1, '3' 3, '5' 5, '7' 7, '9' 9, "
	    "'11' 11, '13' 13)\n");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("series");
	TCase *tc = tcase_create("series");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, lines_and_names);
	tcase_add_test(tc, lines_of_all_variants);
	tcase_add_test(tc, one_line);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, pairs);
	tcase_add_test(tc, ticks);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
