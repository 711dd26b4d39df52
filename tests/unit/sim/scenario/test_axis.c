/*
 * One axis: which values a line stands for, and what is said of a bad one.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/scenario/sweep.h"
#include "tests/support/sim/scenario_fixture.h"

static struct scn_fixture
load(const char *line)
{
	g_autofree char *text = g_strdup_printf(
	    "[process p]\n[sweep]\n%s\n", line);

	return fix_load(text, NULL);
}

/* assert_values: the values of the axis, parted by blanks, by number */
static void
assert_values(const char *line, const char *expected)
{
	struct scn_fixture fix = load(line);
	g_autofree char *all = fix_all(&fix);
	g_autoptr(GString) found = g_string_new(NULL);
	const struct scn_axis *axis;

	ck_assert_msg(fix.scn != NULL, "%s: %s", line, all);
	ck_assert_uint_eq(scn_sweep_n_axes(fix.scn), 1);
	axis = scn_sweep_axis(fix.scn, 0);
	for (size_t i = 0; i < scn_axis_n_values(axis); i++)
		for (size_t k = 0; k < axis->n_keys; k++)
			g_string_append_printf(found, "%s%" G_GINT64_FORMAT,
			    k > 0 ? "&" : i > 0 ? " " : "",
			    (gint64)scn_axis_slot(axis, i, k)->value);
	ck_assert_str_eq(found->str, expected);
	fix_fini(&fix);
}

/* assert_told: one mistake, which says this */
static void
assert_told(const char *line, const char *expected)
{
	struct scn_fixture fix = load(line);
	g_autofree char *all = fix_all(&fix);

	ck_assert_msg(fix.errors->len == 1 && fix_says(&fix, expected),
	    "%s: expected \"%s\":%s", line, expected, all);
	fix_fini(&fix);
}

START_TEST(lists)
{
	assert_values("process.p.write_size = 512 B", "512");
	assert_values("process.p.write_size = 512 B,1 KiB , 3 B",
	    "512 1024 3");
	/* the word's index, and the number that "off" stands for */
	assert_values("kernel.sosend_loan = yes, no", "1 0");
	assert_values("kernel.sock_loan_thresh = 1 B, off",
	    "1 9223372036854775807");
}
END_TEST

/* an end that is hit belongs to the range, one that is passed does not */
START_TEST(ranges)
{
	assert_values("process.p.write_size = 1 KiB .. 8 KiB * 2",
	    "1024 2048 4096 8192");
	assert_values("process.p.write_size = 1 KiB .. 7 KiB * 2",
	    "1024 2048 4096");
	assert_values("process.p.n_buffers = 1 .. 10 + 4", "1 5 9");
	assert_values("process.p.n_buffers = 1 .. 1 + 4", "1");
	/* 10 x 1.5 = 15; 22.5 and 33 x 1.5 = 49.5 are rounded down: 22, 33 */
	assert_values("process.p.n_buffers = 10 .. 50 * 1.5",
	    "10 15 22 33 49");
	/* a ratio's step is one, too: 0.5, 1, 1.5 in thousandths */
	assert_values("board.cpu.cpi = 0.5 .. 1.5 + 0.5", "500 1000 1500");
	assert_values("process.p.n_buffers = 1, 10 .. 12 + 1, 99",
	    "1 10 11 12 99");
	/* the end may be the largest number there is: 2^62 x 1999999 / 10^6 */
	assert_values("scenario.seed = 4611686018427387904 .. "
	    "9223372036854775807 * 1.999999",
	    "4611686018427387904 9223367425168757380");
	assert_values("scenario.seed = 9223372036854775806 .. "
	    "9223372036854775807 * 2", "9223372036854775806");
}
END_TEST

START_TEST(joined_keys)
{
	assert_values("process.p.write_size & process.p.n_buffers = "
	    "1 B & 2, 3 B & 4", "1&2 3&4");
	assert_values("process.p.write_size&process.p.n_buffers = "
	    "1 KiB .. 4 KiB * 2 & 1 .. 3 + 1, 5 B & 9",
	    "1024&1 2048&2 4096&3 5&9");
	/* the same value of one key is no repetition */
	assert_values("process.p.write_size & process.p.n_buffers = "
	    "1 B & 2, 1 B & 3", "1&2 1&3");
}
END_TEST

static const struct {
	const char *line, *told;
} bad[] = {
	{ "kernel.hzz = 1", "kernel.hzz: unknown key \"hzz\" in [kernel]" },
	{ "hz = 50 Hz", "hz: is no full name" },
	{ "process.q.align = 1 B", "no [process NAME] named \"q\"" },
	{ "board.profile = iq80310", "a profile holds for all variants" },
	{ "scenario.title = a, b", "can be no axis; permitted: in a [variant" },
	{ "path.drop = data 1", "can be no axis" },
	{ "kernel.hz =", "is empty; permitted: values and ranges" },
	{ "kernel.hz = 50 Hz,", "\"\" is empty" },
	{ "kernel.hz = 50 Hz .. 99 Hz", "has no step; permitted: \"1 KiB .." },
	{ "kernel.hz = 50 Hz .. 40 Hz + 1 Hz", "is below the first value" },
	{ "kernel.hz = 50 Hz .. 99 Hz + 1", "\"1\" is no step" },
	{ "kernel.hz = 50 Hz .. 99 Hz + 0 Hz", "does not make the values" },
	{ "kernel.hz = 50 Hz .. 99 Hz * 1", "does not make the values grow" },
	{ "kernel.hz = 50 Hz .. 99 Hz * 1.01", "does not make the values" },
	{ "kernel.hz = 50 Hz .. 99 Hz * x", "\"x\" is no factor" },
	{ "kernel.hz = 50 Hz .. 99 Hz * 2 3", "\"2 3\" is no factor" },
	{ "kernel.hz = 5 Hz .. 99 Hz * 2", "\"5 Hz\" is out of range" },
	{ "kernel.hz = 50 Hz .. 99 MHz * 2", "\"99 MHz\" is out of range" },
	{ "kernel.sosend_loan = no .. yes + 1", "is a range, and the key takes "
	    "words" },
	{ "scenario.seed = 1 .. 20000 + 1", "more than 10000 values" },
	{ "scenario.seed = 1 .. 9000 + 1, 10000 .. 19000 + 1",
	    "more than 10000 values" },
	{ "kernel.hz = 50 Hz, 0.05 kHz", "\"50 Hz\" comes twice" },
	{ "kernel.hz = 50 Hz & 1", "has an & for a single key" },
	{ "kernel.hz & scenario.seed = 50 Hz", "has not one value for each" },
	{ "kernel.hz & kernel.hz = 50 Hz & 50 Hz", "stands twice in an axis" },
	{ "kernel.hz & scenario.seed = 10 Hz .. 30 Hz + 10 Hz & 1 .. 2 + 1",
	    "has ranges of different lengths" },
	{ "kernel.hz & kernel.hz & kernel.hz & kernel.hz & kernel.hz & "
	    "kernel.hz & kernel.hz & kernel.hz & kernel.hz = 1",
	    "are more than 8 keys" },
};

START_TEST(mistakes)
{
	assert_told(bad[_i].line, bad[_i].told);
}
END_TEST

/* each value that is wrong is told, not only the first */
START_TEST(all_mistakes)
{
	struct scn_fixture fix = load(
	    "kernel.hz = 1 Hz, 50 Hz, 2 MHz, 100");

	ck_assert_uint_eq(fix.errors->len, 3);
	ck_assert(fix_says(&fix, "t.scn:3: error: [sweep] kernel.hz: \"1 Hz\" "
	    "is out of range"));
	ck_assert(fix_says(&fix, "\"2 MHz\" is out of range"));
	ck_assert(fix_says(&fix, "\"100\" has no unit"));
	fix_fini(&fix);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("axis");
	TCase *tc = tcase_create("axis");
	SRunner *runner;
	int failed;

	g_setenv("LOANSIM_DATADIR", TEST_SOURCE_DIR, TRUE);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, lists);
	tcase_add_test(tc, ranges);
	tcase_add_test(tc, joined_keys);
	tcase_add_loop_test(tc, mistakes, 0, G_N_ELEMENTS(bad));
	tcase_add_test(tc, all_mistakes);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
