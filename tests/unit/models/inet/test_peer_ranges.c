/*
 * Sets of byte ranges, against a row of flags.
 */
#include <check.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/inet/peer_ranges.h"

static struct byte_ranges set;

static void
setup(void)
{
	ranges_init(&set);
}

static void
teardown(void)
{
	ranges_fini(&set);
	ck_assert_uint_eq(set.n, 0);
	ck_assert_ptr_null(set.range);
}

static void
assert_range(uint32_t i, int64_t from, int64_t to)
{
	ck_assert_uint_lt(i, set.n);
	ck_assert_int_eq(set.range[i].from, from);
	ck_assert_int_eq(set.range[i].to, to);
}

/* Each of these next to 100..199, in every way that two can lie. */
START_TEST(two)
{
	static const struct {
		int64_t from, to, n_new;
		uint32_t n;
	} cases[] = {
		{0, 99, 99, 2}, {0, 100, 100, 1}, {0, 101, 100, 1},
		{0, 300, 200, 1}, {100, 200, 0, 1}, {150, 160, 0, 1},
		{99, 200, 1, 1}, {100, 201, 1, 1}, {199, 300, 100, 1},
		{200, 300, 100, 1}, {201, 300, 99, 2}
	};
	int64_t low = cases[_i].from < 100 ? cases[_i].from : 100;
	int64_t high = cases[_i].to > 200 ? cases[_i].to : 200;

	ck_assert_int_eq(ranges_add(&set, 100, 200), 100);
	ck_assert_int_eq(ranges_add(&set, cases[_i].from, cases[_i].to),
	    cases[_i].n_new);
	ck_assert_uint_eq(set.n, cases[_i].n);
	ck_assert_int_eq(set.range[0].from, low);
	ck_assert_int_eq(set.range[set.n - 1].to, high);
}
END_TEST

START_TEST(take)
{
	ck_assert_int_eq(ranges_take(&set, 7), 7);
	ranges_add(&set, 10, 20);
	ranges_add(&set, 30, 40);
	ck_assert_int_eq(ranges_take(&set, 9), 9);
	ck_assert_int_eq(ranges_take(&set, 10), 20);
	assert_range(0, 30, 40);
	ck_assert_int_eq(ranges_take(&set, 30), 40);
	ck_assert_uint_eq(set.n, 0);
}
END_TEST

/* A thousand apart, then one that covers all; the array stays. */
START_TEST(many)
{
	for (int64_t i = 0; i < 1000; i++)
		ck_assert_int_eq(ranges_add(&set, (i * 7 % 1000) * 10,
		    (i * 7 % 1000) * 10 + 9), 9);
	ck_assert_uint_eq(set.n, 1000);
	for (uint32_t i = 0; i < 1000; i++)
		assert_range(i, i * 10, i * 10 + 9);
	/* from the last byte of the second to the first of the last but one */
	ck_assert_int_eq(ranges_add(&set, 18, 9981), 997);
	ck_assert_uint_eq(set.n, 3);
	assert_range(1, 10, 9989);
	ck_assert_uint_eq(set.size, 1024);
}
END_TEST

enum { PLACES = 300 };

static void
assert_agrees(const bool *is_there)
{
	uint32_t n = 0;

	for (int64_t i = 0; i < PLACES; i++) {
		if (!is_there[i] || (i > 0 && is_there[i - 1]))
			continue;
		ck_assert_int_eq(set.range[n].from, i);
		while (i < PLACES && is_there[i])
			i++;
		ck_assert_int_eq(set.range[n++].to, i);
	}
	ck_assert_uint_eq(set.n, n);
}

START_TEST(any)
{
	bool is_there[PLACES] = {false};

	srand((unsigned)_i + 1);
	for (int round = 0; round < 60; round++) {
		int64_t from = rand() % (PLACES - 20);
		int64_t to = from + 1 + rand() % 20;
		int64_t n_new = 0;

		for (int64_t i = from; i < to; i++) {
			n_new += !is_there[i];
			is_there[i] = true;
		}
		ck_assert_int_eq(ranges_add(&set, from, to), n_new);
		assert_agrees(is_there);
	}
}
END_TEST

START_TEST(not_empty)
{
	ranges_add(&set, 5, 5);
}
END_TEST

START_TEST(nothing_below)
{
	ranges_add(&set, 5, 9);
	ranges_take(&set, 6);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("peer_ranges");
	TCase *tc = tcase_create("peer_ranges");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, two, 0, 11);
	tcase_add_test(tc, take);
	tcase_add_test(tc, many);
	tcase_add_loop_test(tc, any, 0, 500);
	tcase_add_test_raise_signal(tc, not_empty, SIGABRT);
	tcase_add_test_raise_signal(tc, nothing_below, SIGABRT);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
