/*
 * Slices: which axes a figure has room for, and where the others stand.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/report/slice.h"
#include "tests/support/sim/grid_fixture.h"

static const char *const axes[] = { "process.p.write_size=1024,2048",
	"board.memory.read_bandwidth=40000000,80000000,160000000",
	"kernel.hz=50,100", "variant=a,b", NULL };
static const size_t kept[GRID_MAX_AXES] = { 1, 1, 0, 1 };
static const double KBps[24];

static void
assert_slice(const struct rep_figure *figure, const char *expected)
{
	struct grid *grid = fix_grid(axes, KBps);
	struct slice slice = slice_of(grid, figure, kept);

	ck_assert(slice_applies(grid, figure));
	ck_assert_str_eq(slice.text->str, expected);
	slice_clear(&slice);
	grid_free(grid);
}

START_TEST(room)
{
	/* 3 * 2 * 2 lines: without the bandwidths 4 are left of 8 */
	assert_slice(&rep_figure_write_size, "read_bandwidth 80 MB/s");
	/* 2 * 2 * 2 panels: the first of equal ones goes */
	assert_slice(&rep_figure_bandwidth, "write_size 2 KiB");
	/* a map has its two axes, and both variants in each cell */
	assert_slice(&rep_figure_gain, "hz 50 Hz");
}
END_TEST

START_TEST(where)
{
	struct grid *grid = fix_grid(axes, KBps);
	struct slice slice = slice_of(grid, &rep_figure_write_size, kept);

	ck_assert_uint_eq(slice.where->len, 1);
	ck_assert_str_eq(slice.where->pdata[0],
	    "board.memory.read_bandwidth=80 MB/s");
	slice_clear(&slice);
	slice = slice_point(grid, kept);
	ck_assert_str_eq(slice.text->str, "write_size 2 KiB, read_bandwidth "
	    "80 MB/s, hz 50 Hz");
	slice_clear(&slice);
	grid_free(grid);
}
END_TEST

/* the variants go last: they are what is compared */
START_TEST(variants_last)
{
	static const char *const many[] = { "process.p.write_size=1024,2048",
		"kernel.hz=50,100", "variant=a,b,c,d,e,f,g,h,i", NULL };
	const double none[36] = { 0 };
	struct grid *grid = fix_grid(many, none);
	struct slice slice = slice_of(grid, &rep_figure_write_size,
	    (const size_t[GRID_MAX_AXES]){ 0, 1, 8 });

	ck_assert_str_eq(slice.text->str, "hz 100 Hz, variant i");
	ck_assert(!slice_applies(grid, &rep_figure_gain));
	slice_clear(&slice);
	grid_free(grid);
}
END_TEST

START_TEST(middle)
{
	struct grid *grid = fix_grid(axes, KBps);

	ck_assert_uint_eq(slice_middle(&grid->axes[1], "160 MB/s"), 2);
	ck_assert_uint_eq(slice_middle(&grid->axes[1], "20 MB/s"), 1);
	ck_assert_uint_eq(slice_middle(&grid->axes[2], NULL), 1);
	grid_free(grid);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("slice");
	TCase *tc = tcase_create("slice");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, room);
	tcase_add_test(tc, where);
	tcase_add_test(tc, variants_last);
	tcase_add_test(tc, middle);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
