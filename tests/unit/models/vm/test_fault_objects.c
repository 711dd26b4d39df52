/*
 * Faults on objects, and neighbours entered by faults: each row of the table of
 * netbsd-2002.md 3.3 that an object has a part in.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/kern/pager.h"
#include "models/vm/pmap.h"
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

static struct vm_slot *
slot_at(uint64_t va)
{
	return vm_find_slot(&bench.space, va);
}

static void
fault(uint64_t va, bool is_store, enum vm_fault kind)
{
	ck_assert_int_eq(vm_fault_kind(slot_at(va), is_store), kind);
	vm_fault(&bench.vm, slot_at(va), kind, &bench.cost, &bench.costs);
}

/* The object's own page, read-only; a store to it makes a copy (row 4). */
START_TEST(test_private)
{
	struct vm_object *file = bench_file(&bench, 1);
	uint64_t va = bench_map_file(&bench, file, false);

	fault(va, false, VM_FAULT_MAP);
	ck_assert_ptr_eq(slot_at(va)->page, file->pages[0]);
	ck_assert(!slot_at(va)->is_writable);
	fault(va, true, VM_FAULT_PROMOTE);
	ck_assert_ptr_eq(slot_at(va)->page, slot_at(va)->anon->page);
	ck_assert_ptr_ne(slot_at(va)->page, file->pages[0]);
	ck_assert_ptr_null(file->pages[0]->mappings);
	ck_assert_uint_eq(slot_at(va)->page->version, file->content[0]);
	ck_assert(slot_at(va)->is_writable);
	/* page_alloc, trap twice, and 4096 copied */
	ck_assert_int_eq(bench_cycles(&bench), 3 + 4096);
	ck_assert_int_eq(bench.vm.stats.n_other_copies, 1);
}
END_TEST

/* The copy is made whether or not it is lent; the loan keeps the page (row 4).
 */
START_TEST(test_private_lent)
{
	struct vm_object *file = bench_file(&bench, 1);
	uint64_t va = bench_map_file(&bench, file, false);
	struct vm_page *lent;

	vm_loan_pages(&bench.space, va, 1, &lent);
	ck_assert_ptr_eq(lent, file->pages[0]);
	fault(va, true, VM_FAULT_PROMOTE);
	ck_assert_ptr_eq(file->pages[0], lent);
	ck_assert_int_eq(bench.vm.stats.n_cow_faults, 0);
	vm_unloan_pages(&bench.vm, &lent, 1);
	ck_assert_int_eq(lent->queue, VM_QUEUE_ACTIVE);
}
END_TEST

/*
 * A shared page on loan: the copy takes its place, for all who map it; the old
 * one is nobody's and keeps what it held (row 3).
 */
START_TEST(test_shared_lent)
{
	struct vm_object *file = bench_file(&bench, 1);
	uint64_t a = bench_map_file(&bench, file, true);
	uint64_t b = bench_map_file(&bench, file, true);
	struct vm_page *lent;

	bench_touch(&bench, a);
	bench_touch(&bench, b);
	vm_loan_pages(&bench.space, a, 1, &lent);
	ck_assert(!slot_at(a)->is_writable && !slot_at(b)->is_writable);
	fault(b, true, VM_FAULT_REPLACE);
	ck_assert_ptr_ne(file->pages[0], lent);
	ck_assert_ptr_eq(slot_at(b)->page, file->pages[0]);
	ck_assert_ptr_null(slot_at(a)->page);
	ck_assert(!vm_page_is_owned(lent));
	ck_assert_ptr_null(lent->mappings);
	ck_assert_uint_eq(file->pages[0]->version, lent->version);
	fault(a, false, VM_FAULT_MAP);
	ck_assert_ptr_eq(slot_at(a)->page, slot_at(b)->page);
	vm_unloan_pages(&bench.vm, &lent, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
}
END_TEST

/* Not lent: mapped for loads, then for stores, without a copy. */
START_TEST(test_shared)
{
	struct vm_object *file = bench_file(&bench, 1);
	uint64_t va = bench_map_file(&bench, file, true);

	fault(va, false, VM_FAULT_MAP);
	fault(va, true, VM_FAULT_SOFT);
	ck_assert_ptr_eq(slot_at(va)->page, file->pages[0]);
	ck_assert_int_eq(bench_cycles(&bench), 2);
}
END_TEST

/* A load of a page on loan: read-only (3.3, last paragraph). */
START_TEST(test_load_of_lent)
{
	uint64_t va = bench_pages(&bench, 1);
	struct vm_page *lent;

	vm_loan_pages(&bench.space, va, 1, &lent);
	pmap_page_remove(lent, &bench.cost, &bench.costs);
	fault(va, false, VM_FAULT_MAP);
	ck_assert(!slot_at(va)->is_writable);
	vm_unloan_pages(&bench.vm, &lent, 1);
}
END_TEST

START_TEST(test_shared_memory)
{
	struct vm_object *object = vm_object_new(&bench.vm, VM_OBJECT_ANON, 0,
	    PAGE_SIZE);
	uint64_t va = bench_map_file(&bench, object, true);

	fault(va, false, VM_FAULT_ZERO);
	ck_assert_ptr_eq(slot_at(va)->page, object->pages[0]);
	ck_assert_int_eq(bench.vm.stats.n_zero_fills, 1);
}
END_TEST

/* 12 pages in memory, none mapped; a load of page 5 enters some others. */
static void
assert_ahead(enum vm_advice advice, uint64_t from, uint64_t to)
{
	uint64_t va = bench_map_file(&bench, bench_file(&bench, 12), true);

	bench_entry(&bench, va)->advice = advice;
	fault(va + 5 * PAGE_SIZE, false, VM_FAULT_MAP);
	for (uint64_t i = 0; i < 12; i++)
		ck_assert_int_eq(slot_at(va + i * PAGE_SIZE)->page != NULL,
		    i >= from && i <= to);
	ck_assert_int_eq(bench.vm.stats.n_ahead, (int64_t)(to - from));
	/* the fault, and a pmap_enter for each neighbour */
	ck_assert_int_eq(bench_cycles(&bench), 1 + (int64_t)(to - from));
}

/* netbsd-2002.md 3.3: 3 behind and 4 ahead; 0 and 0; 8 and 7. */
START_TEST(test_advice)
{
	static const uint64_t from[] = {2, 5, 0}, to[] = {9, 5, 11};

	assert_ahead((enum vm_advice)_i, from[_i], to[_i]);
}
END_TEST

/* Neighbours after a fork whose child is gone: one of them is lent. */
START_TEST(test_ahead_of_lent)
{
	uint64_t va = bench_pages(&bench, 4);
	struct vm_page *lent;

	vm_loan_pages(&bench.space, va + PAGE_SIZE, 1, &lent);
	for (uint64_t i = 0; i < 4; i++)
		pmap_page_remove(bench_page(&bench, va + i * PAGE_SIZE),
		    &bench.cost, &bench.costs);
	fault(va, false, VM_FAULT_MAP);
	for (uint64_t i = 0; i < 4; i++)
		ck_assert_int_eq(slot_at(va + i * PAGE_SIZE)->is_writable,
		    i != 1);
	vm_unloan_pages(&bench.vm, &lent, 1);
}
END_TEST

/* A neighbour that is still being read is not there yet. */
START_TEST(test_ahead_of_a_read)
{
	static struct pager_io transfer;
	struct vm_object *file = bench_file(&bench, 3);
	uint64_t va = bench_map_file(&bench, file, true);

	file->pages[1]->busy = &transfer;
	fault(va, false, VM_FAULT_MAP);
	ck_assert_ptr_null(slot_at(va + PAGE_SIZE)->page);
	ck_assert_ptr_eq(slot_at(va + 2 * PAGE_SIZE)->page, file->pages[2]);
	ck_assert_int_eq(bench.vm.stats.n_ahead, 1);
	file->pages[1]->busy = NULL;
}
END_TEST

/*
 * A refill of a buffer faults once for each page that was lent, whether or not
 * it still is (3.3, last sentence; 3.2, last paragraph).
 */
START_TEST(test_refill)
{
	enum { N = 16 };
	uint64_t va = bench_pages(&bench, N);
	struct vm_page *lent[N];

	vm_loan_pages(&bench.space, va, N, lent);
	if (_i)
		vm_unloan_pages(&bench.vm, lent, N);
	for (uint64_t i = 0; i < N; i++) {
		ck_assert_int_eq(vm_fault_kind(slot_at(va + i * PAGE_SIZE),
		    true), _i ? VM_FAULT_SOFT : VM_FAULT_COW);
		bench_touch(&bench, va + i * PAGE_SIZE);
	}
	for (uint64_t i = 0; i < N; i++)
		ck_assert_int_eq(vm_fault_kind(slot_at(va + i * PAGE_SIZE),
		    true), VM_FAULT_NONE);
	ck_assert_int_eq(bench.vm.stats.n_ahead, 0);
	if (!_i)
		vm_unloan_pages(&bench.vm, lent, N);
}
END_TEST

START_TEST(test_death_not_in_memory)
{
	uint64_t va = bench_map_file(&bench, vm_object_new(&bench.vm,
	    VM_OBJECT_FILE, 1, PAGE_SIZE), true);

	fault(va, false, VM_FAULT_PAGE_IN);
}
END_TEST

static Suite *
fault_objects_suite(void)
{
	Suite *suite = suite_create("fault_objects");
	TCase *tc = tcase_create("fault_objects");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_private);
	tcase_add_test(tc, test_private_lent);
	tcase_add_test(tc, test_shared_lent);
	tcase_add_test(tc, test_shared);
	tcase_add_test(tc, test_load_of_lent);
	tcase_add_test(tc, test_shared_memory);
	tcase_add_loop_test(tc, test_advice, 0, 3);
	tcase_add_test(tc, test_ahead_of_lent);
	tcase_add_test(tc, test_ahead_of_a_read);
	tcase_add_loop_test(tc, test_refill, 0, 2);
	tcase_add_test_raise_signal(tc, test_death_not_in_memory, SIGABRT);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(fault_objects_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
