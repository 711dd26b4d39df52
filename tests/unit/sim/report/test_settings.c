/*
 * Settings: what an effective scenario says, key by key.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/report/settings.h"

static const char text[] =
    "[board]\ncpu.clock = 200 MHz\ncpu.clock.origin = assumed: it\n"
    "[kernel]\ncost.copyin = 3\ncost.copyin.origin = fitted: a\n"
    "cost.copyin.cited = 5\n"
    "[process ttcp]\nwrite_size = 64 KiB\n\n[variant loan]\n";

START_TEST(list)
{
	struct settings *settings = settings_new(text);
	const struct setting *first = settings->list->pdata[0];
	const struct setting *cost = settings_find(settings,
	    "kernel.cost.copyin");
	const struct setting *size = settings_find(settings,
	    "process.ttcp.write_size");

	ck_assert_uint_eq(settings->list->len, 3);
	ck_assert_str_eq(first->key, "board.cpu.clock");
	ck_assert_str_eq(first->value, "200 MHz");
	ck_assert_str_eq(first->origin, "assumed: it");
	ck_assert_ptr_null(first->cited);
	ck_assert_str_eq(cost->origin, "fitted: a");
	ck_assert_str_eq(cost->cited, "5");
	ck_assert_str_eq(size->value, "64 KiB");
	ck_assert_ptr_null(size->origin);
	ck_assert_ptr_null(settings_find(settings, "kernel.cost"));
	settings_free(settings);
}
END_TEST

START_TEST(nothing)
{
	struct settings *settings = settings_new("");

	ck_assert_uint_eq(settings->list->len, 0);
	settings_free(settings);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("settings");
	TCase *tc = tcase_create("settings");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_test(tc, list);
	tcase_add_test(tc, nothing);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
