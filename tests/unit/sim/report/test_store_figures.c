/*
 * The figures of a store: what they put in front of their templates, with the
 * numbers worked out by hand.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/figure.h"
#include "sim/report/output.h"
#include "tests/support/sim/grid_fixture.h"

/* Four cells that differ in what bounds them. */
enum bound { WIRE, MEMORY, PROCESSOR, NEITHER };

static GString *
script_of(const struct rep_figure *figure, const struct grid *grid)
{
	GString *out = g_string_new(NULL);
	GError *error = NULL;

	ck_assert_msg(figure->write(out, &(struct rep_data){ .title = "T",
		.grid = grid }, REP_SVG, &error), "%s",
	    error != NULL ? error->message : "");
	return out;
}

static void
assert_has(const GString *script, const char *text)
{
	ck_assert_msg(strstr(script->str, text) != NULL, "no \"%s\" in %s",
	    text, script->str);
}

static void
assert_refused(const struct rep_figure *figure, const struct grid *grid,
    const char *text)
{
	GString *out = g_string_new(NULL);
	GError *error = NULL;

	ck_assert(!figure->write(out, &(struct rep_data){ .title = "T",
		.grid = grid }, REP_SVG, &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_FIGURE));
	ck_assert_msg(strstr(error->message, text) != NULL, "%s",
	    error->message);
	g_error_free(error);
	g_string_free(out, TRUE);
}

/*
 * b is slower at 1 KiB and faster from 2 KiB on; c is 0.4 % faster at 2 KiB,
 * which is no difference, and 1 % at 4 KiB.
 */
START_TEST(crossings)
{
	static const char *const axes[] = {
		"process.p.write_size=1024,2048,4096", "variant=a,b,c", NULL };
	struct grid *grid = fix_grid(axes, (const double[]){ 100, 90, 100,
	    100, 110, 100.4, 100, 120, 101 });
	GString *script = script_of(&rep_figure_write_size, grid);

	assert_has(script, "band_from[1] = 1024\nband_to[1] = 2048\n"
	    "band_name[1] = 'b passes a between 1 KiB and 2 KiB'\n");
	assert_has(script, "band_from[2] = 2048\nband_to[2] = 4096\n"
	    "band_name[2] = 'c passes a between 2 KiB and 4 KiB'\n");
	assert_has(script, "n_bands = 2\n");
	assert_has(script, "wire_limit = 11493\n");
	assert_has(script, "n_lines = 3\n");
	assert_has(script, "line_name[3] = 'c'\n");
	assert_has(script, "$points << EOD\n1 1024 100 100 100\n");
	g_string_free(script, TRUE);
	grid_free(grid);
}
END_TEST

/*
 * Two values of another axis: each line against the one of its own value.  b
 * passes a where n_buffers is 1, never where it is 2, though it is always
 * faster than a is there with 1.
 */
START_TEST(crossings_of_their_own)
{
	static const char *const axes[] = {
		"process.p.write_size=1024,2048", "process.p.n_buffers=1,2",
		"variant=a,b", NULL };
	struct grid *grid = fix_grid(axes, (const double[]){ 100, 90, 300, 200,
	    100, 110, 300, 200 });
	GString *script = script_of(&rep_figure_write_size, grid);

	assert_has(script, "band_name[1] = 'b, n_buffers 1 passes a, n_buffers "
	    "1 between 1 KiB and 2 KiB'\n");
	assert_has(script, "n_bands = 1\n");
	g_string_free(script, TRUE);
	grid_free(grid);
}
END_TEST

/* a line does not go on, and nothing crosses, where there is no result */
START_TEST(gaps)
{
	static const char *const axes[] = { "process.p.write_size=1024,2048",
		"variant=a,b", NULL };
	struct grid *grid = fix_grid(axes, (const double[]){ 100, 90, -1,
	    110 });
	GString *script = script_of(&rep_figure_write_size, grid);

	assert_has(script, "n_bands = 0\n");
	assert_has(script, "$points << EOD\n1 1024 100 100 100\n"
	    "2 1024 90 90 90\n2 2048 110 110 110\nEOD\n");
	g_string_free(script, TRUE);
	grid_free(grid);
}
END_TEST

static void
bind(struct grid_cell *cell, enum bound bound)
{
	cell->wire_share = bound == WIRE ? 0.98 : 0.979;
	cell->bus_share = 0.5;
	cell->cpu_share = bound == NEITHER ? 0.979 : 0.98;
	cell->compute_ps = 10;
	cell->memory_ps = bound == MEMORY ? 11 : 10;
}

/*
 * Regions end half way between two values, by factors: at sqrt(40 * 80) =
 * 56.5685 MB/s and sqrt(160 * 320) = 226.2742 MB/s; equal neighbours are one.
 */
START_TEST(regions)
{
	static const char *const axes[] = { "board.memory.read_bandwidth="
		"40000000,80000000,160000000,320000000", "variant=a,b", NULL };
	struct grid *grid = fix_grid(axes, (const double[]){ 1, 1, 2, 2, 3, 3,
	    4, -1 });
	GString *script;

	for (size_t i = 0; i < grid->n_cells; i++)
		bind(&grid->cells[i], NEITHER);
	bind(&grid->cells[0], MEMORY);		/* of a */
	bind(&grid->cells[2], PROCESSOR);
	bind(&grid->cells[4], PROCESSOR);
	bind(&grid->cells[6], WIRE);
	bind(&grid->cells[1], MEMORY);		/* of b: the bus itself */
	grid->cells[1].cpu_share = 0.3;
	grid->cells[1].bus_share = 0.98;
	script = script_of(&rep_figure_bandwidth, grid);
	assert_has(script, "$regions << EOD\n"
	    "1 40000000 56568542.49 2\n"
	    "1 56568542.49 226274170 3\n"
	    "1 226274170 320000000 1\n"
	    "2 40000000 56568542.49 2\n");
	assert_has(script, "n_panels = 2\n");
	assert_has(script, "1 320000000 4 11493\n2 40000000 1 11493\n");
	g_string_free(script, TRUE);
	grid_free(grid);
}
END_TEST

START_TEST(panels)
{
	static const char *const many[] = {
		"board.memory.read_bandwidth=1000000,2000000",
		"variant=a,b,c,d,e", NULL };
	static const char *const one[] = {
		"board.memory.read_bandwidth=1000000", "variant=a", NULL };
	const double KBps[10] = { 0 };
	struct grid *grid = fix_grid(many, KBps);

	assert_refused(&rep_figure_bandwidth, grid, "5 panels, and at most 4");
	grid_free(grid);
	grid = fix_grid(one, KBps);
	assert_refused(&rep_figure_bandwidth, grid,
	    "a bandwidth alone makes no curve");
	assert_refused(&rep_figure_gain, grid,
	    "the store has no axis write_size");
	grid_free(grid);
}
END_TEST

/* rows are bandwidths, columns sizes: 150/100, 120/100; 60/50, none */
START_TEST(map)
{
	static const char *const axes[] = { "process.p.write_size=1024,2048",
		"board.memory.read_bandwidth=40000000,80000000",
		"variant=a,b", NULL };
	struct grid *grid = fix_grid(axes, (const double[]){ 100, 150, 50, 60,
	    100, 120, 50, -1 });
	GString *script = script_of(&rep_figure_gain, grid);

	assert_has(script, "set xtics ('1 KiB' 1, '2 KiB' 2)\n"
	    "set ytics ('40 MB/s' 1, '80 MB/s' 2)\n");
	assert_has(script, "ratio_label = 'throughput of b over a'\n");
	assert_has(script, "$cells << EOD\n1 1 1.5\n2 1 1.2\n1 2 1.2\nEOD\n");
	g_string_free(script, TRUE);
	grid_free(grid);
}
END_TEST

START_TEST(map_of_two_axes)
{
	static const char *const axes[] = { "process.p.write_size=1024,2048",
		"board.memory.read_bandwidth=40000000,80000000",
		"kernel.hz=50,100", "variant=a,b", NULL };
	const double KBps[16] = { 0 };
	struct grid *grid = fix_grid(axes, KBps);

	assert_refused(&rep_figure_gain, grid, "a map has two axes; --where "
	    "kernel.hz=VALUE keeps one value of the third");
	grid_free(grid);
	/* nothing arrived: there is no ratio, and no map of nothing */
	grid = fix_grid((const char *const[]){ axes[0], axes[1], axes[3],
	    NULL }, KBps);
	assert_refused(&rep_figure_gain, grid, "nowhere do both variants");
	grid_free(grid);
}
END_TEST

START_TEST(refills)
{
	static const char *const axes[] = {
		"process.p.refill_bytes=1024,65536", "kernel.hz=50,100",
		"variant=a,b", NULL };
	struct grid *grid = fix_grid(axes, (const double[]){ 100, 150, 50, 60,
	    -1, 120, 50, 40 });
	GString *script = script_of(&rep_figure_refill, grid);

	assert_has(script, "n_lines = 2\n");
	assert_has(script, "line_name[2] = 'hz 100 Hz'\n");
	assert_has(script, "$points << EOD\n1 1024 1.5\n2 1024 1.2\n"
	    "2 65536 0.8\nEOD\n");
	g_string_free(script, TRUE);
	grid_free(grid);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("store_figures");
	TCase *tc = tcase_create("store_figures");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, crossings);
	tcase_add_test(tc, crossings_of_their_own);
	tcase_add_test(tc, gaps);
	tcase_add_test(tc, regions);
	tcase_add_test(tc, panels);
	tcase_add_test(tc, map);
	tcase_add_test(tc, map_of_two_axes);
	tcase_add_test(tc, refills);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
