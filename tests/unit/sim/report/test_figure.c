/*
 * The table of figures: each can be found, says what it is, and has templates
 * that are there.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/figure.h"

START_TEST(each_is_found_by_its_name)
{
	for (size_t i = 0; rep_figures[i] != NULL; i++) {
		const struct rep_figure *figure = rep_figures[i];

		ck_assert_ptr_eq(rep_find_figure(figure->name), figure);
		ck_assert_int_eq(
		    figure->question[strlen(figure->question) - 1], '?');
		ck_assert_ptr_nonnull(rep_source_name(figure->source));
		ck_assert((figure->source == REP_FROM_RECORDING)
		    == (figure->events != 0));
	}
	ck_assert_str_eq(rep_figures[0]->name, "throughput");
}
END_TEST

START_TEST(templates_are_there)
{
	for (size_t i = 0; rep_figures[i] != NULL; i++) {
		const char *const *name = rep_figures[i]->templates;

		ck_assert_ptr_nonnull(name[0]);
		for (int t = 0; t < REP_MAX_TEMPLATES && name[t] != NULL;
		    t++) {
			g_autofree char *path = g_build_filename(
			    TEST_SOURCE_DIR, name[t], NULL);

			ck_assert_msg(g_file_test(path,
			    G_FILE_TEST_IS_REGULAR), "%s", path);
		}
	}
}
END_TEST

START_TEST(a_misspelt_name_is_near_one)
{
	ck_assert_ptr_null(rep_find_figure("sequense"));
	ck_assert_str_eq(rep_near_figure("sequense"), "sequence");
	ck_assert_str_eq(rep_near_figure("CPU"), "cpu");
	ck_assert_ptr_null(rep_near_figure("histogram"));
}
END_TEST

static Suite *
figure_suite(void)
{
	Suite *suite = suite_create("figure");
	TCase *tc = tcase_create("figure");

	tcase_add_test(tc, each_is_found_by_its_name);
	tcase_add_test(tc, templates_are_there);
	tcase_add_test(tc, a_misspelt_name_is_near_one);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(figure_suite());
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
