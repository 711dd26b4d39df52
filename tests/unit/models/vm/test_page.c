/*
 * Pages: owner, versions, orphans.  netbsd-2002.md 3.4.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/anon.h"

static struct vm vm;
static struct vm_anon anon;

static void
setup(void)
{
	vm_init(&vm);
	anon = (struct vm_anon){0};
	ck_assert_uint_eq(pool_in_use(&vm.pages), 0);
}

static void
teardown(void)
{
	ck_assert_uint_eq(pool_in_use(&vm.pages), 0);
	vm_fini(&vm);
}

START_TEST(test_alloc)
{
	struct vm_page *page = vm_page_alloc(&vm, &anon);

	ck_assert_ptr_eq(page->anon, &anon);
	ck_assert_uint_eq(page->loan_count, 0);
	ck_assert_uint_eq(page->mem.bytes, 4096);
	ck_assert_uint_ne(page->version, 0);
	ck_assert_uint_eq(pool_in_use(&vm.pages), 1);
	vm_page_disown(&vm, page);
}
END_TEST

/* No two contents have one version: not of two pages, not of two stores. */
START_TEST(test_versions)
{
	struct vm_page *a = vm_page_alloc(&vm, &anon);
	struct vm_page *b = vm_page_alloc(&vm, &anon);
	uint64_t first_a = a->version;
	uint64_t first_b = b->version;
	uint64_t second_a;

	ck_assert_uint_ne(first_a, first_b);
	vm_page_stored(&vm, a);
	second_a = a->version;
	ck_assert_uint_ne(second_a, first_a);
	ck_assert_uint_ne(second_a, first_b);
	ck_assert_uint_eq(b->version, first_b);
	vm_page_stored(&vm, a);
	ck_assert_uint_ne(a->version, second_a);
	ck_assert_uint_ne(a->version, first_a);
	vm_page_disown(&vm, a);
	vm_page_disown(&vm, b);
}
END_TEST

/* A page's memory is used again, its version is not. */
START_TEST(test_version_of_reused_memory)
{
	struct vm_page *page = vm_page_alloc(&vm, &anon);
	uint64_t version = page->version;

	vm_page_disown(&vm, page);
	page = vm_page_alloc(&vm, &anon);
	ck_assert_uint_gt(page->version, version);
	vm_page_disown(&vm, page);
}
END_TEST

START_TEST(test_disown_ordinary)
{
	vm_page_disown(&vm, vm_page_alloc(&vm, &anon));
	ck_assert_uint_eq(pool_in_use(&vm.pages), 0);
}
END_TEST

/* uvm_pagefree of a loaned page only disowns it (3.4). */
START_TEST(test_disown_loaned)
{
	struct vm_page *page = vm_page_alloc(&vm, &anon);
	uint64_t version = page->version;

	page->loan_count = 1;
	vm_page_disown(&vm, page);
	ck_assert_uint_eq(pool_in_use(&vm.pages), 1);
	ck_assert(!vm_page_is_owned(page));
	ck_assert_uint_eq(page->loan_count, 1);
	ck_assert_uint_eq(page->version, version);
	pool_put(&vm.pages, page);
}
END_TEST

START_TEST(test_death_disowned_twice)
{
	struct vm_page *page = vm_page_alloc(&vm, &anon);

	page->loan_count = 1;
	vm_page_disown(&vm, page);
	vm_page_disown(&vm, page);
}
END_TEST

static Suite *
page_suite(void)
{
	Suite *suite = suite_create("page");
	TCase *tc = tcase_create("page");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_alloc);
	tcase_add_test(tc, test_versions);
	tcase_add_test(tc, test_version_of_reused_memory);
	tcase_add_test(tc, test_disown_ordinary);
	tcase_add_test(tc, test_disown_loaned);
	tcase_add_test_raise_signal(tc, test_death_disowned_twice, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(page_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
