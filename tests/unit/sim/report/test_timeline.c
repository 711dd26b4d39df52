/*
 * Thinning: few changes are drawn as they are; of many, what a column of the
 * picture shows.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/timeline.h"

static GString *out;
static struct rep_steps steps;
static struct rep_ticks ticks;

static void
setup(void)
{
	out = g_string_new(NULL);
}

static void
teardown(void)
{
	g_string_free(out, TRUE);
}

/* 2000 columns of 10 ps */
static const struct rep_span span = { 0, 20000 };

static void
begin_steps(void)
{
	rep_steps_init(&steps, out, &span);
}

START_TEST(columns)
{
	const struct rep_span none = { 7, 7 };

	ck_assert_int_eq(rep_column(&span, 0), 0);
	ck_assert_int_eq(rep_column(&span, 9), 0);
	ck_assert_int_eq(rep_column(&span, 10), 1);
	ck_assert_int_eq(rep_column(&span, 20000), REP_COLUMNS);
	ck_assert_int_eq(rep_column(&none, 7), 0);
}
END_TEST

START_TEST(few_steps_are_all_there)
{
	begin_steps();
	rep_steps_add(&steps, 5, 1);
	rep_steps_add(&steps, 100, 3);
	rep_steps_add(&steps, 200, 2);
	rep_steps_end(&steps);
	ck_assert_str_eq(out->str, "5 1\n100 3\n200 2\n20000 2\n");
	ck_assert_int_eq(steps.n_in, 3);
}
END_TEST

/* First 5, greatest 9, least 1, last 4; 6 and 7 make no difference. */
START_TEST(a_column_has_four)
{
	begin_steps();
	rep_steps_add(&steps, 100, 5);
	rep_steps_add(&steps, 101, 6);
	rep_steps_add(&steps, 102, 9);
	rep_steps_add(&steps, 103, 7);
	rep_steps_add(&steps, 104, 1);
	rep_steps_add(&steps, 109, 4);
	rep_steps_add(&steps, 110, 8);
	rep_steps_end(&steps);
	ck_assert_str_eq(out->str,
	    "100 5\n102 9\n104 1\n109 4\n110 8\n20000 8\n");
	ck_assert_int_eq(steps.n_in, 7);
	ck_assert_int_eq(steps.n_out, 6);
}
END_TEST

/* The least before the greatest, which is the last as well. */
START_TEST(extremes_at_the_ends)
{
	begin_steps();
	rep_steps_add(&steps, 100, 5);
	rep_steps_add(&steps, 102, 1);
	rep_steps_add(&steps, 104, 2);
	rep_steps_add(&steps, 109, 9);
	rep_steps_end(&steps);
	ck_assert_str_eq(out->str, "100 5\n102 1\n109 9\n20000 9\n");
}
END_TEST

/* Of what was before, the last is how it begins; what comes later is not. */
START_TEST(before_and_behind)
{
	const struct rep_span late = { 10000, 30000 };

	rep_steps_init(&steps, out, &late);
	rep_steps_add(&steps, 5, 900);
	rep_steps_add(&steps, 9999, 2);
	rep_steps_add(&steps, 10500, 3);
	rep_steps_add(&steps, 30001, 700);
	rep_steps_end(&steps);
	ck_assert_str_eq(out->str, "10000 2\n10500 3\n30000 3\n");
}
END_TEST

START_TEST(no_steps)
{
	begin_steps();
	rep_steps_end(&steps);
	ck_assert_str_eq(out->str, "");
}
END_TEST

/*
 * Within a column ticks that touch are one; the gap before 40 stays; the next
 * column has its own.
 */
START_TEST(ticks_that_touch)
{
	rep_ticks_init(&ticks, out, &span);
	rep_ticks_add(&ticks, 100, 0, 10);
	rep_ticks_add(&ticks, 101, 10, 20);
	rep_ticks_add(&ticks, 102, 5, 30);
	rep_ticks_add(&ticks, 103, 40, 50);
	rep_ticks_add(&ticks, 110, 50, 60);
	rep_ticks_end(&ticks);
	ck_assert_str_eq(out->str, "100 0 30\n103 40 50\n110 50 60\n");
	ck_assert_int_eq(ticks.n_in, 5);
	ck_assert_int_eq(ticks.n_out, 3);
}
END_TEST

/* However many there are: no more than four lines a column, and the end. */
START_TEST(a_picture_stays_small)
{
	uint32_t x = 1;

	begin_steps();
	for (int64_t at = 0; at < 20000; at++) {
		x = x * 1664525 + 1013904223;
		rep_steps_add(&steps, at, x >> 16);
	}
	rep_steps_end(&steps);
	ck_assert_int_eq(steps.n_in, 20000);
	ck_assert_int_le(steps.n_out, 4 * REP_COLUMNS + 1);
}
END_TEST

static void
assert_axis(sim_time from, sim_time to, const char *unit)
{
	const struct rep_span shown = { from, to };
	const struct rep_data data = { .title = "t" };
	g_autofree char *line = g_strdup_printf("time_unit = '%s'\n", unit);

	g_string_truncate(out, 0);
	rep_timeline(out, &data, &shown, REP_PNG, "s", 100);
	ck_assert_msg(strstr(out->str, line) != NULL, "%s", out->str);
}

START_TEST(the_axis_has_a_unit_that_fits)
{
	assert_axis(0, 10 * PS_PER_S, "s");
	assert_axis(PS_PER_S, 3 * PS_PER_S, "s");
	assert_axis(PS_PER_S, 3 * PS_PER_S - 1, "ms");
	assert_axis(0, 2 * PS_PER_MS - 1, "us");
	assert_axis(5, 5, "us");
}
END_TEST

static Suite *
timeline_suite(void)
{
	Suite *suite = suite_create("timeline");
	TCase *tc = tcase_create("timeline");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, columns);
	tcase_add_test(tc, few_steps_are_all_there);
	tcase_add_test(tc, a_column_has_four);
	tcase_add_test(tc, extremes_at_the_ends);
	tcase_add_test(tc, before_and_behind);
	tcase_add_test(tc, no_steps);
	tcase_add_test(tc, ticks_that_touch);
	tcase_add_test(tc, a_picture_stays_small);
	tcase_add_test(tc, the_axis_has_a_unit_that_fits);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(timeline_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
