/*
 * Figures: the script says what the rows say, and text stays text.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/output.h"
#include "sim/report/plot.h"
#include "tests/support/sim/report_fixture.h"

static const char *const templates[] = { TEST_SOURCE_DIR "/plots/style.gp",
	TEST_SOURCE_DIR "/plots/throughput.gp", NULL };

static struct res_row rows[FIXTURE_ROWS];
static struct rep_data data;

static void
setup(void)
{
	fixture_rows(rows);
	data = (struct rep_data){
		.title = "Four kernels",
		.n_rows = FIXTURE_ROWS,
		.rows = rows,
	};
}

static GString *
script(enum rep_picture picture)
{
	GError *error = NULL;
	GString *out = rep_plot_script(&rep_figure_throughput, &data,
	    picture, templates, &error);

	ck_assert_msg(out != NULL, "%s", error == NULL ? "" : error->message);
	return out;
}

static void
assert_script_has(const char *wanted)
{
	GString *out = script(REP_PNG);

	ck_assert_msg(strstr(out->str, wanted) != NULL, "%s", out->str);
	g_string_free(out, TRUE);
}

/* share 0.9931 is 99.31 percent: integers, no rounding */
START_TEST(test_rows)
{
	assert_script_has("n_rows = 4\n");
	assert_script_has("$rows << EOD\n"
			  "1 7000.0 11493.0 100.00\n"
			  "2 8600.0 11493.0 99.31\n"
			  "3 8300.0 11493.0 98.20\n"
			  "4 11480.0 11493.0 61.50\nEOD\n");
	assert_script_has("set ytics ('before' 1)\n"
			  "set ytics add ('tcp-fix' 2)\n");
}
END_TEST

START_TEST(test_terminals)
{
	static const char *const wanted[REP_N_PICTURES] = {
		"set terminal pngcairo noenhanced ",
		"set terminal svg background rgb 'white' noenhanced ",
		"set terminal pdfcairo noenhanced "
	};
	GString *out = script((enum rep_picture)_i);

	ck_assert_ptr_nonnull(strstr(out->str, wanted[_i]));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(test_text_is_quoted)
{
	data.title = "it's \"1_2\" @x {y}\n`date`";
	g_strlcpy(rows[0].variant, "50%'s", RES_NAME_BYTES);
	assert_script_has("figure_title = 'it''s \"1_2\" @x {y} `date`'\n");
	assert_script_has("set ytics ('50%%''s' 1)\n");
}
END_TEST

START_TEST(test_long_title_is_broken)
{
	/* 20 words of 9 letters: ten of them and nine blanks make 99 bytes */
	GString *title = g_string_new("lettering");

	for (int i = 1; i < 20; i++)
		g_string_append(title, " lettering");
	data.title = title->str;
	assert_script_has("lettering'.\"\\n\".'lettering");
	assert_script_has("title_lines = 2\n");
	g_string_free(title, TRUE);
}
END_TEST

START_TEST(test_no_template)
{
	static const char *const missing[] = { "/nowhere/style.gp", NULL };
	GError *error = NULL;

	ck_assert_ptr_null(rep_plot_script(&rep_figure_throughput, &data,
	    REP_PNG, missing, &error));
	ck_assert_ptr_nonnull(strstr(error->message, "/nowhere/style.gp"));
	g_error_free(error);
}
END_TEST

START_TEST(test_gnuplot_is_missing)
{
	GError *error = NULL;

	g_setenv("PATH", "/nowhere", TRUE);
	ck_assert_ptr_null(rep_plot_render("", &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_GNUPLOT));
	ck_assert_ptr_nonnull(strstr(error->message, "gnuplot-nox"));
	g_error_free(error);
}
END_TEST

START_TEST(test_gnuplot_fails)
{
	GError *error = NULL;

	ck_assert_ptr_null(rep_plot_render("nonsense\n", &error));
	ck_assert(g_error_matches(error, REP_ERROR, REP_ERROR_GNUPLOT));
	ck_assert_ptr_nonnull(strstr(error->message, "gnuplot"));
	g_error_free(error);
}
END_TEST

static Suite *
plot_suite(void)
{
	Suite *suite = suite_create("plot");
	TCase *tc = tcase_create("plot");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, test_rows);
	tcase_add_loop_test(tc, test_terminals, 0, REP_N_PICTURES);
	tcase_add_test(tc, test_text_is_quoted);
	tcase_add_test(tc, test_long_title_is_broken);
	tcase_add_test(tc, test_no_template);
	tcase_add_test(tc, test_gnuplot_is_missing);
	tcase_add_test(tc, test_gnuplot_fails);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(plot_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
