/*
 * Memory of the machine that simulates: aligned, and zero, however it was used
 * before.
 */
#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/hostmem.h"

static const struct {
	size_t bytes;
	size_t align;
} sizes[] = {
    {1, HOSTMEM_LINE}, {HOSTMEM_LINE, HOSTMEM_LINE}, {1000, HOSTMEM_LINE},
    {HOSTMEM_HUGE - 1, HOSTMEM_LINE}, {HOSTMEM_HUGE, HOSTMEM_HUGE},
    {HOSTMEM_HUGE + 1, HOSTMEM_HUGE}};

enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

static bool
is_zero(const unsigned char *p, size_t n)
{
	while (n > 0 && *p == 0)
		p++, n--;
	return n == 0;
}

/* Twice: the second time it may be what was dirtied the first time. */
START_TEST(test_zeroed)
{
	size_t bytes = sizes[_i].bytes;

	for (int k = 0; k < 2; k++) {
		unsigned char *p = hostmem_zeroed(bytes, "a test");

		ck_assert_uint_eq((uintptr_t)p % sizes[_i].align, 0);
		ck_assert(is_zero(p, bytes));
		memset(p, 0xff, bytes);
		free(p);
	}
}
END_TEST

static size_t advised_bytes;

static void
note_advice(void *memory, size_t bytes)
{
	ck_assert_uint_eq((uintptr_t)memory % HOSTMEM_HUGE, 0);
	advised_bytes += bytes;
}

/* Who knows the system is asked for what has whole huge pages, only. */
START_TEST(test_advice)
{
	size_t bytes = sizes[_i].bytes;
	size_t huge = bytes < HOSTMEM_HUGE ? 0 :
	    (bytes + HOSTMEM_HUGE - 1) / HOSTMEM_HUGE * HOSTMEM_HUGE;

	hostmem_advise = note_advice;
	advised_bytes = 0;
	free(hostmem_zeroed(bytes, "a test"));
	ck_assert_uint_eq(advised_bytes, huge);
	hostmem_advise = NULL;
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("base/hostmem");
	TCase *tc = tcase_create("hostmem");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tc, test_zeroed, 0, N_SIZES);
	tcase_add_loop_test(tc, test_advice, 0, N_SIZES);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
