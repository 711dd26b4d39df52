/*
 * Address spaces: regions, the hole behind each, unmapping.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "models/vm/fault.h"
#include "models/vm/loan.h"
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

START_TEST(test_rounding)
{
	ck_assert_uint_eq(trunc_page(0), 0);
	ck_assert_uint_eq(trunc_page(4095), 0);
	ck_assert_uint_eq(trunc_page(4096), 4096);
	ck_assert_uint_eq(trunc_page(4097), 4096);
	ck_assert_uint_eq(round_page(0), 0);
	ck_assert_uint_eq(round_page(1), 4096);
	ck_assert_uint_eq(round_page(4096), 4096);
	ck_assert_uint_eq(round_page(4097), 8192);
	/* beyond 32 bits */
	ck_assert_uint_eq(trunc_page(UINT64_C(0x123456789abc)),
	    UINT64_C(0x123456789000));
}
END_TEST

/* Fresh memory takes no pages, and nothing may be stored without a fault. */
START_TEST(test_fresh)
{
	uint64_t va = vm_map_anon(&bench.space, 3);

	ck_assert_uint_ne(va, 0);
	ck_assert_uint_eq(va % PAGE_SIZE, 0);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 0);
	for (uint64_t i = 0; i < 3; i++) {
		struct vm_slot *slot =
		    vm_find_slot(&bench.space, va + i * PAGE_SIZE);

		ck_assert_ptr_nonnull(slot);
		ck_assert_ptr_null(slot->page);
		ck_assert(!slot->is_writable);
	}
}
END_TEST

START_TEST(test_find_edges)
{
	uint64_t va = vm_map_anon(&bench.space, 2);
	struct vm_slot *first = vm_find_slot(&bench.space, va);

	ck_assert_ptr_null(vm_find_slot(&bench.space, 0));
	ck_assert_ptr_null(vm_find_slot(&bench.space, UINT64_MAX));
	ck_assert_ptr_null(vm_find_slot(&bench.space, va - 1));
	ck_assert_ptr_eq(vm_find_slot(&bench.space, va + 4095), first);
	ck_assert_ptr_eq(vm_find_slot(&bench.space, va + 4096), first + 1);
	ck_assert_ptr_eq(vm_find_slot(&bench.space, va + 8191), first + 1);
	ck_assert_ptr_null(vm_find_slot(&bench.space, va + 8192));
}
END_TEST

/* One page stays unmapped behind each region, so that overruns are found. */
START_TEST(test_hole)
{
	uint64_t a = vm_map_anon(&bench.space, 2);
	uint64_t b = vm_map_anon(&bench.space, 1);

	ck_assert_uint_eq(b, a + 3 * PAGE_SIZE);
	ck_assert_ptr_null(vm_find_slot(&bench.space, b - 1));
	ck_assert_ptr_null(vm_find_slot(&bench.space, b - PAGE_SIZE));
	ck_assert_ptr_nonnull(vm_find_slot(&bench.space, b));
}
END_TEST

/* Of three regions one goes; what it held goes, the others stay. */
START_TEST(test_unmap_each)
{
	uint64_t va[3] = {bench_pages(&bench, 1), bench_pages(&bench, 2),
	    vm_map_anon(&bench.space, 4)};
	static const uint64_t n_pages[3] = {1, 2, 0};

	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 3);
	bench_unmap(&bench, va[_i]);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 3 - n_pages[_i]);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(vm_find_slot(&bench.space, va[i]) == NULL,
		    i == _i);
}
END_TEST

/* An address is not handed out again while a run lasts. */
START_TEST(test_no_reuse)
{
	uint64_t a = vm_map_anon(&bench.space, 1);

	bench_unmap(&bench, a);
	ck_assert_uint_gt(vm_map_anon(&bench.space, 1), a);
}
END_TEST

START_TEST(test_spaces_are_apart)
{
	struct vm_space other;
	uint64_t va = bench_pages(&bench, 1);
	struct vm_slot *slot;

	vm_space_init(&other, &bench.vm);
	ck_assert_ptr_null(vm_find_slot(&other, va));
	ck_assert_uint_eq(vm_map_anon(&other, 1), va);
	slot = vm_find_slot(&other, va);
	vm_fault(&bench.vm, slot, VM_FAULT_ZERO, &bench.cost, &bench.costs);
	ck_assert_ptr_ne(slot->page, bench_page(&bench, va));
	vm_space_fini(&other, &bench.cost, &bench.costs);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
	ck_assert_ptr_null(other.entries);
}
END_TEST

/* munmap and exit leave loaned pages to their loans (3.4). */
START_TEST(test_unmap_on_loan)
{
	uint64_t va = bench_pages(&bench, 3);
	struct vm_page *page;

	vm_loan_pages(&bench.space, va + PAGE_SIZE, 1, &page);
	bench_unmap(&bench, va);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 1);
	ck_assert(!vm_page_is_owned(page));
	ck_assert_uint_eq(page->loan_count, 1);
	vm_unloan_pages(&bench.vm, &page, 1);
}
END_TEST

START_TEST(test_death_no_pages)
{
	vm_map_anon(&bench.space, 0);
}
END_TEST

static int64_t
unmap(uint64_t va, uint64_t n_pages)
{
	return vm_unmap(&bench.space, va, n_pages, &bench.cost, &bench.costs);
}

/*
 * Of a region of 6 pages a part goes: its head, its tail, its middle, all of it
 * and more; what is left is as it was, and faults as one that was mapped so.
 */
START_TEST(test_unmap_part)
{
	static const struct {
		int from, to;	/* pages, of the region */
	} part[] = {{0, 2}, {4, 6}, {2, 4}, {-3, 9}, {0, 6}, {5, 6}};
	uint64_t va = bench_pages(&bench, 6);
	struct vm_page *page[6];
	int n_gone = 0;

	for (int i = 0; i < 6; i++)
		page[i] = bench_page(&bench, va + (uint64_t)i * PAGE_SIZE);
	for (int i = 0; i < 6; i++)
		n_gone += i >= part[_i].from && i < part[_i].to;
	ck_assert_int_eq(unmap(va + (uint64_t)(part[_i].from * PAGE_SIZE),
	    (uint64_t)(part[_i].to - part[_i].from)), n_gone);
	ck_assert_int_eq((int64_t)pool_in_use(&bench.vm.pages), 6 - n_gone);
	for (int i = 0; i < 6; i++) {
		uint64_t at = va + (uint64_t)i * PAGE_SIZE;
		struct vm_slot *slot = vm_find_slot(&bench.space, at);

		if (i >= part[_i].from && i < part[_i].to) {
			ck_assert_ptr_null(slot);
			continue;
		}
		ck_assert_ptr_eq(slot->page, page[i]);
		ck_assert_uint_eq(slot->entry->n_mapped,
		    slot->entry->n_pages);
		bench_touch(&bench, at);
	}
	/* twice is no mistake */
	ck_assert_int_eq(unmap(va, 6), 6 - n_gone);
	ck_assert_int_eq(unmap(va, 6), 0);
	ck_assert_ptr_null(bench.space.entries);
}
END_TEST

/* Both ends of a file's mapping see what they saw; it is let go by the last. */
START_TEST(test_unmap_middle_of_a_file)
{
	struct vm_object *file = bench_file(&bench, 5);
	uint64_t va = bench_map_file(&bench, file, true);

	bench_load(&bench, va);
	ck_assert_int_eq(unmap(va + 2 * PAGE_SIZE, 1), 1);
	ck_assert_uint_eq(file->refs, 3);
	for (uint64_t i = 0; i < 5; i++) {
		struct vm_slot *slot = vm_find_slot(&bench.space,
		    va + i * PAGE_SIZE);

		ck_assert_int_eq(slot == NULL, i == 2);
		if (slot != NULL)
			ck_assert_uint_eq(vm_object_index(slot), i);
	}
	/* over what is gone: the page in front of it, and the one behind */
	ck_assert_int_eq(unmap(va + PAGE_SIZE, 3), 2);
	ck_assert_uint_eq(file->refs, 3);
	ck_assert_int_eq(unmap(va, 2), 1);
	ck_assert_uint_eq(file->refs, 2);
	unmap(va, 5);
	ck_assert_uint_eq(file->refs, 1);
}
END_TEST

/* One call over three regions and the holes between them. */
START_TEST(test_unmap_many)
{
	uint64_t a = bench_pages(&bench, 2), b = bench_pages(&bench, 1);
	uint64_t c = bench_pages(&bench, 2);

	ck_assert_int_eq(unmap(a + PAGE_SIZE, (c - a) / PAGE_SIZE), 3);
	ck_assert_ptr_nonnull(vm_find_slot(&bench.space, a));
	ck_assert_ptr_null(vm_find_slot(&bench.space, b));
	ck_assert_ptr_null(vm_find_slot(&bench.space, c));
	ck_assert_ptr_nonnull(vm_find_slot(&bench.space, c + PAGE_SIZE));
}
END_TEST

/* What is lent of the part that goes lives on, the rest is not touched. */
START_TEST(test_unmap_part_on_loan)
{
	uint64_t va = bench_pages(&bench, 3);
	struct vm_page *pages[3];

	vm_loan_pages(&bench.space, va, 3, pages);
	unmap(va + PAGE_SIZE, 1);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 3);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(vm_page_is_owned(pages[i]), i != 1);
	vm_unloan_pages(&bench.vm, pages, 3);
	ck_assert_uint_eq(pool_in_use(&bench.vm.pages), 2);
}
END_TEST

/* Mapped beyond the end of a file: there is nothing, until the file grows. */
START_TEST(test_beyond_the_end)
{
	struct vm_object *file = bench_file(&bench, 1);
	uint64_t va = vm_map_object(&bench.space, file, 0, 3, true);

	ck_assert(!vm_is_beyond(&bench.space, va));
	ck_assert(vm_is_beyond(&bench.space, va + PAGE_SIZE));
	ck_assert_ptr_null(vm_find_slot(&bench.space, va + PAGE_SIZE));
	/* not mapped at all */
	ck_assert(!vm_is_beyond(&bench.space, va + 3 * PAGE_SIZE));
	vm_object_reserve(file, 2 * PAGE_SIZE);
	vm_object_extend(file, PAGE_SIZE + 1);
	ck_assert(!vm_is_beyond(&bench.space, va + PAGE_SIZE));
	ck_assert_ptr_nonnull(vm_find_slot(&bench.space, va + PAGE_SIZE));
	ck_assert(vm_is_beyond(&bench.space, va + 2 * PAGE_SIZE));
}
END_TEST

static Suite *
map_suite(void)
{
	Suite *suite = suite_create("map");
	TCase *tc = tcase_create("map");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_rounding);
	tcase_add_test(tc, test_fresh);
	tcase_add_test(tc, test_find_edges);
	tcase_add_test(tc, test_hole);
	tcase_add_loop_test(tc, test_unmap_each, 0, 3);
	tcase_add_test(tc, test_no_reuse);
	tcase_add_test(tc, test_spaces_are_apart);
	tcase_add_test(tc, test_unmap_on_loan);
	tcase_add_test_raise_signal(tc, test_death_no_pages, SIGABRT);
	tcase_add_loop_test(tc, test_unmap_part, 0, 6);
	tcase_add_test(tc, test_unmap_middle_of_a_file);
	tcase_add_test(tc, test_unmap_many);
	tcase_add_test(tc, test_unmap_part_on_loan);
	tcase_add_test(tc, test_beyond_the_end);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	SRunner *runner = srunner_create(map_suite());
	int n_failed;

	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
