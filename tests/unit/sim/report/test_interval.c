/*
 * The interval of a mean, against textbook values.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "sim/report/interval.h"

/* 1, 2, 3: deviation 1, t(2) 4.303: 4.303 / sqrt(3) */
START_TEST(few_runs)
{
	ck_assert_double_eq(rep_interval_95(0, 1), 0);
	ck_assert_double_eq(rep_interval_95(1, 0), 0);
	ck_assert_double_eq_tol(rep_interval_95(2, 1), 12.706 / sqrt(2),
	    1e-9);
	ck_assert_double_eq_tol(rep_interval_95(3, 1), 2.4843, 1e-4);
	ck_assert_double_eq(rep_interval_95(5, 0), 0);
}
END_TEST

/* t(40) 2.0211, t(60) 2.0003, t(120) 1.9799 and t(1000) 1.9623 */
START_TEST(many_runs)
{
	static const struct { size_t df; double t; } known[] = {
		{ 31, 2.0395 }, { 40, 2.0211 }, { 60, 2.0003 },
		{ 120, 1.9799 }, { 1000, 1.9623 }
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		ck_assert_double_eq_tol(rep_interval_95(known[i].df + 1, 1) *
		    sqrt((double)known[i].df + 1), known[i].t, 1e-4);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("interval");
	TCase *tc = tcase_create("interval");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, few_runs);
	tcase_add_test(tc, many_runs);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
