/*
 * Stacked bars: which causes are named, what the others add up to, and that the
 * parts of a bar are the numbers of its row.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/figure.h"
#include "sim/report/output.h"
#include "tests/support/sim/report_fixture.h"

enum { SEGMENTS = 1000 };

static struct res_row rows[FIXTURE_ROWS];
static struct rep_data data;
static GString *out;

static void
setup(void)
{
	fixture_rows(rows);
	for (int i = 0; i < FIXTURE_ROWS; i++) {
		rows[i].value[RES_SEGMENTS] = SEGMENTS;
		rows[i].value[RES_DATAGRAMS_SENT] = 0;
		rows[i].value[RES_PAYLOAD_BYTES] = 1000;
	}
	data = (struct rep_data){ .title = "t", .n_rows = 1, .rows = rows };
	out = g_string_new(NULL);
}

static void
teardown(void)
{
	g_string_free(out, TRUE);
}

/* us of each segment: two parts compute, one part memory */
static void
set_time(struct res_row *row, enum kern_cause cause, int64_t us)
{
	row->cause[cause].compute_ps = us * SEGMENTS * PS_PER_US / 3 * 2;
	row->cause[cause].memory_ps = us * SEGMENTS * PS_PER_US / 3;
}

static void
write_figure(const struct rep_figure *figure)
{
	GError *error = NULL;

	g_string_truncate(out, 0);
	ck_assert(figure->write(out, &data, REP_PNG, &error));
}

static void
assert_has(const char *text)
{
	ck_assert_msg(strstr(out->str, text) != NULL, "no \"%s\" in %s", text,
	    out->str);
}

static void
assert_lacks(const char *text)
{
	ck_assert_msg(strstr(out->str, text) == NULL, "%s", out->str);
}

/* 90 + 6 us named; 3 us of 102 are less than 3 %; so are 3 more. */
START_TEST(small_causes_are_added_up)
{
	set_time(&rows[0], CAUSE_COPYIN, 90);
	set_time(&rows[0], CAUSE_DRIVER, 6);
	set_time(&rows[0], CAUSE_SYSCALL, 3);
	set_time(&rows[0], CAUSE_WAKEUP, 3);
	rows[0].detail[RES_D_CPU_STALL] = 9 * SEGMENTS * PS_PER_US;
	rows[0].detail[RES_D_CPU_IDLE] = 12 * SEGMENTS * PS_PER_US;
	write_figure(&rep_figure_cpu);
	assert_has("$parts << EOD\n"
	    "1 1 1 0.000 90.000 90.000\n"
	    "1 1 2 90.000 96.000 6.000\n"
	    "1 1 3 96.000 102.000 6.000\n"
	    "1 1 4 102.000 111.000 9.000\n"
	    "1 1 5 111.000 123.000 12.000\nEOD\n");
	assert_has("$sums << EOD\n1 1 123.000 123.000 0\nEOD\n");
	assert_has("part_name[1] = 'copyin';");
	assert_has("part_name[3] = 'other';");
	assert_has("part_name[5] = 'idle';");
	assert_has("first_rest = 4\n");
	assert_has(".'other: syscall wakeup'\n");
}
END_TEST

/* Small in one bar and large in another: it is named in both. */
START_TEST(large_in_one_bar_is_large)
{
	set_time(&rows[0], CAUSE_COPYIN, 99);
	set_time(&rows[0], CAUSE_LOAN, 3);
	set_time(&rows[1], CAUSE_LOAN, 30);
	data.n_rows = 2;
	write_figure(&rep_figure_cpu);
	assert_has("1 1 2 99.000 102.000 3.000\n");
	assert_has("1 2 2 0.000 30.000 30.000\n");
	assert_lacks("'other'");
}
END_TEST

/* Twenty of a size: the first twelve are named. */
START_TEST(twelve_at_most)
{
	for (int i = 0; i < 20; i++)
		set_time(&rows[0], (enum kern_cause)i, 6);
	write_figure(&rep_figure_cpu);
	assert_has("n_parts = 15\n");
	assert_has("1 1 13 72.000 120.000 48.000\n");
}
END_TEST

/* The NIC's transfers are none of the processor's time. */
START_TEST(dma_takes_no_time)
{
	set_time(&rows[0], CAUSE_COPYIN, 90);
	set_time(&rows[0], CAUSE_NIC_DMA, 90);
	write_figure(&rep_figure_cpu);
	assert_lacks("nic_dma");
	assert_has("$sums << EOD\n1 1 90.000 90.000 0\n");
}
END_TEST

/* 30 us are done, 60 more waited for: three times is still drawn; 63 not. */
START_TEST(long_waiting_is_cut)
{
	set_time(&rows[0], CAUSE_COPYIN, 30);
	rows[0].detail[RES_D_CPU_IDLE] = 60 * SEGMENTS * PS_PER_US;
	write_figure(&rep_figure_cpu);
	assert_has("axis_end = 90.000\n");
	assert_has("\n1 1 90.000 90.000 0\n");
	rows[0].detail[RES_D_CPU_IDLE] = 63 * SEGMENTS * PS_PER_US;
	write_figure(&rep_figure_cpu);
	assert_has("axis_end = 60.000\n");
	assert_has(" 30.000 60.000 63.000\n");
	assert_has("\n1 1 60.000 93.000 1\n");
}
END_TEST

/* A board that only receives: 30 ms of 120 ms are 25 percent. */
START_TEST(without_segments_in_percent)
{
	set_time(&rows[0], CAUSE_COPYOUT, 30);
	rows[0].value[RES_SEGMENTS] = 0;
	rows[0].detail[RES_D_ELAPSED] = 120 * PS_PER_MS;
	write_figure(&rep_figure_cpu);
	assert_has("(percent)'\n");
	assert_has("1 1 1 0.000 25.000 25.000\n");
}
END_TEST

/* Read in the first panel, written in the second; 1000 bytes of payload. */
START_TEST(moves)
{
	rows[0].cause[CAUSE_COPYIN].read_bytes = 2000;
	rows[0].cause[CAUSE_COPYIN].write_bytes = 1000;
	rows[0].cause[CAUSE_NIC_DMA].read_bytes = 1046;
	write_figure(&rep_figure_moves);
	assert_has("1 1 1 0.000 2.000 2.000\n"
	    "1 1 2 2.000 3.046 1.046\n"
	    "2 1 1 0.000 1.000 1.000\nEOD\n");
	assert_has("n_panels = 2\n");
	assert_has("panel_title[2] = 'written to memory'\n");
}
END_TEST

START_TEST(moves_of_nothing)
{
	GError *error = NULL;

	rows[0].value[RES_PAYLOAD_BYTES] = 0;
	ck_assert(!rep_figure_moves.write(out, &data, REP_PNG, &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_FIGURE));
	ck_assert_ptr_nonnull(strstr(error->message, "before"));
	g_error_free(error);
}
END_TEST

static Suite *
stack_suite(void)
{
	Suite *suite = suite_create("stack");
	TCase *tc = tcase_create("stack");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, small_causes_are_added_up);
	tcase_add_test(tc, large_in_one_bar_is_large);
	tcase_add_test(tc, twelve_at_most);
	tcase_add_test(tc, dma_takes_no_time);
	tcase_add_test(tc, long_waiting_is_cut);
	tcase_add_test(tc, without_segments_in_percent);
	tcase_add_test(tc, moves);
	tcase_add_test(tc, moves_of_nothing);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(stack_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
