/*
 * Random operations against a reference.  netbsd-2002.md 3.1 to 3.4.
 *
 * Ten million in an optimised build; LOANSIM_VM_OPERATIONS is another number,
 * LOANSIM_VM_SEED a single seed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/vm_random.h"

#ifdef LOANSIM_DEBUG_AUDIT
#define DEFAULT_OPERATIONS	1000000
#else
#define DEFAULT_OPERATIONS	10000000
#endif

enum { N_SEEDS = 10 };

static uint64_t
number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

START_TEST(random_operations)
{
	uint64_t each = number("LOANSIM_VM_OPERATIONS", DEFAULT_OPERATIONS) /
	    N_SEEDS;
	uint64_t one = number("LOANSIM_VM_SEED", 0);
	struct vm_random_seen seen = {0};

	if (one > 0)
		vm_random_run(one, each, &seen);
	for (uint64_t seed = 1; one == 0 && seed <= N_SEEDS; seed++)
		vm_random_run(seed, each, &seen);
	printf("%d stores, %d loans, %d refused, %d orphans, %d forks, "
	    "%d page-outs, %d times short, %d parts, %d lent, %d writes\n",
	    (int)seen.stores, (int)seen.loans, (int)seen.refused,
	    (int)seen.orphans, (int)seen.forks, (int)seen.pageouts,
	    (int)seen.shorts, (int)seen.parts, (int)seen.lent_parts,
	    (int)seen.writes);
	ck_assert_int_gt(seen.stores, 0);
	ck_assert_int_gt(seen.loans, 0);
	ck_assert_int_gt(seen.refused, 0);
	ck_assert_int_gt(seen.orphans, 0);
	ck_assert_int_gt(seen.forks, 0);
	ck_assert_int_gt(seen.pageouts, 0);
	ck_assert_int_gt(seen.shorts, 0);
	ck_assert_int_gt(seen.parts, 0);
	ck_assert_int_gt(seen.lent_parts, 0);
	ck_assert_int_gt(seen.writes, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("random");
	TCase *tc = tcase_create("random");
	SRunner *runner;
	int n_failed;

	suite_add_tcase(suite, tc);
	tcase_set_timeout(tc, 280);
	tcase_add_test(tc, random_operations);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
