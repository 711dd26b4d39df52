/*
 * The grid: which axes and values a store has, and what a cell says.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sweep/grid.h"
#include "tests/support/sim/scenario_fixture.h"

/* 2 write sizes (not in order), 2 thresholds, 2 variants, 3 replications */
#define TEXT								\
	"[process p]\n[variant a]\n[variant b]\n[sweep]\n"		\
	"process.p.write_size = 64 KiB, 512 B\n"			\
	"kernel.sock_loan_thresh & peer.turnaround = "			\
	"off & 1.5 us, 4 KiB & 0 us\n"					\
	"replications = 3\n"

static char *dir, *path;
static struct scn_fixture fix;
static struct store *store;

/* row_of: the throughput of point n is n KB/s */
static struct res_row
row_of(size_t n)
{
	struct res_row row = { .outcome = RES_DONE };

	row.value[RES_THROUGHPUT_KBPS] = (int64_t)n * 10;
	row.value[RES_CPU_SHARE] = 9900;
	row.cause[CAUSE_COPYIN] = (struct res_cause){
		.compute_ps = 3, .memory_ps = 40 };
	row.cause[CAUSE_NIC_DMA] = (struct res_cause){ .memory_ps = 500 };
	row.detail[RES_D_CPU_STALL] = 6000;
	return row;
}

static void
setup(void)
{
	dir = g_dir_make_tmp("grid-XXXXXX", NULL);
	path = g_build_filename(dir, "s.db", NULL);
	fix = fix_load(TEXT, NULL);
	ck_assert_ptr_nonnull(fix.scn);
	store = store_open(path, fix.scn, "x", true, NULL);
	ck_assert_ptr_nonnull(store);
	for (size_t i = 0; i < scn_sweep_size(fix.scn); i++) {
		struct res_row row = row_of(i);

		if (i == 4)
			row.outcome = RES_CRASHED;
		ck_assert(store_record(store, fix.scn, i, &row, NULL));
	}
}

static void
teardown(void)
{
	store_close(store, NULL);
	fix_fini(&fix);
	g_remove(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
}

static struct grid *
read_grid(const char *const *where)
{
	GError *error = NULL;
	struct grid *grid = grid_read(store, where, &error);

	ck_assert_msg(grid != NULL, "%s", error ? error->message : "");
	return grid;
}

START_TEST(axes)
{
	struct grid *grid = read_grid(NULL);
	g_autofree char *size = grid_label(&grid->axes[0], 1);
	g_autofree char *off = grid_label(&grid->axes[1], 0);
	g_autofree char *thresh = grid_label(&grid->axes[1], 1);

	ck_assert_uint_eq(grid->n_axes, 3);
	ck_assert_uint_eq(grid->n_cells, 8);
	ck_assert_str_eq(grid->axes[0].key, "process.p.write_size");
	ck_assert_str_eq(grid_short(&grid->axes[0]), "write_size");
	ck_assert_str_eq(grid_unit(&grid->axes[0]), "B");
	ck_assert_str_eq(grid->axes[2].key, "variant");
	ck_assert_str_eq(grid_unit(&grid->axes[2]), "");
	/* numbers by size; where a word is among them, as they came */
	ck_assert_double_eq(grid_number(&grid->axes[0], 0), 512);
	ck_assert_str_eq(size, "64 KiB");
	ck_assert_str_eq(off, "off");
	ck_assert_str_eq(thresh, "4 KiB");
	ck_assert(isnan(grid_number(&grid->axes[1], 0)));
	ck_assert_uint_eq(grid_find(grid, "write_size"), 0);
	ck_assert_uint_eq(grid_find(grid, "kernel.sock_loan_thresh"), 1);
	ck_assert_uint_eq(grid_find(grid, "variant"), 2);
	ck_assert_uint_eq(grid_find(grid, "size"), 3);
	grid_free(grid);
}
END_TEST

/*
 * 64 KiB comes first in the sweep and last in the grid.  Points 0 to 2 are the
 * replications of (64 KiB, off, a), 3 to 5 of (64 KiB, off, b), of which 4
 * failed.
 */
START_TEST(cells)
{
	struct grid *grid = read_grid(NULL);
	const struct grid_cell *cell = grid_cell_at(grid,
	    (size_t[GRID_MAX_AXES]){ 1, 0, 0 });

	ck_assert_uint_eq(cell->n, 3);
	ck_assert_double_eq(cell->throughput, 1);	/* of 0, 1, 2 */
	ck_assert_double_eq(cell->low, 0);
	ck_assert_double_eq(cell->high, 2);
	/* sqrt((1 + 0 + 1) / 2) */
	ck_assert_double_eq(cell->deviation, 1);
	ck_assert_double_eq(cell->cpu_share, 0.99);
	/* the processor's own, with its stalls, without the NIC's */
	ck_assert_int_eq(cell->compute_ps, 3);
	ck_assert_int_eq(cell->memory_ps, 6040);
	cell = grid_cell_at(grid, (size_t[GRID_MAX_AXES]){ 1, 0, 1 });
	ck_assert_uint_eq(cell->n, 2);
	ck_assert_double_eq(cell->throughput, 4);	/* of 3 and 5 */
	/* (512 B, 4 KiB, b): the last three, 21 to 23 */
	cell = grid_cell_at(grid, (size_t[GRID_MAX_AXES]){ 0, 1, 1 });
	ck_assert_double_eq(cell->throughput, 22);
	grid_free(grid);
}
END_TEST

START_TEST(slices)
{
	static const char *const where[] = {
		"process.p.write_size = 0.5 KiB", "variant=b", NULL
	};
	struct grid *grid = read_grid(where);
	const struct grid_cell *cell;

	ck_assert_uint_eq(grid->n_axes, 2);
	ck_assert_str_eq(grid->axes[0].key, "kernel.sock_loan_thresh");
	ck_assert_uint_eq(grid->axes[1].values->len, 1);
	/* (512 B, off, b): 15 to 17 */
	cell = grid_cell_at(grid, (size_t[GRID_MAX_AXES]){ 0, 0 });
	ck_assert_double_eq(cell->throughput, 16);
	grid_free(grid);
}
END_TEST

static void
assert_refused(const char *where, const char *expected)
{
	GError *error = NULL;

	ck_assert_ptr_null(grid_read(store, (const char *const[]){ where,
	    NULL }, &error));
	ck_assert(g_error_matches(error, DB_ERROR, DB_ERROR_INPUT));
	ck_assert_msg(strstr(error->message, expected) != NULL, "%s",
	    error->message);
	g_clear_error(&error);
}

START_TEST(bad_slices)
{
	assert_refused("kernel.hz=50 Hz", "\"kernel.hz\" is no axis; there "
	    "are process.p.write_size, kernel.sock_loan_thresh, "
	    "peer.turnaround, variant");
	/* it follows the key before it */
	assert_refused("peer.turnaround=0 us", "is no axis");
	assert_refused("variant", "is not of the form KEY=VALUE");
	assert_refused("variant=c", "no point has these values");
	assert_refused("process.p.write_size=1 KiB", "no point has");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("grid");
	TCase *tc = tcase_create("grid");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, axes);
	tcase_add_test(tc, cells);
	tcase_add_test(tc, slices);
	tcase_add_test(tc, bad_slices);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
