/*
 * Masks of lines against the lines themselves, one by one.
 */
#include <check.h>
#include <stdlib.h>

#include "models/hw/cache_mask.h"

/* The lines from first to last, and no other; none if last < first. */
static void
assert_lines(struct cache_mask m, uint32_t first, uint32_t last)
{
	uint32_t n = 0, n_wrong = 0;

	for (uint32_t i = 0; i < CACHE_MAX_LINES; i++) {
		bool is_in = i >= first && i <= last;

		n_wrong += mask_has(m, i) != is_in;
		n += is_in;
	}
	ck_assert_uint_eq(n_wrong, 0);
	ck_assert_uint_eq(mask_count(m), n);
	ck_assert_int_eq(mask_is_empty(m), n == 0);
}

START_TEST(below)
{
	assert_lines(mask_below(0), 1, 0);
	for (uint32_t n = 1; n <= CACHE_MAX_LINES; n++)
		assert_lines(mask_below(n), 0, n - 1);
}
END_TEST

START_TEST(span)
{
	for (uint32_t first = 0; first < CACHE_MAX_LINES; first++)
		for (uint32_t last = first; last < CACHE_MAX_LINES; last++)
			assert_lines(mask_span(first, last), first, last);
}
END_TEST

/* Across the seam between the two words. */
START_TEST(sets)
{
	struct cache_mask a = mask_span(10, 80), b = mask_span(60, 100);

	assert_lines(mask_and(a, b), 60, 80);
	assert_lines(mask_or(a, b), 10, 100);
	assert_lines(mask_without(a, b), 10, 59);
	assert_lines(mask_without(b, a), 81, 100);
	assert_lines(mask_without(a, a), 1, 0);
}
END_TEST

/* All of them are counted without counting. */
START_TEST(count_in)
{
	struct cache_mask whole = mask_below(70);

	ck_assert_uint_eq(mask_count_in(whole, whole, 70), 70);
	ck_assert_uint_eq(mask_count_in(mask_span(3, 69), whole, 70), 67);
	ck_assert_uint_eq(mask_count_in(mask_below(64), whole, 70), 64);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("hw/cache_mask");
	TCase *tc = tcase_create("cache_mask");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, below);
	tcase_add_test(tc, span);
	tcase_add_test(tc, sets);
	tcase_add_test(tc, count_in);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
