/*
 * What is lent beside ordinary memory: files, memory never touched; what is
 * not; and what a kernel with a mistake does.  netbsd-2002.md 3.1, 3.2, 3.4.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

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

static void
assert_ask(uint64_t va, uint32_t n, enum vm_loan_result result)
{
	uint32_t n_first;

	ck_assert_int_eq(vm_loan_ask(&bench.space, va, n, &n_first), result);
}

static void
lend(uint64_t va, uint32_t n, struct vm_page **pages)
{
	assert_ask(va, n, VM_LOAN_OK);
	vm_loan_prepare(&bench.space, va, n, &bench.cost, &bench.costs);
	vm_loan_pages(&bench.space, va, n, pages);
}

/* The same without a mapping of one's own: by the object (nfs_loan). */
START_TEST(test_file_by_itself)
{
	struct vm_object *file = bench_file(&bench, 3);
	uint64_t va = bench_map_file(&bench, file, true);
	struct vm_page *pages[2], *twice;
	uint32_t n_first;

	bench_touch(&bench, va + PAGE_SIZE);
	ck_assert(vm_loan_object_ask(file, 1, 2, &n_first));
	ck_assert_uint_eq(n_first, 2);
	vm_loan_object_prepare(file, 1, 2, &bench.cost, &bench.costs);
	vm_loan_object_pages(file, 1, 2, pages);
	ck_assert_ptr_eq(pages[0], file->pages[1]);
	ck_assert_ptr_eq(pages[1], file->pages[2]);
	ck_assert(!vm_find_slot(&bench.space, va + PAGE_SIZE)->is_writable);
	ck_assert_int_eq(pages[0]->queue, VM_QUEUE_NONE);
	ck_assert_int_eq(bench.vm.stats.n_protects, 2);
	/* again: nothing is left to protect */
	ck_assert(vm_loan_object_ask(file, 1, 1, &n_first));
	ck_assert_uint_eq(n_first, 0);
	vm_loan_object_pages(file, 1, 1, &twice);
	ck_assert_uint_eq(twice->loan_count, 2);
	ck_assert_int_eq(bench.vm.stats.n_protects, 2);
	vm_unloan_pages(&bench.vm, &twice, 1);
	vm_unloan_pages(&bench.vm, pages, 2);
	ck_assert_int_eq(pages[0]->queue, VM_QUEUE_ACTIVE);
	/* what is wired stays where it is */
	bench_touch(&bench, va);
	vm_slot_wire(vm_find_slot(&bench.space, va));
	ck_assert(!vm_loan_object_ask(file, 0, 2, &n_first));
	vm_slot_unwire(vm_find_slot(&bench.space, va));
}
END_TEST

/* Case B: protected in all mappings, off the queues, and back on them. */
START_TEST(test_file)
{
	struct vm_object *file = bench_file(&bench, 2);
	uint64_t va = bench_map_file(&bench, file, true);
	uint64_t other = bench_map_file(&bench, file, true);
	struct vm_page *pages[2];

	bench_touch(&bench, va);
	bench_touch(&bench, other);
	lend(va, 2, pages);
	ck_assert_ptr_eq(pages[0], file->pages[0]);
	ck_assert_ptr_eq(pages[1], file->pages[1]);
	ck_assert(!vm_find_slot(&bench.space, va)->is_writable);
	ck_assert(!vm_find_slot(&bench.space, other)->is_writable);
	ck_assert_int_eq(pages[0]->queue, VM_QUEUE_NONE);
	ck_assert_int_eq(bench.vm.stats.n_protects, 2);
	vm_unloan_pages(&bench.vm, pages, 2);
	ck_assert_int_eq(pages[0]->queue, VM_QUEUE_ACTIVE);
}
END_TEST

/* Not in memory: to be read first (case B, step 1). */
START_TEST(test_cold_file)
{
	struct vm_object *file = vm_object_new(&bench.vm, VM_OBJECT_FILE, 1,
	    2 * PAGE_SIZE);
	uint64_t va = bench_map_file(&bench, file, true);

	vm_object_page_in(file, 0);
	assert_ask(va, 1, VM_LOAN_OK);
	assert_ask(va, 2, VM_LOAN_NOT_RESIDENT);
	vm_object_page_in(file, 1);
	assert_ask(va, 2, VM_LOAN_OK);
}
END_TEST

/* The anon is found before the object (3.1, step 2). */
START_TEST(test_anon_first)
{
	struct vm_object *file = bench_file(&bench, 1);
	uint64_t va = bench_map_file(&bench, file, false);
	struct vm_page *page;

	bench_touch(&bench, va);
	lend(va, 1, &page);
	ck_assert_ptr_eq(page, vm_find_slot(&bench.space, va)->anon->page);
	ck_assert_ptr_ne(page, file->pages[0]);
	vm_unloan_pages(&bench.vm, &page, 1);
}
END_TEST

/*
 * Case C, 2002: each loan allocates and zeroes, nobody owns the page, and the
 * address space does not learn of it.
 */
START_TEST(test_untouched_2002)
{
	uint64_t va = vm_map_anon(&bench.space, 2);
	struct vm_page *one[2], *two[2];

	lend(va, 2, one);
	lend(va, 2, two);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 4);
	for (int i = 0; i < 2; i++) {
		ck_assert_ptr_ne(one[i], two[i]);
		ck_assert(!vm_page_is_owned(one[i]));
		ck_assert_uint_eq(one[i]->loan_count, 1);
		ck_assert_ptr_null(one[i]->mappings);
	}
	ck_assert_ptr_null(vm_find_slot(&bench.space, va)->anon);
	ck_assert_int_eq(bench_cycles(&bench), 4 * (1 + 4096));
	ck_assert_int_eq(bench_cycles_of(&bench, CAUSE_PAGE_ZERO), 4 * 4096);
	vm_unloan_pages(&bench.vm, one, 2);
	vm_unloan_pages(&bench.vm, two, 2);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 0);
	ck_assert_int_eq(bench.vm.stats.n_zero_loans, 4);
	ck_assert_int_eq(bench.vm.stats.n_protects, 0);
}
END_TEST

/* uvm_loan.c 1.41, 2003: one page, zeroed once, lent as often as need be. */
START_TEST(test_untouched_2003)
{
	uint64_t va = vm_map_anon(&bench.space, 2);
	struct vm_page *one[2], *two[2];

	vm_configure(&bench.vm, &(struct vm_config){.loan_zero_page = true});
	lend(va, 2, one);
	lend(va, 2, two);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
	ck_assert_ptr_eq(one[0], two[1]);
	ck_assert_uint_eq(one[0]->loan_count, 4);
	ck_assert_int_eq(bench_cycles(&bench), 1 + 4096);
	vm_unloan_pages(&bench.vm, one, 2);
	vm_unloan_pages(&bench.vm, two, 2);
	ck_assert_uint_eq(one[0]->loan_count, 0);
	ck_assert_int_eq(vm_objects_pages(&bench.vm), 1);
}
END_TEST

/* Shared memory that nobody has touched is zeroes, too. */
START_TEST(test_untouched_shared)
{
	struct vm_object *shared = vm_object_new(&bench.vm, VM_OBJECT_ANON, 0,
	    PAGE_SIZE);
	uint64_t va = bench_map_file(&bench, shared, true);
	struct vm_page *lent;

	vm_object_drop(shared);
	lend(va, 1, &lent);
	ck_assert_int_eq(bench.vm.stats.n_zero_loans, 1);
	ck_assert_ptr_null(vm_find_slot(&bench.space, va)->page);
	vm_unloan_pages(&bench.vm, &lent, 1);
}
END_TEST

/* Where one page stands for all zeroes, what was touched needs none. */
START_TEST(test_touched_2003)
{
	uint64_t va;
	struct vm_page *lent[2];

	vm_configure(&bench.vm, &(struct vm_config){.loan_zero_page = true});
	va = bench_pages(&bench, 2);
	lend(va, 2, lent);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 2);
	ck_assert_int_eq(bench.vm.stats.n_zero_loans, 0);
	ck_assert_ptr_eq(lent[0], bench_page(&bench, va));
	vm_unloan_pages(&bench.vm, lent, 2);
}
END_TEST

/* The first store is a first touch; what was lent stays zero. */
START_TEST(test_untouched_then_stored)
{
	uint64_t va = vm_map_anon(&bench.space, 1);
	struct vm_page *lent;
	uint64_t version;

	lend(va, 1, &lent);
	version = lent->version;
	ck_assert_int_eq(vm_fault_kind(vm_find_slot(&bench.space, va), true),
	    VM_FAULT_ZERO);
	bench_touch(&bench, va);
	ck_assert_uint_eq(lent->version, version);
	vm_unloan_pages(&bench.vm, &lent, 1);
}
END_TEST

/* Case A, step 2. */
START_TEST(test_wired)
{
	uint64_t va = bench_pages(&bench, 2);

	vm_slot_wire(vm_find_slot(&bench.space, va + PAGE_SIZE));
	assert_ask(va, 1, VM_LOAN_OK);
	assert_ask(va, 2, VM_LOAN_WIRED);
	vm_slot_unwire(vm_find_slot(&bench.space, va + PAGE_SIZE));
	assert_ask(va, 2, VM_LOAN_OK);
}
END_TEST

/* "Memory shortage: sleep and retry": once there is a page, it is lent. */
START_TEST(test_no_memory)
{
	uint64_t va = vm_map_anon(&bench.space, 2);
	struct vm_anon *held, *other;
	struct vm_page *pages[2];

	vm_configure(&bench.vm, &(struct vm_config){.n_pages = 2,
	    .loan_zero_page = _i});
	held = vm_anon_new(&bench.vm);
	other = vm_anon_new(&bench.vm);
	assert_ask(va, 2, VM_LOAN_NO_MEMORY);
	vm_anon_drop(&bench.vm, held);
	/* one page is enough for all zeroes */
	assert_ask(va, 2, _i ? VM_LOAN_OK : VM_LOAN_NO_MEMORY);
	vm_anon_drop(&bench.vm, other);
	lend(va, 2, pages);
	vm_unloan_pages(&bench.vm, pages, 2);
}
END_TEST

/* Hazard: a store that goes through changes what is lent. */
START_TEST(test_hazard_no_cow)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *lent;
	uint64_t version;

	bench.vm.config.hazards.no_cow = true;
	lend(va, 1, &lent);
	version = lent->version;
	bench_touch(&bench, va);
	ck_assert_uint_ne(lent->version, version);
	vm_unloan_pages(&bench.vm, &lent, 1);
}
END_TEST

/* Hazard: the loan's page is free before it is back. */
START_TEST(test_death_hazard_free_loaned)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *lent;

	bench.vm.config.hazards.free_loaned = true;
	lend(va, 1, &lent);
	bench_unmap(&bench, va);
	bench_pages(&bench, 1);
	vm_unloan_pages(&bench.vm, &lent, 1);
}
END_TEST

START_TEST(test_death_not_prepared)
{
	struct vm_page *page;

	vm_loan_pages(&bench.space, vm_map_anon(&bench.space, 1), 1, &page);
}
END_TEST

static Suite *
loan_kinds_suite(void)
{
	Suite *suite = suite_create("loan_kinds");
	TCase *tc = tcase_create("loan_kinds");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_file);
	tcase_add_test(tc, test_file_by_itself);
	tcase_add_test(tc, test_cold_file);
	tcase_add_test(tc, test_anon_first);
	tcase_add_test(tc, test_untouched_2002);
	tcase_add_test(tc, test_untouched_2003);
	tcase_add_test(tc, test_untouched_shared);
	tcase_add_test(tc, test_touched_2003);
	tcase_add_test(tc, test_untouched_then_stored);
	tcase_add_test(tc, test_wired);
	tcase_add_loop_test(tc, test_no_memory, 0, 2);
	tcase_add_test(tc, test_hazard_no_cow);
	tcase_add_test_raise_signal(tc, test_death_hazard_free_loaned, SIGABRT);
	tcase_add_test_raise_signal(tc, test_death_not_prepared, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(loan_kinds_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
