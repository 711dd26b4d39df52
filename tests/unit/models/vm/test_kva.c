/*
 * The budget of kernel address space: netbsd-2002.md 2.1, 2.3 step 3.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/kva.h"
#include "models/vm/page.h"

static struct kva kva;

static void
setup(void)
{
	/* room for three windows of one page and a bit that fits nothing */
	kva_init(&kva, 3 * PAGE_SIZE + 100);
	ck_assert_int_eq(kva.socurkva, 0);
	ck_assert_int_eq(kva.peak, 0);
	ck_assert_int_eq(kva.somaxkva, 12388);
}

static void
teardown(void)
{
	ck_assert_int_eq(kva.socurkva, 0);
}

/* The sum may reach the budget, and not exceed it. */
START_TEST(test_budget)
{
	ck_assert(kva_fits(&kva, 12387));
	ck_assert(kva_fits(&kva, 12388));
	ck_assert(!kva_fits(&kva, 12389));
	kva_reserve(&kva, 2 * PAGE_SIZE, 0);
	ck_assert(kva_fits(&kva, PAGE_SIZE + 100));
	ck_assert(!kva_fits(&kva, PAGE_SIZE + 101));
	ck_assert(!kva_fits(&kva, 2 * PAGE_SIZE));
	kva_release(&kva, 2 * PAGE_SIZE, 0);
}
END_TEST

START_TEST(test_full)
{
	kva_reserve(&kva, 12388, 0);
	ck_assert(kva_fits(&kva, 0));
	ck_assert(!kva_fits(&kva, 1));
	kva_release(&kva, 12388, 0);
	ck_assert(kva_fits(&kva, 12388));
}
END_TEST

/* Windows come back in any order, and in other sizes than they left. */
START_TEST(test_sum_and_peak)
{
	kva_reserve(&kva, PAGE_SIZE, 0);
	kva_reserve(&kva, 2 * PAGE_SIZE, 0);
	ck_assert_int_eq(kva.socurkva, 12288);
	kva_release(&kva, PAGE_SIZE, 0);
	ck_assert_int_eq(kva.socurkva, 8192);
	kva_reserve(&kva, 0, 0);
	ck_assert_int_eq(kva.socurkva, 8192);
	ck_assert_int_eq(kva.peak, 12288);
	kva_release(&kva, PAGE_SIZE, 0);
	kva_release(&kva, PAGE_SIZE, 0);
	ck_assert_int_eq(kva.peak, 12288);
}
END_TEST

/* 4096 for 1 s, 12288 for 2 us and a bit, 8192 for the rest of 2 s. */
START_TEST(test_integral)
{
	sim_time later = PS_PER_S + 2 * PS_PER_US + 7;

	ck_assert_int_eq(kva_integral(&kva, 5 * PS_PER_S), 0);
	kva_init(&kva, 3 * PAGE_SIZE);
	kva_reserve(&kva, PAGE_SIZE, 0);
	kva_reserve(&kva, 2 * PAGE_SIZE, PS_PER_S);
	ck_assert_int_eq(kva_integral(&kva, PS_PER_S), INT64_C(4096000000));
	kva_release(&kva, PAGE_SIZE, later);
	/* 12288 x 7 ps are 86016 of the 10^6 that make a byte for a us */
	ck_assert_int_eq(kva_integral(&kva, later),
	    INT64_C(4096000000) + 2 * 12288);
	/* and 8192 x 112 ps are the rest of it */
	ck_assert_int_eq(kva_integral(&kva, later + 111),
	    INT64_C(4096000000) + 2 * 12288);
	ck_assert_int_eq(kva_integral(&kva, later + 112),
	    INT64_C(4096000000) + 2 * 12288 + 1);
	/* looking more often changes nothing; 86016 are still left over */
	kva_release(&kva, 2 * PAGE_SIZE, 2 * PS_PER_S + 7);
	/* nothing held, nothing more */
	ck_assert_int_eq(kva_integral(&kva, 3 * PS_PER_S),
	    INT64_C(4096000000) + 2 * 12288 + INT64_C(999998) * 8192);
}
END_TEST

/* All of the largest budget for all of the longest run, in two looks. */
START_TEST(test_integral_is_wide)
{
	int64_t most = INT64_C(1) << 30;

	kva_init(&kva, most);
	kva_reserve(&kva, most, 0);
	ck_assert_int_eq(kva_integral(&kva, 1), 1073);
	ck_assert_int_eq(kva_integral(&kva, SIM_TIME_MAX),
	    most * (SIM_TIME_MAX / PS_PER_US));
	kva_release(&kva, most, SIM_TIME_MAX);
}
END_TEST

START_TEST(test_death_back_in_time)
{
	kva_reserve(&kva, PAGE_SIZE, 2);
	kva_release(&kva, PAGE_SIZE, 1);
}
END_TEST

START_TEST(test_death_over_budget)
{
	kva_reserve(&kva, 12389, 0);
}
END_TEST

START_TEST(test_death_released_twice)
{
	kva_reserve(&kva, PAGE_SIZE, 0);
	kva_release(&kva, PAGE_SIZE, 0);
	kva_release(&kva, PAGE_SIZE, 0);
}
END_TEST

START_TEST(test_death_released_nothing)
{
	kva_reserve(&kva, PAGE_SIZE, 0);
	kva_release(&kva, 0, 0);
}
END_TEST

static Suite *
kva_suite(void)
{
	Suite *suite = suite_create("kva");
	TCase *tc = tcase_create("kva");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_budget);
	tcase_add_test(tc, test_full);
	tcase_add_test(tc, test_sum_and_peak);
	tcase_add_test(tc, test_integral);
	tcase_add_test(tc, test_integral_is_wide);
	tcase_add_test_raise_signal(tc, test_death_back_in_time, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_over_budget, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_released_twice, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_released_nothing, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(kva_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
