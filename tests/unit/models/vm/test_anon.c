/*
 * Anons: a page for as many address spaces as hold it.  netbsd-2002.md 3.1 A.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/anon.h"
#include "tests/support/bench.h"

static struct bench bench;

static void
setup(void)
{
	bench_init(&bench);
}

static void
teardown(void)
{
	bench_fini(&bench);
}

START_TEST(test_refs)
{
	struct vm_anon *anon = vm_anon_new(&bench.vm);

	ck_assert_uint_eq(anon->refs, 1);
	ck_assert_ptr_eq(anon->page->anon, anon);
	vm_anon_hold(anon);
	vm_anon_drop(&bench.vm, anon);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
	vm_anon_drop(&bench.vm, anon);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 0);
	ck_assert_uint_eq(pool_in_use(&bench.vm.anons), 0);
}
END_TEST

/* The anon goes; its page lives on through a loan (3.4). */
START_TEST(test_orphan)
{
	struct vm_anon *anon = vm_anon_new(&bench.vm);
	struct vm_page *page = anon->page;

	page->loan_count = 1;
	vm_anon_drop(&bench.vm, anon);
	ck_assert(!vm_page_is_owned(page));
	ck_assert_uint_eq(pool_in_use(&bench.vm.anons), 0);
	vm_unloan_pages(&bench.vm, &page, 1);
}
END_TEST

START_TEST(test_death_dropped_twice)
{
	struct vm_anon anon = {0};

	vm_anon_drop(&bench.vm, &anon);
}
END_TEST

START_TEST(test_death_held_late)
{
	struct vm_anon anon = {0};

	vm_anon_hold(&anon);
}
END_TEST

static Suite *
anon_suite(void)
{
	Suite *suite = suite_create("anon");
	TCase *tc = tcase_create("anon");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_refs);
	tcase_add_test(tc, test_orphan);
	tcase_add_test_raise_signal(tc, test_death_dropped_twice, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_held_late, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(anon_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
